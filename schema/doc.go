// Package schema is the event model of carebus: what an event is, what travels
// with it, and which types exist.
//
// An [Event] is the payload a service writes. An [Envelope] is what carebus
// carries: the event with its identity, time, origin and classification. A
// [Registry] knows the types of a system; [Catalogue] returns the built-in ones
// of a practice management system.
//
// # Families
//
// Every event belongs to one of four kinds. Each kind has a payload type with
// the fields that all its events share, and each of those keeps the members it
// does not know in Data, so nothing a publisher wrote is dropped:
//
//	CRUD      user.created         entity id, changes, the record itself
//	Auth      auth.login           outcome, method, reason, client
//	System    system.backup        component, status, code, message
//	Business  appointment.booked   outcome, amounts in minor units
//
// Users add their own payload types with [Register].
//
// # Wire format
//
// An envelope is encoded as one CloudEvents 1.0 object in the JSON format
// (https://github.com/cloudevents/spec, cloudevents/formats/json-format.md),
// in UTF-8, on one line. Context attributes, in this order:
//
//	specversion        "1.0"
//	id                 [Envelope.ID]
//	source             [Envelope.Source], a URI reference
//	type               the event's type, such as "user.created"
//	time               RFC 3339, UTC, up to microseconds
//	subject            [Envelope.Subject], such as "user/42"; absent when empty
//	datacontenttype    "application/json"
//	kind               crud, auth, system or business
//	severity           low, medium, high or critical
//	environment        such as "production"
//	tenant, actor      absent when empty
//	correlationid      absent when empty
//	causationid        absent when empty
//	traceparent        W3C Trace Context; absent when empty
//	schemaversion      the version of the payload's schema, 1 or more
//	dataclassification public, internal, confidential or restricted
//	data               the payload
//
// The extension attributes (kind and those after environment) follow the
// naming rule of CloudEvents: lower-case letters and digits only.
//
// # Privacy
//
// Errors of this package name the field and the rule that it broke. They never
// hold a value, so they may be logged.
package schema
