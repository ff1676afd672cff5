package detect

import (
	"github.com/carebus/carebus/phi/internal/cue"
	"github.com/carebus/carebus/phi/internal/words"
)

// Names in small letters: i told mike, walter h prentiss, my mom linda. Case says nothing
// there, so the lists and the words around have to say more.

// smallNames finds names in a text without capitals.
func (sc *Scanner) smallNames(hint bool) {
	for i := 0; i < len(sc.toks); {
		i = sc.smallNameAt(i, hint)
	}
}

// smallNameAt looks for a name that begins at token i, or that it announces. It returns the
// index of the first token that is still to be looked at.
func (sc *Scanner) smallNameAt(i int, hint bool) int {
	t := &sc.toks[i]
	switch {
	case t.kind == tokenPunct:
		if c := sc.text[t.start]; c == ':' || c == '?' {
			return sc.lineName(i + 1)
		}
		return i + 1
	case t.kind != tokenWord || t.is(used) || t.size() < 2:
		return i + 1
	case t.cue == 0:
	case t.cueIs(cue.Intro | cue.Title), t.hash == hashCallMe, t.cueIs(cue.Stop) && t.size() <= 4 && sc.introduces(i):
		sc.smallAfter(i)
		return i + 1
	case t.cueIs(cue.Stop):
		return i + 1
	}
	if t.size() < 3 {
		return i + 1
	}
	l := sc.lists.Get(t.hash)
	if l.OnlyWord() { // as most are
		return i + 1
	}
	return sc.smallWord(i, l, hint)
}

// smallWord is smallNameAt for a word that may be a name, of which the lists say l.
func (sc *Scanner) smallWord(i int, l words.Flags, hint bool) int {
	n, l1 := sc.smallNext(i + 1)
	if codeWords.Has(n.hash) {
		return i + 1
	}
	if end := sc.smallOther(i, l); end > i {
		return sc.addName(i, end, end > i+1)
	}
	if end := sc.smallParticles(i, l); end > i {
		return sc.addName(i, end, true)
	}
	if end := sc.smallInitial(i, l); end > i {
		return sc.addName(i, sc.smallCredentials(end), true)
	}
	if end := sc.smallKin(i, l, l1); end > i {
		return sc.addName(i, sc.smallCredentials(end), end > i+1)
	}
	if end := sc.smallPair(i, l, n, l1); end > i {
		return sc.addName(i, end, true)
	}
	switch t := &sc.toks[i]; {
	case l.Given() > 0 && l.Word() < words.Common && !t.cueIs(cue.Month) && sc.actor(i): // tyler is very reliable
		return sc.addName(i, i+1, false) + 1 // past the verb
	case sc.smallMet(i, l): // seen by quach
		end := i + 1
		if pairable(n, l1) {
			end++
		}
		return sc.addName(i, end, end > i+1)
	case t.cueIs(cue.Month) && !hint: // in june
	case sc.configures(i): // max: 30s, grace-api
	case l.Given() >= words.Common && (hint || l.Word() == 0 && l.City() == 0), l.Named() && l.Word() == 0 && sc.foreign(t):
		return sc.addName(sc.smallHalfBefore(i), sc.smallSurname(i+1), false)
	}
	return i + 1
}

// smallNext returns the word at i, behind one that may be a name, and what the lists say
// of it; noToken if it is no part of the same name.
func (sc *Scanner) smallNext(i int) (*token, words.Flags) {
	t := sc.at(i)
	if t.kind != tokenWord || t.is(used|lineBefore) || t.cueIs(cue.Stop) || t.size() < 2 {
		return &noToken, 0
	}
	return t, sc.lists.Get(t.hash)
}

// smallPair returns the index behind the given name at i and the surname n behind it, or
// i: jane moravec, jane zorva. l and l1 are what the lists say of both.
func (sc *Scanner) smallPair(i int, l words.Flags, n *token, l1 words.Flags) int {
	surname := l1.Surname() >= words.Common
	if n == &noToken || !(surname && l1.Word() < words.Common) && (l1.Word() > 0 || n.cueIs(cue.Unit)) {
		return i
	}
	switch {
	case l.Given() >= words.Common && l.Word() == 0,
		l.Given() == words.Frequent && (l.Word() < words.Common || surname && l1.Word() == 0),
		l.Given() == words.Rare && l.Word() == 0 && surname:
		return sc.smallCredentials(i + 2)
	case l.Given() == words.Rare && l.Word() == 0 && sc.unknown(n):
		return i + 2
	}
	return i
}

// smallMet reports whether the word at i, a name of the lists and nothing else, is who
// somebody met: seen by quach.
func (sc *Scanner) smallMet(i int, l words.Flags) bool {
	t := &sc.toks[i]
	return l.Word() == 0 && l.Named() && l.City() == 0 && !l.Drug() && t.cue == 0 && !sc.medicalShape(t) && sc.meets(i)
}

// codeWords are how programmers shorten words: max int, val mem.
var codeWords = words.SetOf("int mem str ptr len buf idx bool uint func")

