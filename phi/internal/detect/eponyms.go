package detect

import (
	"github.com/carebus/carebus/phi/internal/cue"
	"github.com/carebus/carebus/phi/internal/words"
)

// eponym reports whether the capitalised words at i name a disease, a scale, a
// method or a program: Parkinson's disease, Beck Depression Inventory, Guillain-Barré.
// They are protected.
func (sc *Scanner) eponym(i int) bool {
	p := sc.at(i - 1)
	if p.is(nameFound) || p.cueIs(cue.Title) || sc.isPunct(i-1, '.') && sc.at(i-2).cueIs(cue.Title) {
		return false
	}
	if !sc.toks[i].is(lineBefore) && kin.Has(p.hash) && sc.at(i+1).cueIs(cue.Key) {
		return false // mom Huda cell 413-555-0144
	}
	end := sc.toolName(i)
	if n := sc.at(i + 1); end == i && (n.kind == tokenPunct && sc.text[n.start] == ',' || listWords.Has(n.hash)) {
		end = sc.listFound(i)
	}
	if end == i && (sc.versioned(i) || sc.maximum(i)) {
		end = i + 1
	}
	if end == i {
		end = sc.calledAfter(i)
	}
	sc.protect(i, end)
	return end > i
}

// calledAfter returns the index behind what is called after the word at i, or i. Up to
// three words stand between, behind a word that seldom stands for anything else.
func (sc *Scanner) calledAfter(i int) int {
	t := &sc.toks[i]
	limit := i + 3
	if t.cueIs(cue.Eponym) {
		limit = i + 5
	}
	for j := i + 1; j < min(limit, len(sc.toks)); j++ {
		n := &sc.toks[j]
		switch {
		case n.is(lineBefore):
			return i
		case n.kind == tokenPunct && sc.text[n.start] != '-':
			if j == i+1 && sc.shortenedBehind(i) {
				return j + 3
			}
			return i
		case j == i+1 && !n.is(capital) && !n.cueIs(cue.Stop) && t.list.Given() < words.Common && sc.found(j):
			return j + 2
		case n.kind == tokenWord && (n.cueIs(cue.Medical) || sc.inflamed(i, j)):
			if t.cueIs(cue.Eponym) || t.list.Given() < words.Common || sc.calledAfterGiven(i, j) {
				return j + 1
			}
			return i
		case j == i+1 && n.is(allCaps) && t.cueIs(cue.Eponym) && sc.score(j): // Beck BDI-II
			return j + 1
		case n.kind == tokenWord && (!n.is(capital) || sc.actsInCapitals(i, j)):
			return i
		}
	}
	return i
}

// actsInCapitals reports whether the word at j says what the one at i does, both in capitals:
// XIULAN ENDORSES ANXIETY.
func (sc *Scanner) actsInCapitals(i, j int) bool {
	return sc.toks[i].is(allCaps) && sc.toks[j].is(allCaps) && sc.acts(j)
}

// shortenedBehind reports whether the name of the scale that begins with the word at i is
// written short behind it: Edinburgh (EPDS) 12.
func (sc *Scanner) shortenedBehind(i int) bool {
	return sc.isPunct(i+1, '(') && sc.isPunct(i+3, ')') && sc.initialsOf(i+2, i)
}

// calledAfterGiven reports whether the word at j is called after the given name at i all the same:
// a test, a tool, a disease or a law.
func (sc *Scanner) calledAfterGiven(i, j int) bool {
	n := &sc.toks[j]
	if sc.instrument(i, j) {
		return true
	}
	return j == i+1 &&
		(tools.Has(n.hash) && !articles.Has(sc.at(j+1).hash) ||
			diseases.Has(n.hash) && !sc.toks[i].is(possessive) ||
			n.is(capital) && n.hash == hashLaw)
}

// found reports whether what somebody found stands at token k, behind the name, with the
// result: Waddell signs 0/5.
func (sc *Scanner) found(k int) bool {
	t, n := sc.at(k), sc.at(k+1)
	return findings.Has(t.hash) && !t.is(capital) && !n.is(lineBefore) &&
		(n.kind == tokenNumber || signResults.Has(n.hash) || n.hash == hashAbsent || n.hash == hashPresent)
}

// listFound returns the index behind the words of a list at i behind which stands what all
// of them found, or i: Barlow and Ortolani tests; Foley, Hickman or Broviac catheters.
func (sc *Scanner) listFound(i int) int {
	for j, n := i, 0; n < 8 && sc.mayFind(j) && (n == 0 || !sc.toks[j].is(lineBefore)); n++ {
		j++
		if what := sc.at(j); n > 0 && (findings.Has(what.hash) || what.cueIs(cue.Medical)) && !what.is(capital|lineBefore) {
			return j + 1
		}
		j = sc.pastComma(j)
		if listWords.Has(sc.at(j).hash) {
			j = sc.pastPeriod(j + 1)
		} else if !sc.isPunct(j-1, ',') {
			break
		}
	}
	return i
}

// inflamed reports whether the word at j, behind a name at i that is hardly a patient's, is
// a disease by its form: De Quervain tenosynovitis.
func (sc *Scanner) inflamed(i, j int) bool {
	n := &sc.toks[j]
	return !n.is(capital) && n.size() > 7 && sc.mayFind(i) && sc.mayFind(j-1) && !sc.toks[j-1].is(possessive) && sc.medicalShape(n)
}

// mayFind reports whether the word at i is hardly a patient's name, so that somebody else's
// finding may be called so.
func (sc *Scanner) mayFind(i int) bool {
	t := sc.at(i)
	return t.kind == tokenWord && t.isBut(capital, used) && t.list.Given() < words.Common &&
		(t.list.Surname() < words.Frequent || t.cueIs(cue.Eponym))
}

var (
	listWords   = words.SetOf("and or vs")
	hashAbsent  = words.Hash("absent")
	hashPresent = words.Hash("present")
	findings    = words.SetOf("tests signs scales reflexes maneuvers manoeuvres criteria bodies spots scores formulas equations indices classifications")
)

// instrument reports whether the words from i to the last at end are the name
// of a test or a scale: the words between are everyday ones, and the first is
// hardly a person's: Boston Naming Test.
func (sc *Scanner) instrument(i, end int) bool {
	if sc.toks[i].list.Given() == words.Frequent || end < i+2 || !sc.at(end).is(capital) {
		return false
	}
	for j := i + 1; j < end; j++ {
		if t := sc.at(j); t.kind == tokenWord && (t.list.Word() == 0 || t.list.Given() > 0 || t.list.Surname() >= words.Common) {
			return false
		}
	}
	return true
}

// diseases are called after those who found them, and never after a patient with
// two names.
var diseases = words.SetOf("syndrome disease disorder palsy phenomenon lymphoma sarcoma carcinoma angina")

// initialsOf reports whether the letters at k, in parentheses, stand for a scale
// whose name begins with the word at i, and that has its score behind them.
func (sc *Scanner) initialsOf(k, i int) bool {
	t, n := sc.at(k), sc.at(k+2)
	if !t.is(allCaps) ||
		t.size() < 3 ||
		t.size() > 6 ||
		t.cueIs(cue.Suffix) ||
		sc.text[t.start] != sc.text[sc.toks[i].start] {
		return false
	}
	return !n.is(lineBefore) &&
		(n.kind == tokenNumber && n.size() <= 3 && !sc.isPunct(k+3, '-') ||
			sc.isPunct(k+2, '=') ||
			sc.isPunct(k+2, ':'))
}
