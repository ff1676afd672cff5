package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/carebus/carebus/etl"
	"github.com/carebus/carebus/etl/parquet"
	"github.com/carebus/carebus/eventbus"
	"github.com/carebus/carebus/eventbus/httpapi/apikey"
	"github.com/carebus/carebus/examples/internal/service"
	"github.com/carebus/carebus/examples/internal/setup"
	"github.com/carebus/carebus/internal/output"
	"github.com/carebus/carebus/internal/redistest"
	"github.com/carebus/carebus/internal/s3test"
	"github.com/carebus/carebus/phi"
	"github.com/carebus/carebus/phi/audit"
	"github.com/carebus/carebus/schema"
)

// A shell calls busctl with an environment of its own.
type shell struct {
	env   map[string]string
	stdin string
}

func newShell(t *testing.T, url string) *shell {
	t.Helper()
	return &shell{env: map[string]string{"REDIS_URL": url, "CAREBUS_AUDIT_DIR": filepath.Join(t.TempDir(), "audit"), "S3_BUCKET": ""}}
}

func (s *shell) call(t *testing.T, args ...string) (stdout, stderr string, err error) {
	t.Helper()
	var out, errs bytes.Buffer
	err = run(t.Context(), args, func(name string) string { return s.env[name] }, strings.NewReader(s.stdin), &out, &errs)
	if strings.Contains(out.String()+errs.String(), "\x1b[") {
		t.Errorf("%v: colours without a terminal", args)
	}
	return out.String(), errs.String(), err
}

// ok is call for what must succeed.
func (s *shell) ok(t *testing.T, args ...string) string {
	t.Helper()
	stdout, stderr, err := s.call(t, args...)
	if err != nil {
		t.Fatalf("%v: %v\n%s%s", args, err, stdout, stderr)
	}
	return stdout
}

// into is ok with -json, decoded.
func (s *shell) into(t *testing.T, v any, args ...string) {
	t.Helper()
	if stdout := s.ok(t, append(args, "-json")...); json.Unmarshal([]byte(stdout), v) != nil {
		t.Fatalf("%v: no JSON: %s", args, stdout)
	}
}

// openBus opens the bus that the shell's commands see.
func openBus(t *testing.T, url string) *eventbus.Bus {
	t.Helper()
	scrubber, err := phi.New(phi.Config{Key: audit.NewKey()})
	if err != nil {
		t.Fatal(err)
	}
	bus, err := eventbus.Open(t.Context(), eventbus.Config{URL: url, Environment: "development", Scrubber: scrubber})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { bus.Close() }) //nolint:errcheck // the test is over
	return bus
}

func publish(t *testing.T, bus *eventbus.Bus, types ...string) {
	t.Helper()
	registry := schema.Catalogue()
	for i, name := range types {
		e, err := registry.DecodeInput(fmt.Appendf(nil, `{"type":%q,"source":"pms/test","subject":"case/%d","data":{"name":"Ann Lee","outcome":"success"}}`, name, i))
		if err != nil {
			t.Fatal(err)
		}
		if err := bus.Publish(t.Context(), e); err != nil {
			t.Fatal(err)
		}
	}
}

func TestHelp(t *testing.T) {
	s := newShell(t, "")
	for _, cmd := range commands {
		_, stderr, err := s.call(t, append(strings.Fields(cmd.name), "-h")...)
		if !errors.Is(err, flag.ErrHelp) || !strings.Contains(stderr, "usage: busctl "+cmd.name) || !strings.Contains(stderr, cmd.summary) || !strings.Contains(stderr, "-json") {
			t.Errorf("%s -h: %v\n%s", cmd.name, err, stderr)
		}
	}
	for _, args := range [][]string{{"-h"}, {"help"}, {"dlq", "-h"}, {"keys", "--help"}} {
		stdout, _, err := s.call(t, args...)
		if !errors.Is(err, flag.ErrHelp) || !strings.Contains(stdout, "commands:") {
			t.Errorf("%v: %v\n%s", args, err, stdout)
		}
	}
	for _, args := range [][]string{
		{}, {"nonsense"}, {"dlq"}, {"status", "-nothing"}, {"status", "x"}, {"dlq", "nonsense"}, {"dlq", "show"}, {"dlq", "show", "x"}, {"dlq", "redrive"}, {"dlq", "purge", "-all"},
		// What must not be taken for a flag that wasn't given.
		{"dlq", "purge", "-yes", "-type", "note.signed", "-older", "-1h"}, {"dlq", "redrive", "-all", "-rate", "-1"}, {"dlq", "purge", "-yes", "-reason", "maxdeliver"},
		{"tail", "-last", "-5"}, {"tail", "-n", "-1"}, {"dlq", "list", "-n", "-1"}, {"dlq", "list", "-n", "0"},
		{"keys", "create", "-expires", "-1h"}, {"keys", "rotate", "key", "-overlap", "-1h"},
		{"keys", "revoke"}, {"keys", "rotate"}, {"audit", "init"}, {"audit", "prove"}, {"audit", "prove", "x"}, {"lake", "verify", "-retention-days", "-1"}, {"tail", "-severity", "x"}, {"tail", "-type", "X"}, {"ddl"},
		{"reshard"}, {"reshard", "0"}, {"reshard", "2000"}, {"reshard", "many"}, {"reshard", "2", "3"}, {"reshard", "2", "-wait", "0s"},
	} {
		if _, stderr, err := s.call(t, args...); !errors.Is(err, setup.ErrUsage) || stderr == "" {
			t.Errorf("%v: %v", args, err)
		}
	}
	if _, _, err := newShell(t, "").call(t, "status"); err == nil || !strings.Contains(err.Error(), "REDIS_URL") {
		t.Errorf("without Redis: %v", err)
	}
}

