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

// street finds the address that begins with the house number at token i:
// 12 Main St, 1600 Pennsylvania Ave NW Apt 4, Springfield, MA 01013.
func (sc *Scanner) street(i int) int {
	if t := sc.at(i); t.size() > 6 || t.kind == tokenMixed && !(chars.IsDigit(sc.text[t.start]) && t.size() > 1) {
		return i
	}
	return sc.streetBehind(i, i+1)
}

// streetBehind is street for a house number from token i to token to: 12-26,
// 859-N. It takes half a number as well: 608 1/2.
func (sc *Scanner) streetBehind(i, to int) int {
	t := sc.at(i)
	if sc.joined(i) {
		switch c := sc.text[t.start-1]; c {
		case ':':
			if sc.at(i-2).kind == tokenNumber && sc.joined(i-1) {
				return i // 1:30p
			}
		case '(', '"', '#', '|', '>', '<', ',', ';', '=', '[', '\'', '\\':
		default:
			return i
		}
	}
	if sc.isPunct(to+1, '/') && sc.at(to).kind == tokenNumber && sc.at(to).size() == 1 && sc.joined(to+1) &&
		sc.joined(to+2) && sc.at(to+2).size() == 1 && !sc.at(to).is(lineBefore|used) {
		to += 3
	}
	if n := sc.at(to); !n.is(capital|lineBefore|used) && n.size() <= 6 && n.kind == tokenWord &&
		repeats.Has(n.hash) && sc.roadName(to+1) > to+1 {
		to++ // 12 bis rue Lepic
	}
	words := 0
	for j := to; j < len(sc.toks) && words < 6; j++ {
		w := &sc.toks[j]
		if w.is(lineBefore) && !(words > 0 && strongStreets.Has(w.hash) && sc.wraps(j)) || w.is(used) {
			return sc.numberedBehind(i, to)
		}
		if w.kind == tokenPunct {
			if c := sc.text[w.start]; (c == '.' || c == '\'' || c == '-') && words > 0 && sc.joined(j) &&
				(c != '.' || sc.at(j-1).size() <= 4) {
				continue
			}
			return sc.numberedBehind(i, to)
		}
		if w.kind == tokenMixed && ordinal(sc.lit(j)) > 0 ||
			w.kind == tokenMixed && j > to ||
			w.kind == tokenNumber && words == 1 && sc.at(j-1).cueIs(cue.Street) {
			words++
			continue
		}
		if w.kind != tokenWord {
			return sc.numberedBehind(i, to)
		}
		if n := sc.at(j + 1); words == 0 && highways.Has(w.hash) && w.is(capital) && n.kind == tokenNumber &&
			n.size() <= 4 && !n.is(lineBefore|used) {
			return sc.addressBlock(i, j+2) // 4417 Highway 26
		}
		if words == 0 && w.is(capital) && w.size() >= 6 && wholeStreets.Has(w.hash) {
			return sc.addressBlock(i, j+1)
		}
		if words == 0 {
			if k := sc.numberedRoad(j); k > j {
				return sc.addressBlock(i, k)
			}
		}
		if n := sc.at(j + 1); words == 0 && quadrants.Has(w.hash) && w.is(allCaps) && t.kind == tokenNumber &&
			t.size() > 1 && n.kind == tokenWord && n.isBut(capital, used|lineBefore) && !n.is(allCaps) &&
			!n.cueIs(cue.Street|cue.Facility) {
			if end := sc.capitalRun(j+1, 3); !sc.at(end-1).cueIs(cue.Facility) && !sc.at(end).cueIs(cue.Street) {
				return sc.addressBlock(i, min(end, j+2)) // 312 NW Davis
			}
		}
		if words == 0 { // 12 rue Lepic, 15 Via Roma, 4 ul. Nowa
			if k := sc.roadName(j); k > j {
				return sc.addressBlock(i, sc.roadWords(k))
			}
		}
		if words == 0 && w.cueIs(cue.UnitWord) && w.hash == hashPO {
			return sc.numberedBehind(i, to)
		}
		suffix := w.cueIs(cue.Street) && words > 0 && !(!w.is(capital) && sc.at(j-1).is(capital) && weakStreet(w))
		if suffix && (w.is(capital) || !weakStreet(w)) {
			end := j + 1
			if sc.isPunct(end, '.') && sc.joined(end) && shortStreets.Has(w.hash) {
				end++
			}
			// The last suffix counts: 10 Park Lane Road.
			if nx := sc.at(end); nx.kind == tokenWord && nx.is(capital) && nx.cueIs(cue.Street) &&
				!nx.is(lineBefore) && !sc.isState(end) {
				words++
				continue
			}
			if n := sc.at(end); n.kind == tokenNumber && n.size() <= 4 && !n.is(used|lineBefore) &&
				!sc.at(end+1).cueIs(cue.Unit) &&
				(!w.is(capital) || sc.at(end+1).is(lineBefore) || sc.isPunct(end+1, ',') || sc.unit(end+1) > end+1) {
				end++ // 19 Knudssøns gate 222
			}
			return sc.addressBlock(i, end)
		}
		if streetCompound(sc.lit(j)) {
			end := j + 1
			if n := sc.at(end); (n.kind == tokenNumber || n.kind == tokenMixed) && n.size() <= 5 &&
				!n.is(used|lineBefore) {
				end++
			}
			return sc.addressBlock(i, end)
		}
		if !w.is(capital) && !w.cueIs(cue.Particle) && !(sc.lowerStreet(j)) {
			return sc.numberedBehind(i, to)
		}
		words++
	}
	return sc.numberedBehind(i, to)
}