// smallWholeName takes a text in small letters that its key says is likely a
// name for one: garcia, maria; smith, j; patel.
func (sc *Scanner) smallWholeName() bool {
	n, certainty, comma := 0, 0, false
	for i := range sc.toks {
		t := &sc.toks[i]
		switch {
		case t.is(used) || i > 0 && t.is(lineBefore):
			return false
		case t.kind == tokenPunct:
			if !sc.isOneOf(i, ",.-") {
				return false
			}
			comma = comma || sc.isPunct(i, ',')
		case t.kind != tokenWord:
			return false
		case t.size() == 1:
			n++
		case t.cueIs(cue.Stop | cue.NotName | cue.Unit | cue.Noun | cue.Facility):
			return false
		default:
			l := sc.lists.Get(t.hash)
			if l.OnlyWord() || l.Word() == words.Frequent && l.Given() < words.Frequent && !comma || l.Drug() {
				return false
			}
			n++
			certainty += certainName(l)
		}
	}
	if n > 4 || certainty == 0 || certainty == 1 && !comma {
		return false
	}
	sc.addName(0, len(sc.toks), true)
	return true
}

// certainName returns how much a word in small letters speaks for a name: 2 a very common
// surname that is no word, 1 another name, 0 a common word and what is of no list.
func certainName(l words.Flags) int {
	switch {
	case !l.Named() || l.Word() >= words.Common:
		return 0
	case l.Surname() == words.Frequent && l.Word() == 0:
		return 2
	}
	return 1
}

// smallOther returns the index behind a name in small letters that stands
// before a given name, before "here", or behind another name, or i.
func (sc *Scanner) smallOther(i int, l words.Flags) int {
	t, n := sc.at(i), sc.at(i+1)
	switch {
	case n.kind == tokenPunct:
		if next := sc.smallLastFirst(i, l); next > i {
			return next
		}
	case kin.Has(n.hash) && sc.smallOwner(t): // lamonts mom
		return i + 1
	case n.hash == hashHere && t.is(lineBefore) && l.Word() == 0 && (l.Named() || sc.unknown(t)): // maria here
		return i + 1
	}
	if sc.at(i-1).hash == hashAnd && sc.at(i-2).is(nameFound) &&
		(l.Given() > 0 && l.Word() < words.Common || sc.unknown(t) && sc.foreign(t)) {
		return i + 1
	}
	return i
}

// smallOwner reports whether a word in small letters is a given name with the s of a
// possessive, whose apostrophe was left out.
func (sc *Scanner) smallOwner(t *token) bool {
	s := sc.text[t.start:t.end]
	if s[len(s)-1] != 's' || t.size() < 4 || sc.lists.Get(t.hash) != 0 {
		return false
	}
	l := sc.lists.Get(words.Hash(s[:len(s)-1]))
	return l.Given() >= words.Common && l.Word() == 0
}

// smallLastFirst returns the index behind a surname and a given name in small
// letters, or i: spoke to mazzoli, joshua re: balance.
func (sc *Scanner) smallLastFirst(i int, l words.Flags) int {
	p, n := sc.at(i-1), sc.at(i+2)
	if !sc.isPunct(i+1, ',') || n.kind != tokenWord || n.is(used|lineBefore) || n.cueIs(cue.Stop) {
		return i
	}
	near := p.hash == hashTo || p.hash == hashWith // a person
	surname := l.Surname() >= words.Common || near && sc.unknown(sc.at(i))
	if !surname || (l.Word() > 0 || l.Given() >= words.Common) && l.Surname() < words.Frequent {
		return i
	}
	g := sc.lists.Get(n.hash)
	givenAndWord := g.Given() == words.Frequent && l.Word() == 0 && near // to mazzoli, mark
	if g.Given() == 0 || g.Word() > 0 && !givenAndWord {
		return i
	}
	before := near ||
		p.hash == hashFor ||
		p.cueIs(cue.Relation) ||
		sc.isPunct(i-1, ':') ||
		sc.quote(i-1) ||
		sc.toks[i].is(lineBefore)
	listed := sc.isPunct(i+3, ',') || sc.at(i+3).hash == hashAnd // with other words
	if !before || listed {
		return i
	}
	return i + 3
}

// smallInitial returns the index behind a name with an initial in its middle,
// or i: walter h prentiss.
func (sc *Scanner) smallInitial(i int, l words.Flags) int {
	m := sc.at(i + 1)
	if m.kind != tokenWord || m.size() != 1 || m.is(used|lineBefore) || l.Word() > 0 && l.Given() < words.Common || l.Drug() {
		return i
	}
	j := sc.pastPeriod(i + 2)
	n := sc.at(j)
	if n.kind != tokenWord || n.size() < 3 || n.is(used|lineBefore) || n.cueIs(cue.Stop|cue.Unit|cue.Noun) {
		return i
	}
	if l1 := sc.lists.Get(n.hash); l1.Word() > 0 && l1.Surname() < words.Common || l1.Drug() || l1.Word() >= words.Common {
		return i
	}
	return j + 1
}
