package schema

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
)

// A SchemaSet is what a registry knew at one time: every type with its version
// and JSON Schema. Keep one of each release as a file, and compare the next
// with [CheckCompatibility].
type SchemaSet struct {
	types []setType // by name
}

type setType struct {
	name      string
	kind      Kind
	version   int
	dataClass DataClass
	unknown   UnknownRule
	aliases   []string
	upcasts   []int // versions that an upcaster lifts
	schema    *root
}

// SchemaSet returns what r knows now.
func (r *Registry) SchemaSet() SchemaSet {
	var s SchemaSet
	for _, e := range r.sorted {
		t := setType{
			name: e.info.Name, kind: e.info.Kind, version: e.info.Version, dataClass: e.info.DataClass,
			unknown: e.info.Unknown, aliases: slices.Clone(e.info.Aliases), schema: e.schema,
		}
		for i, up := range e.upcasts {
			if up != nil {
				t.upcasts = append(t.upcasts, i+1)
			}
		}
		s.types = append(s.types, t)
	}
	return s
}

const setFormat = "carebus.schemas/1"

type setFile struct {
	Format string    `json:"format"`
	Types  []setItem `json:"types"`
}

type setItem struct {
	Name      string          `json:"name"`
	Kind      Kind            `json:"kind"`
	Version   int             `json:"version"`
	DataClass DataClass       `json:"data_class"`
	Unknown   UnknownRule     `json:"unknown"`
	Aliases   []string        `json:"aliases,omitempty"`
	Upcasts   []int           `json:"upcasts,omitempty"`
	Schema    json.RawMessage `json:"schema"`
}

// MarshalJSON encodes the set: an object with the format "carebus.schemas/1"
// and the types, each with its name, kind, version, data class, rule for
// unknown members, aliases, the versions it lifts, and its JSON Schema.
func (s SchemaSet) MarshalJSON() ([]byte, error) {
	file := setFile{Format: setFormat, Types: []setItem{}}
	for _, t := range s.types {
		file.Types = append(file.Types, setItem{
			t.name, t.kind, t.version, t.dataClass, t.unknown, t.aliases, t.upcasts, t.schema.document(nil),
		})
	}
	return appendValue(nil, file)
}

var errSet = errors.New("schema: not a schema set that this version of carebus can read")

// UnmarshalJSON decodes what MarshalJSON wrote. A set with a keyword of JSON
// Schema that carebus doesn't write is refused, since it can't be compared.
func (s *SchemaSet) UnmarshalJSON(b []byte) error {
	var file setFile
	if err := json.Unmarshal(b, &file); err != nil || file.Format != setFormat {
		return errSet
	}
	var types []setType
	for _, i := range file.Types {
		schema, ok := parseRoot(i.Schema)
		if !ok || !ValidType(i.Name) || i.Version < 1 {
			return errSet
		}
		types = append(types, setType{i.Name, i.Kind, i.Version, i.DataClass, i.Unknown, i.Aliases, i.Upcasts, schema})
	}
	slices.SortFunc(types, func(a, b setType) int { return strings.Compare(a.name, b.name) })
	s.types = types
	return nil
}

// find returns the type of a name or alias.
func (s *SchemaSet) find(name string) *setType {
	for i := range s.types {
		if t := &s.types[i]; t.name == name || slices.Contains(t.aliases, name) {
			return t
		}
	}
	return nil
}

// lifts reports whether an upcaster answers for payloads of a version. One of a later
// version alone does not: it may be handed them as they are, and not know them.
func (t *setType) lifts(version int) bool { return slices.Contains(t.upcasts, version) }
