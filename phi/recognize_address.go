package phi

import "strings"

// stateAbbreviations are those of the USPS, two capitals each.
const stateAbbreviations = "AL AK AZ AR CA CO CT DE FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY DC PR GU VI AS MP AA AE AP"

// isState reports whether token i is a state's abbreviation.
func (sc *scanner) isState(i int) bool {
	t := sc.at(i)
	if t.kind != tokenWord || t.size() != 2 || t.flags&allCaps == 0 {
		return false
	}
	return strings.Contains(stateAbbreviations, sc.lit(i))
}

// stateBefore reports whether a state stands before token i.
func (sc *scanner) stateBefore(i int) bool {
	j := i - 1
	if sc.isPunct(j, ',') {
		j--
	}
	return sc.isState(j) || sc.at(j).cueIs(cueState) && sc.at(j).flags&capital != 0
}

// directions stand before and behind street names.
func direction(s string) bool {
	switch strings.ToLower(s) {
	case "n", "s", "e", "w", "ne", "nw", "se", "sw", "north", "south", "east", "west":
		return true
	}
	return false
}

// street finds the address that begins with the house number at token i:
// 12 Main St, 1600 Pennsylvania Ave NW Apt 4, Springfield, MA 01013.
func (sc *scanner) street(i int) int {
	t := sc.at(i)
	if t.size() > 6 || t.kind == tokenMixed && !(isDigit(sc.text[t.start]) && t.size() > 1) {
		return i
	}
	if sc.joined(i) {
		switch sc.text[t.start-1] {
		case '(', '"', ':', '#', '|', '>', '<', ',', ';', '=', '[', '\'', '\\':
		default:
			return i
		}
	}
	words := 0
	for j := i + 1; j < len(sc.toks) && words < 6; j++ {
		w := &sc.toks[j]
		if w.flags&lineBefore != 0 || w.flags&used != 0 {
			return sc.numbered(i)
		}
		if w.kind == tokenPunct {
			if c := sc.text[w.start]; (c == '.' || c == '\'' || c == '-') && words > 0 && sc.joined(j) && (c != '.' || sc.at(j-1).size() <= 4) {
				continue
			}
			return sc.numbered(i)
		}
		if w.kind == tokenMixed && ordinal(sc.lit(j)) > 0 || w.kind == tokenMixed && j > i+1 || w.kind == tokenNumber && words == 1 && sc.at(j-1).cueIs(cueStreet) {
			words++
			continue
		}
		if w.kind != tokenWord {
			return sc.numbered(i)
		}
		if words == 0 && w.cueIs(cueRoad) && w.flags&capital != 0 && sc.at(j+1).flags&capital != 0 { // 12 rue Lepic, 15 Via Roma
			return sc.addressBlock(i, sc.roadWords(j+1))
		}
		if words == 0 && (w.cueIs(cueRoad) && sc.at(j+1).kind == tokenWord && sc.at(j+1).flags&lineBefore == 0 && w.size() > 2 && !w.cueIs(cueStop|cueUnit)) && (sc.at(j+1).flags&capital != 0 || sc.at(j+1).cueIs(cueParticle)) {
			return sc.addressBlock(i, sc.roadWords(j+1))
		}
		if words == 0 && w.cueIs(cueUnitWord) && strings.EqualFold(sc.lit(j), "po") {
			return sc.numbered(i)
		}
		suffix := w.cueIs(cueStreet) && words > 0 && !(w.flags&capital == 0 && sc.at(j-1).flags&capital != 0 && weakStreet(w, sc.lit(j)))
		if suffix && (w.flags&capital != 0 || !weakStreet(w, sc.lit(j))) {
			end := j + 1
			if sc.isPunct(end, '.') && sc.joined(end) && w.size() <= 4 {
				end++
			}
			// The last suffix counts: 10 Park Lane Road.
			if nx := sc.at(end); nx.kind == tokenWord && nx.flags&capital != 0 && nx.cueIs(cueStreet) && nx.flags&lineBefore == 0 && !sc.isState(end) {
				words++
				continue
			}
			if n := sc.at(end); n.kind == tokenNumber && n.size() <= 3 && n.flags&(used|lineBefore) == 0 && w.flags&capital == 0 && !sc.at(end+1).cueIs(cueUnit) {
				end++ // 19 Knudssøns gate 222
			}
			return sc.addressBlock(i, end)
		}
		if streetCompound(sc.lit(j)) {
			end := j + 1
			if n := sc.at(end); (n.kind == tokenNumber || n.kind == tokenMixed) && n.size() <= 5 && n.flags&(used|lineBefore) == 0 {
				end++
			}
			return sc.addressBlock(i, end)
		}
		if w.flags&capital == 0 && !w.cueIs(cueParticle) && !(sc.lowerStreet(j)) {
			return sc.numbered(i)
		}
		words++
	}
	return sc.numbered(i)
}

