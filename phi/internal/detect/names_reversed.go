package detect

import (
	"github.com/carebus/carebus/phi/internal/cue"
	"github.com/carebus/carebus/phi/internal/words"
)

// Names whose surname stands first, and what follows names.

// A reversedName is a surname, a comma and what may be given names: Smith, John Q.
type reversedName struct {
	from  int // the surname's first token
	n     int // how many words it has
	comma int // the token behind it
	to    int // the token behind the given names

	quoted   bool // user="Smith, John"
	labelled bool // Name: Smith, John
	item     bool // begins a line or an item of a list
}

// lastFirst finds Smith, John and SMITH, JOHN Q. and Vega de Luna, Ana Sofia at
// the start of a line, behind a label and where else a record begins. The
// surname is the n words from i to the comma. It returns the index behind the name, or i.
func (sc *Scanner) lastFirst(i, n, comma int) int {
	if !sc.mayBeReversed(i, n, comma) {
		return i
	}
	r := reversedName{from: i, n: n, comma: comma, to: sc.givenNames(comma + 1)}
	r.quoted = sc.quote(i-1) && sc.isOneOf(i-2, "=:")
	if sc.listGoesOn(&r) {
		return i
	}
	r.labelled = r.quoted || sc.recordBefore(i)
	r.item = sc.itemStart(i)
	switch {
	case sc.abbreviationsListed(&r): // PMH: HTN, DM
		return i
	case sc.surelyReversed(&r): // Name: Day, Joy
		return sc.addName(i, sc.credentials(r.to), true)
	case sc.reversedInitial(&r): // 2. Barnes, T 9:30
		return sc.addName(i, r.to, true)
	case sc.reversesThing(&r): // Note, Jane
		return i
	case sc.givenBehind(&r) && sc.surnameFirst(&r): // Smith, John
		return sc.addName(i, sc.credentials(r.to), true)
	}
	return i
}

// mayBeReversed reports whether a surname of n words from i and a given name may stand
// around a comma, by the form of both.
func (sc *Scanner) mayBeReversed(i, n, comma int) bool {
	t, last, first := &sc.toks[i], &sc.toks[comma-1], sc.at(comma+1)
	switch {
	case t.cueIs(cue.Greeting), !sc.nameable(comma + 1), first.is(lineBefore):
		return false
	case first.size() == 1 && sc.isPunct(comma+2, '-') && sc.at(comma+3).size() == 1, // Zeke, Z-E-K-E
		first.size() == 1 && sc.isPunct(comma+2, '/'): // UA, D/C
		return false
	case t.size() == 1, last.is(possessive), first.is(possessive):
		return false
	case n == 1:
		return true
	}
	givenFirst := t.list.Given() > 0 && !sc.at(i+1).cueIs(cue.Particle) && !sc.isPunct(i+1, '-')
	return !givenFirst && last.size() > 1 && !last.cueIs(cue.Suffix) && sc.courtesy(i) >= i // John Smith, Ann Jones
}

// listGoesOn reports whether what stands behind the comma is the next of a list of
// surnames, places or scales rather than a given name: Moravec, Becker and Castellano;
// Achenbach CBCL, Bayley.
func (sc *Scanner) listGoesOn(r *reversedName) bool {
	t, last, first, behind := sc.at(r.from), sc.at(r.comma-1), sc.at(r.comma+1), sc.at(r.to)
	switch {
	case behind.kind == tokenWord && behind.isBut(capital, lineBefore) &&
		(r.n > 1 && !behind.cueIs(cue.Suffix) || behind.cueIs(cue.Facility)):
		return true
	case t.cueIs(cue.Eponym) && first.cueIs(cue.Eponym) && first.list.Given() < words.Frequent: // Beck, Conners
		return true
	case r.n > 1 && sc.acronym(last) && !t.is(allCaps):
		return true
	case behind.hash == hashAnd, sc.isPunct(r.to, '&'):
		return true
	}
	return sc.isPunct(r.to, ',') && !r.quoted && !sc.credential(r.to+1) &&
		(sc.another(r.to+1) || first.cueIs(cue.State|cue.Country))
}

