package httpapi_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/carebus/carebus/eventbus/httpapi"
	"github.com/carebus/carebus/internal/output"
	"github.com/carebus/carebus/phi/audit"
	"github.com/carebus/carebus/schema"
)

// A fakeBus is a bus in memory: it validates as the real one does and knows
// what was published before.
type fakeBus struct {
	registry *schema.Registry

	mu     sync.Mutex
	events []schema.Envelope
	known  map[string]string
	fail   error // of every publish
	refuse func(e schema.Envelope) error
	down   bool
	panics bool
}

func newFakeBus() *fakeBus {
	return &fakeBus{registry: schema.Catalogue(), known: map[string]string{}}
}

func (b *fakeBus) PublishBatch(_ context.Context, events []schema.Envelope) ([]httpapi.Receipt, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.panics {
		panic("a panic with " + canary)
	}
	if b.fail != nil {
		return nil, b.fail
	}
	receipts, errs := make([]httpapi.Receipt, len(events)), make(schema.BatchError, len(events))
	for i, e := range events {
		if errs[i] = b.registry.Complete(&e, schema.Defaults{Environment: "test"}); errs[i] != nil {
			continue
		}
		if b.refuse != nil {
			if errs[i] = b.refuse(e); errs[i] != nil {
				continue
			}
		}
		id := e.Source + " " + e.ID
		receipts[i] = httpapi.Receipt{ID: e.ID, StreamID: b.known[id], Duplicate: b.known[id] != ""}
		if receipts[i].StreamID == "" {
			b.events = append(b.events, e)
			receipts[i].StreamID = fmt.Sprintf("%d-0", len(b.events))
			b.known[id] = receipts[i].StreamID
		}
	}
	return receipts, errs.OrNil()
}

func (b *fakeBus) last() schema.Envelope {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.events) == 0 {
		return schema.Envelope{}
	}
	return b.events[len(b.events)-1]
}

func (b *fakeBus) BusStatus(context.Context) (httpapi.BusStatus, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.down {
		return httpapi.BusStatus{Environment: "test"}, errors.New("away")
	}
	lag := int64(3)
	return httpapi.BusStatus{
		Connected: true, Environment: "test", Eviction: "noeviction", Published: uint64(len(b.events)), Scrubbed: map[string]int{"name": 2},
		Shards: []httpapi.ShardStatus{{Name: "0", Length: int64(len(b.events)), Groups: []httpapi.GroupStatus{{Name: "reminders", Lag: &lag}}}},
	}, nil
}

// A fakeETL is a pipeline that only knows whether it runs.
type fakeETL struct {
	mu      sync.Mutex
	running bool
	fail    error
}

func (e *fakeETL) set(running bool) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.fail == nil {
		e.running = running
	}
	return e.fail
}

func (e *fakeETL) Start(context.Context) error { return e.set(true) }
func (e *fakeETL) Stop(context.Context) error  { return e.set(false) }

func (e *fakeETL) ETLStatus(context.Context) httpapi.ETLStatus {
	e.mu.Lock()
	defer e.mu.Unlock()
	s := httpapi.ETLStatus{State: "stopped", Environment: "test", Logs: []httpapi.LogStatus{{Log: "0", State: "stopped"}}}
	if e.running {
		s.State, s.Logs[0].State = "running", "idle"
	}
	return s
}

// A trail is an audit trail in memory.
type trail struct {
	mu      sync.Mutex
	records []audit.Record
	err     error

	onAppend func()
}

