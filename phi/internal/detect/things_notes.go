package detect

import (
	"github.com/carebus/carebus/phi/internal/cue"
	"github.com/carebus/carebus/phi/internal/words"
)

// Words that notes shorten to what is a name as well: Abd: soft, Cont meds, Na: 138.

// shortWord reports whether the word at i is one of them, and nothing beside it makes
// it a name.
func (sc *Scanner) shortWord(i int) bool {
	t, n := &sc.toks[i], sc.at(i+1)
	if t.size() > 5 || !shortWords.Has(t.hash) || sc.personBefore(i) {
		return false
	}
	surname := n.isBut(capital, lineBefore) && !n.list.Drug() &&
		(n.list.Surname() == 3 || n.list.Surname() == 2 && n.list.Word() == 0)
	switch {
	case t.hash == hashAbd:
		return !sc.isPunct(i+1, '-') && !arabicArticles.Has(n.hash) &&
			(!n.is(capital) || n.is(lineBefore) || n.list.Word() > 0)
	case t.hash == hashEd:
		return t.is(allCaps) && !surname && !sc.isPunct(i+1, '.')
	case orderWords.Has(t.hash):
		return !surname && !n.cueIs(cue.Speech) &&
			!(sc.isPunct(i+1, ',') && (sc.at(i+2).list.Given() >= 2 || sc.at(i+2).kind == tokenNumber))
	case t.hash == hashBrady:
		return n.kind == tokenNumber || heartWords.Has(n.hash) ||
			n.hash == hashTo && sc.at(i+2).alnum() && sc.at(i+2).kind != tokenWord
	case extremes.Has(t.hash):
		if sc.isPunct(i+1, ':') {
			n = sc.at(i + 2)
		}
		return n.kind == tokenNumber || n.kind == tokenMixed ||
			measured.Has(n.hash) && !(n.size() == 1 && sc.isPunct(i+2, '.'))
	}
	return false
}

// personBefore reports whether a title, a word for a person, a name or a label of one
// stands before token i.
func (sc *Scanner) personBefore(i int) bool {
	p := sc.at(i - 1)
	if sc.toks[i].is(lineBefore) {
		return false
	}
	if sc.isPunct(i-1, '.') || sc.isPunct(i-1, ':') {
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
