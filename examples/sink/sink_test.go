package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"

	"github.com/carebus/carebus/etl"
	"github.com/carebus/carebus/eventbus"
	"github.com/carebus/carebus/eventbus/httpapi"
	"github.com/carebus/carebus/eventbus/httpapi/apikey"
	"github.com/carebus/carebus/examples/internal/service"
	"github.com/carebus/carebus/examples/internal/setup"
	"github.com/carebus/carebus/internal/output"
	"github.com/carebus/carebus/internal/redistest"
	"github.com/carebus/carebus/phi"
	"github.com/carebus/carebus/phi/audit"
	"github.com/carebus/carebus/schema"
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

// TestServes goes through the contract with nothing but an empty environment.
func TestServes(t *testing.T) {
	r := start(t, noEnv)
	if r.key == "" || strings.Count(r.stderr.String(), "api key: ") != 1 {
		t.Fatalf("no key on standard error: %s", r.stderr)
	}
	for _, path := range []string{"/", "/healthz", "/readyz", "/metrics", "/api/events/openapi.json", "/api/events/types", "/api/events/bus/status", "/api/events/etl/status"} {
		if status, body := r.call(t, http.MethodGet, path, ""); status != http.StatusOK {
			t.Errorf("%s: %d %s", path, status, body)
		}
	}

	frames := r.stream(t, "?view=full")

	status, body := r.call(t, http.MethodPost, "/api/events/publish", patient)
	var got struct {
		ID       string
		StreamID string `json:"stream_id"`
	}
	if err := json.Unmarshal([]byte(body), &got); err != nil || status != http.StatusAccepted || got.ID == "" || got.StreamID == "" {
		t.Fatalf("%d %s", status, body)
	}
	if data := readUntil(t, frames, got.ID); strings.Contains(data, "Ann") || strings.Contains(data, "555-0134") {
		t.Errorf("the live stream holds PHI: %s", data)
	}
	for _, c := range []struct{ path, state string }{{"stop", "stopped"}, {"start", "running"}} {
		if status, body := r.call(t, http.MethodPost, "/api/events/etl/"+c.path, ""); status != http.StatusOK || !strings.Contains(body, `"state":"`+c.state+`"`) {
			t.Errorf("%s: %d %s", c.path, status, body)
		}
	}
	if _, body := r.call(t, http.MethodGet, "/metrics", ""); !strings.Contains(body, `messaging_client_sent_messages_total{messaging_operation_name="xadd",messaging_system="redis"} 1`) || !strings.Contains(body, `carebus_scrub_findings_total{carebus_phi_category="email",carebus_phi_policy="operational"} 1`) {
		t.Error(body)
	}
	r.stop(t) // drains: the batch is far from full

	all := rows(t, r.lake)
	if strings.Count(all, "\n") != 1 || !strings.Contains(all, got.ID) {
		t.Errorf("the lake: %s", all)
	}
	logs := r.stderr.String()
	for _, value := range []string{"Ann Lee", "ann@example.com", "617-555-0134"} {
		if strings.Contains(all, value) || strings.Contains(strings.ReplaceAll(logs, r.key, ""), value) {
			t.Errorf("%s got out", value)
		}
	}
	if strings.Count(logs, r.key) != 1 {
		t.Error("the key was printed more than once")
	}
	if strings.Contains(logs, `"level":"WARN"`) || strings.Contains(logs, `"level":"ERROR"`) {
		t.Errorf("it warns of what is its own: %s", strings.ReplaceAll(logs, r.key, ""))
	}
	for line := range strings.Lines(logs) {
		if !strings.HasPrefix(line, "api key: ") && !json.Valid([]byte(line)) {
			t.Errorf("a line of the log is no JSON: %s", line)
		}
	}

	report := verify(t, r.dir)
	for action, n := range map[audit.Action]uint64{audit.Publish: 1, audit.ReadStatus: 2, audit.ETLStop: 1, audit.ETLStart: 1, audit.ETLCommit: 1, audit.Scrub: 1, audit.KeyCreate: 1, audit.StreamOpen: 1, audit.StreamClose: 1} {
		if report.Actions[action] != n {
			t.Errorf("the audit trail has %d of %s, want %d", report.Actions[action], action, n)
		}
	}
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

// TestRestart: another process goes on with the bus, the keys and the audit trail.
func TestRestart(t *testing.T) {
	url := redistest.Start(t)
	keys := filepath.Join(t.TempDir(), "keys.json")
	getenv := env("REDIS_URL="+url, "CAREBUS_API_KEYS_FILE="+keys)
	first := start(t, getenv, "-stopped")
	if status, body := first.call(t, http.MethodPost, "/api/events/publish", patient); status != http.StatusAccepted {
		t.Fatalf("%d %s", status, body)
	}
	first.stop(t)
	if all := rowsIfAny(t, first.lake); all != "" {
		t.Errorf("a pipeline that was not started wrote %s", all)
	}
	second := start(t, getenv, "-lake", first.lake, "-audit", first.dir)
	if second.key != "" {
		t.Error("a key was made though there is one")
	}
	if !strings.Contains(second.stderr.String(), "busctl keys create") {
		t.Errorf("nobody says how to make another key: %s", second.stderr)
	}
	second.key = first.key
	if status, body := second.call(t, http.MethodGet, "/api/events/bus/status", ""); status != http.StatusOK || !strings.Contains(body, `"length":1`) {
		t.Errorf("%d %s", status, body)
	}
	second.stop(t)
	if all := rows(t, first.lake); strings.Count(all, "\n") != 1 {
		t.Errorf("the lake: %s", all)
	}
	verify(t, first.dir)
}

// TestFollowsAReshard: what another process publishes to new shards gets into the
// lake and the live stream of a sink that was there before.
func TestFollowsAReshard(t *testing.T) {
	redistest.Each(t, func(t *testing.T, url string) {
		r := start(t, env("REDIS_URL="+url), "-batch-age", "50ms")
		scrubber, err := phi.New(phi.Config{Key: audit.NewKey()})
		if err != nil {
			t.Fatal(err)
		}
		other, err := eventbus.Open(t.Context(), eventbus.Config{URL: url, Environment: setup.Development, Scrubber: scrubber})
		if err != nil {
			t.Fatal(err)
		}
		defer other.Close() //nolint:errcheck // the test is over
		frames := r.stream(t, "")

		if err := other.Reshard(t.Context(), 3); err != nil {
			t.Fatal(err)
		}
		events := make([]schema.Envelope, 16)
		for i := range events {
			events[i] = schema.Envelope{ID: schema.NewID(), Source: "pms/test", Subject: fmt.Sprintf("user/%d", i), Event: schema.CRUD{Entity: "user", Operation: schema.Created}}
		}
		if err := other.Publish(t.Context(), events...); err != nil {
			t.Fatal(err)
		}
		status, err := other.Status(t.Context())
		if err != nil || status.Shards[1].Length == 0 || status.Shards[2].Length == 0 {
			t.Fatalf("%+v, %v: the events are in one shard", status.Shards, err)
		}
		redistest.Wait(t, "the new shards in the lake", func() bool {
			_, body := r.call(t, http.MethodGet, "/api/events/etl/status", "")
			var s httpapi.ETLStatus
			return json.Unmarshal([]byte(body), &s) == nil && s.Rows == uint64(len(events)) && len(s.Logs) == 3
		})
		var seen strings.Builder
		for _, e := range events {
			for !strings.Contains(seen.String(), e.ID) {
				buf := make([]byte, 4096)
				n, err := frames.Read(buf)
				if seen.Write(buf[:n]); err != nil {
					t.Fatalf("%v before %s came: %s", err, e.ID, seen.String())
				}
			}
		}
	})
}

func rowsIfAny(t *testing.T, lake string) string {
	t.Helper()
	if _, err := os.Stat(filepath.Join(lake, "events")); errors.Is(err, os.ErrNotExist) {
		return ""
	}
	return rows(t, lake)
}

// TestRedisAway: what can't be acknowledged is answered 503, and the sink goes
// on when Redis is back.
func TestRedisAway(t *testing.T) {
	server := redistest.Real(t)
	r := start(t, env("REDIS_URL="+server.URL))
	server.Stop(t)
	if status, body := r.call(t, http.MethodPost, "/api/events/publish", patient); status != http.StatusServiceUnavailable || !strings.Contains(body, "bus-unavailable") && !strings.Contains(body, "auth-unavailable") {
		t.Errorf("%d %s", status, body)
	}
	if status, _ := r.call(t, http.MethodGet, "/readyz", ""); status != http.StatusServiceUnavailable {
		t.Errorf("ready without Redis: %d", status)
	}
	if status, _ := r.call(t, http.MethodGet, "/healthz", ""); status != http.StatusOK {
		t.Errorf("not alive without Redis: %d", status)
	}
	server.Restart(t)
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(20 * time.Millisecond) { // the server's own time
		status, body := r.call(t, http.MethodPost, "/api/events/publish", patient)
		if status == http.StatusAccepted {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("%d %s", status, body)
		}
	}
}

// A field that only its tag in the catalogue tells to be an identifier is scrubbed
// on the bus and in the lake.
func TestTagsCount(t *testing.T) {
	r := start(t, noEnv, "-batch-age", "10ms", "-profile", "safe_harbor")
	feed := r.stream(t, "?view=full")
	readUntil(t, feed, "event: hello")
	if status, body := r.call(t, http.MethodPost, "/api/events/publish", `{"type":"invoice.created","source":"pms/billing","data":{"number":"qxzvarn"}}`); status != http.StatusAccepted {
		t.Fatal(status, body)
	}
	if text := readUntil(t, feed, "}}\n\n"); !strings.Contains(text, `"number":`) || strings.Contains(text, "qxzvarn") {
		t.Errorf("on the bus: %s", text)
	}
	r.stop(t)
	if text := rows(t, r.lake); strings.Contains(text, "qxzvarn") {
		t.Errorf("in the lake: %s", text)
	}
}

// TestRevocationAtOnce revokes a key in another process's store.
func TestRevocationAtOnce(t *testing.T) {
	redistest.Each(t, func(t *testing.T, url string) {
		r := start(t, env("REDIS_URL="+url))
		if status, _ := r.call(t, http.MethodGet, "/api/events/types", ""); status != http.StatusOK {
			t.Fatalf("status %d", status)
		}
		store := service.NewRedisKeys(redistest.Client(t, url), "development")
		if err := apikey.Revoke(t.Context(), store, strings.Split(r.key, "_")[1], time.Now()); err != nil {
			t.Fatal(err)
		}
		if status, _ := r.call(t, http.MethodGet, "/api/events/types", ""); status != http.StatusUnauthorized {
			t.Errorf("status %d", status)
		}
	})
}

func TestAuditReplica(t *testing.T) {
	r := start(t, noEnv, "-audit-replica", "lake")
	r.call(t, http.MethodPost, "/api/events/publish", patient)
	r.stop(t)
	report := verify(t, r.dir)
	checkpoint := filepath.Join(r.lake, "audit/carebus.example/development/checkpoints", fmt.Sprintf("%020d", report.Records))
	if _, err := os.Stat(checkpoint); err != nil {
		t.Errorf("the trail's end is not in the copy: %v", err)
	}
}

func TestTwoSinksInDevelopment(t *testing.T) {
	t.Chdir(t.TempDir())
	first := start(t, noEnv, "-audit", "")
	second := start(t, noEnv, "-audit", "")
	for _, r := range []*running{first, second} {
		if status, body := r.call(t, http.MethodPost, "/api/events/publish", patient); status != http.StatusAccepted {
			t.Errorf("%d %s", status, body)
		}
	}
	third := &output.Buffer{}
	o, err := parseFlags([]string{"-addr", "127.0.0.1:0", "-lake", t.TempDir(), "-audit", "carebus-audit"}, third)
	if err != nil {
		t.Fatal(err)
	}
	if err := serve(t.Context(), o, noEnv, third); !errors.Is(err, audit.ErrLocked) {
		t.Errorf("a trail that was asked for: %v", err)
	}
}

func TestOutsideDevelopment(t *testing.T) {
	key := "CAREBUS_KEY=" + strings.Repeat("QUFB", 11)
	for name, c := range map[string]struct {
		env  []string
		want string
	}{
		"no key of pseudonyms": {[]string{"ENVIRONMENT=production"}, "CAREBUS_KEY"},
		"no Redis":             {[]string{"ENVIRONMENT=production", key}, "REDIS_URL"},
		"no audit trail":       {[]string{"ENVIRONMENT=production", key, "REDIS_URL=" + redistest.Mini(t)}, "busctl audit init"},
	} {
		var stderr bytes.Buffer
		err := run(t.Context(), []string{"-addr", "127.0.0.1:0", "-lake", t.TempDir(), "-audit", t.TempDir()}, env(c.env...), nil, io.Discard, &stderr)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	dir := t.TempDir()
	if _, err := service.CreateAudit(dir, "example.com/production"); err != nil {
		t.Fatal(err)
	}
	// No lake is made that nobody named.
	t.Chdir(t.TempDir())
	err := run(t.Context(), []string{"-addr", "127.0.0.1:0", "-audit", dir}, env("ENVIRONMENT=production", key, "REDIS_URL="+redistest.Mini(t)), nil, io.Discard, io.Discard)
	if _, stat := os.Stat(setup.DefaultLake); err == nil || !strings.Contains(err.Error(), "S3_BUCKET") || !errors.Is(stat, os.ErrNotExist) {
		t.Errorf("no lake: %v; stat %v", err, stat)
	}
	// No key is made outside development.
	r := start(t, env("ENVIRONMENT=production", key, "REDIS_URL="+redistest.Mini(t)), "-audit", dir)
	if r.key != "" {
		t.Error("a key was made")
	}
	if !strings.Contains(r.stderr.String(), "busctl keys create") {
		t.Errorf("nobody says how to make a key: %s", r.stderr)
	}
	if status, _ := r.call(t, http.MethodGet, "/api/events/types", ""); status != http.StatusUnauthorized {
		t.Errorf("status %d", status)
	}
}

// A lake that can't be used and won't mend itself keeps the sink from starting; one
// that is away is waited for.
func TestLakeAtStart(t *testing.T) {
	for _, variable := range [...]string{"AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"} {
		t.Setenv(variable, filepath.Join(t.TempDir(), "none"))
	}
	t.Setenv("AWS_REGION", "us-east-1")
	t.Setenv("AWS_ACCESS_KEY_ID", "id")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "secret")
	store := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		status, code := http.StatusNotFound, "NoSuchBucket"
		if strings.HasPrefix(r.URL.Path, "/denied/") {
			status, code = http.StatusForbidden, "AccessDenied"
		}
		w.WriteHeader(status)
		fmt.Fprintf(w, "<Error><Code>%s</Code><Message>m</Message></Error>", code)
	}))
	defer store.Close()
	t.Setenv("AWS_ENDPOINT_URL_S3", store.URL)
	for _, c := range []struct{ args, want string }{
		{"-lake s3://missing", "no such bucket"}, {"-lake s3://denied/prefix", "access denied"},
	} {
		var stderr bytes.Buffer
		args := append([]string{"-addr", "127.0.0.1:0", "-audit", t.TempDir()}, strings.Fields(c.args)...)
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second) // one that starts
		err := run(ctx, args, noEnv, nil, io.Discard, &stderr)
		cancel()
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(stderr.String(), "api key") {
			t.Errorf("%s: %v; %s", c.args, err, stderr.String())
		}
	}
	t.Setenv("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:1")
	var stderr output.Buffer
	o, err := parseFlags([]string{"-addr", "127.0.0.1:0", "-audit", t.TempDir(), "-lake", "s3://away", "-drain", "1ms"}, &stderr)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	served := false
	o.onListen = func(net.Listener) { served = true; cancel() }
	err = serve(ctx, o, noEnv, &stderr)
	if !served || !strings.Contains(stderr.String(), "is waited for") {
		t.Errorf("%v; %s", err, stderr.String())
	}
}

