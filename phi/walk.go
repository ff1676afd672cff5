package phi

import (
	"bytes"

	"github.com/carebus/carebus/phi/internal/category"
	"github.com/carebus/carebus/phi/internal/chars"
	"github.com/carebus/carebus/phi/internal/detect"
	"github.com/carebus/carebus/phi/internal/lexicon"
	"github.com/carebus/carebus/phi/internal/mark"
)

// surroundings is what the containers around a value say about it.
type surroundings struct {
	cat    Category       // typed container, such as address; None when there is none
	enum   bool           // a container of coded values
	notes  bool           // something beside it says that its text is of psychotherapy
	entity lexicon.Entity // whose name "name" would be
	person bool           // the container's own key names a person
	keys   Category       // the container's own key says that its keys are identifiers
	holder int32          // the node of the closest key around that says something
}

// A walker gives every leaf of one value its mode and category, and collects
// the values that the rest of the event must not repeat.
type walker struct {
	s     *Scrubber
	sc    *scratch
	known *detect.Known
	src   []byte
	in    circumstances
	trail [][]byte // keys around the object being walked, for rules by path

	defined map[string]lexicon.Meaning // what questions say that the input defines, once one is asked for
}

func (w *walker) text(n *node) []byte { return w.src[n.start:n.end] }

// keyText returns a key or string without escapes. It is valid until the next call.
func (w *walker) keyText(n *node) []byte {
	b := w.text(n)
	if n.escaped {
		w.sc.unescaped = appendUnquoted(w.sc.unescaped[:0], b)
		return w.sc.unescaped
	}
	return b
}

// document classifies all of src. The id of the outermost object names the
// record rather than a person and stays, but for FHIR resources, whose id is a
// patient's.
func (w *walker) document() {
	w.value(0, &lexicon.Meaning{}, &surroundings{})
	nodes := w.sc.nodes
	if nodes[0].kind != kindObject || w.in.level > 0 || w.member(0, "resourceType") != nil {
		return
	}
	if id := w.member(0, "id"); id != nil {
		id.Mode, id.Cat = lexicon.Meta, None
	}
}

// value classifies the value at index i, which stands under a key that means k.
func (w *walker) value(i int32, k *lexicon.Meaning, around *surroundings) {
	switch w.sc.nodes[i].kind {
	case kindObject, kindArray:
		w.container(i, k, around)
	case kindString:
		w.stringLeaf(i, k, around)
	case kindNumber:
		w.numberLeaf(i, k, around)
	}
}

// container classifies what is in the object or array at i.
func (w *walker) container(i int32, k *lexicon.Meaning, around *surroundings) {
	inner := w.inside(k, around)
	if i > 0 && w.sc.nodes[i-1].kind == kindKey && k.Entity != lexicon.Transparent &&
		!chars.IsDigit(w.src[w.sc.nodes[i-1].start]) {
		inner.holder = i - 1
	}
	if w.sc.nodes[i].kind == kindObject {
		w.object(i, &inner)
		if inner.holder == i-1 && w.src[w.sc.nodes[inner.holder].start] == 'v' && inner.cat == None && string(w.text(&w.sc.nodes[inner.holder])) == "variables" {
			w.graphVariables(i, &inner)
		}
		return
	}
	if !w.formed(i, &inner, around) {
		w.elements(i, k, &inner, around)
	}
}

// formed classifies the array at i if it is written in a form that says what its elements
// are: a table with a header, a segment, names and values in turn, the property of a
// jCard.
func (w *walker) formed(i int32, inner, around *surroundings) bool {
	return w.headed(i, inner) ||
		w.sc.nodes[i].next > i+4 && w.segmentRow(i, nil, inner) ||
		inner.cat == None && w.x12Row(i, inner) ||
		!category.Absorbing(inner.cat) && (w.alternating(i, inner) || w.property(i, around))
}

// elements classifies the elements of the array at i, each as what stands under its key.
func (w *walker) elements(i int32, k *lexicon.Meaning, inner, around *surroundings) {
	elem, outside := *k, *around
	outside.holder = inner.holder
	if inner.cat == None {
		elem.Role &^= lexicon.RoleMeta
	}
	nodes := w.sc.nodes
	for j := i + 1; j < nodes[i].next; j = nodes[j].next {
		if nodes[j].kind != kindArray || category.Absorbing(inner.cat) || !w.pair(j, inner) {
			w.value(j, &elem, &outside)
		}
	}
}

