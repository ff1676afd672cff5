package detect

import (
	"github.com/carebus/carebus/phi/internal/category"
	"github.com/carebus/carebus/phi/internal/cue"
	"github.com/carebus/carebus/phi/internal/words"
)

// Names are found without a model. Evidence comes from lists of given names,
// surnames and everyday words, from shape (capitals, initials, particles,
// hyphens), and from what stands around a word: titles, relations, "my name
// is", verbs of speech, a signature's line. A word that is an everyday word as
// well (Will, Grace, Hope) counts by its context; it is never ruled out.

var hashD = words.Hash("d")

// maxName is how many words a name may have.
const maxName = 6

// findNames is the second pass. hint says that the whole text is likely a name.
func (sc *Scanner) findNames(hint bool) {
	if !sc.capitals {
		if !hint || !sc.smallWholeName() {
			if len(sc.spans) == 1 && len(sc.toks) < 20 {
				sc.searched()
			}
			sc.smallNames(hint)
			sc.smallSigned()
		}
		return
	}
	if hint && sc.wholeName() {
		return
	}
	for i := 0; i < len(sc.toks); {
		switch t := &sc.toks[i]; {
		case t.kind == tokenPunct:
			i = sc.nameAtSign(i)
		case t.kind != tokenWord || t.is(used):
			i++
		case t.is(capital):
			i = sc.nameAtCapital(i, hint)
		case t.cueIs(leadCues):
			i = sc.nameAtLead(i)
		default:
			i++
		}
	}
	sc.smallPairs()
	if len(sc.names) > 0 {
		sc.repeats()
	}
}

// nameAtSign looks for a name beside the sign at i. It returns the index of the first
// token that is still to be looked at.
func (sc *Scanner) nameAtSign(i int) int {
	switch sc.text[sc.toks[i].start] {
	case '/':
		if sc.at(i-1).hash == hashW && sc.joined(i) {
			sc.smallBeside(i) // w/ lena
		}
	case ',':
		if n := sc.at(i + 1); n.kind == tokenWord && !n.is(capital) {
			return sc.apposedSmall(i)
		}
	case ':', '-', '?':
		return sc.lineName(i + 1)
	case '+':
		return sc.plusSurname(i)
	case '(':
		sc.smallBracketed(i)
	case '"', '\'':
		if next := sc.quotedInitials(i); next > i {
			return next
		}
		return sc.nickname(i)
	case 0xe2:
		next := sc.lineName(i + 1)
		if sc.quoteMark(next - 1) {
			return sc.nickname(next - 1)
		}
		return next
	}
	return i + 1
}

// plusSurname notes the surname that a plus joins to the name before it, as queries and what
// is copied from them do: Ana+Moravec. It returns the index behind.
func (sc *Scanner) plusSurname(i int) int {
	t := sc.at(i + 1)
	if !sc.tight(i) || !sc.at(i-1).is(nameFound) || t.kind != tokenWord ||
		sc.at(i-2).is(nameFound) || !t.isBut(capital, used) || sc.acronym(t) || t.list.Surname() < words.Common {
		return i + 1
	}
	return sc.addName(i+1, i+2, false)
}

// leadCues are the cues of words in small letters beside which a name may stand.
const leadCues = cue.Intro | cue.Title | cue.Relation | cue.Particle | cue.Tell | cue.Lead

// nameAtLead is nameAtSign for a word with one of the leadCues.
func (sc *Scanner) nameAtLead(i int) int {
	switch sc.toks[i].hash {
	case hashLike, hashTo, hashOf:
		return sc.apposedSmall(i)
	case hashIs, hashIts:
		if !sc.saysWho(i) {
			return i + 1
		}
	}
	return max(sc.smallCue(i), i+1)
}

// nameAtCapital is nameAtSign for a capitalised word.
func (sc *Scanner) nameAtCapital(i int, hint bool) int {
	if t := &sc.toks[i]; t.cueIs(cue.Intro|cue.Title) && sc.smallBehind(i) {
		sc.smallAfter(i) // NAME: jane roe
	} else if n := sc.at(i + 1); t.cueIs(cue.Relation) && n.kind == tokenWord &&
		!n.is(capital|used|lineBefore) && sc.lists.Get(n.hash).Word() == 0 {
		sc.smallBeside(i) // Patient jane roe was seen
	}
	if sc.opening(i) {
		return i + 1
	}
	return sc.nameRun(i, hint)
}

