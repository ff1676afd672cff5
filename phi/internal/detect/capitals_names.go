package detect

import (
	"github.com/carebus/carebus/phi/internal/cue"
	"github.com/carebus/carebus/phi/internal/words"
)

// Names that are words as well, in capitals: DR GRACE HOPE, NAME: WILL MARK, SIGNED
// BY ROSE. No list tells them from words; what stands around them does.

// nameCase returns the index behind the name at i, in capitals, that the words before
// or behind it tell, or i.
func (sc *Scanner) nameCase(i int) int {
	if n := sc.at(i + 1); sc.toks[i].cueIs(cue.Particle) && n.cueIs(cue.Particle) && n.size() > 1 &&
		sc.maybeName(i+2, i, certain) { // VAN DER BERG
		return i + 3
	}
	before := sc.introduction(i)
	end, n := sc.wordsOfName(i, before)
	switch {
	case n == 0:
	case sc.raising: // the rules for small letters find the rest
		if sc.toldRaised(i, end, n, before) {
			return end
		}
	case before != unframed:
		if sc.isPunct(end, ',') && sc.isPunct(i-1, ':') && !sc.at(end+1).is(lineBefore) &&
			sc.at(end+1).list.Given() >= words.Common { // PATIENT: HOPE, GRACE
			return end + 2
		}
		return end
	case sc.toldInCapitals(i, end, n):
		return end
	case n == 1 && sc.toks[i].list.Surname() >= words.Common && sc.isPunct(end, ',') && sc.at(end+1).list.Given() == words.Frequent &&
		sc.at(end+2).size() == 1 && sc.at(end+2).kind == tokenWord && !sc.at(end+2).is(lineBefore): // ROE, JANE A
		return end + 2
	}
	return i
}

// nameOfLists says of the name of n words from i to end whether the lists hold a given
// name at its start and a surname at its end, JANE ROE, and whether they hold neither of
// them as a word, ZORVA QUINTEL.
func (sc *Scanner) nameOfLists(i, end, n int) (whole, foreign bool) {
	first, last := sc.toks[i].list, sc.at(end-1).list
	return n > 1 && first.Given() >= words.Common && last.Surname() >= words.Common, n > 1 && first.Word() == 0 && last.Word() == 0
}

// toldRaised reports whether the words before the name from i to end, of a text in small
// letters, tell that it is one: dr will mark, name: zorva quintel.
func (sc *Scanner) toldRaised(i, end, n int, before frame) bool {
	whole, foreign := sc.nameOfLists(i, end, n)
	t, label := sc.courtesy(i), sc.isPunct(i-1, ':')
	switch {
	case t < i && !sc.acronymTitle(t) && !sc.joined(i),
		before != unframed && whole && !(label && sc.toks[i].list.Given() < words.Frequent), // user: unknown field
		foreign && (kin.Has(sc.at(i-1).hash) || label && sc.at(i-2).hash == hashName ||
			sc.isPunct(i-1, ',') && sc.isPunct(end, ',') && sc.at(i-2).cueIs(cue.Relation) && owners.Has(sc.at(i-3).hash)): // my landlord, zorva quintel,
		return true
	}
	return false
}

// toldInCapitals reports whether the name from i to end, in capitals and without an
// introduction, is told by its own form or by what follows: J. WOODS; GRACE HOPE, MD;
// WILL MARK SAID; ROSE WAS SEEN.
func (sc *Scanner) toldInCapitals(i, end, n int) bool {
	whole, foreign := sc.nameOfLists(i, end, n)
	t, behind := &sc.toks[i], sc.at(end)
	first := t.list
	given := n == 1 && first.Given() == words.Frequent
	surname := n == 1 && first.Surname() == words.Frequent && first.Word() < words.Common
	speaks := !behind.is(lineBefore) && behind.cueIs(cue.Speech)
	switch {
	case t.size() == 1 && n == 2 && sc.at(end-1).list.Surname() == words.Frequent, // J. WOODS
		whole && sc.wholeInCapitals(i, end, n),
		(whole || foreign || given) && sc.credentials(end) > end, // GRACE HOPE, MD
		given && t.is(possessive) && kin.Has(behind.hash):        // GRACE'S MOTHER
		return true
	case !t.is(sentence) && !sc.at(i-1).cueIs(cue.Speech):
		return false
	case sc.copula(end):
		return whole && speaks || (foreign || given || surname) && sc.wasPerson(i, end)
	}
	return speaks && (whole || foreign || given)
}

