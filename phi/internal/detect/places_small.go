package detect

import (
	"strings"

	"github.com/carebus/carebus/phi/internal/words"

	"github.com/carebus/carebus/phi/internal/category"
	"github.com/carebus/carebus/phi/internal/cue"
)

// Places in texts without capitals, and those in small letters among capitals.

// findSmallPlaces finds countries, large cities and towns in a text without
// capitals.
func (sc *Scanner) findSmallPlaces() {
	before := &noToken
	for i := 0; i < len(sc.toks); i++ {
		t := &sc.toks[i]
		if t.kind == tokenWord && !t.is(used) {
			if from, to, cat := sc.smallPlace(i, before); to > from {
				i = sc.add(from, to, cat) - 1
			}
		}
		before = t
	}
}

// smallPlace returns the tokens and the category of the place in small letters of which the
// word at i is one, behind the token before. Without one, from is to.
func (sc *Scanner) smallPlace(i int, before *token) (from, to int, cat category.Category) {
	t := &sc.toks[i]
	if t.cue != 0 && t.cueIs(cue.Country|cue.PlaceStart) && t.size() > 2 {
		if end := sc.countryAt(i); end > i && sc.isCountry(i, end) && (end > i+1 || sc.lists.Get(t.hash).Word() == 0) {
			return i, end, category.Country
		}
	}
	if before.cueIs(cue.In) || before.hash == hashOur {
		if end := sc.smallSaint(i); end > i {
			return i, end, category.Place
		}
	}
	if t.cueIs(cue.Facility) && sc.strongFacility(i) || t.hash == hashCenter && before.cueIs(cue.Facility) {
		if from := sc.smallFacility(i); from < i {
			return from, i + 1, category.Place
		}
	}
	sign := byte(0)
	if before.kind == tokenPunct {
		sign = sc.text[before.start]
	}
	switch {
	case sign == ',':
		from, to = sc.smallState(i)
		return from, to, category.Place
	case sign == ':', sign == 0 && before.cueIs(cue.In):
		return i, sc.smallTownEnd(i, before), category.Place
	}
	return i, i, category.None
}

// smallTownEnd returns the index behind the town in small letters at i, behind a word such
// as in or a colon, or i: a large city, a word that nothing knows behind one that says that
// a town follows; with the place of care that is called after it, ucla medical center.
func (sc *Scanner) smallTownEnd(i int, before *token) int {
	t := &sc.toks[i]
	l := sc.lists.Get(t.hash)
	if !t.cueless() || t.size() < 4 || l.Word() > 0 {
		return i
	}
	if before.hash == hashIn && sc.at(i-2).isBut(used, nameFound) {
		return i + 1 // 12 mill lane in greenfield
	}
	if l.Drug() || sc.medicalShape(t) || l.City() != words.LargeCity && !(sc.townBefore(i) && sc.townVerb(i)) {
		return i
	}
	end := i + 1
	for n := sc.at(end); end < i+3 && n.kind == tokenWord && n.cueless() && !n.is(used|lineBefore) &&
		sc.lists.Get(n.hash).Word() == 0; n = sc.at(end) {
		end++
	}
	for n := sc.at(end); n.kind == tokenWord && n.cueIs(cue.Facility) && !n.is(used|lineBefore); n = sc.at(end) {
		end++
	}
	return end
}

// smallTown notes the town in small letters at i, behind a word such as in, in a
// text that has capitals: a word that is nothing else that is known.
func (sc *Scanner) smallTown(i int) {
	t := sc.at(i)
	if t.hash == hashSt && !t.is(used|capital|lineBefore) && sc.at(sc.pastPeriod(i+1)).is(possessive) { // at st. luke's
		if end := sc.smallSaint(i); end > i {
			sc.add(i, end, category.Place)
		}
		return
	}
	if t.kind != tokenWord || t.is(used|capital|lineBefore) || !t.cueless() || t.size() < 5 {
		return
	}
	if l := sc.lists.Get(t.hash); l.City() == 0 || l.Word() > 0 || l.Given() > 0 || l.Drug() || sc.medicalShape(t) {
		return
	}
	sc.add(i, i+1, category.Place)
}

// smallSaint returns the index behind the place in small letters at i that is
// named after a saint or a mountain: st. brigid's, mt. hood medical center; or i.
func (sc *Scanner) smallSaint(i int) int {
	switch sc.at(i).hash {
	case hashSt, hashMt, hashFt, hashSaint, hashMount:
	default:
		return i
	}
	j := sc.pastPeriod(i + 1)
	n := sc.at(j)
	if n.kind != tokenWord || n.cue != 0 && !n.cueIs(cue.Eponym|cue.Title) || n.is(used|lineBefore) || n.size() < 4 {
		return i
	}
	for j++; sc.at(j).cueIs(cue.Facility) && !sc.at(j).is(used|lineBefore); j++ {
	}
	return j
}

// smallFacility returns the index of the first word of a place of care in small
// letters whose kind is the word at i, or i: larkspur valley clinic, mercy
// general hospital. One of its words is a name, or no everyday word.
func (sc *Scanner) smallFacility(i int) int {
	from, named := i, false
	for i-from < 5 && from > 0 {
		p := sc.at(from - 1)
		if sc.at(from).is(lineBefore) ||
			p.kind != tokenWord ||
			p.is(used) ||
			p.cueIs(cue.In|cue.Fill|cue.Unit) ||
			p.cueIs(cue.Stop) {
			break
		}
		if l := sc.lists.Get(p.hash); !p.cueIs(cue.Facility) && !facilityKinds.Has(p.hash) &&
			!looseKinds.Has(p.hash) && (l.Word() < words.Common || l.Named() || l.City() > 0) && !l.Drug() {
			named = true
		} else if !p.cueIs(cue.Facility) && !looseKinds.Has(p.hash) && !townWords.Has(p.hash) {
			return i
		}
		from--
	}
	if p := sc.at(from - 1); !named ||
		from == i ||
		p.kind != tokenWord ||
		sc.at(from).is(lineBefore) ||
		!p.cueIs(cue.In) && p.hash != hashThe && p.hash != hashOur {
		return i
	}
	return from
}

// smallState returns the tokens of a town in small letters, of the state at i
// behind its comma, and of the ZIP code behind that: big sky, mt 59716.
func (sc *Scanner) smallState(i int) (from, to int) {
	t := sc.at(i)
	if t.is(lineBefore) || !t.cueIs(cue.State) && t.size() != 2 {
		return i, i
	}
	zip := sc.zipTail(i + 1)
	if !t.cueIs(cue.State) && !(zip > i+1 && strings.Contains(stateAbbreviations, strings.ToUpper(sc.lit(i)))) {
		return i, i
	}
	from = i - 1
	for from > 0 && i-1-from < 3 && !sc.toks[from].is(lineBefore) {
		if p := &sc.toks[from-1]; p.kind != tokenWord ||
			p.is(used) ||
			p.cueIs(cue.In) ||
			p.cueIs(cue.Stop) && !townAdjectives.Has(p.hash) {
			break
		}
		from--
	}
	if from == i-1 {
		return i, i
	}
	return from, zip
}
