package schema

import (
	"encoding/json"
	"fmt"
)

// Operation is what happened to a record.
type Operation string

// The four operations of CRUD events, as they stand in type names.
const (
	Created Operation = "created"
	Read    Operation = "read"
	Updated Operation = "updated"
	Deleted Operation = "deleted"
)

// Valid reports whether o is one of the four operations.
func (o Operation) Valid() bool {
	switch o {
	case Created, Read, Updated, Deleted:
		return true
	}
	return false
}

// CRUD says that a record was created, read, updated or deleted. Its type name
// is the entity and the operation: "patient.updated".
type CRUD struct {
	Entity    string    `json:"-"` // the record's kind, such as "patient"; in the type name
	Operation Operation `json:"-"` // what happened to it; in the type name

	// EntityID is the record's id. Optional where the subject says it.
	EntityID string `json:"entity_id,omitempty" doc:"The record's id."`
	// Changes are what an update changed; see [Diff].
	Changes []Change `json:"changes,omitempty" doc:"What an update changed."`
	// Data is the record: a JSON object whose members stand beside those above, or nil.
	Data json.RawMessage `json:"-" schema:"rest"`
}

// A Change is one field's change. Before and After are JSON values; nil means
// absent. They are scrubbed as values of the field that Field names.
type Change struct {
	Field  string          `json:"field" schema:"required,minlen=1" doc:"The field's name, or its path joined by dots."`
	Before json.RawMessage `json:"before,omitempty" doc:"The value before. Absent where there was none and where it must not be told."`
	After  json.RawMessage `json:"after,omitempty" doc:"The value after. Absent where there is none and where it must not be told."`
}

// Type returns "<entity>.<operation>".
func (e CRUD) Type() string { return join(e.Entity, string(e.Operation)) }

// Validate reports the faults of the payload.
func (e CRUD) Validate() error {
	_, err := e.judge()
	return err
}

func (e CRUD) judge() (judged, error) {
	var c checker
	c.require(e.Entity != "", "entity", "is required")
	c.require(e.Operation.Valid(), "operation", "must be one of created, read, updated, deleted")
	encodable := true
	for i, ch := range e.Changes {
		if ch.Field == "" {
			c.fault(fmt.Sprintf("changes[%d].field", i), "is required")
		}
		if len(ch.Before) > 0 && !validJSON(ch.Before) {
			c.fault(fmt.Sprintf("changes[%d].before", i), "is not valid JSON")
			encodable = false
		}
		if len(ch.After) > 0 && !validJSON(ch.After) {
			c.fault(fmt.Sprintf("changes[%d].after", i), "is not valid JSON")
			encodable = false
		}
	}
	j := c.extra(e.Data, "entity_id", "changes")
	j.encodable = j.encodable && encodable
	return j, c.err()
}

func (e CRUD) named(name string, data []byte) (Event, error) {
	entity, op := cutLast(name)
	e.Entity, e.Operation = entity, Operation(op)
	err := e.decode(data)
	return e, err
}

func (e CRUD) only(keep func(json.RawMessage) json.RawMessage) Event {
	e.Data = keep(e.Data)
	return e
}

func (e *CRUD) decode(b []byte) error {
	r := readMembers(b)
	for r.next() {
		switch string(r.name) {
		case "entity_id":
			r.text(&e.EntityID)
		case "changes":
			if r.take() {
				e.Changes = []Change{}
				for list := r.array(); list.next(); {
					in := object(list.value)
					e.Changes = append(e.Changes, readChange(&in))
					r.within(&in, list.index)
				}
			}
		default:
			r.keep()
		}
	}
	e.Data = r.others()
	return r.err()
}

func readChange(r *memberReader) (c Change) {
	for r.next() {
		switch string(r.name) {
		case "field":
			r.text(&c.Field)
		case "before":
			c.Before = r.value
		case "after":
			c.After = r.value
		}
	}
	return c
}

func (e CRUD) appendJSON(dst []byte, j judged) []byte {
	dst = append(dst, '{')
	dst = appendMember(dst, "entity_id", e.EntityID)
	if len(e.Changes) > 0 {
		dst = append(appendName(dst, "changes"), '[')
		for i, c := range e.Changes {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = appendString(append(dst, `{"field":`...), c.Field)
			if len(c.Before) > 0 {
				dst = appendCompact(appendName(dst, "before"), c.Before)
			}
			if len(c.After) > 0 {
				dst = appendCompact(appendName(dst, "after"), c.After)
			}
			dst = append(dst, '}')
		}
		dst = append(dst, ']')
	}
	return j.appendRest(dst)
}

// MarshalJSON encodes the payload's wire form.
func (e CRUD) MarshalJSON() ([]byte, error) { return appendEvent(nil, e, judged{}) }

// UnmarshalJSON decodes the wire form. Entity and Operation come from the type name.
func (e *CRUD) UnmarshalJSON(b []byte) error { return unmarshalFamily(b, e.decode) }
