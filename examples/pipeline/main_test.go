package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/carebus/carebus/examples/internal/setup"
	"github.com/carebus/carebus/internal/redistest"
	"github.com/carebus/carebus/schema"
)

// noEnv is an empty environment.
func noEnv(string) string { return "" }

// A result is what a run printed.
type result struct {
	summary
	stdout, stderr string
	err            error
}

// runPipeline runs the command with -json and a lake in a new directory.
func runPipeline(t *testing.T, stdin string, args ...string) (result, string) {
	t.Helper()
	lake := t.TempDir()
	var stdout, stderr bytes.Buffer
	err := run(t.Context(), append([]string{"-json", "-lake", lake}, args...), noEnv, strings.NewReader(stdin), &stdout, &stderr)
	r := result{stdout: stdout.String(), stderr: stderr.String(), err: err}
	lines := strings.Split(strings.TrimSpace(r.stdout), "\n")
	if err := json.Unmarshal([]byte(lines[len(lines)-1]), &r.summary); err != nil {
		t.Fatalf("the last line of stdout is not the summary: %q, stderr: %s", r.stdout, r.stderr)
	}
	return r, lake
}

func TestPracticeDay(t *testing.T) {
	const n = 600
	r, lake := runPipeline(t, "", "-n", fmt.Sprint(n))
	if r.err != nil {
		t.Fatalf("%v\n%s", r.err, r.stderr)
	}
	if r.Published != n || r.Written != n || r.Handled != n || r.Rejected != 0 || r.Quarantined != 0 {
		t.Errorf("%+v, stderr: %s", r.summary, r.stderr)
	}
	for _, category := range []string{"name", "phone", "email", "ssn"} {
		if r.Scrubbed[category] == 0 {
			t.Errorf("no %s was scrubbed: %v", category, r.Scrubbed)
		}
	}
	rows := readLake(t, lake)
	if len(rows) != n || len(uniqueIDs(t, rows)) != n {
		t.Errorf("%d rows, want %d", len(rows), n)
	}
	kinds := map[string]bool{}
	var payloads strings.Builder
	for _, row := range rows {
		kinds[row.Kind] = true
		payloads.WriteString(row.Payload + "\n" + row.Subject + "\n" + row.Actor + "\n")
	}
	if len(kinds) != 4 {
		t.Errorf("kinds in the lake: %v, want all four", kinds)
	}
	var planted []string
	for _, p := range newPracticeDay(time.Now()).patients {
		planted = append(planted, p.name(), p.email, p.phone, p.ssn, p.mrn, p.street, p.birth, "Rosa "+p.family)
	}
	absent(t, planted, payloads.String(), r.stdout, r.stderr)
}

func TestSummaryForPeople(t *testing.T) {
	var stdout, stderr bytes.Buffer
	lake := filepath.Join(t.TempDir(), "lake")
	if err := run(t.Context(), []string{"-n", "200", "-lake", lake}, noEnv, strings.NewReader(""), &stdout, &stderr); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"published 200", "written 200", "scrubbed", "name", "events/development/year=", "/event_type=", "more partitions"} {
		if !strings.Contains(stdout.String(), want) {
			t.Errorf("the summary lacks %q:\n%s", want, stdout.String())
		}
	}
	if stderr.Len() > 0 {
		t.Errorf("stderr of a good run into a pipe is not quiet: %s", stderr.String())
	}
}

// A second run with a new embedded Redis adds to the lake of the first, and tells
// of what it wrote itself.
func TestTwoRunsShareALake(t *testing.T) {
	lake := t.TempDir()
	for _, n := range []string{"50", "30"} {
		var stdout, stderr bytes.Buffer
		if err := run(t.Context(), []string{"-n", n, "-lake", lake}, noEnv, strings.NewReader(""), &stdout, &stderr); err != nil {
			t.Fatalf("%v\n%s", err, stderr.String())
		}
		if !strings.Contains(stdout.String(), "published "+n) || !strings.Contains(stdout.String(), "written "+n+" ") {
			t.Errorf("a run of %s events:\n%s", n, stdout.String())
		}
	}
	if rows := readLake(t, lake); len(uniqueIDs(t, rows)) != 80 {
		t.Errorf("%d rows, want 80", len(rows))
	}
}

