package schema

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// A generator makes the JSON Schema of a Go type: what the type's decoder takes
// is valid, and what its encoder writes is. Members are optional and may be
// null unless their tag says that they are required.
type generator struct {
	root
	folds     bool                    // the type is none of the families, which take names as they are
	busy      map[reflect.Type]string // struct types being described, by the name of their definition
	recursive map[reflect.Type]bool
	names     map[reflect.Type]string // of definitions
}

// described is what payload types say of themselves, whatever they are called:
// the families serve many names each.
var described sync.Map // payloadKey -> *root

type payloadKey struct{ payload, record reflect.Type }

// schemaOf returns the schema of the payload type t under info.
func schemaOf(t reflect.Type, info TypeInfo) (*root, error) {
	key := payloadKey{t, reflect.TypeOf(info.Record)}
	if _, ok := described.Load(key); !ok {
		r, err := describe(key)
		if err != nil {
			return nil, err
		}
		described.Store(key, r)
	}
	v, _ := described.Load(key)
	r := *v.(*root)
	n := *r.node
	n.title, n.description = info.Name, info.Description
	n.closed = info.Unknown == RefuseUnknown
	r.id, r.node = "urn:carebus:type:"+info.Name+":"+strconv.Itoa(info.Version), &n
	return &r, nil
}

func describe(key payloadKey) (*root, error) {
	l, err := layoutOf(key.payload)
	if err != nil {
		return nil, err
	}
	g := &generator{folds: !reflect.PointerTo(key.payload).Implements(familyType), busy: map[reflect.Type]string{}, recursive: map[reflect.Type]bool{}, names: map[reflect.Type]string{}}
	g.node = &node{types: []string{"object"}}
	if l != nil {
		if g.node, err = g.object(l); err != nil {
			return nil, err
		}
		g.node.folds = g.folds && l.rest == nil // what isn't declared goes to the rest as it is
	}
	if key.record != nil {
		if err := g.record(key.record); err != nil {
			return nil, err
		}
	}
	if !g.link() {
		return nil, fmt.Errorf("%v: a definition is missing", key.payload)
	}
	g.fields = g.node.classes()
	return &g.root, nil
}

// record adds the members of a record, a struct type, as far as they say what a
// value is; which values there are is left open.
func (g *generator) record(t reflect.Type) error {
	l, err := layoutOf(t)
	if err != nil {
		return err
	}
	if l == nil {
		return errors.New("the record must be a struct")
	}
	n, err := g.object(l)
	if err != nil {
		return err
	}
	n.open()
	for _, d := range g.defs { // the families have none of their own
		d.schema.open()
	}
	for _, p := range n.properties {
		own := g.node.property([]byte(p.name))
		if own == nil {
			g.node.properties = append(g.node.properties, p)
			continue
		}
		own.description = cmp.Or(p.schema.description, own.description)
		own.class = cmp.Or(p.schema.class, own.class)
	}
	return nil
}

// open leaves open which values there are.
func (n *node) open() {
	if n == nil {
		return
	}
	*n = node{title: n.title, description: n.description, class: n.class, ref: n.ref, properties: n.properties, items: n.items, additional: n.additional}
	for _, p := range n.properties {
		p.schema.open()
	}
	n.items.open()
	n.additional.open()
}

func (g *generator) object(l *layout) (*node, error) {
	n := &node{types: []string{"object"}, folds: g.folds}
	for i := range l.members {
		m := &l.members[i]
		p, err := g.member(m)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", m.name, err)
		}
		n.properties = append(n.properties, property{m.name, p})
		if m.required {
			n.required = append(n.required, m.name)
		}
	}
	return n, nil
}

func (g *generator) member(m *member) (*node, error) {
	n, err := g.value(m.typ)
	if err != nil {
		return nil, err
	}
	if m.text {
		n = &node{types: []string{"string"}}
	}
	if err := m.fits(n); err != nil {
		return nil, err
	}
	switch {
	case m.required:
		n.notNull()
	case n.ref == "" && !n.nullable():
		n.types = append(n.types, "null")
	}
	n.description, n.class = m.doc, m.class
	setDefault(&n.format, m.format)
	setDefault(&n.pattern, m.pattern)
	if m.min != "" {
		n.min = m.min
	}
	if m.max != "" {
		n.max = m.max
	}
	n.enum, n.minLen, n.maxLen = m.enum, m.minLen, m.maxLen
	if n.pattern != "" {
		n.re, err = regexp.Compile(n.pattern)
	}
	return n, err
}

