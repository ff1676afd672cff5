package detect

import (
	"github.com/carebus/carebus/phi/internal/chars"
	"github.com/carebus/carebus/phi/internal/cue"
	"github.com/carebus/carebus/phi/internal/words"
)

// Names by the form that documents give them: SMITH^JOHN^Q, spelled out letter by
// letter, behind a number of a list, before a relation in parentheses.

// formed returns the index behind what is told by the sign right behind the
// capitalised word at i: a name between carets or spelled letter by letter, or a
// unit, which is protected; or i.
func (sc *Scanner) formed(i int) int {
	switch sc.text[sc.toks[i+1].start] {
	case '^', '*':
		return sc.carets(i, sc.text[sc.toks[i+1].start])
	case '-':
		if sc.toks[i].size() == 1 {
			return sc.spelled(i)
		}
		if sc.ownersDevice(i) {
			return sc.addName(i, i+1, false)
		}
	case '.':
		if sc.toks[i].size() == 1 && sc.unitLetter(i) {
			return sc.protect(i, i+1)
		}
	}
	return i
}

// ownersDevice reports whether the word at i is whose device stands behind the hyphen, as
// devices are called in networks: Gwendolyns-iPhone, Marias-MacBook-Pro.
func (sc *Scanner) ownersDevice(i int) bool {
	s := sc.lit(i)
	return len(s) > 3 && s[len(s)-1] == 's' && sc.toks[i].list.Word() == 0 && deviceWords.Has(sc.at(i+2).hash) && sc.joined(i+2) &&
		sc.lists.Get(words.Hash(s[:len(s)-1])).Given() > 0
}

var deviceWords = words.SetOf("iphone ipad macbook imac airpods phone android galaxy pixel laptop tablet watch pc desktop kindle echo chromebook surface thinkpad roku tv")

// carets returns the index behind a name whose parts stand between carets, as labels and
// HL7 have it, or between the stars of X12, and that begins at i; or i: SMITH^JOHN^Q,
// SMITH*JOHN*Q. The lists hold a part of it, or no part is a word and one is an initial.
func (sc *Scanner) carets(i int, sign byte) int {
	if !sc.caretsBegin(i, sign) {
		return i
	}
	n, known, initial, everyday := 0, false, false, false
	j := i
	for n < maxCarets && sc.caretPart(j) && (j == i || sc.joined(j)) {
		t := sc.at(j)
		initial = initial || t.size() == 1
		everyday = everyday || t.list.Word() > 0 || t.cue != 0
		known = known || partOfLists(t.list)
		n++
		j++
		if !sc.isPunct(j, sign) || !sc.joined(j) {
			break
		}
		j++
	}
	if sign == '^' && sc.isPunct(j-1, sign) && sc.isPunct(j, sign) && sc.joined(j) {
		j-- // ROE^ANN^Q^^^DR
	}
	reads := known || initial && !everyday
	if n < 2 || !reads || sc.isPunct(j-1, sign) {
		return i
	}
	return sc.addName(i, j, true)
}

// maxCarets is how many parts of a name between carets are looked at.
const maxCarets = 6

// caretsBegin reports whether a name whose parts the sign parts may begin at token i: no
// part before it but a provider's number, and in capitals between stars.
func (sc *Scanner) caretsBegin(i int, sign byte) bool {
	if sign == '*' && (!sc.toks[i].is(allCaps) || sc.joined(i)) {
		return false
	}
	return !sc.isPunct(i-1, sign) || sign == '^' && sc.providerBefore(i)
}

// partOfLists reports whether a word is a common name and hardly anything else.
func partOfLists(l words.Flags) bool {
	return l.Given() >= words.Common && l.Word() < words.Common || l.Surname() >= words.Common && l.Word() == 0
}

// providerBefore reports whether a provider's number and a caret stand right before token i:
// 1234567^ROE^ANN.
func (sc *Scanner) providerBefore(i int) bool {
	p := sc.at(i - 2)
	return p.kind == tokenNumber && p.size() >= 5 && sc.tight(i-1)
}

// caretPart reports whether the word at j may be a part of a name between carets.
func (sc *Scanner) caretPart(j int) bool {
	t := sc.at(j)
	return t.kind == tokenWord && t.isBut(capital, used) && !t.list.Drug() && !t.cueIs(cue.NotName|cue.Medical)
}

