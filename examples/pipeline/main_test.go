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
	"time"

	"github.com/carebus/carebus/examples/internal/setup"
	"github.com/carebus/carebus/internal/redistest"
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

// What this run wrote and didn't publish, or the other way round, is explained.
func TestSummaryOnASharedBus(t *testing.T) {
	for _, c := range []struct {
		s      summary
		shared bool
	}{
		{summary{Published: 5, Duplicates: 1, Written: 3, Quarantined: 1}, false},
		{summary{Published: 5, Written: 7}, true},
		{summary{Published: 5, Written: 2}, true},
	} {
		var stdout bytes.Buffer
		if err := newReporter(&stdout, io.Discard, false, 0).end(c.s); err != nil {
			t.Fatal(err)
		}
		if got := strings.Contains(stdout.String(), "whoever published it"); got != c.shared {
			t.Errorf("%+v:\n%s", c.s, stdout.String())
		}
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
