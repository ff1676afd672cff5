package schema

import (
	"regexp"
	"slices"
	"strconv"
)

// The URI of the JSON Schema dialect that carebus writes.
const dialect2020 = "https://json-schema.org/draft/2020-12/schema"

// A node is a JSON Schema: as much of draft 2020-12 as Go types need. A zero
// node admits any value.
type node struct {
	title, description string
	types              []string // JSON's names of types; none: any
	enum               []string // of strings; null is added where it is a type
	constant           string
	format, pattern    string
	encoding           string // of the bytes in a string: base64
	min, max           string // as numbers are written; "" for none
	minLen, maxLen     int    // in characters; maxLen 0 for none
	properties         []property
	required           []string
	closed             bool  // no other properties
	folds              bool  // of a Go type whose decoder takes Name for name, too
	additional         *node // of other properties; nil: any
	items              *node
	ref                string // name of a definition
	target             *node  // the definition
	class              string // keyword x-phi

	re *regexp.Regexp // pattern, compiled
}

type property struct {
	name   string
	schema *node
}

// A root is a JSON Schema document.
type root struct {
	id string
	*node
	defs   []property
	fields []FieldClass // of the node
}

func (n *node) property(name []byte) *node {
	if i := n.place(name); i >= 0 {
		return n.properties[i].schema
	}
	return nil
}

// place returns the place of a property in the list, or -1.
func (n *node) place(name []byte) int {
	for i := range n.properties {
		if n.properties[i].name == string(name) {
			return i
		}
	}
	return -1
}

// requires returns the place of a name in the list of required ones, or -1.
func (n *node) requires(name []byte) int {
	for i := range n.required {
		if n.required[i] == string(name) {
			return i
		}
	}
	return -1
}

func (n *node) nullable() bool { return len(n.types) == 0 || slices.Contains(n.types, "null") }

// document appends the schema as a document of its own.
func (r *root) document(dst []byte) []byte {
	dst = append(dst, '{')
	dst = appendMember(dst, "$schema", dialect2020)
	dst = appendMember(dst, "$id", r.id)
	dst = r.keywords(dst, "#/$defs/")
	if len(r.defs) > 0 {
		dst = append(appendName(dst, "$defs"), '{')
		for _, d := range r.defs {
			dst = d.schema.appendJSON(appendName(dst, d.name), "#/$defs/")
		}
		dst = append(dst, '}')
	}
	return append(dst, '}')
}

// appendJSON appends the schema; references begin with refs.
func (n *node) appendJSON(dst []byte, refs string) []byte {
	return append(n.keywords(append(dst, '{'), refs), '}')
}

func (n *node) keywords(dst []byte, refs string) []byte {
	dst = appendMember(dst, "title", n.title)
	dst = appendMember(dst, "description", n.description)
	if n.ref != "" {
		dst = appendMember(dst, "$ref", refs+n.ref)
	}
	switch len(n.types) {
	case 0:
	case 1:
		dst = appendMember(dst, "type", n.types[0])
	default:
		dst = appendStrings(appendName(dst, "type"), n.types)
	}
	if len(n.enum) > 0 {
		dst = appendStrings(appendName(dst, "enum"), n.enum)
		if n.nullable() {
			dst = append(dst[:len(dst)-1], `,null]`...)
		}
	}
	dst = appendMember(dst, "const", n.constant)
	dst = appendMember(dst, "format", n.format)
	dst = appendMember(dst, "pattern", n.pattern)
	dst = appendMember(dst, "contentEncoding", n.encoding)
	if n.min != "" {
		dst = append(appendName(dst, "minimum"), n.min...)
	}
	if n.max != "" {
		dst = append(appendName(dst, "maximum"), n.max...)
	}
	if n.minLen > 0 {
		dst = strconv.AppendInt(appendName(dst, "minLength"), int64(n.minLen), 10)
	}
	if n.maxLen > 0 {
		dst = strconv.AppendInt(appendName(dst, "maxLength"), int64(n.maxLen), 10)
	}
	if len(n.properties) > 0 {
		dst = append(appendName(dst, "properties"), '{')
		for _, p := range n.properties {
			if dst[len(dst)-1] != '{' {
				dst = append(dst, ',')
			}
			dst = append(appendString(dst, p.name), ':')
			dst = p.schema.appendJSON(dst, refs)
		}
		dst = append(dst, '}')
	}
	if len(n.required) > 0 {
		dst = appendStrings(appendName(dst, "required"), n.required)
	}
	if n.closed {
		dst = append(appendName(dst, "additionalProperties"), "false"...)
	} else if n.additional != nil {
		dst = n.additional.appendJSON(appendName(dst, "additionalProperties"), refs)
	}
	if n.items != nil {
		dst = n.items.appendJSON(appendName(dst, "items"), refs)
	}
	return appendMember(dst, "x-phi", n.class)
}

