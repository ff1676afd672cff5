package detect

import (
	"github.com/carebus/carebus/phi/internal/chars"
	"github.com/carebus/carebus/phi/internal/cue"
	"github.com/carebus/carebus/phi/internal/words"
)

// Streets behind a house number: 12 Mill Rd, 4417 Highway 26, 312 NW Davis, 15 Via Roma.

// street finds the address that begins with the house number at token i:
// 12 Main St, 1600 Pennsylvania Ave NW Apt 4, Springfield, MA 01013.
func (sc *Scanner) street(i int) int {
	if t := sc.at(i); t.size() > 6 || t.kind == tokenMixed && !(chars.IsDigit(sc.text[t.start]) && t.size() > 1) {
		return i
	}
	return sc.streetBehind(i, i+1)
}

// numberedStreet reports whether the token at i is the number of a street, and not the rank of
// what stands behind it: 31st Ave, 113th Street; but 1st Place.
func (sc *Scanner) numberedStreet(i int) bool {
	s := sc.lit(i)
	n := len(s) - 2
	if n < 1 || n > 3 || !chars.AllDigits(s[:n]) || !ordinalEndings.Has(words.Hash(s[n:])) {
		return false
	}
	return n > 1 || !ranked.Has(sc.at(i+1).hash)
}

// ranked is what comes first or second as often as streets are called so.
var ranked = words.SetOf("place court circuit")

// streetBehind is street for a house number from token i to token to: 12-26,
// 859-N. It takes half a number as well: 608 1/2.
func (sc *Scanner) streetBehind(i, to int) int {
	if !sc.houseNumberStarts(i) {
		return i
	}
	to = sc.houseNumberEnd(to)
	words := 0
	for j := to; j < len(sc.toks) && words < 6; j++ {
		w := &sc.toks[j]
		if w.is(used) || sc.otherLine(j, words) {
			break
		}
		if w.kind == tokenPunct && words > 0 && sc.streetJoint(j) {
			continue
		}
		if sc.numberWithin(j, to, words) {
			words++
			continue
		}
		if w.kind != tokenWord {
			break
		}
		if words == 0 {
			if end := sc.streetByStart(i, j); end > j {
				return sc.addressBlock(i, end)
			}
			if w.hash == hashPO && w.cueIs(cue.UnitWord) {
				break
			}
		} else if sc.endsStreet(j) {
			if end := sc.streetEnd(j); end > j {
				return sc.addressBlock(i, end)
			}
			words++
			continue
		}
		if streetCompound(sc.lit(j)) {
			return sc.addressBlock(i, sc.pastFlat(j+1))
		}
		if !w.is(capital) && !w.cueIs(cue.Particle) && !sc.lowerStreet(j) {
			break
		}
		words++
	}
	return sc.numberedBehind(i, to)
}

// otherLine reports whether token j begins another line, to which a street of so many words
// so far doesn't go on: only its suffix may stand there.
func (sc *Scanner) otherLine(j, words int) bool {
	t := sc.at(j)
	return t.is(lineBefore) && !(words > 0 && strongStreets.Has(t.hash) && sc.wraps(j))
}

// numberWithin reports whether the number at j is one of a street's words, of which so many
// stand before it, behind the house number before token to: 12 5th Ave, 40 Avenue 9.
func (sc *Scanner) numberWithin(j, to, words int) bool {
	switch sc.toks[j].kind {
	case tokenMixed:
		return j > to || ordinal(sc.lit(j)) > 0 || sc.numberedStreet(j)
	case tokenNumber:
		return words == 1 && sc.at(j-1).cueIs(cue.Street)
	}
	return false
}

// streetEnd returns the index behind a street whose suffix is the word at j, with its period
// and the number of a flat, or j if another suffix follows, as the last one counts:
// 10 Park Lane Road.
func (sc *Scanner) streetEnd(j int) int {
	w, end := &sc.toks[j], j+1
	if sc.isPunct(end, '.') && sc.joined(end) && shortStreets.Has(w.hash) {
		end++
	}
	if sc.suffixAt(end) {
		return j
	}
	if sc.flatNumber(w, end) {
		end++
	}
	return end
}

