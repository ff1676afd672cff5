package schema

import (
	"fmt"
	"io"
	"log/slog"
	"strings"

	"github.com/google/uuid"
)

// What may be printed of an event is its type and what the grammar of its id
// vouches for. The methods here see to it for every way of printing that Go
// has: fmt with whatever verb calls Format, slog calls LogValue, and String and
// GoString serve whoever calls them by hand.

// safeName returns name when its grammar rules out anything but a type name,
// and a placeholder otherwise: a stranger's type name may be anything.
func safeName(name string) string {
	if ValidType(name) {
		return name
	}
	return "invalid type"
}

// shownType is the type's name as it may be printed; a type that panics has none.
func (e Envelope) shownType() string {
	name, _ := e.named()
	return safeName(name)
}

// shownID is the id as it may be printed: one that is no UUID may be anything.
func (e Envelope) shownID() string {
	if u, err := uuid.Parse(e.ID); err == nil {
		return u.String()
	}
	return notShown
}

// String returns the type and the id alone; an id that is no UUID is left out.
func (e Envelope) String() string {
	return "schema.Envelope(" + e.shownType() + " " + e.shownID() + ")"
}

// GoString returns what String does.
func (e Envelope) GoString() string { return e.String() }

// Format writes what String returns, whatever the verb, so that printing an
// envelope prints no PHI.
func (e Envelope) Format(s fmt.State, _ rune) { io.WriteString(s, e.String()) }

// LogValue logs the attributes that can't hold PHI.
func (e Envelope) LogValue() slog.Value {
	shown := func(s string, ok bool) string {
		if ok {
			return s
		}
		return "invalid"
	}
	return slog.GroupValue(
		slog.String("type", e.shownType()),
		slog.String("id", e.shownID()),
		slog.String("kind", shown(string(e.Kind), e.Kind == "" || e.Kind.Valid())),
		slog.String("severity", shown(string(e.Severity), e.Severity == "" || e.Severity.Valid())),
		slog.Time("time", e.Time),
	)
}

// String returns the type name alone.
func (r Raw) String() string { return shortly("Raw", r) }

// GoString returns the type name alone.
func (r Raw) GoString() string { return r.String() }

// Format writes the type name alone, whatever the verb: a payload may hold PHI.
func (r Raw) Format(s fmt.State, _ rune) { io.WriteString(s, r.String()) }

// LogValue logs the type name alone.
func (r Raw) LogValue() slog.Value { return slog.StringValue(r.String()) }

// String returns the type name alone.
func (e CRUD) String() string { return shortly("CRUD", e) }

// GoString returns the type name alone.
func (e CRUD) GoString() string { return e.String() }

// Format writes the type name alone, whatever the verb: a payload may hold PHI.
func (e CRUD) Format(s fmt.State, _ rune) { io.WriteString(s, e.String()) }

// LogValue logs the type name alone.
func (e CRUD) LogValue() slog.Value { return slog.StringValue(e.String()) }

// String returns the type name alone.
func (e Auth) String() string { return shortly("Auth", e) }

// GoString returns the type name alone.
func (e Auth) GoString() string { return e.String() }

// Format writes the type name alone, whatever the verb: a payload may hold PHI.
func (e Auth) Format(s fmt.State, _ rune) { io.WriteString(s, e.String()) }

// LogValue logs the type name alone.
func (e Auth) LogValue() slog.Value { return slog.StringValue(e.String()) }

// String returns the type name alone.
func (e System) String() string { return shortly("System", e) }

// GoString returns the type name alone.
func (e System) GoString() string { return e.String() }

// Format writes the type name alone, whatever the verb: a payload may hold PHI.
func (e System) Format(s fmt.State, _ rune) { io.WriteString(s, e.String()) }

// LogValue logs the type name alone.
func (e System) LogValue() slog.Value { return slog.StringValue(e.String()) }

// String returns the type name alone.
func (e Business) String() string { return shortly("Business", e) }

// GoString returns the type name alone.
func (e Business) GoString() string { return e.String() }

// Format writes the type name alone, whatever the verb: a payload may hold PHI.
func (e Business) Format(s fmt.State, _ rune) { io.WriteString(s, e.String()) }

// LogValue logs the type name alone.
func (e Business) LogValue() slog.Value { return slog.StringValue(e.String()) }

func shortly(family string, e Event) string {
	return "schema." + family + "(" + safeName(e.Type()) + ")"
}

// Private keeps a payload out of print. Embed it in a payload type of your own
// and fmt, with whatever verb, and slog show "(not shown)" in the value's place:
//
//	type intakeScored struct {
//		schema.Private
//		PatientID string `json:"patient_id" phi:"person_id"`
//	}
//
// It has no fields and leaves the encoding as it is.
type Private struct{}

const notShown = "(not shown)"

// String returns "(not shown)".
func (Private) String() string { return notShown }

// GoString returns "(not shown)".
func (Private) GoString() string { return notShown }

// Format writes "(not shown)", whatever the verb.
func (Private) Format(s fmt.State, _ rune) { io.WriteString(s, notShown) }

// LogValue logs "(not shown)".
func (Private) LogValue() slog.Value { return slog.StringValue(notShown) }

// Format writes "(not shown)", whatever the verb: both values may be PHI.
func (Change) Format(s fmt.State, _ rune) { io.WriteString(s, notShown) }

// LogValue logs "(not shown)".
func (Change) LogValue() slog.Value { return slog.StringValue(notShown) }

// Format writes "(not shown)", whatever the verb: an address is PHI.
func (Client) Format(s fmt.State, _ rune) { io.WriteString(s, notShown) }

// LogValue logs "(not shown)".
func (Client) LogValue() slog.Value { return slog.StringValue(notShown) }

// Format writes the entry's id alone, whatever the verb: Data holds an event.
func (e Entry) Format(s fmt.State, _ rune) {
	id := notShown
	if strings.Trim(e.ID, "0123456789-") == "" {
		id = e.ID
	}
	io.WriteString(s, "schema.Entry("+id+")")
}

// LogValue logs the entry's id alone.
func (e Entry) LogValue() slog.Value { return slog.StringValue(fmt.Sprint(e)) }
