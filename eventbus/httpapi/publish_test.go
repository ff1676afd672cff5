package httpapi_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"

	"github.com/carebus/carebus/phi/audit"
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