var bulkPHI = []string{
	"Rosalind", "Achterberg", "Tobias", "Wilhelmina", "Oosterhuis", "078-05-1120", "5550123", "617-555-0143", "555-0199",
	"rosalind@example.net", "Quarry Lane", "1971-04-09", "41.785123", "73.694321",
}

func TestFHIR(t *testing.T) {
	for _, profile := range []string{"operational", "safe_harbor"} {
		r, lake := runPipeline(t, "", "-format", "fhir", "-input", "testdata/bulk.ndjson", "-profile", profile)
		if r.err != nil || r.Published != 4 || r.Written != 4 {
			t.Fatalf("%s: %+v %v\n%s", profile, r.summary, r.err, r.stderr)
		}
		types := map[string]int{}
		for _, row := range readLake(t, lake) {
			types[row.eventType]++
			absent(t, bulkPHI, row.Payload)
			var resource struct{ ResourceType string }
			if json.Unmarshal([]byte(row.Payload), &resource) != nil || resource.ResourceType == "" {
				t.Errorf("%s: a payload is no resource", profile)
			}
		}
		if types["patient.created"] != 2 || types["observation.created"] != 1 || types["medication_request.created"] != 1 {
			t.Errorf("%s: types %v", profile, types)
		}
	}
}

// Each bad line is refused by number and reason, never by content, and the
// good lines around it arrive.
func TestBadLines(t *testing.T) {
	const canary = "Jane Canary"
	good := `{"type":"user.created","source":"pms","data":{"role":"clinician"}}`
	for _, c := range []struct{ name, line, want string }{
		{"no JSON", canary, "not valid JSON"},
		{"no object", `"` + canary + `"`, "must be a JSON object"},
		{"unknown type", `{"type":"jane_canary.launched","source":"pms","data":{"x":"` + canary + `"}}`, "not registered"},
		{"missing type", `{"source":"pms","data":{"x":"` + canary + `"}}`, "type is required"},
		{"missing source", `{"type":"user.created","data":{"x":"` + canary + `"}}`, "source is required"},
		{"missing outcome", `{"type":"auth.login","source":"pms","data":{"reason":"` + canary + `"}}`, "data.outcome is required"},
		{"5 MiB event", `{"type":"user.created","source":"pms","data":{"x":"` + strings.Repeat(canary, 5<<20/len(canary)) + `"}}`, "larger"},
		{"10 MiB line", strings.Repeat(canary, 10<<20/len(canary)), "longer than 8 MiB"},
		{"wrong environment", `{"type":"user.created","source":"pms","environment":"janecanary","data":{}}`, "environment must be development"},
		{"dated 2099", `{"type":"user.created","source":"pms","time":"2099-01-01T00:00:00Z"}`, "time must not lie more than"},
		{"wrong kind", `{"type":"user.created","source":"pms","kind":"auth"}`, "kind must be crud"},
		{"not UTF-8", "{\"type\":\"user.created\",\"source\":\"pms\",\"data\":{\"x\":\"Jane\xff\"}}", "UTF-8"},
		{"too deep", `{"type":"user.created","source":"pms","data":{"x":` + strings.Repeat("[", 9000) + strings.Repeat("]", 9000) + `}}`, "deep"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, lake := runPipeline(t, good+"\n"+c.line+"\n\n"+good+"\n", "-input", "-")
			if r.err != nil || r.Published != 2 || r.Rejected != 1 || r.Written != 2 {
				t.Errorf("%+v %v", r.summary, r.err)
			}
			if !strings.HasPrefix(r.stderr, "line 2 refused: ") || !strings.Contains(r.stderr, c.want) {
				t.Errorf("stderr lacks %q: %.300s", c.want, r.stderr)
			}
			if low := strings.ToLower(r.stderr + r.stdout); strings.Contains(low, "canary") || strings.Contains(low, "jane") {
				t.Errorf("the input is quoted: %.300s", r.stderr)
			}
			if rows := readLake(t, lake); len(rows) != 2 {
				t.Errorf("%d rows, want the two good ones", len(rows))
			}
		})
	}
}

