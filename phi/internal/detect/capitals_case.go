package detect

import (
	"github.com/carebus/carebus/phi/internal/cue"
	"github.com/carebus/carebus/phi/internal/words"
)

// The case that a word in capitals has in prose, by what it is and what stands beside it.

// A letterCase is that of a word in prose.
type letterCase uint8

const (
	inCapitals  letterCase = iota // MRI
	capitalised                   // Jane
	inSmall                       // the
)

// caseOf returns the case of the capitalised word at i. Those before it have
// theirs already.
func (sc *Scanner) caseOf(i int) letterCase {
	t := &sc.toks[i]
	l := t.list
	switch {
	case t.size() == 1:
		return sc.caseOfLetter(i)
	case !t.is(allCaps): // settled before, with others
		return capitalised
	case ageLetters.Has(t.hash) && sc.at(i-1).kind == tokenNumber: // 45 YO
		return inSmall
	case keepsCapitals(t): // DR, MD, FRANCE
		return inCapitals
	case t.cueIs(cue.Month):
		return sc.caseOfMonth(i)
	case sc.commonName(i):
		return capitalised
	case sc.isState(i):
		return sc.caseOfState(i)
	case t.cueIs(cue.Stop):
		return namedCase(l.Given() == words.Frequent && sc.besideName(i))
	case t.cueIs(cue.Facility):
		return namedCase(sc.behindHouse(i))
	case sc.hardlyWord(t): // JENNIFER
		return capitalised
	case lowerTitles.Has(t.hash): // NURSE
		return inSmall
	case l.Named() && sc.besideName(i): // JENNIFER BROWN
		return capitalised
	case t.cueIs(cue.Key | cue.NotName | cue.Unit | cue.Medical | cue.Eponym | cue.Holiday):
		return inCapitals
	case t.cueIs(cue.Relation) || l.Word() > 0 || l.Drug() || sc.medicalShape(t):
		return inSmall
	case sc.besideName(i), sc.besideTitle(i), !sc.raising && sc.personOpens(i):
		return capitalised
	case t.size() <= 5: // an acronym
		return inCapitals
	}
	return inSmall
}

// keepsCapitals reports whether a word has a capital in prose whatever stands around it: a
// short title, a weekday, a degree, a country or a state.
func keepsCapitals(t *token) bool {
	return t.cueIs(cue.Title) && t.size() <= 4 || t.cueIs(cue.Weekday|cue.Suffix|cue.Country) ||
		t.cueIs(cue.State) && t.size() > 2
}

// commonName reports whether the word at i is a very common name and what stands beside it
// says so: MR. YOUNG, PETER B.
func (sc *Scanner) commonName(i int) bool {
	l := sc.toks[i].list
	return l.Surname() == words.Frequent && sc.besideTitle(i) || l.Given() == words.Frequent && sc.initialBehind(i)
}

// namedCase returns the case of an everyday word that is part of a name here, or isn't.
func namedCase(named bool) letterCase {
	if named {
		return capitalised
	}
	return inSmall
}

// caseOfLetter is caseOf for one letter: an initial, A and I, or one that stands for a word.
func (sc *Scanner) caseOfLetter(i int) letterCase {
	h := sc.toks[i].hash
	word := h == hashA || h == hashI
	switch {
	case sc.besideName(i) && (!word || sc.isPunct(i+1, '.')):
		return capitalised
	case word:
		return inSmall
	}
	return inCapitals
}

// caseOfMonth is caseOf for a month: may and march are words unless a date is around.
func (sc *Scanner) caseOfMonth(i int) letterCase {
	h := sc.toks[i].hash
	return namedCase(h != hashMay && h != hashMarch || sc.datedMonth(i))
}

// caseOfState is caseOf for the code of a state: of those that are words, such as IN and OR,
// a postal code tells.
func (sc *Scanner) caseOfState(i int) letterCase {
	if n := sc.at(i + 1); sc.toks[i].cueIs(cue.Stop|cue.In) && !(n.kind == tokenNumber && n.size() == 5) {
		return inSmall
	}
	return inCapitals
}

// behindHouse reports whether the word for a place of care at i stands behind its name:
// VALLEY CLINIC, but not THE CLINIC.
func (sc *Scanner) behindHouse(i int) bool {
	p := sc.at(i - 1)
	return p.kind == tokenWord && p.is(capital) && (!sc.raising || !p.is(allCaps)) &&
		!sc.toks[i].is(lineBefore) && !p.cueIs(cue.Key|cue.NotName)
}

