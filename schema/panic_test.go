package schema_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/carebus/carebus/schema"
)

const panicSecret = "Jane Patient"

// fragile panics in the method that In names, with what it holds.
type fragile struct {
	In string `json:"in"`
}

func (f fragile) fail(in string) {
	if f.In == in {
		panic("no " + panicSecret)
	}
}

func (f fragile) Type() string    { f.fail("Type"); return "fragile.made" }
func (f fragile) Validate() error { f.fail("Validate"); return nil }

func (f fragile) MarshalJSON() ([]byte, error) {
	f.fail("MarshalJSON")
	return []byte(`{}`), nil
}

func (f *fragile) UnmarshalJSON(b []byte) error {
	panic("no " + panicSecret)
}

// A payload whose methods panic is a fault of the event, wherever it is met: the
// caller goes on, and the panic's text is told nobody.
func TestPanicsAreFaults(t *testing.T) {
	r := schema.NewRegistry()
	schema.Register[fragile](r, schema.TypeInfo{Name: "fragile.made", Kind: schema.KindSystem})
	panics := schema.Fault{Field: "data", Rule: "has a Go type whose methods panic"}
	for _, c := range []struct {
		name             string
		event            schema.Event
		want             schema.Fault
		complete, encode bool // which of them meets it
	}{
		{"nil pointer", (*fragile)(nil), schema.Fault{Field: "data", Rule: "must not be a nil pointer"}, true, true},
		{"Type", fragile{"Type"}, panics, true, true},
		{"Validate", fragile{"Validate"}, panics, true, false},
		{"MarshalJSON", fragile{"MarshalJSON"}, panics, false, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			e := schema.Envelope{Source: "pms/test", Event: c.event}
			if err := r.Complete(&e, defaults); c.complete {
				wantFault(t, "Complete", err, c.want)
				wantFault(t, "Validate", e.Validate(), c.want)
			} else if err != nil {
				t.Error(err)
			}
			if out, err := e.AppendJSON([]byte("before")); c.encode {
				wantFault(t, "AppendJSON", err, c.want)
				if string(out) != "before" {
					t.Errorf("AppendJSON left %d bytes", len(out))
				}
			} else if err != nil {
				t.Error(err)
			}
			var log strings.Builder
			slog.New(slog.NewJSONHandler(&log, nil)).Info("event", "event", e)
			if printed := log.String() + fmt.Sprintf("%v %+v", e, e); strings.Contains(printed, panicSecret) || strings.Contains(printed, "PANIC") {
				t.Errorf("printed: %s", printed)
			}
		})
	}
	wire := []byte(`{"specversion":"1.0","id":"a","source":"pms/test","type":"fragile.made","data":{}}`)
	for name, decode := range map[string]func([]byte) (schema.Envelope, error){"Decode": r.Decode, "DecodeInput": r.DecodeInput} {
		_, err := decode(wire)
		wantFault(t, name, err, schema.Fault{Field: "data", Rule: "can't be decoded: its type's own code panics"})
	}
}

// An upcaster is the user's code, too.
func TestPanicOfAnUpcasterIsAFault(t *testing.T) {
	r := schema.NewRegistry()
	schema.Register[intakeScored](r, schema.TypeInfo{Name: "intake.scored", Kind: schema.KindBusiness, Version: 2})
	r.Upcast("intake.scored", 1, func(json.RawMessage) (json.RawMessage, error) { panic(panicSecret) })
	_, err := r.Decode([]byte(`{"specversion":"1.0","id":"a","source":"pms/test","type":"intake.scored","schemaversion":1,"data":{}}`))
	wantFault(t, "Decode", err, schema.Fault{Field: "data", Rule: "can't be decoded: its type's own code panics"})
}

func wantFault(t *testing.T, what string, err error, want schema.Fault) {
	t.Helper()
	var invalid *schema.ValidationError
	if !errors.As(err, &invalid) || len(invalid.Faults) != 1 || invalid.Faults[0] != want {
		t.Errorf("%s: %v, want the fault %+v", what, err, want)
	}
}

// carefree says that all is well by a nil pointer, which is no nil error.
type carefree struct{}

func (carefree) Type() string { return "carefree.made" }

func (carefree) Validate() error {
	var nothing *schema.ValidationError
	return nothing
}

func TestNilValidationErrorIsNone(t *testing.T) {
	r := schema.NewRegistry()
	schema.Register[carefree](r, schema.TypeInfo{Name: "carefree.made", Kind: schema.KindSystem})
	if err := r.Complete(&schema.Envelope{Source: "pms/test", Event: carefree{}}, defaults); err != nil {
		t.Error(err)
	}
}