// inside returns the surroundings of what stands in a container under a key.
func (w *walker) inside(k *lexicon.Meaning, around *surroundings) surroundings {
	in := *around
	in.person = k.Entity == lexicon.Person
	if k.Keys != None || k.Entity != lexicon.Transparent {
		in.keys = k.Keys
	}
	if category.Absorbing(around.cat) { // nothing within counts for less
		return in
	}
	switch {
	case k.Mode == lexicon.Typed && broader(k.Cat, around.cat):
		if k.Is(lexicon.RoleMeta) { // {"identifier": {"period": {"start": "…"}}}
			in.cat = k.Cat
		}
	case k.Is(lexicon.RoleMeta) && around.cat != None:
		in.cat = None
	case k.Mode == lexicon.Typed && k.Is(lexicon.RoleParty):
		in.cat = None
	case k.Mode == lexicon.Typed:
		in.cat = k.Cat
	case k.Is(lexicon.RolePersonName) && around.entity == lexicon.Person && around.cat == None:
		in.cat = Name
	case k.Mode == lexicon.Safe && !k.Is(lexicon.RoleID):
		in.cat = None
	}
	if k.Is(lexicon.RoleEnum) {
		in.enum, in.cat = true, None
	}
	if k.Entity == lexicon.Person || k.Entity == lexicon.Thing {
		in.entity = k.Entity
	}
	return in
}

// object classifies the members of an object. A member means what its key says, or else what
// the user's rules, its container and the members beside it say of it.
func (w *walker) object(i int32, around *surroundings) {
	v := w.survey(i, around.cat)
	v.person = v.person || around.person && v.reference
	around.tellOf(&v)
	nodes := w.sc.nodes
	var said saidOnce
	said.cols, said.names = w.columns(i)
	for j, before := i+1, int32(0); j < nodes[i].next; {
		key, child := &nodes[j], j+1
		value := &nodes[child]
		k := key.Meaning
		if w.s.policy.paths != nil {
			k = w.enter(key)
		}
		w.itself(key, &k, around)
		if value.kind <= kindArray || around.holder > 0 && chars.IsDigit(w.src[key.start]) {
			w.ofSegment(key, child, &k, around)
		}
		if v.label.Rank != noRank {
			w.labelled(key, child, &k, v.label)
		}
		if mayBePath(key, value, &k) {
			w.flattened(i, before, j, &k)
		}
		if v.person || v.mention || v.isLicence() {
			w.ofWhole(key, value, &k, &v)
		}
		ruled := k.Via == lexicon.ViaPolicy
		if k.Mode == lexicon.Typed && !ruled {
			w.idiom(i, key, child, &k, &v, around)
		}
		if value.kind == kindArray && !ruled && string(w.text(key)) == "class" && w.isCoverage(i) {
			k = lexicon.Meaning{Mode: lexicon.Typed, Cat: HealthPlan, Via: lexicon.ViaSibling}
		}
		if k.Mode != lexicon.Typed && !ruled && w.composes(key, value, &v, around) {
			w.compose(key, child, &k, &v, around)
		}
		if value.kind != kindArray || ruled && k.Mode != lexicon.Text || !w.placed(i, key, child, &k, &said, around) {
			w.value(child, &k, around)
		}
		if w.s.policy.paths != nil {
			w.trail = w.trail[:len(w.trail)-1]
		}
		before, j = j, value.next
	}
	if said.cols != nil {
		w.delimitedIn(i, &said)
	}
}

// ofWhole gives a member the meaning that it has where all members together refer to a person,
// are a name that a recognizer found, or the elements of a driver's licence.
func (w *walker) ofWhole(key, value *node, k *lexicon.Meaning, v *survey) {
	if k.Via == lexicon.ViaPolicy {
		return
	}
	if v.person && k.Is(lexicon.RoleText) { // {"reference": "Patient/1", "display": "Ann Roe"}
		*k = lexicon.Meaning{Mode: lexicon.Typed, Cat: Name, Via: lexicon.ViaSibling}
	}
	if value.kind != kindString {
		return
	}
	switch name := w.text(key); {
	case v.mention && mentionTexts.Has(name) && isShortName(w.text(value)):
		*k = lexicon.Meaning{Mode: lexicon.Typed, Cat: Name, Via: lexicon.ViaSibling}
	case v.isLicence() && licenceField(name) != None:
		*k = lexicon.Meaning{Mode: lexicon.Typed, Cat: licenceField(name), Via: lexicon.ViaSibling}
	}
}