// opening reports whether the capitalised word at i is one that only begins a
// sentence: most capitalised words are.
func (sc *Scanner) opening(i int) bool {
	t := &sc.toks[i]
	if sc.spanishOpening(i) {
		return true
	}
	if t.cueIs(cue.Stop) {
		return t.size() > 1 && t.list.Given() == 0 && !sc.at(i+1).is(capital) && sc.courtesy(i) == i &&
			!(t.list.Surname() >= words.Common && sc.at(i-1).cueIs(cue.Relation|cue.Title))
	}
	return sc.placeless(i) && (t.list.Everyday() || !sc.nameable(i)) && !sc.smallHalf(i+1)
}

// placeless reports whether the capitalised word at i is no part of a place: a
// word or a medicine, no city, with nothing around it that would make it one.
func (sc *Scanner) placeless(i int) bool {
	t := &sc.toks[i]
	if t.cueIs(cue.Stop) {
		return sc.opening(i)
	}
	return t.size() > 2 && t.list.City() == 0 && (t.list.Word() > 0 || t.list.Drug()) &&
		!t.cueIs(placeCues) && sc.alone(i)
}

// placeCues are the cues of words that may begin the name of a place, or are
// part of other names than a person's.
const placeCues = cue.State | cue.Country | cue.PlaceStart | cue.Eponym | cue.Facility | cue.Month | cue.Particle | cue.Road | cue.Street

// alone reports whether what stands beside the capitalised word at i makes it no
// part of a name or a place, unless its own meaning does.
func (sc *Scanner) alone(i int) bool {
	switch n := sc.at(i + 1); n.kind {
	case tokenWord:
		if n.is(capital) ||
			n.cueIs(cue.Stop|cue.Particle|cue.Facility|cue.Medical|cue.Speech) &&
				(!n.cueIs(cue.Speech) || sc.toks[i].list.Given() == words.Frequent || sc.toks[i].list.Surname() == words.Frequent) {
			return false
		}
	case tokenNumber:
		if sc.toks[i].size() > 6 || sc.at(i+2).cueIs(cue.Medical) { // a street; Beck 21 scale
			return false
		}
	case tokenPunct:
		if c := sc.text[n.start]; c != ':' && c != ';' && c != '(' && c != ')' && c != '!' && c != '?' {
			return false
		}
	default:
		return false
	}
	if i == 0 || sc.toks[i].is(lineBefore) {
		return true
	}
	switch p := &sc.toks[i-1]; p.kind {
	case tokenWord:
		return p.cue == 0
	case tokenPunct:
		return sc.text[p.start] != '@' && !(sc.text[p.start] == '.' && sc.at(i-2).cueIs(cue.Title))
	}
	return true
}

var (
	hashFactor = words.Hash("factor")
	hashFr     = words.Hash("fr")
	hashSu     = words.Hash("su")

	kinAbroad = words.SetOf("hijo hija esposa esposo madre padre hermano hermana novio novia nieto nieta")
)

// nameRun judges the capitalised words that begin at i. It returns the index
// of the first token that it has dealt with.
func (sc *Scanner) nameRun(i int, hint bool) int {
	if next := sc.toldByForm(i); next > i {
		return next
	}
	if next := sc.placeRun(i); next > i {
		return next
	}
	if sc.eponym(i) {
		return i + 1
	}
	if !sc.nameable(i) {
		return sc.framed(i)
	}
	var buf [maxName]part
	n, end := sc.collect(i, &buf)
	if n == 0 {
		return i + 1
	}
	if n == 1 && sc.natureName(end) {
		return sc.addName(i, end+2, true)
	}
	parts := buf[:n]
	if n <= 3 && sc.isPunct(end, ',') {
		if next := sc.lastFirst(i, n, end); next > i {
			return next
		}
	}
	if sc.withinCompound(parts) {
		return i + 1 // Port-A-Cath
	}
	c := sc.contextOf(i, end)
	if sc.wordOfThing(parts, end, &c) {
		return sc.protect(i, end)
	}
	if (!c.strong() || sc.acronym(&sc.toks[i]) && n == 2 && parts[1].joined) && sc.product(parts, end) && !sc.toldHalves(parts, &c) {
		return end
	}
	from, to := sc.judge(parts, &c, hint)
	if from == to {
		if n == 1 {
			if next := sc.nameList(i); next > i {
				return next
			}
		}
		return sc.framed(i)
	}
	if from > 0 {
		if next := sc.framed(i); next > i+1 {
			return next
		}
	}
	next := sc.addParts(parts, from, to, end, &c)
	if n == 1 {
		return sc.listTail(next)
	}
	return next
}

