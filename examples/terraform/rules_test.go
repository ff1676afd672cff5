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

// rules are all of them.
var rules = slices.Concat(bucketRules, accessRules, cacheRules, watchRules, treeRules)

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
