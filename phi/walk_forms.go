package phi

import (
	"bytes"
	"strings"

	"github.com/carebus/carebus/phi/internal/category"
	"github.com/carebus/carebus/phi/internal/chars"
	"github.com/carebus/carebus/phi/internal/lexicon"
	"github.com/carebus/carebus/phi/internal/mark"
	"github.com/carebus/carebus/phi/internal/words"
)

// Arrays whose elements say by their places what they are.

// saidOnce is what an object's other members say of its arrays. It is looked for
// once: keys may come more than once.
type saidOnce struct {
	cols   []lexicon.Meaning // of its rows
	names  int32             // the array that names them
	bound  []lexicon.Meaning // of what is bound to its statement
	person bool              // the object is an extension of a person

	knowsBound, knowsPerson bool
}

// extendsPerson reports whether the object at i is an extension of a person.
func (said *saidOnce) extendsPerson(w *walker, i int32) bool {
	if !said.knowsPerson {
		said.knowsPerson, said.person = true, w.extendsPerson(i)
	}
	return said.person
}

// boundColumns returns what the parameters of the statement of the object at i hold.
func (said *saidOnce) boundColumns(w *walker, i int32) []lexicon.Meaning {
	if !said.knowsBound {
		said.knowsBound, said.bound = true, w.boundColumns(i)
	}
	return said.bound
}

// placed classifies the array child of the object at i, and reports whether its
// elements say by their places what they are.
func (w *walker) placed(i int32, key *node, child int32, k *lexicon.Meaning, said *saidOnce, around *surroundings) bool {
	if child == said.names {
		if w.columnNames(child); w.sc.nodes[child+1].kind == kindString {
			return true
		}
	}
	if said.cols != nil && key.Mode != lexicon.Typed {
		if w.flatRow(key, child, said.cols) {
			w.row(child, said.cols, around)
			return true
		}
		if w.holdsRows(child) {
			w.rows(child+1, w.sc.nodes[child].next, said.cols, around)
			return true
		}
	}
	if segment := w.segmentOf(key); segment != nil && w.isSegment(key, child) {
		return w.segmentRow(child, segment, around)
	}
	switch string(w.text(key)) {
	case "extension": // of a contact: its name, its phone
		if said.extendsPerson(w, i) {
			k.Entity = lexicon.Person
		}
	case "params", "args", "parameters", "bindings", "binds", "values":
		if bound := said.boundColumns(w, i); bound != nil && around.cat == None { // else the statement goes, and with it what it says
			w.row(child, bound, around)
			return true
		}
	case "fields", "Fields":
		return w.segmentRow(child, w.segmentFields(i), around)
	case "NM1", "N1", "N3", "N4", "DMG", "REF", "PER":
		return around.cat == None && w.x12Named(child, w.text(key), around)
	case "elements", "Elements":
		if name := w.x12Name(i); name != nil {
			return around.cat == None && w.x12Named(child, name, around)
		}
	case "string": // {"entry": [{"string": ["ssn", "…"]}]}
		return !category.Absorbing(around.cat) && w.pair(child, around)
	case "rows", "lines", "records", "Rows", "Lines":
		if n := w.sc.nodes; said.cols == nil && n[child].next > child+1 && n[child+1].kind == kindString {
			if cols := w.headerOf(i); cols != nil { // {"header": "last|mrn", "rows": ["…|…"]}
				w.value(child, k, around)
				w.noteDelimited(key, child, cols)
				return true
			}
		}
	case "part":
		return !category.Absorbing(around.cat) && w.patch(child, around)
	}
	return false
}

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
	if kind+1 >= nodes[i].next || nodes[kind].kind != kindString || !propertyTypes.Has(w.text(&nodes[kind])) {
		return false
	}
	cat := contentFields[strings.ToUpper(chars.String(w.text(&nodes[name])))]
	if cat == None {
		return false
	}
	for j := params + 1; j < nodes[params].next; j = nodes[j+1].next {
		k := w.s.rules.Lex.Lookup(w.text(&nodes[j]))
		if cat := contentParams[strings.ToUpper(chars.String(w.text(&nodes[j])))]; cat != None {
			k = lexicon.Meaning{Mode: lexicon.Typed, Cat: cat, Via: lexicon.ViaSibling}
		}
		w.value(j+1, &k, around)
	}
	nodes[name].Mode, nodes[kind].Mode = lexicon.Keep, lexicon.Keep // words of the standard
	k := lexicon.Meaning{Mode: lexicon.Typed, Cat: cat, Via: lexicon.ViaSibling}
	for j := kind + 1; j < nodes[i].next; j = nodes[j].next {
		w.value(j, &k, around)
	}
	return true
}

