package detect

import (
	"strings"

	"github.com/carebus/carebus/phi/internal/chars"
	"github.com/carebus/carebus/phi/internal/cue"
	"github.com/carebus/carebus/phi/internal/words"
)

// stateAbbreviations are those of the USPS, two capitals each.
const stateAbbreviations = "AL AK AZ AR CA CO CT DE FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY DC PR GU VI AS MP AA AE AP"

// isState reports whether token i is a state's abbreviation.
func (sc *Scanner) isState(i int) bool {
	t := sc.at(i)
	if t.kind != tokenWord || t.size() != 2 || !t.is(allCaps) {
		return false
	}
	if n := sc.at(i + 1); sc.lit(i) == "ID" &&
		(sc.isPunct(i+1, ':') ||
			sc.isPunct(i+1, '#') ||
			n.kind == tokenMixed ||
			n.kind == tokenNumber && n.size() != 5) {
		return false
	}
	if s := sc.lit(i); s[0] == 'A' && (s[1] == 'A' || s[1] == 'E' || s[1] == 'P') && sc.at(i+1).kind != tokenNumber {
		return false // of the armed forces, with a code alone: NAMI, AA
	}
	return strings.Contains(stateAbbreviations, sc.lit(i))
}

// stateBefore reports whether a state stands before token i.
func (sc *Scanner) stateBefore(i int) bool {
	j := i - 1
	if sc.isPunct(j, ',') {
		j--
	}
	return sc.isState(j) || sc.at(j).cueIs(cue.State) && sc.at(j).is(capital)
}

// directions stand before and behind street names.
var directions = words.SetOf("n s e w ne nw se sw north south east west")

var quadrants = words.SetOf("ne nw se sw")

// numberedBehind is numbered for a house number from token i to token to, which
// is a number alone.
func (sc *Scanner) numberedBehind(i, to int) int {
	if to > i+1 {
		return i
	}
	return sc.numbered(i)
}

// numbered finds streets whose number stands behind the name, with that of a
// building before it: 28 Koivutie 82, Lappi. A comma, a line's end or a unit
// must follow, and something that leads to an address must stand before.
func (sc *Scanner) numbered(i int) int {
	if !sc.lineStart(i) && !sc.leadsToStreet(i) {
		return i
	}
	j := i + 1
	if n := sc.at(j); n.kind == tokenNumber && n.size() <= 5 && !n.is(lineBefore|used) && !sc.joined(j) {
		j++
	}
	k := sc.numberedWords(j)
	if k == j {
		return i
	}
	n := sc.at(k)
	house := n.kind == tokenNumber || n.kind == tokenMixed && chars.IsDigit(sc.text[n.start])
	if !house || n.size() > 5 || n.is(lineBefore|used) {
		return i
	}
	k++
	if sc.isPunct(k, '.') && sc.joined(k) && !sc.lastOfSentence(k) {
		k++
	}
	if !sc.streetEnds(k) {
		return i
	}
	return sc.addressBlock(i, k)
}

// leadsToStreet reports whether what stands before token i leads to an address:
// lives at 28 Koivutie 82, "28 Koivutie 82.
func (sc *Scanner) leadsToStreet(i int) bool {
	p := sc.at(i - 1)
	switch {
	case p.is(used):
		return true
	case p.kind == tokenPunct:
		return strings.IndexByte(`:,"|`, sc.text[p.start]) >= 0
	case p.hash == hashAnd:
		return sc.isPunct(i-2, ',') || sc.at(i-2).is(used)
	}
	return p.kind == tokenWord && (p.cueIs(cue.Address) || beforeStreets.Has(p.hash))
}

var beforeStreets = words.SetOf("at to is in")

// numberedWords returns the index behind the words at j that may be a street's name
// without a suffix, of which one is rare: Koivutie; or j.
func (sc *Scanner) numberedWords(j int) int {
	k, rare := j, false
	for words := 0; words < 6; words++ {
		t := sc.at(k)
		if t.is(lineBefore) || !sc.addressWord(k) {
			break
		}
		l := sc.lists.Get(t.hash)
		if t.cueIs(cue.Unit|cue.Month|cue.Noun|cue.Medical) ||
			l.Drug() ||
			words == 0 && t.cueIs(cue.Stop|cue.NotName) ||
			sc.isPunct(k+1, ':') {
			return j
		}
		rare = rare || l.Word() == 0 && !sc.acronym(t) && t.size() > 1 || t.cueIs(cue.Road) && t.size() > 2
		if k++; sc.isOneOf(k, ".-'") && sc.joined(k) &&
			!sc.at(k+1).is(lineBefore) {
			k++
		}
	}
	if !rare {
		return j
	}
	return k
}

// streetEnds reports whether an address ends or goes on with its town or a unit at
// token k: 28 Koivutie 82, Lappi.
func (sc *Scanner) streetEnds(k int) bool {
	switch t := sc.at(k); {
	case t.is(lineBefore), sc.isPunct(k, ',') && !sc.joined(k+1), sc.unit(k) > k, t.cueIs(cue.Street),
		sc.isPunct(k, '.') && !sc.joined(k+1), sc.isPunct(k, '"'), sc.isPunct(k, '|'), sc.isPunct(k, '<'):
		return true
	}
	return false
}