// isShortName reports whether text is four words at most, the first with a capital, and no
// sentence.
func isShortName(text []byte) bool {
	return len(text) > 0 && len(text) <= 40 && (chars.IsUpper(text[0]) || text[0] >= 0x80) && bytes.Count(text, []byte{' '}) < 4 &&
		!bytes.ContainsAny(text, "?!;") && !bytes.HasSuffix(text, []byte{'.'})
}

// enter adds a key to the trail and returns what it means, by a rule for its path if there
// is one.
func (w *walker) enter(key *node) lexicon.Meaning {
	k := key.Meaning
	if rule, ok := w.s.policy.byPath(w.text(key), w.trail); ok {
		k = rule
	}
	w.trail = append(w.trail, w.text(key))
	return k
}

// tellOf takes what a survey of the members says about all of them.
func (around *surroundings) tellOf(v *survey) {
	around.notes = around.notes || v.notes
	switch {
	case v.resource != lexicon.Unknown:
		around.entity, around.cat = v.resource, None
	case v.result && v.label.Mode != lexicon.Typed && !v.personal && around.entity == lexicon.Unknown && around.cat == None:
		around.entity = lexicon.Thing // {"name":"PIP","value":18}
	case around.entity == lexicon.Person, !v.personal, !v.named:
	case around.entity == lexicon.Unknown, v.evidence > 1:
		around.entity = lexicon.Person
	}
}

// itself notes that a key is an identifier rather than the name of a field.
func (w *walker) itself(key *node, k *lexicon.Meaning, around *surroundings) {
	switch {
	case category.Absorbing(around.cat) && !lexicon.IsFieldName(w.text(key)) && mark.PlaceholderAt(w.text(key)) == 0:
		key.Role |= lexicon.RoleMapKey
		key.Cat = around.cat
	case around.keys != None && !key.field && identifies(w.keyText(key), around.keys):
		w.mapKey(key, around.keys)
	case around.keys == PersonID && around.holder > 0 && *k == lexicon.Meaning{} && countsBy(w.text(&w.sc.nodes[around.holder])) && namesOnly(w.keyText(key)):
		w.mapKey(key, Name) // {"by_patient": {"quillfeather": 2}}
	case around.entity == lexicon.Person && k.Mode == lexicon.Text && opaqueID(w.text(key)):
		key.Role |= lexicon.RoleMapKey
	}
}

// countsBy reports whether a key says that the keys below it are patients: by_patient,
// visitsByPatient.
func countsBy(key []byte) bool {
	return bytes.HasSuffix(key, []byte("by_patient")) || bytes.HasSuffix(key, []byte("ByPatient"))
}

// labelled gives a member the meaning that the label beside it tells.
func (w *walker) labelled(key *node, child int32, k *lexicon.Meaning, label lexicon.Meaning) {
	const tell = lexicon.RolePersonName | lexicon.RoleID | lexicon.RoleEnum | lexicon.RoleText
	value := &w.sc.nodes[child]
	ruled := k.Via == lexicon.ViaPolicy
	if k.Is(lexicon.RoleValue) && !ruled && (label.Mode != lexicon.Text || label.Is(tell)) &&
		!w.namesType(child) && !w.measures(key, child, label.Cat) && !(k.Is(lexicon.RoleLeafValue) && value.kind <= kindArray) {
		*k = label
		k.Role &^= lexicon.RoleMeta
		k.Via = lexicon.ViaSibling
	}
	if label.Mode == lexicon.Typed && label.Rank < key.Rank && !ruled &&
		k.Is(lexicon.RoleText) && string(w.text(key)) == "text" && w.answers(child, label.Cat) { // {"field": {"title": "Last name"}, "text": …}
		*k = lexicon.Meaning{Mode: lexicon.Typed, Cat: label.Cat, Via: lexicon.ViaSibling}
	}
	if k.Cat == URL && lexicon.DefinesElement(w.text(value)) {
		*k = lexicon.Meaning{Mode: lexicon.Keep}
	}
}

