package detect

import (
	"strings"

	"github.com/carebus/carebus/phi/internal/words"

	"github.com/carebus/carebus/phi/internal/category"
	"github.com/carebus/carebus/phi/internal/chars"
	"github.com/carebus/carebus/phi/internal/cue"
)

// The lines of an address below the street: town, state, postal code, country.

// A placePart is a part of the lines behind a street, up to a comma or a line's end:
// Springfield, MA 01013 has two.
type placePart struct {
	behind     int  // where the part before it ends
	start, end int  // end is behind the last token that counts so far
	comma      bool // a comma stands before it
	line       bool // a line begins with it
	words      int  // how many it has
	sure       bool // a state, country or postal code is in it
	whole      bool // a sentence, a line or the like ends behind it
}

// apart reports whether a comma or a line's end stands before the part.
func (p *placePart) apart() bool { return p.comma || p.line }

// placeLines returns the index behind the city, state, country and postal code
// at i. loose says that an address has been seen for sure, so that capitalised
// words behind it are its city.
func (sc *Scanner) placeLines(i int, loose bool) int {
	end, j := i, i
	for n := 0; n < maxBlockLines; n++ {
		p := sc.partBehind(j)
		if p.start >= len(sc.toks) {
			break
		}
		first := n == 0
		sc.placeWords(&p, loose)
		if !first && p.apart() && p.end == p.start && sc.smallRegion(p.start) {
			p.end, p.words = p.start+1, 1
		}
		sc.placeCode(&p, end > i)
		if p.end == p.start || sc.isPunct(p.end, ':') {
			break
		}
		p.whole = sc.partEnds(p.end)
		coded := p.sure && sc.at(p.end-1).kind == tokenNumber && (!first || sc.isState(p.end-2))
		if p.line && !p.whole && !coded {
			break // Lives at 12 Main St.\nBoston is where she works
		}
		if sc.belongsToAddress(&p, first, loose, end) {
			end = p.end
		}
		j = p.end
		if !p.sure && !p.apart() && !loose {
			break
		}
	}
	return end
}

// belongsToAddress reports whether a part goes on an address that has reached token end so
// far. first says that it stands right behind the street, loose is as of placeLines.
func (sc *Scanner) belongsToAddress(p *placePart, first, loose bool, end int) bool {
	switch {
	case p.sure:
		return true
	case p.line: // a town alone, below an address
		return loose && p.whole && end == p.behind && sc.townLine(p.start, p.end)
	case first: // 12 Main St, Springfield.
		return loose || p.comma && p.whole && p.words <= 4
	default:
		return p.comma && p.whole && end == p.start-1
	}
}

// partBehind returns the part that begins at j, behind a comma or a line's prefix.
// It has no words yet.
func (sc *Scanner) partBehind(j int) placePart {
	p := placePart{behind: j}
	if p.comma = sc.isPunct(j, ','); p.comma {
		j++
	}
	p.line = sc.at(j).is(lineBefore) && j > 0
	j = sc.linePrefix(j)
	if p.line && sc.isPunct(j, ',') { // "City\n, ST"
		p.comma = true
		j++
	}
	p.start, p.end = j, j
	return p
}

// placeWords takes the words of a part: King of Prussia, St. Paul, MA, New York
// (USA). Where loose is false, a country at its start needs a comma or a line before.
func (sc *Scanner) placeWords(p *placePart, loose bool) {
	for k := p.start; p.words < 6; {
		t := sc.at(k)
		if k > p.start && t.is(lineBefore) {
			return
		}
		if e := sc.countryAt(k); e > k && (k > p.start || p.apart() || loose) {
			p.sure = true
			p.words += e - k
			if k = e; sc.isPunct(k, '(') && sc.isPunct(k+2, ')') && sc.joined(k+1) {
				k += 3
			}
			p.end = k
			continue
		}
		if sc.isState(k) && (p.apart() || p.words > 0) {
			p.sure = true
		}
		if p.words > 0 && sc.townLink(k) {
			k++
			continue
		}
		if !sc.addressWord(k) || t.cueIs(cue.UnitWord) && !t.is(allCaps) {
			return
		}
		if t.is(capital) || !sc.capitals || sc.elided(t) {
			p.end = k + 1
		}
		p.words++
		k = sc.townJoint(k + 1)
	}
}

// townJoint returns the index of the word that a sign at k joins to the one before
// it, or k: St. Paul, Winston-Salem. Of Stoke-on-Trent it is the last.
func (sc *Scanner) townJoint(k int) int {
	period := sc.isPunct(k, '.')
	sign := sc.isPunct(k, '-') || sc.isPunct(k, '\'') || period && sc.at(k-1).size() <= 4
	n := sc.at(k + 1)
	if !sign || !sc.joined(k) || !sc.joined(k+1) && !period || n.kind != tokenWord || n.is(lineBefore) {
		return k
	}
	k++
	if !n.is(capital) && n.size() <= 5 && sc.isPunct(k+1, '-') && sc.tight(k+1) &&
		sc.at(k+2).is(capital) {
		k += 2
	}
	return k
}

// smallRegion reports whether a region's code in small letters stands at j, before a
// postal code or at the end of a line: ma 01013.
func (sc *Scanner) smallRegion(j int) bool {
	t, n := sc.at(j), sc.at(j+1)
	return t.kind == tokenWord && t.size() <= 3 && !t.cueIs(cue.Stop) &&
		(n.kind == tokenNumber || n.is(lineBefore))
}

