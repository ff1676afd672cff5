package httpapi_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/carebus/carebus/eventbus/httpapi"
	"github.com/carebus/carebus/phi/audit"
	"github.com/carebus/carebus/schema"
)

type accepted struct {
	ID        string `json:"id"`
	StreamID  string `json:"stream_id"`
	Duplicate bool   `json:"duplicate"`
}

type batch struct {
	Accepted, Rejected int
	Results            []struct {
		accepted
		Problem *struct {
			Type   string
			Status int
			Errors []struct{ Field, Rule string }
		}
	}
}

func TestPublishOne(t *testing.T) {
	a := newAPI(t)
	var got accepted
	want(t, a.send(t, http.MethodPost, "/api/events/publish", goodBody, as("publish")), http.StatusAccepted, &got)
	e := a.bus.last()
	if got.ID != e.ID || got.StreamID != "1-0" || got.Duplicate {
		t.Errorf("%+v", got)
	}
	if e.Type() != "user.created" || e.Subject != "user/42" || e.Environment != "test" {
		t.Errorf("%+v", e)
	}
	records := a.audit.of(audit.Publish)
	if len(records) != 1 || !reflect.DeepEqual(records[0], audit.Record{Action: audit.Publish, Outcome: audit.OK, Actor: "key/publish", Object: "user.created", Count: 1}) {
		t.Errorf("the audit trail: %+v", records)
	}
}

// cloudEvent is the same event as a CloudEvents object.
const cloudEvent = `{"specversion":"1.0","id":"e1","source":"pms/identity","type":"user.created","subject":"user/42","time":"2026-01-02T03:04:05Z","datacontenttype":"application/json","schemaversion":1,"data":{"role":"clinician"}}`

// TestPublishModes publishes one and the same event in every form that there is.
func TestPublishModes(t *testing.T) {
	const own = `{"id":"e1","source":"pms/identity","type":"user.created","subject":"user/42","time":"2026-01-02T03:04:05Z","schema_version":1,"data":{"role":"clinician"}}`
	binary := []change{
		header("Ce-Specversion", "1.0"), header("Ce-Id", "e1"), header("Ce-Source", "pms/identity"), header("Ce-Type", "user.created"),
		header("Ce-Subject", "user%2F42"), header("ce-time", "2026-01-02T03:04:05Z"), header("ce-schemaversion", "1"),
	}
	media := func(s string) change { return func(r *http.Request) { r.Header.Set("Content-Type", s) } }
	squeeze := func(r *http.Request) {
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		io.Copy(z, r.Body) //nolint:errcheck // in memory
		z.Close()          //nolint:errcheck // in memory
		r.Body = io.NopCloser(&b)
		r.Header.Set("Content-Encoding", "gzip")
	}
	for _, c := range []struct {
		name    string
		body    string
		batch   bool
		changes []change
	}{
		{"publish body", own, false, nil},
		{"publish body with a charset", own, false, []change{media("application/json; charset=UTF-8")}},
		{"publish body in gzip", own, false, []change{squeeze}},
		{"structured", cloudEvent, false, []change{media("application/cloudevents+json")}},
		{"structured, called JSON", cloudEvent, false, nil},
		{"binary", `{"role":"clinician"}`, false, binary},
		{"binary with a type of its own", `{"role":"clinician"}`, false, append(binary, media("application/vnd.pms+json"))},
		{"batch of publish bodies", "[" + own + "]", true, nil},
		{"CloudEvents batch", "[" + cloudEvent + "]", true, []change{media("application/cloudevents-batch+json")}},
		{"CloudEvents batch, called one event", "[" + cloudEvent + "]", true, []change{media("application/cloudevents+json")}},
		{"CloudEvents batch in gzip", "[" + cloudEvent + "]", true, []change{media("application/cloudevents-batch+json"), squeeze}},
		{"lines", own + "\n\n", true, []change{media("application/x-ndjson")}},
		{"lines of Windows", "\uFEFF" + own + "\r\n", true, []change{media("application/x-ndjson")}},
		{"a byte order mark", "\uFEFF" + own, false, []change{media("application/json")}},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := newAPI(t)
			w := a.send(t, http.MethodPost, "/api/events/publish", c.body, c.changes...)
			if c.batch {
				var got batch
				want(t, w, http.StatusAccepted, &got)
				if got.Accepted != 1 || got.Results[0].ID != "e1" {
					t.Errorf("%+v", got)
				}
			} else {
				var got accepted
				want(t, w, http.StatusAccepted, &got)
				if got.ID != "e1" {
					t.Errorf("%+v", got)
				}
			}
			e := a.bus.last()
			b, err := json.Marshal(e.Event)
			if err != nil || e.ID != "e1" || e.Subject != "user/42" || e.Time.Year() != 2026 || e.SchemaVersion != 1 || !strings.Contains(string(b), `"role":"clinician"`) {
				t.Errorf("%+v %s %v", e, b, err)
			}
		})
	}
}

