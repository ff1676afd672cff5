package schema

import (
	"encoding/json"
	"fmt"
	"strings"
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
	Entity    string    // the record's kind, such as "patient"; in the type name
	Operation Operation // what happened to it; in the type name

	EntityID string          // wire name entity_id; optional where the subject says it
	Changes  []Change        // wire name changes; what an update changed
	Data     json.RawMessage // the record: a JSON object whose members stand beside those above
}

// A Change is one field's change. Before and After are JSON values; nil means absent.
type Change struct {
	Field  string          `json:"field"`
	Before json.RawMessage `json:"before,omitempty"`
	After  json.RawMessage `json:"after,omitempty"`
}

type crudWire struct {
	EntityID string   `json:"entity_id,omitempty"`
	Changes  []Change `json:"changes,omitempty"`
}

var crudMembers = []string{"entity_id", "changes"}

// Type returns "<entity>.<operation>".
func (e CRUD) Type() string { return join(e.Entity, string(e.Operation)) }

func (e *CRUD) setType(name string) {
	i := strings.LastIndexByte(name, '.')
	e.Entity, e.Operation = name[:max(i, 0)], Operation(name[i+1:])
}

// Validate reports the faults of the payload.
func (e CRUD) Validate() error {
	var c checker
	c.require(e.Entity != "", "entity", "is required")
	c.require(e.Operation.Valid(), "operation", "must be one of created, read, updated, deleted")
	for i, ch := range e.Changes {
		c.require(ch.Field != "", fmt.Sprintf("changes[%d].field", i), "is required")
	}
	c.extra(e.Data, crudMembers)
	return c.err()
}

// MarshalJSON encodes the payload's wire form.
func (e CRUD) MarshalJSON() ([]byte, error) {
	return splice(crudWire{e.EntityID, e.Changes}, e.Data)
}

// UnmarshalJSON decodes the wire form. Entity and Operation come from the type name.
func (e *CRUD) UnmarshalJSON(b []byte) error {
	var w crudWire
	data, err := split(b, &w, crudMembers...)
	if err != nil {
		return err
	}
	e.EntityID, e.Changes, e.Data = w.EntityID, w.Changes, data
	return nil
}

// Outcome says how an attempt ended.
type Outcome string

// The outcomes of auth and business events.
const (
	Success   Outcome = "success"
	Failure   Outcome = "failure"
	Denied    Outcome = "denied"
	Pending   Outcome = "pending"
	Cancelled Outcome = "cancelled"
)

// Valid reports whether o is one of the outcomes.
func (o Outcome) Valid() bool {
	switch o {
	case Success, Failure, Denied, Pending, Cancelled:
		return true
	}
	return false
}

const outcomeRule = "must be one of success, failure, denied, pending, cancelled"

// Auth says that someone tried to enter or to do something. Its type name is
// "auth." and the action: "auth.login".
type Auth struct {
	Action string // such as "login"; in the type name

	Outcome Outcome         // required
	Method  string          // such as "password", "totp", "sso"; optional
	Reason  string          // why it failed, from the service's own list; optional
	Client  *Client         // where the attempt came from; optional
	Data    json.RawMessage // further members: a JSON object or nil
}

// Client describes the far end of a connection.
type Client struct {
	IP        string `json:"ip,omitempty"`
	UserAgent string `json:"user_agent,omitempty"`
	Device    string `json:"device,omitempty"`
}

type authWire struct {
	Outcome Outcome `json:"outcome,omitempty"`
	Method  string  `json:"method,omitempty"`
	Reason  string  `json:"reason,omitempty"`
	Client  *Client `json:"client,omitempty"`
}

var authMembers = []string{"outcome", "method", "reason", "client"}

// Type returns "auth.<action>".
func (e Auth) Type() string { return join("auth", e.Action) }

func (e *Auth) setType(name string) { e.Action = strings.TrimPrefix(name, "auth.") }

// Validate reports the faults of the payload.
func (e Auth) Validate() error {
	var c checker
	c.require(e.Action != "", "action", "is required")
	c.require(e.Outcome != "", "outcome", "is required")
	c.require(e.Outcome == "" || e.Outcome.Valid(), "outcome", outcomeRule)
	c.extra(e.Data, authMembers)
	return c.err()
}

// MarshalJSON encodes the payload's wire form.
func (e Auth) MarshalJSON() ([]byte, error) {
	return splice(authWire{e.Outcome, e.Method, e.Reason, e.Client}, e.Data)
}

// UnmarshalJSON decodes the wire form. Action comes from the type name.
func (e *Auth) UnmarshalJSON(b []byte) error {
	var w authWire
	data, err := split(b, &w, authMembers...)
	if err != nil {
		return err
	}
	e.Outcome, e.Method, e.Reason, e.Client, e.Data = w.Outcome, w.Method, w.Reason, w.Client, data
	return nil
}

// System says something about the machinery. Its type name is "system." and
// the action: "system.backup".
type System struct {
	Action string // such as "backup"; in the type name

	Component string          // the part it is about, such as "billing-api"; optional
	Status    string          // the state it is in, such as "ok" or "failed"; optional
	Code      string          // a code from the component's own list; optional
	Message   string          // free text; scrubbed as such; optional
	Data      json.RawMessage // further members: a JSON object or nil
}

