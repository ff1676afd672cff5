package schema

import (
	"encoding/json"
	"strings"
)

// System says something about the machinery. Its type name is "system." and
// the action: "system.backup".
type System struct {
	Action string `json:"-"` // such as "backup"; in the type name

	// Component is the part it is about, such as "billing-api". Optional.
	Component string `json:"component,omitempty" phi:"safe" doc:"The part it is about, such as billing-api."`
	// Status is the state the component is in, such as "ok" or "failed". Optional.
	Status string `json:"status,omitempty" phi:"safe" doc:"The state the component is in, such as ok or failed."`
	// Code is from the component's own list. Optional.
	Code string `json:"code,omitempty" phi:"safe" doc:"A code from the component's own list."`
	// Message is free text, and scrubbed as such. Optional.
	Message string `json:"message,omitempty" phi:"text" doc:"Free text."`
	// Data holds further members: a JSON object or nil.
	Data json.RawMessage `json:"-" schema:"rest"`
}

// Type returns "system.<action>".
func (e System) Type() string { return join("system", e.Action) }

// Validate reports the faults of the payload.
func (e System) Validate() error {
	_, err := e.judge()
	return err
}

func (e System) judge() (judged, error) {
	var c checker
	c.require(e.Action != "", "action", "is required")
	j := c.extra(e.Data, "component", "status", "code", "message")
	return j, c.err()
}

func (e System) named(name string, data []byte) (Event, error) {
	e.Action = strings.TrimPrefix(name, "system.")
	err := e.decode(data)
	return e, err
}

func (e System) only(keep func(json.RawMessage) json.RawMessage) Event {
	e.Data = keep(e.Data)
	return e
}

func (e *System) decode(b []byte) error {
	r := readMembers(b)
	for r.next() {
		switch string(r.name) {
		case "component":
			r.text(&e.Component)
		case "status":
			r.text(&e.Status)
		case "code":
			r.text(&e.Code)
		case "message":
			r.text(&e.Message)
		default:
			r.keep()
		}
	}
	e.Data = r.others()
	return r.err()
}

func (e System) appendJSON(dst []byte, j judged) []byte {
	dst = append(dst, '{')
	dst = appendMember(dst, "component", e.Component)
	dst = appendMember(dst, "status", e.Status)
	dst = appendMember(dst, "code", e.Code)
	dst = appendMember(dst, "message", e.Message)
	return j.appendRest(dst)
}

// MarshalJSON encodes the payload's wire form.
func (e System) MarshalJSON() ([]byte, error) { return appendEvent(nil, e, judged{}) }

// UnmarshalJSON decodes the wire form. Action comes from the type name.
func (e *System) UnmarshalJSON(b []byte) error { return unmarshalFamily(b, e.decode) }