// withinCompound reports whether a hyphen joins the parts to a word before them that is no
// name, as in names of things: Port-A-Cath.
func (sc *Scanner) withinCompound(parts []part) bool {
	i := parts[0].tok
	p := sc.at(i - 2)
	return sc.isPunct(i-1, '-') && sc.tight(i-1) && p.alnum() && !p.is(nameFound) &&
		(parts[0].initial || !sc.toks[i].list.Named())
}

// wordOfThing reports whether the parts are one word, which nothing around it makes a name,
// and stand among things: a scale, a device.
func (sc *Scanner) wordOfThing(parts []part, end int, c *nameContext) bool {
	if len(parts) > 2 || len(parts) == 2 && !parts[1].joined ||
		c.strong() || c.relation || c.told || c.speech || c.degree {
		return false
	}
	i := parts[0].tok
	return sc.toks[i].list.Given() < words.Common && sc.amongThings(i, end) || sc.listedApart(i)
}

// toldByForm returns the index behind what the capitalised words at i are by their
// form alone, whatever stands around them: letters that spell a name, a thing, a
// unit; or i.
func (sc *Scanner) toldByForm(i int) int {
	t := &sc.toks[i]
	if t.cue != 0 && sc.stateOfTown(i) || t.hash == hashSu && sc.suKin(i) {
		return i + 1
	}
	if t.hash == hashI && sc.isPunct(i+1, '.') && sc.at(i+2).hash == hashD && sc.isPunct(i+3, '.') && sc.joined(i+3) {
		return i + 5 // I.D. number
	}
	if t.size() == 1 {
		if next := sc.letter(i); next > i {
			return next
		}
	}
	if t.size() == 2 && sc.noTitle(i) {
		return sc.protect(i, i+2)
	}
	if sc.shortWord(i) {
		return sc.protect(i, i+1)
	}
	if t.hash == hashFr && sc.at(i-1).kind == tokenNumber && !t.is(lineBefore) {
		return sc.protect(i, i+1) // a size: 14 Fr Foley
	}
	if i+1 < len(sc.toks) && sc.toks[i+1].kind == tokenPunct && !sc.toks[i+1].is(spaceBefore) {
		if sc.methodCall(i) {
			return sc.protect(i, i+1)
		}
		if next := sc.formed(i); next > i {
			return next
		}
	}
	if t.size() > 2 || t.hash == hashWi || t.hash == hashAl {
		return sc.thing(i)
	}
	return i
}

// methodCall reports whether the word at i is the method that code calls: scope.Len(), unsafe.Pointer(&f).
// Names stand so where the space behind a period is missing.
func (sc *Scanner) methodCall(i int) bool {
	p, name := sc.at(i-2), sc.toks[i].list
	arguments := sc.isPunct(i+2, ')') || !name.CommonName() && sc.isOneOf(i+2, "&*")
	return arguments && sc.isPunct(i+1, '(') && sc.isPunct(i-1, '.') && sc.tight(i-1) && p.kind == tokenWord &&
		!p.is(capital) && !p.cueIs(cue.Title)
}

// stateOfTown reports whether the word at i, a given name as well, is the state of the town
// before the comma before it: Dallas, Georgia.
func (sc *Scanner) stateOfTown(i int) bool {
	t := &sc.toks[i]
	return t.cueIs(cue.State) && t.list.Given() > 0 && sc.isPunct(i-1, ',') && !t.is(lineBefore) &&
		sc.at(i-2).isBut(capital, nameFound) && !sc.at(i+1).is(capital)
}

// suKin reports whether the word at i is Spanish for his or her: Su hijo.
func (sc *Scanner) suKin(i int) bool {
	n := sc.at(i + 1)
	return !sc.at(i-1).cueIs(cue.Title) && !sc.at(i-2).cueIs(cue.Title) && kinAbroad.Has(n.hash) && !n.is(capital)
}

// letter returns the index behind what the one letter at i is part of: a unit, a term, a
// name spelled out; or i.
func (sc *Scanner) letter(i int) int {
	if sc.at(i+1).size() == 1 {
		if next := sc.spelledApart(i); next > i {
			return next
		}
	}
	switch behind := sc.tight(i - 1); {
	case behind && sc.isPunct(i-1, '/') && sc.at(i-2).cueIs(cue.Unit): // mEq/L
		return sc.protect(i, i+1)
	case sc.at(i-1).hash == hashFactor && sc.at(i+1).isBut(capital, lineBefore): // factor V Leiden
		return sc.protect(i, i+2)
	case behind && sc.isPunct(i-1, '&'): // A&O
		return sc.protect(i, i+1)
	}
	return i
}

