package phi

import (
	"cmp"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/carebus/carebus/phi/internal/category"
	"github.com/carebus/carebus/phi/internal/lexicon"
)

// A Policy overrides a profile: other actions, fields of one's own, recognizers
// of one's own, terms that stay and terms that go. [ParsePolicy] reads one from
// a file. The zero Policy changes nothing. [New] checks it.
type Policy struct {
	// Version names the policy in audit records. Default "".
	Version string
	// Actions are taken instead of the profile's. Psychotherapy notes and
	// secrets can only be redacted or dropped, and the safe_harbor profile
	// leaves no pseudonyms.
	Actions map[Category]Action
	// Fields say what keys hold. They win over the built-in lexicon.
	Fields []FieldRule
	// Recognizers find further identifiers in text.
	Recognizers []Recognizer
	// Allow are terms that stay although they look like findings, such as the
	// practice's own name. Case and accents don't matter.
	Allow []string
	// Deny are terms that go wherever they stand.
	Deny []Term
	// UnknownFields says what becomes of strings and numbers under keys of which
	// neither the lexicon nor Fields says what they hold. A key such as therapist
	// or value says whose something is, or that it is something. Default
	// ScanUnknown.
	UnknownFields UnknownFields
}

// UnknownFields says what becomes of fields that nothing declares.
type UnknownFields uint8

// What becomes of fields that nothing declares.
const (
	ScanUnknown UnknownFields = iota // they are scanned as free text
	DropUnknown                      // they are dropped: an allow-list, for exports
)

// A FieldRule says what a field holds.
type FieldRule struct {
	// Field is a key such as nickname, or the end of a path such as drug.name.
	// Case, underscores and hyphens don't matter. Array indices are left out.
	Field string
	// Category is what the field holds. None (default): scanned as free text.
	Category Category
	// Keep says that the field holds no PHI and is not looked at.
	Keep bool
}

// A Recognizer finds identifiers by a regular expression.
type Recognizer struct {
	// Name stands in findings. Required.
	Name string
	// Pattern is an RE2 expression, which takes linear time. Required. Its
	// first group, or else all of it, is the finding.
	Pattern string
	// Category is what it finds. Default Custom.
	Category Category
}

// A Term is a word or phrase that goes wherever it stands.
type Term struct {
	Text     string   // two characters or more; case and accents don't matter
	Category Category // default Custom
}

// policy is a checked Policy.
type policy struct {
	dropUnknown bool
	paths       map[string][]pathRule // by the last key
}

type pathRule struct {
	parents []string // the keys before the last one, innermost first
	info    lexicon.Meaning
}

// PolicyName names what the scrubber goes by, for audit records and metrics: its
// profile, with a slash and [Policy.Version] behind it if that is set.
func (s *Scrubber) PolicyName() string {
	if s.version == "" {
		return s.profile.String()
	}
	return s.profile.String() + "/" + s.version
}

// A PolicyError says which rule of a policy is wrong.
type PolicyError struct {
	Path string // such as fields[2].category
	Line int    // of the file, from 1; 0 for policies in code
	Rule string
}

func (e *PolicyError) Error() string {
	what := strings.TrimSpace(e.Path + " " + e.Rule) // no path: the file as a whole
	if e.Line > 0 {
		return fmt.Sprintf("phi: policy, line %d: %s", e.Line, what)
	}
	return "phi: policy: " + what
}

// check returns the first fault of a policy under a profile.
func (p *Policy) check(profile Profile) *PolicyError {
	err := cmp.Or(p.checkActions(profile), p.checkFields(), p.checkRecognizers(), p.checkTerms())
	if err == nil && p.UnknownFields > DropUnknown {
		return policyError("must be scan or drop", "unknown_fields")
	}
	return err
}

// policyError returns the error that what stands at a path of a policy breaks a rule.
func policyError(rule, path string, args ...any) *PolicyError {
	return &PolicyError{Path: fmt.Sprintf(path, args...), Rule: rule}
}

func (p *Policy) checkActions(profile Profile) *PolicyError {
	for _, cat := range slices.Sorted(maps.Keys(p.Actions)) {
		action := p.Actions[cat]
		switch {
		case cat == None || int(cat) >= category.Count:
			return policyError("is no category", "actions")
		case int(action) >= numActions:
			return policyError("is no action", "actions.%s", cat)
		case (cat == Psychotherapy || cat == Secret) && action != Redact && action != Drop:
			return policyError("must be redact or drop", "actions.%s", cat)
		case profile == SafeHarbor && (action == Pseudonym || action == Shift):
			return policyError("must not be a code or date derived from the value under safe_harbor", "actions.%s", cat)
		}
	}
	return nil
}

func (p *Policy) checkFields() *PolicyError {
	for i, f := range p.Fields {
		switch {
		case len(splitPath(f.Field)) == 0:
			return policyError("must name a key or a path", "fields[%d].field", i)
		case int(f.Category) >= category.Count:
			return policyError("is no category", "fields[%d].category", i)
		case f.Keep && f.Category != None:
			return policyError("can't go with a category", "fields[%d].keep", i)
		}
	}
	return nil
}