// personOpens reports whether the word at i begins a sentence and does what persons do:
// THANDOLWETHU DENIES PAIN.
func (sc *Scanner) personOpens(i int) bool {
	t, n := &sc.toks[i], sc.at(i+1)
	return t.size() > 3 && t.is(sentence) && (n.cueIs(cue.Speech) && !sc.copula(i+1) || personVerbs.Has(n.hash))
}

// hardlyWord reports whether a word is a name or a town and no everyday word.
func (sc *Scanner) hardlyWord(t *token) bool {
	l := t.list
	if t.kind != tokenWord ||
		t.cueIs(cue.Stop|cue.NotName|cue.Key|cue.Eponym|cue.Facility|cue.Medical|cue.Unit) ||
		l.Drug() ||
		t.size() <= 3 ||
		t.size() == 4 && l.Given() < words.Frequent {
		return false
	}
	return l.Word() == 0 && (l.CommonName() || l.City() > 0) ||
		l.Word() == words.Rare && (l.Given() == words.Frequent || l.Surname() == words.Frequent)
}

// besideName reports whether a word beside token i is a name.
func (sc *Scanner) besideName(i int) bool {
	j := i - 1
	if sc.isPunct(j, '.') && sc.joined(j) || sc.isPunct(j, '-') && sc.joined(j) && sc.joined(i) {
		j--
	}
	k := i + 1
	if sc.isPunct(k, '.') && sc.joined(k) && sc.toks[i].size() == 1 ||
		sc.isPunct(k, '-') && sc.tight(k) {
		k++
	}
	p, n := sc.at(j), sc.at(k)
	return !sc.at(i).is(lineBefore) &&
		(p.kind == tokenMark && p.is(nameFound) || p.isBut(capital, allCaps) && p.list.Named() && !p.cueIs(cue.Stop)) ||
		!n.is(lineBefore) && (n.kind == tokenMark && n.is(nameFound) || sc.hardlyWord(n) && n.list.Named())
}

// besideTitle reports whether a title or a word that introduces a person stands
// right before token i: MR. YOUNG, NAME: YOUNG.
func (sc *Scanner) besideTitle(i int) bool {
	if sc.at(i).is(lineBefore) {
		return false
	}
	j := i - 1
	if sc.isPunct(j, '.') && sc.joined(j) || sc.isPunct(j, ':') {
		j--
	}
	p := sc.at(j)
	return !sc.acronymTitle(j) && p.kind == tokenWord &&
		(courtesyTitles.Has(p.hash) ||
			j == i-1 && kin.Has(p.hash) ||
			!sc.raising && (p.hash == hashName || p.hash == hashNamed) ||
			j < i-1 && p.cueIs(cue.Intro|cue.Relation))
}

// datedMonth reports whether the month at i that is a word as well is a month: IN
// MAY, MAY 5, 5 MARCH.
func (sc *Scanner) datedMonth(i int) bool {
	p, n := sc.at(i-1), sc.at(i+1)
	if n.kind == tokenNumber || n.kind == tokenMixed || p.kind == tokenNumber && !sc.isPunct(i-1, '.') {
		return true
	}
	switch p.hash {
	case hashIn, hashSince, hashUntil, hashDuring, hashOf, hashEarly, hashLate, hashMid, hashBy, hashLast, hashNext:
		return true
	}
	return false
}

// initialBehind reports whether an initial with its period, or a surname that is
// no everyday word, stands right behind token i: PETER B., SALLY KOWALSKI.
func (sc *Scanner) initialBehind(i int) bool {
	n := sc.at(i + 1)
	if n.kind != tokenWord || n.is(lineBefore) {
		return false
	}
	return n.size() == 1 && sc.isPunct(i+2, '.') && sc.joined(i+2) || n.list.Surname() == words.Frequent && !n.cueIs(cue.Stop)
}

// capitalise gives the words from i to end the case of names.
func (sc *Scanner) capitalise(i, end int) {
	for j := i; j < end; j++ {
		if t := &sc.toks[j]; t.kind == tokenWord &&
			(t.size() > 2 || t.hash == hashSt || t.hash == hashMt || t.hash == hashFt) &&
			!nameLinks.Has(t.hash) {
			t.flags &^= allCaps
		}
	}
}
