package schema_test

import (
	"encoding/json"
	"errors"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/carebus/carebus/schema"
)

var noon = time.Date(2024, 1, 15, 14, 3, 22, 123456000, time.UTC)

var defaults = schema.Defaults{
	Environment: "test",
	Now:         func() time.Time { return noon },
	NewID:       func() string { return "018d0d1e-0000-7000-8000-000000000001" },
}

// complete returns e with everything filled in.
func complete(t *testing.T, r *schema.Registry, e schema.Envelope) schema.Envelope {
	t.Helper()
	if err := r.Complete(&e, defaults); err != nil {
		t.Fatal(err)
	}
	return e
}

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

// Faults are reported all at once, by field, and never by value.
func TestCompleteReportsAllFaults(t *testing.T) {
	const secret = "Jane Q Patient 123-45-6789"
	e := schema.Envelope{
		ID: secret, Source: secret, Subject: secret, Actor: secret, Tenant: secret, CorrelationID: secret,
		CausationID: secret, TraceParent: secret, Kind: secret, Severity: secret, Environment: secret,
		DataClass: secret, SchemaVersion: -1, Time: time.Date(2099, 1, 1, 0, 0, 0, 0, time.UTC),
		Event: schema.Auth{Action: "login", Outcome: secret, Data: json.RawMessage(`{"method":1}`)},
	}
	err := schema.Catalogue().Complete(&e, defaults)
	var v *schema.ValidationError
	if !errors.As(err, &v) {
		t.Fatalf("got %v", err)
	}
	var fields []string
	for _, f := range v.Faults {
		fields = append(fields, f.Field)
	}
	want := []string{"id", "source", "subject", "actor", "tenant", "correlation_id", "causation_id", "traceparent", "kind", "severity",
		"environment", "schema_version", "data_class", "data.outcome", "data.method", "kind", "environment", "time"}
	if !slices.Equal(fields, want) {
		t.Errorf("got  %v\nwant %v", fields, want)
	}
	if s := err.Error(); strings.Contains(s, "Jane") || strings.Contains(s, "6789") {
		t.Errorf("the error quotes a value: %s", s)
	}
}

func TestCompleteRefusesUnknownType(t *testing.T) {
	e := schema.Envelope{Event: schema.Raw{Name: "spaceship.launched"}}
	err := schema.Catalogue().Complete(&e, defaults)
	if !errors.Is(err, schema.ErrUnknownType) {
		t.Errorf("got %v, want ErrUnknownType", err)
	}
	if !strings.Contains(err.Error(), "source is required") {
		t.Errorf("the missing source is not reported beside it: %v", err)
	}
}

// A source is a URI reference, or no CloudEvents SDK would decode the event. Of an event
// that is there already it is taken as it stands.
func TestCompleteSource(t *testing.T) {
	for source, ok := range map[string]bool{
		"pms/identity": true, "pms": true, "/pms/~a_b-c.d": true, "https://pms.example/a?b=c#d": true, "urn:uuid:018d0d1e": true, "mailto:pms@example.com": true,
		"pms/100%": false, ":pms": false, "1:pms": false, "http://[::1": false, "pms/%zz": false, "//": false, "#": false,
	} {
		e := schema.Envelope{Source: source, Event: schema.CRUD{Entity: "user", Operation: schema.Created}}
		err := schema.Catalogue().Complete(&e, defaults)
		if ok != (err == nil) || err != nil && err.Error() != "schema: invalid event: source must be a URI reference, such as pms/identity" {
			t.Errorf("%s: %v", source, err)
		}
		if err := e.Validate(); err != nil {
			t.Errorf("%s, as it stands: %v", source, err)
		}
	}
}

// The name of an unknown type is told where it stands in code, not where a value has
// it, which comes from outside.
func TestUnknownTypeIsNamed(t *testing.T) {
	for _, c := range []struct {
		event schema.Event
		named bool
	}{
		{intakeScored{}, true},
		{&intakeScored{}, true},
		{(*intakeScored)(nil), false},
		{schema.Raw{Name: "intake.scored"}, false},
		{schema.CRUD{Entity: "jane", Operation: "scored"}, false},
		{named{"intake.scored"}, false},
		{named{"Jane Doe"}, false},
	} {
		err := schema.Catalogue().Complete(&schema.Envelope{Source: "pms/test", Event: c.event}, defaults)
		if named := err != nil && strings.Contains(err.Error(), "not registered: intake.scored"); named != c.named {
			t.Errorf("%T: %v", c.event, err)
		}
		if c.event != schema.Event((*intakeScored)(nil)) && !errors.Is(err, schema.ErrUnknownType) {
			t.Errorf("%T: %v", c.event, err)
		}
	}
}

// A named event has its type's name from outside.
type named struct{ name string }

func (n named) Type() string  { return n.name }
func (named) Validate() error { return nil }