// wholeInCapitals reports whether the name of n words from i to end, which the lists hold
// whole, is told by an initial within, by what leads to it or by what it owns: JANE A. ROE;
// JANE ROE: at the start of a line; CALL FROM JANE ROE; JANE ROE'S.
func (sc *Scanner) wholeInCapitals(i, end, n int) bool {
	return n == 3 && sc.initialIn(i, end) ||
		sc.isPunct(end, ':') && sc.toks[i].is(lineBefore) ||
		nameAfter.Has(sc.at(i-1).hash) ||
		sc.at(end-1).is(possessive)
}

// wasPerson reports whether the form of be or have at end is said of a person, whose name begins
// at i: what was done with them or their age follows, or somebody says it: ROSE WAS SEEN;
// ROSE IS A 45 YO; MOTHER SAYS ROSE IS BETTER.
func (sc *Scanner) wasPerson(i, end int) bool {
	return wasDone.Has(sc.at(end+1).hash) || sc.aged(end+2) || sc.at(i-1).cueIs(cue.Speech)
}

var nameAfter = words.SetOf("to by from with per of")

// introduction says how sure it is that a person's name begins at i.
func (sc *Scanner) introduction(i int) frame {
	if sc.toks[i].is(lineBefore) {
		return unframed
	}
	if sc.courtesy(i) < i {
		return certain
	}
	p, q, l := sc.at(i-1), sc.at(i-2), sc.toks[i].list
	switch {
	case p.hash == hashAttention: // ATTENTION SPAN
		return unframed
	case p.hash == hashIs && (q.cueIs(cue.Relation) || labelWordsOfPersons.Has(q.hash)) &&
		(l.Given() == words.Frequent || l.Given() == words.Common && sc.at(i+1).list.Surname() >= words.Common), // HER CONTACT IS GRACE
		p.hash == hashPer && l.Given() == words.Frequent,
		p.hash == hashOf && cases.Has(q.hash) &&
			(l.Given() == words.Frequent || l.Surname() == words.Frequent && l.Word() < words.Common || sc.unlistedPair(i)), // THE CASE OF SMITH
		sc.isPunct(i-1, ':') && q.hash == hashBy: // DICTATED BY: ROSE
		return likely
	}
	return sc.frameBefore(i)
}

var hashAttention = words.Hash("attention")

// acronymTitle reports whether the title at i, in a line of small letters, is in
// capitals: an MR arthrogram.
func (sc *Scanner) acronymTitle(i int) bool {
	return sc.raising && sc.at(i).is(allCaps) && sc.written(sc.at(i))
}

// wordsOfName returns the index behind the run of words at i that may be a name, as far
// as before says, and how many words it has.
func (sc *Scanner) wordsOfName(i int, before frame) (end, n int) {
	end = i
	for n < maxFramed && sc.maybeName(end, i, before) {
		t := &sc.toks[end]
		end++
		n++
		switch {
		case t.is(possessive):
			return end, n
		case t.size() == 1 && sc.isPunct(end, '.') && sc.joined(end),
			sc.isPunct(end, '-') && sc.joined(end) && sc.maybeName(end+1, i, before):
			end++
		}
	}
	return end, n
}

// initialIn reports whether an initial stands within the name from i to end.
func (sc *Scanner) initialIn(i, end int) bool {
	for j := i + 1; j < end-1; j++ {
		if t := &sc.toks[j]; t.kind == tokenWord && t.size() == 1 {
			return true
		}
	}
	return false
}

