package interop

import (
	"bytes"
	"encoding/json"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/carebus/carebus/schema"
)

// A visit has a member of each kind that carebus describes.
type visit struct {
	VisitID  string           `json:"visit_id" schema:"required,minlen=1,maxlen=3"`
	Status   string           `json:"status,omitempty" schema:"enum=open|closed"`
	Starts   time.Time        `json:"starts" schema:"required"`
	Day      string           `json:"day,omitempty" schema:"format=date"`
	Session  string           `json:"session,omitempty" schema:"format=uuid"`
	Room     *string          `json:"room,omitempty" pattern:"^[a-z]+$"`
	Length   uint8            `json:"length,omitempty" schema:"min=5"`
	Rating   float32          `json:"rating,omitempty" schema:"max=4.5"`
	Big      int64            `json:"big,omitempty"`
	Codes    []string         `json:"codes,omitempty"`
	Pair     [2]bool          `json:"pair,omitzero"`
	Any      any              `json:"any,omitempty"`
	Contacts map[string]visit `json:"contacts,omitempty"`
}

func (visit) Type() string    { return "visit.ended" }
func (visit) Validate() error { return nil }

func registry() *schema.Registry {
	r := schema.Catalogue()
	schema.Register[visit](r, schema.TypeInfo{Name: "visit.ended", Kind: schema.KindBusiness, Unknown: schema.RefuseUnknown})
	return r
}

// compile compiles a schema after judging it by the meta-schema of its draft.
func compile(t *testing.T, document []byte, at string) *jsonschema.Schema {
	t.Helper()
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(document))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("doc.json", v); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("doc.json" + at)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func value(t *testing.T, b []byte) any {
	t.Helper()
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// Each event that carebus writes is valid by the schemas it serves: those of
// its envelope, its payload, and its message in the AsyncAPI document.
func TestSchemasTakeEvents(t *testing.T) {
	r := registry()
	envelope := compile(t, schema.EnvelopeSchema(), "")
	asyncAPI := r.AsyncAPI(schema.AsyncAPIInfo{})
	for _, line := range lines(t) {
		e, err := schema.Parse(line)
		if err != nil {
			t.Fatal(err)
		}
		if err := envelope.Validate(value(t, line)); err != nil {
			t.Errorf("%s: envelope: %v", e.Type(), err)
		}
		document, _ := r.JSONSchema(e.Type())
		if err := compile(t, document, "").Validate(value(t, e.Event.(schema.Raw).Data)); err != nil {
			t.Errorf("%s: payload: %v", e.Type(), err)
		}
		if err := compile(t, asyncAPI, "#/components/messages/"+e.Type()+"/payload").Validate(value(t, line)); err != nil {
			t.Errorf("%s: message: %v", e.Type(), err)
		}
		if err := compile(t, asyncAPI, "#/components/messages/user.deleted/payload").Validate(value(t, line)); (err == nil) != (e.Type() == "user.deleted") {
			t.Errorf("%s: the message of user.deleted: %v", e.Type(), err)
		}
	}
}

// The two validators agree on payloads that are right in places and wrong in others.
func TestValidatorsAgree(t *testing.T) {
	r := registry()
	random := rand.New(rand.NewPCG(1, 2))
	values := []any{
		nil, true, false, "", "a", "abcd", "\u00e9\u00e9\u00e9", "open", "success", "USD", "usd", "2024-01-15", "2024-02-30", "2024-01-15T14:00:00Z",
		"2024-01-15T14:00:00.5+02:00", "0198c5a2-0000-7000-8000-000000000001", "0198c5a200007000800000000000001", 0, 1, 4, 5, 255, 256, -1, 1.5, 4.5, 4.6,
		json.RawMessage("5.0"), json.RawMessage("1e2"), json.RawMessage("9223372036854775807"), json.RawMessage("9223372036854775808"),
		json.RawMessage("-9223372036854775808"), json.RawMessage("-9223372036854775809"), []any{}, []any{"a"}, []any{true, false}, []any{1}, map[string]any{},
	}
	for typ, names := range map[string][]string{
		"visit.ended":  {"visit_id", "status", "starts", "day", "session", "room", "length", "rating", "big", "codes", "pair", "any", "contacts", "other"},
		"auth.login":   {"outcome", "method", "reason", "client", "other"},
		"user.updated": {"entity_id", "changes", "email"},
		"invoice.paid": {"outcome", "amounts", "other"},
		"system.error": {"component", "status", "code", "message"},
	} {
		document, _ := r.JSONSchema(typ)
		compiled := compile(t, document, "")
		valid := 0
		for range 4000 {
			payload := map[string]any{}
			if random.IntN(8) > 0 { // else nearly all would lack what is required
				switch typ {
				case "visit.ended":
					payload["visit_id"], payload["starts"] = "v", "2024-01-15T14:00:00Z"
				case "auth.login":
					payload["outcome"] = "success"
				}
			}
			for range random.IntN(4) {
				name := names[random.IntN(len(names))]
				payload[name] = values[random.IntN(len(values))]
				if random.IntN(3) == 0 {
					payload[name] = nested(random, values, payload)
				}
			}
			b, err := json.Marshal(payload)
			if err != nil {
				t.Fatal(err)
			}
			ours, theirs := r.ValidateJSON(typ, b), compiled.Validate(value(t, b))
			if (ours == nil) != (theirs == nil) {
				t.Errorf("%s: %s\ncarebus: %v\nthe other: %v", typ, b, ours, theirs)
			}
			if ours == nil {
				valid++
			}
		}
		if valid < 200 || valid > 3800 {
			t.Errorf("%s: %d of 4000 payloads are valid, which tests one side only", typ, valid)
		}
	}
}

// nested returns a list or a map of objects with members that types have within.
func nested(random *rand.Rand, values []any, payload map[string]any) any {
	inner := map[string]any{}
	names := []string{"field", "before", "minor", "currency", "name", "ip", "user_agent", "visit_id", "starts"}
	for range random.IntN(4) {
		inner[names[random.IntN(len(names))]] = values[random.IntN(len(values))]
	}
	switch random.IntN(3) {
	case 0:
		return inner
	case 1:
		return []any{inner, maps.Clone(inner)}
	}
	return map[string]any{"x": inner, "y": slices.Collect(maps.Keys(payload))}
}
