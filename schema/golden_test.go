package schema_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/carebus/carebus/schema"
)

// testdata/released holds what each release of the catalogue wrote: events of
// every type as they stand in streams (<release>.ndjson) and the schema set
// (<release>.schemas.json). A release's files are written once, with -release,
// and never changed: the tests here say that they stay readable.
var release = flag.String("release", "", "write the files of a new release of this name to testdata/released")

const released = "testdata/released"

// goldenEvents returns one event of each type and, of the families' members, everything.
func goldenEvents(t *testing.T, r *schema.Registry) []schema.Envelope {
	var events []schema.Envelope
	for i, info := range r.Types() {
		data := map[schema.Kind]string{
			schema.KindCRUD:     `{"entity_id":"rec-1","changes":[{"field":"status","before":"active","after":null},{"field":"plan.goals"}],"status":"active","kept":{"since":[1,2.50,true]}}`,
			schema.KindAuth:     `{"outcome":"denied","method":"totp","reason":"expired","client":{"ip":"192.0.2.1","user_agent":"agent/1.0","device":"d-1"},"session_id":"s-1"}`,
			schema.KindSystem:   `{"component":"billing-api","status":"failed","code":"E42","message":"A job ended.","duration_ms":12}`,
			schema.KindBusiness: `{"outcome":"success","amounts":[{"name":"copay","minor":2500,"currency":"USD"},{"minor":-1,"currency":"EUR"}],"step_no":1}`,
		}[info.Kind]
		e, err := r.DecodeInput(fmt.Appendf(nil, `{"type":%q,"id":"golden-%03d","source":"pms/golden","subject":"record/1","actor":"user/7","tenant":"practice-1",`+
			`"correlation_id":"c-1","causation_id":"e-0","traceparent":"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01","data":%s}`, info.Name, i, data))
		if err != nil {
			t.Fatalf("%s: %v", info.Name, err)
		}
		events = append(events, complete(t, r, e))
	}
	return events
}

func TestWriteRelease(t *testing.T) {
	if *release == "" {
		t.Skip("only with -release")
	}
	r := schema.Catalogue()
	var lines []byte
	for _, e := range goldenEvents(t, r) {
		var err error
		if lines, err = e.AppendJSON(lines); err != nil {
			t.Fatal(err)
		}
		lines = append(lines, '\n')
	}
	set, err := json.Marshal(r.SchemaSet())
	if err != nil {
		t.Fatal(err)
	}
	set = regexp.MustCompile(`\{"name":"[a-z0-9_.]+","kind"`).ReplaceAll(set, []byte("\n$0")) // a type a line
	for name, b := range map[string][]byte{".ndjson": lines, ".schemas.json": append(set, '\n')} {
		f, err := os.OpenFile(filepath.Join(released, *release+name), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write(b); err != nil {
			t.Fatal(err)
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// Every event that a release wrote is read in its type, valid by today's
// schema, and loses nothing when it is written again.
func TestReleasedEvents(t *testing.T) {
	r := schema.Catalogue()
	for _, path := range releasedFiles(t, "*.ndjson") {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for scanner := bufio.NewScanner(bytes.NewReader(b)); scanner.Scan(); n++ {
			line := scanner.Bytes()
			e, err := r.Decode(line)
			if err != nil {
				t.Errorf("%s line %d: %v", path, n+1, err)
				continue
			}
			if _, raw := e.Event.(schema.Raw); raw {
				t.Errorf("%s line %d: its type is gone", path, n+1)
			}
			if err := e.Validate(); err != nil {
				t.Errorf("%s line %d: %v", path, n+1, err)
			}
			info, _ := r.Lookup(e.Type())
			again, err := e.AppendJSON(nil)
			was, _ := schema.Parse(line)
			switch {
			case err != nil:
				t.Errorf("%s line %d: %v", path, n+1, err)
			case was.SchemaVersion == info.Version && was.Type() == info.Name && !bytes.Equal(again, line):
				t.Errorf("%s line %d:\ngot  %s\nwant %s", path, n+1, again, line)
			}
			now, _ := schema.Parse(again)
			if err := r.ValidateJSON(now.Type(), now.Event.(schema.Raw).Data); err != nil {
				t.Errorf("%s line %d: %v", path, n+1, err)
			}
		}
		if n < 100 {
			t.Errorf("%s holds %d events only", path, n)
		}
	}
}

// No release's schemas have become unreadable.
func TestReleasedSchemas(t *testing.T) {
	for _, path := range releasedFiles(t, "*.schemas.json") {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		var set schema.SchemaSet
		if err := json.Unmarshal(b, &set); err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		for _, i := range schema.CheckCompatibility(set, schema.Catalogue().SchemaSet(), schema.Backward) {
			t.Errorf("%s: %v", path, i)
		}
	}
}

func releasedFiles(t *testing.T, pattern string) []string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(released, pattern))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no %s in %s: %v", pattern, released, err)
	}
	return paths
}

// Each type of the catalogue says what a user has to know of it.
func TestCatalogueIsComplete(t *testing.T) {
	r := schema.Catalogue()
	kinds := map[schema.Kind]int{}
	for _, info := range r.Types() {
		kinds[info.Kind]++
		if info.Version < 1 || !info.Severity.Valid() || !info.DataClass.Valid() || !strings.HasSuffix(info.Description, ".") {
			t.Errorf("%s lacks a version, a severity, a data class or a sentence", info.Name)
		}
		if len(r.FieldClasses(info.Name)) == 0 {
			t.Errorf("%s has no field classes", info.Name)
		}
	}
	for _, k := range []schema.Kind{schema.KindCRUD, schema.KindAuth, schema.KindSystem, schema.KindBusiness} {
		if kinds[k] < 7 {
			t.Errorf("only %d types of kind %s", kinds[k], k)
		}
	}
}