// addParts notes the parts from from to to as a name, with what belongs to it: the
// title before it, the period, tail and credentials behind it. The parts end before
// token end.
func (sc *Scanner) addParts(parts []part, from, to, end int, c *nameContext) int {
	first, last := parts[from].tok, parts[to-1].tok+1
	if parts[to-1].initial && sc.isPunct(last, '.') && sc.joined(last) {
		last++
	}
	if to == len(parts) && end > last {
		last = end
	}
	if to-from == 1 {
		last = sc.surnameTail(last)
	}
	if to == len(parts) || last > parts[to-1].tok+1 {
		last = sc.credentials(last)
	}
	full := to-from > 1
	if from == 0 && c.title {
		first = c.titleTok
		full = true
	}
	return sc.addName(sc.shortGiven(first), last, full || c.strong())
}

// unitLetter reports whether the capital at i, before a period, is the unit of the
// number before it and ends a sentence: at 2 L. Temp 98.4 F. MSE normal. A number
// that begins a line counts what is listed, and one behind a word such as bed is
// a place.
func (sc *Scanner) unitLetter(i int) bool {
	p := sc.at(i - 1)
	if p.kind != tokenNumber ||
		p.is(lineBefore) ||
		sc.toks[i].is(lineBefore) ||
		!unitLetters.Has(sc.toks[i].hash) ||
		sc.joined(i+2) {
		return false
	}
	return !sc.at(i-2).cueIs(cue.UnitWord) && !bedWords.Has(sc.at(i-2).hash)
}

var (
	unitLetters = words.SetOf("c f l k v w")
	bedWords    = words.SetOf("bed room rm no")
)

// product reports whether a hyphen joins the first of the parts, which end
// before token end, to a word or letter that no name ends with: Persa-Gel, Co-Q.
func (sc *Scanner) product(parts []part, end int) bool {
	first := &sc.toks[parts[0].tok]
	if first.list.Given() >= words.Common {
		return false
	}
	if len(parts) == 2 && parts[1].joined && parts[1].initial && !parts[0].initial {
		return !sc.isPunct(parts[1].tok+1, '.')
	}
	j := parts[0].tok + 2
	if len(parts) > 2 ||
		len(parts) == 2 && !parts[1].joined ||
		len(parts) == 1 && (end != j-1 || !sc.isPunct(end, '-') || !sc.joined(end) || !sc.joined(j)) {
		return false
	}
	t := sc.at(j)
	return t.kind == tokenWord && t.isBut(capital, used) && t.list.OnlyWord()
}

// A foundName is a word of a name that a text has said.
type foundName struct {
	hash uint32
	at   int32 // index of its token
	told bool  // beyond doubt
}

// addName notes a name. sure says that its words are names wherever they stand. A noun of
// Spanish is none and is passed over.
func (sc *Scanner) addName(from, to int, sure bool) int {
	if to == from+1 && sc.spanishNoun(from) {
		return to
	}
	to = sc.encodedTail(from, sc.compoundTail(to))
	told := sure && sc.tellsName(from, to)
	for j := from; j < to; j++ {
		t := &sc.toks[j]
		t.flags |= nameFound
		if sure && t.kind == tokenWord && t.size() > 2 && !t.cueIs(cue.Title|cue.Particle|cue.Suffix) &&
			len(sc.names) < 64 {
			sc.names = append(sc.names, foundName{t.hash, int32(j), told})
		}
	}
	return sc.add(from, to, category.Name)
}

// repeats finds the parts of names that the text has said in full.
func (sc *Scanner) repeats() {
	for i := range sc.toks {
		t := &sc.toks[i]
		if t.kind != tokenWord ||
			!t.isBut(capital, used) ||
			t.size() < 3 ||
			t.cueIs(cue.Stop|cue.NotName) && (t.list.Surname() < words.Common || !sc.speaks(i+1)) {
			continue
		}
		for _, n := range sc.names {
			if n.hash == t.hash {
				end := i + 1
				if sc.smallHalf(end) && int(n.at)+2 < len(sc.toks) && sc.toks[n.at+2].hash == sc.toks[i+2].hash {
					end += 2 // Ji-yeon again
				}
				sc.addName(i, end, false)
				break
			}
		}
	}
}