// What the type decides is no fault of an event that has none.
func TestCompleteOfNothing(t *testing.T) {
	err := schema.Catalogue().Complete(&schema.Envelope{}, defaults)
	if want := "schema: invalid event: source is required; type is required"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestDecodeInput(t *testing.T) {
	r := schema.Catalogue()
	for _, c := range []struct {
		name, in, wantErr string
		wantType          string
	}{
		{"publish body", `{"type":"user.created","kind":"crud","severity":"low","source":"pms/identity","subject":"user/42","correlation_id":"a","time":"2024-01-15T14:00:00Z","data":{"x":1}}`, "", "user.created"},
		{"least body", `{"type":"user.created","source":"pms"}`, "", "user.created"},
		{"CloudEvents", `{"specversion":"1.0","id":"1","source":"pms","type":"invoice.paid","comexampleext":"x","data":{"amounts":[]}}`, "", "invoice.paid"},
		{"alias", `{"type":"user.login","source":"pms","data":{"outcome":"success"}}`, "", "auth.login"},
		{"unknown type", `{"type":"spaceship.launched","source":"pms"}`, "", "spaceship.launched"},
		{"no JSON", `Jane Doe`, "event is not valid JSON", ""},
		{"no object", `["Jane Doe"]`, "event must be a JSON object", ""},
		{"no UTF-8", "{\"type\":\"Jane\xff\"}", "event must be UTF-8", ""},
		{"missing fields", `{}`, "type is required; source is required", ""},
		{"misspelt member", `{"type":"user.created","source":"pms","Jane Doe":1}`, "member 3 is none of the publish body's", ""},
		{"wrong JSON type", `{"type":["Jane"],"source":7}`, "type must be a string; source must be a string", ""},
		{"twice", `{"type":"user.created","type":"user.deleted","source":"pms"}`, "type stands twice", ""},
		{"bad time", `{"type":"user.created","source":"pms","time":"Jane 15"}`, "time must be an RFC 3339", ""},
		{"bad version", `{"type":"user.created","source":"pms","schema_version":"Jane"}`, "schema_version must be a whole number", ""},
		{"bad payload", `{"type":"user.created","source":"pms","data":{"entity_id":{"Jane":1}}}`, "data.entity_id must be a string", ""},
		{"payload no object", `{"type":"user.created","source":"pms","data":"Jane"}`, "data must be an object", ""},
		{"CloudEvents version", `{"specversion":"Jane","type":"user.created"}`, "specversion must be 1.0", ""},
		{"binary data", `{"specversion":"1.0","id":"1","source":"pms","type":"user.created","data_base64":"SmFuZQ=="}`, "data_base64 is not supported", ""},
		{"not JSON data", `{"specversion":"1.0","id":"1","source":"pms","type":"user.created","datacontenttype":"text/Jane","data":"x"}`, "datacontenttype must be application/json", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			e, err := r.DecodeInput([]byte(c.in))
			switch {
			case c.wantErr == "" && err != nil:
				t.Fatal(err)
			case c.wantErr == "":
				if e.Type() != c.wantType {
					t.Errorf("got type %s, want %s", e.Type(), c.wantType)
				}
			case err == nil || !strings.Contains(err.Error(), c.wantErr):
				t.Errorf("got %v, want %q", err, c.wantErr)
			case strings.Contains(err.Error(), "Jane"):
				t.Errorf("the error quotes a value: %v", err)
			}
		})
	}
}

type noteSigned struct {
	NoteID string `json:"note_id"`
}

func (noteSigned) Type() string    { return "note.signed" }
func (noteSigned) Validate() error { return nil }

func TestRegister(t *testing.T) {
	r := schema.NewRegistry()
	schema.Register[noteSigned](r, schema.TypeInfo{Name: "note.signed", Kind: schema.KindBusiness, Aliases: []string{"note.locked"}})
	e, err := r.DecodeInput([]byte(`{"type":"note.locked","source":"pms","data":{"note_id":"n1","unknown":true}}`))
	if err != nil {
		t.Fatal(err)
	}
	if got := e.Event; got != (noteSigned{"n1"}) {
		t.Errorf("got %T", got)
	}
	for name, register := range map[string]func(){
		"taken name": func() {
			schema.Register[noteSigned](r, schema.TypeInfo{Name: "note.signed", Kind: schema.KindBusiness})
		},
		"other name": func() {
			schema.Register[noteSigned](r, schema.TypeInfo{Name: "note.unsigned", Kind: schema.KindBusiness})
		},
		"bad name":        func() { schema.Register[schema.CRUD](r, schema.TypeInfo{Name: "Note", Kind: schema.KindCRUD}) },
		"no kind":         func() { schema.Register[schema.CRUD](r, schema.TypeInfo{Name: "x.created"}) },
		"taken alias":     func() { schema.Register[schema.CRUD](r, schema.TypeInfo{Name: "note.locked", Kind: schema.KindCRUD}) },
		"foreign to Auth": func() { schema.Register[schema.Auth](r, schema.TypeInfo{Name: "user.x", Kind: schema.KindAuth}) },
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Error("Register did not panic")
				}
			}()
			register()
		})
	}
}

