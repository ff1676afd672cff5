package phi

import (
	"bytes"
	"slices"
	"strings"

	"github.com/carebus/carebus/phi/internal/chars"
	"github.com/carebus/carebus/phi/internal/lexicon"
	"github.com/carebus/carebus/phi/internal/words"
)

const noRank = 255

// A survey is what an object's members say about each other.
type survey struct {
	object    int32           // whose members they are
	resource  lexicon.Entity  // FHIR: what the resourceType stands for
	typeAt    int32           // the resourceType
	label     lexicon.Meaning // what the label says about the value; rank noRank when there is none
	named     bool            // has a member "name" or "id"
	personal  bool            // has members that describe a person
	evidence  int             // how many
	person    bool            // a FHIR reference to a person
	reference bool            // has the members of a FHIR reference and no others
	result    bool            // has a figure, or members that go with one
	notes     bool            // a label says that the text is of psychotherapy
	dated     bool            // has a date, and no other value that a label may explain
	ends      uint8           // has strings as members first and last
	contact   bool            // has a member that tells of a person, such as phone
	code      bool            // has a code beside which a displayName may stand
	mention   bool            // says that its text is a person's name
	licence   uint8           // how many keys are written as a driver's licence has them
	licensee  bool            // one of them tells whose it is
}

// resultKeys go with the result of a test; resultFirst are the bytes that they begin with.
var resultKeys, resultFirst = keysAndFirst("units uom loinc analyte refRange ref_range referenceRange reference_range ref_low refLow abnormal_flag")

// survey looks the object's keys up, which it notes in their nodes, and finds
// the member that says what the others mean.
func (w *walker) survey(i int32, within Category) survey {
	v := survey{object: i, label: lexicon.Meaning{Rank: noRank}}
	roles, common := lexicon.Role(0), ^lexicon.Role(0) // of one of the members, of all
	url, text, wrapped := false, false, false
	weakest := uint8(0) // the rank that a label must stay below to explain one of the texts
	nodes := w.sc.nodes
	for j := i + 1; j < nodes[i].next; j = nodes[j+1].next {
		key, child := &nodes[j], &nodes[j+1]
		k, name := w.meaning(key), w.text(key)
		key.Meaning = k
		roles |= k.Role
		common &= k.Role
		if k.Is(lexicon.RolePersonal) {
			v.evidence++
		}
		url = url || k.Cat == URL
		v.contact = v.contact || k.Mode == lexicon.Typed && tellsPerson(k.Cat)
		v.code = v.code || len(name) <= 5 && isCode(name)
		v.dated = v.dated || k.Cat == Date && string(name) == "date"
		if k.Is(lexicon.RoleText) && string(name) == "text" {
			text = true
			if child.kind == kindString {
				weakest = max(weakest, k.Rank)
			}
			wrapped = wrapped || w.wrapsValue(j+1) // {"label": {"custom": "Last name"}, "text": {"value": "Roe"}}
		}
		if resultFirst[w.src[key.start]] && resultKeys.Has(name) || string(name) == "value" && w.figure(child) {
			v.result = true
		}
		switch {
		case child.kind == kindString:
			w.surveyString(&v, k, key, j+1)
		case child.kind == kindObject && k.Is(lexicon.RoleKind):
			w.surveyConcept(&v, key, j+1)
		}
	}
	if wrapped && weakest == 0 {
		weakest = noRank
	}
	v.reference = common&lexicon.RoleReference != 0
	v.named = roles&(lexicon.RolePersonName|lexicon.RoleID) != 0
	v.personal = v.evidence > 0
	values := roles&lexicon.RoleValue != 0
	v.dated = v.dated && !values
	if roles&lexicon.RoleLabel != 0 && (values || text || v.dated) {
		if values || url || v.dated || w.s.policy.paths != nil {
			weakest = noRank
		}
		v.label = w.findLabel(i, within, weakest)
	}
	return v
}

// surveyConcept notes what the text of the FHIR concept at i says, which stands under a
// key such as type.
func (w *walker) surveyConcept(v *survey, key *node, i int32) {
	if text := w.member(i, "text"); text != nil && text.kind == kindString {
		v.notes = v.notes || lexicon.OfPsychotherapy(w.text(key), w.text(text))
	}
}

