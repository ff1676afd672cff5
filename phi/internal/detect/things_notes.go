package detect

import (
	"github.com/carebus/carebus/phi/internal/cue"
	"github.com/carebus/carebus/phi/internal/words"
)

// Words that notes shorten to what is a name as well: Abd: soft, Cont meds, Na: 138.

// shortWord reports whether the word at i is one of them, and nothing beside it makes
// it a name.
func (sc *Scanner) shortWord(i int) bool {
	t := &sc.toks[i]
	if t.size() > 5 || !shortWords.Has(t.hash) || sc.personBefore(i) {
		return false
	}
	switch {
	case t.hash == hashAbd:
		return sc.abdomen(i)
	case t.hash == hashEd: // the emergency department
		return t.is(allCaps) && !surnameLike(sc.at(i+1)) && !sc.isPunct(i+1, '.')
	case orderWords.Has(t.hash):
		return sc.opensItem(i)
	case t.hash == hashBrady:
		return sc.slowHeart(i)
	case extremes.Has(t.hash):
		return sc.ofMeasure(i)
	}
	return false
}

// surnameLike reports whether the word behind a short one is a surname, and so that a given
// name: Ed Harris.
func surnameLike(n *token) bool {
	return n.isBut(capital, lineBefore) && !n.list.Drug() &&
		(n.list.Surname() == words.Frequent || n.list.Surname() == words.Common && n.list.Word() == 0)
}

// abdomen reports whether Abd at i is no part of an Arabic name: Abd soft, Abd: benign,
// but not Abd al-Rahman.
func (sc *Scanner) abdomen(i int) bool {
	n := sc.at(i + 1)
	return !sc.isPunct(i+1, '-') && !arabicArticles.Has(n.hash) && (!n.is(capital) || n.is(lineBefore) || n.list.Word() > 0)
}

// opensItem reports whether the word at i opens what was ordered, found or measured, and
// neither a name nor the first half of one: Cont meds, Na: 138, but not Loc, Anna.
func (sc *Scanner) opensItem(i int) bool {
	n := sc.at(i + 1)
	if surnameLike(n) || n.cueIs(cue.Speech) {
		return false
	}
	after := sc.at(i + 2)
	return !sc.isPunct(i+1, ',') || after.list.Given() < words.Common && after.kind != tokenNumber
}

// slowHeart reports whether Brady at i is what a heart is: Brady 48, Brady down to 40s.
func (sc *Scanner) slowHeart(i int) bool {
	n, after := sc.at(i+1), sc.at(i+2)
	return n.kind == tokenNumber || heartWords.Has(n.hash) || n.hash == hashTo && after.alnum() && after.kind != tokenWord
}

// ofMeasure reports whether what stands behind the word at i was measured: Max temp 101,
// Max: 40 mg, but not Max D.
func (sc *Scanner) ofMeasure(i int) bool {
	n := sc.at(i + 1)
	if sc.isPunct(i+1, ':') {
		n = sc.at(i + 2)
	}
	return n.kind == tokenNumber || n.kind == tokenMixed ||
		measured.Has(n.hash) && !(n.size() == 1 && sc.isPunct(i+2, '.'))
}

// personBefore reports whether a title, a word for a person, a name or a label of one
// stands before token i.
func (sc *Scanner) personBefore(i int) bool {
	p := sc.at(i - 1)
	if sc.toks[i].is(lineBefore) {
		return false
	}
	if sc.isOneOf(i-1, ".:") {
		p = sc.at(i - 2)
		return p.cueIs(cue.Title) && sc.isPunct(i-1, '.') ||
			sc.isPunct(i-1, ':') && (p.cueIs(cue.Relation|cue.Intro) || p.hash == hashName)
	}
	return p.is(nameFound) || p.cueIs(cue.Title|cue.Relation|cue.Intro|cue.Tell)
}

var (
	hashAbd    = words.Hash("abd")
	hashEd     = words.Hash("ed")
	hashBrady  = words.Hash("brady")
	heartWords = words.SetOf("down episode episodes event events")
	orderWords = words.SetOf("cont inc endo ros siro na ca crea loc peri gu asa geri")
	extremes   = words.SetOf("max cal dev")
	shortWords = words.Union(orderWords, extremes, words.SetOf("abd ed brady"))
	measured   = words.SetOf("temp dose hr rate assist a bp amount flow volume pressure daily per day delay delayed milestones level count mag normal nl")
)