// propertyTypes are the types of a property's values.
var propertyTypes = words.KeySet("text uri url date date-time time timestamp date-and-or-time utc-offset language-tag cal-address boolean integer float binary duration period recur unknown")

// patch classifies the parts of a FHIRPath Patch operation,
// https://hl7.org/fhir/fhirpatch.html, and reports whether the array at i holds
// them: the part path says what the part value is.
func (w *walker) patch(i int32, around *surroundings) bool {
	nodes := w.sc.nodes
	var k lexicon.Meaning
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
	if k.Mode != lexicon.Typed {
		return false
	}
	for j := i + 1; j < nodes[i].next; j = nodes[j].next {
		if name := w.member(j, "name"); string(w.text(name)) == "value" {
			w.value(j, &k, around)
			name.Mode, name.Cat = lexicon.Safe, None
			continue
		}
		w.value(j, &lexicon.Meaning{}, around)
	}
	return true
}

// pathField returns what a path's last part that says something says of what is
// there: Patient.name[0].family.
func (w *walker) pathField(path []byte) lexicon.Meaning {
	for len(path) > 0 {
		at := bytes.LastIndexByte(path, '.')
		part, _, _ := bytes.Cut(path[at+1:], []byte("["))
		k := w.s.rules.Lex.Lookup(part)
		switch {
		case k.Is(lexicon.RolePersonName):
			return lexicon.Meaning{Mode: lexicon.Typed, Cat: Name, Via: lexicon.ViaSibling}
		case k.Mode == lexicon.Typed:
			return lexicon.Meaning{Mode: lexicon.Typed, Cat: k.Cat, Via: lexicon.ViaSibling}
		case at < 0 || k.Is(lexicon.RoleMeta) && !k.Is(lexicon.RoleValue):
			return lexicon.Meaning{}
		}
		path = path[:at]
	}
	return lexicon.Meaning{}
}

// pair classifies an array of a field's name and its value, ["ssn", "…"], or of
// what has the field as well, ["patient/1", "ssn", "…"], and reports whether it is
// one. What is a field's name as well is no value.
func (w *walker) pair(i int32, around *surroundings) bool {
	nodes := w.sc.nodes
	name := i + 1
	switch {
	case nodes[i].next == i+3:
	case nodes[i].next == i+4 && nodes[i+1].kind == kindString && nodes[i+3].kind == kindString:
		name++
	default:
		return false
	}
	k, ok := w.fieldAt(name)
	if !ok {
		return false
	}
	if name > i+1 {
		w.value(i+1, &lexicon.Meaning{}, around)
	}
	nodes[name].Mode, nodes[name].Cat = lexicon.Safe, None
	w.value(name+1, &k, around)
	return true
}

