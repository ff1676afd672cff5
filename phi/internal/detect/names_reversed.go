package detect

import (
	"github.com/carebus/carebus/phi/internal/cue"
	"github.com/carebus/carebus/phi/internal/words"
)

// Names whose surname stands first, and what follows names.

// lastFirst finds Smith, John and SMITH, JOHN Q. and Vega de Luna, Ana Sofia at
// the start of a line, behind a label and where else a record begins. The
// surname is the n words from i to end. It returns the index behind the name, or i.
func (sc *Scanner) lastFirst(i, n, end int) int {
	t, first := &sc.toks[i], sc.at(end+1)
	if !sc.mayBeReversed(i, n, end) {
		return i
	}
	to := sc.givenNames(end + 1)
	l, g, p := t.list, first.list, sc.at(i-1)
	quoted := sc.quote(i-1) && (sc.isPunct(i-2, '=') || sc.isPunct(i-2, ':'))
	if sc.listGoesOn(i, n, end, to, quoted) {
		return i
	}
	labelled := quoted || sc.isPunct(i-1, ':') ||
		(p.cueIs(cue.Relation) || p.hash == hashName || sc.isPunct(i-1, ';') && sc.at(i-2).is(nameFound)) && !t.is(lineBefore)
	item := sc.itemStart(i)
	switch {
	case n == 1 && sc.shortened(t) && sc.shortened(first) && !sc.at(i-2).cueIs(cue.Relation) && sc.at(i-2).hash != hashName:
		return i // PMH: HTN, DM
	case item && sc.reversedItem(i, end+1, to),
		sc.isPunct(i-1, ':') && sc.at(i-2).hash == hashName, // Name: Day, Joy
		quoted && !sc.ofThing(t) && (l.Named() || g.Named()),
		l.Surname() >= 2 && l.Word() == 0 && sc.isPunct(end+2, '-') && to >= end+4 && (item || labelled), // Ng, Wai-Kit
		l.Surname() >= 2 && g.Given() >= 2 && !sc.ofThing(first) && sc.credential(to):                    // Turner, Beth MD
		return sc.addName(i, sc.credentials(to), true)
	case first.size() == 1 && sc.initialEnds(to) &&
		(l.Surname() >= 2 && item ||
			(l.Surname() >= 2 || l.Word() == 0 && l.City() == 0) && initialsBehind.Has(p.hash)): // 2. Barnes, T 9:30
		return sc.addName(i, to, true)
	case t.cueIs(cue.NotName | cue.Stop),
		sc.ofThing(first) && g.Given() < 2 && !t.is(allCaps),
		sc.everydaySurname(i, end):
		return i
	}
	timed := p.kind == tokenNumber || p.hash == hashFor || p.hash == hashTo || p.hash == hashWith
	told := timed || g.Given() == 1 && item && sc.initialEnds(to) // that a name stands here
	rare := g.Word() == 0 && g.City() == 0 &&
		(labelled ||
			(g.Given() == 1 || first.list == 0 && n > 1 || sc.foreign(first)) && (l.Named() || told && sc.rareWord(t)))
	given := g.Given() >= 2 || rare && (t.is(allCaps) || !sc.acronym(first))
	begins := item || labelled || n > 1 || l.Word() == 0 && l.Surname() >= 2 ||
		timed && (l.Surname() == 3 || sc.rareWord(t)) && (g.Given() >= 2 || g.Given() == 1 && g.Word() == 0)
	if !given || !begins {
		return i
	}
	return sc.addName(i, sc.credentials(to), true)
}

// shortened reports whether a word is of up to five capitals and no name.
func (sc *Scanner) shortened(t *token) bool {
	return sc.acronym(t) && !t.list.Named()
}

// mayBeReversed reports whether a surname of n words from i to end and a given name may
// stand around the comma at end, by the form of both.
func (sc *Scanner) mayBeReversed(i, n, end int) bool {
	t, last, first := &sc.toks[i], &sc.toks[end-1], sc.at(end+1)
	switch {
	case t.cueIs(cue.Greeting), !sc.isPunct(end, ','), !sc.nameable(end + 1), first.is(lineBefore):
		return false
	case first.size() == 1 && sc.isPunct(end+2, '-') && sc.at(end+3).size() == 1: // Zeke, Z-E-K-E
		return false
	case t.size() == 1, last.is(possessive), first.is(possessive):
		return false
	case n == 1:
		return true
	}
	givenFirst := t.list.Given() > 0 && !sc.at(i+1).cueIs(cue.Particle) && !sc.isPunct(i+1, '-')
	return !givenFirst && last.size() > 1 && !last.cueIs(cue.Suffix) && sc.courtesy(i) >= i // John Smith, Ann Jones
}

// listGoesOn reports whether what stands behind the comma at end, up to to, is the next
// of a list of surnames, places or scales rather than what belongs to the n words from
// i: Moravec, Becker and Castellano; Achenbach CBCL, Bayley.
func (sc *Scanner) listGoesOn(i, n, end, to int, quoted bool) bool {
	t, last, first, behind := sc.at(i), sc.at(end-1), sc.at(end+1), sc.at(to)
	switch {
	case behind.kind == tokenWord && behind.isBut(capital, lineBefore) &&
		(n > 1 && !behind.cueIs(cue.Suffix) || behind.cueIs(cue.Facility)):
		return true
	case t.cueIs(cue.Eponym) && first.cueIs(cue.Eponym) && first.list.Given() < 3: // Beck, Conners
		return true
	case n > 1 && sc.acronym(last) && !t.is(allCaps):
		return true
	case behind.hash == hashAnd, sc.isPunct(to, '&'):
		return true
	}
	return sc.isPunct(to, ',') && !quoted && !sc.credential(to+1) &&
		(sc.another(to+1) || first.cueIs(cue.State|cue.Country))
}

// reversedItem reports whether a name that begins an item of a list with the surname
// at i is told by what stands behind it at to: 3. Becker, Ann - no show.
func (sc *Scanner) reversedItem(i, given, to int) bool {
	t, first := &sc.toks[i], sc.at(given)
	l, g := t.list, first.list
	if !l.Named() || !g.Named() && !sc.rareWord(first) || sc.ofThing(t) {
		return false
	}
	return sc.dash(to) && !sc.joined(to) && (sc.at(to+1).is(used) || l.City()+g.City() == 0 && first.cue == 0) ||
		sc.frameAfter(to) == certain
}

// everydaySurname reports whether one of the words from i to end is a word or a town
// that is hardly a surname.
func (sc *Scanner) everydaySurname(i, end int) bool {
	for j := i; j < end; j++ {
		t := &sc.toks[j]
		if l := t.list; t.kind == tokenWord && t.is(capital) && l.Surname() < 2 && (l.Word() > 0 || l.City() > 0) {
			return true
		}
	}
	return false
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

// another reports whether a list of names may go on with token i, behind a comma.
func (sc *Scanner) another(i int) bool {
	t := sc.at(i)
	return t.hash == hashAnd || t.kind == tokenWord && t.is(capital) && !t.cueIs(cue.Key|cue.WeakKey|cue.Date)
}

// givenNames returns the index behind the given names and the initial that
// begin at i: Ana Sofia, Ji-yeon, JOHN Q.
func (sc *Scanner) givenNames(i int) int {
	to := i + 1
	if sc.isPunct(to, '-') && sc.joined(to) && sc.joined(to+1) && sc.nameable(to+1) || sc.smallHalf(to) {
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
		(n.list.Given() > 0 && n.list.Word() < 2 || n.list == 0 && n.cue == 0 && !sc.acronym(n) || sc.foreign(n)) &&
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
