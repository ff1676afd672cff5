package detect

import (
	"github.com/carebus/carebus/phi/internal/cue"
	"github.com/carebus/carebus/phi/internal/words"
)

// Names in apposition: a 60-year-old male with COPD, alice barre, who was treated;
// patients like E.R., seen here. The sentence has spoken of a person, a comma or
// "like" leads to who that is, and what was done with the person follows.

// apposed reports whether what stands from token i to token end is who the
// sentence speaks of.
func (sc *Scanner) apposed(i, end int) bool {
	return !sc.at(i).is(lineBefore) && sc.leadsTo(i-1) && sc.wentOn(end)
}

// apposedName reports whether the one capitalised word at i is who the sentence speaks of: a
// 65-year-old male, Nelson, admitted to; a patient like Daavid, who was.
func (sc *Scanner) apposedName(i int) bool {
	t := &sc.toks[i]
	l, p, comma := t.list, sc.at(i-1), sc.isPunct(i-1, ',')
	named := l.Given() >= words.Common || l.Surname() == words.Frequent
	switch {
	case comma && !sc.isPunct(i+1, ','),
		!named && (!sc.rareWord(t) || t.is(allCaps)),
		t.cueIs(cue.Stop | cue.Medical | cue.Facility),
		t.cueIs(cue.Eponym) && (p.hash == hashOf || comma && !personNouns.Has(sc.at(i-2).hash)): // with asthma, Graves, seen
		return false
	case !named && (comma || p.hash == hashOf): // with infection, Klebsiella, treated with
		return sc.apposed(i, i+1) && sc.doneSomewhere(i+2)
	case !named && p.hash == hashFor && !singledOut.Has(sc.at(i-2).hash): // positive for Norovirus
		return false
	}
	return sc.apposed(i, i+1) && !sc.acronym(t) && !l.Drug()
}

// singledOut stand before "for" and a person.
var singledOut = words.SetOf("specifically especially particularly considering")

// doneSomewhere reports whether what stands at token i, behind a comma, was done with a person
// in some place or on some day: seen at, currently admitted to, who was.
func (sc *Scanner) doneSomewhere(i int) bool {
	if wentOnWith.Has(sc.at(i).hash) && wasDone.Has(sc.at(i+1).hash) {
		i++
	}
	return sc.at(i).hash == hashWho || wasDone.Has(sc.at(i).hash) && whereWords.Has(sc.at(i+1).hash)
}

var whereWords = words.SetOf("at in on by to here from last")

// leadsTo reports whether token i leads to who a person is: a comma behind one
// that the sentence speaks of, "like", similar "to", a case "of".
func (sc *Scanner) leadsTo(i int) bool {
	switch t, p := sc.at(i), sc.at(i-1); {
	case sc.isPunct(i, ','):
		return sc.spokenOf(i)
	case t.hash == hashLike:
		return p.cueIs(cue.Relation) || cases.Has(p.hash)
	case t.hash == hashTo:
		return p.hash == hashSimilar
	case t.hash == hashFor:
		return sc.at(i + 1).is(capital)
	case t.hash == hashOf:
		return cases.Has(p.hash)
	}
	return false
}

// spokenOf reports whether the sentence has spoken of a person shortly before
// token i: a male, the patient, a 6-year-old.
func (sc *Scanner) spokenOf(i int) bool {
	for j := i - 1; j >= 0 && j > i-16 && !sc.toks[j+1].is(sentence|lineBefore); j-- {
		if t := &sc.toks[j]; personNouns.Has(t.hash) ||
			t.hash == hashPatient ||
			t.hash == hashPt ||
			t.hash == hashChild ||
			sc.ageAt(j) {
			return true
		}
	}
	return false
}

