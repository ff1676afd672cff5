package phi

import (
	"bytes"
	"slices"

	"github.com/carebus/carebus/phi/internal/category"
	"github.com/carebus/carebus/phi/internal/chars"
	"github.com/carebus/carebus/phi/internal/detect"
	"github.com/carebus/carebus/phi/internal/lexicon"
	"github.com/carebus/carebus/phi/internal/words"
)

// A leaf is a string or a number: how it is treated follows from its key and from what
// stands around it.

// stringLeaf classifies the string at i, and learns from it what the rest of the event must
// not repeat.
func (w *walker) stringLeaf(i int32, k *lexicon.Meaning, around *surroundings) {
	n := &w.sc.nodes[i]
	n.Mode, n.Cat, n.Via = w.leaf(k, around, n)
	if n.Cat == Date && around.cat == None && n.Via == lexicon.ViaKey && !namesDay(w.text(n)) {
		n.Mode, n.Cat = lexicon.Text, None // {"onset":"childhood"}
	}
	user := k.Mode != lexicon.Typed && (k.Entity == lexicon.Person || k.Is(lexicon.RoleHandle)) && k.Via != lexicon.ViaPolicy
	switch {
	case user && n.Mode != lexicon.Typed && n.Mode != lexicon.Keep && w.isUsersLogin(i, k, around): // {"verified_by": "lquillfeather"}
		n.Mode, n.Cat, n.Via = lexicon.Typed, OtherID, lexicon.ViaKey
		w.remember(n)
	case user && w.namesSomebody(i, k): // {"patient": "quillfeather"}
		n.Mode, n.Cat, n.Via = lexicon.Typed, Name, lexicon.ViaKey
		w.remember(n)
	case n.Mode == lexicon.Typed && w.namesItself(i):
		n.Mode, n.Cat = lexicon.Keep, None // {"first_name": "First name"}
	case n.Mode == lexicon.Meta && w.src[n.start] == 'h' && w.ofSystem(i) && w.namesSystem(w.text(n)):
		n.Mode = lexicon.Keep
	case n.Mode == lexicon.Typed:
		w.remember(n)
		w.person(n)
	case n.Mode == lexicon.Path:
		w.person(n)
	case n.start < n.end:
		w.nested(n)
	}
}

// humans are keys under which nobody but a person stands, in whose string a word that no
// list holds is their name.
var humans = words.KeySet("patient guardian therapist clinician counselor psychiatrist psychologist physician nextOfKin next_of_kin")

// namesSomebody reports whether the string at i, under a key that means k, is somebody's
// name by its form: under a word for a person alone, words one of which is a name or of no
// list; under one for an account, a login that is made of a name, ann.roe.
func (w *walker) namesSomebody(i int32, k *lexicon.Meaning) bool {
	nodes := w.sc.nodes
	if k.Entity != lexicon.Person || i == 0 || nodes[i-1].kind != kindKey || nodes[i].escaped {
		return false
	}
	text := w.text(&nodes[i])
	if k.Is(lexicon.RoleHandle) {
		return loginOfName(text)
	}
	return humans.Has(w.text(&nodes[i-1])) && !lexicon.IsStatus(Name, text) && !settings.Has(text) && !lexicon.TypeNames.Has(text) && namesOnly(text) &&
		w.s.rules.Lex.EntityOf(text) == lexicon.Unknown
}

// settings say where patients are treated.
var settings = words.KeySet("inpatient outpatient Inpatient Outpatient")

// namesOnly reports whether text is no more than words, one of which is a name or of no list:
// quillfeather; smith, john.
func namesOnly(text []byte) bool {
	if len(text) < 4 || len(text) > 40 {
		return false
	}
	some, count := false, 0
	for word := range bytes.FieldsFuncSeq(text, func(r rune) bool { return r == ' ' || r == ',' }) {
		for _, c := range word {
			if !chars.IsLetter(c) && c < 0x80 && c != '-' && c != '\'' && c != '.' {
				return false
			}
		}
		f := listed(word)
		some = some || !f.Drug() && cuesOf(word) == 0 && (len(word) > 4 && f.Word() == 0 || len(word) > 3 && f.Given() >= words.Common && f.Surname() >= words.Common)
		count++
	}
	return some && count <= 4
}

// Of how many letters logins are that are made of an initial and a surname.
const (
	minLogin = 5
	maxLogin = 20
)

// isUsersLogin reports whether the string at i is a login, an initial and a surname, under a
// word for a person or a key that ends in by: user, verified_by, {"verified": {"by": …}}.
func (w *walker) isUsersLogin(i int32, k *lexicon.Meaning, around *surroundings) bool {
	nodes := w.sc.nodes
	if i == 0 || nodes[i-1].kind != kindKey || nodes[i].escaped || !initialAndSurname(w.text(&nodes[i])) {
		return false
	}
	switch key := w.text(&nodes[i-1]); {
	case k.Entity == lexicon.Person:
		return true
	case string(key) == "by" || string(key) == "By":
		return around.holder <= 0 || !arranged.Has(w.text(&nodes[around.holder]))
	default:
		return bytes.HasSuffix(key, []byte("_by")) || bytes.HasSuffix(key, []byte("By"))
	}
}

