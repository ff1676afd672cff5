package schema

import (
	"cmp"
	"encoding/json"
)

// AsyncAPIInfo is what an AsyncAPI document says of the system it describes.
type AsyncAPIInfo struct {
	Title   string // default "carebus"
	Version string // of the system's API; default "1.0.0"
}

// AsyncAPI returns an AsyncAPI 3.0 document (https://www.asyncapi.com/docs/reference/specification/v3.0.0)
// of the whole bus: one channel, a message for each registered type, and the
// two operations that a service may have.
func (r *Registry) AsyncAPI(info AsyncAPIInfo) []byte {
	type object = map[string]any
	ref := func(to string) object { return object{"$ref": to} }
	const schemas = "#/components/schemas/"

	messages, components := object{}, object{}
	types := object{"envelope": json.RawMessage(envelopeSchema().appendJSON(nil, schemas))}
	for _, e := range r.sorted {
		name := e.info.Name
		messages[name] = ref("#/components/messages/" + name)
		message := object{
			"name": name, "title": name, "summary": e.info.Description, "contentType": ContentType,
			"payload": object{"allOf": []any{
				ref(schemas + "envelope"),
				object{"type": "object", "properties": object{
					"type": object{"const": name},
					"kind": object{"const": e.info.Kind},
					"data": ref(schemas + name),
				}},
			}},
			"tags":                 []object{{"name": e.info.Kind}},
			"x-schema-version":     e.info.Version,
			"x-default-severity":   e.info.Severity,
			"x-default-data-class": e.info.DataClass,
		}
		if len(e.info.Aliases) > 0 {
			message["x-aliases"] = e.info.Aliases
		}
		components[name] = message
		// A definition stands beside the types, under a name that no type can have.
		own := schemas + name + "-"
		types[name] = json.RawMessage(e.schema.appendJSON(nil, own))
		for _, d := range e.schema.defs {
			types[name+"-"+d.name] = json.RawMessage(d.schema.appendJSON(nil, own))
		}
	}
	channel := ref("#/channels/events")
	document, err := appendValue(nil, object{
		"asyncapi": "3.0.0",
		"info": object{
			"title":       cmp.Or(info.Title, "carebus"),
			"version":     cmp.Or(info.Version, "1.0.0"),
			"description": "Events on Redis Streams, as CloudEvents 1.0 in the JSON format. Each stream entry holds one event in its field \"event\". Protected health information is scrubbed before an event leaves its publisher.",
		},
		"defaultContentType": ContentType,
		"channels": object{"events": object{
			"address":     "carebus:{shard}:events",
			"title":       "The stream of a shard",
			"description": "Events of one subject stay in order.",
			"parameters": object{"shard": object{
				"description": "The environment and the shard's number, joined by a dot. The braces belong to the key, where Redis Cluster takes them for a hash tag.",
				"examples":    []string{"{production.0}"},
			}},
			"messages": messages,
		}},
		"operations": object{
			"publish": object{"action": "send", "channel": channel, "summary": "Publish an event."},
			"consume": object{"action": "receive", "channel": channel, "summary": "Consume events in a consumer group, each at least once."},
		},
		"components": object{"messages": components, "schemas": types},
	})
	if err != nil { // strings and maps always encode
		panic("schema: the AsyncAPI document did not encode")
	}
	return document
}
