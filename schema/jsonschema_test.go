package schema_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/carebus/carebus/schema"
)

// What a schema takes decodes, and what is encoded is valid: for payloads that
// no one thought of.
func FuzzSchema(f *testing.F) {
	r := visits()
	types := []string{"visit.ended", "patient.updated", "auth.login", "system.error", "invoice.paid"}
	for i, s := range []string{
		someVisit,
		`{"entity_id":"1","changes":[{"field":"a","before":null,"after":{"b":1}},{"field":"c"}],"x":[1]}`,
		`{"outcome":"success","client":{"ip":"192.0.2.1","more":1},"reason":null}`,
		`{"message":"\ud800","component":"c","data":{"a":{}}}`,
		`{"amounts":[{"name":"total","minor":-0,"currency":"USD"},{"minor":12,"currency":"EUR","x":1}],"outcome":null}`,
	} {
		f.Add(uint8(i), []byte(s))
	}
	f.Fuzz(func(t *testing.T, i uint8, payload []byte) {
		typ := types[int(i)%len(types)]
		if r.ValidateJSON(typ, payload) != nil {
			return
		}
		e, err := r.DecodeInput(slices.Concat([]byte(`{"type":"`+typ+`","source":"pms","data":`), payload, []byte("}")))
		if err != nil {
			// Go takes less than JSON Schema of whole numbers that are written with a
			// fraction or an exponent, and of strings that hold bytes or a number.
			var v *schema.ValidationError
			if errors.As(err, &v) && len(v.Faults) == 1 && (strings.Contains(v.Faults[0].Rule, "number") || slices.Contains([]string{"data.photo", "data.count"}, v.Faults[0].Field)) {
				return
			}
			t.Fatalf("%s: valid and not decoded: %v", typ, err)
		}
		if r.Complete(&e, defaults) != nil {
			return
		}
		b, err := e.AppendJSON(nil)
		if err != nil {
			t.Fatalf("%s does not encode: %v", typ, err)
		}
		raw, err := schema.Parse(b)
		if err != nil {
			t.Fatal(err)
		}
		if err := r.ValidateJSON(typ, raw.Event.(schema.Raw).Data); err != nil {
			t.Fatalf("%s: what was encoded is not valid: %v\n%s", typ, err, b)
		}
	})
}
