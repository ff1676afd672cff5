package schema

import (
	"encoding/json"
	"fmt"
	"slices"
)

// An Upcaster lifts a payload, a JSON object, from one version of its type to
// the next. It returns a JSON object and may change and return what it got. It
// must be deterministic and safe for concurrent use. An error makes the event
// undecodable; its text is dropped, since it may quote a value.
type Upcaster func(payload json.RawMessage) (json.RawMessage, error)

// Upcast registers how payloads of version from become ones of version from+1.
// On decode the upcasters are chained up to the registered version; a version
// without one is taken as it is, which is right wherever the next only added
// optional members.
//
// Upcast panics when the type isn't registered, when from isn't older than its
// version, and when the step is taken.
func (r *Registry) Upcast(name string, from int, up Upcaster) {
	e, ok := r.types[name]
	switch {
	case !ok:
		panic(fmt.Sprintf("schema: Upcast: %s is not registered", safeName(name)))
	case from < 1 || from >= e.info.Version:
		panic(fmt.Sprintf("schema: Upcast: %s: version %d is not older than %d", e.info.Name, from, e.info.Version))
	case up == nil || e.upcasts[from-1] != nil:
		panic(fmt.Sprintf("schema: Upcast: %s: version %d needs one upcaster, not none or two", e.info.Name, from))
	}
	e.upcasts[from-1] = up
}

// upcast lifts data from a version to the registered one.
func (e *entry) upcast(data []byte, version int) ([]byte, error) {
	for _, up := range e.upcasts[version-1:] {
		if up == nil {
			continue
		}
		out, err := up(slices.Clone(data))
		if err != nil || !isObject(out) || !validJSON(out) {
			return nil, invalid("data", "can't be lifted from the version that schema_version names")
		}
		data = out[skipSpace(out, 0):]
	}
	return data, nil
}

// Steps returns an upcaster that takes several, one after the other.
func Steps(steps ...Upcaster) Upcaster {
	return func(payload json.RawMessage) (json.RawMessage, error) {
		for _, step := range steps {
			var err error
			if payload, err = step(payload); err != nil {
				return nil, err
			}
		}
		return payload, nil
	}
}

// RenameMember returns an upcaster that renames a member. Where the new name
// stands already, the old member is dropped.
func RenameMember(from, to string) Upcaster {
	return func(payload json.RawMessage) (json.RawMessage, error) {
		taken := hasMember(payload, to)
		return rewrite(payload, func(name string) (string, bool) {
			if name != from {
				return name, true
			}
			return to, !taken
		}), nil
	}
}

// DropMember returns an upcaster that drops a member.
func DropMember(name string) Upcaster {
	return func(payload json.RawMessage) (json.RawMessage, error) {
		return rewrite(payload, func(n string) (string, bool) { return n, n != name }), nil
	}
}

// DefaultMember returns an upcaster that adds a member where it is missing. It
// panics when value is not valid JSON.
func DefaultMember(name string, value json.RawMessage) Upcaster {
	if !validJSON(value) {
		panic(fmt.Sprintf("schema: DefaultMember: %s: the value is not valid JSON", name))
	}
	return func(payload json.RawMessage) (json.RawMessage, error) {
		if hasMember(payload, name) {
			return payload, nil
		}
		own := append(append(appendString([]byte{'{'}, name), ':'), value...)
		out, _ := appendMembers(own, payload)
		return out, nil
	}
}

// rewrite copies an object with the members that rename keeps, under the names
// that it returns.
func rewrite(payload []byte, rename func(name string) (as string, keep bool)) json.RawMessage {
	out := append(make([]byte, 0, len(payload)+32), '{')
	for name, value := range members(payload) {
		as, keep := rename(string(name))
		if !keep {
			continue
		}
		if len(out) > 1 {
			out = append(out, ',')
		}
		out = append(append(appendString(out, as), ':'), value...)
	}
	return append(out, '}')
}
