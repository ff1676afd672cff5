package schema_test

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"net/netip"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/carebus/carebus/schema"
)

func TestFieldClasses(t *testing.T) {
	got := visits().FieldClasses("visit.ended")
	want := []schema.FieldClass{
		{"/codes", "safe"}, {"/contacts/*/name", "name"}, {"/contacts/*/phone", "phone"}, {"/day", "date"},
		{"/notes/*/name", "name"}, {"/notes/*/phone", "phone"}, {"/photo", "safe"}, {"/starts", "date"},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
	classes := func(typ string) map[string]string {
		m := map[string]string{}
		for _, f := range schema.Catalogue().FieldClasses(typ) {
			m[f.Path] = f.Class
		}
		return m
	}
	for _, c := range []struct{ typ, path, class string }{
		{"patient.updated", "/entity_id", "person_id"},
		{"patient.updated", "/birth_date", "birth_date"},
		{"appointment.created", "/entity_id", ""},
		{"session.created", "/psychotherapy_note", "psychotherapy"},
		{"user.login", "/client/ip", "network"}, // by alias
		{"invoice.paid", "/amounts/*/name", "safe"},
		{"system.error", "/message", "text"},
	} {
		if got := classes(c.typ)[c.path]; got != c.class {
			t.Errorf("%s %s is %q, want %q", c.typ, c.path, got, c.class)
		}
	}
	if got := schema.Catalogue().FieldClasses("spaceship.launched"); got != nil {
		t.Errorf("an unknown type has %v", got)
	}
	r := schema.NewRegistry()
	one[tree]()(r)
	if got := r.FieldClasses("intake.scored"); len(got) == 0 || got[0] != (schema.FieldClass{Path: "/root/name", Class: "name"}) {
		t.Errorf("a recursive type has %v", got)
	}
}

type address struct {
	Street string `json:"street" phi:"address"`
	City   string `json:"city" phi:"place"`
}

type account struct {
	Name     string            `json:"name" phi:"name"`
	Password string            `json:"password" phi:"secret"`
	Note     map[string]string `json:"note,omitempty" phi:"psychotherapy"`
	Home     address           `json:"home"`
	Billing  *address          `json:"billing,omitempty"`
	Keys     []apiKey          `json:"keys,omitempty"`
	Tags     []string          `json:"tags,omitempty"`
	internal int
}

type apiKey struct {
	ID  string `json:"id"`
	Key string `json:"key" phi:"secret"`
}

func TestDiff(t *testing.T) {
	before := account{Name: "Jane", Password: "old", Home: address{"1 Main St", "Springfield"}, Tags: []string{"a"}, internal: 1}
	after := account{
		Name: "Jane", Password: "new", Note: map[string]string{"a": "b"}, Home: address{"2 Oak Ave", "Springfield"},
		Billing: &address{Street: "3 Elm"}, Keys: []apiKey{{"k1", "secret"}}, Tags: []string{"a", "b"}, internal: 2,
	}
	changes, err := schema.Diff(before, after)
	if err != nil {
		t.Fatal(err)
	}
	got, err := json.Marshal(changes)
	want := `[{"field":"password"},{"field":"note"},{"field":"home.street","before":"1 Main St","after":"2 Oak Ave"},` +
		`{"field":"billing","after":{"street":"3 Elm","city":""}},{"field":"keys"},{"field":"tags","before":["a"],"after":["a","b"]}]`
	if err != nil || string(got) != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if changes, err := schema.Diff(before, before); err != nil || len(changes) != 0 {
		t.Errorf("nothing changed, and %d changes were found: %v", len(changes), err)
	}
}

func TestDiffRefuses(t *testing.T) {
	type loop struct{ A func() }
	if _, err := schema.Diff(loop{}, loop{}); err == nil || strings.Contains(err.Error(), "func") {
		t.Errorf("a func: %v", err)
	}
	if _, err := schema.Diff(5, 6); err == nil {
		t.Error("no struct: no error")
	}
	type moment struct{ At json.Number }
	if _, err := schema.Diff(moment{"Jane"}, moment{"1"}); err == nil || strings.Contains(err.Error(), "Jane") {
		t.Errorf("an encoder's error: %v", err)
	}
}

// A field that can't hold what scrubbing leaves of its class doesn't register:
// its events could be published, and no consumer could decode them.
func TestRegisterWantsFieldsThatHoldWhatIsScrubbed(t *testing.T) {
	for _, c := range []struct {
		register func(*schema.Registry)
		refused  string // the field; "" for none
	}{
		{one[held[string]](), ""},
		{one[held[*string]](), ""},
		{one[held[any]](), ""},
		{one[held[json.RawMessage]](), ""},
		{one[held[sql.NullString]](), ""}, // a struct of fields without a class
		{one[held[[]string]](), ""},
		{one[held[map[string][]*string]](), ""},
		{one[held[bool]](), ""},
		{one[held[time.Time]](), "born"},
		{one[held[*time.Time]](), "born"},
		{one[held[[]time.Time]](), "born"},
		{one[held[netip.Addr]](), "born"},
		{one[held[[]byte]](), "born"},
		{one[held[picky]](), "born"},
		{one[held[int]](), "chart"}, // a birth date's number becomes null
		{one[held[float64]](), "chart"},
		{one[held[json.Number]](), "chart"},
		{one[quoted](), "chart"},
		{one[within](), "chart"},
		{one[numbers](), ""},
	} {
		err := func() (err error) {
			defer func() {
				if v := recover(); v != nil {
					err = fmt.Errorf("%v", v)
				}
			}()
			c.register(schema.NewRegistry())
			return nil
		}()
		if (err == nil) != (c.refused == "") || err != nil && !strings.Contains(err.Error(), "."+c.refused+":") {
			t.Errorf("want %q to be refused, got %v", c.refused, err)
		}
	}
}

type held[T any] struct {
	Day   time.Time `json:"day" phi:"date"`
	Story T         `json:"story" phi:"text"`
	Code  T         `json:"code" phi:"safe"`
	Born  T         `json:"born" phi:"birth_date"`
	Chart T         `json:"chart" phi:"medical_record"`
}

func (held[T]) Type() string    { return "intake.scored" }
func (held[T]) Validate() error { return nil }

type quoted struct {
	Chart string `json:"chart,string" phi:"medical_record"`
}

func (quoted) Type() string    { return "intake.scored" }
func (quoted) Validate() error { return nil }

type within struct {
	All map[string][]struct {
		Chart *int `json:"chart" phi:"medical_record"`
	} `json:"all"`
}

func (within) Type() string    { return "intake.scored" }
func (within) Validate() error { return nil }

// Numbers that become null, or stay, are as good as texts.
type numbers struct {
	Age    int       `json:"age" phi:"age"`
	Zip    uint32    `json:"zip" phi:"postal_code"`
	Person int64     `json:"person" phi:"person_id"`
	At     []float64 `json:"at" phi:"geo"`
}

func (numbers) Type() string    { return "intake.scored" }
func (numbers) Validate() error { return nil }

// A picky text is one of a form of its own.
type picky string

func (p *picky) UnmarshalText(b []byte) error {
	if strings.Trim(string(b), "0123456789") != "" {
		panic("no number")
	}
	*p = picky(b)
	return nil
}
