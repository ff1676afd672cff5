package schema

import (
	"bytes"
	"fmt"
	"time"
	"unicode/utf8"
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
//	schema_version  optional; an older one is lifted to the registry's
//	data_class      optional
//	data            optional object: the payload
//
// A publish body with another member is refused, since a misspelt member would
// be lost in silence. A CloudEvent must have its id, as the specification asks:
// it is what a second try is known by. The payload is validated against its
// type's JSON Schema ([Registry.ValidateJSON]) and decoded into its Go type; an
// unregistered type stays [Raw], for [Registry.Complete] to refuse. The error
// is a [*ValidationError] with all faults of both, and with those of attributes
// that Complete would find; it never holds a value.
//
// The result may lie within b, which must not change from then on.
func (r *Registry) DecodeInput(b []byte) (Envelope, error) {
	parse := parseBody
	if hasMember(b, "specversion") {
		parse = parseOthersEvent
	}
	return r.input(parse(b))
}

// input types and validates what was parsed of an event, and adds its faults to
// those of parsing.
func (r *Registry) input(e Envelope, err error) (Envelope, error) {
	if e.Event == nil {
		return Envelope{}, err
	}
	var c checker
	c.within("", err)
	typed, err := r.decodePayload(e, true)
	c.within("", err)
	if c.err() != nil { // else Complete tells, once what is absent has its default
		c.within("", e.checkGiven())
		return Envelope{}, c.err()
	}
	return typed, nil
}

// checkGiven reports what is wrong with those attributes of an envelope that are
// there and could be read; of its type parsing tells.
func (e Envelope) checkGiven() error {
	setDefault(&e.ID, "absent")
	setDefault(&e.Source, "absent")
	setDefault(&e.Kind, KindCRUD)
	setDefault(&e.Severity, SeverityLow)
	setDefault(&e.DataClass, DataInternal)
	setDefault(&e.Environment, "absent")
	setDefault(&e.SchemaVersion, 1)
	if e.Time.IsZero() {
		e.Time = time.Date(2024, time.January, 1, 0, 0, 0, 0, time.UTC)
	}
	e.Event = Raw{Name: "type.absent"}
	return e.ValidateAttributes()
}

// DecodeBinary decodes an event in the binary content mode of CloudEvents, where
// a protocol's headers hold the attributes and its body the payload: over HTTP,
// the attribute subject is the header ce-subject, and datacontenttype is
// Content-Type. The names here are those of the attributes, without a prefix and
// in lower case; the values are text, with the header's percent-encoding
// undone. The rest is as in [Registry.DecodeInput].
func (r *Registry) DecodeBinary(values map[string]string, payload []byte) (Envelope, error) {
	var a attributes
	for name, value := range values {
		switch at := cloudEventsAttribute([]byte(name)); at {
		case noAttribute, attrData, attrDataBase64: // the last two are the body's
		case attrSchemaVersion:
			a.values[at] = []byte(value)
		default:
			a.values[at] = appendString(nil, value)
		}
	}
	payload = bytes.TrimSpace(payload)
	switch {
	case len(payload) == 0:
	case utf8.Valid(payload) && validJSON(payload):
		a.values[attrData] = payload
	default:
		a.require(false, "data", "is not valid JSON")
	}
	a.requireID()
	return r.input(a.cloudEvent())
}

// parseOthersEvent is parseCloudEvent of an event that others made.
func parseOthersEvent(b []byte) (Envelope, error) {
	var a attributes
	if err := a.collect(b, cloudEventsAttribute, func(int) {}); err != nil {
		return Envelope{}, err
	}
	a.requireID()
	return a.cloudEvent()
}

func (a *attributes) requireID() {
	switch string(a.values[attrID]) {
	case "", "null", `""`:
		a.require(false, "id", "is required")
	}
}

// DecodeInputBatch decodes a JSON array of what [Registry.DecodeInput] takes,
// such as a CloudEvents batch. The envelopes are as many as the array's
// elements. The error is [ErrNotBatch], or a [BatchError] when some elements
// are no valid events: the others are decoded all the same.
func (r *Registry) DecodeInputBatch(b []byte) ([]Envelope, error) {
	if i := skipSpace(b, 0); !utf8.Valid(b) || !validJSON(b) || b[i] != '[' {
		return nil, ErrNotBatch
	}
	var events []Envelope
	var errs BatchError
	for element := range elements(b) {
		e, err := r.DecodeInput(element)
		events, errs = append(events, e), append(errs, err)
	}
	return events, errs.OrNil()
}

func hasMember(b []byte, name string) bool {
	for n := range members(b) {
		if string(n) == name {
			return true
		}
	}
	return false
}

var bodySpelling = spelling{
	attrID: "id", attrType: "type", attrSource: "source", attrTime: "time", attrSubject: "subject", attrKind: "kind",
	attrSeverity: "severity", attrEnvironment: "environment", attrTenant: "tenant", attrActor: "actor",
	attrCorrelationID: "correlation_id", attrCausationID: "causation_id", attrTraceParent: "traceparent",
	attrSchemaVersion: "schema_version", attrDataClass: "data_class", attrData: "data",
}

func bodyAttribute(name []byte) attribute {
	if at := common(name); at != noAttribute {
		return at
	}
	switch string(name) {
	case "correlation_id":
		return attrCorrelationID
	case "causation_id":
		return attrCausationID
	case "schema_version":
		return attrSchemaVersion
	case "data_class":
		return attrDataClass
	}
	return noAttribute
}

func parseBody(b []byte) (Envelope, error) {
	var a attributes
	err := a.collect(b, bodyAttribute, func(place int) { // a stranger's name may be anything, so its place stands for it
		a.require(false, fmt.Sprintf("member %d", place), "is none of the publish body's")
	})
	if err != nil {
		return Envelope{}, err
	}
	for _, at := range [...]attribute{attrType, attrSource} {
		v := string(a.values[at])
		a.require(v != "" && v != "null" && v != `""`, bodySpelling[at], "is required")
	}
	return a.envelope(&bodySpelling)
}
