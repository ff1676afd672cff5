package detect

import (
	"github.com/carebus/carebus/phi/internal/category"
	"github.com/carebus/carebus/phi/internal/chars"
	"github.com/carebus/carebus/phi/internal/cue"
	"github.com/carebus/carebus/phi/internal/words"
)

// Address blocks: what stands around the anchor of an address. An anchor is a
// street that was recognised, a unit (Apt. 5), a military box, or words that
// announce an address. Blocks may run over several lines, each with a prefix
// as in quoted mail.

// maxBlockLines is how many lines of a block follow its anchor.
const maxBlockLines = 5

// addressWord reports whether token j may be a word of a street or a city. In
// a text without capitals any word may be that isn't an everyday one.
func (sc *Scanner) addressWord(j int) bool {
	t := sc.at(j)
	if t.kind != tokenWord || t.is(used) {
		return false
	}
	if t.is(capital) {
		return !t.cueIs(cue.Weekday|cue.Intro|cue.Key|cue.Month) || t.is(allCaps) || t.list.City() > 0
	}
	if sc.capitals {
		return t.cueIs(cue.Particle) ||
			t.cueIs(cue.Road) && t.size() > 2 ||
			t.size() == 1 && t.hash != hashA ||
			sc.elided(t)
	}
	return !t.cueIs(cue.Stop|cue.Weekday|cue.Key|cue.Intro|cue.Title|cue.Speech|cue.Unit) || t.cueIs(cue.Particle)
}

// linePrefix returns the index of the first token behind the marks that a line
// begins with in quoted text: >, |, *, ??.
func (sc *Scanner) linePrefix(j int) int {
	if !sc.at(j).is(lineBefore) {
		return j
	}
	for n := 0; n < 4 && sc.quotesLine(j); n++ {
		j++
	}
	return j
}

// quotesLine reports whether one of the marks with which lines of quoted text begin stands
// at token j.
func (sc *Scanner) quotesLine(j int) bool { return sc.isOneOf(j, ">?|*") }

// lineStart reports whether token j begins a line, its prefix aside.
func (sc *Scanner) lineStart(j int) bool {
	for n := 0; n < 5 && j >= 0; n++ {
		if sc.at(j).is(lineBefore) {
			return true
		}
		if j--; !sc.quotesLine(j) {
			return false
		}
	}
	return false
}

// streetBefore returns the index of the token where the street begins that
// stands before the anchor at i, on its line or the line before: words and at
// least one number. Without one it returns i.
func (sc *Scanner) streetBefore(i int) int {
	j := i
	if sc.lineStart(j) {
		for j > 0 && !sc.at(j).is(lineBefore) {
			j--
		}
	}
	if sc.isPunct(j-1, ',') {
		j--
	}
	start, number := i, false
back:
	for n := 0; n < maxStreet && j > 0; n++ {
		if n > 0 && sc.at(j).is(lineBefore) {
			break
		}
		j--
		t := sc.at(j)
		switch {
		case t.is(used): // a number that was found before may be the house's
			number = number || start < i && n > 0 && !sc.at(j+1).is(lineBefore)
			break back
		case sc.startsWithDigit(t):
			if t.size() > maxHouse {
				break back
			}
			number = true
			start = j
		case sc.addressWord(j):
			if t.is(capital) || t.cueIs(cue.Road) || !sc.capitals {
				start = j
			}
		case t.kind == tokenWord && (t.cueIs(cue.Street) || t.cue == 0 && sc.lists.Get(t.hash).Word() == 0):
		case !sc.joined(j) || !sc.isOneOf(j, ".-'/"):
			break back
		}
	}
	if !number {
		return i
	}
	return start
}

const (
	maxStreet = 12 // how many tokens a street may have
	maxHouse  = 6  // how many characters the number of a house
)

// streetWords returns the index behind a street that begins at i: numbers and
// words, at least one of each. Without one it returns i.
func (sc *Scanner) streetWords(i int) int {
	end, words, numbers := i, 0, 0
parts:
	for j := i; j < i+maxStreet; j++ {
		t := sc.at(j)
		if t.is(used) || j > i && sc.otherLine(j, words) {
			break
		}
		switch {
		case sc.startsWithDigit(t):
			if t.size() > maxHouse {
				return i
			}
			numbers++
			end = j + 1
		case t.kind == tokenWord && t.cueIs(cue.UnitWord) && words > 0 && numbers > 0:
			break parts
		case sc.addressWord(j):
			words++
			if t.is(capital) || t.cueIs(cue.Street) || !sc.capitals {
				end = j + 1
			}
		case t.kind == tokenWord && t.cueIs(cue.Street) && words > 0:
			words++
			end = j + 1
		case !sc.withinStreet(j, words):
			break parts
		}
	}
	if words == 0 || numbers == 0 {
		return i
	}
	if sc.isPunct(end, '.') && sc.joined(end) && !sc.lastOfSentence(end) {
		end++
	}
	return end
}

