package phi

import (
	"bytes"
	"slices"
	"strings"

	"github.com/carebus/carebus/phi/internal/category"
	"github.com/carebus/carebus/phi/internal/chars"
	"github.com/carebus/carebus/phi/internal/cue"
	"github.com/carebus/carebus/phi/internal/detect"
	"github.com/carebus/carebus/phi/internal/lexicon"
	"github.com/carebus/carebus/phi/internal/words"
)

// Keys that say too little by themselves: number, first, from. What they say with the key
// of their container, the members beside them, or the form of their value counts.

// isCoverage reports whether the object at i is a FHIR Coverage, whose classes are the
// numbers of groups and plans.
func (w *walker) isCoverage(i int32) bool {
	kind := w.member(i, "resourceType")
	return kind != nil && kind.kind == kindString && string(w.text(kind)) == "Coverage"
}

// composes reports whether compose may have something to say of a member: its value is a
// string or a number, and there is an end of a name beside it, or it begins with a digit or
// a capital, or the key is one that says something with its container's.
func (w *walker) composes(key, value *node, v *survey, around *surroundings) bool {
	return value.kind >= kindString &&
		(v.ends != 0 ||
			value.kind == kindString && w.src[value.start] < 'a' ||
			longNumber(value) && (w.src[key.start]|0x20 == 'a' || w.src[key.start]|0x20 == 'm') ||
			heldFirst[w.src[key.start]] && around.holder > 0)
}

// compose gives a member whose key says too little by itself the meaning that it has
// with what its container is, with the members beside it, or with the form of its value.
func (w *walker) compose(key *node, child int32, k *lexicon.Meaning, v *survey, around *surroundings) {
	size, value := key.end-key.start, &w.sc.nodes[child]
	if around.holder > 0 {
		w.held(key, child, k, around)
	}
	if k.Mode != lexicon.Typed && size <= 6 && value.kind == kindString && numberKeys.Has(w.text(key)) {
		w.ofKind(v.object, child, k)
	}
	if value.kind == kindString && string(w.text(key)) == "account" && w.isCloudAccount(v.object, child) {
		return
	}
	if k.Mode == lexicon.Text && size <= 8 && longNumber(value) && accounts.Has(w.text(key)) {
		w.numbered(key, value, k) // {"account": 88812345}
	}
	if k.Mode != lexicon.Typed && v.contact && w.prefersName(key, child) {
		*k = lexicon.Meaning{Mode: lexicon.Typed, Cat: Name, Via: lexicon.ViaSibling}
	}
	if k.Mode != lexicon.Text || k.Cat != None || value.kind != kindString {
		return
	}
	switch {
	case v.ends != 0 && endOf(w.text(key)) != 0 && w.endOfName(child, k, v, around):
	case size <= 4 && sideOf(w.text(key)) && detect.NANPDigits(chars.String(w.text(value))): // {"from": "4135550144"}
		*k = lexicon.Meaning{Mode: lexicon.Typed, Cat: Phone}
	case size <= 4 && chars.IsDigit(w.src[value.start]) && bornKeys.Has(w.text(key)) && isDate(chars.String(w.text(value))): // {"nac": "1975.05.13"}
		*k = lexicon.Meaning{Mode: lexicon.Typed, Cat: BirthDate}
	case size > 1 && size <= maxNumbered && !k.Is(lexicon.RoleText):
		w.numbered(key, value, k)
	}
}

// isCloudAccount reports whether the string at child is the account of AWS that the event at i
// is of, as EventBridge writes them.
func (w *walker) isCloudAccount(i, child int32) bool {
	text := w.text(&w.sc.nodes[child])
	return len(text) == 12 && chars.AllDigits(chars.String(text)) && w.member(i, "region") != nil &&
		(w.member(i, "detail-type") != nil || w.member(i, "detailType") != nil)
}

// longNumber reports whether a value is a number of eight digits or more, as accounts have.
func longNumber(value *node) bool { return value.kind == kindNumber && value.end-value.start >= 8 }

// prefersName reports whether a member is what somebody wants to be called:
// {"Preferred": "Shiv"}.
func (w *walker) prefersName(key *node, child int32) bool {
	return key.end-key.start == uint32(len("preferred")) && strings.EqualFold(chars.String(w.text(key)), "preferred") &&
		w.capitalised(child) && !w.everyday(child)
}