// placeCode takes the postal code behind the words of a part, or in their place with
// the city behind it: MA 01013, 24558 Henstedt. going says that parts before it were
// taken.
func (sc *Scanner) placeCode(p *placePart, going bool) {
	end := sc.postalCode(p.end, p.line && p.words == 0)
	if end == p.end || !(p.words > 0 || p.sure || p.apart() || going) {
		return
	}
	p.end, p.sure = end, true
	if p.words == 0 && !p.line && sc.at(end-1).kind == tokenNumber {
		p.end = sc.cityBehind(end)
	}
}

// partEnds reports whether a line, a sentence, a field or the like ends before token k.
func (sc *Scanner) partEnds(k int) bool {
	t := sc.at(k)
	return t.is(lineBefore) || t.kind == tokenPunct && strings.IndexByte(`,.;?")<`, sc.text[t.start]) >= 0
}

// townLine reports whether the words from token i to token end, all of a line
// within an address, are hardly anything else than a town.
func (sc *Scanner) townLine(i, end int) bool {
	for j := i; j < end; j++ {
		t := sc.at(j)
		if t.kind != tokenWord {
			continue
		}
		if !t.is(capital) ||
			t.list.Drug() ||
			t.list.Word() >= words.Common ||
			!sc.rareWord(t) && t.list.City() == 0 && !sc.foreign(t) {
			return false
		}
	}
	return end > i && end <= i+5
}

// postalCode returns the index behind a postal code at i, or i: 02139,
// 02139-1234, 340 12, 3610-114, 7412 SL, SW1A 1AA. alone says that it is all
// that its line holds so far.
func (sc *Scanner) postalCode(i int, alone bool) int {
	t, n := sc.at(i), sc.at(i+1)
	if t.is(used) || i > 0 && t.is(lineBefore) && !alone {
		return i
	}
	switch t.kind {
	case tokenNumber:
		if t.size() < 3 || t.size() > 6 {
			return i
		}
		switch ofTwo := !n.is(lineBefore); {
		case sc.hyphenedCode(i):
			if sc.isPunct(i+3, '-') && sc.joined(i+3) { // 617-555-0143
				return i
			}
			return i + 3
		case ofTwo && t.size() == 3 && n.kind == tokenNumber && n.size() == 2, // of Sweden
			ofTwo && t.size() == 4 && n.kind == tokenWord && n.size() == 2 && n.is(allCaps): // of the Netherlands
			return i + 2
		case t.size() == 3:
			return i
		}
		return i + 1
	case tokenMixed: // of Great Britain
		if t.size() <= 4 && chars.IsUpper(sc.text[t.start]) && n.kind == tokenMixed && n.size() == 3 && !n.is(lineBefore) {
			return i + 2
		}
	}
	return i
}

// hyphenedCode reports whether up to four digits stand right behind the number at i and a
// hyphen: 02139-1234, 3610-114.
func (sc *Scanner) hyphenedCode(i int) bool {
	n := sc.at(i + 2)
	return sc.isPunct(i+1, '-') && sc.tight(i+1) && n.kind == tokenNumber && n.size() <= 4
}

// townLink reports whether a small word within a town's name stands at token k:
// Newcastle upon Tyne, King of Prussia.
func (sc *Scanner) townLink(k int) bool {
	n := sc.at(k + 1)
	return townLinks.Has(sc.at(k).hash) && !sc.at(k).is(capital|lineBefore|used) && n.kind == tokenWord &&
		n.isBut(capital, used|lineBefore) && sc.at(k-1).is(capital)
}

// cityBehind returns the index behind the city that stands behind a postal code
// before token i, as on the continent of Europe.
func (sc *Scanner) cityBehind(i int) int {
	t := sc.at(i)
	if !t.isBut(capital, used|lineBefore|sentence) ||
		t.kind != tokenWord ||
		t.cueIs(cue.Stop|cue.Title|cue.Relation|cue.Intro|cue.Key|cue.Month|cue.Weekday) && t.list.City() == 0 {
		return i
	}
	return sc.capitalRun(i, 3)
}

// townInCarets finds the town and the postal code of an address whose components stand
// between carets, as HL7 v2 has them (XAD), where its street ends at i, or returns i:
// ^^CROW AGENCY^MT^59022.
func (sc *Scanner) townInCarets(i int) int {
	from := i + 1
	if sc.isPunct(from, '^') && sc.joined(from) {
		from++ // no second line
	}
	if sc.isPunct(i-1, '^') && sc.joined(i) {
		return i
	}
	to := from
	for to < from+4 && sc.at(to).kind == tokenWord && sc.at(to).isBut(capital, used|lineBefore) {
		to++
	}
	code := to + 3
	if to == from || !sc.isPunct(to, '^') || !sc.joined(to) || !sc.isState(to+1) || !sc.joined(to+1) ||
		!sc.isPunct(to+2, '^') || !sc.joined(code) || sc.at(code).kind != tokenNumber || sc.at(code).size() != 5 {
		return i
	}
	sc.add(from, to, category.Place)
	return sc.add(code, max(code+1, sc.postalCode(code, true)), category.PostalCode)
}
