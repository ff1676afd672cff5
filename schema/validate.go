package schema

import (
	"bytes"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"
)

// ValidateJSON reports everything that is wrong with a payload by the JSON
// Schema of its type, given by name or alias: a [*ValidationError] whose fields
// are paths into the payload, or nil; [ErrUnknownType] for an unknown type. It
// is for data that no Go type has checked: files, requests, [Raw] payloads.
//
// The error holds no value, nor a member's name that the schema doesn't list:
// such a member stands in paths as *. It lists 100 faults at most.
func (r *Registry) ValidateJSON(name string, payload []byte) error {
	e, ok := r.types[name]
	if !ok {
		return ErrUnknownType
	}
	if !utf8.Valid(payload) || !validJSON(payload) {
		return invalid("", "is not valid JSON")
	}
	return e.schema.validate(bytes.TrimSpace(payload))
}

const maxFaults = 100

// validate reports the faults of b, which must be valid JSON without spaces
// around it.
func (n *node) validate(b []byte) error {
	var v validation
	v.value(n, b, nil)
	return v.err()
}

type validation struct{ checker }

// A step leads from a value to one within.
type step struct {
	up    *step
	name  string // of a member; "" for an element
	index int
}

func (s *step) path() string {
	switch {
	case s == nil:
		return ""
	case s.name == "":
		return s.up.path() + "[" + strconv.Itoa(s.index) + "]"
	case s.up == nil:
		return s.name
	}
	return s.up.path() + "." + s.name
}

func (v *validation) fault(at *step, rule string) {
	if len(v.faults) < maxFaults {
		v.require(false, at.path(), rule)
	}
}

// words say what a value of a type is called.
var words = map[string]string{
	"string": "a string", "integer": "a whole number", "number": "a number", "boolean": "true or false",
	"array": "an array", "object": "an object",
}

func typeRuleOf(types []string) string {
	var list []string
	for _, t := range types {
		if t != "null" || len(types) == 1 {
			list = append(list, words[t])
		}
	}
	return "must be " + strings.Join(list, " or ")
}

// typeOf returns JSON's name of the type of b; integer for a whole number.
func typeOf(b []byte) string {
	switch b[0] {
	case '"':
		return "string"
	case '{':
		return "object"
	case '[':
		return "array"
	case 't', 'f':
		return "boolean"
	case 'n':
		return "null"
	}
	if wholeNumber(b) {
		return "integer"
	}
	return "number"
}

// wholeNumber reports whether the number has no fraction, however it is written.
func wholeNumber(b []byte) bool {
	if !bytes.ContainsAny(b, ".eE") {
		return true
	}
	f, err := strconv.ParseFloat(string(b), 64)
	return err == nil && f == math.Trunc(f)
}

func (v *validation) value(n *node, b []byte, at *step) {
	if n == nil {
		return
	}
	if n.target != nil {
		v.value(n.target, b, at)
	}
	typ := typeOf(b)
	if len(n.types) > 0 && !slices.Contains(n.types, typ) && (typ != "integer" || !slices.Contains(n.types, "number")) {
		v.fault(at, typeRuleOf(n.types))
		return
	}
	switch typ {
	case "string":
		v.text(n, b, at)
	case "integer", "number":
		if n.min != "" && compareNumbers(string(b), n.min) < 0 {
			v.fault(at, "must be "+n.min+" or more")
		}
		if n.max != "" && compareNumbers(string(b), n.max) > 0 {
			v.fault(at, "must be "+n.max+" or less")
		}
	case "object":
		v.object(n, b, at)
	case "array":
		if n.items == nil {
			return
		}
		i := 0
		for element := range elements(b) {
			v.value(n.items, element, &step{up: at, index: i})
			i++
		}
	}
	if typ != "string" && typ != "null" && (len(n.enum) > 0 || n.constant != "") {
		v.fault(at, "must be a string")
	}
}

func (v *validation) text(n *node, b []byte, at *step) {
	if len(n.enum) == 0 && n.constant == "" && n.minLen == 0 && n.maxLen == 0 && n.re == nil && n.format == "" {
		return
	}
	s, _ := unquote(b)
	size := utf8.RuneCountInString(s)
	switch {
	case n.constant != "" && s != n.constant:
		v.fault(at, "must be "+n.constant)
	case len(n.enum) > 0 && !slices.Contains(n.enum, s):
		v.fault(at, "must be one of "+strings.Join(n.enum, ", "))
	case size < n.minLen:
		v.fault(at, "must have "+strconv.Itoa(n.minLen)+" or more characters")
	case n.maxLen > 0 && size > n.maxLen:
		v.fault(at, "must have "+strconv.Itoa(n.maxLen)+" or fewer characters")
	case n.re != nil && !n.re.MatchString(s):
		v.fault(at, "must match "+n.pattern)
	case !validFormat(n.format, s):
		v.fault(at, "must be a "+n.format+" as in JSON Schema")
	}
}

func validFormat(format, s string) bool {
	switch format {
	case "date-time":
		return new(time.Time).UnmarshalText([]byte(s)) == nil
	case "date":
		_, err := time.Parse(time.DateOnly, s)
		return err == nil
	case "uuid":
		return len(s) == 36 && uuid.Validate(s) == nil
	}
	return true
}

func (v *validation) object(n *node, b []byte, at *step) {
	if len(n.properties) == 0 && n.additional == nil && !n.closed && len(n.required) == 0 {
		return
	}
	place := 0
	var found uint64 // which of the required members, the first 64
	for c := (cursor{b: b}); c.next(); {
		place++
		if i := n.requires(c.name); i >= 0 {
			found |= 1 << i
		}
		i, folded := n.place(c.name), ""
		if i < 0 && n.folds {
			folded = n.folded(c.name)
		}
		switch {
		case i >= 0:
			v.value(n.properties[i].schema, c.value, &step{up: at, name: n.properties[i].name})
		case folded != "":
			v.fault(&step{up: at, name: folded}, "must be written as "+folded)
		case n.closed:
			v.fault(at, "has a member that its type doesn't list, at place "+strconv.Itoa(place))
		case n.additional != nil:
			v.value(n.additional, c.value, &step{up: at, name: "*"})
		}
	}
	for i, name := range n.required {
		if found&(1<<i) == 0 && (i < 64 || !hasMember(b, name)) {
			v.fault(&step{up: at, name: name}, "is required")
		}
	}
}

// folded returns the property that encoding/json takes name for, though it is written
// with other capitals; "" if there is none.
func (n *node) folded(name []byte) string {
	for i := range n.properties {
		if strings.EqualFold(n.properties[i].name, string(name)) {
			return n.properties[i].name
		}
	}
	return ""
}

// compareNumbers compares two JSON numbers: exactly when both are written as
// whole numbers, else as floating point.
func compareNumbers(a, b string) int {
	if strings.ContainsAny(a, ".eE") || strings.ContainsAny(b, ".eE") {
		x, _ := strconv.ParseFloat(a, 64)
		y, _ := strconv.ParseFloat(b, 64)
		switch {
		case x < y:
			return -1
		case x > y:
			return 1
		}
		return 0
	}
	a, negA := strings.CutPrefix(a, "-")
	b, negB := strings.CutPrefix(b, "-")
	switch {
	case a == "0" && b == "0":
		return 0
	case negA && !negB:
		return -1
	case negB && !negA:
		return 1
	case negA:
		a, b = b, a
	}
	if len(a) != len(b) {
		return len(a) - len(b)
	}
	return strings.Compare(a, b)
}
