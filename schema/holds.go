package schema

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// Classes whose values stay on the bus, and those whose numbers become pseudonyms
// there, as texts; numbers of the others become null, which every type can hold.
var (
	stayingClasses   = []string{"", "country", "date", "person_id", "text", "safe"}
	pseudonymClasses = []string{"medical_record", "health_plan", "account", "other_id"}
)

// checkHolds returns an error for the first field of a struct type, or of one within,
// that can't hold what scrubbing on the bus leaves of its class: its events could be
// published, and no consumer could decode them.
func checkHolds(t reflect.Type, seen map[reflect.Type]bool) error {
	if seen[t] {
		return nil
	}
	seen[t] = true
	l, err := layoutOf(t)
	if err != nil || l == nil {
		return err
	}
	for _, m := range l.members {
		leaf := leafOf(m.typ)
		if !slices.Contains(stayingClasses, m.class) && !holds(leaf, m.class, m.text) {
			return fmt.Errorf("%v.%s: %v can't hold what scrubbing leaves of its class, %s; make it a string", t, m.name, leaf, m.class)
		}
		if leaf.Kind() == reflect.Struct {
			if err := checkHolds(leaf, seen); err != nil {
				return err
			}
		}
	}
	return nil
}

// decodesItself reports whether a type has its own way from JSON.
func decodesItself(t reflect.Type) bool {
	return encodesItself(t) || reflect.PointerTo(t).Implements(textUnmarshalerType)
}

// leafOf returns the type of the values that a type holds as one or many.
func leafOf(t reflect.Type) reflect.Type {
	for !decodesItself(t) {
		switch t.Kind() {
		case reflect.Slice:
			if t.Elem().Kind() == reflect.Uint8 { // base64
				return t
			}
			t = t.Elem()
		case reflect.Pointer, reflect.Array, reflect.Map:
			t = t.Elem()
		default:
			return t
		}
	}
	return t
}

// holds reports whether a type that is no struct with members of its own can hold
// what stands in place of a value of a class. Quoted says that its numbers are texts.
func holds(t reflect.Type, class string, quoted bool) (ok bool) {
	kind := t.Kind()
	switch {
	case decodesItself(t):
	case t == numberType || reflect.Int <= kind && kind <= reflect.Float64:
		return !quoted && !slices.Contains(pseudonymClasses, class)
	case kind == reflect.Bool: // it identifies nobody, and stays
		return true
	case kind == reflect.Struct: // its fields say for themselves
		return true
	case quoted:
		return false
	}
	mark := "[" + strings.ToUpper(class) + "]"
	if slices.Contains(pseudonymClasses, class) {
		mark = "phi_k1_" + class + "_" + strings.Repeat("a", 26)
	}
	text, err := json.Marshal(mark)
	if err != nil {
		return false
	}
	defer func() {
		if recover() != nil { // the type's own code panics
			ok = false
		}
	}()
	return json.Unmarshal(text, reflect.New(t).Interface()) == nil
}