func TestStatusAndTail(t *testing.T) {
	redistest.Each(t, func(t *testing.T, url string) {
		s, bus := newShell(t, url), openBus(t, url)
		publish(t, bus, "user.created", "auth.lockout", "note.signed")
		if text := s.ok(t, "status"); !strings.Contains(text, "SHARD") || !strings.Contains(text, "no consumer groups") {
			t.Error(text)
		}
		var status struct {
			Connected bool
			Shards    []struct{ Length int }
		}
		if s.into(t, &status, "status"); !status.Connected || status.Shards[0].Length != 3 {
			t.Errorf("%+v", status)
		}

		text := s.ok(t, "tail", "-last", "3", "-n", "2")
		if !strings.Contains(text, "user.created") || !strings.Contains(text, "auth.lockout") || strings.Contains(text, "note.signed") || strings.Contains(text, "Ann") {
			t.Error(text)
		}
		if text := s.ok(t, "tail", "-last", "2", "-n", "1"); !strings.Contains(text, "auth.lockout") {
			t.Error(text)
		}
		if text := s.ok(t, "tail", "-last", "3", "-n", "1", "-severity", "high", "-full"); !strings.Contains(text, "auth.lockout") {
			t.Error(text)
		}
		if text := s.ok(t, "tail", "-last", "3", "-n", "1", "-type", "note.*", "-json"); !json.Valid([]byte(text)) || !strings.Contains(text, "note.signed") {
			t.Error(text)
		}
	})
}

// A stranger's event, which nobody has scrubbed, is scrubbed before it is shown.
// A consumer group may be a stranger's: its name isn't told, and so moves no cursor.
func TestStrangersGroup(t *testing.T) {
	redistest.Each(t, func(t *testing.T, url string) {
		s, bus := newShell(t, url), openBus(t, url)
		publish(t, bus, "user.created")
		c := redistest.Client(t, url)
		for _, group := range []string{"\x1b[2J", "two\nlines", "Ann Lee"} {
			if err := c.XGroupCreate(t.Context(), "carebus:{development.0}:events", group, "0").Err(); err != nil {
				t.Fatal(err)
			}
		}
		if text := s.ok(t, "status"); strings.Count(text, eventbus.Foreign) != 3 || strings.ContainsAny(text, "\x1b") || strings.Contains(text, "Ann") {
			t.Errorf("%q", text)
		}
	})
}

func TestGroupRemove(t *testing.T) {
	redistest.Each(t, func(t *testing.T, url string) {
		s, bus := newShell(t, url), openBus(t, url)
		publish(t, bus, "user.created")
		if err := redistest.Client(t, url).XGroupCreate(t.Context(), "carebus:{development.0}:events", "reports", "0").Err(); err != nil {
			t.Fatal(err)
		}
		if _, _, err := s.call(t, "group", "remove", "reports"); !errors.Is(err, setup.ErrUsage) {
			t.Errorf("without -yes: %v", err)
		}
		s.ok(t, "group", "remove", "reports", "-yes")
		if text := s.ok(t, "status"); strings.Contains(text, "reports") {
			t.Error(text)
		}
		if _, _, err := s.call(t, "group", "remove", "reports", "-yes"); !errors.Is(err, eventbus.ErrNoGroup) {
			t.Errorf("again: %v", err)
		}
	})
}

func TestTailScrubs(t *testing.T) {
	url := redistest.Start(t)
	s, bus := newShell(t, url), openBus(t, url)
	publish(t, bus, "user.created")
	client := redistest.Client(t, url)
	entry := client.XRange(t.Context(), "carebus:{development.0}:events", "-", "+").Val()[0].Values["event"].(string)
	stranger := strings.Replace(entry, `"data":{`, `"data":{"ssn":"078-05-1120",`, 1)
	if err := client.XAdd(t.Context(), &redis.XAddArgs{Stream: "carebus:{development.0}:events", Values: []any{"event", stranger}}).Err(); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"-full"}, {"-json"}} {
		text := s.ok(t, append([]string{"tail", "-last", "1", "-n", "1"}, args...)...)
		if !strings.Contains(text, `"ssn"`) || strings.Contains(text, "078-05-1120") {
			t.Error(text)
		}
	}
}