type systemWire struct {
	Component string `json:"component,omitempty"`
	Status    string `json:"status,omitempty"`
	Code      string `json:"code,omitempty"`
	Message   string `json:"message,omitempty"`
}

var systemMembers = []string{"component", "status", "code", "message"}

// Type returns "system.<action>".
func (e System) Type() string { return join("system", e.Action) }

func (e *System) setType(name string) { e.Action = strings.TrimPrefix(name, "system.") }

// Validate reports the faults of the payload.
func (e System) Validate() error {
	var c checker
	c.require(e.Action != "", "action", "is required")
	c.extra(e.Data, systemMembers)
	return c.err()
}

// MarshalJSON encodes the payload's wire form.
func (e System) MarshalJSON() ([]byte, error) {
	return splice(systemWire{e.Component, e.Status, e.Code, e.Message}, e.Data)
}

// UnmarshalJSON decodes the wire form. Action comes from the type name.
func (e *System) UnmarshalJSON(b []byte) error {
	var w systemWire
	data, err := split(b, &w, systemMembers...)
	if err != nil {
		return err
	}
	e.Component, e.Status, e.Code, e.Message, e.Data = w.Component, w.Status, w.Code, w.Message, data
	return nil
}

// Business says that a step of a process was taken. Its type name is the
// process and the step: "appointment.booked".
type Business struct {
	Process string // such as "appointment"; in the type name
	Step    string // such as "booked"; in the type name

	Outcome Outcome         // optional
	Amounts []Amount        // sums of money that the step is about; optional
	Data    json.RawMessage // further members: a JSON object or nil
}

// An Amount is a sum of money in the minor unit of its currency, such as cents.
type Amount struct {
	Name     string `json:"name,omitempty"` // what the sum is, such as "copay"
	Minor    int64  `json:"minor"`
	Currency string `json:"currency"` // ISO 4217, three capital letters
}

type businessWire struct {
	Outcome Outcome  `json:"outcome,omitempty"`
	Amounts []Amount `json:"amounts,omitempty"`
}

var businessMembers = []string{"outcome", "amounts"}

// Type returns "<process>.<step>".
func (e Business) Type() string { return join(e.Process, e.Step) }

func (e *Business) setType(name string) {
	i := strings.LastIndexByte(name, '.')
	e.Process, e.Step = name[:max(i, 0)], name[i+1:]
}

// Validate reports the faults of the payload.
func (e Business) Validate() error {
	var c checker
	c.require(e.Process != "", "process", "is required")
	c.require(e.Step != "", "step", "is required")
	c.require(e.Outcome == "" || e.Outcome.Valid(), "outcome", outcomeRule)
	for i, a := range e.Amounts {
		c.require(validCurrency(a.Currency), fmt.Sprintf("amounts[%d].currency", i), "must be three capital letters (ISO 4217)")
	}
	c.extra(e.Data, businessMembers)
	return c.err()
}

// MarshalJSON encodes the payload's wire form.
func (e Business) MarshalJSON() ([]byte, error) {
	return splice(businessWire{e.Outcome, e.Amounts}, e.Data)
}

// UnmarshalJSON decodes the wire form. Process and Step come from the type name.
func (e *Business) UnmarshalJSON(b []byte) error {
	var w businessWire
	data, err := split(b, &w, businessMembers...)
	if err != nil {
		return err
	}
	e.Outcome, e.Amounts, e.Data = w.Outcome, w.Amounts, data
	return nil
}

// Format prints the type name alone, whatever the verb: a payload may hold PHI.
func (e CRUD) Format(s fmt.State, _ rune) { formatFamily(s, "CRUD", e.Type()) }

// Format prints the type name alone, whatever the verb: a payload may hold PHI.
func (e Auth) Format(s fmt.State, _ rune) { formatFamily(s, "Auth", e.Type()) }

// Format prints the type name alone, whatever the verb: a payload may hold PHI.
func (e System) Format(s fmt.State, _ rune) { formatFamily(s, "System", e.Type()) }

// Format prints the type name alone, whatever the verb: a payload may hold PHI.
func (e Business) Format(s fmt.State, _ rune) { formatFamily(s, "Business", e.Type()) }

func formatFamily(s fmt.State, family, name string) {
	fmt.Fprintf(s, "schema.%s(%s)", family, safeName(name))
}

// join returns "a.b", or "" when one of them is missing.
func join(a, b string) string {
	if a == "" || b == "" {
		return ""
	}
	return a + "." + b
}

func validCurrency(s string) bool {
	return len(s) == 3 && strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""
}

// extra checks the members that stand beside a family's own.
func (c *checker) extra(data json.RawMessage, own []string) {
	if len(data) == 0 {
		return
	}
	if !json.Valid(data) || data[skipSpace(data, 0)] != '{' {
		c.require(false, "", "must be a JSON object")
		return
	}
	for name := range members(data) {
		for _, o := range own {
			c.require(string(name) != o, o, "must stand in the payload's own field, not in its data")
		}
	}
}