// What the bus had already is acknowledged, told of, and not written again.
func TestDuplicates(t *testing.T) {
	line := `{"specversion":"1.0","id":"a1","source":"pms","type":"user.created"}` + "\n"
	r, _ := runPipeline(t, line+line+strings.Replace(line, "a1", "a2", 1), "-input", "-")
	if r.err != nil || r.Published != 3 || r.Duplicates != 1 || r.Written != 2 {
		t.Errorf("%+v %v", r.summary, r.err)
	}
}

func TestStrict(t *testing.T) {
	good := `{"type":"user.created","source":"pms"}`
	for _, bad := range []string{"bad", `{"type":"no.such","source":"pms"}`, `{"type":"user.created","source":"pms","time":"9999-01-01T00:00:00Z"}`} {
		r, lake := runPipeline(t, good+"\n"+bad+"\n"+good+"\n", "-input", "-", "-strict")
		if r.err == nil || !strings.Contains(r.err.Error(), "line 2") {
			t.Errorf("got %v", r.err)
		}
		if len(readLake(t, lake)) != 1 || r.Published != 1 {
			t.Errorf("not just what came before the bad line is published, and in the lake: %+v", r.summary)
		}
	}
}

func TestLimit(t *testing.T) {
	r, _ := runPipeline(t, "bad\n"+strings.Repeat(`{"type":"user.created","source":"pms"}`+"\n", 10), "-input", "-", "-n", "3")
	if r.err != nil || r.Published != 3 || r.Rejected != 1 {
		t.Errorf("%+v %v", r.summary, r.err)
	}
	for _, args := range [][]string{{"-n", "0"}, {"-n", "0", "-input", "-"}} {
		if r, _ := runPipeline(t, `{"type":"user.created","source":"pms"}`, args...); r.err != nil || r.Published != 0 || r.Objects != 0 {
			t.Errorf("%q: %+v %v", args, r.summary, r.err)
		}
	}
}

// Lines are read no further ahead than a bounded number of bytes, and nobody reads
// on once the input is closed.
func TestInputIsReadAsItIsTaken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // it ends when all goroutines have
		line := `{"type":"user.created","source":"pms","data":{"x":"` + strings.Repeat("x", 1<<20) + `"}}` + "\n"
		const lines = 200
		var read atomic.Int64
		rest := strings.Repeat(line, lines)
		in, err := openInput(options{input: "-", format: "events", n: -1}, readerFunc(func(p []byte) (int, error) {
			n := copy(p, rest)
			rest = rest[n:]
			read.Add(int64(n))
			if n == 0 {
				return 0, io.EOF
			}
			return n, nil
		}))
		if err != nil {
			t.Fatal(err)
		}
		for range 3 {
			if _, _, err := in.next(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		synctest.Wait()
		if n := read.Load(); n > 2*maxQueued {
			t.Errorf("%d bytes were read", n)
		}
		in.close()
	})
}