// surveyString notes what the string at i says that stands under a key that means k.
func (w *walker) surveyString(v *survey, k lexicon.Meaning, key *node, i int32) {
	text := w.text(&w.sc.nodes[i])
	switch size := key.end - key.start; {
	case k.Mode == lexicon.Text && size <= 5 && size != 3:
		v.ends |= endOf(w.text(key))
	case size == 3 && w.src[key.start] == 'D' && licenceField(w.text(key)) != None:
		v.licence++
		v.licensee = v.licensee || tellsLicensee(w.text(key))
	}
	if k.Role&lexicon.RoleKind != 0 && len(text) <= len("PERSON") && isMention(text) {
		v.mention = true
	}
	switch {
	case k.Is(lexicon.RoleRef):
		v.person = refersToPerson(text)
	case k.Is(lexicon.RoleMeta) && string(w.keyText(key)) == "resourceType":
		v.resource, v.typeAt = resourceEntity(text), i
	case !k.Is(lexicon.RoleText):
		v.notes = v.notes || lexicon.OfPsychotherapy(w.text(key), text)
		if v.resource == lexicon.Unknown && k.Is(lexicon.RoleKind) {
			w.surveyKind(v, text)
		}
	}
}

// isMention reports whether a kind is what recognizers of names call one that they found:
// {"type": "PERSON", "text": "Ann Roe"}.
func isMention(kind []byte) bool {
	switch string(kind) {
	case "person", "PERSON", "PER", "B-PER", "I-PER":
		return true
	}
	return false
}

// mentionTexts hold the name that was found.
var mentionTexts = words.KeySet("text Text value word mention surface")

// isCode reports whether a key holds a code: HL7 v3's, as JSON made of XML has it as well.
func isCode(key []byte) bool {
	switch string(key) {
	case "code", "@code", "_code":
		return true
	}
	return false
}

// tellsPerson reports whether a category is of what tells that a person is spoken of.
func tellsPerson(cat Category) bool {
	switch cat {
	case Phone, Email, Address, BirthDate, SSN, MedicalRecord, HealthPlan:
		return true
	}
	return false
}

// surveyKind notes whether a member such as type says that the object is a person:
// {"type": "patient"}. What Debezium tells of a table of clients is none.
func (w *walker) surveyKind(v *survey, kind []byte) {
	if w.s.rules.Lex.EntityOf(chars.Bytes(strings.ToLower(chars.String(kind)))) != lexicon.Person {
		return
	}
	if v.resource = lexicon.Person; w.member(v.object, "connector") != nil {
		v.resource = lexicon.Thing
	}
}

// findLabel finds the strongest label of an object that is stronger than a rank.
// The label's own rank is noRank when there is none.
func (w *walker) findLabel(i int32, within Category, weakest uint8) lexicon.Meaning {
	found := lexicon.Meaning{Rank: noRank}
	nodes := w.sc.nodes
	for j := i + 1; j < nodes[i].next; j = nodes[j+1].next {
		key := &nodes[j]
		if key.Role&lexicon.RoleLabel == 0 || key.Rank >= min(found.Rank, weakest) {
			continue
		}
		l, ok := w.labelOf(key, j+1, within)
		if !ok {
			l, ok = w.definedLabel(key, j+1)
		}
		if ok {
			found = l
			found.Rank = key.Rank
		}
	}
	return found
}

// labelOf returns what the value at i says, which stands under a key for labels: a string, a
// concept or a path. within is what all of the object is, which takes its labels with it. It
// notes that the string is the name of a field, if it is.
func (w *walker) labelOf(key *node, i int32, within Category) (l lexicon.Meaning, ok bool) {
	at := &w.sc.nodes[i]
	switch at.kind {
	case kindObject: // code: {text: "Date of birth"}
		at = w.conceptText(i)
	case kindArray: // loc: ["body", "patient", "last_name"]
		at = w.lastElement(i)
		if l := w.pathLabel(i); w.scrubs(&l) {
			return l, true
		}
	}
	if at == nil || at.kind != kindString {
		return l, false
	}
	text := w.keyText(at)
	l, ok = w.labelText(w.text(key), text)
	names := ok && l.Mode == lexicon.Typed && w.namesField(text) && !isName(text)
	if !ok || !w.scrubs(&l) && (w.labelGoes(key, at) || !names && within != None && w.s.actions[within] != Keep) {
		return l, false
	}
	if names {
		at.Role |= lexicon.RoleLabel
	}
	return l, true
}

// scrubs reports whether what has a meaning is scrubbed for it.
func (w *walker) scrubs(k *lexicon.Meaning) bool {
	return k.Mode == lexicon.Typed && w.s.actions[k.Cat] != Keep
}

// labelGoes reports whether a label is scrubbed itself, and with it what it says.
func (w *walker) labelGoes(key, label *node) bool {
	return !lexicon.DefinesElement(w.text(label)) &&
		(key.Cat == URL && urlSigns(w.text(label)) || w.goes(w.keyText(label), key.Meaning))
}

