package terraform

import "strings"

// treeRules are those of the Terraform itself, and of what production makes of it.
var treeRules = []rule{
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
