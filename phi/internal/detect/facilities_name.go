package detect

import (
	"github.com/carebus/carebus/phi/internal/category"
	"github.com/carebus/carebus/phi/internal/cue"
	"github.com/carebus/carebus/phi/internal/words"
)

// facility finds places of care and schooling by the word that ends their
// name: Stanford Hospital, Brigham and Women's Hospital, Mercy Clinic, and with
// their town: Children's Hospital of Boston.
func (sc *Scanner) facility(i int) int {
	t := &sc.toks[i]
	if !mayOpenFacility(t) {
		return i
	}
	if end := sc.hospitalFor(i); end > i {
		return sc.cityState(i, sc.townTail(end))
	}
	f := sc.facilityWords(i)
	if f.last >= 0 && sc.letterhead(i, &f) {
		return sc.add(i, f.last+1, category.Place)
	}
	if f.last < 0 || !f.proper && !f.strong {
		return i
	}
	if everyday := t.list.Word() >= words.Common && t.list.City() == 0 && !t.list.Named(); everyday {
		if t.is(sentence) && f.last > i+1 { // it isn't part of the name
			return max(i+1, sc.facility(i+1))
		}
		if f.words < 2 && !sc.strongFacility(f.last) {
			return i
		}
	}
	end := f.last + 1
	n := sc.at(end)
	switch {
	case t.list.Drug(), // Depakote ER
		sc.anyFacility(i, end) && sc.townTail(end) == end:
		return sc.protect(i, end)
	case payerTails.Has(n.hash) && n.isBut(capital, lineBefore): // Oregon Health Plan
		return sc.protect(i, end+1)
	case n.cueIs(cue.Medical) && !n.is(lineBefore|capital): // Mayo Clinic score
		return i
	}
	end = sc.facilityTail(end)
	if j := sc.pastComma(end); sc.at(j).isBut(capital, used|lineBefore) && companyForms.Has(sc.at(j).hash) { // Hansen Counseling, LLC
		return sc.add(i, j+1, category.Place)
	}
	return sc.cityState(i, sc.townTail(end))
}

// mayOpenFacility reports whether the name of a place of care may begin with a word.
func mayOpenFacility(t *token) bool {
	switch {
	case t.is(used), t.cueIs(cue.Stop) && t.hash != hashNew:
		return false
	case t.cueIs(cue.Relation | cue.Speech): // few, such as Nurse, are surnames as well
		return t.list.Surname() >= words.Common
	}
	return true
}

// letterhead reports whether the name of a place of care at i is all of its line and has
// its address on the next: Cedar Hollow Family Practice, 12 Mill Road.
func (sc *Scanner) letterhead(i int, f *facilityName) bool {
	n := sc.at(f.last + 1)
	return f.words > 2 && sc.toks[i].is(lineBefore) && n.kind == tokenNumber && n.is(used) && n.is(lineBefore)
}

// hospitalFor returns the index behind what a hospital at i is for, or i: Hospital for
// Special Surgery.
func (sc *Scanner) hospitalFor(i int) int {
	if sc.at(i).hash != hashHospital || sc.at(i+1).hash != hashFor || !hospitalsFor.Has(sc.at(i+2).hash) {
		return i
	}
	for most := 4; most > 1; most-- {
		if end := sc.capitalRun(i+2, most); end > i+3 && hospitalsFor.Has(sc.at(end-1).hash) {
			return end
		}
	}
	return i
}

// A facilityName is what the words of a possible place of care say of it.
type facilityName struct {
	last   int  // the word that ends it, or -1
	words  int  // how many are capitalised
	strong bool // one of them ends the name of a place by itself
	proper bool // one of them isn't an everyday one
}

// facilityWords reads the words from i on that may be the name of a place of care.
func (sc *Scanner) facilityWords(i int) facilityName {
	f, named := facilityName{last: -1}, false
read:
	for j := i; j < len(sc.toks) && j < i+maxFacility; j++ {
		w := &sc.toks[j]
		switch {
		case w.is(used), j > i && w.is(lineBefore) && !(named && sc.wrappedFacility(j)):
			break read
		case w.kind == tokenPunct && sc.withinFacility(j):
		case w.kind != tokenWord:
			break read
		case j > i && named && sc.endsFacility(i, j):
			f.last = j
			f.strong = f.strong || !weakFacility(w)
			f.proper = f.proper || schoolEnds.Has(w.hash)
		case w.is(capital):
			faith := j > i && faiths.Has(w.hash) // National Jewish Health
			f.words++
			f.proper = f.proper || faith || f.last < 0 && sc.properWord(j)
			named = named || faith || namesFacility(w)
		case !facilityJoints.Has(w.hash) && !(w.cueIs(cue.Particle) && w.size() > 1):
			break read
		}
	}
	return f
}

// maxFacility is how many tokens the name of a place of care may have.
const maxFacility = 9

// withinFacility reports whether the sign at i may stand in the name of a place of care:
// St. Mary's, Brigham & Women's, Lakeside-North.
func (sc *Scanner) withinFacility(i int) bool {
	switch sc.text[sc.toks[i].start] {
	case '.':
		p := sc.at(i - 1)
		return (p.size() <= 2 || p.size() <= 5 && p.cueIs(cue.Facility)) && sc.joined(i)
	case '-':
		return sc.tight(i)
	case '&', '\'':
		return true
	}
	return false
}

// endsFacility reports whether the word at j ends the name of a place of care or
// schooling that begins at i.
func (sc *Scanner) endsFacility(i, j int) bool {
	w, p := &sc.toks[j], sc.at(j-1)
	if !w.is(capital) && !careWord(w) {
		return false
	}
	further := j > i+1 // than the second word
	return w.cueIs(cue.Facility) ||
		w.size() <= 6 && homes.Has(w.hash) && homeKinds.Has(p.hash) && (further || !livingKinds.Has(p.hash)) ||
		w.hash == hashMed && practiceKinds.Has(p.hash) ||
		w.hash == hashCare && p.hash == hashMemory && further ||
		schoolEnds.Has(w.hash) && sc.school(i, j)
}

// namesFacility reports whether a capitalised word can name a place of care by itself.
func namesFacility(w *token) bool {
	return !w.cueIs(cue.NotName|cue.Stop|cue.Facility) ||
		w.is(possessive) ||
		w.cueIs(cue.State|cue.Country) ||
		facilityNames.Has(w.hash)
}

// properWord reports whether the word at i is hardly an everyday one.
func (sc *Scanner) properWord(i int) bool {
	w := &sc.toks[i]
	l := w.list
	return (l.Word() == 0 || l.Word() == words.Rare && sc.kindBehind(i)) && !w.cueIs(cue.Facility|cue.NotName) ||
		l.City() > 0 ||
		l.Surname() >= words.Common && l.Word() < words.Frequent
}

// facilityTail returns the index behind the period of an abbreviation and the words that
// go on the name of a place of care that ends before i: Stanford Health Care.
func (sc *Scanner) facilityTail(i int) int {
	last := sc.at(i - 1)
	if sc.isPunct(i, '.') && sc.joined(i) && last.size() <= 4 && !homes.Has(last.hash) && !schoolEnds.Has(last.hash) {
		i++
	}
	for sc.at(i).isBut(capital, used|lineBefore) && facilityTails.Has(sc.at(i).hash) {
		i++
	}
	return i
}

var (
	hashMemory     = words.Hash("memory")
	livingKinds    = words.SetOf("sober independent") // any home is called so
	facilityJoints = words.SetOf("and of for the")
	facilityNames  = words.SetOf("memorial new city county state")
)