// endOfName gives the string at child, under first or last, the meaning of an end of a name,
// and reports whether it is one: both stand there, and are of no thing, {"first": "Ann",
// "last": "Roe"}, or one alone holds a name, {"last": "Quintanilla"}. Shortened, both must begin
// with a capital.
func (w *walker) endOfName(child int32, k *lexicon.Meaning, v *survey, around *surroundings) bool {
	switch {
	case endOf(w.text(&w.sc.nodes[child-1])) >= firstShort: // {"fn": "Ann", "ln": "Roe"}, not {"fn": "main", "ln": 12}
		if v.ends&(firstShort|lastShort) != firstShort|lastShort || !w.shortEnds(v.object) {
			return false
		}
		*k = lexicon.Meaning{Mode: lexicon.Typed, Cat: Name, Via: lexicon.ViaSibling}
	case v.ends&(firstMember|lastMember) == firstMember|lastMember && around.entity != lexicon.Thing:
		k.Mode = lexicon.Hint
		if v.contact && w.capitalised(child) {
			*k = lexicon.Meaning{Mode: lexicon.Typed, Cat: Name, Via: lexicon.ViaSibling}
		}
	case w.plainName(child):
		*k = lexicon.Meaning{Mode: lexicon.Typed, Cat: Name, Via: lexicon.ViaKey}
	default:
		return false
	}
	return true
}

// shortEnds reports whether each of the object's shortened ends of a name is a word with a
// capital.
func (w *walker) shortEnds(i int32) bool {
	nodes := w.sc.nodes
	for j := i + 1; j < nodes[i].next; j = nodes[j+1].next {
		if endOf(w.text(&nodes[j])) >= firstShort && (nodes[j+1].kind != kindString || !w.capitalised(j+1)) {
			return false
		}
	}
	return true
}

// Members that are the ends of a name, or of a list.
const (
	firstMember = 1 << iota
	lastMember
	firstShort
	lastShort
)

func endOf(key []byte) uint8 {
	switch string(key) {
	case "first", "First":
		return firstMember
	case "last", "Last":
		return lastMember
	case "fn", "FN":
		return firstShort
	case "ln", "LN":
		return lastShort
	}
	return 0
}

// plainName reports whether the string at child is a word with a capital that is a name
// rather than an everyday word.
func (w *walker) plainName(child int32) bool {
	text := w.text(&w.sc.nodes[child])
	return len(text) > 0 && isName(text) && listed(text).Word() < words.Common &&
		cuesOf(text)&(cue.Weekday|cue.Month) == 0
}

// capitalised reports whether the string at child is a word with a capital: Shiv, Al-Amin.
func (w *walker) capitalised(child int32) bool {
	text := w.text(&w.sc.nodes[child])
	for _, c := range text {
		if !chars.IsLetter(c) && c < 0x80 && c != '-' && c != '\'' {
			return false
		}
	}
	return len(text) > 1 && chars.IsUpper(text[0])
}

// everyday reports whether the string at child is an everyday word and no name.
func (w *walker) everyday(child int32) bool {
	f := listed(w.text(&w.sc.nodes[child]))
	return f.OnlyWord()
}

// bornKeys stand before a date of birth, and mean other things before what is no date: NAC is a
// medicine, bd twice a day.
var bornKeys = words.KeySet("nac Nac NAC fnac bd BD nato ne né")

// sideOf reports whether a key names a side of a call or message.
func sideOf(key []byte) bool {
	switch string(key) {
	case "from", "to", "From", "To":
		return true
	}
	return false
}

// held gives a member that numbers or divides what the container is, {"claim":
// {"number": "…"}}, the meaning of both keys as one: claim_number.
func (w *walker) held(key *node, child int32, k *lexicon.Meaning, around *surroundings) {
	name, n := w.text(key), &w.sc.nodes[child]
	if !heldKeys.Has(name) {
		return
	}
	if holder := &w.sc.nodes[around.holder]; !chars.IsLetter(name[0]) || name[0] == 'v' { // {"Family": {"#text": "Roe"}}
		if name[0] != 'v' || around.cat == None && holder.Mode == lexicon.Typed { // {"family": {"value": "Roe"}}
			*k = holder.Meaning
			k.Via = lexicon.ViaContainer
		}
		return
	}
	if n.kind == kindNumber && n.end-n.start < 4 ||
		len(name) == 2 && name[0]|0x20 == 'i' && !documentNumber(w.text(n)) ||
		string(name) == "tag" && chars.CountDigits(chars.String(w.text(n))) == 0 ||
		detect.IsUUID(chars.String(w.text(n))) {
		return
	}
	whole := w.joined(w.text(&w.sc.nodes[around.holder]), name)
	if whole.Mode == lexicon.Typed && whole.Cat != PersonID && !category.Absorbing(whole.Cat) {
		*k = lexicon.Meaning{Mode: lexicon.Typed, Cat: whole.Cat}
	}
}

