package schema_test

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"github.com/carebus/carebus/schema"
)

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
