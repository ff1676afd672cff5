package terraform

import "strings"

// cacheRules are those of the bus and its secrets.
var cacheRules = []rule{
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
}