// weakStreet reports whether a street's suffix is an everyday word as well.
func weakStreet(t *token) bool { return !strongStreets.Has(t.hash) }

// shortStreets are suffixes that are shortened, so that a period belongs to them.
var shortStreets = words.SetOf("st ave av rd blvd dr ln ct cir pl ter pkwy hwy sq trl aly expy str hts")

// wholeStreets are streets of one word.
var wholeStreets = words.SetOf("broadway kingsway queensway embarcadero bowery piccadilly strand cheapside deansgate whitehall")

// repeats stand behind a house number that is there twice.
var repeats = words.SetOf("bis ter quater")

var highways = words.SetOf("hwy highway route rte rt sr cr fm")

var strongStreets = words.SetOf("strasse straße str gasse straat gatan street st avenue ave road rd boulevard blvd drive lane ln terrace parkway pkwy highway hwy trailer turnpike crescent cul")

// lowerStreet reports whether an address in small letters goes on at token j:
// a street suffix follows within three words.
func (sc *Scanner) lowerStreet(j int) bool {
	if sc.toks[j].cueIs(cue.Stop | cue.Unit) {
		return false
	}
	for k := j + 1; k < j+4 && k < len(sc.toks); k++ {
		t := &sc.toks[k]
		if t.kind != tokenWord || t.cueIs(cue.Stop) {
			return false
		}
		if t.cueIs(cue.Street) && !weakStreet(t) {
			return true
		}
	}
	return false
}

// streetCompound reports whether a word is a street by its ending:
// Hauptstraße, Koskikatu, Storgatan.
func streetCompound(s string) bool {
	if len(s) < 7 {
		return false
	}
	for _, e := range streetEndings {
		if words.HasSuffixFold(s, e) {
			return true
		}
	}
	return len(s) > 8 && words.HasSuffixFold(s, "tie") || words.HasSuffixFold(s, "str")
}