func (a *trail) Append(records ...audit.Record) error {
	if a.onAppend != nil {
		a.onAppend()
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.records = append(a.records, records...)
	return a.err
}

func (a *trail) Err() error {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.err
}

func (a *trail) of(action audit.Action) []audit.Record {
	a.mu.Lock()
	defer a.mu.Unlock()
	var found []audit.Record
	for _, r := range a.records {
		if r.Action == action {
			found = append(found, r)
		}
	}
	return found
}

// A fakeFeed gives what is sent to it.
type fakeFeed chan httpapi.LiveEvent

func (f fakeFeed) Follow(ctx context.Context, began func(), emit func(httpapi.LiveEvent)) error {
	began()
	for {
		select {
		case <-ctx.Done():
			return nil
		case e := <-f:
			emit(e)
		}
	}
}

// scrub takes the canary out of an event, and refuses one that says so, or panics.
func scrub(dst, event []byte) ([]byte, error) {
	if bytes.Contains(event, []byte("confusing")) {
		panic(string(event))
	}
	if bytes.Contains(event, []byte("unscrubbable")) {
		return nil, errors.New("it can't be scrubbed")
	}
	return append(dst, bytes.ReplaceAll(event, []byte(canary), []byte("[SSN]"))...), nil
}

// principals are whom the tests' tokens belong to.
var principals = map[string]httpapi.Principal{
	"all":     {Name: "key/all", Scopes: httpapi.Scopes},
	"publish": {Name: "key/publish", Scopes: []httpapi.Scope{httpapi.ScopePublish}},
	"read":    {Name: "key/read", Scopes: []httpapi.Scope{httpapi.ScopeRead}},
	"other":   {Name: "key/other", Scopes: httpapi.Scopes, Environment: "production"},
	"users":   {Name: "key/users", Scopes: httpapi.Scopes, Types: []string{"user.*"}},
	"slow":    {Name: "key/slow", Scopes: httpapi.Scopes, Rate: 0.001, Burst: 2},
}

// An api is a handler with fakes around it.
type api struct {
	*httpapi.Handler
	bus   *fakeBus
	etl   *fakeETL
	audit *trail
	feed  fakeFeed
	log   *output.Buffer
	ctx   context.Context // of the test

	mu      sync.Mutex
	revoked map[string]bool
	moved   map[string]string // tokens to environments
}

func newAPI(t testing.TB, change ...func(*httpapi.Config)) *api {
	t.Helper()
	a := &api{bus: newFakeBus(), etl: &fakeETL{}, audit: &trail{}, feed: make(fakeFeed), log: &output.Buffer{}, ctx: t.Context(), revoked: map[string]bool{}, moved: map[string]string{}}
	c := httpapi.Config{
		Auth: httpapi.AuthFunc(a.authenticate), Audit: a.audit, Environment: "test",
		Publisher: a.bus, Bus: a.bus, Registry: a.bus.registry, ETL: a.etl, Feed: a.feed, Scrubber: httpapi.ScrubFunc(scrub),
		Metrics: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/plain")
			io.WriteString(w, "up 1\n") //nolint:errcheck // a recorder
		}),
		Logger: slog.New(slog.NewJSONHandler(a.log, nil)),
	}
	for _, f := range change {
		f(&c)
	}
	h, err := httpapi.New(c)
	if err != nil {
		t.Fatal(err)
	}
	a.Handler = h
	return a
}

func (a *api) authenticate(r *http.Request) (httpapi.Principal, error) {
	token, err := httpapi.BearerToken(r)
	if err != nil {
		return httpapi.Principal{}, err
	}
	if token == "away" {
		return httpapi.Principal{}, errors.New("the store is away")
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	p, ok := principals[token]
	if !ok || a.revoked[token] {
		return p, &httpapi.AuthError{Reason: "unknown"}
	}
	if environment := a.moved[token]; environment != "" {
		p.Environment = environment
	}
	return p, nil
}

// move makes a token's principal belong to an environment.
func (a *api) move(token, environment string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.moved[token] = environment
}

func (a *api) revoke(token string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.revoked[token] = true
}

// A change alters a request before it is sent.
type change func(r *http.Request)

func as(token string) change { return header("Authorization", "Bearer "+token) }

func header(name, value string) change { return func(r *http.Request) { r.Header.Add(name, value) } }

// send sends a request with the token "all" and application/json, unless changed, and
// checks the answer against the OpenAPI document.
func (a *api) send(t testing.TB, method, target, body string, changes ...change) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for _, c := range changes {
		c(r)
	}
	if r.Header.Get("Authorization") == "" {
		as("all")(r)
	} else if r.Header.Get("Authorization") == "Bearer " {
		r.Header.Del("Authorization")
	}
	w := httptest.NewRecorder()
	a.ServeHTTP(w, r)
	conforms(t, r, w)
	return w
}

// want checks an answer's status and decodes its body into v, unless v is nil.
func want(t testing.TB, w *httptest.ResponseRecorder, status int, v any) {
	t.Helper()
	if w.Code != status {
		t.Fatalf("status %d, want %d: %s", w.Code, status, w.Body)
	}
	if v != nil {
		if err := json.Unmarshal(w.Body.Bytes(), v); err != nil {
			t.Fatalf("%v: %s", err, w.Body)
		}
	}
}

// problemName returns the name of a problem.
func problemName(w *httptest.ResponseRecorder) string {
	var p struct{ Type string }
	if json.Unmarshal(w.Body.Bytes(), &p) != nil {
		return ""
	}
	return strings.TrimPrefix(p.Type, "urn:carebus:problem:")
}

const goodBody = `{"type":"user.created","source":"pms/identity","subject":"user/42","data":{"role":"clinician"}}`

// watch opens live streams with a token, and waits until there are n of them.
func (a *api) watch(token string, n int) {
	for range n {
		r := httptest.NewRequestWithContext(a.ctx, http.MethodGet, "/api/events/stream", nil)
		r.Header.Set("Authorization", "Bearer "+token)
		go a.ServeHTTP(httptest.NewRecorder(), r)
	}
	for a.Watchers() < n {
		runtime.Gosched()
	}
}
