package schema_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/carebus/carebus/schema"
)

// wire returns an event of a type and version as a publisher of that version
// wrote it.
func wire(typ string, version int, data string) []byte {
	return fmt.Appendf(nil, `{"specversion":"1.0","id":"1","source":"s","type":%q,"time":"2024-01-15T14:00:00Z","kind":"business","severity":"low",`+
		`"environment":"test","schemaversion":%d,"dataclassification":"internal","data":%s}`, typ, version, data)
}

// A referred has lived through three versions: surname became last_name, then
// urgency was added, which every older event is taken to lack.
type referred struct {
	LastName string          `json:"last_name" phi:"name"`
	Urgency  string          `json:"urgency" schema:"required,enum=routine|urgent"`
	Rest     json.RawMessage `json:"-" schema:"rest"`
}

func (referred) Type() string    { return "referral.made" }
func (referred) Validate() error { return nil }

func referrals() *schema.Registry {
	r := schema.NewRegistry()
	schema.Register[referred](r, schema.TypeInfo{Name: "referral.made", Kind: schema.KindBusiness, Version: 3, Aliases: []string{"patient.referred"}})
	r.Upcast("referral.made", 1, schema.Steps(schema.RenameMember("surname", "last_name"), schema.DropMember("fax")))
	r.Upcast("referral.made", 2, schema.DefaultMember("urgency", json.RawMessage(`"routine"`)))
	return r
}

func TestUpcast(t *testing.T) {
	r := referrals()
	for _, c := range []struct {
		name, typ string
		version   int
		data      string
		want      referred
	}{
		{"from the first", "patient.referred", 1, `{"surname":"Doe","fax":"1","x":1}`, referred{"Doe", "routine", json.RawMessage(`{"x":1}`)}},
		{"from the second", "referral.made", 2, `{"last_name":"Doe"}`, referred{LastName: "Doe", Urgency: "routine"}},
		{"from the second, which had the member already", "referral.made", 2, `{"urgency":"urgent"}`, referred{Urgency: "urgent"}},
		{"as it is", "referral.made", 3, `{"last_name":"Doe","urgency":"urgent"}`, referred{LastName: "Doe", Urgency: "urgent"}},
		{"both names", "referral.made", 1, `{"surname":"old","last_name":"new"}`, referred{LastName: "new", Urgency: "routine"}},
		{"nothing", "referral.made", 1, `{}`, referred{Urgency: "routine"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			in := wire(c.typ, c.version, c.data)
			before := string(in)
			e, err := r.Decode(in)
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(e.Event, c.want) || e.SchemaVersion != 3 {
				t.Errorf("got version %d, another payload than wanted", e.SchemaVersion)
			}
			if string(in) != before {
				t.Error("decoding changed its input")
			}
		})
	}
}

// Input of an older version is lifted before it is held to today's schema.
func TestUpcastInput(t *testing.T) {
	e, err := referrals().DecodeInput([]byte(`{"type":"referral.made","source":"pms","schema_version":1,"data":{"surname":"Doe"}}`))
	if err != nil || e.SchemaVersion != 3 {
		t.Errorf("got version %d, %v", e.SchemaVersion, err)
	}
	_, err = referrals().DecodeInput([]byte(`{"type":"referral.made","source":"pms","data":{"surname":"Doe"}}`))
	if got := pointers(err); got != "/data/urgency is required" {
		t.Errorf("got %s", got)
	}
}

