package terraform

import "strings"

// watchRules are those of logs, alarms, networks and queries.
var watchRules = []rule{
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
}