// another reports whether a list of names may go on with token i, behind a comma.
func (sc *Scanner) another(i int) bool {
	t := sc.at(i)
	return t.hash == hashAnd || t.kind == tokenWord && t.is(capital) && !t.cueIs(cue.Key|cue.WeakKey|cue.Date)
}

// recordBefore reports whether what stands before token i announces somebody: a colon, a
// word for a person, the semicolon behind another name.
func (sc *Scanner) recordBefore(i int) bool {
	p := sc.at(i - 1)
	return sc.isPunct(i-1, ':') ||
		!sc.at(i).is(lineBefore) &&
			(p.cueIs(cue.Relation) || p.hash == hashName || sc.isPunct(i-1, ';') && sc.at(i-2).is(nameFound))
}

// abbreviationsListed reports whether both words are abbreviations, and no label of a
// person's stands before them: PMH: HTN, DM.
func (sc *Scanner) abbreviationsListed(r *reversedName) bool {
	label := sc.at(r.from - 2)
	return r.n == 1 && sc.shortened(&sc.toks[r.from]) && sc.shortened(sc.at(r.comma+1)) &&
		!label.cueIs(cue.Relation) && label.hash != hashName
}

// shortened reports whether a word is of up to five capitals and no name.
func (sc *Scanner) shortened(t *token) bool {
	return sc.acronym(t) && !t.list.Named()
}

// surelyReversed reports whether the name is one whatever its words mean otherwise.
func (sc *Scanner) surelyReversed(r *reversedName) bool {
	t, first := &sc.toks[r.from], sc.at(r.comma+1)
	l, g := t.list, first.list
	switch {
	case r.item && sc.reversedItem(r), // 3. Becker, Ann - no show
		sc.isPunct(r.from-1, ':') && sc.at(r.from-2).hash == hashName,                                                             // Name: Day, Joy
		r.quoted && !sc.ofThing(t) && (l.Named() || g.Named()),                                                                    // user="Day, Joy"
		l.Surname() >= words.Common && l.Word() == 0 && sc.isPunct(r.comma+2, '-') && r.to >= r.comma+4 && (r.item || r.labelled), // Ng, Wai-Kit
		l.Surname() >= words.Common && g.Given() >= words.Common && !sc.ofThing(first) && sc.credential(r.to),                     // Turner, Beth MD
		sc.identifierKey(r.to) && !sc.ofThing(t) && !sc.ofThing(first) && l.Word() == 0 && g.Word() == 0:                          // Zorkk, Quexly DOB
		return true
	}
	return false
}

// reversedItem reports whether a name that begins an item of a list is told by what
// stands behind it: 3. Becker, Ann - no show.
func (sc *Scanner) reversedItem(r *reversedName) bool {
	t, first := &sc.toks[r.from], sc.at(r.comma+1)
	l, g := t.list, first.list
	if !l.Named() || !g.Named() && !sc.rareWord(first) || sc.ofThing(t) {
		return false
	}
	return sc.dash(r.to) && !sc.joined(r.to) && (sc.at(r.to+1).is(used) || l.City()+g.City() == 0 && first.cue == 0) ||
		sc.frameAfter(r.to) == certain
}

// reversedInitial reports whether an initial is all that stands for the given name:
// 2. Barnes, T 9:30; seen by Roe, J.
func (sc *Scanner) reversedInitial(r *reversedName) bool {
	if sc.at(r.comma+1).size() != 1 || !sc.initialEnds(r.to) {
		return false
	}
	l := sc.toks[r.from].list
	return l.Surname() >= words.Common && r.item ||
		(l.Surname() >= words.Common || l.Word() == 0 && l.City() == 0) && initialsBehind.Has(sc.at(r.from-1).hash)
}

// initialsBehind stand before a surname and an initial: seen by Roe, J.
var initialsBehind = words.SetOf("for to with by of re from per")

// initialEnds reports whether a name that ends with an initial may end before
// token i: with its period, its line, or before a time or a remark.
func (sc *Scanner) initialEnds(i int) bool {
	t := sc.at(i)
	return t.is(lineBefore) ||
		sc.isPunct(i, '.') && sc.joined(i) ||
		t.kind == tokenNumber && sc.isPunct(i+1, ':') ||
		sc.isPunct(i, '(') ||
		sc.dash(i) && !sc.joined(i)
}