// startsWithDigit reports whether a token is a number, or begins with one: 12, 12B.
func (sc *Scanner) startsWithDigit(t *token) bool {
	return t.kind == tokenNumber || t.kind == tokenMixed && chars.IsDigit(sc.text[t.start])
}

// withinStreet reports whether a street of so many words so far may go on behind the sign at
// j: 12. Mill Rd, St. Paul's Ave, Wilkes-Barre Blvd.
func (sc *Scanner) withinStreet(j, words int) bool {
	if sc.at(j).kind != tokenPunct || !sc.joined(j) {
		return false
	}
	switch sc.text[sc.toks[j].start] {
	case '.':
		if sc.joined(j + 1) {
			return true
		}
		if p := sc.at(j - 1); p.kind != tokenNumber {
			return p.size() <= 4
		}
		return words == 0
	case '-', '\'', '/':
		return true
	}
	return false
}

// lastOfSentence reports whether the period at i ends a sentence.
func (sc *Scanner) lastOfSentence(i int) bool {
	n := sc.at(i + 1)
	return i+1 >= len(sc.toks) ||
		n.is(spaceBefore) && !n.is(lineBefore) && n.kind == tokenWord && !n.cueIs(cue.UnitWord|cue.Street)
}

// unit returns the index behind a unit at i: Apt. 5, Suite #12-B, or i.
func (sc *Scanner) unit(i int) int {
	t := sc.at(i)
	if f := sc.at(i + 1); t.kind == tokenMixed && floors.Has(f.hash) && !f.is(lineBefore) && ordinal(sc.lit(i)) > 0 {
		return i + 2 // 5th Floor
	}
	if k := sc.floorAbroad(i); k > i {
		return k
	}
	if !namesUnit(t) {
		return i
	}
	k := i + 1
	if sc.isPunct(k, '.') {
		k++
	}
	if sc.isPunct(k, '#') {
		k++
	}
	if !numbersUnit(sc.at(k)) {
		return i
	}
	k++
	if sc.isPunct(k, '-') && sc.tight(k) && sc.at(k+1).alnum() {
		k += 2
	}
	return k
}

// namesUnit reports whether a token is a word before the number of a unit: Apt, Suite, but
// not that of a box.
func namesUnit(t *token) bool {
	return t.kind == tokenWord && (t.cueIs(cue.UnitWord) || t.is(capital) && moreUnits.Has(t.hash)) &&
		!boxWords.Has(t.hash)
}

// numbersUnit reports whether a token may be the number of a unit: 5, 12B, C.
func numbersUnit(t *token) bool {
	return !t.is(lineBefore) && t.size() <= maxHouse &&
		(t.kind == tokenNumber || t.kind == tokenMixed || t.kind == tokenWord && t.size() == 1)
}

// floorAbroad returns the index behind a floor and a side at i as Spain, Portugal and
// Denmark write them, or i: 3º B, 2º Esq, 2. th.
func (sc *Scanner) floorAbroad(i int) int {
	t, k := sc.at(i), i+1
	switch s := sc.lit(i); {
	case t.is(lineBefore | used):
		return i
	case t.kind == tokenMixed && ordinal(s) > 0 && s[len(s)-1] >= 0x80:
		if n := sc.at(k); n.kind == tokenWord && !n.is(lineBefore|used) &&
			(n.size() == 1 && n.is(capital) || sides.Has(n.hash)) {
			k++
		}
		return k
	case t.kind == tokenNumber && t.size() == 1 && sc.isPunct(k, '.') && sc.joined(k) &&
		danishSides.Has(sc.at(k+1).hash) && !sc.at(k+1).is(lineBefore):
		return sc.pastPeriod(k + 2)
	}
	return i
}