// What is published to shards that came while it runs is shown, too.
func TestTailFollowsAReshard(t *testing.T) {
	redistest.Each(t, func(t *testing.T, url string) {
		s, bus := newShell(t, url), openBus(t, url)
		publish(t, bus, "user.created")
		var out output.Buffer
		ctx, stop := context.WithTimeout(t.Context(), time.Minute)
		defer stop()
		done := make(chan error, 1)
		go func() {
			done <- run(ctx, []string{"tail", "-last", "1", "-n", "9"}, func(name string) string { return s.env[name] }, nil, &out, io.Discard)
		}()
		redistest.Wait(t, "the first event", func() bool { return strings.Contains(out.String(), "user.created") })
		if err := bus.Reshard(t.Context(), 4); err != nil {
			t.Fatal(err)
		}
		publish(t, bus, slices.Repeat([]string{"note.signed"}, 8)...)
		if err := <-done; err != nil {
			t.Fatal(err)
		}
		if status, err := bus.Status(t.Context()); err != nil || strings.Count(out.String(), "note.signed") != 8 || status.Shards[0].Length > 7 {
			t.Errorf("%v\n%s", err, out.String())
		}
	})
}

func TestReshard(t *testing.T) {
	redistest.Each(t, func(t *testing.T, url string) {
		s := newShell(t, url)
		if _, _, err := s.call(t, "reshard", "3"); err == nil || !strings.Contains(err.Error(), "nothing has opened") {
			t.Errorf("without a bus: %v", err)
		}
		if keys := redistest.Client(t, url).Keys(t.Context(), "*").Val(); len(keys) > 0 {
			t.Errorf("it made %v", keys)
		}
		bus := openBus(t, url)
		publish(t, bus, "user.created")
		var got struct{ Shards, Was int }
		for _, was := range []int{1, 3} { // the second time, nothing is to be done
			if s.into(t, &got, "reshard", "3"); got.Shards != 3 || got.Was != was {
				t.Errorf("%+v", got)
			}
		}
		if status, err := bus.Status(t.Context()); err != nil || status.Spread != 3 || status.Epoch != 2 {
			t.Errorf("%+v, %v", status, err)
		}
		if text := s.ok(t, "reshard", "2"); !strings.Contains(text, "over 2 shards") {
			t.Error(text)
		}
		// A group that is behind keeps all as it was.
		client := redistest.Client(t, url)
		if err := client.XGroupCreate(t.Context(), "carebus:{development.0}:events", "slow", "0").Err(); err != nil {
			t.Fatal(err)
		}
		if _, _, err := s.call(t, "reshard", "5", "-wait", "2s"); !errors.Is(err, eventbus.ErrNotDrained) || !strings.Contains(err.Error(), "group slow in shard 0") {
			t.Errorf("%v", err)
		}
		if status, err := bus.Status(t.Context()); err != nil || status.Spread != 2 {
			t.Errorf("%+v, %v", status, err)
		}
		var trail struct {
			OK      bool
			Actions map[audit.Action]int
		}
		if s.into(t, &trail, "audit", "verify", "-audit", filepath.Join(s.env["CAREBUS_AUDIT_DIR"], "operator")); !trail.OK || trail.Actions[audit.Reshard] != 4 {
			t.Errorf("%+v", trail)
		}
	})
}