// arranged are keys under which by says by which field.
var arranged = words.KeySet("sort sorting order orderBy order_by group groupBy group_by filter filters query search where partition")

// initialAndSurname reports whether text is a login of small letters, the initial of a given
// name and a surname, and no everyday word: lquillfeather.
func initialAndSurname(text []byte) bool {
	if len(text) < minLogin || len(text) > maxLogin {
		return false
	}
	for _, c := range text {
		if !chars.IsLower(c) {
			return false
		}
	}
	if f := listed(text); f.Word() > 0 || f.Drug() || cuesOf(text) != 0 {
		return false
	}
	surname := listed(text[1:])
	return surname.Surname() == words.Frequent || surname.Surname() == words.Common && surname.Word() < words.Frequent
}

// loginOfName reports whether text is a given name and a surname that a period or an
// underscore joins: svetlana_quillfeather.
func loginOfName(text []byte) bool {
	at := bytes.IndexAny(text, "._")
	if at < 3 || len(text) > 40 || len(text)-at < 5 {
		return false
	}
	for i, c := range text {
		if !chars.IsLetter(c) && i != at {
			return false
		}
	}
	given, surname := listed(text[:at]), listed(text[at+1:])
	if given.Given() == 0 || cuesOf(text[:at]) != 0 {
		return false
	}
	return surname.Surname() >= words.Common && (given.Word() == 0 || surname.Word() == 0) || given.Word() == 0 && surname.Word() == 0
}

// namesItself reports whether the string at i is no data and only what a field of its category
// is called, in two words or as its key is, as in a translation, a form or the columns of an
// import.
func (w *walker) namesItself(i int32) bool {
	n := &w.sc.nodes[i]
	text := w.text(n)
	if len(text) > 40 || len(text) < 3 || !chars.IsLetter(text[0]) || !chars.IsLetter(text[len(text)-1]) || bytes.IndexByte(text, '@') >= 0 ||
		n.Cat == Secret || n.Cat == OtherID || n.Via == lexicon.ViaPolicy || isName(text) || !w.namesField(text) {
		return false
	}
	if !bytes.ContainsAny(text, " _-") && !(i > 0 && w.sc.nodes[i-1].kind == kindKey && bytes.EqualFold(text, w.text(&w.sc.nodes[i-1]))) {
		return false // {"last_name": "Middle"}
	}
	k := w.s.rules.Lex.Lookup(text)
	return k.Mode == lexicon.Typed && k.Cat == n.Cat
}

// numberLeaf is stringLeaf for a number.
func (w *walker) numberLeaf(i int32, k *lexicon.Meaning, around *surroundings) {
	n := &w.sc.nodes[i]
	n.Mode, n.Cat, n.Via = w.leaf(k, around, n)
	if (n.Cat == Date || n.Cat == Device) && around.cat == None && n.end-n.start <= 3 && n.Via != lexicon.ViaPolicy &&
		n.Via != lexicon.ViaSchema {
		n.Mode, n.Cat = lexicon.Text, None // a count: {"period":1,"periodUnit":"d"}, {"serial":118}
	}
	if n.Mode == lexicon.Typed {
		w.remember(n)
	}
}

// leaf returns how a string or number under a key is treated.
func (w *walker) leaf(k *lexicon.Meaning, around *surroundings, n *node) (lexicon.Mode, Category, lexicon.Via) {
	switch {
	case category.Absorbing(around.cat):
		return lexicon.Typed, around.cat, lexicon.ViaContainer
	case k.Mode == lexicon.Keep || n.Is(lexicon.RoleLabel): // {"name": "lon", "value": …}
		return lexicon.Keep, None, k.Via
	case around.notes && n.kind == kindString && mayHoldNote(k):
		return lexicon.Typed, Psychotherapy, lexicon.ViaSibling
	case k.Is(lexicon.RoleMeta) && (around.cat != None || k.Mode == lexicon.Safe):
		return w.metaLeaf(k, around, n)
	case around.enum && k.Mode != lexicon.Typed && !k.Is(lexicon.RoleText):
		return lexicon.Safe, None, k.Via
	case k.Mode == lexicon.Typed:
		return w.typedLeaf(k, around, n)
	case around.cat != None && k.Mode != lexicon.Safe && !(n.kind == kindString && aside(k, w.text(n), around.cat)):
		return lexicon.Typed, around.cat, lexicon.ViaContainer
	case w.s.policy.dropUnknown && k.Undeclared():
		return lexicon.Drop, OtherID, lexicon.ViaPolicy
	case k.Is(lexicon.RolePersonName):
		return w.nameLeaf(around, n)
	case k.Is(lexicon.RoleID):
		return w.idLeaf(around, n)
	case k.Is(lexicon.RoleRef):
		return lexicon.Path, None, lexicon.ViaKey
	case k.StandsForPerson() && n.kind == kindString:
		return w.personLeaf(n)
	}
	return k.Mode, None, k.Via
}

// mayHoldNote reports whether the text of a note may stand under a key: one for text or
// values, or one that says nothing.
func mayHoldNote(k *lexicon.Meaning) bool {
	return k.Is(lexicon.RoleText|lexicon.RoleLeafValue) || *k == lexicon.Meaning{}
}

