package detect

import (
	"github.com/carebus/carebus/phi/internal/cue"
	"github.com/carebus/carebus/phi/internal/words"
)

// Names of two words and more: Jane Roe, Sung-min Park, Zorva Tendaiz. What the lists
// say of the first two words decides; where they say little, what stands around does.

// fullName returns how many of the parts, two words or more, are a name, or the
// first of them alone.
func (sc *Scanner) fullName(parts []part, c *nameContext, hint bool) int {
	t0, t1 := &sc.toks[parts[0].tok], &sc.toks[parts[1].tok]
	l0, l1 := t0.list, t1.list
	switch {
	case givenThenName(l0, l1): // Jane Roe
		if sc.termInCapitals(parts, c) {
			return 0
		}
		return sc.trim(parts, false)
	case sc.syllablesThenSurname(parts): // Sung-min Park
		return len(parts)
	case everydayPair(l0, l1) && !c.relation && !c.age: // River Valley
	case l0.Given() >= words.Common && endsName(l1): // Hope Smith
		return sc.trim(parts, false)
	case l0.Given() >= words.Common && l0.Word() < words.Common: // Mary Shelf
		return sc.trim(parts, !c.start || l0.Word() == 0 && !t0.is(allCaps))
	case surnameThenName(l0, l1): // Moravec Jane
		return sc.trim(parts, false)
	case l0.Word() == 0 && l1.Word() == 0 && !sc.acronym(t0) && !sc.acronym(t1): // Zorva Tendaiz
		if sc.toldNoWords(parts, c) {
			return sc.trim(parts, false)
		}
	case sc.toldFull(l0, l1, c): // husband Moravec Strong, Roe Smith said
		return sc.trim(parts, true)
	case sc.rareGivenThenSurname(parts, c), sc.toldHalves(parts, c): // Wideline Young, Shu-Fen
		return len(parts)
	case sc.foreignPair(t0, t1): // Ørjan Trellis
		return sc.trim(parts, true)
	case sc.forename(parts, 1) == 0: // Mate Vukanović
		return sc.trim(parts, false)
	}
	if sc.single(parts[0], c, hint) {
		return 1
	}
	return 0
}

// givenThenName reports whether a first word is a given name rather than an everyday word,
// and the second a name or no word: Jane Roe, Jane Quintel.
func givenThenName(first, second words.Flags) bool {
	return first.Given() > 0 && first.Word() < words.Common &&
		(second.Surname() > 0 || second.Given() > 0 || second.Word() == 0)
}

// endsName reports whether a word may end the name that a given name begins which is an
// everyday word as well: Hope Smith, but not Hope Center.
func endsName(l words.Flags) bool {
	return l.CommonName() || l.Word() == 0 || l.Surname() > 0 && l.Word() < words.Common
}

// everydayPair reports whether two words are everyday words rather than names: River Valley.
func everydayPair(first, second words.Flags) bool {
	return first.Word() >= words.Common && second.Word() >= words.Common && first.Given() < words.Frequent && second.Surname() < words.Frequent
}

// surnameThenName reports whether a first word is a surname rather than an everyday word,
// and the second a given name, as where surnames stand first, or another surname: Moravec
// Jane, Moravec Garcia.
func surnameThenName(first, second words.Flags) bool {
	return first.Surname() >= words.Common && first.Word() < words.Common &&
		(second.Given() >= words.Common || second.Surname() >= words.Common && second.Word() == 0)
}

// termInCapitals reports whether the first two parts, in capitals, are rather what
// capitals stand for than a rare given name and a rare surname, unless they are alone on
// their line or others around them have capitals as well.
func (sc *Scanner) termInCapitals(parts []part, c *nameContext) bool {
	t0, t1 := &sc.toks[parts[0].tok], &sc.toks[parts[1].tok]
	l0, l1 := t0.list, t1.list
	return t0.is(allCaps) && t1.is(allCaps) && l0.Given() == words.Rare && l1.Surname() < words.Common && l1.Given() < words.Common &&
		!(sc.rareWord(t1) && sc.capitalsAround(parts[0].tok)) &&
		!(c.line && l0.Word() == 0 && l1.Word() == 0 && l1.Named())
}

// syllablesThenSurname reports whether the two parts are a given name of two syllables
// that East Asian names have and a surname, though one of them is a word as well:
// Sung-min Park.
func (sc *Scanner) syllablesThenSurname(parts []part) bool {
	first := &parts[0]
	return first.half && len(parts) == 2 && sc.syllable(first.tok) && sc.syllable(first.tok+2) &&
		sc.toks[parts[1].tok].list.Surname() >= words.Common
}