// fits reports a rule of the tags that values of the member's type are never held to,
// or that none can keep.
func (m *member) fits(n *node) error {
	known := len(n.types) > 0 || n.ref != ""
	isString := !known || slices.Contains(n.types, "string")
	isNumber := !known || slices.Contains(n.types, "integer") || slices.Contains(n.types, "number")
	switch {
	case !isNumber && (m.min != "" || m.max != ""):
		return errors.New("min and max are of numbers; the length of a string is minlen and maxlen")
	case !isString && (len(m.enum) > 0 || m.format != "" || m.pattern != "" || m.minLen != 0 || m.maxLen != 0):
		return errors.New("enum, format, pattern, minlen and maxlen are of strings")
	case m.minLen < 0, m.maxLen < 0, m.maxLen > 0 && m.minLen > m.maxLen, m.min != "" && m.max != "" && compareNumbers(m.min, m.max) > 0:
		return errors.New("no value can keep min and max, or minlen and maxlen")
	}
	return nil
}

// notNull takes null from the values that a member may have.
func (n *node) notNull() {
	switch {
	case n.ref != "":
		n.types = []string{"object"}
	case len(n.types) == 0:
		n.types = []string{"string", "number", "boolean", "object", "array"}
	default:
		n.types = slices.DeleteFunc(n.types, func(t string) bool { return t == "null" })
	}
}

func (g *generator) value(t reflect.Type) (*node, error) {
	switch {
	case t == timeType:
		return &node{types: []string{"string"}, format: "date-time"}, nil
	case t == numberType:
		return &node{types: []string{"number"}}, nil
	case t.Kind() == reflect.Pointer:
		n, err := g.value(t.Elem())
		if err == nil && n.ref == "" && !n.nullable() {
			n.types = append(n.types, "null")
		}
		return n, err
	case encodesItself(t):
		return &node{}, nil
	case reflect.PointerTo(t).Implements(textUnmarshalerType) || t.Implements(textMarshalerType):
		return &node{types: []string{"string"}}, nil
	}
	switch t.Kind() {
	case reflect.String:
		return &node{types: []string{"string"}}, nil
	case reflect.Bool:
		return &node{types: []string{"boolean"}}, nil
	case reflect.Float32, reflect.Float64:
		return &node{types: []string{"number"}}, nil
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		edge := uint64(1) << (t.Bits() - 1)
		return &node{types: []string{"integer"}, min: "-" + strconv.FormatUint(edge, 10), max: strconv.FormatUint(edge-1, 10)}, nil
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		return &node{types: []string{"integer"}, min: "0", max: strconv.FormatUint(1<<t.Bits()-1, 10)}, nil
	case reflect.Interface:
		return &node{}, nil
	case reflect.Map:
		n, err := g.value(t.Elem())
		return &node{types: []string{"object", "null"}, additional: n}, err
	case reflect.Slice:
		if t.Elem().Kind() == reflect.Uint8 {
			return &node{types: []string{"string", "null"}, encoding: "base64"}, nil
		}
		n, err := g.value(t.Elem())
		return &node{types: []string{"array", "null"}, items: n}, err
	case reflect.Array:
		n, err := g.value(t.Elem())
		return &node{types: []string{"array"}, items: n}, err
	case reflect.Struct:
		return g.structure(t)
	}
	return nil, fmt.Errorf("%v has no form in JSON", t)
}

// structure describes a struct type, one that holds itself as a definition.
func (g *generator) structure(t reflect.Type) (*node, error) {
	if name, ok := g.busy[t]; ok {
		g.recursive[t] = true
		return &node{ref: name}, nil
	}
	l, err := layoutOf(t)
	if err != nil {
		return nil, err
	}
	name := g.definition(t)
	g.busy[t] = name
	n, err := g.object(l)
	delete(g.busy, t)
	if err != nil || !g.recursive[t] {
		return n, err
	}
	delete(g.recursive, t)
	n.types = append(n.types, "null") // it can only hold itself by a pointer, a slice or a map
	if !slices.ContainsFunc(g.defs, func(p property) bool { return p.name == name }) {
		g.defs = append(g.defs, property{name, n})
	}
	return &node{ref: name}, nil
}

// definition names a struct type's definition after its Go type; of two types of
// one name, the second gets a number.
func (g *generator) definition(t reflect.Type) string {
	if name, ok := g.names[t]; ok {
		return name
	}
	name := strings.Map(func(r rune) rune {
		if 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' {
			return r
		}
		return -1
	}, t.Name())
	if slices.Contains(slices.Collect(maps.Values(g.names)), name) {
		name += strconv.Itoa(len(g.names) + 1)
	}
	g.names[t] = name
	return name
}
