package schema_test

import (
	"encoding/json"
	"maps"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/carebus/carebus/schema"
)

func TestWireForm(t *testing.T) {
	e := complete(t, schema.Catalogue(), schema.Envelope{
		Source: "pms/identity", Subject: "user/42", Actor: "user/7", Tenant: "practice-1",
		CorrelationID: "c-1", CausationID: "e-0",
		TraceParent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
		Event:       schema.CRUD{Entity: "user", Operation: schema.Created, EntityID: "42", Data: json.RawMessage(`{"role":"<admin>"}`)},
	})
	got, err := e.AppendJSON(nil)
	if err != nil {
		t.Fatal(err)
	}
	want := `{"specversion":"1.0","id":"018d0d1e-0000-7000-8000-000000000001","source":"pms/identity","type":"user.created",` +
		`"time":"2024-01-15T14:03:22.123456Z","subject":"user/42","datacontenttype":"application/json","kind":"crud","severity":"low",` +
		`"environment":"test","tenant":"practice-1","actor":"user/7","correlationid":"c-1","causationid":"e-0",` +
		`"traceparent":"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01","schemaversion":1,"dataclassification":"confidential",` +
		`"data":{"entity_id":"42","role":"<admin>"}}`
	if string(got) != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestRoundTrip(t *testing.T) {
	r := schema.Catalogue()
	for _, event := range []schema.Event{
		schema.CRUD{Entity: "user", Operation: schema.Deleted},
		schema.CRUD{Entity: "treatment_plan", Operation: schema.Updated, EntityID: "9", Changes: []schema.Change{
			{Field: "goal", Before: json.RawMessage(`"a"`), After: json.RawMessage(`{"b":[1,2.50]}`)},
		}, Data: json.RawMessage(`{"n":12345678901234567890,"s":"\u00e9\u2028"}`)},
		schema.Auth{Action: "login", Outcome: schema.Failure, Method: "totp", Reason: "expired", Client: &schema.Client{IP: "192.0.2.1"}},
		schema.System{Action: "backup", Component: "db", Status: "ok", Code: "0", Message: "done"},
		schema.Business{Process: "invoice", Step: "paid", Outcome: schema.Success, Amounts: []schema.Amount{{Name: "total", Minor: 12500, Currency: "USD"}}},
	} {
		e := complete(t, r, schema.Envelope{Source: "pms/test", Event: event})
		b, err := e.AppendJSON(nil)
		if err != nil {
			t.Fatal(err)
		}
		got, err := r.Decode(b)
		if err != nil {
			t.Fatalf("%s: %v", event.Type(), err)
		}
		if !reflect.DeepEqual(got, e) {
			t.Errorf("%s did not survive: %s", event.Type(), b)
		}
	}
}

// The years that an event's time may lie in are those of UTC, in which it is written.
func TestTimeInUTC(t *testing.T) {
	west, east := time.FixedZone("", -5*3600), time.FixedZone("", 5*3600)
	for at, want := range map[time.Time]bool{
		time.Date(9999, 12, 31, 23, 59, 59, 999999000, time.UTC): true,
		time.Date(9999, 12, 31, 23, 0, 0, 0, west):               false,
		time.Date(10000, 1, 1, 2, 0, 0, 0, east):                 true,
		time.Date(1900, 1, 1, 0, 0, 0, 0, time.UTC):              true,
		time.Date(1900, 1, 1, 2, 0, 0, 0, east):                  false,
		time.Date(1899, 12, 31, 23, 0, 0, 0, west):               true,
	} {
		e := schema.Envelope{
			ID: "1", Source: "pms", Time: at, Kind: schema.KindCRUD, Severity: schema.SeverityLow, Environment: "test", SchemaVersion: 1, DataClass: schema.DataInternal,
			Event: schema.CRUD{Entity: "visit", Operation: schema.Created},
		}
		err := e.Validate()
		if (err == nil) != want {
			t.Errorf("%v: %v", at, err)
			continue
		}
		if b, _ := e.AppendJSON(nil); want && len(b) > 0 {
			if back, err := schema.Parse(b); err != nil || !back.Time.Equal(at) {
				t.Errorf("%v is read back as %v, %v", at, back.Time, err)
			}
		}
	}
}

// In binary mode the attributes stand in headers.
func TestDecodeBinary(t *testing.T) {
	r := schema.Catalogue()
	attributes := map[string]string{
		"specversion": "1.0", "id": "1", "source": "pms", "type": "user.login", "time": "2024-01-15T14:00:00Z", "subject": "user/42",
		"schemaversion": "1", "datacontenttype": "application/json; charset=utf-8", "comexampleother": "Jane", "data": "Jane", "traceparent": trace,
	}
	e, err := r.DecodeBinary(attributes, []byte(" {\"outcome\":\"success\"}\n"))
	if err != nil {
		t.Fatal(err)
	}
	if e.Type() != "auth.login" || e.Event.(schema.Auth).Outcome != schema.Success || e.Subject != "user/42" || e.SchemaVersion != 1 || e.TraceParent != trace || e.Time.Hour() != 14 {
		t.Error("attributes or payload got lost")
	}
	for _, c := range []struct{ name, value, payload, want string }{
		{"specversion", "Jane", `{"outcome":"success"}`, "/specversion must be 1.0"},
		{"time", "Jane", `{"outcome":"success"}`, "/time must be an RFC 3339 date and time with a zone"},
		{"schemaversion", "Jane", `{"outcome":"success"}`, "/schemaversion must be a whole number, 1 or more"},
		{"datacontenttype", "text/Jane", `{"outcome":"success"}`, "/datacontenttype must be application/json"},
		{"id", "", `{"outcome":"success"}`, "/id is required"},
		{"id", "1", `{"Jane`, "/data is not valid JSON; /data/outcome is required"},
		{"id", "1", "{\"Jane\":\"\xff\"}", "/data is not valid JSON; /data/outcome is required"},
		{"id", "1", ``, "/data/outcome is required"},
		{"id", "1", `["Jane"]`, "/data must be an object"},
	} {
		in := maps.Clone(attributes)
		in[c.name] = c.value
		_, err := r.DecodeBinary(in, []byte(c.payload))
		if got := pointers(err); got != c.want || strings.Contains(got, "Jane") {
			t.Errorf("%s %q: got %s", c.name, c.payload, got)
		}
	}
}

func TestAppendBatch(t *testing.T) {
	r := schema.Catalogue()
	in := []schema.Envelope{
		complete(t, r, schema.Envelope{Source: "pms", Event: schema.CRUD{Entity: "user", Operation: schema.Created}}),
		complete(t, r, schema.Envelope{Source: "pms", Event: schema.System{Action: "backup"}}),
	}
	b, err := schema.AppendBatch([]byte("x"), in)
	if err != nil {
		t.Fatal(err)
	}
	out, err := r.DecodeInputBatch(b[1:])
	if err != nil || len(out) != 2 || out[0].Event.Type() != "user.created" || out[1].Event.Type() != "system.backup" {
		t.Errorf("got %d events, %v", len(out), err)
	}
	in[1].Event = schema.Raw{Name: "a.b", Data: json.RawMessage(`{`)}
	if b, err := schema.AppendBatch([]byte("x"), in); err == nil || string(b) != "x" {
		t.Errorf("got %q, %v", b, err)
	}
}
