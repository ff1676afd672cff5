package schema

import "fmt"

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
	parse := parseBody
	if hasMember(b, "specversion") {
		parse = Parse
	}
	e, err := parse(b)
	if err != nil {
		return Envelope{}, err
	}
	return e, r.typed(&e)
}

func hasMember(b []byte, name string) bool {
	for n := range members(b) {
		if string(n) == name {
			return true
		}
	}
	return false
}

func parseBody(b []byte) (Envelope, error) {
	var a attributes
	place := 0
	for name, value := range members(b) {
		place++
		if a.common(string(name), value) {
			continue
		}
		switch string(name) {
		case "correlation_id":
			a.text("correlation_id", value, &a.env.CorrelationID)
		case "causation_id":
			a.text("causation_id", value, &a.env.CausationID)
		case "data_class":
			a.text("data_class", value, (*string)(&a.env.DataClass))
		case "schema_version":
			a.version("schema_version", value)
		default: // a stranger's name may be anything, so its place stands for it
			a.require(false, fmt.Sprintf("member %d", place), "is none of the publish body's")
		}
	}
	a.require(a.raw.Name != "", "type", "is required")
	a.require(a.env.Source != "", "source", "is required")
	return a.envelope()
}
