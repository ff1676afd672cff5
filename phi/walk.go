package phi

import (
	"bytes"
	"slices"
	"strings"
)

// surroundings is what the containers around a value say about it.
type surroundings struct {
	cat    Category // typed container, such as address; None when there is none
	enum   bool     // a container of coded values
	notes  bool     // something beside it says that its text is of psychotherapy
	entity entity   // whose name "name" would be
	person bool     // the container's own key names a person
	keys   Category // the container's own key says that its keys are identifiers
	holder int32    // the node of the closest key around that says something
}

// A walker gives every leaf of one value its mode and category, and collects
// the values that the rest of the event must not repeat.
type walker struct {
	s     *Scrubber
	sc    *scratch
	known *knownValues
	src   []byte
	in    circumstances
	trail [][]byte // keys around the object being walked, for rules by path
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
	w.value(0, &keyInfo{}, &surroundings{})
	nodes := w.sc.nodes
	if nodes[0].kind != kindObject || w.in.level > 0 || w.member(0, "resourceType") != nil {
		return
	}
	if id := w.member(0, "id"); id != nil {
		id.mode, id.cat = modeMeta, None
	}
}

// value classifies the value at index i, which stands under a key that means k.
func (w *walker) value(i int32, k *keyInfo, around *surroundings) {
	n := &w.sc.nodes[i]
	switch n.kind {
	case kindObject, kindArray:
		inner := w.inside(k, around)
		if i > 0 && w.sc.nodes[i-1].kind == kindKey && k.entity != entityTransparent && !isDigit(w.src[w.sc.nodes[i-1].start]) {
			inner.holder = i - 1
		}
		if n.kind == kindObject {
			w.object(i, &inner)
			return
		}
		if w.headed(i, &inner) {
			return
		}
		if !absorbing(inner.cat) && (w.alternating(i, &inner) || w.property(i, around)) {
			return
		}
		elem, outside := *k, *around
		outside.holder = inner.holder
		if inner.cat == None {
			elem.role &^= roleMeta
		}
		for j := i + 1; j < n.next; j = w.sc.nodes[j].next {
			if w.sc.nodes[j].kind != kindArray || absorbing(inner.cat) || !w.pair(j, &inner) {
				w.value(j, &elem, &outside)
			}
		}
	case kindString:
		n.mode, n.cat, n.via = w.leaf(k, around, n)
		switch {
		case n.mode == modeTyped:
			w.remember(n)
			w.person(n)
		case n.mode == modePath:
			w.person(n)
		case n.start < n.end:
			w.nested(n)
		}
	case kindNumber:
		if n.mode, n.cat, n.via = w.leaf(k, around, n); n.mode == modeTyped {
			w.remember(n)
		}
	}
}

// person notes the first person that the input names by id: the one whose
// dates shift together, unless an event names its subject.
func (w *walker) person(n *node) {
	if w.in.subject == nil && (n.cat == PersonID || n.mode == modePath) {
		text := w.text(n)
		if start, end, person := referredID(text, n.mode == modeTyped); person {
			w.in.subject = text[start:end]
		}
	}
}

// nested learns the values of JSON that stands in a string.
func (w *walker) nested(n *node) {
	switch w.src[n.start] {
	case '{', '[', '"', '\\', ' ', '\n', '\t':
	default:
		return
	}
	if text := w.keyText(n); w.in.level < maxNested && holdsJSON(text) {
		sc := scratchPool.Get().(*scratch)
		defer sc.release(len(text))
		var err error
		src := append([]byte(nil), text...)
		if sc.nodes, err = parse(sc.nodes[:0], src); err != nil {
			return
		}
		in := w.in
		in.level++
		inner := walker{s: w.s, sc: sc, known: w.known, src: src, in: in, trail: slices.Clip(w.trail)}
		inner.document()
	}
}

// inside returns the surroundings of what stands in a container under a key.
func (w *walker) inside(k *keyInfo, around *surroundings) surroundings {
	in := *around
	in.person = k.entity == entityPerson
	if k.keys != None || k.entity != entityTransparent {
		in.keys = k.keys
	}
	if absorbing(around.cat) { // nothing within counts for less
		return in
	}
	switch {
	case k.mode == modeTyped && broader(k.cat, around.cat):
	case k.is(roleMeta) && around.cat != None:
		in.cat = None
	case k.mode == modeTyped && k.is(roleParty):
		in.cat = None
	case k.mode == modeTyped:
		in.cat = k.cat
	case k.is(rolePersonName) && around.entity == entityPerson && around.cat == None:
		in.cat = Name
	case k.mode == modeSafe && !k.is(roleID):
		in.cat = None
	}
	if k.is(roleEnum) {
		in.enum, in.cat = true, None
	}
	if k.entity == entityPerson || k.entity == entityThing {
		in.entity = k.entity
	}
	return in
}