// spelled returns the index behind a name that is spelled letter by letter at i,
// or i: D-E-L-A-C-R-O-I-X. Five letters may stand for words, unless somebody says
// that they spell.
func (sc *Scanner) spelled(i int) int {
	n, j := 1, i+1
	if sc.isPunct(i-1, '-') && sc.joined(i) {
		return i
	}
	for n < 24 && sc.isPunct(j, '-') && sc.tight(j) && sc.at(j+1).kind == tokenWord &&
		sc.at(j+1).size() == 1 {
		n++
		j += 2
	}
	told := n >= 6 || n >= 3 && (sc.spells(i, n) || sc.spellingTold(i))
	if !told || sc.joined(j) && sc.isPunct(j, '-') {
		return i
	}
	return sc.addName(i, j, false)
}

// spellingTold reports whether the words before token i say that somebody spells: spelled,
// that's, it's.
func (sc *Scanner) spellingTold(i int) bool {
	p := sc.at(i - 1)
	return spellWords.Has(p.hash) || spellWords.Has(sc.at(i-2).hash) ||
		p.is(possessive) && (p.hash == hashThat || p.hash == hashIt)
}

// spells reports whether the n letters at i, each behind a hyphen but the first, spell the
// word before them: Zeke, Z-E-K-E.
func (sc *Scanner) spells(i, n int) bool {
	j := i - 1
	if sc.isPunct(j, ',') {
		j--
	}
	word := sc.lit(j)
	if t := sc.at(j); t.kind != tokenWord || len(word) != n || t.is(allCaps) && !t.list.Named() { // CBT, C-B-T
		return false
	}
	for k := range n {
		if word[k]|0x20 != sc.text[sc.toks[i+2*k].start]|0x20 {
			return false
		}
	}
	return true
}

var spellWords = words.SetOf("spelled spelt spell spells spelling thats its")

// itemStart reports whether the word at i begins a line, or an item of a list
// behind its number: 4. Vega, Ana.
func (sc *Scanner) itemStart(i int) bool {
	if sc.toks[i].is(lineBefore) {
		return true
	}
	if i < 2 || !sc.isOneOf(i-1, ".)") || !sc.joined(i-1) {
		return false
	}
	n := &sc.toks[i-2]
	return n.kind == tokenNumber && n.size() <= 2 && n.is(lineBefore)
}

// spelledApart returns the index behind a name whose letters stand apart, behind a
// word that says so, or i: spelled S I O B H A N.
func (sc *Scanner) spelledApart(i int) int {
	k := i - 1
	if sc.isOneOf(k, ",:") {
		k--
	}
	if !spellWords.Has(sc.at(k).hash) {
		return i
	}
	j := i
	for t := sc.at(j); j < i+24 && t.kind == tokenWord && t.size() == 1 && t.isBut(capital, used) &&
		(j == i || !t.is(lineBefore)); t = sc.at(j) {
		j++
	}
	if j < i+3 {
		return i
	}
	return sc.addName(i, j, false)
}

// smallCue looks for the name that goes with the word in small letters at i. It
// returns the index behind one that begins with it, or i.
func (sc *Scanner) smallCue(i int) int {
	if c := cue.All[sc.toks[i].cue].Is; c&cue.Particle != 0 && sc.itemStart(i) {
		if next := sc.particleName(i); next > i {
			return next
		}
	} else if c&cue.Relation != 0 && sc.isPunct(i-1, '(') {
		sc.kinBehind(i)
	}
	sc.ownerBefore(i)
	sc.smallAfter(i)
	if t := &sc.toks[i]; t.cueIs(cue.Tell|cue.Relation) || t.hash == hashWith {
		sc.smallBeside(i)
	}
	return i
}

// ownerBefore notes the given name in small letters right before the word in small letters at
// i, in a text that has capitals, if it owns what only persons have: walt's wife.
func (sc *Scanner) ownerBefore(i int) {
	p := sc.at(i - 1)
	if p.kind != tokenWord || !p.isBut(possessive, capital|used) || p.size() < 3 || sc.toks[i].is(lineBefore) || !owned.Has(sc.toks[i].hash) {
		return
	}
	if l := sc.lists.Get(p.hash); (l.Given() > 0 && l.Word() == 0 || l.Given() >= words.Common && l.Word() < words.Frequent) && !p.cueIs(cue.Eponym|cue.Month|cue.Stop) {
		sc.addName(i-1, i, false)
	}
}

