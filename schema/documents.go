package schema

import (
	"encoding/json"
	"regexp"
	"sync"
)

// JSONSchema returns the JSON Schema (draft 2020-12) of the payload of a type,
// given by name or alias; false for an unknown type. Its keyword x-phi holds
// the class of a field; see [FieldClass].
func (r *Registry) JSONSchema(name string) ([]byte, bool) {
	e, ok := r.types[name]
	if !ok {
		return nil, false
	}
	return e.schema.document(nil), true
}

// EnvelopeSchema returns the JSON Schema (draft 2020-12) of an envelope's wire
// form with any payload.
func EnvelopeSchema() []byte { return envelopeSchema().document(nil) }

var envelopeSchema = sync.OnceValue(func() *root {
	const printableText = `^[!#-;=?-\[\]-~]*$`
	text := func(name, description string) property {
		return property{name, &node{description: description, types: []string{"string"}}}
	}
	matching := func(p property, pattern string, maxLen int) property {
		p.schema.pattern, p.schema.maxLen, p.schema.re = pattern, maxLen, regexp.MustCompile(pattern)
		return p
	}
	reference := func(name, description string) property {
		return matching(text(name, description), printableText, maxAttributeLen)
	}
	word := func(name, description string, words ...string) property {
		p := text(name, description)
		p.schema.enum = words
		return p
	}
	constant := func(name, value string) property {
		p := text(name, "")
		p.schema.constant = value
		return p
	}
	time := text("time", "When the event happened.")
	time.schema.format = "date-time"
	source := reference("source", "The producer, as a URI reference.")
	source.schema.minLen = 1
	return &root{id: "urn:carebus:envelope:1", node: &node{
		title: "Envelope", description: "A carebus event: CloudEvents 1.0 in the JSON format.", types: []string{"object"},
		properties: []property{
			constant("specversion", "1.0"),
			matching(text("id", "Identifies the event together with its source."), `^[A-Za-z0-9][A-Za-z0-9._:-]*$`, 128),
			source,
			matching(text("type", "The event's type."), `^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*){1,4}$`, maxTypeLen),
			time,
			reference("subject", "Whom or what the event is about, by an opaque id."),
			constant("datacontenttype", "application/json"),
			word("kind", "The event's family.", "crud", "auth", "system", "business"),
			word("severity", "How much the event matters.", severityNames()...),
			matching(text("environment", "Where the event belongs."), `^[a-z0-9][a-z0-9-]*$`, 32),
			reference("tenant", "The practice."),
			reference("actor", "Who caused the event, by an opaque id."),
			reference("correlationid", "Shared by all events of one flow."),
			reference("causationid", "The id of the event that caused this one."),
			matching(text("traceparent", "W3C Trace Context."), `^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}`, maxAttributeLen),
			{"schemaversion", &node{description: "The version of the payload's schema.", types: []string{"integer"}, min: "1", max: "2147483647"}},
			word("dataclassification", "How sensitive the content is after scrubbing.", "public", "internal", "confidential", "restricted"),
			{"data", &node{description: "The payload, by the schema of the type.", types: []string{"object"}}},
		},
		required: []string{"specversion", "id", "source", "type", "time", "kind", "severity", "environment", "schemaversion", "dataclassification", "data"},
	}}
})

// Documents returns what a registry has to say to tools, by file name, for an
// HTTP server to serve or a build to publish:
//
//	asyncapi.json             [Registry.AsyncAPI]
//	envelope.schema.json      [EnvelopeSchema]
//	types/<name>.schema.json  [Registry.JSONSchema] of each type
//	types.json                [Registry.SchemaSet], for a compatibility check
func (r *Registry) Documents(info AsyncAPIInfo) (map[string][]byte, error) {
	set, err := json.Marshal(r.SchemaSet())
	if err != nil {
		return nil, err
	}
	files := map[string][]byte{
		"asyncapi.json":        r.AsyncAPI(info),
		"envelope.schema.json": EnvelopeSchema(),
		"types.json":           set,
	}
	for _, e := range r.sorted {
		files["types/"+e.info.Name+".schema.json"] = e.schema.document(nil)
	}
	return files, nil
}