// A server that fails ends the sink, with what it has in hand in the lake: whoever
// supervises it starts it again.
func TestServerFails(t *testing.T) {
	var stderr output.Buffer
	o, err := parseFlags([]string{"-addr", "127.0.0.1:0", "-audit", t.TempDir(), "-lake", t.TempDir()}, &stderr)
	if err != nil {
		t.Fatal(err)
	}
	o.onListen = func(l net.Listener) { l.Close() } //nolint:errcheck // the test is of that
	done := make(chan error, 1)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	go func() { done <- serve(ctx, o, noEnv, &stderr) }()
	select {
	case err := <-done:
		if !errors.Is(err, net.ErrClosed) {
			t.Errorf("%v", err)
		}
	case <-time.After(30 * time.Second):
		t.Error("it neither serves nor ends")
		cancel()
		<-done
	}
}

func TestFlags(t *testing.T) {
	var stderr bytes.Buffer
	if err := run(t.Context(), []string{"-h"}, noEnv, nil, io.Discard, &stderr); !errors.Is(err, flag.ErrHelp) || !strings.Contains(stderr.String(), "-addr") {
		t.Errorf("%v %s", err, stderr.String())
	}
	for _, args := range [][]string{{"x"}, {"-profile", "none"}, {"-tls-cert", "a"}, {"-client-ca", "a"}, {"-nothing"}, {"-keep", "-1h"}, {"-drain", "0s"}, {"-batch-age", "-1s"}} {
		if err := run(t.Context(), args, noEnv, nil, io.Discard, io.Discard); !errors.Is(err, setup.ErrUsage) {
			t.Errorf("%v: %v", args, err)
		}
	}
}