// heldKeys number or divide what the container is, or hold its value, as the text of what
// was an element of XML; heldFirst are the bytes that they begin with.
var heldKeys, heldFirst = keysAndFirst("number Number no No num nbr id ID Id exp expiry group member policy holder first last middle maiden nick full First Last Middle fn ln mi f l m tag value val #text _text __text #cdata $t $ _")

// keysAndFirst returns the set of the keys in s, which stand between spaces, and the bytes
// that they begin with: a look at one tells most other keys.
func keysAndFirst(s string) (keys *words.Dictionary[bool], first [256]bool) {
	for key := range strings.FieldsSeq(s) {
		first[key[0]] = true
	}
	return words.KeySet(s), first
}

// numberKeys number a document whose kind stands beside them.
var numberKeys = words.KeySet("number Number no No num nbr nr")

// ofKind gives the number at child the meaning that it has with the kind of document that
// the object at i names: {"type":"passport","number":"E3829104"}.
func (w *walker) ofKind(i, child int32, k *lexicon.Meaning) {
	nodes := w.sc.nodes
	if !documentNumber(w.text(&nodes[child])) {
		return
	}
	for j := i + 1; j < nodes[i].next; j = nodes[j+1].next {
		if name := w.text(&nodes[j]); nodes[j+1].kind != kindString ||
			!nodes[j].Is(lexicon.RoleKind) && !bytes.HasSuffix(name, []byte("Type")) && !bytes.HasSuffix(name, []byte("_type")) {
			continue
		}
		if whole := w.joined(slices.Clone(w.keyText(&nodes[j+1])), []byte("number")); whole.Mode == lexicon.Typed {
			*k = lexicon.Meaning{Mode: lexicon.Typed, Cat: whole.Cat, Via: lexicon.ViaSibling}
		}
	}
}

// accounts are keys of accounts and of public plans, whose numbers may stand as such.
var accounts = words.KeySet("account acct Account Acct medicaid Medicaid medicare Medicare")

// maxNumbered is how long the key of what is numbered is at most.
const maxNumbered = 24

// joined looks up what a key says of what a container's key names, which may be
// in the plural.
func (w *walker) joined(holder, name []byte) lexicon.Meaning {
	if len(holder) > 32 {
		return lexicon.Meaning{}
	}
	var buf [48]byte
	whole := func(holder []byte, end string) lexicon.Meaning {
		return w.s.rules.Lex.Lookup(append(append(append(append(buf[:0], holder...), end...), '_'), name...))
	}
	k := whole(holder, "")
	if one, ok := bytes.CutSuffix(holder, []byte("ies")); ok && k.Mode != lexicon.Typed {
		k = whole(one, "y")
	} else if one, ok := bytes.CutSuffix(holder, []byte("s")); ok && k.Mode != lexicon.Typed {
		k = whole(one, "")
	}
	return k
}

// numbered gives a string that is written as the numbers of documents are, under a
// key that says no more than what is numbered, {"policy": "HMO99-41228"}, the meaning
// of that number.
func (w *walker) numbered(key *node, n *node, k *lexicon.Meaning) {
	if !documentNumber(w.text(n)) || endsInID(w.text(key)) {
		return
	}
	if whole := w.joined(w.text(key), []byte("number")); whole.Mode == lexicon.Typed {
		*k = lexicon.Meaning{Mode: lexicon.Typed, Cat: whole.Cat}
	}
}

// endsInID reports whether the last word of a key is id, whose number would be another thing
// than it says: linkId, but not medicaid.
func endsInID(key []byte) bool {
	n := len(key)
	if n < 3 || key[n-1]|0x20 != 'd' || key[n-2]|0x20 != 'i' {
		return false
	}
	return key[n-2] == 'I' && chars.IsLower(key[n-3]) || key[n-3] == '_' || key[n-3] == '-'
}

// documentNumber reports whether text is of digits, four at least, of capitals and
// of hyphens and slashes between them, and no date.
func documentNumber(text []byte) bool {
	if len(text) < 4 || len(text) > 24 {
		return false
	}
	digits, value, capitals := 0, 0, 0
	for i, c := range text {
		switch {
		case chars.IsDigit(c):
			digits++
			value = value*10 + int(c-'0')
		case chars.IsUpper(c):
			capitals++
		case c != '-' && c != '/' && c != ' ' || i == 0:
			return false
		}
	}
	if digits == len(text) {
		return digits >= 5 && !detect.CompactDate(chars.String(text))
	}
	if digits < 4 || digits == 4 && value >= 1900 && value < 2100 { // POL-2024
		return false
	}
	date := detect.NumericDate(chars.String(text))
	return date < len(text) && !(capitals > 0 && isDate(chars.String(text)))
}
