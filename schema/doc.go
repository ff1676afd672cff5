// Package schema is the event model of carebus: what an event is, what travels
// with it, which types exist, and how types change while older events stay readable.
//
// An [Event] is the payload a service writes. An [Envelope] is what carebus
// carries: the event with its identity, time, origin and classification. A
// [Registry] knows the types of a system; [Catalogue] returns the built-in ones
// of a practice management system. The package compiles in no network client,
// so that a service may share its event types at no cost.
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
// Users add their own payload types with [Register]. A family keeps members that it
// doesn't know; a type of your own drops them, unless its [UnknownRule] says otherwise.
//
// # Tags
//
// These tags of a payload's fields show in its JSON Schema. Untyped input is checked
// against them ([Registry.DecodeInput], [Registry.ValidateJSON]); a payload that Go
// code publishes is checked by its Validate alone, which must repeat the rules.
// [Register] refuses a tag that can't be checked for the field's Go type, such as min
// of a string. It is an error in input if a member's name differs from a declared one
// only in upper and lower case, since encoding/json would take it for that one.
//
//	json      the member's name, as for encoding/json
//	doc       a sentence about it
//	phi       the class of its value; see below
//	pattern   a regular expression that a string must match
//	schema    options joined by commas:
//	            required            must be there and not null; without it, both are free
//	            enum=a|b            must be one of these words
//	            format=date-time    or date or uuid
//	            min=0  max=27       of a number
//	            minlen=1 maxlen=64  of a string, in characters
//	            rest                not a member: a json.RawMessage, with the tag
//	                                json:"-", that keeps the members not declared
//
// The tag phi says what kind of data a field holds, in the words of package phi,
// so that scrubbing doesn't depend on the field's name:
//
//	name           a person's name, initials, signature
//	address        street, unit, post box
//	place          city, county, facility: anything below a state
//	country        a country
//	postal_code    ZIP and foreign postal codes
//	geo            coordinates
//	date           a date related to a person
//	birth_date     a date of birth
//	age            an age
//	phone          telephone, fax, pager
//	email          an email address
//	ssn            social security and taxpayer numbers
//	medical_record medical record and chart numbers
//	health_plan    member, policy, group, authorization numbers
//	account        bank accounts, claim and invoice numbers
//	card           payment cards
//	license        driver, professional, DEA, passport numbers
//	vehicle        VIN, plates
//	device         serial numbers, push tokens
//	url            an address on the web
//	network        IP and MAC addresses
//	biometric      biometric identifiers
//	photo          images and recordings of a person
//	other_id       any other identifying number or code
//	person_id      an internal id that stands for a person
//	secret         passwords, tokens, keys: told to nobody
//	psychotherapy  psychotherapy and SUD counseling notes: told to nobody
//	custom         what a policy of your own handles
//	text           free text, which may hold any of these
//	safe           a code, a number, a word from a list: none of these
//
// [Registry.FieldClasses] lists them by path for whoever scrubs.
//
// What is scrubbed becomes a text, such as [PHONE], the year of a date of birth or a
// pseudonym, or null where it was a number. A field whose values may be scrubbed must
// be able to hold these, as strings are: an event with a date of birth in a
// [time.Time], an address in a [net/netip.Addr] or a chart number in an int could be
// published, and no consumer could decode it. [Register] refuses such a field by its
// tag. It can't know of a field without one that is scrubbed by its name, nor of a
// profile or policy that is stricter than the bus's default: a test with package
// eventbustest shows those.
//
// # Change
//
// A type's name is for ever: to rename it, register the new name with the old
// one in Aliases. A payload may gain optional members at any time; for every
// other change raise the type's Version and register an [Upcaster] from the one
// before ([Registry.Upcast]). Readers then see the registered version only,
// whatever was written. A type's [UnknownRule] decides about members that it doesn't declare.
// An event of a type that a reader doesn't know is decoded as [Raw], and reaches the
// lake.
//
// Keep the [SchemaSet] of each release as a file, and let a test compare the
// present one with it: [CheckCompatibility] tells breaking changes from safe
// ones.
//
// # Wire format
//
// An envelope is encoded as one CloudEvents 1.0 object in the JSON format
// (https://github.com/cloudevents/spec, cloudevents/formats/json-format.md),
// in UTF-8, on one line: by [Envelope.AppendJSON], or by [Registry.AppendComplete],
// which fills in and validates first what is left open. Context attributes, in this
// order:
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
//	schemaversion      the version of the payload's schema, 1 to 2147483647
//	dataclassification public, internal, confidential or restricted
//	data               the payload, a JSON object
//
// The extension attributes (kind and those after environment) follow the
// naming rule of CloudEvents: lower-case letters and digits only. Readers take
// the members in any order and pass over attributes that they don't know.
// Several events are a JSON array of such objects, as in the CloudEvents batch
// format ([AppendBatch], [Registry.DecodeInputBatch]). The binary content mode,
// with attributes in a protocol's headers, is read by [Registry.DecodeBinary].
//
// [EnvelopeSchema] and [Registry.JSONSchema] describe this in JSON Schema,
// draft 2020-12, and [Registry.AsyncAPI] describes the whole bus.
//
// # Privacy
//
// Errors of this package name the field and the rule that it broke. They never
// hold a value, so they may be logged. Envelopes and the families' payloads
// print as their type, whatever the verb; embed [Private] in a payload type of
// your own for the same. Package fmt can't call the methods of a value in an
// unexported field, so don't print a struct that holds an event in one.
package schema
