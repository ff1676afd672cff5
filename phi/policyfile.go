package phi

import (
	"bytes"
	_ "embed"
	"errors"
	"fmt"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

//go:embed policy.schema.json
var policySchema []byte

// PolicySchema returns the JSON Schema (2020-12) of policy files.
func PolicySchema() []byte { return append([]byte(nil), policySchema...) }

// policyFile is a policy as it stands in a file.
type policyFile struct {
	Version     string            `yaml:"version"`
	Profile     string            `yaml:"profile"`
	Actions     map[string]string `yaml:"actions"`
	Fields      []fieldRuleFile   `yaml:"fields"`
	Recognizers []recognizerFile  `yaml:"recognizers"`
	Allow       []string          `yaml:"allow"`
	Deny        []termFile        `yaml:"deny"`
	Unknown     string            `yaml:"unknown_fields"`
}

type fieldRuleFile struct {
	Field    string `yaml:"field"`
	Category string `yaml:"category"`
	Keep     bool   `yaml:"keep"`
}

type recognizerFile struct {
	Name     string `yaml:"name"`
	Pattern  string `yaml:"pattern"`
	Category string `yaml:"category"`
}

type termFile struct {
	Term     string `yaml:"term"`
	Category string `yaml:"category"`
}

// ParsePolicy reads a policy file, YAML or JSON in the form of [PolicySchema],
// and the profile that it is written for (default Operational):
//
//	version: "2026-11"
//	profile: limited_data_set
//	actions: {phone: mask, name: pseudonym}
//	fields:
//	  - {field: nickname, category: name}
//	  - {field: drug.name, keep: true}
//	recognizers:
//	  - {name: badge, pattern: '\bEB-\d{6}\b', category: other_id}
//	allow: [Lakeview Wellness]
//	deny:
//	  - {term: Project Heron, category: name}
//	unknown_fields: drop
//
// Keys without a value and YAML tags are errors. The error is a [*PolicyError] that
// names the line; of what isn't YAML it says so.
func ParsePolicy(data []byte) (*Policy, Profile, error) {
	if line := secondDocument(data); line > 0 {
		return nil, 0, &PolicyError{Line: line, Rule: "a second document begins: a policy is one"}
	}
	doc, err := parser.ParseBytes(data, 0)
	if err != nil {
		return nil, 0, yamlError(err)
	}
	if wrong := strangeNode(doc); wrong != nil {
		return nil, 0, wrong
	}
	var f policyFile
	if err := yaml.UnmarshalWithOptions(data, &f, yaml.Strict()); err != nil {
		return nil, 0, yamlError(err)
	}
	p, profile, wrong := f.policy()
	if wrong == nil {
		wrong = p.check(profile)
	}
	if wrong != nil {
		wrong.Line = lineOf(doc, wrong.Path)
		return nil, 0, wrong
	}
	return p, profile, nil
}

// secondDocument returns the line on which a YAML document begins that isn't the
// first, or 0. The reader of YAML takes the first and is silent about the rest.
func secondDocument(data []byte) int {
	begun, ended := false, false
	n := 0
	for line := range bytes.Lines(data) {
		n++
		line = bytes.TrimRight(line, " \t\r\n")
		begins := isMarker(line, "---")
		switch {
		case begins && begun, ended && len(line) > 0 && line[0] != '#':
			return n
		case isMarker(line, "..."):
			ended = true
		case begins, len(line) > 0 && line[0] != '#' && line[0] != '%':
			begun = true
		}
	}
	return 0
}

// strangeNode returns the first fault of what YAML allows and the reader of YAML
// is silent about: tags, behind which keys and values become others; keys that
// are no strings, which it passes over; and keys without a value, which it takes
// for keys that aren't there.
func strangeNode(doc *ast.File) *PolicyError {
	var v policyVisitor
	for _, d := range doc.Docs {
		ast.Walk(&v, d)
	}
	return v.wrong
}

const tagRule = "a tag stands here: a policy has none"

// A policyVisitor keeps the first fault of the nodes that it sees.
type policyVisitor struct{ wrong *PolicyError }

// Visit implements [ast.Visitor].
func (v *policyVisitor) Visit(n ast.Node) ast.Visitor {
	note := func(at ast.Node, rule, path string) {
		if v.wrong == nil {
			v.wrong = &PolicyError{Path: path, Rule: rule}
			if t := at.GetToken(); t != nil && t.Position != nil {
				v.wrong.Line = t.Position.Line
			}
		}
	}
	switch n := n.(type) {
	case *ast.TagNode:
		note(n, tagRule, "")
	case *ast.MappingValueNode:
		key := plainKey(n.Key)
		switch key.(type) {
		case *ast.StringNode, *ast.LiteralNode, *ast.MergeKeyNode:
		case *ast.TagNode:
			note(n.Key, tagRule, "")
			return v
		default:
			note(n.Key, "is no key of a policy", key.String())
			return v
		}
		if _, null := n.Value.(*ast.NullNode); null {
			note(n.Key, "has no value", key.String())
		}
	}
	return v
}

// plainKey returns a key without the anchor and the question mark before it.
func plainKey(key ast.Node) ast.Node {
	for {
		switch k := key.(type) {
		case *ast.AnchorNode:
			key = k.Value
		case *ast.MappingKeyNode:
			key = k.Value
		default:
			return key
		}
	}
}

// isMarker reports whether a line is a marker of YAML, which stands at its
// beginning and by itself (YAML 1.2.2, section 9.1.2).
func isMarker(line []byte, marker string) bool {
	rest, ok := bytes.CutPrefix(line, []byte(marker))
	return ok && (len(rest) == 0 || rest[0] == ' ' || rest[0] == '\t')
}

// yamlError keeps an error's place and rule, without the source around it.
func yamlError(err error) error {
	var y yaml.Error
	if !errors.As(err, &y) {
		return errors.New("phi: policy: is not valid YAML")
	}
	e := &PolicyError{Rule: "is not valid YAML"}
	if t := y.GetToken(); t != nil && t.Position != nil {
		e.Line = t.Position.Line
	}
	var unknown *yaml.UnknownFieldError
	var double *yaml.DuplicateKeyError
	var kind *yaml.TypeError
	var node *yaml.UnexpectedNodeTypeError
	switch {
	case errors.As(err, &unknown):
		e.Rule = "is no key of a policy"
		e.Path = strings.TrimSpace(y.GetToken().Value)
	case errors.As(err, &double), strings.Contains(y.GetMessage(), "already defined"):
		e.Rule = "stands twice"
		e.Path = strings.TrimSpace(y.GetToken().Value)
	case errors.As(err, &kind), errors.As(err, &node):
		e.Rule = "is of another type than the schema asks for"
	}
	return e
}

// lineOf returns the line of a path such as fields[2].category, or of what
// stands around it.
func lineOf(doc *ast.File, path string) int {
	for path != "" {
		if p, err := yaml.PathString("$." + path); err == nil {
			if node, err := p.FilterFile(doc); err == nil && node != nil && node.GetToken() != nil {
				return node.GetToken().Position.Line
			}
		}
		path = path[:max(strings.LastIndexAny(path, ".["), 0)]
	}
	return 1
}

// policy converts the names in a file.
func (f *policyFile) policy() (*Policy, Profile, *PolicyError) {
	p := &Policy{Version: f.Version, Allow: f.Allow}
	profile := Operational
	var wrong *PolicyError
	note := func(err error, rule, path string, args ...any) {
		if err != nil && wrong == nil {
			wrong = &PolicyError{Path: fmt.Sprintf(path, args...), Rule: rule}
		}
	}
	category := func(name, path string, args ...any) Category {
		if name == "" {
			return None
		}
		c, err := ParseCategory(name)
		note(err, "is no category", path, args...)
		return c
	}
	if f.Profile != "" {
		var err error
		profile, err = ParseProfile(f.Profile)
		note(err, "must be operational, limited_data_set or safe_harbor", "profile")
	}
	if len(f.Actions) > 0 {
		p.Actions = map[Category]Action{}
	}
	for name, action := range f.Actions {
		c := category(name, "actions.%s", name)
		a, err := ParseAction(action)
		note(err, "must be "+strings.Join(actionNames[:], ", "), "actions.%s", name)
		p.Actions[c] = a
	}
	for i, r := range f.Fields {
		p.Fields = append(p.Fields, FieldRule{r.Field, category(r.Category, "fields[%d].category", i), r.Keep})
	}
	for i, r := range f.Recognizers {
		p.Recognizers = append(p.Recognizers, Recognizer{r.Name, r.Pattern, category(r.Category, "recognizers[%d].category", i)})
	}
	for i, t := range f.Deny {
		p.Deny = append(p.Deny, Term{t.Term, category(t.Category, "deny[%d].category", i)})
	}
	switch f.Unknown {
	case "", "scan":
	case "drop":
		p.UnknownFields = DropUnknown
	default:
		note(errUnknownAction, "must be scan or drop", "unknown_fields")
	}
	return p, profile, wrong
}