// postBox finds P.O. Box 15.
func (sc *Scanner) postBox(i int) int {
	j := i + 1
	for sc.isPunct(j, '.') {
		j++
	}
	if sc.at(j).hash == hashO {
		for j++; sc.isPunct(j, '.'); {
			j++
		}
	}
	if sc.at(j).hash == hashBox {
		j++
	} else if h := sc.at(i).hash; h != hashPOBox && h != hashPOB {
		return i
	}
	if sc.isPunct(j, '#') {
		j++
	}
	if k := sc.at(j).kind; k == tokenNumber || k == tokenMixed {
		return sc.addressBlock(i, j+1)
	}
	return i
}

// roadName returns the index of the name behind the word at j that begins a
// street, such as Via and ul., or j.
func (sc *Scanner) roadName(j int) int {
	w := sc.at(j)
	if w.kind != tokenWord || w.is(used) || !w.cueIs(cue.Road) || w.size() < 2 || w.cueIs(cue.Unit) {
		return j
	}
	k := j + 1
	if sc.isPunct(k, '.') && sc.joined(k) && w.size() <= 4 {
		k++
	} else if w.size() == 2 {
		return j
	}
	n := sc.at(k)
	if n.kind != tokenWord || n.is(lineBefore|used) || n.cueIs(cue.UnitWord) {
		return j
	}
	if n.is(capital) ||
		n.cueIs(cue.Particle) && n.size() > 1 && !w.cueIs(cue.Unit|cue.Stop) ||
		sc.elided(n) ||
		!sc.capitals && !n.cueIs(cue.Stop) {
		return k
	}
	return j
}

// elided reports whether a word begins as d'Azur and l'Abbaye do.
func (sc *Scanner) elided(t *token) bool {
	return t.size() > 3 && sc.text[t.start+1] == '\'' && chars.IsUpper(sc.text[t.start+2])
}

// roadWords returns the index behind the words of a street's name at j and the
// number behind them.
func (sc *Scanner) roadWords(j int) int {
	from := j
	for n := 0; n < 6; n++ {
		t := sc.at(j)
		switch {
		case t.kind == tokenWord && !t.cueIs(cue.UnitWord) && !t.is(lineBefore) && sc.addressWord(j):
			j++
		case sc.isOneOf(j, "-'.") && sc.joined(j) && (sc.joined(j+1) || j-from < 2):
			j++
		default:
			n = 6
		}
	}
	if n := sc.at(j); j > from && sc.startsWithDigit(n) && n.size() <= 5 && !n.is(used|lineBefore) &&
		!sc.joined(j) && !sc.at(j+1).cueIs(cue.Unit) {
		j = sc.houseTail(j + 1)
	}
	return j
}

// houseTail returns the index behind what is joined to the house number before
// token j: 142-II, 12-14, 7/3.
func (sc *Scanner) houseTail(j int) int {
	tail := sc.at(j + 1)
	if !sc.isOneOf(j, "-/") || !sc.tight(j) || !tail.alnum() || tail.size() > 4 || tail.is(used) {
		return j
	}
	if sc.joined(j+2) && (sc.at(j+2).alnum() || sc.isPunct(j+2, '-')) {
		return j // of something longer
	}
	return j + 2
}

// road finds streets that begin with their kind, PO boxes, and units:
// Via Roma 12, rue de la Paix 3, P.O. Box 15, Apt. 755.
func (sc *Scanner) road(i int, c cue.Cue) int {
	t := &sc.toks[i]
	if c.Is&cue.UnitWord != 0 {
		switch h := t.hash; {
		case h == hashPOBox, boxWords.Has(h):
			return sc.postBox(i)
		case h == hashBox:
			if next := sc.ruralBox(i); next > i {
				return next
			}
		case apartments.Has(h):
			if end := sc.unit(i); end > i {
				return sc.addressBlock(sc.streetBefore(i), end)
			}
		case militaryUnits.Has(h):
			if next := sc.military(i); next > i {
				return next
			}
		case postOffices.Has(h):
			return sc.postOffice(i)
		}
	}
	if c.Is&cue.Road != 0 {
		if end := sc.gridRoad(i); end > i {
			return sc.addressBlock(i, end)
		}
	}
	if t.hash == hashCorner {
		return sc.corner(i)
	}
	if c.Is&cue.Street != 0 {
		if next := sc.unnumbered(i); next > i {
			return next
		}
	}
	if j := sc.roadName(i); j > i {
		end := sc.roadWords(j)
		if k := sc.at(end - 1); end > j+1 && k.kind != tokenWord && k.kind != tokenPunct {
			return sc.addressBlock(i, end)
		}
		if sc.isPunct(end, ',') && sc.at(end+1).kind == tokenNumber && sc.at(end+1).size() <= 4 &&
			!sc.at(end+1).is(used|lineBefore) {
			return sc.addressBlock(i, end+2)
		}
	}
	return i
}

// zipTail returns the index behind the ZIP or foreign postal code at i.
func (sc *Scanner) zipTail(i int) int {
	t := sc.at(i)
	if t.is(lineBefore) {
		return i
	}
	if t.kind == tokenNumber && t.size() == 5 {
		if sc.isPunct(i+1, '-') && sc.tight(i+1) && sc.at(i+2).kind == tokenNumber &&
			sc.at(i+2).size() == 4 {
			return i + 3
		}
		return i + 1
	}
	return i
}

var (
	hashCorner    = words.Hash("corner")
	hashO         = words.Hash("o")
	hashPOBox     = words.Hash("pobox")
	hashPOB       = words.Hash("pob")
	apartments    = words.SetOf("apt apartment suite ste")
	hashSte       = words.Hash("ste")
	militaryUnits = words.SetOf("psc cmr unit")
	hashIn        = words.Hash("in")
	hashOn        = words.Hash("on")
	hashOff       = words.Hash("off")
	hashAlong     = words.Hash("along")
)