// TestPublishWithoutData: data is optional in every form, and in binary mode there
// is no body then, nor a type of it.
func TestPublishWithoutData(t *testing.T) {
	bare := []change{
		header("Ce-Specversion", "1.0"), header("Ce-Id", "e1"), header("Ce-Source", "pms/identity"), header("Ce-Type", "user.created"),
	}
	untyped := func(r *http.Request) { r.Header.Del("Content-Type") }
	for name, c := range map[string]struct {
		body    string
		changes []change
	}{
		"structured":        {`{"specversion":"1.0","id":"e1","source":"pms/identity","type":"user.created"}`, nil},
		"binary":            {"", append(bare, untyped)},
		"binary, with type": {"", bare},
	} {
		a := newAPI(t)
		var got accepted
		want(t, a.send(t, http.MethodPost, "/api/events/publish", c.body, c.changes...), http.StatusAccepted, &got)
		if e := a.bus.last(); got.ID != "e1" || e.ID != "e1" || e.Type() != "user.created" {
			t.Errorf("%s: %+v, published %v", name, got, e.Type())
		}
	}
}

func TestPublishAgain(t *testing.T) {
	a := newAPI(t)
	key := header("Idempotency-Key", `"order-7"`)
	var first, second accepted
	want(t, a.send(t, http.MethodPost, "/api/events/publish", goodBody, key), http.StatusAccepted, &first)
	want(t, a.send(t, http.MethodPost, "/api/events/publish", goodBody, key), http.StatusAccepted, &second)
	if first.ID != "order-7" || second != (accepted{"order-7", first.StreamID, true}) {
		t.Errorf("%+v, %+v", first, second)
	}
	var many batch
	want(t, a.send(t, http.MethodPost, "/api/events/publish", "["+goodBody+","+goodBody+"]", key), http.StatusAccepted, &many)
	if many.Results[0].ID != "order-7.0" || many.Results[1].ID != "order-7.1" {
		t.Errorf("%+v", many)
	}
}

func TestTraceparent(t *testing.T) {
	const trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
	a := newAPI(t)
	want(t, a.send(t, http.MethodPost, "/api/events/publish", goodBody, header("Traceparent", trace)), http.StatusAccepted, nil)
	if got := a.bus.last().TraceParent; got != trace {
		t.Errorf("got %q", got)
	}
	for _, broken := range []string{
		"nonsense",
		"00-00000000000000000000000000000000-b7ad6b7169203331-01",
		"00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
		"ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
	} {
		want(t, a.send(t, http.MethodPost, "/api/events/publish", goodBody, header("Traceparent", broken)), http.StatusAccepted, nil)
		if got := a.bus.last().TraceParent; got != "" {
			t.Errorf("got %q", got)
		}
	}
}

func TestPublishBatch(t *testing.T) {
	a := newAPI(t)
	var got batch
	body := "[" + goodBody + `,{"type":"no.such_type","source":"pms"},{"type":"user.created"},` + goodBody + "]"
	want(t, a.send(t, http.MethodPost, "/api/events/publish", body), http.StatusMultiStatus, &got)
	if got.Accepted != 2 || got.Rejected != 2 || len(got.Results) != 4 {
		t.Fatalf("%+v", got)
	}
	for i, name := range []string{"", "unknown-type", "invalid-event", ""} {
		r := got.Results[i]
		if name == "" && (r.ID == "" || r.Problem != nil) || name != "" && (r.Problem == nil || r.Problem.Type != "urn:carebus:problem:"+name) {
			t.Errorf("place %d: %+v", i, r)
		}
	}
	if e := got.Results[2].Problem.Errors; len(e) != 1 || e[0].Field != "source" {
		t.Errorf("%+v", e)
	}
	records := a.audit.of(audit.Publish)
	if len(records) != 1 || records[0].Count != 2 || records[0].Counts["rejected"] != 2 || records[0].Object != "batch" {
		t.Errorf("the audit trail: %+v", records)
	}
}