var streetEndings = []string{"strasse", "straße", "gasse", "weg", "allee", "platz", "straat", "laan", "gatan", "vägen", "vagen", "gade", "vej", "veien", "gata", "katu", "kuja", "utca", "plein", "gracht", "kade", "singel", "vegen", "torget", "stieg", "damm", "ufer"}

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
	if !sc.lineStart(i) {
		switch p := sc.at(i - 1); {
		case p.kind == tokenWord &&
			(p.hash == hashAt || p.hash == hashTo || p.hash == hashIs || p.hash == hashIn || p.cueIs(cue.Address)):
		case p.hash == hashAnd && (sc.isPunct(i-2, ',') || sc.at(i-2).is(used)):
		case sc.isPunct(i-1, ':'), sc.isPunct(i-1, ','), sc.isPunct(i-1, '"'), sc.isPunct(i-1, '|'), p.is(used):
		default:
			return i
		}
	}
	j := i + 1
	if n := sc.at(j); n.kind == tokenNumber && n.size() <= 5 && !n.is(lineBefore|used) && !sc.joined(j) {
		j++
	}
	words, rare := 0, false
	for words < 6 {
		t := sc.at(j)
		if t.is(lineBefore) || !sc.addressWord(j) {
			break
		}
		if t.cueIs(cue.Unit|cue.Month|cue.Noun|cue.Medical) ||
			sc.lists.Get(t.hash).Drug() ||
			words == 0 && t.cueIs(cue.Stop|cue.NotName) {
			return i
		}
		if sc.isPunct(j+1, ':') {
			return i
		}
		rare = rare ||
			sc.lists.Get(t.hash).Word() == 0 && !sc.acronym(t) && t.size() > 1 ||
			t.cueIs(cue.Road) && t.size() > 2
		words++
		if j++; (sc.isPunct(j, '.') || sc.isPunct(j, '-') || sc.isPunct(j, '\'')) && sc.joined(j) &&
			!sc.at(j+1).is(lineBefore) {
			j++
		}
	}
	n := sc.at(j)
	if words == 0 ||
		!rare ||
		n.is(lineBefore|used) ||
		!(n.kind == tokenNumber || n.kind == tokenMixed && chars.IsDigit(sc.text[n.start])) ||
		n.size() > 5 {
		return i
	}
	j++
	if sc.isPunct(j, '.') && sc.joined(j) && !sc.lastOfSentence(j) {
		j++
	}
	next := sc.at(j)
	switch {
	case next.is(lineBefore), sc.isPunct(j, ',') && !sc.joined(j+1), sc.unit(j) > j, next.cueIs(cue.Street),
		sc.isPunct(j, '.') && !sc.joined(j+1), sc.isPunct(j, '"'), sc.isPunct(j, '|'), sc.isPunct(j, '<'):
	default:
		return i
	}
	return sc.addressBlock(i, j)
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
		case (sc.isPunct(j, '-') || sc.isPunct(j, '\'') || sc.isPunct(j, '.')) && sc.joined(j) &&
			(sc.joined(j+1) || j-from < 2):
			j++
		default:
			n = 6
		}
	}
	if n := sc.at(j); j > from &&
		(n.kind == tokenNumber || n.kind == tokenMixed && chars.IsDigit(sc.text[n.start])) && n.size() <= 5 &&
		!n.is(used|lineBefore) && !sc.joined(j) && !sc.at(j+1).cueIs(cue.Unit) {
		j = sc.houseTail(j + 1)
	}
	return j
}

// houseTail returns the index behind what is joined to the house number before
// token j: 142-II, 12-14, 7/3.
func (sc *Scanner) houseTail(j int) int {
	if (sc.isPunct(j, '-') || sc.isPunct(j, '/')) && sc.joined(j) && sc.joined(j+1) && sc.at(j+1).alnum() &&
		sc.at(j+1).size() <= 4 && !sc.at(j+1).is(used) &&
		!(sc.joined(j+2) && (sc.at(j+2).alnum() || sc.isPunct(j+2, '-'))) {
		return j + 2
	}
	return j
}

// road finds streets that begin with their kind, PO boxes, and units:
// Via Roma 12, rue de la Paix 3, P.O. Box 15, Apt. 755.
func (sc *Scanner) road(i int, c cue.Cue) int {
	t := &sc.toks[i]
	if c.Is&cue.UnitWord != 0 {
		switch t.hash {
		case hashP, hashPO, hashPOBox, hashPOB:
			return sc.postBox(i)
		case hashBox:
			if next := sc.ruralBox(i); next > i {
				return next
			}
		case hashApt, hashApartment, hashSuite, hashSte:
			if end := sc.unit(i); end > i {
				return sc.addressBlock(sc.streetBefore(i), end)
			}
		case hashPSC, hashCMR, hashUnit:
			if next := sc.military(i); next > i {
				return next
			}
		case hashAPO, hashFPO, hashDPO:
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
		if sc.isPunct(i+1, '-') && sc.joined(i+1) && sc.joined(i+2) && sc.at(i+2).kind == tokenNumber &&
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
	hashApt       = words.Hash("apt")
	hashApartment = words.Hash("apartment")
	hashSuite     = words.Hash("suite")
	hashSte       = words.Hash("ste")
	hashPSC       = words.Hash("psc")
	hashCMR       = words.Hash("cmr")
	hashUnit      = words.Hash("unit")
	hashIn        = words.Hash("in")
	hashOn        = words.Hash("on")
	hashOff       = words.Hash("off")
	hashAlong     = words.Hash("along")
)