// labelText returns what the text under a key for labels says of the values beside it. One that
// says that two of them differ is of what differs, {"rule": "Box 3 DOB mismatch", "ours": …};
// under keys of checks, no other is a label.
func (w *walker) labelText(key, text []byte) (lexicon.Meaning, bool) {
	if !checks.Has(key) {
		return w.s.rules.Lex.Label(text)
	}
	small := bytes.ToLower(text)
	if len(small) != len(text) {
		return lexicon.Meaning{}, false
	}
	for _, word := range differences {
		if at := bytes.Index(small, []byte(word)); at == 0 {
			return w.s.rules.Lex.Label(text[len(word):])
		} else if at > 0 {
			return w.s.rules.Lex.Label(bytes.TrimRight(text[:at], " -_:"))
		}
	}
	return lexicon.Meaning{}, false
}

// checks are keys of what was compared; differences begin the words that say that it
// isn't alike.
var (
	checks      = words.KeySet("rule check issue error warning finding mismatch discrepancy conflict difference edit Rule Check Issue Error Warning Finding Mismatch Discrepancy Conflict Difference Edit")
	differences = []string{"mismatch", "discrepan", "conflict", "inconsisten", "differ", "does not match", "doesn't match", "do not match", "don't match", "not matching"}
)

// namesField reports whether a label is the name of a field and no data. The user's rules
// may see more in it.
func (w *walker) namesField(label []byte) bool {
	return !w.s.rules.Custom() && lexicon.IsColumnName(label) && (lexicon.IsFieldName(label) || w.s.rules.Lex.NamesField(label))
}

// isName reports whether text is a word with a capital that is also a name: Nick, Iris.
func isName(text []byte) bool {
	if !chars.IsUpper(text[0]) || bytes.IndexByte(text, ' ') >= 0 {
		return false
	}
	f := listed(text)
	return f.CommonName()
}

// conceptText returns the text of a FHIR concept, or else what its first coding shows
// or its code; nil when it has none.
func (w *walker) conceptText(i int32) *node {
	for _, name := range []string{"text", "Text", "title", "label", "name", "ref", "custom"} {
		if text := w.member(i, name); text != nil {
			return text
		}
	}
	nodes := w.sc.nodes
	for j := i + 1; j < nodes[i].next; j = nodes[j+1].next {
		if c := j + 1; string(w.keyText(&nodes[j])) == "coding" && nodes[c].kind == kindArray &&
			nodes[c].next > c+1 && nodes[c+1].kind == kindObject {
			if shown := w.member(c+1, "display"); shown != nil {
				return shown
			}
			return w.member(c+1, "code")
		}
	}
	return nil
}

// pathLabel returns what the last two elements of an array of strings say together, as
// parts of a path do: ["body", "client", "last"].
func (w *walker) pathLabel(i int32) lexicon.Meaning {
	nodes := w.sc.nodes
	n := nodes[i].next
	if n < i+3 ||
		nodes[n-1].kind != kindString ||
		nodes[n-2].kind != kindString ||
		w.goes(w.keyText(&nodes[n-1]), lexicon.Meaning{}) {
		return lexicon.Meaning{}
	}
	holder := slices.Clone(w.keyText(&nodes[n-2]))
	if !heldKeys.Has(w.keyText(&nodes[n-1])) {
		return lexicon.Meaning{}
	}
	return w.joined(holder, w.keyText(&nodes[n-1]))
}

// lastElement returns the last element of an array, or nil.
func (w *walker) lastElement(i int32) *node {
	nodes := w.sc.nodes
	var last *node
	for j := i + 1; j < nodes[i].next; j = nodes[j].next {
		last = &nodes[j]
	}
	return last
}

// extendsPerson reports whether the object at i is a FHIR extension whose url names
// a person.
func (w *walker) extendsPerson(i int32) bool {
	url := w.member(i, "url")
	if url == nil || url.kind != kindString {
		return false
	}
	text := w.text(url)
	return personKind(bytes.TrimPrefix(text[bytes.LastIndexByte(text, '/')+1:], []byte("patient-")))
}

// member returns the value of an object's member, or nil.
func (w *walker) member(i int32, name string) *node {
	nodes := w.sc.nodes
	for j := i + 1; j < nodes[i].next; j = nodes[j+1].next {
		if string(w.keyText(&nodes[j])) == name {
			return &nodes[j+1]
		}
	}
	return nil
}