func TestAllowedTypes(t *testing.T) {
	a := newAPI(t)
	want(t, a.send(t, http.MethodPost, "/api/events/publish", goodBody, as("users")), http.StatusAccepted, nil)
	body := "[" + goodBody + `,{"type":"note.signed","source":"pms"}]`
	var got batch
	want(t, a.send(t, http.MethodPost, "/api/events/publish", body, as("users")), http.StatusMultiStatus, &got)
	if got.Results[1].Problem.Status != http.StatusForbidden {
		t.Errorf("%+v", got)
	}
}

type typePage struct {
	Types []struct{ Name, Kind string }
	Total int
	Next  string
}

func TestTypes(t *testing.T) {
	a := newAPI(t)
	var all typePage
	w := a.send(t, http.MethodGet, "/api/events/types", "", as("read"))
	want(t, w, http.StatusOK, &all)
	if all.Total != len(schema.Catalogue().Types()) || len(all.Types) != all.Total || all.Next != "" {
		t.Errorf("%d of %d, next %q", len(all.Types), all.Total, all.Next)
	}
	tag := w.Header().Get("ETag")
	for _, value := range []string{tag, "*", `"x", ` + tag, "W/" + tag} {
		w := a.send(t, http.MethodGet, "/api/events/types", "", header("If-None-Match", value))
		if w.Code != http.StatusNotModified || w.Body.Len() > 0 || w.Header().Get("ETag") != tag {
			t.Errorf("If-None-Match %s: %d %s", value, w.Code, w.Body)
		}
	}
	want(t, a.send(t, http.MethodGet, "/api/events/types", "", header("If-None-Match", `"x"`)), http.StatusOK, nil)

	var names []string
	for next := "/api/events/types?limit=7&kind=crud"; next != ""; {
		var page typePage
		w := a.send(t, http.MethodGet, next, "")
		want(t, w, http.StatusOK, &page)
		for _, info := range page.Types {
			if info.Kind != "crud" {
				t.Errorf("%+v", info)
			}
			names = append(names, info.Name)
		}
		if link := w.Header().Get("Link"); page.Next != "" && link != "<"+page.Next+`>; rel="next"` {
			t.Errorf("Link %q", link)
		}
		next = page.Next
	}
	var whole []string
	for _, info := range all.Types {
		if info.Kind == "crud" {
			whole = append(whole, info.Name)
		}
	}
	if !reflect.DeepEqual(names, whole) {
		t.Errorf("pages hold %d types, the whole %d", len(names), len(whole))
	}

	var one struct {
		Name, Description string
		PayloadSchema     struct{ Title string } `json:"payload_schema"`
	}
	want(t, a.send(t, http.MethodGet, "/api/events/types/user.login", ""), http.StatusOK, &one) // an alias
	if one.Name != "auth.login" || one.Description == "" || one.PayloadSchema.Title != "auth.login" {
		t.Errorf("%+v", one)
	}
}

func TestAsyncAPI(t *testing.T) {
	var doc struct{ AsyncAPI string }
	want(t, newAPI(t).send(t, http.MethodGet, "/api/events/asyncapi.json", "", as("read")), http.StatusOK, &doc)
	if !strings.HasPrefix(doc.AsyncAPI, "3.") {
		t.Errorf("asyncapi %q", doc.AsyncAPI)
	}
}

// TestAuditComesFirst: when the client has its answer, the trail knows.
func TestAuditComesFirst(t *testing.T) {
	a := newAPI(t)
	w := httptest.NewRecorder()
	a.audit.onAppend = func() {
		if w.Code != http.StatusOK || w.Body.Len() > 0 { // a recorder begins with 200
			t.Error("the answer came before the audit record")
		}
	}
	r := httptest.NewRequest(http.MethodPost, "/api/events/publish", strings.NewReader(goodBody))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer all")
	a.ServeHTTP(w, r)
	if w.Code != http.StatusAccepted || len(a.audit.records) != 1 {
		t.Errorf("%d, %d records", w.Code, len(a.audit.records))
	}
}

