package terraform

import (
	"slices"
	"strings"
)

// accessRules are those of policies, roles and keys.
var accessRules = []rule{
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
}

// readsImageLayers reports whether a statement does no more than let the layers of
// ECR's images be read, which a bucket of AWS holds.
func readsImageLayers(s block) bool {
	return s.text("actions") == `["s3:GetObject"]` &&
		s.text("resources") == `["arn:${data.aws_partition.current.partition}:s3:::prod-${data.aws_region.current.region}-starport-layer-bucket/*"]`
}
