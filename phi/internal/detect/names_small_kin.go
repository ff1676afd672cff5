package detect

import (
	"github.com/carebus/carebus/phi/internal/cue"
	"github.com/carebus/carebus/phi/internal/words"
)

// Names in small letters beside a word for a person: my mom linda, patient john doe, i
// told mike, Dad (ron).

// smallKin returns the index behind a given name in small letters, and the
// surname behind it, that stand behind a word for a person: my mom linda,
// patient john doe, i told mike. l and l1 are what the lists say of both.
func (sc *Scanner) smallKin(i int, l, l1 words.Flags) int {
	t, k := sc.at(i), sc.kinBefore(i)
	if p := sc.at(k); t.is(lineBefore) ||
		t.cueIs(cue.Stop|cue.Month|cue.Key|cue.Unit) ||
		p.kind != tokenWord ||
		!p.cueIs(cue.Relation|cue.Tell|cue.Greeting) {
		return i
	}
	given := l.Given()
	if sc.givenByKin(i, k, l) {
		given |= 2
	}
	switch {
	case given == 0, given == words.Rare && l.Word() > 0, l.Word() == words.Frequent, l.Word() == words.Common && given < words.Frequent:
		return i
	case sc.kinSurname(i+1, l1):
		return i + 2
	}
	return i + 1
}

// kinBefore returns the index of the word that may stand for the person whose name is at i:
// that before it; mom, in my mom is linda; landlord, in my landlord, zorva quintel, who.
func (sc *Scanner) kinBefore(i int) int {
	switch {
	case sc.at(i-1).hash == hashIs && sc.at(i-2).cueIs(cue.Relation) && sc.at(i-3).cueIs(cue.Stop),
		sc.isPunct(i-1, ',') && owners.Has(sc.at(i-3).hash) && (sc.isPunct(i+1, ',') || sc.isPunct(i+2, ',')):
		return i - 2
	}
	return i - 1
}

// givenByKin reports whether the word at i is a name by the word for a person at k alone,
// though it is of no list or no given name: my mom venkatesh, pt mamani needs.
func (sc *Scanner) givenByKin(i, k int, l words.Flags) bool {
	t, p := sc.at(i), sc.at(k)
	if l.Word() > 0 {
		return false
	}
	switch p.hash {
	case hashPt, hashPatient, hashClient:
		return l.City() == 0 && (l.Named() || sc.foreign(t) && sc.unknown(t))
	}
	return p.cueIs(cue.Relation) && sc.unknown(t) && (k < i-1 || sc.at(i-2).cueIs(cue.Stop))
}

// kinSurname reports whether the word at i, of which the lists say l if it may be part of a
// name, is the surname of somebody's relative: client latoya weeks dob, my mom linda quintel.
func (sc *Scanner) kinSurname(i int, l words.Flags) bool {
	n := sc.at(i)
	if n.kind != tokenWord || n.is(used|lineBefore) || n.cueIs(cue.Stop) {
		return false
	}
	return l.Surname() >= words.Common && sc.smallEnd(i+1) ||
		(l.Surname() > 0 && l.Word() < words.Common || l.Word() == 0 && n.size() > 3 && n.cueless()) &&
			!n.cueIs(cue.Speech|cue.Unit)
}

var owners = words.SetOf("my his her our their your")

var (
	hashPt      = words.Hash("pt")
	hashPatient = words.Hash("patient")
	hashClient  = words.Hash("client")
)

// smallBracketed notes the given name in small letters that stands in parentheses,
// the first of which is token i, behind a word for a relative: Dad (ron) agrees.
func (sc *Scanner) smallBracketed(i int) {
	n := sc.at(i + 1)
	if n.kind != tokenWord ||
		n.is(used|capital|lineBefore) ||
		n.size() < 3 ||
		!kin.Has(sc.at(i-1).hash) ||
		!sc.isOneOf(i+2, "),") {
		return
	}
	if l := sc.lists.Get(n.hash); l.Given() >= words.Common && l.Word() < words.Common && n.cueless() {
		sc.addName(i+1, i+2, true)
	}
}

// smallBeside notes names in small letters, in a text that has capitals, behind
// the word in small letters at i: my aunt carol, told shawn, with lena. Only words
// that are hardly anything else are.
func (sc *Scanner) smallBeside(i int) {
	n := sc.at(i + 1)
	if n.kind != tokenWord ||
		n.is(used|capital|lineBefore) ||
		n.size() < 4 ||
		n.cueIs(cue.Stop|cue.Month|cue.Unit|cue.Key|cue.NotName) {
		return
	}
	l := sc.lists.Get(n.hash)
	if sc.unlistedKin(i, l) {
		sc.addName(i+1, i+2, false)
		return
	}
	if !sc.givenBeside(i, l) {
		return
	}
	to := i + 2
	if s := sc.at(to); s.kind == tokenWord && !s.is(used|capital|lineBefore) && s.size() > 3 && s.cueless() &&
		pairable(s, sc.lists.Get(s.hash)) {
		to++
	}
	sc.addName(i+1, to, false)
	if sc.at(to).hash == hashAnd {
		sc.smallBeside(to)
	}
}

// unlistedKin reports whether the word behind the one at i, of which the lists say l and
// that is no word, is what somebody's relative is called: my brother tendai, he.
func (sc *Scanner) unlistedKin(i int, l words.Flags) bool {
	n := sc.at(i + 1)
	return l.Word() == 0 && l.City() == 0 && !l.Drug() && n.cueless() && kin.Has(sc.toks[i].hash) &&
		articles.Has(sc.at(i-1).hash) && !sc.medicalShape(n) &&
		(sc.isPunct(i+2, ',') || sc.isPunct(i+2, '.') || sc.at(i+2).is(lineBefore))
}

// givenBeside reports whether the word behind the one at i, of which the lists say l, is a
// given name: with lena. Towns are behind words for relatives alone, and so are words,
// where no name that is none follows: my aunt grace.
func (sc *Scanner) givenBeside(i int, l words.Flags) bool {
	relative, p, behind := kin.Has(sc.toks[i].hash), sc.at(i-1), sc.at(i+2)
	switch {
	case l.Given() < words.Common, l.Drug(), l.Word() == words.Frequent, l.City() > 0 && !relative:
		return false
	case l.Word() == 0:
		return true
	}
	return l.Given() == words.Frequent && relative &&
		!(behind.kind == tokenWord && sc.lists.Get(behind.hash).Word() == 0) &&
		(p.kind != tokenWord || articles.Has(p.hash) || p.cueIs(cue.Stop))
}