// houseNumberStarts reports whether a house number may begin at token i, as far as
// what stands right before it tells: "(12 Main St", but not "$12" and the 30 of 1:30p.
func (sc *Scanner) houseNumberStarts(i int) bool {
	if !sc.joined(i) {
		return true
	}
	switch sc.text[sc.toks[i].start-1] {
	case ':':
		return !(sc.at(i-2).kind == tokenNumber && sc.joined(i-1))
	case '(', '"', '#', '|', '>', '<', ',', ';', '=', '[', '\'', '\\':
		return true
	}
	return false
}

// houseNumberEnd returns the index behind what belongs to the house number before
// token to: 608 1/2, 12 bis rue Lepic.
func (sc *Scanner) houseNumberEnd(to int) int {
	if half := sc.at(to); half.kind == tokenNumber && half.size() == 1 && !half.is(lineBefore|used) &&
		sc.isPunct(to+1, '/') && sc.tight(to+1) && sc.at(to+2).size() == 1 {
		to += 3
	}
	if n := sc.at(to); n.kind == tokenWord && !n.is(capital|lineBefore|used) && n.size() <= 6 &&
		repeats.Has(n.hash) && sc.roadName(to+1) > to+1 {
		to++
	}
	return to
}

// streetJoint reports whether the sign at j stands within the name of a street:
// St. Paul's Ave, Wilkes-Barre Blvd.
func (sc *Scanner) streetJoint(j int) bool {
	if !sc.joined(j) {
		return false
	}
	switch sc.text[sc.toks[j].start] {
	case '.':
		return sc.at(j-1).size() <= 4
	case '\'', '-':
		return true
	}
	return false
}

// streetByStart returns the index behind the street that its first word, at j behind
// the house number at i, tells: Broadway, rue Lepic, Via Roma, ul. Nowa; or j.
func (sc *Scanner) streetByStart(i, j int) int {
	w := &sc.toks[j]
	if sc.highway(j) && !(w.size() == 2 && sc.toks[i].size() < 3) {
		return j + 2 // 4417 Highway 26
	}
	if w.is(capital) && w.size() >= 6 && wholeStreets.Has(w.hash) {
		return j + 1
	}
	if k := sc.numberedRoad(j); k > j {
		return k
	}
	if t := &sc.toks[i]; t.kind == tokenNumber && t.size() > 1 && sc.quadrantStreet(j) {
		return j + 2 // 312 NW Davis
	}
	if k := sc.compassStreet(i, j); k > j {
		return k
	}
	if k := sc.roadName(j); k > j {
		return sc.roadWords(k)
	}
	return j
}

// quadrantStreet reports whether a quadrant of a town stands at j and a street that is
// called no more than its name behind it: NW Davis.
func (sc *Scanner) quadrantStreet(j int) bool {
	w, n := &sc.toks[j], sc.at(j+1)
	if !w.is(allCaps) || !quadrants.Has(w.hash) ||
		n.kind != tokenWord || !n.isBut(capital, used|lineBefore|allCaps) || n.cueIs(cue.Street|cue.Facility) {
		return false
	}
	end := sc.capitalRun(j+1, 3)
	return !sc.at(end-1).cueIs(cue.Facility) && !sc.at(end).cueIs(cue.Street)
}