// toldNoWords reports whether the first two parts, which no list holds as words, are a
// name: one of them is a name, a person is told by what stands around, or they stand for
// nothing else: Zorva Tendaiz, but not ZORVA TENDAIZ.
func (sc *Scanner) toldNoWords(parts []part, c *nameContext) bool {
	t0, t1 := &sc.toks[parts[0].tok], &sc.toks[parts[1].tok]
	return t0.list.Surname() >= words.Common || t1.list.Surname() >= words.Common || t1.list.Given() > 0 ||
		c.relation || c.speech || c.age || parts[1].joined ||
		!t0.cueIs(cue.Eponym) && !t1.cueIs(cue.Eponym) && !t0.is(allCaps)
}

// toldFull reports whether what stands around two words tells that they are a name,
// of which the lists hold one: husband Moravec Strong; Roe Smith said; Roe Smith, MD.
func (sc *Scanner) toldFull(first, second words.Flags, c *nameContext) bool {
	return c.relation && first.Named() && first.Word() < words.Common ||
		(c.speech || c.age || c.told || c.degree) && second.Surname() >= words.Common && first.Word() < words.Frequent
}

// rareGivenThenSurname reports whether the two parts are a given name that no list holds
// and a surname that may be a word: Wideline Young, Ji-yeon Church.
func (sc *Scanner) rareGivenThenSurname(parts []part, c *nameContext) bool {
	half, surname := parts[0].half, &sc.toks[parts[1].tok]
	return (half || sc.rareGiven(&sc.toks[parts[0].tok])) && len(parts) == 2 && surname.list.Surname() >= words.Common &&
		(surname.list.Surname() == words.Frequent || half || c.told || c.relation || c.speech) &&
		!sc.ofThing(surname) && !c.dose
}

// toldHalves reports whether the parts, two that a hyphen joins, are a given name of two halves,
// one of which may be a word, where what stands around tells a person: met with Shu-Fen.
func (sc *Scanner) toldHalves(parts []part, c *nameContext) bool {
	if len(parts) != 2 || !parts[1].joined || !c.told && !c.speech && !c.relation {
		return false
	}
	t0, t1 := &sc.toks[parts[0].tok], &sc.toks[parts[1].tok]
	return t0.list.Word() < words.Common && t1.list.Word() < words.Frequent &&
		!t0.is(allCaps) && t0.size() <= 6 && t1.size() <= 6 && t0.cue == 0
}

// foreignPair reports whether a letter that English has not makes a name of two words:
// Ørjan Trellis, VK Lê.
func (sc *Scanner) foreignPair(t0, t1 *token) bool {
	return t0.list.Word() == 0 && !t0.cueIs(cue.Eponym) &&
		(sc.foreign(t0) && t1.list.Word() < words.Frequent || sc.foreign(t1) && t1.list.Word() == 0)
}

// forename returns the index of the first part of the name that begins with the
// surname parts[at]: the word before it, when it has its capital for no other
// reason than that it belongs to the name, as in patients like Mate Vukanović.
func (sc *Scanner) forename(parts []part, at int) int {
	first := &sc.toks[parts[at-1].tok]
	b := parts[at-1].tok - 1
	if sc.isPunct(b, ',') {
		b--
	}
	surname := &sc.toks[parts[at].tok]
	if at == 1 && first.is(allCaps) && first.size() == 2 && first.cue == 0 && !surname.is(allCaps) &&
		surname.list.Word() == 0 && surname.list.Surname() > 0 {
		return 0 // AB Dumas
	}
	if at != 1 ||
		first.is(sentence) ||
		first.cue != 0 ||
		first.size() < 3 ||
		sc.acronym(first) ||
		first.list.Drug() ||
		sc.medicalShape(first) {
		return at
	}
	if before := sc.at(b); before.kind != tokenWord || before.is(capital|used) {
		return at
	}
	if l := surname.list; l.Word() > 0 || !sc.foreign(surname) && l.Surname() < words.Common {
		return at
	}
	return at - 1
}

// trim returns how many of the parts, from the first, belong to the name: words
// at its end that no name ends with are left out. If lenient, a rare word may end it,
// and any word a name of two.
func (sc *Scanner) trim(parts []part, lenient bool) int {
	to := len(parts)
	for to > 1 {
		p := parts[to-1]
		t := &sc.toks[p.tok]
		l := t.list
		if p.initial ||
			p.joined ||
			t.cueIs(cue.Suffix) ||
			l.Surname() >= words.Common ||
			l.Given() >= words.Common && t.is(capital) ||
			l.Word() == 0 ||
			lenient && (to == 2 || to == 3 && l.Word() < words.Common) {
			break
		}
		to--
	}
	return to
}