func TestTranslate(t *testing.T) {
	for bus, api := range map[error]error{
		eventbus.ErrUnavailable: httpapi.ErrUnavailable, eventbus.ErrBusFull: httpapi.ErrFull, eventbus.ErrTooLarge: httpapi.ErrTooLarge,
		eventbus.ErrScrub: httpapi.ErrUnscrubbable, schema.ErrUnknownType: schema.ErrUnknownType,
	} {
		if got := translate(fmt.Errorf("x: %w", bus)); !errors.Is(got, api) || !errors.Is(got, bus) {
			t.Errorf("%v became %v", bus, got)
		}
	}
	if translate(nil) != nil {
		t.Error("nil became an error")
	}
}

// Who finds the port taken must not be shown a key, nor left folders of a sink
// that never was.
func TestPortTaken(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	t.Chdir(t.TempDir())
	var stderr output.Buffer
	err = run(t.Context(), []string{"-addr", taken.Addr().String()}, noEnv, nil, nil, &stderr)
	if err == nil || !strings.Contains(err.Error(), "-addr") || stderr.String() != "" {
		t.Errorf("%v\n%s", err, &stderr)
	}
	if left, err := os.ReadDir("."); err != nil || len(left) > 0 {
		t.Errorf("it left %v, %v", left, err)
	}
}

