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
	if t.cueIs(cue.Greeting) || !sc.isPunct(end, ',') || !sc.nameable(end+1) || first.is(lineBefore) {
		return i
	}
	if first.size() == 1 && sc.isPunct(end+2, '-') && sc.at(end+3).size() == 1 {
		return i // Zeke, Z-E-K-E
	}
	last := &sc.toks[end-1]
	if t.size() == 1 ||
		n > 1 &&
			(t.list.Given() > 0 && !sc.at(i+1).cueIs(cue.Particle) && !sc.isPunct(i+1, '-') ||
				last.size() == 1 ||
				last.cueIs(cue.Suffix) ||
				sc.courtesy(i) < i) ||
		last.is(possessive) ||
		first.is(possessive) {
		return i // John Smith, Ann Jones
	}
	to := sc.givenNames(end + 1)
	if behind := sc.at(to); behind.kind == tokenWord && behind.isBut(capital, lineBefore) &&
		(n > 1 && !behind.cueIs(cue.Suffix) || behind.cueIs(cue.Facility)) {
		return i
	}
	if t.cueIs(cue.Eponym) && first.cueIs(cue.Eponym) && first.list.Given() < 3 ||
		n > 1 && sc.acronym(last) && !t.is(allCaps) {
		return i // Beck, Conners; Achenbach CBCL, Bayley
	}
	l, g := t.list, first.list
	p := sc.at(i - 1)
	quoted := sc.quote(i-1) && (sc.isPunct(i-2, '=') || sc.isPunct(i-2, ':'))
	labelled := (p.cueIs(cue.Relation) || p.hash == hashName || sc.isPunct(i-1, ';') && sc.at(i-2).is(nameFound)) &&
		!t.is(lineBefore) ||
		sc.isPunct(i-1, ':') ||
		quoted
	if n := sc.at(to); n.hash == hashAnd ||
		sc.isPunct(to, ',') && !quoted && !sc.credential(to+1) &&
			(sc.another(to+1) || first.cueIs(cue.State|cue.Country)) ||
		sc.isPunct(to, '&') {
		return i // Moravec, Becker and Castellano
	}
	numbered := sc.itemStart(i) && l.Named() && (g.Named() || sc.rareWord(first)) && !sc.ofThing(t) &&
		(sc.dash(to) && !sc.joined(to) && (sc.at(to+1).is(used) || l.City()+g.City() == 0 && first.cue == 0) ||
			sc.frameAfter(to) == certain)
	if numbered ||
		sc.isPunct(i-1, ':') && sc.at(i-2).hash == hashName ||
		quoted && !sc.ofThing(t) && (l.Named() || g.Named()) { // Day, Joy (DOB …), Name: Day, Joy
		return sc.addName(i, sc.credentials(to), true)
	}
	if hyphened := sc.isPunct(end+2, '-') && to >= end+4; l.Surname() >= 2 && (l.Word() == 0 && hyphened && (sc.itemStart(i) || labelled) || g.Given() >= 2 && !sc.ofThing(first) && sc.credential(to)) { // Ng, Wai-Kit; Turner, Beth MD
		return sc.addName(i, sc.credentials(to), true)
	}
	if first.size() == 1 && sc.initialEnds(to) &&
		(l.Surname() >= 2 && sc.itemStart(i) ||
			(l.Surname() >= 2 || l.Word() == 0 && l.City() == 0) && initialsBehind.Has(p.hash)) { // 2. Barnes, T 9:30
		return sc.addName(i, to, true)
	}
	if t.cueIs(cue.NotName|cue.Stop) || sc.ofThing(first) && g.Given() < 2 && !t.is(allCaps) {
		return i
	}
	for j := i; j < end; j++ {
		if w := sc.toks[j].list; sc.toks[j].kind == tokenWord && sc.toks[j].is(capital) && w.Surname() < 2 &&
			(w.Word() > 0 || w.City() > 0) {
			return i
		}
	}
	timed := p.kind == tokenNumber || p.hash == hashFor || p.hash == hashTo || p.hash == hashWith
	rare := g.Word() == 0 && g.City() == 0 &&
		(labelled ||
			(g.Given() == 1 || first.list == 0 && n > 1 || sc.foreign(first)) &&
				(l.Named() || (timed || g.Given() == 1 && sc.itemStart(i) && sc.initialEnds(to)) && sc.rareWord(t)))
	if g.Given() < 2 && !(rare && (t.is(allCaps) || !sc.acronym(first))) {
		return i
	}
	if !(sc.itemStart(i) ||
		labelled ||
		l.Word() == 0 && l.Surname() >= 2 ||
		n > 1 ||
		timed && (l.Surname() == 3 || sc.rareWord(t)) && (g.Given() >= 2 || g.Given() == 1 && g.Word() == 0)) {
		return i
	}
	return sc.addName(i, sc.credentials(to), true)
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
