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