// A signal during the start is no failure either.
func TestStoppedWhileItStarts(t *testing.T) {
	deaf, err := net.Listen("tcp", "127.0.0.1:0") // takes connections and never answers
	if err != nil {
		t.Fatal(err)
	}
	defer deaf.Close()
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		if c, err := deaf.Accept(); err == nil {
			defer c.Close()
			cancel()
			<-t.Context().Done()
		}
	}()
	var stderr output.Buffer
	if err := run(ctx, []string{"-addr", "127.0.0.1:0", "-redis", "redis://" + deaf.Addr().String()}, noEnv, nil, nil, &stderr); err != nil {
		t.Errorf("%v\n%s", err, &stderr)
	}
}

// Events that end with the embedded Redis are a loss, which must be told as one.
func TestEmbeddedRedisThatCannotBeDrained(t *testing.T) {
	r := start(t, noEnv, "-drain", "2s")
	if status, body := r.call(t, "POST", "/api/events/publish", patient); status != http.StatusAccepted {
		t.Fatalf("%d %s", status, body)
	}
	if err := errors.Join(os.RemoveAll(r.lake), os.WriteFile(r.lake, nil, 0o600)); err != nil {
		t.Fatal(err)
	}
	r.terminated = true
	r.cancel()
	if err := <-r.done; err == nil || !strings.Contains(err.Error(), "the embedded Redis ends") {
		t.Errorf("%v\n%s", err, r.stderr)
	}
}
