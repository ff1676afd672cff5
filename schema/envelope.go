package schema

import (
	"math"
	"time"
)

// An Envelope carries an event. Its zero value with Source and Event set is
// enough to publish: [Registry.Complete] fills in the rest.
type Envelope struct {
	// ID identifies the event together with Source: publishing the same pair
	// twice within the bus's dedupe window writes one entry. Letters, digits
	// and "._:-", 128 at most. Default: a new UUID version 7 (RFC 9562).
	ID string
	// Source names the producer as a URI reference, such as "pms/identity". Required.
	Source string
	// Subject names whom or what the event is about by an opaque id, such as
	// "patient/0198c5a2". Events of one subject stay in order. Optional.
	Subject string
	// Actor names by an opaque id who caused the event. Optional.
	Actor string
	// Tenant names the practice. It separates pseudonyms. Optional.
	Tenant string
	// CorrelationID is shared by all events of one flow. Optional.
	CorrelationID string
	// CausationID is the ID of the event that caused this one. Optional.
	CausationID string
	// TraceParent is a W3C Trace Context traceparent header. Optional.
	TraceParent string
	// Time is when the event happened, kept in UTC to the microsecond. Default: now.
	Time time.Time
	// Kind is the event's family. Default: what the registry says; it can't say otherwise.
	Kind Kind
	// Severity is how much the event matters. Default: what the registry says.
	Severity Severity
	// Environment is where the event belongs. Default: the bus's; it can't be another.
	Environment string
	// SchemaVersion is the version of the payload's schema. Default: the registry's.
	SchemaVersion int
	// DataClass is how sensitive the content is. Default: the registry's.
	DataClass DataClass
	// Event is the payload. Required.
	Event Event
}

// Type returns the type name of the event, or "" without one.
func (e Envelope) Type() string {
	if e.Event == nil {
		return ""
	}
	return e.Event.Type()
}

// named is Type that answers a panic with an error.
func (e *Envelope) named() (name string, err error) {
	defer contain(e.Event, &err)
	return e.Type(), nil
}

// maxAttributeLen is the most bytes that a text attribute may have.
const maxAttributeLen = 512

// Validate reports everything that is wrong with a complete envelope and its
// payload, as a [*ValidationError] or nil. It judges form only; what depends on
// a registry, a clock or a bus is judged by [Registry.Complete]. A payload whose
// methods panic, such as a nil pointer, is one fault, told alone.
func (e Envelope) Validate() error {
	name, err := e.named()
	if err == nil {
		_, err = e.judge(name)
	}
	return err
}

// judge is Validate of an envelope with an event of that type. It also tells what
// encoding the payload takes. Without faults, all attributes that are texts stand in
// JSON as they are.
func (e *Envelope) judge(name string) (j judged, err error) {
	defer contain(e.Event, &err)
	var c checker
	e.attributes(&c, name)
	if e.Event != nil {
		j, err = judgeEvent(e.Event)
		c.within("data", err)
	}
	return j, c.err()
}

// ValidateAttributes is Validate without a look at the payload beyond its type's
// name: what makes an event of whatever stands in a log, for consumers and the
// lake alike.
func (e Envelope) ValidateAttributes() (err error) {
	defer contain(e.Event, &err)
	var c checker
	e.attributes(&c, e.Type())
	return c.err()
}

// Between these lie the times that a year of four digits can tell, in UTC, as
// they stand on the wire.
var (
	firstTime = time.Date(1900, time.January, 1, 0, 0, 0, 0, time.UTC)
	endTime   = time.Date(10000, time.January, 1, 0, 0, 0, 0, time.UTC)
)

// attributes reports what is wrong with all but the payload, whose type has that name.
func (e *Envelope) attributes(c *checker, name string) {
	c.require(e.ID != "", "id", "is required")
	c.require(e.ID == "" || validID(e.ID), "id", "must be 1 to 128 letters, digits and ._:-, beginning with a letter or digit")
	c.require(e.Source != "", "source", "is required")
	c.textAttribute("source", e.Source)
	c.textAttribute("subject", e.Subject)
	c.textAttribute("actor", e.Actor)
	c.textAttribute("tenant", e.Tenant)
	c.textAttribute("correlation_id", e.CorrelationID)
	c.textAttribute("causation_id", e.CausationID)
	c.require(e.TraceParent == "" || validTraceparent(e.TraceParent), "traceparent", "must be a W3C Trace Context traceparent")
	c.require(!e.Time.IsZero(), "time", "is required")
	c.require(e.Time.IsZero() || !e.Time.Before(firstTime) && e.Time.Before(endTime), "time", "must lie between the years 1900 and 9999")
	c.require(e.Kind.Valid(), "kind", "must be one of crud, auth, system, business")
	c.require(e.Severity.Valid(), "severity", "must be one of low, medium, high, critical")
	c.require(ValidEnvironment(e.Environment), "environment", "must be 1 to 32 lower-case letters, digits and hyphens")
	c.require(e.SchemaVersion >= 1, "schema_version", "must be 1 or more")
	c.require(e.SchemaVersion <= math.MaxInt32, "schema_version", "must be 2147483647 or less, as CloudEvents' integers are")
	c.require(e.DataClass.Valid(), "data_class", "must be one of public, internal, confidential, restricted")
	c.require(name != "", "type", "is required")
	c.require(name == "" || ValidType(name), "type", typeRule)
}

// textAttribute checks an attribute whose form is free.
func (c *checker) textAttribute(name, value string) {
	c.require(len(value) <= maxAttributeLen, name, "must be 512 bytes at most")
	c.require(value == "" || within(value, &attributeBytes), name, "must be printable ASCII without spaces or quotes")
}