func (p *Policy) checkRecognizers() *PolicyError {
	for i, r := range p.Recognizers {
		re, err := regexp.Compile(r.Pattern)
		switch {
		case r.Name == "":
			return policyError("is required", "recognizers[%d].name", i)
		case r.Pattern == "":
			return policyError("is required", "recognizers[%d].pattern", i)
		case err != nil:
			return policyError("is no RE2 expression", "recognizers[%d].pattern", i)
		case re.MatchString(""):
			return policyError("matches the empty string", "recognizers[%d].pattern", i)
		case int(r.Category) >= category.Count:
			return policyError("is no category", "recognizers[%d].category", i)
		}
	}
	return nil
}

func (p *Policy) checkTerms() *PolicyError {
	for i, a := range p.Allow {
		if strings.TrimSpace(a) == "" {
			return policyError("must not be empty", "allow[%d]", i)
		}
	}
	for i, d := range p.Deny {
		switch {
		case len(strings.TrimSpace(d.Text)) < 2:
			return policyError("must have two characters or more", "deny[%d].term", i)
		case int(d.Category) >= category.Count:
			return policyError("is no category", "deny[%d].category", i)
		}
	}
	return nil
}

// adopt checks a policy and makes it the scrubber's.
func (s *Scrubber) adopt(p *Policy) error {
	if err := p.check(s.profile); err != nil {
		return err
	}
	for cat, action := range p.Actions {
		s.actions[cat] = action
	}
	keys := map[string]lexicon.Meaning{}
	for _, f := range p.Fields {
		info := lexicon.Meaning{Mode: lexicon.Typed, Cat: f.Category, Via: lexicon.ViaPolicy}
		switch {
		case f.Keep:
			info.Mode = lexicon.Keep
		case f.Category == None:
			info.Mode, info.Role = lexicon.Text, lexicon.RoleText
		}
		path := splitPath(f.Field)
		last := path[len(path)-1]
		if len(path) == 1 {
			keys[last] = info
			continue
		}
		parents := path[:len(path)-1]
		slices.Reverse(parents)
		if s.policy.paths == nil {
			s.policy.paths = map[string][]pathRule{}
		}
		s.policy.paths[last] = append(s.policy.paths[last], pathRule{parents, info})
	}
	if len(keys) > 0 {
		s.rules.Lex = lexicon.New(keys)
	}
	for _, r := range p.Recognizers {
		s.rules.AddPattern(r.Name, regexp.MustCompile(r.Pattern), orCustom(r.Category)) // checked
	}
	for _, term := range p.Allow {
		s.rules.Allow(term)
	}
	for _, d := range p.Deny {
		s.rules.Deny(d.Text, orCustom(d.Category))
	}
	s.policy.dropUnknown = p.UnknownFields == DropUnknown
	s.version = p.Version
	return nil
}

func orCustom(c Category) Category {
	if c == None {
		return Custom
	}
	return c
}

// splitPath returns the keys of a path as the lexicon has them: lower case,
// without separators.
func splitPath(path string) []string {
	var keys []string
	for key := range strings.SplitSeq(path, ".") {
		var w lexicon.Words
		w.Split([]byte(strings.TrimSuffix(key, "[]")))
		if w.N == 0 {
			return nil
		}
		keys = append(keys, string(w.Text[:w.Size]))
	}
	return keys
}

// byPath returns what a policy says about a key by the keys around it.
func (p *policy) byPath(key []byte, trail [][]byte) (lexicon.Meaning, bool) {
	var w lexicon.Words
	w.Split(key)
next:
	for _, r := range p.paths[string(w.Text[:w.Size])] {
		if len(r.parents) > len(trail) {
			continue
		}
		for i, parent := range r.parents {
			var at lexicon.Words
			at.Split(trail[len(trail)-1-i])
			if string(at.Text[:at.Size]) != parent {
				continue next
			}
		}
		return r.info, true
	}
	return lexicon.Meaning{}, false
}

// trail returns the keys around a node's content, its own the last, when the
// policy has rules by path.
func (e *emitter) trail(n *node) [][]byte {
	if e.s.policy.paths == nil || n == nil {
		return e.in.trail
	}
	trail := slices.Clone(e.in.trail)
	nodes := e.sc.nodes
	target := e.index(n)
	for i := int32(0); i != target; {
		object := nodes[i].kind == kindObject
		at := i + 1
		value := valueAt(at, object)
		for target >= nodes[value].next {
			at = nodes[value].next
			value = valueAt(at, object)
		}
		if object {
			trail = append(trail, e.src[nodes[at].start:nodes[at].end])
		}
		if i = value; at == target {
			break
		}
	}
	return trail
}

// column returns what the name of a table's column says.
func (e *emitter) column(n *node, name []byte) lexicon.Meaning {
	if e.s.policy.paths != nil {
		if rule, ok := e.s.policy.byPath(name, e.trail(n)); ok {
			return rule
		}
	}
	return e.s.rules.Lex.Lookup(name)
}
