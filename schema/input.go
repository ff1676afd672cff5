package schema

import (
	"encoding/json"
	"fmt"
	"strings"
)

// DecodeInput decodes an event that someone wrote by hand or sent over the
// network: a CloudEvents 1.0 JSON object, known by its specversion, or carebus'
// own publish body:
//
//	type            required, such as "user.created"
//	kind            optional; must be the type's
//	severity        optional
//	source          required
//	subject, actor, tenant, correlation_id, causation_id, traceparent  optional strings
//	id              optional; default a new UUID version 7
//	time            optional, RFC 3339; default now
//	environment     optional; must be the bus's
//	schema_version  optional
//	data_class      optional
//	data            optional object: the payload
//
// A publish body with another member is refused, since a misspelt member would
// be lost in silence. The payload is decoded into its registered type; an
// unregistered type stays [Raw], for [Registry.Complete] to refuse. The error is a
// [*ValidationError] with all faults of the body; it never holds a value.
func (r *Registry) DecodeInput(b []byte) (Envelope, error) {
	if err := checkObject(b); err != nil {
		return Envelope{}, err
	}
	var e Envelope
	var err error
	if hasMember(b, "specversion") {
		e, err = Parse(b)
	} else {
		e, err = parseBody(b)
	}
	if err != nil {
		return Envelope{}, err
	}
	return e, r.typed(&e)
}

func hasMember(b []byte, name string) bool {
	for n := range members(b) {
		if n == name {
			return true
		}
	}
	return false
}

func parseBody(b []byte) (Envelope, error) {
	var e Envelope
	var c checker
	var raw Raw
	text := map[string]*string{
		"id": &e.ID, "source": &e.Source, "type": &raw.Name,
		"subject": &e.Subject, "tenant": &e.Tenant, "actor": &e.Actor,
		"correlation_id": &e.CorrelationID, "causation_id": &e.CausationID, "traceparent": &e.TraceParent,
		"kind": (*string)(&e.Kind), "severity": (*string)(&e.Severity),
		"environment": &e.Environment, "data_class": (*string)(&e.DataClass),
	}
	seen := map[string]bool{}
	place := 0
	for name, value := range members(b) {
		place++
		field, isText := text[name]
		switch {
		case isText:
			c.text(name, value, field)
		case name == "time":
			c.time(value, &e.Time)
		case name == "schema_version":
			c.version(name, value, &e.SchemaVersion)
		case name == "data":
			raw.Data = json.RawMessage(value)
		default:
			c.require(false, fmt.Sprintf("member %d", place), "is none of the publish body's") // its name may be anything
			continue
		}
		c.require(!seen[name], name, "stands twice")
		seen[name] = true
	}
	c.require(raw.Name != "", "type", "is required")
	c.require(raw.Name == "" || ValidType(raw.Name), "type", typeRule)
	c.require(e.Source != "", "source", "is required")
	e.Event = raw
	return e, c.err()
}

// cut is [strings.Cut] with the parts trimmed and a byte for the separator.
func cut(s string, sep byte) (before, after string, found bool) {
	before, after, found = strings.Cut(s, string(sep))
	return strings.TrimSpace(before), strings.TrimSpace(after), found
}