// metaLeaf returns how a value is treated that says what others mean, such as a status or a
// system: in a container of a category it is of that, unless it only says something of it.
func (w *walker) metaLeaf(k *lexicon.Meaning, around *surroundings, n *node) (lexicon.Mode, Category, lexicon.Via) {
	if around.cat != None && !w.saysOf(n, around.cat) {
		return lexicon.Typed, around.cat, lexicon.ViaContainer
	}
	if around.enum && chars.AllDigits(chars.String(w.text(n))) { // SNOMED CT: 446131000124102 is no card
		return lexicon.Keep, None, k.Via
	}
	return lexicon.Meta, None, k.Via
}

// typedLeaf returns the category of a value whose key names one: its container's, where
// that says more than the key.
func (w *walker) typedLeaf(k *lexicon.Meaning, around *surroundings, n *node) (lexicon.Mode, Category, lexicon.Via) {
	day := k.Cat == Date && around.cat != BirthDate && isoDay(w.text(n)) // of issue
	party := k.Is(lexicon.RoleParty) && around.cat != None && k.Cat == Name
	if party || broader(k.Cat, around.cat) && !day {
		return lexicon.Typed, around.cat, lexicon.ViaContainer
	}
	return lexicon.Typed, k.Cat, k.Via
}

// nameLeaf returns how what stands under "name" is treated: as a person's name, a
// thing's, or perhaps one.
func (w *walker) nameLeaf(around *surroundings, n *node) (lexicon.Mode, Category, lexicon.Via) {
	switch around.entity {
	case lexicon.Person:
		if w.namesParameter(w.text(n)) {
			return lexicon.Meta, None, lexicon.ViaKey
		}
		return lexicon.Typed, Name, lexicon.ViaKey
	case lexicon.Thing:
		return lexicon.Text, None, lexicon.ViaKey
	}
	if endsAsThing(w.text(n)) {
		return lexicon.Text, None, lexicon.ViaKey
	}
	return lexicon.Hint, None, lexicon.ViaKey
}

// endsAsThing reports whether the last of several words is one that things are called by, or a
// year, and the others are everyday words: Silver Plan, Standard 2026.
func endsAsThing(text []byte) bool {
	at := bytes.LastIndexByte(text, ' ') + 1
	last := text[at:]
	if at == 0 || len(last) == 0 || len(last) > maxThingAtEnd {
		return false
	}
	var small [maxThingAtEnd]byte
	for i, c := range last {
		small[i] = c | 0x20 // capitals become small, and digits stay
	}
	if !thingsAtEnd.Has(small[:len(last)]) && !(len(last) == 4 && chars.AllDigits(chars.String(last))) {
		return false
	}
	for word := range bytes.FieldsSeq(text[:at]) {
		if listed(word).Word() == 0 {
			return false
		}
	}
	return true
}

// maxThingAtEnd is how long the longest of thingsAtEnd is.
const maxThingAtEnd = len("workflow")

// thingsAtEnd end the names of things.
var thingsAtEnd = words.KeySet("plan plans package session sessions group program template form forms note notes tier edition workflow report queue schedule visit therapy intake")

// idLeaf returns how what stands under "id" is treated: as an identifier of its
// container's category or a person's, or as that of a thing, which stays.
func (w *walker) idLeaf(around *surroundings, n *node) (lexicon.Mode, Category, lexicon.Via) {
	switch {
	case around.cat != None && !idOfRow(w.text(n), around.cat):
		return lexicon.Typed, around.cat, lexicon.ViaContainer
	case around.cat == None && around.entity == lexicon.Person:
		return lexicon.Typed, PersonID, lexicon.ViaKey
	}
	return lexicon.Safe, None, lexicon.ViaKey
}

// personLeaf returns how a string is treated that stands right under a word for a person:
// {"therapist": "Ann Lee"}.
func (w *walker) personLeaf(n *node) (lexicon.Mode, Category, lexicon.Via) {
	if detect.IsUUID(chars.String(w.text(n))) {
		return lexicon.Typed, PersonID, lexicon.ViaKey
	}
	return lexicon.Hint, None, lexicon.ViaKey
}

// namesParameter reports whether what stands under "name" is itself the name of a field,
// as a parameter's is: {"name": "birthdate", "type": "string"}.
func (w *walker) namesParameter(text []byte) bool {
	if len(text) < 5 || !chars.IsLower(text[0]) || !w.namesField(text) {
		return false
	}
	k := w.s.rules.Lex.Lookup(text)
	return k.Mode == lexicon.Typed && !category.Absorbing(k.Cat)
}

// person notes the first person that the input names by id: the one whose
// dates shift together, unless an event names its subject.
func (w *walker) person(n *node) {
	if w.in.subject == nil && (n.Cat == PersonID || n.Mode == lexicon.Path) {
		text := w.text(n)
		if start, end, person := referredID(text, n.Mode == lexicon.Typed); person {
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
	if text := w.keyText(n); w.in.level < maxNested && chars.HoldsJSON(text) {
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
