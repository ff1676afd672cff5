package phi_test

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/carebus/carebus/phi"
)

const policyText = `
version: "2026-11"
profile: limited_data_set
actions:
  phone: mask
  name: pseudonym
fields:
  - {field: nickname_of_choice, category: name}
  - {field: drug.name, keep: true}
  - {field: ward, category: place}
  - {field: remark}
recognizers:
  - {name: badge, pattern: '\bEB-\d{6}\b', category: other_id}
  - {name: heron, pattern: 'project ([a-z]+)'}
allow: [Lakeview Wellness, Crohn Street Group]
deny:
  - {term: Blue Heron}
  - {term: Kestrel House, category: place}
unknown_fields: drop
`

func TestPolicyName(t *testing.T) {
	key := []byte(strings.Repeat("k", 32))
	for want, c := range map[string]phi.Config{
		"operational":         {Key: key},
		"safe_harbor":         {Key: key, Profile: phi.SafeHarbor, Policy: &phi.Policy{}},
		"operational/2026-11": {Key: key, Policy: &phi.Policy{Version: "2026-11"}},
	} {
		s, err := phi.New(c)
		if err != nil || s.PolicyName() != want {
			t.Errorf("%q, %v, want %q", s.PolicyName(), err, want)
		}
	}
}

func TestParsePolicy(t *testing.T) {
	p, profile, err := phi.ParsePolicy([]byte(policyText))
	if err != nil {
		t.Fatal(err)
	}
	if profile != phi.LimitedDataSet ||
		p.Version != "2026-11" ||
		p.UnknownFields != phi.DropUnknown ||
		p.Actions[phi.Phone] != phi.Mask {
		t.Errorf("read %+v, %v", p, profile)
	}
	s := newScrubber(t, phi.Config{Profile: profile, Policy: p})
	for _, c := range []struct{ name, src, want string }{
		{"a field of one's own", `{"nicknameOfChoice":"Bee"}`, ""},
		{"a field that stays, by path", `{"drug":{"name":"Ann Lee"}}`, `{"drug":{"name":"Ann Lee"}}`},
		{"the same key elsewhere", `{"patient":{"name":"Ann Lee"}}`, ""},
		{"an action", `{"phone":"617-555-0143"}`, `{"phone":"***-***-***"}`},
		{"a recognizer", `{"note":"Badge EB-123456 was lost."}`, ""},
		{"a group of a recognizer", `{"note":"the project finch ends"}`, `{"note":"the project [CUSTOM] ends"}`},
		{"a term that stays", `{"note":"Seen at Lakeview Wellness today."}`, `{"note":"Seen at Lakeview Wellness today."}`},
		{"a term that goes", `{"note":"asked about blue heron again"}`, `{"note":"asked about [CUSTOM] again"}`},
		{"unknown fields", `{"qqq":"x","rrr":7,"sss":true,"status":"active"}`, `{"qqq":"[OTHER_ID]","rrr":null,"sss":true,"status":"active"}`},
	} {
		got := scrubJSON(t, s, c.src)
		if c.want != "" && got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
		if c.want == "" &&
			(strings.Contains(got, "Ann Lee") || strings.Contains(got, "Bee") || strings.Contains(got, "123456")) {
			t.Errorf("%s: %s", c.name, got)
		}
		if again := scrubJSON(t, s, got); again != got {
			t.Errorf("%s: twice gives %s", c.name, again)
		}
	}
}

// Errors name the line and the rule.
func TestPolicyErrors(t *testing.T) {
	for _, c := range []struct {
		name, text string
		line       int
		want       string
	}{
		{"an unknown key", "version: a\nfeilds: []\n", 2, "feilds"},
		{"an unknown category", "fields:\n  - field: a\n    category: nmae\n", 3, "fields[0].category"},
		{"an unknown action", "actions:\n  name: hide\n", 2, "actions.name"},
		{"an unknown profile", "\nprofile: strict\n", 2, "profile"},
		{"a field without a name", "fields:\n  - {category: name}\n", 2, "fields[0].field"},
		{"both keep and category", "fields:\n  - {field: a, keep: true, category: name}\n", 2, "keep"},
		{"no RE2", "recognizers:\n  - name: a\n    pattern: '(?=x)'\n", 3, "recognizers[0].pattern"},
		{"an empty match", "recognizers:\n  - {name: a, pattern: 'x*'}\n", 2, "empty"},
		{"notes kept", "actions: {psychotherapy: keep}\n", 1, "psychotherapy"},
		{"a derived code", "profile: safe_harbor\nactions: {name: pseudonym}\n", 2, "derived"},
		{"unknown_fields", "unknown_fields: maybe\n", 1, "scan or drop"},
		{"an empty term", "allow: ['']\n", 1, "allow[0]"},
		{"a type", "fields: 7\n", 1, "type"},
		{"no YAML", "a: [\n", 1, "line 1: is not valid YAML"},
		{"a second document", "profile: safe_harbor\n---\ndeny: [{term: heron}]\n", 2, "second document"},
		{"an empty first document", "# ours\n---\n--- \nprofile: safe_harbor\n", 3, "second document"},
		{"more behind the end", "profile: safe_harbor\n...\n# a remark\ndeny: []\n", 4, "second document"},
		{"a key twice", "version: a\nversion: b\n", 2, "twice"},
		{"a tag on a key", "version: a\n!!str profile: safe_harbor\n", 2, "tag"},
		{"a tag on an unknown key", "version: a\n!!str profil: safe_harbor\n", 2, "tag"},
		{"a tag that makes a key", "version: a\n!!binary cHJvZmlsZQ==: safe_harbor\n", 2, "tag"},
		{"a tag on a key of a field", "fields:\n  - {field: a}\n  - {field: b, !!str category: name}\n", 3, "tag"},
		{"a tag behind a question mark", "? !!str profile\n: safe_harbor\n", 1, "tag"},
		{"a tag on a value", "version: a\nprofile: !ours safe_harbor\n", 2, "tag"},
		{"a tag on a list", "version: a\nallow: !!set {a: b}\n", 2, "tag"},
		{"a number for a key", "version: a\n1: safe_harbor\n", 2, "1 is no key"},
		{"true for a key", "version: a\ntrue: safe_harbor\n", 2, "true is no key"},
		{"null for a key", "version: a\n~: safe_harbor\n", 2, "is no key"},
		{"a profile that is missing", "version: a\nprofile:\n", 2, "profile has no value"},
		{"a list that is missing", "version: a\ndeny: ~\nprofile: safe_harbor\n", 2, "deny has no value"},
		{"a category that is missing", "fields:\n  - field: a\n    category:\n", 3, "category has no value"},
	} {
		_, _, err := phi.ParsePolicy([]byte(c.text))
		var wrong *phi.PolicyError
		if !errors.As(err, &wrong) {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if wrong.Line != c.line || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want line %d and %q", c.name, err, c.line, c.want)
		}
	}
}