func TestStatusAndControl(t *testing.T) {
	a := newAPI(t)
	var bus httpapi.BusStatus
	want(t, a.send(t, http.MethodGet, "/api/events/bus/status", ""), http.StatusOK, &bus)
	if !bus.Connected || bus.Shards[0].Groups[0].Name != "reminders" {
		t.Errorf("%+v", bus)
	}
	for _, step := range []struct{ method, path, state string }{
		{http.MethodGet, "/api/events/etl/status", "stopped"},
		{http.MethodPost, "/api/events/etl/start", "running"},
		{http.MethodPost, "/api/events/etl/start", "running"},
		{http.MethodGet, "/api/events/etl/status", "running"},
		{http.MethodPost, "/api/events/etl/stop", "stopped"},
		{http.MethodPost, "/api/events/etl/stop", "stopped"},
	} {
		var etl httpapi.ETLStatus
		want(t, a.send(t, step.method, step.path, ""), http.StatusOK, &etl)
		if etl.State != step.state {
			t.Errorf("%s %s: %s, want %s", step.method, step.path, etl.State, step.state)
		}
	}
	for action, n := range map[audit.Action]int{audit.ReadStatus: 3, audit.ETLStart: 2, audit.ETLStop: 2} {
		if got := a.audit.of(action); len(got) != n || got[0].Actor != "key/all" || got[0].Outcome != audit.OK {
			t.Errorf("the audit trail of %s: %+v", action, got)
		}
	}
}

func TestPublicEndpoints(t *testing.T) {
	a := newAPI(t)
	for path, text := range map[string]string{"/healthz": `"ok"`, "/readyz": `"ready"`, "/metrics": "up 1", "/": "<!doctype html>", "/api/events/openapi.json": `"3.1.0"`} {
		w := a.send(t, http.MethodGet, path, "", as(""))
		if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), text) {
			t.Errorf("%s: %d %.80s", path, w.Code, w.Body)
		}
		if head := a.send(t, http.MethodHead, path, "", as("")); head.Code != http.StatusOK || head.Body.Len() > 0 {
			t.Errorf("HEAD %s: %d, %d bytes", path, head.Code, head.Body.Len())
		}
	}
}

func TestCompressedAnswers(t *testing.T) {
	a := newAPI(t)
	plain := a.send(t, http.MethodGet, "/api/events/types", "").Body.String()
	for _, c := range []struct {
		accept string
		gzip   bool
	}{{"gzip", true}, {"br, gzip;q=0.5", true}, {"*", true}, {"gzip;q=0", false}, {"br", false}, {"", false}} {
		w := a.send(t, http.MethodGet, "/api/events/types", "", header("Accept-Encoding", c.accept))
		body := w.Body.String()
		if c.gzip {
			z, err := gzip.NewReader(w.Body)
			if err != nil {
				t.Fatalf("%s: %v", c.accept, err)
			}
			b, err := io.ReadAll(z)
			if err != nil {
				t.Fatal(err)
			}
			body = string(b)
		}
		if (w.Header().Get("Content-Encoding") == "gzip") != c.gzip || body != plain || w.Header().Get("Vary") != "Accept-Encoding" {
			t.Errorf("%q: %v", c.accept, w.Header())
		}
	}
}

func TestSecurityHeaders(t *testing.T) {
	a := newAPI(t)
	for _, path := range []string{"/", "/healthz", "/api/events/types", "/nothing"} {
		h := a.send(t, http.MethodGet, path, "", header("Origin", "https://other.example")).Header()
		for name, value := range map[string]string{
			"X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "no-referrer",
			"Cross-Origin-Resource-Policy": "same-origin", "Cross-Origin-Opener-Policy": "same-origin",
		} {
			if h.Get(name) != value {
				t.Errorf("%s: %s is %q", path, name, h.Get(name))
			}
		}
		policy := h.Get("Content-Security-Policy")
		if !strings.Contains(policy, "default-src 'none'") || !strings.Contains(policy, "frame-ancestors 'none'") || strings.Contains(policy, "unsafe") {
			t.Errorf("%s: %s", path, policy)
		}
		for name := range h {
			if strings.HasPrefix(name, "Access-Control-") || name == "Set-Cookie" {
				t.Errorf("%s: %s", path, name)
			}
		}
		if h.Get("Cache-Control") == "" || h.Get("X-Request-Id") == "" || h.Get("Server") != "" {
			t.Errorf("%s: %v", path, h)
		}
	}
}