// wentOn reports whether what was done with a person stands at token i, behind
// the name: who was treated; , seen at; , with; (MRN.
func (sc *Scanner) wentOn(i int) bool {
	if sc.frameAfter(i) != unframed {
		return true
	}
	if sc.isPunct(i, '(') {
		n := sc.at(i + 1)
		return n.kind == tokenWord && n.cueIs(cue.Key)
	}
	if sc.isPunct(i, ',') {
		i++
		if wentOnWith.Has(sc.at(i).hash) {
			return !sc.at(i).is(capital | lineBefore)
		}
	}
	t := sc.at(i)
	return !t.is(capital|lineBefore) &&
		(t.hash == hashWho ||
			t.hash == hashWhose ||
			wasDone.Has(t.hash) ||
			t.hash == hashFrom ||
			t.hash == hashResiding)
}

// appositive reports whether the one word at i is a given name that stands between commas
// behind a word for a person: The patient, Grace, presents.
func (sc *Scanner) appositive(i int) bool {
	t := &sc.toks[i]
	return sc.isPunct(i-1, ',') && sc.isPunct(i+1, ',') && sc.at(i-2).cueIs(cue.Relation) &&
		t.list.Given() >= words.Common && !sc.acronym(t) && !t.cueIs(cue.Stop|cue.Month) && !sc.at(i+2).is(capital)
}

// bracketed reports whether the parts a and b, in parentheses, are a given name and a surname,
// words or not, of whom the sentence speaks: a 57-year-old trucker (Buck Tanner).
func (sc *Scanner) bracketed(a, b *part) bool {
	if !sc.isPunct(a.tok-1, '(') || !sc.isPunct(b.tok+1, ')') {
		return false
	}
	t, u := &sc.toks[a.tok], &sc.toks[b.tok]
	return t.list.Given() > 0 && u.list.Surname() >= words.Common && !t.cueIs(cue.Stop|cue.Eponym) &&
		!sc.ofThing(u) && !townWords.Has(u.hash) && sc.spokenOf(a.tok-1)
}

// apposedSmall notes the two or three words in small letters behind token i, in a
// text that has capitals, that are who the sentence speaks of. It returns the
// index behind them, or i+1.
func (sc *Scanner) apposedSmall(i int) int {
	end, named, listed := i+1, false, true
	for ; end < i+4; end++ {
		l, ok := sc.apposedWord(end, end == i+1)
		if !ok {
			break
		}
		named = named || l.Word() < words.Common && l.Named() || sc.foreign(sc.at(end))
		listed = listed && l.Word() == 0 && (l.Given() >= words.Common || l.Surname() >= words.Common && end > i+1)
	}
	if end < i+3 || !named || !sc.apposed(i+1, end) && !(listed && sc.frameAfter(end) == certain) { // for pmr, jane roe, 74,
		return i + 1
	}
	return sc.addName(i+1, end, true)
}

// apposedWord returns what the lists say of the word in small letters at k, and whether it
// may be one of a name, the first one or another.
func (sc *Scanner) apposedWord(k int, first bool) (l words.Flags, ok bool) {
	t := sc.at(k)
	if t.kind != tokenWord || t.is(used|capital|lineBefore) || t.size() < 3 || t.cueIs(cue.Stop) || obstetric.Has(t.hash) {
		return 0, false
	}
	l = sc.lists.Get(t.hash)
	if t.cue != 0 && !l.Named() || l.Drug() {
		return 0, false
	}
	rare := l.Word() == 0 || l.Word() == words.Rare && l.Given() >= words.Common || !first && l.Named() && l.Word() < words.Frequent
	return l, rare && !sc.medicalShape(t)
}

var (
	hashLike     = words.Hash("like")
	hashSimilar  = words.Hash("similar")
	hashWhose    = words.Hash("whose")
	hashChild    = words.Hash("child")
	hashResiding = words.Hash("residing")
	obstetric    = words.SetOf("gravida para primigravida multigravida")
	cases        = words.SetOf("case cases patient patients notes someone somebody")
	wentOnWith   = words.SetOf("with from residing presenting currently last recently initially first aged age")
)