// A readerFunc is a reader.
type readerFunc func(p []byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

// Windows programs begin a file with a byte order mark.
func TestByteOrderMark(t *testing.T) {
	good := `{"type":"user.created","source":"pms"}` + "\r\n"
	if r, _ := runPipeline(t, "\uFEFF"+good+good, "-input", "-"); r.err != nil || r.Published != 2 {
		t.Errorf("%+v %v\n%s", r.summary, r.err, r.stderr)
	}
	if r, _ := runPipeline(t, good+"\uFEFF"+good, "-input", "-"); r.err != nil || r.Published != 1 || r.Rejected != 1 {
		t.Errorf("within the input it is no JSON: %+v %v", r.summary, r.err)
	}
}

func TestUsage(t *testing.T) {
	for _, args := range [][]string{{"-format", "xml"}, {"-profile", "none"}, {"-n", "-1"}, {"-format", "fhir"}, {"surplus"}, {"-no-such-flag"}} {
		var stderr bytes.Buffer
		if err := run(t.Context(), args, noEnv, nil, &bytes.Buffer{}, &stderr); !errors.Is(err, setup.ErrUsage) || stderr.Len() == 0 {
			t.Errorf("%v: %v, %q", args, err, stderr.String())
		}
	}
	if err := run(t.Context(), []string{"-h"}, noEnv, nil, &bytes.Buffer{}, &bytes.Buffer{}); !errors.Is(err, flag.ErrHelp) {
		t.Errorf("-h: %v", err)
	}
}

// Outside development nothing is made up: no key, no embedded Redis, no lake, no
// practice day.
func TestConfigurationOutsideDevelopment(t *testing.T) {
	env := map[string]string{"ENVIRONMENT": "production"}
	try := func() error {
		return run(t.Context(), []string{"-lake", t.TempDir()}, func(k string) string { return env[k] }, nil, &bytes.Buffer{}, &bytes.Buffer{})
	}
	if err := try(); err == nil || !strings.Contains(err.Error(), "CAREBUS_KEY") {
		t.Errorf("no key: %v", err)
	}
	env["CAREBUS_KEY"] = "c2hvcnQ="
	if err := try(); err == nil || !strings.Contains(err.Error(), "32") || strings.Contains(err.Error(), "c2hvcnQ") {
		t.Errorf("short key: %v", err)
	}
	env["CAREBUS_KEY"] = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="
	if err := try(); err == nil || !strings.Contains(err.Error(), "REDIS_URL") {
		t.Errorf("no Redis: %v", err)
	}
	env["REDIS_URL"] = redistest.Mini(t)
	if err := try(); err == nil || !strings.Contains(err.Error(), "-input") {
		t.Errorf("nothing to publish: %v", err)
	}
	t.Chdir(t.TempDir())
	err := run(t.Context(), []string{"-n", "1"}, func(k string) string { return env[k] }, nil, &bytes.Buffer{}, &bytes.Buffer{})
	if made, _ := os.ReadDir("."); err == nil || !strings.Contains(err.Error(), "S3_BUCKET") || len(made) > 0 {
		t.Errorf("no lake: %v; it made %v", err, made)
	}
	if n, err := redistest.Client(t, env["REDIS_URL"]).DBSize(t.Context()).Result(); err != nil || n > 0 {
		t.Errorf("%d keys in Redis, %v", n, err)
	}
}

// A lake that can't be used keeps the run from starting: nothing is published.
func TestLakeAtStart(t *testing.T) {
	lake := t.TempDir()
	if err := os.WriteFile(filepath.Join(lake, ".carebus-tmp"), nil, 0o600); err != nil { // as good as read-only, to root too
		t.Fatal(err)
	}
	redis := redistest.Mini(t)
	err := run(t.Context(), []string{"-lake", lake, "-n", "1", "-redis", redis}, noEnv, nil, &bytes.Buffer{}, &bytes.Buffer{})
	if err == nil || !strings.Contains(err.Error(), "the lake can't be used") {
		t.Errorf("%v", err)
	}
	if n, err := redistest.Client(t, redis).DBSize(t.Context()).Result(); err != nil || n > 0 {
		t.Errorf("%d keys in Redis, %v", n, err)
	}
}

func TestRedisDownAtStart(t *testing.T) {
	began := time.Now()
	err := run(t.Context(), []string{"-lake", t.TempDir(), "-redis", "redis://:hunter2@127.0.0.1:1"}, noEnv, nil, &bytes.Buffer{}, &bytes.Buffer{})
	if err == nil || !strings.Contains(err.Error(), "127.0.0.1:1") || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("the error must name the address and not the password: %v", err)
	}
	if took := time.Since(began); took > 30*time.Second { // others are at work
		t.Errorf("took %v", took)
	}
}