// TestPage holds the page to its policy: one file that loads nothing.
func TestPage(t *testing.T) {
	w := newAPI(t).send(t, http.MethodGet, "/", "", as(""))
	page, policy := w.Body.String(), w.Header().Get("Content-Security-Policy")
	for _, bad := range []string{"http://", "https://", " src=", "@import", "url(", " style=", " onclick=", " onload=", "innerHTML", "eval(", "localStorage", "document.cookie"} {
		if strings.Contains(page, bad) {
			t.Errorf("the page holds %q", bad)
		}
	}
	if !strings.Contains(policy, "script-src 'sha256-") || !strings.Contains(policy, "style-src 'sha256-") || !strings.Contains(policy, "connect-src 'self'") {
		t.Error(policy)
	}
	for _, needed := range []string{`<html lang="en"`, `name="viewport"`, "prefers-color-scheme", "prefers-reduced-motion", `aria-live`, `<main`, `<h1`} {
		if !strings.Contains(page, needed) {
			t.Errorf("the page lacks %q", needed)
		}
	}
}

func TestConfig(t *testing.T) {
	_, err := httpapi.New(httpapi.Config{})
	if err == nil {
		t.Fatal("the zero Config was accepted")
	}
	for _, field := range []string{"Auth", "Audit", "Environment", "Publisher", "Bus", "Registry"} {
		if !strings.Contains(err.Error(), "Config."+field+" ") {
			t.Errorf("%s isn't asked for: %v", field, err)
		}
	}
}

// A rate of less than one event in two seconds needs no Burst beside it.
func TestConfigSlowRate(t *testing.T) {
	bus := newFakeBus()
	config := httpapi.Config{
		Auth: httpapi.AuthFunc(func(*http.Request) (httpapi.Principal, error) { return httpapi.Principal{}, nil }), Audit: httpapi.NoAudit,
		Environment: "test", Publisher: bus, Bus: bus, Registry: schema.Catalogue(), Rate: 0.25,
	}
	if _, err := httpapi.New(config); err != nil {
		t.Error(err)
	}
	config.Rate = -1
	if _, err := httpapi.New(config); err == nil {
		t.Error("a negative rate is taken")
	}
}

func ExampleNew() {
	bus := newFakeBus()
	handler, err := httpapi.New(httpapi.Config{
		Auth: httpapi.AuthFunc(func(r *http.Request) (httpapi.Principal, error) {
			return httpapi.Principal{Name: "service/demo", Scopes: []httpapi.Scope{httpapi.ScopePublish}}, nil
		}),
		Audit: httpapi.NoAudit, Environment: "test", Publisher: bus, Bus: bus, Registry: schema.Catalogue(),
	})
	if err != nil {
		panic(err)
	}
	server := httptest.NewServer(handler)
	defer server.Close()
	answer, err := http.Post(server.URL+"/api/events/publish", "application/json", strings.NewReader(goodBody))
	if err != nil {
		panic(err)
	}
	defer answer.Body.Close()
	fmt.Println(answer.Status)
	// Output: 202 Accepted
}

// A slowBus tells its status only once it may.
type slowBus struct {
	httpapi.BusMonitor
	calls atomic.Int64
	may   chan struct{}
}

func (b *slowBus) BusStatus(ctx context.Context) (httpapi.BusStatus, error) {
	b.calls.Add(1)
	select {
	case <-b.may:
		return b.BusMonitor.BusStatus(ctx)
	case <-ctx.Done():
		return httpapi.BusStatus{}, ctx.Err()
	}
}

// Whoever asks, without credentials, whether the server is ready costs Redis no more
// than one look at a time; that the first of them goes away fails no other.
func TestReadyAsksOnceAtATime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		bus := &slowBus{may: make(chan struct{})}
		a := newAPI(t, func(c *httpapi.Config) { bus.BusMonitor, c.Bus = c.Bus, bus })
		const many = 20
		first, leave := context.WithCancel(t.Context())
		answers := make(chan int, many)
		ask := func(ctx context.Context) {
			w := httptest.NewRecorder()
			a.ServeHTTP(w, httptest.NewRequestWithContext(ctx, http.MethodGet, "/readyz", nil))
			answers <- w.Code
		}
		go ask(first)
		synctest.Wait()
		for range many - 1 {
			go ask(t.Context())
		}
		synctest.Wait()
		leave()
		synctest.Wait()
		if n := bus.calls.Load(); n != 1 {
			t.Errorf("the bus was asked %d times", n)
		}
		close(bus.may)
		for range many {
			if code := <-answers; code != http.StatusOK {
				t.Errorf("status %d", code)
			}
		}
	})
}