// fieldAt returns what the string at index i says of the value behind it, if it
// is the name of a field and the value none.
func (w *walker) fieldAt(i int32) (k lexicon.Meaning, ok bool) {
	nodes := w.sc.nodes
	if int(i)+1 >= len(nodes) ||
		nodes[i].kind != kindString ||
		nodes[i+1].kind != kindString && nodes[i+1].kind != kindNumber && nodes[i+1].kind != kindNull {
		return k, false
	}
	text := bytes.TrimPrefix(w.keyText(&nodes[i]), []byte("--"))
	if len(text) > 40 || !lexicon.IsColumnName(text) && !w.s.rules.Lex.NamesField(text) {
		return k, false
	}
	k = w.s.rules.Lex.Lookup(text)
	if k.Mode != lexicon.Typed || k.Is(lexicon.RoleKeyOnly) {
		return k, false
	}
	if nodes[i+1].kind == kindString {
		if value := w.keyText(&nodes[i+1]); len(value) > 0 && !chars.IsDigit(value[0]) && !isName(value) && !mark.Scrubbed(value) &&
			w.s.rules.Lex.Lookup(value) != (lexicon.Meaning{}) {
			return k, false
		}
	}
	k.Role &^= lexicon.RoleMeta
	k.Via = lexicon.ViaSibling
	return k, true
}

// alternating classifies an array in which the names of fields and their values
// take turns, ["ssn", "…", "mrn", "…"], and reports whether it is one: two names
// and no name among the values, or a name that is an option of a command,
// ["--ssn", "…"].
func (w *walker) alternating(i int32, around *surroundings) bool {
	if !w.mayAlternate(i) {
		return false
	}
	nodes := w.sc.nodes
	fields, options := 0, 0
	for j := i + 1; j < nodes[i].next; j++ {
		named := (j-i)%2 == 1 // it is the turn of a name
		switch {
		case nodes[j].kind != kindString && (nodes[j].kind != kindNumber || named):
			return false
		case j+1 == nodes[i].next:
		case w.isOption(j):
			options++
		case named:
			if _, ok := w.fieldAt(j); ok {
				fields++
			}
			if nodes[j+1].kind == kindString && identifierLike(w.text(&nodes[j+1])) {
				fields -= maxColumns
			}
		}
	}
	pairs := (nodes[i].next-i)%2 == 1
	if options == 0 && !(pairs && fields >= 2) {
		return false
	}
	for j := i + 1; j < nodes[i].next; j++ {
		k := lexicon.Meaning{}
		if at := j - 1; at > i && (options > 0 && w.isOption(at) || options == 0 && (at-i)%2 == 1) {
			k, _ = w.fieldAt(at)
		}
		w.value(j, &k, around)
	}
	return true
}

// mayAlternate reports whether the array at i has two pairs or an option, and begins with what
// may be the name of a field and its value, as most arrays don't.
func (w *walker) mayAlternate(i int32) bool {
	nodes := w.sc.nodes
	size := nodes[i].next - i - 1 // of an array of strings and numbers
	if size < 2 || nodes[i+1].kind != kindString || nodes[i+2].kind != kindString && nodes[i+2].kind != kindNumber {
		return false
	}
	if size < 4 && !w.isOption(i+1) && !(size == 3 && w.isOption(i+2)) {
		return false
	}
	return lexicon.IsColumnName(bytes.TrimPrefix(w.text(&nodes[i+1]), []byte("--")))
}

// isOption reports whether the string at index i is an option of a command that
// takes the value behind it: --last-name.
func (w *walker) isOption(i int32) bool {
	if n := &w.sc.nodes[i]; n.kind != kindString || !bytes.HasPrefix(w.text(n), []byte("--")) {
		return false
	}
	_, ok := w.fieldAt(i)
	return ok
}

// identifierLike reports whether text is written as the names of fields are, and
// a person's never: last_name, lastName.
func identifierLike(text []byte) bool {
	if len(text) == 0 || !chars.IsLower(text[0]) {
		return false
	}
	inner := false
	for _, c := range text {
		if !chars.IsLetter(c) && !chars.IsDigit(c) && c != '_' {
			return false
		}
		inner = inner || c == '_' || chars.IsUpper(c)
	}
	return inner
}