// particleName returns the index behind a surname that begins with a particle in
// small letters at i, where an item of a list begins, and the given name behind
// its comma; or i: de la Cruz, Marisela.
func (sc *Scanner) particleName(i int) int {
	j := i
	for sc.at(j).kind == tokenWord && !sc.at(j).is(capital|used) && sc.at(j).cueIs(cue.Particle) && j < i+3 {
		j++
	}
	if j == i || !sc.nameable(j) || sc.at(j).is(lineBefore) || sc.at(j).list.Word() > 0 && sc.at(j).list.Surname() < words.Common {
		return i
	}
	to := j + 1
	if sc.hyphenPart(to) {
		to += 2
	}
	if !sc.isPunct(to, ',') || !sc.nameable(to+1) || sc.at(to+1).is(lineBefore) {
		return i
	}
	if g := sc.at(to + 1); g.list.Word() > 0 && g.list.Given() < words.Common || sc.ofThing(g) {
		return i
	}
	return sc.addName(i, sc.credentials(sc.givenNames(to+1)), true)
}

// kinBehind notes the name of one word that stands before the relation at i, in
// parentheses: shaniqua (partner), Skip (roommate).
func (sc *Scanner) kinBehind(i int) {
	t := sc.at(i - 2)
	if !sc.isPunct(i-1, '(') ||
		!sc.isOneOf(i+1, "),") ||
		!kin.Has(sc.toks[i].hash) ||
		t.kind != tokenWord ||
		t.is(used) ||
		t.size() < 3 ||
		t.cue != 0 && !t.cueIs(cue.Speech|cue.Month) ||
		sc.toks[i-1].is(lineBefore) {
		return
	}
	if l := sc.lists.Get(t.hash); l.Drug() ||
		l.Word() >= words.Common && !t.is(capital) ||
		l.OnlyWord() ||
		sc.medicalShape(t) ||
		sc.acronym(t) {
		return
	}
	sc.addName(i-2, i-1, true)
}

// nameAnswer notes one or two words that are all that somebody says on the line
// that begins at token i, behind a question for a name:
//
//	Counselor: What's your name?
//	Texter: kaeden
func (sc *Scanner) nameAnswer(i int) {
	if !sc.at(i).is(lineBefore) || i >= len(sc.toks) || !sc.asksName(i-1) && !sc.asksWho(i-1) {
		return
	}
	if i++; !sc.isPunct(i, ':') {
		i++
	}
	if i++; !sc.isPunct(i-1, ':') || sc.at(i).is(lineBefore) {
		return
	}
	to := i
	for t := sc.at(to); to < i+3 && t.kind == tokenWord && !t.is(used) && !t.cueIs(cue.Stop) &&
		(to == i || !t.is(lineBefore)); t = sc.at(to) {
		if l := sc.lists.Get(t.hash); t.size() < 2 ||
			l.Word() >= words.Common && !l.Named() ||
			to == i && nobody.Has(t.hash) ||
			t.cueIs(cue.Greeting) {
			return
		}
		to++
	}
	if end := sc.at(to); to == i || !end.is(lineBefore) && !(sc.isPunct(to, '.') && sc.at(to+1).is(lineBefore)) {
		return
	}
	sc.addName(i, to, true)
}

// encodedTail returns the index behind the words that go on the name from token from to token
// to without a space: Ann%20Zorkk, patient=Ann.Zorkk.
func (sc *Scanner) encodedTail(from, to int) int {
	assigned := sc.isPunct(from-1, '=')
	for sc.tight(to) {
		n := sc.at(to + 1)
		switch {
		case sc.isPunct(to, '%') && n.kind == tokenMixed && chars.IsDigit(sc.text[n.start]):
		case sc.isPunct(to, '.') && assigned && n.kind == tokenWord && n.isBut(capital, used):
		default:
			return to
		}
		to += 2
	}
	return to
}