func TestEntity(t *testing.T) {
	for in, want := range map[string]string{"Patient": "patient", "MedicationRequest": "medication_request"} {
		if got := entity(in); got != want {
			t.Errorf("entity(%s) = %s", in, got)
		}
	}
	r := schema.Catalogue()
	registerResources(r)
	for _, name := range resourceTypes {
		if _, ok := r.Lookup(entity(name) + ".created"); !ok {
			t.Errorf("%s has no type", name)
		}
	}
}

func TestDecodeResource(t *testing.T) {
	const canary = "Jane Canary"
	const patient = `{"resourceType":"Patient","id":"p-1","name":[{"family":"Canary"}]}`
	for _, c := range []struct{ name, line, subject, fault string }{
		{"a resource", patient, "patient/p-1", ""},
		{"of Windows", patient + "\r", "patient/p-1", ""},
		{"wrapped", `{"id":"x","resource":` + patient + `}`, "patient/p-1", ""},
		{"a Bundle", `{"resourceType":"Bundle","type":"batch","entry":[{"resource":` + patient + `}]}`, "", ""},
		{"an id that is none", `{"resourceType":"Patient","id":"` + canary + `"}`, "", ""},
		{"part of a resource", `{"resourceType":"Patient",`, "", "a whole resource"},
		{"a text in place of the resource", `{"id":"x","resource":"` + canary + `"}`, "", "must be an object"},
		{"several", "[" + patient + "]", "", "must be an object"},
		{"no type", `{"id":"` + canary + `"}`, "", "resourceType is required"},
		{"another type", `{"resourceType":"` + canary + `"}`, "", "a resource of FHIR R4"},
		{"a type of another release", `{"resourceType":"Transport"}`, "", "a resource of FHIR R4"},
	} {
		e, err := decodeResource([]byte(c.line))
		if c.fault == "" {
			if err != nil || e.Subject != c.subject || e.Type() == "" {
				t.Errorf("%s: %v, subject %q", c.name, err, e.Subject)
			}
		} else if err == nil || !strings.Contains(err.Error(), c.fault) || strings.Contains(err.Error(), "Canary") {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

func TestMain(m *testing.M) {
	if os.Getenv("CAREBUS_TEST_MAIN") == "1" { // the process tests run the command as this binary
		main()
		return
	}
	os.Exit(m.Run())
}

// A lake that doesn't answer is no silence of minutes.
func TestLakeAwayIsTold(t *testing.T) {
	for _, variable := range [...]string{"AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"} {
		t.Setenv(variable, filepath.Join(t.TempDir(), "none"))
	}
	t.Setenv("AWS_ACCESS_KEY_ID", "id")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "secret")
	var asked atomic.Int64
	store := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if asked.Add(1) > 1 { // it was there at the start
			w.WriteHeader(http.StatusForbidden)
			return
		}
		w.WriteHeader(http.StatusNotFound)
		fmt.Fprint(w, "<Error><Code>NoSuchKey</Code></Error>")
	}))
	defer store.Close()
	t.Setenv("AWS_ENDPOINT_URL_S3", store.URL)
	var stderr bytes.Buffer
	err := run(t.Context(), []string{"-json", "-lake", "s3://bucket", "-n", "1"}, noEnv, nil, &bytes.Buffer{}, &stderr)
	if err == nil || !strings.Contains(stderr.String(), "carrying stopped, will retry") {
		t.Errorf("%v: %q", err, stderr.String())
	}
}
