package terraform

import (
	"slices"
	"strings"
)

// bucketRules are those of buckets and what they hold.
var bucketRules = []rule{
	{"buckets are made in one place", "one place to check", func(all []block, report reporter) {
		for _, b := range all {
			if b.is("resource", "aws_s3_bucket") && b.dir != "modules/bucket" {
				report(b, "must be made by modules/bucket")
			}
		}
	}},
	{"buckets are complete", "164.312(a)(1), (c)(1), (e)(1)", each("resource", "aws_s3_bucket", func(b block, report reporter) {
		must(b, report, "force_destroy", "false", "object_lock_enabled", "var.object_lock != null")
	})},
	{"buckets have all their parts", "164.312(a)(1), (c)(1), (e)(1)", func(all []block, report reporter) {
		for _, b := range all {
			if b.is("resource", "aws_s3_bucket") {
				for _, part := range bucketParts {
					with(all, b, part, "bucket", report)
				}
			}
		}
	}},
	{"no public access", "164.312(a)(1)", each("resource", "aws_s3_bucket_public_access_block", func(b block, report reporter) {
		must(b, report, "block_public_acls", "true", "block_public_policy", "true", "ignore_public_acls", "true", "restrict_public_buckets", "true")
	})},
	{"no ACLs", "164.312(a)(1)", each("resource", "aws_s3_bucket_ownership_controls", func(b block, report reporter) {
		r, _ := b.at("rule")
		if r.Block == nil || r.text("object_ownership") != `"BucketOwnerEnforced"` {
			report(b, "object_ownership must be BucketOwnerEnforced")
		}
	})},
	{"versioning", "164.312(c)(1)", each("resource", "aws_s3_bucket_versioning", func(b block, report reporter) {
		c, ok := b.at("versioning_configuration")
		if !ok || c.text("status") != `"Enabled"` {
			report(b, "must be Enabled")
		}
	})},
	{"objects are encrypted with KMS", "164.312(a)(2)(iv)", each("resource", "aws_s3_bucket_server_side_encryption_configuration", func(b block, report reporter) {
		d, ok := b.at("rule", "apply_server_side_encryption_by_default")
		if !ok {
			report(b, "no default encryption")
			return
		}
		must(d, report, "sse_algorithm", `var.kms_key_arn == null ? "AES256" : "aws:kms"`, "kms_master_key_id", "var.kms_key_arn")
	})},
	{"only access logs go without a key", "164.312(a)(2)(iv)", modules("bucket", func(b block, report reporter) {
		key := b.text("kms_key_arn")
		if b.Labels[0] == "access_logs" && key == "null" || keyARN.MatchString(key) {
			return
		}
		report(b, "kms_key_arn is %q", key)
	})},
	{"access logs", "164.312(b)", modules("bucket", func(b block, report reporter) {
		if to := b.text("access_log_bucket"); (to == "null" || to == "") != (b.Labels[0] == "access_logs") {
			report(b, "access_log_bucket is %q", to)
		}
	})},
	{"TLS only", "164.312(e)(1)", func(all []block, report reporter) {
		want := map[string]string{"aws:SecureTransport": `Bool false`, "s3:TlsVersion": `NumericLessThan 1.2`}
		for _, b := range all {
			if b.dir != "modules/bucket" || !b.is("data", "aws_iam_policy_document") {
				continue
			}
			for _, s := range b.blocks("statement") {
				c, ok := s.at("condition")
				p, _ := s.at("principals")
				if !ok || s.text("effect") != `"Deny"` || p.Block == nil || p.text("identifiers") != `["*"]` ||
					s.text("actions") != `["s3:*"]` || s.text("resources") != `[aws_s3_bucket.this.arn, "${aws_s3_bucket.this.arn}/*"]` {
					continue
				}
				variable := strings.Trim(c.text("variable"), `"`)
				if want[variable] == strings.Trim(c.text("test"), `"`)+" "+strings.Join(c.strings("values"), "") {
					delete(want, variable)
				}
			}
		}
		for variable := range want {
			report(block{}, "no bucket policy refuses by %s", variable)
		}
	}},
	{"lifecycle days are the lock's or more", "164.316(b)(2)(i)", func(all []block, report reporter) {
		for _, b := range all {
			if b.dir == "modules/bucket" && b.is("variable", "expire") {
				for _, v := range b.blocks("validation") {
					if strings.Contains(v.text("condition"), "r.days >= try(var.object_lock.days, 0)") {
						return
					}
				}
			}
		}
		report(block{}, "modules/bucket takes rules that expire objects before their lock ends")
	}},
	{"the lake and the audit trail are locked for their retention", "164.316(b)(2)(i), 164.312(c)(1)", modules("bucket", func(b block, report reporter) {
		days := map[string]string{"lake": "var.retention_days", "audit": "var.audit_retention_days"}[b.Labels[0]]
		if days == "" {
			return
		}
		lock, expire := b.text("object_lock"), b.text("expire")
		if !strings.Contains(lock, "days = "+days) || !strings.Contains(strings.Join(strings.Fields(expire), " "), "days = "+days) {
			report(b, "lock %q and expiry must be %s", lock, days)
		}
		if b.Labels[0] == "lake" && !strings.Contains(lock, "GOVERNANCE") {
			report(b, "a lake in COMPLIANCE mode could not be purged of what should not be in it")
		}
	})},
	{"lifecycle rules leave nothing behind", "164.310(d)(2)(i)", each("resource", "aws_s3_bucket_lifecycle_configuration", func(b block, report reporter) {
		for _, r := range b.blocks("rule") {
			_, tiering := r.at("transition")
			_, noncurrent := r.at("noncurrent_version_expiration")
			_, uploads := r.at("abort_incomplete_multipart_upload")
			if r.text("status") != `"Enabled"` || !tiering && (!noncurrent || !uploads) {
				report(b, "rule %s must be enabled and end noncurrent versions and unfinished uploads", r.text("id"))
			}
		}
		marker := false
		for _, r := range b.blocks("rule") {
			if e, ok := r.at("expiration"); ok && e.text("expired_object_delete_marker") == "true" {
				marker = true
			}
		}
		if !marker {
			report(b, "no rule removes expired delete markers")
		}
	})},
	{"no tier that Athena can't read", "it would hide events", each("resource", "aws_s3_bucket_lifecycle_configuration", func(b block, report reporter) {
		for _, r := range b.blocks("rule") {
			if t, ok := r.at("transition"); ok && t.text("storage_class") != `"INTELLIGENT_TIERING"` {
				report(b, "transition to %s", t.text("storage_class"))
			}
		}
	})},
	{"the lake refuses other encryption, overwriting and deletion", "164.312(a)(2)(iv), (c)(1)", func(all []block, report reporter) {
		want := map[string][]string{
			"DenyOtherEncryption":     {"s3:x-amz-server-side-encryption", "StringNotEquals", `["aws:kms"]`, "local.written"},
			"DenyOtherKey":            {"s3:x-amz-server-side-encryption-aws-kms-key-id", "StringNotEquals", `[var.kms_key_arn]`, "local.written"},
			"DenyUnconditionalWrites": {"s3:if-none-match", "Null", `["true"]`, "local.written"},
			"DenyDeletion":            {"aws:PrincipalArn", "ArnNotLike", "var.administrator_arns", ""},
		}
		for _, b := range all {
			if b.dir != "modules/lake" || !b.is("data", "aws_iam_policy_document") || b.Labels[1] != "lake" {
				continue
			}
			for _, s := range b.blocks("statement") {
				sid := strings.Trim(s.text("sid"), `"`)
				w, ok := want[sid]
				c, _ := s.at("condition")
				if !ok || c.Block == nil || s.text("effect") != `"Deny"` || strings.Trim(c.text("variable"), `"`) != w[0] ||
					strings.Trim(c.text("test"), `"`) != w[1] || c.text("values") != w[2] || w[3] != "" && s.text("resources") != w[3] {
					continue
				}
				if sid == "DenyDeletion" && !slices.Contains(s.strings("actions"), "s3:DeleteObjectVersion") {
					continue
				}
				delete(want, sid)
			}
		}
		for sid := range want {
			report(block{}, "modules/lake: no statement %s as it must be", sid)
		}
	}},
	{"the sink may put all that its programs put", "a lake that works must not look broken to the doctor", func(all []block, report reporter) {
		may := map[string]bool{}
		statements(func(s block, allows bool, _ reporter) {
			for _, r := range s.strings("resources") {
				may[r] = may[r] || allows && s.dir == "modules/access" && slices.Contains(s.strings("actions"), "s3:PutObject")
			}
		})(all, report)
		for _, r := range []string{"${var.lake_bucket_arn}/${folder}/${var.environment}/*", "${var.lake_bucket_arn}/doctor/*", "${var.audit_bucket_arn}/audit/*"} {
			if !may[r] {
				report(block{}, "no role may put %s", r)
			}
		}
	}},
}

// the five parts of a bucket that keep it closed and its objects kept
var bucketParts = []string{
	"aws_s3_bucket_public_access_block", "aws_s3_bucket_ownership_controls", "aws_s3_bucket_versioning",
	"aws_s3_bucket_server_side_encryption_configuration", "aws_s3_bucket_lifecycle_configuration", "aws_s3_bucket_policy",
	"aws_s3_bucket_logging", "aws_s3_bucket_object_lock_configuration",
}