// Every type of the catalogue can be published with the least its family asks for.
func TestCatalogue(t *testing.T) {
	r := schema.Catalogue()
	types := r.Types()
	if !slices.IsSortedFunc(types, func(a, b schema.TypeInfo) int { return strings.Compare(a.Name, b.Name) }) {
		t.Error("Types is not sorted by name")
	}
	for _, info := range types {
		data := "{}"
		if info.Kind == schema.KindAuth {
			data = `{"outcome":"success"}`
		}
		e, err := r.DecodeInput([]byte(`{"type":"` + info.Name + `","source":"pms","data":` + data + `}`))
		if err != nil {
			t.Errorf("%s: %v", info.Name, err)
			continue
		}
		if complete(t, r, e); info.Description == "" {
			t.Errorf("%s has no description", info.Name)
		}
	}
}

func TestNames(t *testing.T) {
	for name, want := range map[string]bool{
		"user.created": true, "a.b.c.d.e": true, "treatment_plan.v2_created": true,
		"": false, "user": false, "user.": false, ".created": false, "user..created": false, "a.b.c.d.e.f": false,
		"User.created": false, "user.2fa": false, "user._x": false, "user.crea ted": false, "user/created": false, "us\u00e9r.created": false,
		strings.Repeat("a", 126) + ".b": true, strings.Repeat("a", 127) + ".b": false,
	} {
		if got := schema.ValidType(name); got != want {
			t.Errorf("ValidType(%q) = %v", name, got)
		}
	}
	for name, want := range map[string]bool{
		"production": true, "eu-2": true, "2": true, strings.Repeat("a", 32): true,
		"": false, "-eu": false, "EU": false, "..": false, "a/b": false, "a_b": false, strings.Repeat("a", 33): false,
	} {
		if got := schema.ValidEnvironment(name); got != want {
			t.Errorf("ValidEnvironment(%q) = %v", name, got)
		}
	}
}

func TestBatchError(t *testing.T) {
	cause := errors.New("cause")
	if (schema.BatchError{nil, nil}).OrNil() != nil {
		t.Error("a batch without failures is an error")
	}
	err := schema.BatchError{nil, cause, nil}.OrNil()
	if !errors.Is(err, cause) || err.Error() != "1 of 3 failed, first: cause" {
		t.Errorf("got %v", err)
	}
}

// A registry that is no longer added to serves any number of goroutines.
func TestRegistryIsSafeForConcurrentUse(t *testing.T) {
	r := visits()
	var work sync.WaitGroup
	for range 4 {
		work.Go(func() {
			for range 50 {
				for _, typ := range []string{"visit.ended", "patient.updated", "invoice.paid"} {
					e, err := r.DecodeInput([]byte(`{"type":"` + typ + `","source":"pms","data":` + someVisit + `}`))
					if err != nil {
						t.Error(err)
						return
					}
					e = complete(t, r, e)
					b, err := e.AppendJSON(nil)
					if err != nil {
						t.Error(err)
						return
					}
					if _, err := r.Decode(b); err != nil {
						t.Error(err)
					}
					r.JSONSchema(typ)
					r.FieldClasses(typ)
				}
			}
		})
	}
	work.Wait()
}

// Whatever the input, an accepted event encodes to one line that decodes to the same.
func FuzzDecodeInput(f *testing.F) {
	f.Add([]byte(`{"type":"user.created","source":"pms","data":{"a":[1,{"b":"\n"}]}}`))
	f.Add([]byte(`{"specversion":"1.0","id":"1","source":"s","type":"auth.login","data":{"outcome":"success","x":"\ud83d\ude00<&>"}}`))
	f.Add([]byte(` { "type" : "invoice.paid" , "source":"s", "data" : { "amounts" : [ { "minor" : 1 , "currency":"USD" } ] , "a\u0041":1 } } `))
	f.Add([]byte(`{"type":"x.y","source":"s","data":null}`))
	r := schema.Catalogue()
	f.Fuzz(func(t *testing.T, in []byte) {
		e, err := r.DecodeInput(in)
		if err != nil {
			return
		}
		if r.Complete(&e, defaults) != nil {
			return
		}
		b, err := e.AppendJSON(nil)
		if err != nil {
			t.Fatalf("an accepted event does not encode: %v", err)
		}
		if strings.ContainsAny(string(b), "\n\r") || !json.Valid(b) {
			t.Fatalf("not one line of JSON: %q", b)
		}
		again, err := r.Decode(b)
		if err != nil {
			t.Fatalf("an encoded event does not decode: %v", err)
		}
		b2, err := again.AppendJSON(nil)
		if err != nil || string(b) != string(b2) {
			t.Fatalf("not stable:\n%s\n%s", b, b2)
		}
	})
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
