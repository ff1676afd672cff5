package terraform

import (
	"bytes"
	"testing"
)

// violations are planted one by one: each must be found by its rule. With an
// empty old text, the new one is added to the file.
var violations = []struct{ rule, file, old, new string }{
	{"buckets are made in one place", "modules/lake/main.tf", "", "resource \"aws_s3_bucket\" \"other\" {}\n"},
	{"buckets are complete", "modules/bucket/main.tf", "force_destroy       = false", "force_destroy       = true"},
	{"buckets are complete", "modules/bucket/main.tf", "object_lock_enabled = var.object_lock != null", "object_lock_enabled = false"},
	{"buckets have all their parts", "modules/bucket/main.tf", `resource "aws_s3_bucket_policy" "this"`, `resource "aws_s3_bucket_tags" "this"`},
	{"buckets have all their parts", "modules/bucket/main.tf", `resource "aws_s3_bucket_public_access_block" "this" {
  bucket                  = aws_s3_bucket.this.id`, `resource "aws_s3_bucket_public_access_block" "this" {
  bucket                  = "another"`},
	{"buckets have all their parts", "modules/bucket/main.tf", "", "resource \"aws_s3_bucket\" \"other\" {}\n"},
	{"no public access", "modules/bucket/main.tf", "block_public_policy     = true", "block_public_policy     = false"},
	{"no public access", "modules/bucket/main.tf", "  restrict_public_buckets = true\n", ""},
	{"no ACLs", "modules/bucket/main.tf", "BucketOwnerEnforced", "ObjectWriter"},
	{"versioning", "modules/bucket/main.tf", `    status = "Enabled"
  }
}`, `    status = "Suspended"
  }
}`},
	{"objects are encrypted with KMS", "modules/bucket/main.tf", `? "AES256" : "aws:kms"`, `? "AES256" : "AES256"`},
	{"objects are encrypted with KMS", "modules/bucket/main.tf", "kms_master_key_id = var.kms_key_arn", "kms_master_key_id = null"},
	{"only access logs go without a key", "modules/lake/main.tf", `-audit"
  kms_key_arn       = var.kms_key_arn`, `-audit"
  kms_key_arn       = null`},
	{"access logs", "modules/athena/main.tf", "access_log_bucket = var.access_log_bucket", "access_log_bucket = null"},
	{"TLS only", "modules/bucket/main.tf", `variable = "aws:SecureTransport"
      values   = ["false"]`, `variable = "aws:SecureTransport"
      values   = ["true"]`},
	{"TLS only", "modules/bucket/main.tf", `values   = ["1.2"]`, `values   = ["1.0"]`},
	{"TLS only", "modules/bucket/main.tf", `resources = [aws_s3_bucket.this.arn, "${aws_s3_bucket.this.arn}/*"]`, `resources = [aws_s3_bucket.this.arn]`},
	{"lifecycle days are the lock's or more", "modules/bucket/variables.tf", "r.days >= try(var.object_lock.days, 0)", "r.days >= 1"},
	{"the lake and the audit trail are locked for their retention", "modules/lake/main.tf", `mode = "GOVERNANCE", days = var.retention_days`, `mode = "GOVERNANCE", days = 30`},
	{"the lake and the audit trail are locked for their retention", "modules/lake/main.tf", `mode = "GOVERNANCE"`, `mode = "COMPLIANCE"`},
	{"the lake and the audit trail are locked for their retention", "modules/lake/main.tf", "days = var.audit_retention_days } }\n}", "days = 90 } }\n}"},
	{"lifecycle rules leave nothing behind", "modules/bucket/main.tf", "noncurrent_version_expiration {", "nothing {"},
	{"lifecycle rules leave nothing behind", "modules/bucket/main.tf", "abort_incomplete_multipart_upload {", "nothing {"},
	{"lifecycle rules leave nothing behind", "modules/bucket/main.tf", "expired_object_delete_marker = true", "expired_object_delete_marker = false"},
	{"lifecycle rules leave nothing behind", "modules/bucket/main.tf", `id     = rule.key
      status = "Enabled"`, `id     = rule.key
      status = "Disabled"`},
	{"no tier that Athena can't read", "modules/bucket/main.tf", `"INTELLIGENT_TIERING"`, `"DEEP_ARCHIVE"`},
	{"the lake refuses other encryption, overwriting and deletion", "modules/lake/main.tf", `variable = "s3:if-none-match"
      values   = ["true"]`, `variable = "s3:if-none-match"
      values   = ["false"]`},
	{"the lake refuses other encryption, overwriting and deletion", "modules/lake/main.tf", `values   = ["aws:kms"]`, `values   = ["AES256"]`},
	{"the lake refuses other encryption, overwriting and deletion", "modules/lake/main.tf", `values   = [var.kms_key_arn]`, `values   = ["*"]`},
	{"the lake refuses other encryption, overwriting and deletion", "modules/lake/main.tf", "      \"s3:DeleteObjectVersion\",\n", ""},
	{"the lake refuses other encryption, overwriting and deletion", "modules/lake/main.tf", `sid    = "DenyDeletion"
    effect = "Deny"`, `sid    = "DenyDeletion"
    effect = "Allow"`},
	{"the sink may put all that its programs put", "modules/access/main.tf", `"${var.lake_bucket_arn}/doctor/*", `, ""},
	{"no wildcard actions", "modules/access/main.tf", `"s3:GetObject", "s3:PutObject"]
    resources = concat(`, `"s3:*"]
    resources = concat(`},
	{"no wildcard actions", "modules/network/main.tf", `"s3:GetObjectVersion",`, `"s3:Get*",`},
	{"no wildcard actions", "modules/key/main.tf", `"kms:Decrypt",`, `"kms:*",`},
	{"no wildcard actions", "modules/athena/main.tf", `actions   = ["s3:GetObject", "s3:PutObject"]`, `not_actions = ["s3:DeleteObject"]`},
	{"no wildcard resources", "modules/access/main.tf", "resources = [var.lake_bucket_arn, var.audit_bucket_arn]", `resources = ["*"]`},
	{"no principal is anyone", "modules/network/main.tf", `variable = "aws:PrincipalAccount"`, `variable = "aws:SourceVpc"`},
	{"no principal is anyone", "modules/lake/main.tf", `sid       = "DenyUnconditionalWrites"
    effect    = "Deny"`, `sid       = "DenyUnconditionalWrites"
    effect    = "Allow"`},
	{"services act for this account alone", "modules/observability/main.tf", `    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [data.aws_caller_identity.current.account_id]
    }
`, ""},
	{"people come with a second factor", "modules/access/main.tf", "aws:MultiFactorAuthPresent", "aws:SourceIp"},
	{"people come with a second factor", "modules/access/main.tf", `statement.key == "user" ? ["true"] : []`, `["true"]`},
	{"people come with a second factor", "modules/access/main.tf", `statement.key == "user" ? ["true"] : []`, `[]`},
	{"no principal is anyone", "modules/network/main.tf", "starport-layer-bucket/*", "starport-layer-bucket*/*"},
	{"images can be pulled where the network has endpoints for them", "modules/network/main.tf", "starport-layer-bucket", "starport"},
	{"images can be pulled where the network has endpoints for them", "modules/network/main.tf", `"ecr.dkr") ?`, `"ecr.api") ?`},
	{"policies are documents", "modules/access/main.tf", "", "resource \"aws_iam_role_policy\" \"more\" {}\n"},
	{"policies are documents", "modules/access/main.tf", "policy = data.aws_iam_policy_document.sink.json", `policy = jsonencode({ Statement = [] })`},
	{"no role can delete what the lake keeps", "modules/access/main.tf", `actions = ["s3:GetObject", "s3:PutObject"]`, `actions = ["s3:GetObject", "s3:PutObject", "s3:DeleteObjectVersion"]`},
	{"no role can delete what the lake keeps", "modules/network/main.tf", `"s3:GetObjectVersion",`, `"s3:BypassGovernanceRetention",`},
	{"use of the lake's key is bound to S3", "modules/access/main.tf", `variable = "kms:ViaService"`, `variable = "kms:CallerAccount"`},
	{"keys take their alias", "modules/key/main.tf", "      \"kms:CreateAlias\",\n", ""},
	{"keys take their alias", "modules/key/main.tf", "      \"kms:DeleteAlias\",\n", ""},
	{"keys rotate and are hard to lose", "modules/key/main.tf", "enable_key_rotation     = true", "enable_key_rotation     = false"},
	{"keys rotate and are hard to lose", "modules/key/main.tf", "deletion_window_in_days = 30", "deletion_window_in_days = 7"},
	{"what can't be made again is hard to destroy", "modules/key/main.tf", "prevent_destroy = true", "prevent_destroy = false"},
	{"what can't be made again is hard to destroy", "modules/bus/main.tf", "prevent_destroy = true", "prevent_destroy = false"},
	{"the cache is encrypted, replicated and saved", "modules/bus/main.tf", "transit_encryption_enabled = true", "transit_encryption_enabled = false"},
	{"the cache is encrypted, replicated and saved", "modules/bus/main.tf", `transit_encryption_mode    = "required"`, `transit_encryption_mode    = "preferred"`},
	{"the cache is encrypted, replicated and saved", "modules/bus/main.tf", "  at_rest_encryption_enabled = true\n", ""},
	{"the cache is encrypted, replicated and saved", "modules/bus/main.tf", "user_group_ids     = [aws_elasticache_user_group.this.user_group_id]", "user_group_ids     = []"},
	{"the cache is encrypted, replicated and saved", "modules/bus/main.tf", `dynamic "log_delivery_configuration"`, `dynamic "nothing"`},
	{"noeviction", "modules/bus/main.tf", `"noeviction"`, `"volatile-lru"`},
	{"snapshots are kept for 16 days or more", "modules/bus/variables.tf", "default     = 35", "default     = 7"},
	{"snapshots are kept for 16 days or more", "modules/bus/variables.tf", "var.snapshot_days > 15", "var.snapshot_days > 0"},
	{"users of the cache are named and bounded", "modules/bus/users.tf", `access_string        = each.value`, `access_string        = "on ~* +@all"`},
	{"users of the cache are named and bounded", "modules/bus/users.tf", `passwords_wo         = ephemeral.random_password.default.result`, `no_password_required = true`},
	{"the unnamed user is off", "modules/bus/users.tf", `"off resetkeys resetchannels -@all"`, `"on ~* -@all +get"`},
	{"no secret in the state", "modules/bus/users.tf", "", "resource \"random_password\" \"more\" {}\n"},
	{"no secret in the state", "modules/access/main.tf", "secret_string_wo         = ", "secret_string = "},
	{"secrets are encrypted with a key of ours", "modules/access/main.tf", "  kms_key_id  = var.secret_key_arn\n", ""},
	{"logs are kept and encrypted", "modules/network/main.tf", "  kms_key_id        = var.log_key_arn\n", ""},
	{"logs are kept and encrypted", "modules/observability/main.tf", "retention_in_days = var.log_retention_days", "retention_in_days = 0"},
	{"the trail is whole", "modules/observability/main.tf", "enable_log_file_validation    = true", "enable_log_file_validation    = false"},
	{"the trail is whole", "modules/observability/main.tf", `starts_with = ["${var.lake_bucket_arn}/"]`, `starts_with = ["arn:aws:s3:::other/"]`},
	{"alarms reach somebody", "modules/observability/main.tf", "  insufficient_data_actions = [aws_sns_topic.alarms.arn]\n", ""},
	{"alarms are encrypted", "modules/observability/main.tf", "  kms_master_key_id = var.log_key_arn\n", ""},
	{"eviction and full memory raise an alarm", "modules/observability/main.tf", `"Evictions", above = 0`, `"Evictions", above = 1000`},
	{"no way to the internet", "modules/network/main.tf", "", "resource \"aws_internet_gateway\" \"this\" {}\n"},
	{"no way to the internet", "modules/network/main.tf", "cidr_ipv4         = var.cidr", `cidr_ipv4         = "0.0.0.0/0"`},
	{"no way to the internet", "modules/network/main.tf", "map_public_ip_on_launch = false", "map_public_ip_on_launch = true"},
	{"the default security group is closed", "modules/network/main.tf", "vpc_id = aws_vpc.this.id # no rules", "vpc_id = aws_vpc.this.id\n  ingress {}\n  # no rules"},
	{"every network logs its flows", "modules/network/main.tf", `resource "aws_flow_log" "this"`, `resource "aws_flow" "this"`},
	{"every network logs its flows", "modules/network/main.tf", `traffic_type         = "ALL"`, `traffic_type         = "REJECT"`},
	{"answers of Athena are encrypted whatever the client says", "modules/athena/main.tf", "enforce_workgroup_configuration    = true", "enforce_workgroup_configuration    = false"},
	{"answers of Athena are encrypted whatever the client says", "modules/athena/main.tf", `"SSE_KMS"`, `"SSE_S3"`},
	{"the state is encrypted and locked", "compositions/production/versions.tf", "encrypt      = true", "encrypt      = false"},
	{"versions are pinned", "modules/key/versions.tf", `">= 6.51, < 7"`, `">= 5.0"`},
	{"versions are pinned", "compositions/development/versions.tf", `required_version = ">= 1.11"`, `required_version = ">= 1.5"`},
	{"variables say what they take", "modules/lake/variables.tf", "", "variable \"x\" { type = string }\n"},
	{"outputs say what they are", "modules/lake/outputs.tf", "", "output \"x\" { value = 1 }\n"},
	{"production keeps seven years, and its audit trail for good", "compositions/production/main.tf", " retention_days           = 2557", " retention_days           = 365"},
	{"production keeps seven years, and its audit trail for good", "compositions/production/main.tf", `"COMPLIANCE"`, `"GOVERNANCE"`},
	{"production keeps seven years, and its audit trail for good", "compositions/development/main.tf", "log_retention_days       = 365", "log_retention_days       = 30"},
	{"production loses no acknowledged event", "compositions/production/main.tf", `durability               = "sync"`, `durability               = "async"`},
	{"production loses no acknowledged event", "compositions/production/main.tf", "zone_count         = 3", "zone_count         = 2"},
}

// TestRulesFindViolations: no rule is one that can't fail.
func TestRulesFindViolations(t *testing.T) {
	planted := map[string]bool{}
	for _, v := range violations {
		planted[v.rule] = true
		files := load(t)
		src, ok := files[v.file]
		switch {
		case !ok:
			t.Fatalf("%s: no %s", v.rule, v.file)
		case v.old == "":
			files[v.file] = append(bytes.Clone(src), v.new...)
		case !bytes.Contains(src, []byte(v.old)):
			t.Errorf("%s: %s doesn't hold %q", v.rule, v.file, v.old)
			continue
		default:
			files[v.file] = bytes.ReplaceAll(src, []byte(v.old), []byte(v.new))
		}
		found, err := broken(files)
		if err != nil {
			t.Fatalf("%s: %v", v.rule, err)
		}
		if len(found[v.rule]) == 0 {
			t.Errorf("%s: not found: %q in place of %q", v.rule, v.new, v.old)
		}
	}
	for _, r := range rules {
		if !planted[r.name] {
			t.Errorf("%s: no violation is planted", r.name)
		}
	}
}
