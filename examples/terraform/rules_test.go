package terraform

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// A rule is something that must hold for all files. It calls report for what
// breaks it.
type rule struct {
	name  string
	basis string // of the Security Rule, 45 CFR 164, or another reason
	check func(all []block, report func(b block, format string, args ...any))
}

// readsImageLayers reports whether a statement does no more than let the layers of
// ECR's images be read, which a bucket of AWS holds.
func readsImageLayers(s block) bool {
	return s.text("actions") == `["s3:GetObject"]` &&
		s.text("resources") == `["arn:${data.aws_partition.current.partition}:s3:::prod-${data.aws_region.current.region}-starport-layer-bucket/*"]`
}

type reporter = func(b block, format string, args ...any)

// each makes a rule about every block of a kind.
func each(kind, label string, check func(b block, report reporter)) func([]block, reporter) {
	return func(all []block, report reporter) {
		found := false
		for _, b := range all {
			if b.is(kind, label) {
				found = true
				check(b, report)
			}
		}
		if !found {
			report(block{}, "there is no %s %s", kind, label)
		}
	}
}

// must reports attributes that are not written as wanted: name, text, …
func must(b block, report reporter, pairs ...string) {
	for i := 0; i < len(pairs); i += 2 {
		if got := b.text(pairs[i]); got != pairs[i+1] {
			report(b, "%s is %q, must be %s", pairs[i], got, pairs[i+1])
		}
	}
}

// none reports every block of a kind.
func none(kind string, labels ...string) func([]block, reporter) {
	return func(all []block, report reporter) {
		for _, b := range all {
			if slices.ContainsFunc(labels, func(l string) bool { return b.is(kind, l) }) {
				report(b, "must not be there")
			}
		}
	}
}

// with reports that no block of the kind in b's folder has an attribute that
// refers to b.
func with(all []block, b block, label, attribute string, report reporter) {
	want := strings.Join(b.Labels, ".") + "."
	for _, other := range all {
		if other.dir == b.dir && other.is("resource", label) && strings.HasPrefix(other.text(attribute), want) {
			return
		}
	}
	report(b, "has no %s", label)
}

// statements calls check for every statement of a policy, with whether it allows.
func statements(check func(b block, allows bool, report reporter)) func([]block, reporter) {
	return each("data", "aws_iam_policy_document", func(b block, report reporter) {
		for _, s := range b.blocks("statement") {
			effect := s.text("effect")
			check(s, effect == "" || effect == `"Allow"`, func(_ block, format string, args ...any) {
				report(b, s.text("sid")+": "+format, args...)
			})
		}
	})
}

var (
	keyARN     = regexp.MustCompile(`^(var\.[a-z_]*key_arn|aws_kms_key\.[a-z_]+\.arn)$`)
	isWildcard = regexp.MustCompile(`[*?]`)
	// deletes are actions that end what the lake must keep.
	deletes = regexp.MustCompile(`^s3:(Delete|Bypass|PutLifecycle|PutObjectRetention|PutObjectLegalHold|PutBucket)`)
)

// the five parts of a bucket that keep it closed and its objects kept
var bucketParts = []string{
	"aws_s3_bucket_public_access_block", "aws_s3_bucket_ownership_controls", "aws_s3_bucket_versioning",
	"aws_s3_bucket_server_side_encryption_configuration", "aws_s3_bucket_lifecycle_configuration", "aws_s3_bucket_policy",
	"aws_s3_bucket_logging", "aws_s3_bucket_object_lock_configuration",
}

func modules(source string, check func(b block, report reporter)) func([]block, reporter) {
	return func(all []block, report reporter) {
		found := false
		for _, b := range all {
			if b.Type == "module" && strings.HasSuffix(b.text("source"), "/"+source+`"`) {
				found = true
				check(b, report)
			}
		}
		if !found {
			report(block{}, "no module uses %s", source)
		}
	}
}