// leaf returns how a string or number under a key is treated.
func (w *walker) leaf(k *keyInfo, around *surroundings, n *node) (mode, Category, via) {
	switch {
	case absorbing(around.cat):
		return modeTyped, around.cat, viaContainer
	case k.mode == modeKeep:
		return modeKeep, None, k.via
	case around.notes && n.kind == kindString && (k.is(roleText|roleLeafValue) || *k == keyInfo{}):
		return modeTyped, Psychotherapy, viaSibling
	case k.is(roleMeta) && around.cat != None && !metaValue(w.text(n)):
		return modeTyped, around.cat, viaContainer
	case k.is(roleMeta) && (around.cat != None || k.mode == modeSafe):
		return modeMeta, None, k.via
	case around.enum && k.mode != modeTyped && !k.is(roleText):
		return modeSafe, None, k.via
	case k.mode == modeTyped && broader(k.cat, around.cat):
		return modeTyped, around.cat, viaContainer
	case k.mode == modeTyped && k.is(roleParty) && around.cat != None && k.cat == Name:
		return modeTyped, around.cat, viaContainer
	case k.mode == modeTyped:
		return modeTyped, k.cat, k.via
	case around.cat != None && k.mode != modeSafe:
		return modeTyped, around.cat, viaContainer
	case w.s.policy.dropUnknown && k.undeclared():
		return modeDrop, OtherID, viaPolicy
	case k.is(rolePersonName):
		switch around.entity {
		case entityPerson:
			return modeTyped, Name, viaKey
		case entityThing:
			return modeText, None, viaKey
		}
		return modeHint, None, viaKey
	case k.is(roleID):
		if around.cat != None {
			return modeTyped, around.cat, viaContainer
		}
		if around.entity == entityPerson {
			return modeTyped, PersonID, viaKey
		}
		return modeSafe, None, viaKey
	case k.is(roleRef):
		return modePath, None, viaKey
	case k.entity == entityPerson && k.mode == modeText && !k.is(roleText|roleHandle) && n.kind == kindString:
		return modeHint, None, viaKey // {"therapist": "Ann Lee"}
	}
	return k.mode, None, k.via
}

// object classifies the members of an object.
func (w *walker) object(i int32, around *surroundings) {
	v := w.survey(i)
	around.notes = around.notes || v.notes
	v.person = v.person || around.person && v.reference
	if v.resource != entityUnknown {
		around.entity = v.resource
		around.cat = None
	} else if around.entity != entityPerson && v.personal && v.named {
		if around.entity == entityUnknown || v.evidence > 1 {
			around.entity = entityPerson
		}
	}
	nodes := w.sc.nodes
	said := saidOnce{cols: w.columns(i)}
	for j := i + 1; j < nodes[i].next; {
		key, child := &nodes[j], j+1
		k := key.keyInfo
		if w.s.policy.paths != nil {
			if rule, ok := w.s.policy.byPath(w.text(key), w.trail); ok {
				k = rule
			}
			w.trail = append(w.trail, w.text(key))
		}
		switch {
		case absorbing(around.cat) && !fieldName(w.text(key)) && placeholderAt(w.text(key)) == 0:
			key.role |= roleMapKey
			key.cat = around.cat
		case around.keys != None && !key.field && identifies(w.keyText(key), around.keys):
			w.mapKey(key, around.keys)
		case around.entity == entityPerson && k.mode == modeText && opaqueID(w.text(key)):
			key.role |= roleMapKey
		}
		if v.label.rank != noRank && k.is(roleValue) && !w.namesType(child) && !(k.is(roleLeafValue) && nodes[child].kind <= kindArray) {
			if l := v.label; k.via != viaPolicy && (l.mode != modeText || l.role&(rolePersonName|roleID|roleEnum|roleText) != 0) {
				k = l
				k.role &^= roleMeta
				k.via = viaSibling
			}
		}
		if l := v.label; l.mode == modeTyped && l.rank != noRank && l.rank < key.rank && k.is(roleText) && string(w.text(key)) == "text" && k.via != viaPolicy && nodes[child].kind == kindString { // {"field": {"title": "Last name"}, "text": …}
			k = keyInfo{mode: modeTyped, cat: l.cat, via: viaSibling}
		}
		if v.label.rank != noRank && k.cat == URL && definesElement(w.text(&nodes[child])) {
			k = keyInfo{mode: modeKeep}
		}
		if v.person && k.is(roleText) {
			k = keyInfo{mode: modeTyped, cat: Name, via: viaSibling}
		}
		if nodes[child].kind == kindArray && k.via != viaPolicy && string(w.text(key)) == "class" && w.isCoverage(i) {
			k = keyInfo{mode: modeTyped, cat: HealthPlan, via: viaSibling}
		}
		if kind := nodes[child].kind; k.mode != modeTyped && kind >= kindString && (v.ends != 0 || kind == kindString && w.src[nodes[child].start] < 'a' || heldFirst[w.src[key.start]] && around.holder > 0) && k.via != viaPolicy {
			w.compose(key, child, &k, &v, around)
		}
		if nodes[child].kind != kindArray || k.via == viaPolicy && k.mode != modeText || !w.placed(i, key, child, &k, &said, around) {
			w.value(child, &k, around)
		}
		if w.s.policy.paths != nil {
			w.trail = w.trail[:len(w.trail)-1]
		}
		j = nodes[child].next
	}
}