// aged reports whether an age stands at token k: 45 YO, 45-YEAR-OLD.
func (sc *Scanner) aged(k int) bool {
	return sc.ageAt(k) || sc.at(k).kind == tokenNumber && ageLetters.Has(sc.at(k+1).hash)
}

// maybeName reports whether the word at j may be one of the name that begins at i.
// before says how sure it is that one does.
func (sc *Scanner) maybeName(j, i int, before frame) bool {
	t := sc.at(j)
	l := t.list
	if t.kind != tokenWord || !t.isBut(capital, used) || j > i && t.is(lineBefore) || sc.neverInName(j, i) {
		return false
	}
	p := sc.at(i - 1)
	related := p.cueIs(cue.Relation) && !kin.Has(p.hash) // THE PATIENT
	switch {
	case t.size() == 1:
		return t.hash != hashA && t.hash != hashI || sc.isPunct(j+1, '.')
	case t.cueIs(cue.Stop | cue.Month):
		return sc.stopName(j, i, before)
	case l.Given() >= words.Common || l.Surname() >= words.Common && !(related && l.Word() == words.Frequent && j == i):
		return true
	case sc.courtesy(i) < i:
		return l.Named() || l.Word() == 0
	case l.Word() > 0 || t.size() <= 3:
		return false
	case related: // PATIENT ZORVA QUINTEL REPORTS, but not FOLLOWED BY ADJUVANT THERAPY
		return sc.unlistedPair(i) && sc.at(i+2).cueIs(cue.Speech)
	}
	return j > i || before == certain || kin.Has(p.hash) || sc.unlistedPair(i)
}

// neverInName reports whether the word at j is none of the name that begins at i, whatever
// leads to it: a medicine, a title, a verb; or one whose case is as it was written.
func (sc *Scanner) neverInName(j, i int) bool {
	t := &sc.toks[j]
	return sc.raising && sc.written(t) ||
		t.cueIs(cue.Relation|cue.Key|cue.Medical|cue.Title|cue.Suffix|cue.Speech) ||
		t.cueIs(cue.Unit) && !(j > i && t.list.Surname() == words.Frequent) ||
		t.list.Drug() ||
		sc.medicalShape(t)
}

// stopName is maybeName for words such as WILL and LONG and for months.
func (sc *Scanner) stopName(j, i int, before frame) bool {
	t, n := sc.at(j), sc.at(j+1)
	l := t.list
	if j > i { // DAWN LONG, APRIL MAY, but DR ROSE WILL SEE HIM
		return sc.toks[i].list.Given() >= words.Common && (l.Surname() == words.Frequent || t.cueIs(cue.Month)) &&
			(before == certain || !n.cueIs(cue.Stop) || n.cueIs(cue.Speech) || sc.toks[i].cueIs(cue.Month))
	}
	acts := sc.at(j + 2).cueIs(cue.Speech)
	switch {
	case sc.raising, before == unframed && !(t.is(sentence) && acts && !sc.copula(j+2)):
		return false
	case !t.cueIs(cue.Stop): // CALLED APRIL, but not DUE BY APRIL 4
		return l.Given() == words.Frequent && n.kind != tokenNumber
	case n.kind != tokenWord || !n.isBut(capital, lineBefore) || n.cueIs(cue.Stop):
		return false
	}
	// SIGNED BY MAY YOUNG, but not THE PATIENT WILL MARK THE DAYS
	return l.Given() >= words.Common && (n.list.Surname() == words.Frequent || n.list.Given() == words.Frequent) && (!sc.at(i-1).cueIs(cue.Relation) || acts)
}

// unlistedPair reports whether two words of no list of words begin at i.
func (sc *Scanner) unlistedPair(i int) bool {
	t, n := sc.at(i), sc.at(i+1)
	return n.kind == tokenWord && !n.is(lineBefore) && t.list.Word() == 0 && n.list.Word() == 0 &&
		t.size() > 3 && n.size() > 3
}

// nameWords gives the words from i to end, short ones as well, the case of names.
func (sc *Scanner) nameWords(i, end int) {
	for ; i < end; i++ {
		sc.toks[i].flags &^= allCaps
	}
}
