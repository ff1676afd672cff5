package phi

import (
	"bytes"
	"strings"
)

// Arrays whose elements say by their places what they are.

// property classifies a property of a jCard or jCal (RFC 7095, RFC 7265),
// ["tel", {}, "uri", "tel:…"], and reports whether the array at i is one whose
// name says what its values are.
func (w *walker) property(i int32, around *surroundings) bool {
	nodes := w.sc.nodes
	name, params := i+1, i+2
	if nodes[i].next < i+4 || nodes[name].kind != kindString || nodes[params].kind != kindObject {
		return false
	}
	kind := nodes[params].next
	if kind+1 >= nodes[i].next || nodes[kind].kind != kindString || !propertyTypes.has(w.text(&nodes[kind])) {
		return false
	}
	cat := contentFields[strings.ToUpper(asString(w.text(&nodes[name])))]
	if cat == None {
		return false
	}
	for j := params + 1; j < nodes[params].next; j = nodes[j+1].next {
		k := w.s.lex.lookup(w.text(&nodes[j]))
		if cat := contentParams[strings.ToUpper(asString(w.text(&nodes[j])))]; cat != None {
			k = keyInfo{mode: modeTyped, cat: cat, via: viaSibling}
		}
		w.value(j+1, &k, around)
	}
	nodes[name].mode, nodes[kind].mode = modeKeep, modeKeep // words of the standard
	k := keyInfo{mode: modeTyped, cat: cat, via: viaSibling}
	for j := kind + 1; j < nodes[i].next; j = nodes[j].next {
		w.value(j, &k, around)
	}
	return true
}

// propertyTypes are the types of a property's values.
var propertyTypes = setOfKeys("text uri url date date-time time timestamp date-and-or-time utc-offset language-tag cal-address boolean integer float binary duration period recur unknown")

// patch classifies the parts of a FHIRPath Patch operation,
// https://hl7.org/fhir/fhirpatch.html, and reports whether the array at i holds
// them: the part path says what the part value is.
func (w *walker) patch(i int32, around *surroundings) bool {
	nodes := w.sc.nodes
	var k keyInfo
	for j := i + 1; j < nodes[i].next; j = nodes[j].next {
		if nodes[j].kind != kindObject {
			return false
		}
		name := w.member(j, "name")
		if name == nil || name.kind != kindString {
			return false
		}
		if string(w.text(name)) == "path" {
			if path := w.member(j, "valueString"); path != nil && path.kind == kindString {
				k = w.pathField(w.text(path))
			}
		}
	}
	if k.mode != modeTyped {
		return false
	}
	for j := i + 1; j < nodes[i].next; j = nodes[j].next {
		if name := w.member(j, "name"); string(w.text(name)) == "value" {
			w.value(j, &k, around)
			name.mode, name.cat = modeSafe, None
			continue
		}
		w.value(j, &keyInfo{}, around)
	}
	return true
}

// pathField returns what a path's last part that says something says of what is
// there: Patient.name[0].family.
func (w *walker) pathField(path []byte) keyInfo {
	for len(path) > 0 {
		at := bytes.LastIndexByte(path, '.')
		part, _, _ := bytes.Cut(path[at+1:], []byte("["))
		k := w.s.lex.lookup(part)
		switch {
		case k.is(rolePersonName):
			return keyInfo{mode: modeTyped, cat: Name, via: viaSibling}
		case k.mode == modeTyped:
			return keyInfo{mode: modeTyped, cat: k.cat, via: viaSibling}
		case at < 0 || k.is(roleMeta) && !k.is(roleValue):
			return keyInfo{}
		}
		path = path[:at]
	}
	return keyInfo{}
}
