package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/carebus/carebus/examples/internal/setup"
)

func scrub(t *testing.T, in string, args ...string) (stdout, stderr string, err error) {
	t.Helper()
	var out, errs bytes.Buffer
	err = run(t.Context(), args, func(string) string { return "" }, strings.NewReader(in), &out, &errs)
	return out.String(), errs.String(), err
}

func TestJSONLines(t *testing.T) {
	out, errs, err := scrub(t, `{"id":"r-1","patient":{"name":"Ann Lee","birthDate":"1971-04-09"}}`+"\n\n"+`["078-05-1120",7]`+"\n")
	if err != nil || errs != "" {
		t.Fatal(err, errs)
	}
	if want := `{"id":"r-1","patient":{"name":"[NAME]","birthDate":"1971"}}` + "\n" + `["[SSN]",7]` + "\n"; out != want {
		t.Errorf("got %s", out)
	}
}

// TestReadme: the README's first example prints what it says.
func TestReadme(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	example := regexp.MustCompile(`    echo '(.*)' \| go run ./examples/scrub\n\nprints\n\n    (.*\n)`).FindSubmatch(readme)
	if example == nil {
		t.Fatal("the README has no such example")
	}
	if out, errs, err := scrub(t, string(example[1])); err != nil || errs != "" || out != string(example[2]) {
		t.Errorf("%v %s: got %s", err, errs, out)
	}
}

// CloudEvents keep the attributes that make them go.
func TestEventLines(t *testing.T) {
	out, _, err := scrub(t, `{"specversion":"1.0","id":"e-1","type":"patient.created","time":"2026-11-24T10:00:00Z","data":{"name":"Ann Lee"}}`)
	if err != nil || !strings.Contains(out, `"time":"2026-11-24T10:00:00Z"`) || !strings.Contains(out, `"name":"[NAME]"`) {
		t.Errorf("%v: %s", err, out)
	}
}

// A policy that names no profile leaves the default, the strictest, as it is; a
// -profile that is given goes before the policy's.
func TestPolicyAndProfile(t *testing.T) {
	policy := func(text string) string {
		t.Helper()
		path := filepath.Join(t.TempDir(), "policy.yaml")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	none, limited, operational := policy("allow: [Lakeview]\n"), policy("profile: limited_data_set\n"), policy("profile: operational\n")
	const safeHarbor = `{"user_id":"[PERSON_ID]","seen":"[DATE:2024]"}`
	for _, c := range []struct {
		args []string
		want string
	}{
		{nil, safeHarbor}, {[]string{"-policy", none}, safeHarbor}, {[]string{"-policy", limited, "-profile", "safe_harbor"}, safeHarbor},
		{[]string{"-policy", operational}, `{"user_id":"u-42","seen":"2024-01-05"}`},
		{[]string{"-policy", none, "-profile", "operational"}, `{"user_id":"u-42","seen":"2024-01-05"}`},
	} {
		if out, _, err := scrub(t, `{"user_id":"u-42","seen":"2024-01-05"}`, c.args...); err != nil || strings.TrimSpace(out) != c.want {
			t.Errorf("%v: %v: %s", c.args, err, out)
		}
	}
	if out, _, err := scrub(t, `{"user_id":"u-42","seen":"2024-01-05"}`, "-policy", limited); err != nil || !strings.Contains(out, "phi_k1_personid_") {
		t.Errorf("%v: %s", err, out)
	}
}

// Of an event, a tag of the catalogue may be all that tells what a field holds.
func TestEventsGoByTags(t *testing.T) {
	out, _, err := scrub(t, `{"specversion":"1.0","id":"e-1","type":"invoice.created","source":"s","data":{"number":"qxzvarn"}}`)
	if err != nil || strings.Contains(out, "qxzvarn") {
		t.Errorf("%v: %s", err, out)
	}
}

// A bad line becomes null and is told of by number, never by content.
func TestBadLine(t *testing.T) {
	out, errs, err := scrub(t, "{\"ssn\":\"078-05-1120\"\n7\n")
	if err == nil || out != "null\n7\n" {
		t.Errorf("%v: %q", err, out)
	}
	if !strings.HasPrefix(errs, "line 1: ") || strings.Contains(errs+err.Error(), "078") {
		t.Errorf("stderr %q, error %v", errs, err)
	}
}

func TestText(t *testing.T) {
	in := `{"id":7,"text":"Ms. Rosalind Achterberg, MRN 88-4412, called 617-555-0143."}` + "\n"
	out, _, err := scrub(t, in, "-text")
	if err != nil {
		t.Fatal(err)
	}
	for _, gone := range []string{"Rosalind", "Achterberg", "4412", "0143"} {
		if strings.Contains(out, gone) {
			t.Errorf("%s survives: %s", gone, out)
		}
	}
	if !strings.HasPrefix(out, `{"id":7,"text":"`) {
		t.Errorf("got %s", out)
	}
	if _, _, err := scrub(t, `{"id":1}`, "-text"); err == nil {
		t.Error("a line without text is accepted")
	}
}

// Spans are byte offsets into the text, with the group of each finding.
func TestSpans(t *testing.T) {
	text := "Ms. Zoë Müller, born 1971-04-09, phone 617-555-0143."
	line, err := json.Marshal(map[string]any{"id": "a", "text": text})
	if err != nil {
		t.Fatal(err)
	}
	out, _, err := scrub(t, string(line), "-text", "-spans")
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		ID    string
		Spans []struct {
			Start, End int
			Label      string
		}
	}
	if err := json.Unmarshal([]byte(out), &got); err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, sp := range got.Spans {
		found = append(found, sp.Label+" "+text[sp.Start:sp.End])
	}
	if want := "NAME Ms. Zoë Müller, DATE 1971-04-09, PHONE 617-555-0143"; got.ID != "a" || strings.Join(found, ", ") != want {
		t.Errorf("got %s %v", got.ID, found)
	}
}

func TestPolicy(t *testing.T) {
	path := filepath.Join(t.TempDir(), "policy.yaml")
	if err := os.WriteFile(path, []byte("profile: operational\nactions: {phone: mask}\nfields: [{field: nick, category: name}]\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	out, _, err := scrub(t, `{"nick":"Bee","phone":"617-555-0143"}`, "-policy", path)
	if err != nil || out != `{"nick":"[NAME]","phone":"***-***-***"}`+"\n" {
		t.Errorf("%v: %s", err, out)
	}
}

func TestUsage(t *testing.T) {
	for _, args := range [][]string{{"-profile", "none"}, {"-spans"}, {"surplus"}, {"-no-such-flag"}} {
		if _, errs, err := scrub(t, "", args...); !errors.Is(err, setup.ErrUsage) || errs == "" {
			t.Errorf("%v: %v, %q", args, err, errs)
		}
	}
	if _, _, err := scrub(t, "", "-policy", "no-such-file"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a policy that isn't there: %v", err)
	}
	if _, errs, err := scrub(t, "", "-h"); !errors.Is(err, flag.ErrHelp) || !strings.Contains(errs, "-profile") {
		t.Errorf("-h: %v, %q", err, errs)
	}
}