// deadLetters publishes events that a group gives up.
func deadLetters(t *testing.T, bus *eventbus.Bus, types ...string) {
	t.Helper()
	publish(t, bus, types...)
	consumer, err := bus.Subscribe(eventbus.ConsumerConfig{Group: "reminders", Block: 10 * time.Millisecond, MinIdle: 200 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithTimeout(t.Context(), 2*time.Minute)
	defer stop()
	seen := 0
	err = consumer.Run(ctx, eventbus.HandlerFunc(func(_ context.Context, events []schema.Envelope) error {
		if seen += len(events); seen >= len(types) {
			stop()
		}
		return eventbus.Permanent(errors.New("no"))
	}))
	if err != nil || seen != len(types) {
		t.Fatalf("%d of %d, %v", seen, len(types), err)
	}
}

func TestDeadLetters(t *testing.T) {
	redistest.Each(t, func(t *testing.T, url string) {
		s, bus := newShell(t, url), openBus(t, url)
		if text := s.ok(t, "dlq", "list"); text != "no dead letters\n" {
			t.Error(text)
		}
		deadLetters(t, bus, "user.created", "user.created", "note.signed")
		var list []letterJSON
		if s.into(t, &list, "dlq", "list"); len(list) != 3 || list[0].Group != "reminders" || list[0].Reason != eventbus.ReasonPermanent {
			t.Fatalf("%+v", list)
		}
		if text := s.ok(t, "dlq", "list", "-type", "note.signed", "-n", "9"); strings.Count(text, "\n") != 2 || !strings.Contains(text, list[2].ID) {
			t.Error(text)
		}
		if text := s.ok(t, "dlq", "show", list[0].ID); !strings.Contains(text, "permanent") || !strings.Contains(text, `"type":"user.created"`) || strings.Contains(text, "Ann") {
			t.Error(text)
		}
		var shown letterJSON
		if s.into(t, &shown, "dlq", "show", list[0].ID); shown.Event == nil || shown.ID != list[0].ID {
			t.Errorf("%+v", shown)
		}
		if _, _, err := s.call(t, "dlq", "show", "0:1-1"); !errors.Is(err, eventbus.ErrNoLetter) {
			t.Errorf("got %v", err)
		}
		if _, _, err := s.call(t, "dlq", "redrive", "7:1-1"); err == nil {
			t.Error("a shard that isn't there")
		}

		var redriven struct{ Redriven, Gone int }
		if s.into(t, &redriven, "dlq", "redrive", "-all", "-dry-run"); redriven.Redriven != 3 {
			t.Errorf("%+v", redriven)
		}
		if s.into(t, &redriven, "dlq", "redrive", list[0].ID); redriven.Redriven != 1 {
			t.Errorf("%+v", redriven)
		}
		if s.into(t, &redriven, "dlq", "redrive", "-type", "note.signed"); redriven.Redriven != 1 {
			t.Errorf("%+v", redriven)
		}
		var purged struct{ Purged int }
		if s.into(t, &purged, "dlq", "purge", "-older", "1h", "-yes"); purged.Purged != 0 {
			t.Errorf("%+v", purged)
		}
		if s.into(t, &purged, "dlq", "purge", "-group", "reminders", "-yes"); purged.Purged != 1 {
			t.Errorf("%+v", purged)
		}

		// A name that the trail refuses doesn't keep the change out of it.
		if s.into(t, &purged, "dlq", "purge", "-group", "phi_reports", "-yes"); purged.Purged != 0 {
			t.Errorf("%+v", purged)
		}

		// What was changed is in the operators' trail; what was only tried is not.
		var trail struct {
			OK      bool
			Actions map[audit.Action]int
		}
		if s.into(t, &trail, "audit", "verify", "-audit", filepath.Join(s.env["CAREBUS_AUDIT_DIR"], "operator")); !trail.OK || trail.Actions[audit.Redrive] != 2 || trail.Actions[audit.Purge] != 3 {
			t.Errorf("%+v", trail)
		}
	})
}

func TestKeys(t *testing.T) {
	redistest.Each(t, func(t *testing.T, url string) {
		s := newShell(t, url)
		s.env["ENVIRONMENT"] = "development"
		testKeys(t, s, service.NewRedisKeys(redistest.Client(t, url), "development"))
	})
	t.Run("file", func(t *testing.T) {
		s := newShell(t, "")
		s.env["CAREBUS_API_KEYS_FILE"] = filepath.Join(t.TempDir(), "keys.json")
		testKeys(t, s, apikey.NewFile(s.env["CAREBUS_API_KEYS_FILE"]))
	})
}

func testKeys(t *testing.T, s *shell, store apikey.Store) {
	auth := apikey.NewAuthenticator(store, nil, nil)
	works := func(text string) bool {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Header.Set("Authorization", "Bearer "+text)
		_, err := auth.Authenticate(r)
		return err == nil
	}
	if text := s.ok(t, "keys", "list"); !strings.Contains(text, "no keys") {
		t.Error(text)
	}
	text := strings.TrimSpace(s.ok(t, "keys", "create", "-label", "intake forms", "-scopes", "publish,read", "-types", "intake.*"))
	if !works(text) {
		t.Fatalf("the key does not work: %s", text)
	}
	if _, _, err := s.call(t, "keys", "create", "-scopes", "root"); err == nil {
		t.Error("an unknown scope was accepted")
	}
	var next struct{ ID, Key string }
	s.into(t, &next, "keys", "rotate", strings.Split(text, "_")[1], "-overlap", "1h")
	if !works(next.Key) || !works(text) {
		t.Error("the overlap does not work")
	}
	if got := s.ok(t, "keys", "revoke", next.ID); got != "revoked\n" || works(next.Key) {
		t.Error("a revoked key works")
	}
	if _, _, err := s.call(t, "keys", "revoke", "nothing"); !errors.Is(err, apikey.ErrNoKey) {
		t.Errorf("got %v", err)
	}
	list := s.ok(t, "keys", "list")
	if !strings.Contains(list, "intake forms") || !strings.Contains(list, "revoked") || strings.Contains(list, text) {
		t.Error(list)
	}
	var all []map[string]any
	if s.into(t, &all, "keys", "list"); len(all) != 2 || all[0]["hash"] != "" {
		t.Errorf("%v", all)
	}
	var trail struct{ Actions map[audit.Action]int }
	s.into(t, &trail, "audit", "verify", "-audit", filepath.Join(s.env["CAREBUS_AUDIT_DIR"], "operator"))
	if trail.Actions[audit.KeyCreate] != 2 || trail.Actions[audit.KeyRotate] != 1 || trail.Actions[audit.KeyRevoke] != 2 {
		t.Errorf("%+v", trail)
	}
}

func TestAudit(t *testing.T) {
	s := newShell(t, "")
	dir := s.env["CAREBUS_AUDIT_DIR"]
	var made struct {
		AuditorKey string `json:"auditor_key"`
		Verifier   string
	}
	s.into(t, &made, "audit", "init", "-origin", "example.com/practice")
	if _, _, err := s.call(t, "audit", "init", "-origin", "example.com/practice"); err == nil {
		t.Error("a trail was overwritten")
	}
	empty := func() {
		t.Helper()
		for _, args := range [][]string{{"audit", "verify"}, {"audit", "verify", "-json"}} {
			if stdout, _, err := s.call(t, args...); !errors.Is(err, errNotWell) || strings.Contains(stdout, "intact") || strings.Contains(stdout, `"ok":true`) {
				t.Errorf("a trail without records: %v\n%s", err, stdout)
			}
		}
	}
	empty()
	signer, err := service.AuditSigner(dir, func(string) string { return "" })
	if err != nil {
		t.Fatal(err)
	}
	l, err := audit.Open(audit.Config{Dir: dir, Signer: signer})
	if err != nil {
		t.Fatal(err)
	}
	for range 9 {
		if err := l.Append(audit.Record{Action: audit.Publish, Outcome: audit.OK, Object: "user.created"}); err != nil {
			t.Fatal(err)
		}
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	if text := s.ok(t, "audit", "verify"); !strings.Contains(text, "intact") || !strings.Contains(text, "CAREBUS_AUDIT_KEY") || !strings.Contains(text, "records 11 (11 signed)") {
		t.Error(text)
	}
	s.env["CAREBUS_AUDIT_KEY"] = made.AuditorKey
	s.env["CAREBUS_AUDIT_VERIFIER"] = made.Verifier
	if text := s.ok(t, "audit", "verify", "-max-age", "1h"); !strings.Contains(text, "with the auditor's key") {
		t.Error(text)
	}

	s.stdin = s.ok(t, "audit", "prove", "4")
	if text := s.ok(t, "audit", "check"); !strings.Contains(text, "in the trail example.com/practice: 4 ") {
		t.Error(text)
	}
	s.stdin = strings.Replace(s.stdin, "index 4", "index 5", 1)
	if _, _, err := s.call(t, "audit", "check"); err == nil {
		t.Error("a forged proof passes")
	}

	segment := filepath.Join(dir, "00000000000000000000.jsonl")
	b, err := os.ReadFile(segment)
	if err != nil {
		t.Fatal(err)
	}
	lines := bytes.SplitAfter(b, []byte("\n"))
	lines[6] = bytes.Replace(lines[6], []byte("user.created"), []byte("user.deleted"), 1)
	if err := os.WriteFile(segment, bytes.Join(lines, nil), 0o600); err != nil {
		t.Fatal(err)
	}
	stdout, _, err := s.call(t, "audit", "verify")
	if !errors.Is(err, errNotWell) || !strings.Contains(stdout, "TAMPERED: audit: record 6 ") {
		t.Errorf("%v\n%s", err, stdout)
	}
	stdout, _, err = s.call(t, "audit", "verify", "-json")
	var report struct {
		OK  bool
		Bad struct{ Seq, Line int }
	}
	if jerr := json.Unmarshal([]byte(stdout), &report); jerr != nil || !errors.Is(err, errNotWell) || report.OK || report.Bad.Seq != 6 || report.Bad.Line != 7 {
		t.Errorf("%v, %v\n%s", err, jerr, stdout)
	}
	if err := errors.Join(os.Remove(segment), os.Remove(strings.TrimSuffix(segment, ".jsonl")+".checkpoints")); err != nil {
		t.Fatal(err)
	}
	empty()
}

func TestLake(t *testing.T) {
	url := redistest.Start(t)
	s, bus := newShell(t, url), openBus(t, url)
	publish(t, bus, "user.created", "note.signed")
	dir := t.TempDir()
	sink, err := etl.Dir(dir)
	if err != nil {
		t.Fatal(err)
	}
	pipeline, err := etl.New(etl.Config{Logs: etl.Logs(bus.Logs()), Sink: sink, Environment: "development", Scrubber: etl.ScrubFunc(func(dst, event []byte) ([]byte, error) { return append(dst, event...), nil })})
	if err != nil {
		t.Fatal(err)
	}
	if err := pipeline.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	var v struct {
		OK   bool
		Logs map[string]etl.Verification
	}
	if s.into(t, &v, "lake", "verify", "-lake", dir); !v.OK || v.Logs["0"].Rows != 2 || v.Logs["0"].Objects != 2 {
		t.Errorf("%+v", v)
	}
	if text := s.ok(t, "lake", "verify", "-lake", dir); !strings.Contains(text, "intact") {
		t.Error(text)
	}
	var object string
	err = filepath.WalkDir(filepath.Join(dir, "events"), func(path string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			object = path
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	body, err := os.ReadFile(object)
	if err != nil {
		t.Fatal(err)
	}
	double := filepath.Join(filepath.Dir(object), "copy-of-"+filepath.Base(object))
	if err := os.WriteFile(double, body, 0o600); err != nil {
		t.Fatal(err)
	}
	if stdout, _, err := s.call(t, "lake", "verify", "-lake", dir); !errors.Is(err, errNotWell) || !strings.Contains(stdout, "BAD") || !strings.Contains(stdout, filepath.Base(double)) {
		t.Errorf("%v\n%s", err, stdout)
	}
	if stdout, _, err := s.call(t, "lake", "verify", "-json", "-lake", dir); !errors.Is(err, errNotWell) || !strings.Contains(stdout, `"strays"`) {
		t.Errorf("%v\n%s", err, stdout)
	}
	if err := errors.Join(os.Remove(double), os.Remove(object)); err != nil {
		t.Fatal(err)
	}
	if stdout, _, err := s.call(t, "lake", "verify", "-lake", dir); !errors.Is(err, errNotWell) || !strings.Contains(stdout, "BAD") || !strings.Contains(stdout, filepath.Base(object)) {
		t.Errorf("%v\n%s", err, stdout)
	}
}

// A lake is verified whatever its format, Parquet too, which etl by itself can't read.
func TestLakeVerifyParquet(t *testing.T) {
	url := redistest.Start(t)
	s, bus := newShell(t, url), openBus(t, url)
	publish(t, bus, "user.created")
	dir := t.TempDir()
	sink, err := etl.Dir(dir)
	if err != nil {
		t.Fatal(err)
	}
	pipeline, err := etl.New(etl.Config{
		Logs: etl.Logs(bus.Logs()), Sink: sink, Environment: "development", Encoder: parquet.Encoder(),
		Scrubber: etl.ScrubFunc(func(dst, event []byte) ([]byte, error) { return append(dst, event...), nil }),
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := pipeline.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	if text := s.ok(t, "lake", "verify", "-lake", dir); !strings.Contains(text, "intact") {
		t.Error(text)
	}
}

// What retention has taken is not missing.
func TestLakeVerifyAfterRetention(t *testing.T) {
	url := redistest.Start(t)
	s, bus := newShell(t, url), openBus(t, url)
	event := `{"specversion":"1.0","id":"1","source":"a","type":"user.created","time":"2024-01-15T14:03:22Z","kind":"crud","severity":"low","environment":"development","schemaversion":1,"dataclassification":"internal","data":{}}`
	if err := redistest.Client(t, url).Do(t.Context(), "XADD", "carebus:{development.0}:events", "1705327402123-0", "event", event).Err(); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	sink, err := etl.Dir(dir)
	if err != nil {
		t.Fatal(err)
	}
	pipeline, err := etl.New(etl.Config{Logs: etl.Logs(bus.Logs()), Sink: sink, Environment: "development", Scrubber: etl.ScrubFunc(func(dst, event []byte) ([]byte, error) { return append(dst, event...), nil })})
	if err != nil {
		t.Fatal(err)
	}
	if err := pipeline.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(filepath.Join(dir, "events")); err != nil {
		t.Fatal(err)
	}
	var v struct {
		OK   bool
		Logs map[string]etl.Verification
	}
	if s.into(t, &v, "lake", "verify", "-lake", dir, "-retention-days", "365"); !v.OK || v.Logs["0"].Expired != 1 {
		t.Errorf("%+v", v)
	}
	if text := s.ok(t, "lake", "verify", "-lake", dir, "-retention-days", "365"); !strings.Contains(text, "EXPIRED") || !strings.Contains(text, "intact") {
		t.Error(text)
	}
	for _, args := range [][]string{nil, {"-retention-days", "36500"}} { // until 1924
		if stdout, _, err := s.call(t, append([]string{"lake", "verify", "-lake", dir}, args...)...); !errors.Is(err, errNotWell) || !strings.Contains(stdout, "must be there") {
			t.Errorf("%v: %v\n%s", args, err, stdout)
		}
	}
}

// Every log of the lake is verified, and none is not well.
func TestLakeVerifyFindsTheLogs(t *testing.T) {
	s := newShell(t, "")
	dir := t.TempDir()
	sink, err := etl.Dir(dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.call(t, "lake", "verify", "-lake", dir); err == nil || !strings.Contains(err.Error(), "no plans of environment development") {
		t.Errorf("an empty lake: %v", err)
	}
	for _, log := range []string{"0", "2", "10"} {
		if err := sink.PutIfAbsent(t.Context(), etl.Object{Key: "plans/development/" + log + "/00000000000000000001.json", Body: []byte("no plan")}); err != nil {
			t.Fatal(err)
		}
	}
	stdout, _, err := s.call(t, "lake", "verify", "-lake", dir)
	if !errors.Is(err, errNotWell) || strings.Count(stdout, "BAD") != 3 || strings.Index(stdout, "log 2,") > strings.Index(stdout, "log 10,") {
		t.Errorf("%v\n%s", err, stdout)
	}
	nowhere := filepath.Join(dir, "nowhere")
	if _, _, err := s.call(t, "lake", "verify", "-lake", nowhere); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a lake that isn't there: %v", err)
	}
	if _, err := os.Stat(nowhere); !errors.Is(err, os.ErrNotExist) {
		t.Error("looking for a lake made it")
	}
}

// An operator's look neither makes an environment nor needs to know its shards.
func TestLookingMakesNoBus(t *testing.T) {
	redistest.Each(t, func(t *testing.T, url string) {
		s := newShell(t, url)
		if text := s.ok(t, "status"); !strings.Contains(text, "nothing has opened the bus of environment development") {
			t.Error(text)
		}
		scrubber, err := newScrubber()
		if err != nil {
			t.Fatal(err)
		}
		bus, err := eventbus.Open(t.Context(), eventbus.Config{URL: url, Environment: "development", Scrubber: scrubber, Shards: 3})
		if err != nil {
			t.Fatal(err)
		}
		defer bus.Close() //nolint:errcheck // the test is over
		var status struct{ Shards []struct{ Name string } }
		if s.into(t, &status, "status"); len(status.Shards) != 3 {
			t.Errorf("%+v", status)
		}
		for letter, known := range map[string]bool{"2:1-1": true, "3:1-1": false, "2:x": true} {
			if _, _, err := s.call(t, "dlq", "redrive", letter); errors.Is(err, eventbus.ErrNoLetter) != known || err == nil {
				t.Errorf("%s: %v", letter, err)
			}
		}
	})
}

func TestDDL(t *testing.T) {
	s := newShell(t, "")
	s.env["ENVIRONMENT"] = "staging"
	if text := s.ok(t, "ddl", "-location", "s3://my-lake/carebus", "-database", "practice"); !strings.Contains(text, "events_staging") || !strings.Contains(text, "projection.enabled") || strings.Count(text, ";\n") < 4 {
		t.Error(text)
	}
	// Tables outlive New Year's Eve by far: a year beyond their last has no rows, and no error.
	if text := s.ok(t, "ddl", "-location", "s3://my-lake"); !strings.Contains(text, fmt.Sprintf("'%d,%d'", time.Now().UTC().Year()-20, time.Now().UTC().Year()+15)) {
		t.Error(text)
	}
	var statements []struct{ Name, SQL string }
	if s.into(t, &statements, "ddl", "-lake", "s3://my-lake"); len(statements) < 4 {
		t.Errorf("%+v", statements)
	}
}

// diagnose calls doctor and returns its findings by name.
func (s *shell) diagnose(t *testing.T, args ...string) (map[string]finding, error) {
	t.Helper()
	stdout, stderr, err := s.call(t, append([]string{"doctor", "-json"}, args...)...)
	var report struct {
		OK       bool
		Findings []finding
	}
	if jerr := json.Unmarshal([]byte(stdout), &report); jerr != nil || report.OK == errors.Is(err, errNotWell) {
		t.Fatalf("%v, %v\n%s%s", err, jerr, stdout, stderr)
	}
	all := map[string]finding{}
	for _, f := range report.Findings {
		if f.Verdict != fine && f.Advice == "" {
			t.Errorf("%s is %s and nobody says what to do", f.Name, f.Verdict)
		}
		all[f.Name] = f
	}
	return all, err
}

// TestDoctorMakesNoLake: looking must not leave a directory behind that nobody
// named.
func TestDoctorMakesNoLake(t *testing.T) {
	s := newShell(t, redistest.Real(t).URL)
	t.Chdir(t.TempDir())
	if found, _ := s.diagnose(t); found["lake"].Verdict != warn {
		t.Errorf("%+v", found["lake"])
	}
	if _, err := os.Stat(setup.DefaultLake); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("Stat = %v, want no lake", err)
	}
}

// A development sink's Redis is within its process: that it can't be seen is no fault.
func TestDoctorOfDevelopment(t *testing.T) {
	s := newShell(t, "")
	t.Chdir(t.TempDir())
	found, _ := s.diagnose(t)
	if f := found["Redis"]; f.Verdict != warn || !strings.Contains(f.Found, "embedded") {
		t.Errorf("%+v", f)
	}
	for name, f := range found {
		if f.Verdict == fail {
			t.Errorf("%s: %+v", name, f)
		}
	}
	s.env["ENVIRONMENT"] = "production"
	if found, _ := s.diagnose(t); found["Redis"].Verdict != fail {
		t.Errorf("%+v", found["Redis"])
	}
}

func TestDoctor(t *testing.T) {
	server := redistest.Real(t, "--maxmemory", "200mb")
	s := newShell(t, server.URL)
	lake := t.TempDir()
	s.ok(t, "keys", "create")
	found, err := s.diagnose(t, "-lake", lake)
	if err != nil {
		t.Errorf("a healthy system: %v\n%+v", err, found)
	}
	for _, name := range []string{"Redis", "Redis version", "Redis eviction", "Redis persistence", "Redis memory", "Redis TLS", "clock skew", "lake", "lake read", "API keys", "schema drift", "dead letters"} {
		if found[name].Verdict != fine {
			t.Errorf("%s: %+v", name, found[name])
		}
	}

	// A sink that writes elsewhere takes events away from this lake.
	client := server.Client(t)
	if err := client.HSet(t.Context(), "carebus:{development.0}:lake", "plan", 7, "last", "1-0").Err(); err != nil {
		t.Fatal(err)
	}
	if found, err = s.diagnose(t, "-lake", lake); !errors.Is(err, errNotWell) || found["lake of the bus"].Verdict != fail {
		t.Errorf("%v, %+v", err, found["lake of the bus"])
	}
	plan := filepath.Join(lake, "plans/development/0/00000000000000000007.json")
	if err := os.MkdirAll(filepath.Dir(plan), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(plan, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if found, _ = s.diagnose(t, "-lake", lake); found["lake of the bus"].Verdict != fine {
		t.Errorf("%+v", found["lake of the bus"])
	}
	if found, _ = s.diagnose(t, "-lake", filepath.Join(lake, "typo")); found["lake"].Verdict != fail {
		t.Errorf("%+v", found["lake"])
	}
	if _, err := os.Stat(filepath.Join(lake, "typo")); err == nil {
		t.Error("looking made a lake")
	}

	if err := client.ConfigSet(t.Context(), "maxmemory-policy", "allkeys-lru").Err(); err != nil {
		t.Fatal(err)
	}
	if err := client.ConfigSet(t.Context(), "appendonly", "no").Err(); err != nil {
		t.Fatal(err)
	}
	event := `{"specversion":"1.0","id":"1","source":"a","type":"moon.landed","time":"2026-01-02T03:04:05Z","kind":"crud","severity":"low","environment":"development","schemaversion":1,"dataclassification":"internal","data":{}}`
	for _, e := range []string{event, strings.Replace(event, "moon.landed", "user.created", 1), strings.Replace(strings.Replace(event, "moon.landed", "user.created", 1), `"schemaversion":1`, `"schemaversion":99`, 1), "Ann Lee"} {
		if err := client.Do(t.Context(), "XADD", "carebus:{development.0}:events", "*", "event", e).Err(); err != nil {
			t.Fatal(err)
		}
	}
	found, err = s.diagnose(t, "-lake", lake)
	if !errors.Is(err, errNotWell) || found["Redis eviction"].Verdict != fail || found["Redis persistence"].Verdict != fail || found["schema drift"].Verdict != warn {
		t.Errorf("%v\n%+v", err, found)
	}
	if got := found["schema drift"].Found; !strings.HasPrefix(got, "3 of the last 4 events: 1 of unknown types, 1 of newer versions, 1 invalid") || strings.Contains(got, "moon") {
		t.Error(got)
	}
	s.env["ENVIRONMENT"] = "production"
	if found, _ = s.diagnose(t); found["lake"].Verdict != fail || !strings.Contains(found["lake"].Advice, "S3_BUCKET") {
		t.Errorf("no lake outside development: %+v", found["lake"])
	}
	if _, _, err := s.call(t, "lake", "verify"); err == nil || !strings.Contains(err.Error(), "S3_BUCKET") {
		t.Errorf("no lake outside development: %v", err)
	}
	s.env["ENVIRONMENT"] = "Production"
	for _, command := range [][]string{{"keys", "create"}, {"lake", "verify", "-lake", lake}, {"status"}, {"ddl", "-lake", "s3://my-lake"}} {
		if _, _, err := s.call(t, command...); err == nil || !strings.Contains(err.Error(), "ENVIRONMENT") || strings.Contains(err.Error(), "Production") {
			t.Errorf("%v in an environment that can't be: %v", command, err)
		}
	}
	if found, _ = s.diagnose(t, "-lake", lake); found["environment"].Verdict != fail {
		t.Errorf("an environment that can't be: %+v", found["environment"])
	}
	s.env["ENVIRONMENT"] = "production"
	found, _ = s.diagnose(t, "-lake", lake)
	if found["Redis TLS"].Verdict != fail || found["key of pseudonyms"].Verdict != fail {
		t.Errorf("outside development: %+v", found)
	}

	server.Stop(t)
	found, err = s.diagnose(t, "-lake", "/proc/nowhere")
	if !errors.Is(err, errNotWell) || found["Redis"].Verdict != fail || found["lake"].Verdict != fail {
		t.Errorf("%v\n%+v", err, found)
	}
	if text, _, _ := s.call(t, "doctor", "-lake", lake); !strings.Contains(text, "→") {
		t.Errorf("no advice: %s", text)
	}
}

// A lake that may not be written to is looked at all the same.
func TestDoctorMayNotWrite(t *testing.T) {
	server := s3test.Fake(t, func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodPut {
				w.WriteHeader(http.StatusForbidden)
				return
			}
			next.ServeHTTP(w, r)
		})
	})
	server.Setenv(t)
	url := redistest.Start(t)
	s, bus := newShell(t, url), openBus(t, url)
	publish(t, bus, "user.created")
	found, _ := s.diagnose(t, "-lake", "s3://"+server.Bucket)
	if f := found["lake"]; f.Verdict != fail || !strings.Contains(f.Advice, "doctor/probe.txt") || !strings.Contains(f.Advice, "access denied") {
		t.Errorf("%+v", f)
	}
	for _, name := range []string{"lake of the bus", "bucket encryption", "bucket public access", "bucket versioning", "bucket lifecycle"} {
		if found[name].Name == "" {
			t.Errorf("%s was not looked at", name)
		}
	}
}

func TestDoctorS3(t *testing.T) {
	server := s3test.Start(t)
	server.Setenv(t)
	s := newShell(t, redistest.Start(t))
	for name, value := range server.Env() {
		s.env[name] = value
	}
	found, _ := s.diagnose(t, "-lake", "s3://"+server.Bucket+"/carebus")
	for _, name := range []string{"lake", "lake read"} {
		if found[name].Verdict != fine {
			t.Errorf("%s: %+v", name, found[name])
		}
	}
	for _, name := range []string{"bucket encryption", "bucket public access", "bucket versioning", "bucket lifecycle"} {
		if found[name].Name == "" {
			t.Errorf("%s was not looked at", name)
		}
	}
}