// An upcaster that fails, or makes nonsense, makes the event undecodable and
// gets nothing into the error.
func TestUpcastFails(t *testing.T) {
	for name, up := range map[string]schema.Upcaster{
		"error":     func(json.RawMessage) (json.RawMessage, error) { return nil, errors.New("Jane") },
		"no JSON":   func(json.RawMessage) (json.RawMessage, error) { return json.RawMessage(`{"Jane"`), nil },
		"no object": func(json.RawMessage) (json.RawMessage, error) { return json.RawMessage(`"Jane"`), nil },
		"nothing":   func(json.RawMessage) (json.RawMessage, error) { return nil, nil },
	} {
		t.Run(name, func(t *testing.T) {
			r := schema.NewRegistry()
			schema.Register[schema.System](r, schema.TypeInfo{Name: "system.error", Kind: schema.KindSystem, Version: 2})
			r.Upcast("system.error", 1, up)
			_, err := r.Decode(wire("system.error", 1, `{"message":"Jane"}`))
			if got := pointers(err); !strings.HasPrefix(got, "/data can't be lifted") || strings.Contains(err.Error(), "Jane") {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestUpcastPanics(t *testing.T) {
	same := func(b json.RawMessage) (json.RawMessage, error) { return b, nil }
	for name, f := range map[string]func(*schema.Registry){
		"unknown type":  func(r *schema.Registry) { r.Upcast("a.b", 1, same) },
		"version 0":     func(r *schema.Registry) { r.Upcast("referral.made", 0, same) },
		"no older one":  func(r *schema.Registry) { r.Upcast("referral.made", 3, same) },
		"taken":         func(r *schema.Registry) { r.Upcast("referral.made", 1, same) },
		"no upcaster":   func(r *schema.Registry) { r.Upcast("referral.made", 1, nil) },
		"bad default":   func(*schema.Registry) { schema.DefaultMember("a", json.RawMessage(`{`)) },
		"empty default": func(*schema.Registry) { schema.DefaultMember("a", nil) },
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Error("no panic")
				}
			}()
			f(referrals())
		})
	}
}

// An event of a newer version is decoded where it fits, and carried as it is
// where it doesn't. Its version stays what it was.
func TestNewerVersion(t *testing.T) {
	r := referrals()
	e, err := r.Decode(wire("referral.made", 4, `{"last_name":"Doe","urgency":"urgent","since":1}`))
	want := referred{"Doe", "urgent", json.RawMessage(`{"since":1}`)}
	if err != nil || e.SchemaVersion != 4 || !reflect.DeepEqual(e.Event, want) {
		t.Errorf("got %v, version %d", err, e.SchemaVersion)
	}
	const data = `{"last_name":{"family":"Doe"}}`
	e, err = r.Decode(wire("patient.referred", 4, data))
	raw, ok := e.Event.(schema.Raw)
	if err != nil || !ok || string(raw.Data) != data || raw.Name != "referral.made" || e.SchemaVersion != 4 {
		t.Errorf("got %T, %v, version %d", e.Event, err, e.SchemaVersion)
	}
	if _, err := r.Decode(wire("referral.made", 3, data)); err == nil {
		t.Error("today's version took a wrong member")
	}
}

// What becomes of unknown members is a rule of the type.
func TestUnknownMembers(t *testing.T) {
	const in, bare = `{"outcome":"success","later":{"a":1}}`, `{"outcome":"success"}`
	for _, c := range []struct {
		name     string
		register func(*schema.Registry)
		out      string
		input    string // the fault of input
	}{
		{"a family keeps", auth(""), in, ""},
		{"a family keeps when told to", auth(schema.KeepUnknown), in, ""},
		{"a family drops", auth(schema.DropUnknown), bare, ""},
		{"a family refuses", auth(schema.RefuseUnknown), bare, "/data has a member that its type doesn't list, at place 2"},
		{"a family drops what its record doesn't list", listing(schema.DropUnknown, struct {
			Later any `json:"later"`
		}{}), in, ""},
		{"a family refuses what its record doesn't list", listing(schema.RefuseUnknown, struct {
			Other any `json:"other"`
		}{}), bare, "/data has a member that its type doesn't list, at place 2"},
		{"a struct with a rest keeps", own[withRest](""), in, ""},
		{"a struct with a rest drops", own[withRest](schema.DropUnknown), bare, ""},
		{"a struct without one drops", own[withoutRest](""), bare, ""},
		{"a struct without one refuses", own[withoutRest](schema.RefuseUnknown), bare, "/data has a member that its type doesn't list, at place 2"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := schema.NewRegistry()
			c.register(r)
			e, err := r.Decode(wire("auth.login", 1, in))
			if err != nil {
				t.Fatal(err)
			}
			b, err := e.AppendJSON(nil)
			if err != nil {
				t.Fatal(err)
			}
			if !strings.HasSuffix(string(b), `"data":`+c.out+"}") {
				t.Errorf("got %s, want data %s", b, c.out)
			}
			_, err = r.DecodeInput(wire("auth.login", 1, in))
			if got := pointers(err); got != c.input {
				t.Errorf("input: got %q, want %q", got, c.input)
			}
		})
	}
}

func listing(u schema.UnknownRule, record any) func(*schema.Registry) {
	return func(r *schema.Registry) {
		schema.Register[schema.Auth](r, schema.TypeInfo{Name: "auth.login", Kind: schema.KindBusiness, Unknown: u, Record: record})
	}
}