var rules = []rule{
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
	{"no wildcard actions", "164.312(a)(1), 164.308(a)(3)", statements(func(s block, allows bool, report reporter) {
		for _, a := range s.strings("actions") {
			if allows && isWildcard.MatchString(a) {
				report(s, "allows %s", a)
			}
		}
		if allows && (s.text("not_actions") != "" || s.text("not_resources") != "" || s.text("actions") == "") {
			report(s, "allows all but some")
		}
	})},
	{"no wildcard resources", "164.312(a)(1), 164.308(a)(3)", func(all []block, report reporter) {
		statements(func(s block, allows bool, report reporter) {
			if allows && s.dir != "modules/key" && slices.Contains(s.strings("resources"), "*") {
				report(s, "allows it on everything")
			}
		})(all, report)
	}},
	{"no principal is anyone", "164.312(a)(1), (d)", statements(func(s block, allows bool, report reporter) {
		for _, p := range s.blocks("principals") {
			c, _ := s.at("condition")
			if allows && p.text("identifiers") == `["*"]` && (c.Block == nil || c.text("variable") != `"aws:PrincipalAccount"`) && !readsImageLayers(s) {
				report(s, "allows anyone")
			}
		}
	})},
	{"services act for this account alone", "164.312(d)", statements(func(s block, allows bool, report reporter) {
		for _, p := range s.blocks("principals") {
			if _, held := s.at("condition"); allows && p.text("type") == `"Service"` && !held {
				report(s, "a service acts for anyone who asks it to")
			}
		}
	})},
	{"people come with a second factor", "164.312(d)", func(all []block, report reporter) {
		for _, b := range all {
			if !b.is("data", "aws_iam_policy_document") || b.Labels[1] != "auditor_trust" {
				continue
			}
			s, _ := b.at("statement")
			c, held := s.at("condition")
			if held && c.text("variable") == `"aws:MultiFactorAuthPresent"` && c.text("values") == `[condition.value]` &&
				s.dynamic("condition").text("for_each") == `statement.key == "user" ? ["true"] : []` {
				return
			}
		}
		report(block{}, "users can take the auditor's role without a second factor, or roles can't take it at all: their sessions never carry one")
	}},
	{"images can be pulled where the network has endpoints for them", "what the README says", func(all []block, report reporter) {
		for _, b := range all {
			if b.dir == "modules/network" && b.is("data", "aws_iam_policy_document") && b.Labels[1] == "s3_endpoint" &&
				b.dynamic("statement").text("for_each") == `contains(var.interface_endpoints, "ecr.dkr") ? ["ImageLayers"] : []` &&
				slices.ContainsFunc(b.blocks("statement"), readsImageLayers) {
				return
			}
		}
		report(block{}, "the endpoint of S3 keeps ECR's layers out")
	}},
	{"policies are documents", "these tests must see them", func(all []block, report reporter) {
		none("resource", "aws_iam_role_policy", "aws_iam_user_policy", "aws_iam_group_policy", "aws_iam_user")(all, report)
		for _, b := range all {
			for _, attribute := range []string{"policy", "assume_role_policy"} {
				if text := b.text(attribute); text != "" && !strings.HasPrefix(text, "data.aws_iam_policy_document.") {
					report(b, "%s must be an aws_iam_policy_document", attribute)
				}
			}
			if len(b.blocks("inline_policy")) > 0 {
				report(b, "inline policy")
			}
		}
	}},
	{"no role can delete what the lake keeps", "164.312(c)(1)", statements(func(s block, allows bool, report reporter) {
		for _, a := range s.strings("actions") {
			if allows && deletes.MatchString(a) {
				report(s, "allows %s", a)
			}
		}
	})},
	{"use of the lake's key is bound to S3", "164.312(a)(2)(iv)", func(all []block, report reporter) {
		statements(func(s block, allows bool, report reporter) {
			if s.dir == "modules/key" || !allows || !strings.Contains(s.text("actions"), "kms:") {
				return
			}
			if c, ok := s.at("condition"); !ok || c.text("variable") != `"kms:ViaService"` {
				report(s, "uses a key by itself")
			}
		})(all, report)
	}},
	{"keys take their alias", "AWS asks the key's own policy, too: without it no key gets its name", func(all []block, report reporter) {
		may := map[string]bool{}
		statements(func(s block, allows bool, _ reporter) {
			for _, a := range s.strings("actions") {
				may[a] = may[a] || allows && s.dir == "modules/key"
			}
		})(all, report)
		for _, a := range []string{"kms:CreateAlias", "kms:DeleteAlias", "kms:UpdateAlias"} {
			if !may[a] {
				report(block{}, "modules/key must allow %s", a)
			}
		}
	}},
	{"keys rotate and are hard to lose", "164.312(a)(2)(iv)", each("resource", "aws_kms_key", func(b block, report reporter) {
		must(b, report, "enable_key_rotation", "true", "deletion_window_in_days", "30")
	})},
	{"what can't be made again is hard to destroy", "164.308(a)(7)", func(all []block, report reporter) {
		for _, b := range all {
			for _, kind := range []string{"aws_s3_bucket", "aws_kms_key", "aws_elasticache_replication_group"} {
				if l, ok := b.at("lifecycle"); b.is("resource", kind) && (!ok || l.text("prevent_destroy") != "true") {
					report(b, "prevent_destroy must be true")
				}
			}
		}
	}},
	{"the cache is encrypted, replicated and saved", "164.312(a)(2)(iv), (e)(1), 164.308(a)(7)(ii)(A)", each("resource", "aws_elasticache_replication_group", func(b block, report reporter) {
		must(b, report,
			"at_rest_encryption_enabled", "true", "kms_key_id", "var.kms_key_arn",
			"transit_encryption_enabled", "true", "transit_encryption_mode", `"required"`,
			"automatic_failover_enabled", "true", "multi_az_enabled", "var.replicas > 0",
			"user_group_ids", "[aws_elasticache_user_group.this.user_group_id]",
			"durability", "var.durability", "snapshot_retention_limit", "var.snapshot_days",
		)
		if len(b.blocks("log_delivery_configuration")) == 0 {
			report(b, "its logs go nowhere")
		}
	})},
	{"noeviction", "an evicted stream is lost events", each("resource", "aws_elasticache_parameter_group", func(b block, report reporter) {
		for _, p := range b.blocks("parameter") {
			if p.text("name") == `"maxmemory-policy"` && p.text("value") == `"noeviction"` {
				return
			}
		}
		report(b, "maxmemory-policy must be noeviction")
	})},
	{"snapshots are kept for 16 days or more", "164.308(a)(7)(ii)(A)", func(all []block, report reporter) {
		for _, b := range all {
			if !b.is("variable", "snapshot_days") {
				continue
			}
			if n, ok := b.number("default"); !ok || n < 16 {
				report(b, "default %d", n)
			}
			if v, ok := b.at("validation"); !ok || !strings.Contains(v.text("condition"), "var.snapshot_days > 15") {
				report(b, "takes fewer")
			}
		}
	}},
	{"users of the cache are named and bounded", "164.312(a)(2)(i), (d)", each("resource", "aws_elasticache_user", func(b block, report reporter) {
		if b.text("no_password_required") != "" || b.text("passwords") != "" || len(b.blocks("authentication_mode")) > 0 || b.text("passwords_wo") == "" {
			report(b, "must have a password, and not in the state")
		}
		if strings.Contains(b.text("access_string"), "+@") {
			report(b, "whole categories of commands")
		}
	})},
	{"the unnamed user is off", "164.312(a)(2)(i)", func(all []block, report reporter) {
		for _, b := range all {
			if b.is("resource", "aws_elasticache_user") && b.text("user_name") == `"default"` {
				must(b, report, "access_string", `"off resetkeys resetchannels -@all"`)
				return
			}
		}
		report(block{}, "there is no user named default, and clients without a name would be one that may do anything")
	}},
	{"no secret in the state", "164.312(a)(1)", func(all []block, report reporter) {
		none("resource", "random_password", "random_string", "tls_private_key")(all, report)
		for _, b := range all {
			for _, attribute := range []string{"secret_string", "auth_token", "passwords", "master_password"} {
				if b.Type == "resource" && b.text(attribute) != "" {
					report(b, "%s is written into the state", attribute)
				}
			}
		}
	}},
	{"secrets are encrypted with a key of ours", "164.312(a)(2)(iv)", each("resource", "aws_secretsmanager_secret", func(b block, report reporter) {
		if !keyARN.MatchString(b.text("kms_key_id")) {
			report(b, "kms_key_id is %q", b.text("kms_key_id"))
		}
	})},
	{"logs are kept and encrypted", "164.312(b), 164.316(b)(2)(i)", each("resource", "aws_cloudwatch_log_group", func(b block, report reporter) {
		must(b, report, "retention_in_days", "var.log_retention_days", "kms_key_id", "var.log_key_arn")
	})},
	{"the trail is whole", "164.312(b), (c)(2)", each("resource", "aws_cloudtrail", func(b block, report reporter) {
		must(b, report, "enable_log_file_validation", "true", "is_multi_region_trail", "true", "kms_key_id", "var.trail_key_arn", "include_global_service_events", "true")
		for _, selector := range b.blocks("advanced_event_selector") {
			for _, f := range selector.blocks("field_selector") {
				if f.text("starts_with") == `["${var.lake_bucket_arn}/"]` {
					return
				}
			}
		}
		report(b, "reads and writes of the lake are not recorded")
	})},
	{"alarms reach somebody", "164.308(a)(6)(ii)", each("resource", "aws_cloudwatch_metric_alarm", func(b block, report reporter) {
		for _, attribute := range []string{"alarm_actions", "insufficient_data_actions"} {
			must(b, report, attribute, "[aws_sns_topic.alarms.arn]")
		}
	})},
	{"alarms are encrypted", "164.312(a)(2)(iv)", each("resource", "aws_sns_topic", func(b block, report reporter) {
		must(b, report, "kms_master_key_id", "var.log_key_arn")
	})},
	{"eviction and full memory raise an alarm", "164.308(a)(7)", func(all []block, report reporter) {
		for _, b := range all {
			if b.Type == "locals" && b.dir == "modules/observability" {
				text := b.text("cache")
				if strings.Contains(text, `"Evictions", above = 0`) && strings.Contains(text, `"DatabaseMemoryUsagePercentage", above = 90`) {
					return
				}
			}
		}
		report(block{}, "no such alarm")
	}},
	{"no way to the internet", "164.312(e)(1)", func(all []block, report reporter) {
		none("resource", "aws_internet_gateway", "aws_nat_gateway", "aws_egress_only_internet_gateway", "aws_eip")(all, report)
		for _, b := range all {
			for _, attribute := range []string{"cidr_ipv4", "cidr_ipv6", "cidr_blocks", "destination_cidr_block", "ipv6_cidr_blocks"} {
				if text := b.text(attribute); strings.Contains(text, "/0") {
					report(b, "%s is %s", attribute, text)
				}
			}
			if b.is("resource", "aws_subnet") {
				must(b, report, "map_public_ip_on_launch", "false")
			}
		}
	}},
	{"the default security group is closed", "164.312(e)(1)", each("resource", "aws_default_security_group", func(b block, report reporter) {
		if len(b.Body.Blocks) > 0 || len(b.Body.Attributes) != 1 {
			report(b, "must have no rules")
		}
	})},
	{"every network logs its flows", "164.312(b)", func(all []block, report reporter) {
		for _, b := range all {
			if b.is("resource", "aws_vpc") {
				with(all, b, "aws_flow_log", "vpc_id", report)
			}
			if b.is("resource", "aws_flow_log") {
				must(b, report, "traffic_type", `"ALL"`)
			}
		}
	}},
	{"answers of Athena are encrypted whatever the client says", "164.312(a)(2)(iv)", each("resource", "aws_athena_workgroup", func(b block, report reporter) {
		c, ok := b.at("configuration")
		if !ok || c.text("enforce_workgroup_configuration") != "true" {
			report(b, "the workgroup's configuration must be enforced")
			return
		}
		if e, ok := c.at("result_configuration", "encryption_configuration"); !ok || e.text("encryption_option") != `"SSE_KMS"` || e.text("kms_key_arn") != "var.lake_key_arn" {
			report(b, "answers must be encrypted with the lake's key")
		}
	})},
	{"the state is encrypted and locked", "164.312(a)(2)(iv)", func(all []block, report reporter) {
		for _, b := range all {
			if b.Type != "terraform" || !strings.HasPrefix(b.dir, "compositions/") {
				continue
			}
			if s, ok := b.at("backend"); ok && s.text("encrypt") == "true" && s.text("use_lockfile") == "true" {
				continue
			}
			report(b, "the backend must have encrypt and use_lockfile")
		}
	}},
	{"versions are pinned", "a new major version may change what a default means", func(all []block, report reporter) {
		pinned := map[string]bool{}
		for _, b := range all {
			if b.Type != "terraform" {
				pinned[b.dir] = pinned[b.dir] || false
				continue
			}
			p, ok := b.at("required_providers")
			pinned[b.dir] = ok && b.text("required_version") == `">= 1.11"` && strings.Contains(p.text("aws"), `version = ">= 6.51, < 7"`)
		}
		for dir, ok := range pinned {
			if !ok {
				report(block{}, "%s: terraform >= 1.11 and aws >= 6.51, < 7 must be required", dir)
			}
		}
	}},
	{"variables say what they take", "a value that breaks a rule must not get as far as AWS", each("variable", "", func(b block, report reporter) {
		_, validated := b.at("validation")
		if b.text("description") == "" || b.text("type") == "" || !validated && b.Labels[0] != "policy_documents" {
			report(b, "needs a description, a type and a validation")
		}
	})},
	{"outputs say what they are", "the next reader", each("output", "", func(b block, report reporter) {
		if b.text("description") == "" {
			report(b, "needs a description")
		}
	})},
	{"production keeps seven years, and its audit trail for good", "164.316(b)(2)(i)", func(all []block, report reporter) {
		least := map[string]map[string]int{
			"compositions/production":  {"retention_days": 2557, "audit_retention_days": 2192, "log_retention_days": 2192},
			"compositions/development": {"retention_days": 365, "audit_retention_days": 365, "log_retention_days": 365},
		}
		for _, b := range all {
			if b.Type != "module" || least[b.dir] == nil {
				continue
			}
			for attribute, days := range least[b.dir] {
				if n, ok := b.number(attribute); b.text(attribute) != "" && (!ok || n < days) || b.Labels[0] == "lake" && b.text(attribute) == "" {
					report(b, "%s must be %d or more", attribute, days)
				}
			}
			if b.dir == "compositions/production" && b.Labels[0] == "lake" {
				must(b, report, "audit_lock_mode", `"COMPLIANCE"`)
			}
		}
	}},
	{"production loses no acknowledged event", "164.308(a)(7)", func(all []block, report reporter) {
		for _, b := range all {
			if b.dir != "compositions/production" || b.Type != "module" {
				continue
			}
			if replicas, ok := b.number("replicas"); b.Labels[0] == "bus" && (!ok || replicas < 1 || b.text("durability") != `"sync"`) {
				report(b, "needs durability sync and a replica")
			}
			if zones, ok := b.number("zone_count"); b.Labels[0] == "network" && (!ok || zones < 3) {
				report(b, "needs three zones")
			}
		}
	}},
}

// broken returns what breaks which rule.
func broken(files tree) (map[string][]string, error) {
	all, err := files.parse()
	if err != nil {
		return nil, err
	}
	found := map[string][]string{}
	for _, r := range rules {
		r.check(all, func(b block, format string, args ...any) {
			text := fmt.Sprintf(format, args...)
			if b.Block != nil {
				text = b.name() + ": " + text
			}
			found[r.name] = append(found[r.name], text)
		})
	}
	return found, nil
}

func TestRules(t *testing.T) {
	found, err := broken(load(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rules {
		t.Run(r.name, func(t *testing.T) {
			for _, text := range found[r.name] {
				t.Errorf("%s (%s)", text, r.basis)
			}
		})
	}
}