// namesType reports whether a string is the name of a type, as what was expected of
// a value is: {"path":["user","email"],"expected":"string","received":"undefined"}.
func (w *walker) namesType(i int32) bool {
	n := &w.sc.nodes[i]
	return n.kind == kindString && typeNames.has(w.text(n))
}

// typeNames are the names of types of values.
var typeNames = setOfKeys("string number integer boolean object array undefined null date varchar text int float")

// definesElement reports whether a URL names the definition of a FHIR
// extension, https://hl7.org/fhir/R4/extensibility.html.
func definesElement(url []byte) bool {
	return bytes.Contains(url, []byte("/StructureDefinition/")) && !bytes.ContainsAny(url, "?@ ")
}

// absorbing reports whether a category is dropped with all that stands in it.
func absorbing(cat Category) bool {
	return cat == Psychotherapy || cat == Secret || cat == Biometric || cat == Photo
}

// broader reports whether a key's category says less than its container's: the
// date in a date of birth is a date of birth.
func broader(cat, container Category) bool {
	switch container {
	case BirthDate:
		return cat == Date
	case SSN, Card, MedicalRecord, HealthPlan, License:
		return cat == Account || cat == OtherID || cat == PersonID || cat == Date
	}
	return false
}

// metaValue reports whether a value says something of the container around it,
// as {"use": "home"} does, rather than being its content.
func metaValue(text []byte) bool {
	if len(text) == 0 || isNamespace(asString(text)) || alreadyScrubbed(text) {
		return true
	}
	letters := 0
	for _, c := range text {
		if isLetter(c) {
			letters++
		}
	}
	return letters == len(text) && letters <= 4 || metaWords.has(asBytes(strings.ToLower(asString(text))))
}

// metaWords are values of use, type, system, status and the like.
var metaWords = setOfKeys(`usual official temporary nickname anonymous maiden alias preferred legal billing shipping mailing postal physical residential
		mobile phone email pager website landline other primary secondary emergency personal business active inactive current previous former verified unverified pending
		entered-in-error final generated additional extensions unknown none 1 2 3 4 5 6 7 8 9`)

// opaqueID reports whether a key is itself an id: a UUID, or digits.
func opaqueID(key []byte) bool {
	return len(key) > 2 && allDigits(asString(key)) || uuid(asString(key))
}

// meaning looks a key up. A key that says that its value is a code or may stay,
// and is a finding itself, goes, and with it what it says.
func (w *walker) meaning(key *node) (k keyInfo) {
	text := w.keyText(key)
	k, key.field = w.s.lex.lookupField(text)
	if key.field || k.mode != modeSafe && !(k.mode == modeTyped && w.s.actions[k.cat] == Keep && k.via != viaPolicy) && !k.is(roleMeta|roleEnum|roleRef) {
		return k
	}
	if w.goes(text, keyInfo{}) {
		return keyInfo{}
	}
	return k
}

// goes reports whether something in a text, under a key that means k, is a finding
// that doesn't stay.
func (w *walker) goes(text []byte, k keyInfo) bool {
	m := modeText
	if k.is(rolePersonName) || k.mode == modeHint {
		m = modeHint
	}
	for _, sp := range w.s.scanText(&w.sc.scan, w.known, asString(text), m, nil) {
		if w.s.actions[sp.Category] != Keep {
			return true
		}
	}
	return false
}

// resourceEntity says whether a FHIR resource describes a person.
func resourceEntity(kind []byte) entity {
	switch string(kind) {
	case "Patient", "Person", "RelatedPerson", "Practitioner", "FamilyMemberHistory", "User":
		return entityPerson
	}
	return entityThing
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
	return resourceEntity(ref[start:end-1]) == entityPerson
}
