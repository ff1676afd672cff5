package schema

import (
	"slices"
	"strings"
)

// A FieldClass says what kind of sensitive data stands at a place of a payload,
// as the tag phi of the Go field says it. The scrubber's lexicon guesses from a
// member's name what its value is; a class says so.
type FieldClass struct {
	// Path is a JSON Pointer (RFC 6901) into the payload, with * in place of
	// every index of an array and every key of a map: "/client/ip",
	// "/contacts/*/phone".
	Path string
	// Class is one of the words of the package documentation.
	Class string
}

// fieldClasses are the words that the tag phi may hold: the categories of
// package phi, and text and safe, which are not categories.
var fieldClasses = strings.Fields(`
	name address place country postal_code geo date birth_date age phone email ssn medical_record health_plan account card
	license vehicle device url network biometric photo other_id person_id secret psychotherapy custom
	text safe`)

func validClass(s string) bool { return slices.Contains(fieldClasses, s) }

// untold reports whether values of the class are told to nobody, not even in a
// change.
func untold(class string) bool { return class == "secret" || class == "psychotherapy" }

// FieldClasses returns the classes that the payload type of a name or alias
// declares, ordered by path; nil for an unknown type. Fields without a class are
// left out: the scrubber judges them by name and content.
//
// A [Change] is of the class of the field that it names: look Field up here.
func (r *Registry) FieldClasses(name string) []FieldClass {
	e, ok := r.types[name]
	if !ok {
		return nil
	}
	return slices.Clone(e.schema.fields)
}

// classes lists the classes in a schema by path.
func (n *node) classes() []FieldClass {
	var all []FieldClass
	seen := map[*node]bool{}
	var walk func(n *node, path string)
	walk = func(n *node, path string) {
		if n == nil || seen[n] {
			return
		}
		seen[n] = true // a recursive type's fields are listed once
		defer delete(seen, n)
		if n.class != "" && path != "" {
			all = append(all, FieldClass{path, n.class})
		}
		if n.target != nil {
			walk(n.target, path)
		}
		for _, p := range n.properties {
			walk(p.schema, path+"/"+p.name)
		}
		walk(n.items, path+"/*")
		walk(n.additional, path+"/*")
	}
	walk(n, "")
	slices.SortFunc(all, func(a, b FieldClass) int { return strings.Compare(a.Path, b.Path) })
	return all
}