// weakStreet are suffixes that are everyday words as well.
func weakStreet(t *token, s string) bool {
	switch strings.ToLower(s) {
	case "street", "st", "avenue", "ave", "road", "rd", "boulevard", "blvd", "drive", "lane", "ln", "terrace", "parkway", "pkwy", "highway", "hwy", "trailer", "turnpike", "crescent", "cul":
		return false
	}
	return true
}

// lowerStreet reports whether an address in small letters goes on at token j:
// a street suffix follows within three words.
func (sc *scanner) lowerStreet(j int) bool {
	if sc.toks[j].cueIs(cueStop | cueUnit) {
		return false
	}
	for k := j + 1; k < j+4 && k < len(sc.toks); k++ {
		t := &sc.toks[k]
		if t.kind != tokenWord || t.cueIs(cueStop) {
			return false
		}
		if t.cueIs(cueStreet) && !weakStreet(t, sc.lit(k)) {
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
	s = strings.ToLower(s)
	for _, e := range []string{"strasse", "straße", "str", "gasse", "weg", "allee", "platz", "straat", "laan", "gatan", "vägen", "vagen", "gade", "vej", "veien", "gata", "katu", "kuja", "tie", "utca", "plein", "gracht", "kade", "singel", "vegen", "torget", "stieg", "ring", "damm", "ufer"} {
		if strings.HasSuffix(s, e) && len(s) > len(e)+2 && e != "ring" && e != "str" && e != "tie" {
			return true
		}
	}
	return strings.HasSuffix(s, "tie") && len(s) > 8 || strings.HasSuffix(s, "str") && len(s) > 6
}

// numbered finds streets whose number stands behind the name, with that of a
// building before it: 28 Koivutie 82, Lappi. A comma, a line's end or a unit
// must follow, and something that leads to an address must stand before.
func (sc *scanner) numbered(i int) int {
	if !sc.lineStart(i) {
		switch p := sc.at(i - 1); {
		case p.kind == tokenWord && (p.hash == hashAt || p.hash == hashTo || p.hash == hashIs || p.hash == hashIn || p.cueIs(cueAddress)):
		case sc.isPunct(i-1, ':'), sc.isPunct(i-1, ','), sc.isPunct(i-1, '"'), sc.isPunct(i-1, '|'), p.flags&used != 0:
		default:
			return i
		}
	}
	j := i + 1
	if n := sc.at(j); n.kind == tokenNumber && n.size() <= 5 && n.flags&(lineBefore|used) == 0 && !sc.joined(j) {
		j++
	}
	words, rare := 0, false
	for words < 6 {
		t := sc.at(j)
		if t.flags&lineBefore != 0 || !sc.addressWord(j) {
			break
		}
		if t.cueIs(cueUnit|cueMonth|cueNoun|cueMedical|cueDrug) || words == 0 && t.cueIs(cueStop|cueNotName) {
			return i
		}
		if sc.isPunct(j+1, ':') {
			return i
		}
		rare = rare || sc.lists.get(t.hash).word() == 0 && !sc.acronym(t) || t.cueIs(cueRoad) && t.size() > 2
		words++
		if j++; (sc.isPunct(j, '.') || sc.isPunct(j, '-') || sc.isPunct(j, '\'')) && sc.joined(j) && sc.at(j+1).flags&lineBefore == 0 {
			j++
		}
	}
	n := sc.at(j)
	if words == 0 || !rare || n.flags&(lineBefore|used) != 0 || !(n.kind == tokenNumber || n.kind == tokenMixed && isDigit(sc.text[n.start])) || n.size() > 5 {
		return i
	}
	j++
	if sc.isPunct(j, '.') && sc.joined(j) && !sc.lastOfSentence(j) {
		j++
	}
	next := sc.at(j)
	switch {
	case next.flags&lineBefore != 0, sc.isPunct(j, ',') && !sc.joined(j+1), sc.unit(j) > j, next.cueIs(cueStreet),
		sc.isPunct(j, '.') && !sc.joined(j+1), sc.isPunct(j, '"'), sc.isPunct(j, '|'), sc.isPunct(j, '<'):
	default:
		return i
	}
	return sc.addressBlock(i, j)
}

// roadWords returns the index behind the words of a street's name.
func (sc *scanner) roadWords(j int) int {
	for n := 0; n < 5; n++ {
		t := sc.at(j)
		switch {
		case t.kind == tokenWord && t.flags&(lineBefore|used) == 0 && (t.flags&capital != 0 || t.cueIs(cueParticle)):
			j++
		case (sc.isPunct(j, '-') || sc.isPunct(j, '\'') || sc.isPunct(j, '.')) && sc.joined(j) && sc.joined(j+1):
			j++
		default:
			return j
		}
	}
	return j
}

// road finds streets that begin with their kind, PO boxes, and units:
// Via Roma 12, rue de la Paix 3, P.O. Box 15, Apt. 755.
func (sc *scanner) road(i int, c cue) int {
	t := &sc.toks[i]
	if c.is&cueUnitWord != 0 {
		j := i
		switch strings.ToLower(sc.lit(i)) {
		case "p", "po", "pobox":
			j++
			for sc.isPunct(j, '.') {
				j++
			}
			if strings.EqualFold(sc.lit(j), "o") {
				j++
				for sc.isPunct(j, '.') {
					j++
				}
			}
			if strings.EqualFold(sc.lit(j), "box") {
				j++
			} else if j == i+1 && !strings.EqualFold(sc.lit(i), "pobox") {
				return i
			}
			if sc.isPunct(j, '#') {
				j++
			}
			if k := sc.at(j).kind; k == tokenNumber || k == tokenMixed {
				return sc.addressBlock(i, j+1)
			}
			return i
		case "apt", "apartment", "suite", "ste":
			if end := sc.unit(i); end > i {
				return sc.addressBlock(sc.streetBefore(i), end)
			}
		case "psc", "cmr", "unit":
			if next := sc.military(i); next > i {
				return next
			}
		case "apo", "fpo", "dpo":
			return max(i, sc.postOffice(i))
		}
	}
	if t.hash == hashCorner {
		return sc.corner(i)
	}
	if c.is&cueRoad != 0 && t.flags&capital != 0 && t.size() > 2 {
		end := sc.roadWords(i + 1)
		if end > i+1 && sc.isPunct(end, ',') && sc.at(end+1).kind == tokenNumber {
			end++
		}
		if k := sc.at(end); end > i+1 && (k.kind == tokenNumber || k.kind == tokenMixed && isDigit(sc.text[k.start])) && k.size() <= 6 && k.flags&lineBefore == 0 && k.flags&used == 0 {
			return sc.addressBlock(i, end+1)
		}
	}
	return i
}

// compoundStreet finds Koskikatu 25: a word that is a street, and a number.
func (sc *scanner) compoundStreet(i int) bool {
	t := &sc.toks[i]
	n := sc.at(i + 1)
	if t.flags&capital == 0 || n.kind != tokenNumber && n.kind != tokenMixed || n.size() > 5 || n.flags&(lineBefore|used) != 0 || !streetCompound(sc.lit(i)) {
		return false
	}
	from := i
	for from > 0 && i-from < 2 && sc.toks[from-1].kind == tokenWord && sc.toks[from-1].flags&capital != 0 && sc.toks[from].flags&lineBefore == 0 && sc.toks[from-1].flags&used == 0 && sc.toks[from-1].cue == 0 {
		from--
	}
	sc.addressBlock(from, i+2)
	return true
}

// zipTail returns the index behind the ZIP or foreign postal code at i.
func (sc *scanner) zipTail(i int) int {
	t := sc.at(i)
	if t.flags&lineBefore != 0 {
		return i
	}
	if t.kind == tokenNumber && t.size() == 5 {
		if sc.isPunct(i+1, '-') && sc.joined(i+1) && sc.joined(i+2) && sc.at(i+2).kind == tokenNumber && sc.at(i+2).size() == 4 {
			return i + 3
		}
		return i + 1
	}
	return i
}

var (
	hashCorner = foldHash("corner")
	hashIn     = foldHash("in")
)