// reversesThing reports whether one of the words stands for a thing: Note, Jane; Day, CT.
func (sc *Scanner) reversesThing(r *reversedName) bool {
	t, first := &sc.toks[r.from], sc.at(r.comma+1)
	return t.cueIs(cue.NotName|cue.Stop) ||
		sc.ofThing(first) && first.list.Given() < words.Common && !t.is(allCaps) ||
		sc.everydaySurname(r)
}

// everydaySurname reports whether a word of the surname is a word or a town that is hardly
// a surname.
func (sc *Scanner) everydaySurname(r *reversedName) bool {
	for j := r.from; j < r.comma; j++ {
		t := &sc.toks[j]
		if l := t.list; t.kind == tokenWord && t.is(capital) && l.Surname() < words.Common && (l.Word() > 0 || l.City() > 0 && !l.SmallTown()) {
			return true
		}
	}
	return false
}

// givenBehind reports whether the word behind the comma is a given name, or a rare one
// where the surname or what stands around says that one follows.
func (sc *Scanner) givenBehind(r *reversedName) bool {
	t, first := &sc.toks[r.from], sc.at(r.comma+1)
	g := first.list
	if g.Given() >= words.Common {
		return true
	}
	if g.Word() > 0 || g.City() > 0 || !t.is(allCaps) && sc.acronym(first) {
		return false
	}
	if r.labelled {
		return true
	}
	told := sc.timed(r.from) || g.Given() == words.Rare && r.item && sc.initialEnds(r.to) // that a name stands here
	return (g.Given() == words.Rare || first.list == 0 && r.n > 1 || sc.foreign(first)) &&
		(t.list.Named() || told && sc.rareWord(t))
}

// surnameFirst reports whether a record may begin with the surname: it begins an item or
// stands behind a label, it has several words or hardly means anything else, or stands in
// a plan of appointments: 9:30 Day, Joy.
func (sc *Scanner) surnameFirst(r *reversedName) bool {
	t, g := &sc.toks[r.from], sc.at(r.comma+1).list
	l := t.list
	return r.item || r.labelled || r.n > 1 || l.Word() == 0 && l.Surname() >= words.Common ||
		sc.timed(r.from) && (l.Surname() == words.Frequent || sc.rareWord(t)) && (g.Given() >= words.Common || g.Given() == words.Rare && g.Word() == 0)
}

// timed reports whether a time or number, or a word that leads to a person, stands before
// token i: 9:30 Roe, Jane; with Roe, Jane.
func (sc *Scanner) timed(i int) bool {
	p := sc.at(i - 1)
	return p.kind == tokenNumber || p.hash == hashFor || p.hash == hashTo || p.hash == hashWith
}

// givenNames returns the index behind the given names and the initial that
// begin at i: Ana Sofia, Ji-yeon, JOHN Q.
func (sc *Scanner) givenNames(i int) int {
	to := i + 1
	if sc.hyphenPart(to) || sc.smallHalf(to) {
		to += 2
	}
	n := sc.at(to)
	if n.kind != tokenWord || !n.isBut(capital, lineBefore) {
		return to
	}
	if n.size() == 1 {
		return to + 1
	}
	if sc.nameable(to) &&
		(n.list.Given() > 0 && n.list.Word() < words.Common || n.list == 0 && n.cue == 0 && !sc.acronym(n) || sc.foreign(n)) &&
		!n.cueIs(cue.Suffix) {
		to++
	}
	return to
}

// credential reports whether the word at i is a degree or licence.
func (sc *Scanner) credential(i int) bool {
	t := sc.at(i)
	return t.kind == tokenWord && t.isBut(capital, used|lineBefore) && t.cueIs(cue.Suffix)
}

// credentials returns the index behind the degrees and licences that follow a
// name at i: Jr., MD; or i.
func (sc *Scanner) credentials(i int) int {
	for n := 0; n < 3; n++ {
		j := i
		if sc.isPunct(j, ',') {
			j++
		}
		t := sc.at(j)
		if t.kind != tokenWord || t.is(used|lineBefore) || !t.is(capital) || !t.cueIs(cue.Suffix) || t.size() > 6 {
			return i
		}
		i = j + 1
		if sc.isPunct(i, '.') && sc.joined(i) && t.size() == 2 && !sc.lastOfSentence(i) {
			i++
		}
	}
	return i
}