// answers reports whether the text at i may be the answer to a question for a category: an
// object that wraps it, or a string that doesn't name the question again.
func (w *walker) answers(i int32, asked Category) bool {
	value := &w.sc.nodes[i]
	return value.kind == kindString && w.s.rules.Lex.Lookup(w.keyText(value)).Cat != asked || w.wrapsValue(i)
}

// wrapsValue reports whether the value at i is an object whose only member is a value.
func (w *walker) wrapsValue(i int32) bool {
	nodes := w.sc.nodes
	return nodes[i].kind == kindObject && nodes[i].next > i+1 && nodes[i].next == nodes[i+2].next && string(w.text(&nodes[i+1])) == "value"
}

// namesType reports whether a string is the name of a type, as what was expected of
// a value is: {"path":["user","email"],"expected":"string","received":"undefined"}.
func (w *walker) namesType(i int32) bool {
	n := &w.sc.nodes[i]
	return n.kind == kindString && lexicon.TypeNames.Has(w.text(n))
}

// measures reports whether the value at i, beside a label that stands for a category, is a
// result and identifies nobody: a quantity, a share, a number of up to three digits. So
// White cell count is no telephone.
func (w *walker) measures(key *node, i int32, cat Category) bool {
	switch cat {
	case Age, Geo, Date, BirthDate:
		return false
	}
	n := &w.sc.nodes[i]
	if n.kind == kindObject {
		return string(w.text(key)) == "valueQuantity"
	}
	return w.figure(n)
}

// figure reports whether a value is a number that identifies nobody: one of up to three
// digits, or a decimal of up to four before its point.
func (w *walker) figure(n *node) bool {
	if n.kind != kindNumber {
		return false
	}
	whole, fraction, decimal := bytes.Cut(w.text(n), []byte{'.'})
	if !decimal {
		return len(whole) <= 3
	}
	return len(whole) <= 4 && len(fraction) <= 4 && chars.AllDigits(chars.String(fraction))
}

// opaqueID reports whether a key is itself an id: a UUID, or digits.
func opaqueID(key []byte) bool {
	return len(key) > 2 && chars.AllDigits(chars.String(key)) || detect.IsUUID(chars.String(key))
}

// meaning looks a key up. A key that says that its value is a code or may stay,
// and is a finding itself, goes, and with it what it says.
func (w *walker) meaning(key *node) (k lexicon.Meaning) {
	text := w.keyText(key)
	k, key.field = w.s.rules.Lex.LookupField(text)
	if key.field || w.s.rules.Lex.NamesField(text) ||
		k.Mode != lexicon.Safe &&
			!(k.Mode == lexicon.Typed && w.s.actions[k.Cat] == Keep && k.Via != lexicon.ViaPolicy) &&
			!k.Is(lexicon.RoleMeta|lexicon.RoleEnum|lexicon.RoleRef) {
		return k
	}
	if w.goes(text, lexicon.Meaning{}) {
		return lexicon.Meaning{}
	}
	return k
}

// goes reports whether something in a text, under a key that means k, is a finding
// that doesn't stay.
func (w *walker) goes(text []byte, k lexicon.Meaning) bool {
	m := lexicon.Text
	if k.Is(lexicon.RolePersonName) || k.Mode == lexicon.Hint {
		m = lexicon.Hint
	}
	for _, sp := range w.sc.scan.Find(&w.s.rules, w.known, chars.String(text), m, nil) {
		if w.s.actions[sp.Category] != Keep {
			return true
		}
	}
	return false
}

// resourceEntity says whether a FHIR resource describes a person or a thing.
func resourceEntity(kind []byte) lexicon.Entity {
	switch string(kind) {
	case "Patient", "Person", "RelatedPerson", "Practitioner", "FamilyMemberHistory", "User":
		return lexicon.Person
	case "AuditEvent": // whose agents are persons and programs
		return lexicon.Unknown
	}
	return lexicon.Thing
}

// refersToPerson reports whether a FHIR reference is to a person: Patient/42.
func refersToPerson(ref []byte) bool {
	end := len(ref)
	for end > 0 && ref[end-1] != '/' {
		end--
	}
	if end == 0 {
		return false
	}
	start := end - 1
	for start > 0 && ref[start-1] != '/' {
		start--
	}
	return resourceEntity(ref[start:end-1]) == lexicon.Person
}
