package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/carebus/carebus/eventbus"
	"github.com/carebus/carebus/eventbus/httpapi"
	"github.com/carebus/carebus/eventbus/httpapi/apikey"
	"github.com/carebus/carebus/examples/internal/service"
	"github.com/carebus/carebus/examples/internal/setup"
	"github.com/carebus/carebus/internal/redistest"
	"github.com/carebus/carebus/phi"
	"github.com/carebus/carebus/phi/audit"
	"github.com/carebus/carebus/schema"
)

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