func appendStrings(dst []byte, list []string) []byte {
	dst = append(dst, '[')
	for i, s := range list {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = appendString(dst, s)
	}
	return append(dst, ']')
}

// parseRoot reads a schema that [root.document] wrote; ok is false for any
// other, since a keyword that isn't understood can't be compared.
func parseRoot(b []byte) (r *root, ok bool) {
	r = &root{node: &node{}}
	known := false
	ok = true
	for name, value := range members(b) {
		switch string(name) {
		case "$schema":
			known = string(value) == `"`+dialect2020+`"`
		case "$id":
			r.id, _ = unquote(value)
		case "$defs":
			for name, value := range members(value) {
				d := &node{}
				ok = d.parse(value) && ok
				r.defs = append(r.defs, property{string(name), d})
			}
		default:
			ok = r.keyword(string(name), value) && ok
		}
	}
	return r, r.link() && ok && known
}

// link finds the definitions that references name.
func (r *root) link() bool {
	ok := true
	seen := map[*node]bool{}
	var walk func(n *node)
	walk = func(n *node) {
		if n == nil || seen[n] {
			return
		}
		seen[n] = true
		if n.ref != "" {
			for _, d := range r.defs {
				if d.name == n.ref {
					n.target = d.schema
				}
			}
			ok = ok && n.target != nil
		}
		for _, p := range n.properties {
			walk(p.schema)
		}
		walk(n.items)
		walk(n.additional)
	}
	walk(r.node)
	for _, d := range r.defs {
		walk(d.schema)
	}
	return ok
}

func (n *node) parse(b []byte) bool {
	ok := len(b) > 0 && b[0] == '{'
	for name, value := range members(b) {
		ok = n.keyword(string(name), value) && ok
	}
	return ok
}

const refPrefix = "#/$defs/"

func (n *node) keyword(name string, value []byte) bool {
	text := func(field *string) bool {
		s, ok := unquote(value)
		*field = s
		return ok
	}
	number := func(field *int) (ok bool) {
		i, err := strconv.Atoi(string(value))
		*field = i
		return err == nil
	}
	child := func(field **node) bool {
		*field = &node{}
		return (*field).parse(value)
	}
	switch name {
	case "title":
		return text(&n.title)
	case "description":
		return text(&n.description)
	case "$ref":
		ok := text(&n.ref) && len(n.ref) > len(refPrefix) && n.ref[:len(refPrefix)] == refPrefix
		if ok {
			n.ref = n.ref[len(refPrefix):]
		}
		return ok
	case "type":
		if value[0] == '"' {
			n.types = make([]string, 1)
			return text(&n.types[0])
		}
		return parseStrings(value, &n.types)
	case "enum":
		return parseStrings(value, &n.enum)
	case "const":
		return text(&n.constant)
	case "format":
		return text(&n.format)
	case "pattern":
		if !text(&n.pattern) {
			return false
		}
		re, err := regexp.Compile(n.pattern)
		n.re = re
		return err == nil
	case "contentEncoding":
		return text(&n.encoding)
	case "minimum":
		n.min = string(value)
		return validNumber(value)
	case "maximum":
		n.max = string(value)
		return validNumber(value)
	case "minLength":
		return number(&n.minLen)
	case "maxLength":
		return number(&n.maxLen)
	case "properties":
		for name, value := range members(value) {
			p := property{string(name), &node{}}
			if !p.schema.parse(value) {
				return false
			}
			n.properties = append(n.properties, p)
		}
		return value[0] == '{'
	case "required":
		return parseStrings(value, &n.required)
	case "additionalProperties":
		if string(value) == "false" {
			n.closed = true
			return true
		}
		return child(&n.additional)
	case "items":
		return child(&n.items)
	case "x-phi":
		return text(&n.class)
	}
	return false
}

func validNumber(b []byte) bool { return scanNumber(b, 0) == len(b) }

// parseStrings reads an array of strings; null is passed over.
func parseStrings(b []byte, list *[]string) bool {
	if b[0] != '[' {
		return false
	}
	for element := range elements(b) {
		if string(element) == "null" {
			continue
		}
		s, ok := unquote(element)
		if !ok {
			return false
		}
		*list = append(*list, s)
	}
	return true
}