// TestPolicyMarkers: one document may be marked as YAML marks it.
func TestPolicyMarkers(t *testing.T) {
	for _, text := range []string{
		"%YAML 1.2\n---\nprofile: safe_harbor\n", "\n# ours\n--- # it begins\nprofile: safe_harbor\n...\n\n# the end\n",
		"profile: safe_harbor\nversion: |\n  ---\n  a\nallow: [----]\n", "---\r\nprofile: safe_harbor\r\n",
	} {
		if _, profile, err := phi.ParsePolicy([]byte(text)); err != nil || profile != phi.SafeHarbor {
			t.Errorf("%q: %v, %v", text, profile, err)
		}
	}
}

// The JSON Schema of policy files lists what the code knows.
func TestPolicySchema(t *testing.T) {
	var schema struct {
		Properties map[string]any
		Defs       struct{ Category struct{ Enum []string } } `json:"$defs"`
	}
	if err := json.Unmarshal(phi.PolicySchema(), &schema); err != nil {
		t.Fatal(err)
	}
	var want []string
	for c := phi.Category(1); c.String() != "unknown"; c++ {
		want = append(want, c.String())
	}
	if !slices.Equal(schema.Defs.Category.Enum, want) {
		t.Errorf("categories %v, want %v", schema.Defs.Category.Enum, want)
	}
	for _, key := range []string{"version", "profile", "actions", "fields", "recognizers", "allow", "deny", "unknown_fields"} {
		if schema.Properties[key] == nil {
			t.Errorf("no %s", key)
		}
	}
	for _, c := range want {
		for a := phi.Action(0); a.String() != "unknown"; a++ {
			text := "actions: {" + c + ": " + a.String() + "}"
			if _, _, err := phi.ParsePolicy([]byte(text)); err != nil && c != "psychotherapy" && c != "secret" {
				t.Errorf("%s: %v", text, err)
			}
		}
	}
}

// Rules by path reach JSON in strings and the cells of tables; unknown fields
// are dropped under keys that only say whose something is.
func TestPolicyReach(t *testing.T) {
	s := newScrubber(t, phi.Config{Policy: &phi.Policy{Fields: []phi.FieldRule{{Field: "pet.call", Category: phi.Name}}}})
	for _, src := range []string{
		`{"pet":"{\"call\":\"quimbly\"}"}`,
		`{"pet":{"columns":["call","ssn","mrn"],"rows":[["quimbly","1","2"]]}}`,
		`{"pet":[["call","ssn","mrn"],["quimbly","1","2"]]}`,
		`{"pet":"call,ssn,mrn\nquimbly,1,2\n"}`,
		`{"data":{"pet":"{\"a\":1,\"call\":\"quimbly\"}"}}`,
	} {
		if out, _, err := s.ScrubJSON(nil, []byte(src)); err != nil || strings.Contains(string(out), "quimbly") {
			t.Errorf("got %s of %s, %v", out, src, err)
		}
	}
	s = newScrubber(t, phi.Config{Policy: &phi.Policy{Fields: []phi.FieldRule{{Field: "subject.display", Keep: true}}}})
	const reference = `{"subject":{"reference":"Patient/42","display":"Ward Three"}}`
	if out, _, err := s.ScrubJSON(nil, []byte(reference)); err != nil || string(out) != reference {
		t.Errorf("a rule for what a reference shows: %s, %v", out, err)
	}
	s = newScrubber(t, phi.Config{Policy: &phi.Policy{UnknownFields: phi.DropUnknown}})
	const src, want = `{"patient":"quimbly","account":"quimbly","items":["quimbly"],"value":"quimbly","drug":{"name":"Zoloft"},"status":"open"}`,
		`{"patient":"[NAME]","account":"[OTHER_ID]","items":["[OTHER_ID]"],"value":"[OTHER_ID]","drug":{"name":"Zoloft"},"status":"open"}`
	if out, _, err := s.ScrubJSON(nil, []byte(src)); err != nil || string(out) != want {
		t.Errorf("got %s, %v", out, err)
	}
}
