package schema

import (
	"encoding/json"
	"slices"
)

// An Event is the payload of an [Envelope]: what happened, in the words of the
// service that saw it. Implementations are encoded with [encoding/json] into a
// JSON object.
type Event interface {
	// Type returns the event's type name: two to five lower-case words joined
	// by dots, such as "user.created". The name is written by hand and never
	// derived from a Go type's name, so that renaming code renames no event.
	Type() string
	// Validate reports what is wrong with the payload, all faults at once, as a
	// [*ValidationError] or nil. It must never quote a value.
	Validate() error
}

// Kind is the family that an event belongs to.
type Kind string

// The four families.
const (
	KindCRUD     Kind = "crud"
	KindAuth     Kind = "auth"
	KindSystem   Kind = "system"
	KindBusiness Kind = "business"
)

// Valid reports whether k is one of the four families.
func (k Kind) Valid() bool {
	switch k {
	case KindCRUD, KindAuth, KindSystem, KindBusiness:
		return true
	}
	return false
}

// Severity says how much an event matters to whoever is on call.
type Severity string

// The four severities, least first.
const (
	SeverityLow      Severity = "low"
	SeverityMedium   Severity = "medium"
	SeverityHigh     Severity = "high"
	SeverityCritical Severity = "critical"
)

var severities = [...]Severity{SeverityLow, SeverityMedium, SeverityHigh, SeverityCritical}

// Severities returns the four severities, least first.
func Severities() []Severity { return slices.Clone(severities[:]) }

func severityNames() []string {
	names := make([]string, len(severities))
	for i, s := range severities {
		names[i] = string(s)
	}
	return names
}

// Level returns the place of s among the severities: 0 for the least, 3 for
// critical, -1 for what is none.
func (s Severity) Level() int { return slices.Index(severities[:], s) }

// Valid reports whether s is one of the four severities.
func (s Severity) Valid() bool { return s.Level() >= 0 }

// DataClass says how sensitive an event's content is after scrubbing.
type DataClass string

// The four data classes, least sensitive first.
const (
	DataPublic       DataClass = "public"
	DataInternal     DataClass = "internal"
	DataConfidential DataClass = "confidential"
	DataRestricted   DataClass = "restricted"
)

// Valid reports whether c is one of the four data classes.
func (c DataClass) Valid() bool {
	switch c {
	case DataPublic, DataInternal, DataConfidential, DataRestricted:
		return true
	}
	return false
}

// Raw is a payload that no Go type describes: its type name and its JSON value
// as it came. [Parse] returns it for every event, and [Registry.Decode] for
// types it doesn't know, so that an event from a newer service is carried on
// instead of lost.
type Raw struct {
	Name string          // the event's type name
	Data json.RawMessage // any JSON value; nil stands for {}
}

// Type returns r.Name.
func (r Raw) Type() string { return r.Name }

// Validate reports whether r.Data is valid JSON.
func (r Raw) Validate() error {
	_, err := r.judge()
	return err
}

func (r Raw) judge() (judged, error) {
	if len(r.Data) > 0 && !validJSON(r.Data) {
		return judged{}, invalid("", "is not valid JSON")
	}
	return judged{encodable: true}, nil
}

// payload returns the data as it came, an empty object for none.
func (r Raw) payload() []byte {
	if len(r.Data) == 0 {
		return []byte("{}")
	}
	return r.Data
}

func (r Raw) appendJSON(dst []byte, _ judged) []byte { return appendCompact(dst, r.payload()) }

// MarshalJSON returns r.Data on one line.
func (r Raw) MarshalJSON() ([]byte, error) { return appendEvent(nil, r, judged{}) }