// compassStreet returns the index behind the letter of a direction at j and the name of a
// street that stands behind it without more, after the house number at i, or j: 310 E.
// Fulton, 27 N Main.
func (sc *Scanner) compassStreet(i, j int) int {
	h, w := &sc.toks[i], &sc.toks[j]
	k := sc.pastPeriod(j + 1)
	n := sc.at(k)
	if w.size() != 1 || !w.is(capital) || !directions.Has(w.hash) || w.is(lineBefore) || sc.joined(j) || h.kind != tokenNumber ||
		n.kind != tokenWord || !n.isBut(capital, used|lineBefore|allCaps) || n.size() < 3 || sc.joined(k) || physical.Has(sc.at(i-1).hash) {
		return j
	}
	if mainStreets.Has(n.hash) && h.size() > 1 {
		return k + 1
	}
	if h.size() < 3 || n.list.OnlyWord() || species.Has(n.hash) || n.cueIs(cue.Street|cue.Facility|cue.UnitWord|cue.Month|cue.Weekday|cue.Unit|cue.Medical) || !sc.dayEnds(k+1) && sc.unit(k+1) == k+1 {
		return j
	}
	return k + 1
}

// species stand behind the letter of E. coli and its kin.
var species = words.SetOf("coli faecalis faecium cloacae aerogenes histolytica")

// physical words stand before amounts of watts, newtons and seconds.
var physical = words.SetOf("power force grade load output strength pulse width")

// mainStreets are streets that have no other name.
var mainStreets = words.SetOf("main broadway front market center elm oak maple pine cedar walnut chestnut spruce state")

// suffixAt reports whether one more suffix of a street stands at token k: Road.
func (sc *Scanner) suffixAt(k int) bool {
	t := sc.at(k)
	return t.kind == tokenWord && t.isBut(capital, lineBefore) && t.cueIs(cue.Street) && !sc.isState(k)
}

// flatNumber reports whether the number at k, behind the street's suffix w, belongs to
// the address: 19 Knudssøns gate 222.
func (sc *Scanner) flatNumber(w *token, k int) bool {
	t, n := sc.at(k), sc.at(k+1)
	return t.kind == tokenNumber && t.size() <= 4 && !t.is(used|lineBefore) && !n.cueIs(cue.Unit) &&
		(!w.is(capital) || n.is(lineBefore) || sc.isPunct(k+1, ',') || sc.unit(k+1) > k+1)
}

// pastFlat returns k, or the index behind the number that stands there behind a
// street: 12 Koivutie 4B.
func (sc *Scanner) pastFlat(k int) int {
	if t := sc.at(k); (t.kind == tokenNumber || t.kind == tokenMixed) && t.size() <= 5 && !t.is(used|lineBefore) {
		return k + 1
	}
	return k
}

// endsStreet reports whether the word at j ends the name of a street: Mill Dr, but not
// Prof. Dr.
func (sc *Scanner) endsStreet(j int) bool {
	w := &sc.toks[j]
	if w.hash == hashDr &&
		(doctorsTitles.Has(sc.at(j-1).hash) || sc.isPunct(j-1, '.') && doctorsTitles.Has(sc.at(j-2).hash)) {
		return false
	}
	return w.cueIs(cue.Street) && (w.is(capital) || !weakStreet(w))
}

// weakStreet reports whether a street's suffix is an everyday word as well.
func weakStreet(t *token) bool { return !strongStreets.Has(t.hash) }

// shortStreets are suffixes that are shortened, so that a period belongs to them.
var shortStreets = words.SetOf("st ave av rd blvd dr ln ct cir pl ter pkwy hwy sq trl aly expy str hts")

// doctorsTitles stand before Dr.
var doctorsTitles = words.SetOf("prof professor herr frau")

// wholeStreets are streets of one word.
var wholeStreets = words.SetOf("broadway kingsway queensway embarcadero bowery piccadilly strand cheapside deansgate whitehall")

// repeats stand behind a house number that is there twice.
var repeats = words.SetOf("bis ter quater")

// highway reports whether a road that has a number for its name stands at token j, and
// no laboratory value: Highway 26, CR 44, but not Cr 1.1.
func (sc *Scanner) highway(j int) bool {
	w, n := sc.at(j), sc.at(j+1)
	return highways.Has(w.hash) && w.is(capital) && (w.size() > 2 || w.is(allCaps)) && n.kind == tokenNumber &&
		n.size() <= 4 && !n.is(lineBefore|used) && !sc.decimalPoint(j+2)
}

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
