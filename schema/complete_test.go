package schema_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
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

// A published Raw of a registered type is held to that type's rules, and takes
// its name.
func TestCompleteRaw(t *testing.T) {
	r := visits()
	e := schema.Envelope{Source: "pms", Event: schema.Raw{Name: "user.login", Data: json.RawMessage(`{"outcome":"success"}`)}}
	if err := r.Complete(&e, defaults); err != nil || e.Type() != "auth.login" {
		t.Errorf("got %s, %v", e.Type(), err)
	}
	e.Event = schema.Raw{Name: "visit.ended", Data: json.RawMessage(`{"length":"Jane"}`)}
	e.Kind = ""
	if got, want := pointers(r.Complete(&e, defaults)), "/data/length must be a whole number; /data/visit_id is required; /data/starts is required"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// A version says what form the payload has: that of its Go type, or for a raw
// payload one that the registry knows the rules of.
func TestCompleteVersion(t *testing.T) {
	const exact, most = "/schema_version must be 3, the version of the payload's Go type", "/schema_version must be 3 or less: the registry knows no newer one of this type"
	for _, c := range []struct {
		version      int
		typed, asRaw string
	}{{0, "", ""}, {1, exact, ""}, {3, "", ""}, {4, exact, most}} {
		for _, e := range []struct {
			event schema.Event
			want  string
		}{
			{referred{Urgency: "routine"}, c.typed},
			{schema.Raw{Name: "referral.made", Data: json.RawMessage(`{"urgency":"routine"}`)}, c.asRaw},
		} {
			in := schema.Envelope{Source: "pms", SchemaVersion: c.version, Event: e.event}
			if got := pointers(referrals().Complete(&in, defaults)); got != e.want {
				t.Errorf("version %d of %T: got %s", c.version, e.event, got)
			}
		}
	}
}

// Whoever made a change, its values obey the class of their field.
func TestCompleteKeepsSecretsOutOfChanges(t *testing.T) {
	r := schema.Catalogue()
	schema.Register[schema.CRUD](r, schema.TypeInfo{Name: "gateway.updated", Kind: schema.KindCRUD, Record: struct {
		Keys []apiKey `json:"keys"`
	}{}})
	given := []schema.Change{
		{Field: "role", Before: json.RawMessage(`"a"`), After: json.RawMessage(`"b"`)},
		{Field: "password", Before: json.RawMessage(`"Jane"`), After: json.RawMessage(`"Jane"`)},
	}
	e := complete(t, r, schema.Envelope{Source: "pms", Event: schema.CRUD{Entity: "gateway", Operation: schema.Updated, Changes: []schema.Change{
		{Field: "keys", Before: json.RawMessage(`[]`), After: json.RawMessage(`[{"key":"Jane"}]`)},
	}}})
	b, err := e.AppendJSON(nil)
	if want := `"changes":[{"field":"keys"}]`; err != nil || !strings.Contains(string(b), want) {
		t.Errorf("got %s, %v", b, err)
	}
	updated := schema.CRUD{Entity: "user", Operation: schema.Updated, Changes: given}
	for _, event := range []schema.Event{updated, &updated} {
		e = complete(t, r, schema.Envelope{Source: "pms", Event: event})
		b, err = e.AppendJSON(nil)
		if want := `"changes":[{"field":"role","before":"a","after":"b"},{"field":"password"}]`; err != nil || !strings.Contains(string(b), want) {
			t.Errorf("%T: got %s, %v", event, b, err)
		}
	}
	if len(given[1].After) == 0 {
		t.Error("the caller's changes were changed")
	}
}

// embedding embeds a family and has a rule of its own.
type embedding struct{ schema.CRUD }

func (e embedding) Validate() error {
	if e.EntityID == "" {
		return &schema.ValidationError{Faults: []schema.Fault{{Field: "entity_id", Rule: "is required"}}}
	}
	return e.CRUD.Validate()
}

func TestAppendCompleteOfAnEmbeddedFamily(t *testing.T) {
	e := schema.Envelope{Source: "pms", Event: embedding{schema.CRUD{Entity: "user", Operation: schema.Created}}}
	out, err := schema.Catalogue().AppendComplete([]byte("before"), &e, defaults)
	wantFault(t, "AppendComplete", err, schema.Fault{Field: "data.entity_id", Rule: "is required"})
	if string(out) != "before" {
		t.Errorf("left %s", out)
	}
}

// A caller's own function that panics isn't taken for the event's.
func TestAppendCompleteLetsPanicsOfDefaultsOut(t *testing.T) {
	d := defaults
	d.NewID = func() string { panic("no ids") }
	defer func() {
		if got := recover(); got != "no ids" {
			t.Errorf("recovered %v", got)
		}
	}()
	_, err := schema.Catalogue().AppendComplete(nil, &schema.Envelope{Source: "pms", Event: schema.System{Action: "backup"}}, d)
	t.Error(err)
}

// AppendComplete does what Complete and AppendJSON do one after the other.
func FuzzAppendComplete(f *testing.F) {
	r := exampleRegistry()
	schema.Register[fragile](r, schema.TypeInfo{Name: "fragile.made", Kind: schema.KindSystem})
	events := []func(name string, data []byte) schema.Event{
		func(s string, data []byte) schema.Event {
			return schema.CRUD{Entity: "user", Operation: schema.Updated, EntityID: s, Data: data}
		},
		func(s string, data []byte) schema.Event {
			return &schema.CRUD{Entity: "user", Operation: schema.Updated, Changes: []schema.Change{{Field: "role", Before: data, After: []byte("1")}, {Field: s, After: data}}}
		},
		func(s string, data []byte) schema.Event {
			return schema.Auth{Action: "login", Outcome: schema.Success, Reason: s, Data: data}
		},
		func(s string, data []byte) schema.Event { return schema.System{Action: s, Data: data} },
		func(s string, data []byte) schema.Event {
			return schema.Business{Process: "appointment", Step: "booked", Amounts: []schema.Amount{{Name: s, Currency: "USD"}}, Data: data}
		},
		func(s string, data []byte) schema.Event { return schema.Raw{Name: s, Data: data} },
		func(s string, data []byte) schema.Event { return &schema.Raw{Name: s, Data: data} },
		func(s string, data []byte) schema.Event {
			return embedding{schema.CRUD{Entity: "user", Operation: schema.Created, EntityID: s, Data: data}}
		},
		func(s string, data []byte) schema.Event {
			return IntakeScored{PatientID: s, Form: "phq9", Rest: data}
		},
		func(s string, _ []byte) schema.Event { return fragile{s} },
		func(string, []byte) schema.Event { return nil },
	}
	for i := range events {
		for _, data := range []string{``, `{}`, ` { "a" : [1, 2] } `, `{"a":1,"b":"x"}`, `{"entity_id":1,"outcome":2}`, `{"a":`, `[]`} {
			f.Add(uint8(i), "pms/identity", "user/1", "", "auth.login", []byte(data))
		}
		f.Add(uint8(i), "a b", "a\"b", "\xff", "user.login", []byte(`{}`))
		for _, method := range []string{"Type", "Validate", "MarshalJSON"} { // that one of them panics in
			f.Add(uint8(i), "pms", "", "id", method, []byte(nil))
		}
	}
	f.Fuzz(func(t *testing.T, which uint8, source, subject, id, name string, data []byte) {
		two := schema.Envelope{ID: id, Source: source, Subject: subject, Event: events[int(which)%len(events)](name, data)}
		one := two
		want := []byte("before")
		wantErr := r.Complete(&two, defaults)
		if wantErr == nil {
			want, wantErr = two.AppendJSON(want)
		}
		got, err := r.AppendComplete([]byte("before"), &one, defaults)
		if string(got) != string(want) || fmt.Sprint(err) != fmt.Sprint(wantErr) {
			t.Errorf("got  %s, %v\nwant %s, %v", got, err, want, wantErr)
		}
		if !reflect.DeepEqual(one, two) {
			t.Error("it completes otherwise")
		}
	})
}
