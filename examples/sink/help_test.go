package main

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"

	"github.com/carebus/carebus/etl"
	"github.com/carebus/carebus/examples/internal/service"
	"github.com/carebus/carebus/internal/output"
	"github.com/carebus/carebus/phi/audit"
)

func noEnv(string) string { return "" }

// env is an environment of these variables.
func env(list ...string) func(string) string {
	return func(name string) string {
		for _, s := range list {
			if n, v, _ := strings.Cut(s, "="); n == name {
				return v
			}
		}
		return ""
	}
}

// A running is a sink in this process.
type running struct {
	url, key   string
	lake, dir  string
	stderr     *output.Buffer
	client     *http.Client
	cancel     context.CancelFunc
	done       chan error
	terminated bool
}

// start starts a sink on a free port, with folders of its own.
func start(t testing.TB, getenv func(string) string, args ...string) *running {
	t.Helper()
	r := &running{lake: t.TempDir(), dir: filepath.Join(t.TempDir(), "audit"), stderr: &output.Buffer{}, client: http.DefaultClient, done: make(chan error, 1)}
	o, err := parseFlags(append([]string{"-addr", "127.0.0.1:0", "-lake", r.lake, "-audit", r.dir}, args...), r.stderr)
	if err != nil {
		t.Fatal(err)
	}
	ready := make(chan string, 1)
	o.onListen = func(l net.Listener) { ready <- l.Addr().String() }
	ctx, cancel := context.WithCancel(context.Background())
	r.cancel = cancel
	go func() { r.done <- serve(ctx, o, getenv, r.stderr) }()
	t.Cleanup(func() { r.stop(t) })
	select {
	case addr := <-ready:
		r.url = "http://" + addr
	case err := <-r.done:
		r.terminated = true
		t.Fatalf("%v\n%s", err, r.stderr)
	case <-time.After(2 * time.Minute):
		t.Fatal("it does not serve")
	}
	for line := range strings.Lines(r.stderr.String()) {
		if key, ok := strings.CutPrefix(line, "api key: "); ok {
			r.key = strings.TrimSpace(key)
		}
	}
	return r
}

// stop ends it as SIGTERM does.
func (r *running) stop(t testing.TB) {
	t.Helper()
	if r.terminated {
		return
	}
	r.terminated = true
	r.cancel()
	select {
	case err := <-r.done:
		if err != nil {
			t.Errorf("%v\n%s", err, r.stderr)
		}
	case <-time.After(time.Minute):
		t.Error("it does not end")
	}
}

// stream opens the live stream, for a minute at most.
func (r *running) stream(t *testing.T, query string) io.Reader {
	t.Helper()
	ctx, end := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(end)
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, r.url+"/api/events/stream"+query, nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+r.key)
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { answer.Body.Close() }) //nolint:errcheck // it is read
	return answer.Body
}

func (r *running) call(t *testing.T, method, path, body string) (int, string) {
	t.Helper()
	request, err := http.NewRequest(method, r.url+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if r.key != "" {
		request.Header.Set("Authorization", "Bearer "+r.key)
	}
	if body != "" {
		request.Header.Set("Content-Type", "application/json")
	}
	answer, err := r.client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close() //nolint:errcheck // it is read
	b, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, string(b)
}

const patient = `{"type":"patient.created","kind":"crud","severity":"low","source":"pms/charts","subject":"patient/42","correlation_id":"c-1","data":{"name":"Ann Lee","email":"ann@example.com","phone":"617-555-0134"}}`

// rows returns all rows of a lake in a folder.
func rows(t *testing.T, lake string) string {
	t.Helper()
	var all strings.Builder
	err := filepath.WalkDir(filepath.Join(lake, "events"), func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		if err == nil {
			b, err = etl.Snappy().Decode(nil, b)
		}
		all.Write(b)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all.String()
}

// readUntil reads until the text comes and returns all that was read.
func readUntil(t *testing.T, in io.Reader, text string) string {
	t.Helper()
	var all strings.Builder
	buf := make([]byte, 4096)
	for !strings.Contains(all.String(), text) {
		n, err := in.Read(buf)
		all.Write(buf[:n])
		if err != nil {
			t.Fatalf("%v before %q came: %s", err, text, all.String())
		}
	}
	return all.String()
}

// verify verifies the audit trail in a folder.
func verify(t *testing.T, dir string) audit.Report {
	t.Helper()
	verifier, err := service.AuditVerifier(dir, noEnv)
	if err != nil {
		t.Fatal(err)
	}
	key, err := service.AuditorKey(dir, noEnv)
	if err != nil {
		t.Fatal(err)
	}
	report, err := audit.Verify(t.Context(), os.DirFS(dir), audit.VerifyConfig{Origin: verifier.Name(), Verifiers: note.VerifierList(verifier), Key: key})
	if err != nil {
		t.Fatal(err)
	}
	return report
}

func rowsIfAny(t *testing.T, lake string) string {
	t.Helper()
	if _, err := os.Stat(filepath.Join(lake, "events")); errors.Is(err, os.ErrNotExist) {
		return ""
	}
	return rows(t, lake)
}
