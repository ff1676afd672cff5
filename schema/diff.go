package schema

import (
	"bytes"
	"errors"
	"reflect"
	"slices"
)

// errDiff says that a record can't be compared. What was wrong with it stays
// out, since an encoder's text may quote a value.
var errDiff = errors.New("schema: Diff: a record must be a struct that encodes as a JSON object")

// Diff returns what an update changed: one [Change] for each member whose value
// differs, in the order of T's fields, for Changes of [CRUD]. T is a struct
// type; fields without a form in JSON are left out. A member within a struct is
// named by its path, "address.city"; lists and maps change as a whole.
//
// Of a field whose class ([FieldClass]) is secret or psychotherapy, or that
// holds such a field in a list or map, the change is told without its values.
// Values of all other classes are there, for the bus to scrub by the name of
// the field.
func Diff[T any](before, after T) ([]Change, error) {
	t := reflect.TypeFor[T]()
	if l, err := layoutOf(t); err != nil || l == nil {
		return nil, errDiff
	}
	r, err := schemaOf(t, TypeInfo{})
	if err != nil {
		return nil, errDiff
	}
	old, err1 := appendValue(nil, before)
	now, err2 := appendValue(nil, after)
	if err1 != nil || err2 != nil || old[0] != '{' || now[0] != '{' {
		return nil, errDiff
	}
	var d differ
	d.object(r.node, old, now, "")
	return d.changes, nil
}

type differ struct{ changes []Change }

func (d *differ) object(n *node, before, after []byte, path string) {
	for _, p := range n.properties {
		old, now := find(before, p.name), find(after, p.name)
		switch {
		case bytes.Equal(old, now):
		case !untold(p.schema.class) && len(p.schema.properties) > 0 && isObject(old) && isObject(now):
			d.object(p.schema, old, now, path+p.name+".")
		default:
			if untold(p.schema.class) || slices.ContainsFunc(p.schema.classes(), func(f FieldClass) bool { return untold(f.Class) }) {
				old, now = nil, nil
			}
			d.changes = append(d.changes, Change{Field: path + p.name, Before: old, After: now})
		}
	}
}

func find(b []byte, member string) []byte {
	for name, value := range members(b) {
		if string(name) == member {
			return value
		}
	}
	return nil
}