func auth(u schema.UnknownRule) func(*schema.Registry) { return own[schema.Auth](u) }

func own[T schema.Event](u schema.UnknownRule) func(*schema.Registry) {
	return func(r *schema.Registry) {
		schema.Register[T](r, schema.TypeInfo{Name: "auth.login", Kind: schema.KindBusiness, Unknown: u})
	}
}

type withRest struct {
	Outcome string          `json:"outcome"`
	Rest    json.RawMessage `json:"-" schema:"rest"`
}

func (withRest) Type() string    { return "auth.login" }
func (withRest) Validate() error { return nil }

type withoutRest struct {
	Outcome string `json:"outcome"`
}

func (withoutRest) Type() string    { return "auth.login" }
func (withoutRest) Validate() error { return nil }

// A rest that would say a member twice, or is no JSON object, does not encode.
func TestRestMustFit(t *testing.T) {
	for _, rest := range []string{`{"outcome":"failure"}`, `{`, `[]`, `5`} {
		e := schema.Envelope{Event: withRest{Outcome: "success", Rest: json.RawMessage(rest)}}
		if b, err := e.AppendJSON([]byte("x")); err == nil || string(b) != "x" {
			t.Errorf("%s: got %s, %v", rest, b, err)
		}
	}
	for _, c := range []struct{ rest, want string }{{``, `{"outcome":""}`}, {` { } `, `{"outcome":""}`}, {"{\"a\" :\n1}", `{"outcome":"","a":1}`}} {
		b, err := schema.Envelope{Event: withRest{Rest: json.RawMessage(c.rest)}}.AppendJSON(nil)
		if err != nil || !strings.HasSuffix(string(b), `"data":`+c.want+"}") {
			t.Errorf("%q: got %s, %v", c.rest, b, err)
		}
	}
}

// A family's payload with a value that is no JSON does not encode, even when
// nobody validated it.
func TestInvalidPayloadDoesNotEncode(t *testing.T) {
	bad := json.RawMessage(`{"Jane`)
	for _, event := range []schema.Event{
		schema.CRUD{Entity: "user", Operation: schema.Created, Data: bad},
		schema.CRUD{Entity: "user", Operation: schema.Created, Changes: []schema.Change{{Field: "a", Before: bad}}},
		schema.CRUD{Entity: "user", Operation: schema.Created, Changes: []schema.Change{{Field: "a", After: bad}}},
		schema.Auth{Action: "login", Data: json.RawMessage(`[1]`)},
		schema.System{Action: "error", Data: json.RawMessage(`{} {}`)},
		schema.Business{Process: "invoice", Step: "paid", Data: json.RawMessage(`{"a":1}x`)},
		schema.Raw{Name: "a.b", Data: bad},
		nil,
	} {
		b, err := schema.Envelope{Event: event}.AppendJSON([]byte("x"))
		if err == nil || string(b) != "x" || strings.Contains(err.Error(), "Jane") {
			t.Errorf("%T: got %s, %v", event, b, err)
		}
	}
}

// encoding/json sees a family as its payload too, for users who store it alone.
func TestFamiliesAsJSON(t *testing.T) {
	in := schema.CRUD{EntityID: "1", Changes: []schema.Change{{Field: "a", After: json.RawMessage(`1`)}}, Data: json.RawMessage(`{"b":[true]}`)}
	b, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	var out schema.CRUD
	if err := json.Unmarshal(b, &out); err != nil || !reflect.DeepEqual(in, out) {
		t.Errorf("%s did not survive: %v", b, err)
	}
	b[len(b)-3] = 'X'
	if again, err := json.Marshal(out); err != nil || !strings.Contains(string(again), `"b":[true]`) {
		t.Errorf("the payload lies within the caller's bytes: %s, %v", again, err)
	}
	for _, in := range []string{`[]`, `5`, `"Jane"`, `{"entity_id":["Jane"]}`, `{"changes":{"Jane":1}}`, `{"changes":["Jane"]}`} {
		if err := json.Unmarshal([]byte(in), &out); err == nil || strings.Contains(err.Error(), "Jane") {
			t.Errorf("%s: got %v", in, err)
		}
	}
	if err := json.Unmarshal([]byte(`null`), &out); err != nil {
		t.Errorf("null: %v", err)
	}
}