// addressBlock notes the address from token from to token to, and the unit,
// city, state, country and postal code behind it.
func (sc *Scanner) addressBlock(from, to int) int {
	if sc.buildingBefore(from) {
		from--
	}
	from = sc.leadingWords(sc.unitBefore(from))
	units := false
	for n := 0; n < 3; n++ {
		j := to
		if directions.Has(sc.at(j).hash) && !sc.at(j).is(lineBefore|used) && (sc.at(j).is(capital) || !sc.capitals) {
			to = j + 1
			j = to
		}
		if sc.isPunct(j, ',') {
			j++
		}
		j = sc.linePrefix(j)
		if k := sc.unit(j); k > j {
			to, units = k, true
			continue
		}
		if sc.isPunct(j, '#') && sc.joined(j+1) && sc.at(j+1).alnum() && sc.at(j+1).size() <= 5 {
			to = j + 2
		}
	}
	return sc.add(from, sc.placeLines(to, units), category.Address)
}

// buildingBefore reports whether a building's number stands before that of the street at
// token from.
func (sc *Scanner) buildingBefore(from int) bool {
	p := sc.at(from - 1)
	return !sc.at(from).is(lineBefore) && p.kind == tokenNumber && p.size() <= 5 && !p.is(used) &&
		(p.is(spaceBefore|lineBefore) || sc.isOneOf(from-2, ">|"))
}

// unitBefore returns from, or the index of the unit that stands before the house number
// there: Unit 3, 45 Gordon St.
func (sc *Scanner) unitBefore(from int) int {
	t, n := sc.at(from-3), sc.at(from-2)
	if !sc.isPunct(from-1, ',') ||
		n.kind == tokenWord ||
		n.size() > 4 ||
		!t.isBut(capital, used) ||
		!t.cueIs(cue.UnitWord) && !moreUnits.Has(t.hash) ||
		(sc.at(from).flags|n.flags)&(lineBefore|used) != 0 ||
		!chars.IsDigit(sc.text[sc.at(from).start]) {
		return from
	}
	return from - 3
}

// leadingWords returns the index of the first of the capitalised words right
// before the address at from, when something that leads to an address stands
// before them: at Villa Rosa 12 Main St.
func (sc *Scanner) leadingWords(from int) int {
	if !chars.IsDigit(sc.text[sc.at(from).start]) {
		return from
	}
	j := from
	for n := 0; n < 3 && j > 0; n++ {
		p := sc.at(j - 1)
		if sc.at(j).is(lineBefore) ||
			p.kind != tokenWord ||
			!p.isBut(capital, used) ||
			p.cueIs(cue.Month|cue.Key|cue.Stop|cue.Address) ||
			p.is(sentence) {
			break
		}
		j--
	}
	if p := sc.at(j - 1); j < from && p.kind == tokenWord && !p.is(capital) && !sc.at(j).is(lineBefore) &&
		(p.hash == hashAt || p.hash == hashTo || p.hash == hashIs) {
		return j
	}
	return from
}

// countryAt returns the index behind the country or state whose name begins at
// i, or i.
func (sc *Scanner) countryAt(i int) int {
	t := sc.at(i)
	if t.kind != tokenWord || t.is(used) || !t.is(capital) && sc.capitals {
		return i
	}
	best := i
	if t.cueIs(cue.State | cue.Country) {
		best = i + 1
	}
	if !t.cueIs(cue.PlaceStart) {
		return best
	}
	phrase := words.StartFolded
	phrase.Write(sc.lit(i))
	if t.is(possessive) {
		phrase.Add('s')
	}
	for j := i + 1; j < i+6; j++ {
		link := byte(' ')
		if sc.isPunct(j, '-') && sc.tight(j) { // Guinea-Bissau, but not Sierra-Leone, a person
			link = '-'
			j++
		}
		n := sc.at(j)
		if n.kind != tokenWord || n.is(used|lineBefore) {
			break
		}
		phrase.Add(link)
		phrase.Write(sc.lit(j))
		if c := cue.Table.Get(phrase.Sum()); cue.All[c].Is&(cue.State|cue.Country) != 0 {
			best = j + 1
		}
	}
	return best
}

var (
	townLinks   = words.SetOf("upon of by under sur")
	sides       = words.SetOf("esq dto izq izda dcha dcho frente")
	boxWords    = words.SetOf("p po pob") // of P.O. Box
	danishSides = words.SetOf("th tv mf")
	floors      = words.SetOf("floor fl flr")
	hashPO      = words.Hash("po")
	moreUnits   = words.SetOf("piso planta apto depto dpto puerta bloque bloco space spc trailer trlr slip hangar flat penthouse studio")
)
