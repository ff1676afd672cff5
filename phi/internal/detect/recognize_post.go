package detect

import (
	"strings"

	"github.com/carebus/carebus/phi/internal/category"
	"github.com/carebus/carebus/phi/internal/chars"
	"github.com/carebus/carebus/phi/internal/cue"
	"github.com/carebus/carebus/phi/internal/words"
)

// military finds the addresses of the armed forces: PSC 3, Box 42 and Unit 100
// Box 7, with the line APO AE 09012 behind it.
func (sc *Scanner) military(i int) int {
	j := i + 1
	if sc.at(j).kind != tokenNumber || sc.at(j).is(lineBefore) {
		return i
	}
	j++
	if sc.isPunct(j, ',') {
		j++
	}
	if sc.at(j).hash != hashBox || sc.at(j+1).kind != tokenNumber || sc.at(j).is(lineBefore) {
		return i
	}
	to := j + 2
	k := to
	if sc.isPunct(k, ',') {
		k++
	}
	if sc.militaryPost(k) {
		return sc.addressBlock(i, sc.postalCode(k+2, false))
	}
	return sc.addressBlock(i, to)
}

// militaryPost reports whether a military post office stands at i: APO AE.
func (sc *Scanner) militaryPost(i int) bool {
	n := sc.at(i + 1)
	return postOffices.Has(sc.at(i).hash) && n.kind == tokenWord && n.size() == 2 && !n.is(lineBefore) &&
		armedForces.Has(n.hash)
}

// postOffice notes the military post office at i with the line before it: USS
// Enterprise, FPO AP 96543.
func (sc *Scanner) postOffice(i int) int {
	if !sc.militaryPost(i) {
		return i
	}
	from := i
	for n := 0; n < 5 && from > 0; n++ {
		p := sc.at(from - 1)
		if n > 0 && sc.at(from).is(lineBefore) ||
			p.kind != tokenWord && p.kind != tokenNumber && !sc.isPunct(from-1, ',') ||
			p.is(used) {
			break
		}
		if p.kind == tokenWord && !p.is(capital) && (sc.capitals || p.cueIs(cue.Stop)) {
			break
		}
		from--
	}
	return sc.add(from, sc.postalCode(i+2, false), category.Address)
}

var (
	hashBox     = words.Hash("box")
	postOffices = words.SetOf("apo fpo dpo") // of the armed forces
	armedForces = words.SetOf("aa ae ap")    // where they are
)

// corner finds crossings: the corner of Main Street and Ridge Road.
func (sc *Scanner) corner(i int) int {
	if sc.at(i+1).hash != hashOf {
		return i
	}
	a := sc.crossing(i + 2)
	if a == i+2 || sc.at(a).hash != hashAnd && !sc.isPunct(a, '&') {
		return i
	}
	b := sc.crossing(a + 1)
	if b == a+1 {
		return i
	}
	from := i
	if sc.at(i-1).hash == hashThe && !sc.at(i).is(lineBefore) {
		from--
	}
	return sc.add(from, b, category.Address)
}

// crossing returns the index behind the street of a crossing at i.
func (sc *Scanner) crossing(i int) int {
	end := i
	for j := i; j < i+9; j++ {
		t := sc.at(j)
		if t.is(used) || j > i && t.is(lineBefore) {
			break
		}
		if (t.kind == tokenNumber || t.kind == tokenMixed) && t.size() <= 6 ||
			sc.addressWord(j) ||
			t.kind == tokenWord && t.cueIs(cue.Street) && end > i {
			end = j + 1
			continue
		}
		if !sc.joined(j) || !sc.isOneOf(j, "-'") && !sc.shortens(j) {
			break
		}
		if shortStreets.Has(sc.at(j-1).hash) && sc.isPunct(j, '.') {
			end = j + 1
		}
	}
	return end
}

// shortens reports whether the period at i shortens the word before it, rather than ending a
// sentence: Main St. and Mill Rd.
func (sc *Scanner) shortens(i int) bool {
	if !sc.isPunct(i, '.') {
		return false
	}
	p := sc.at(i - 1)
	return !sc.lastOfSentence(i) || shortStreets.Has(p.hash) || p.cueIs(cue.Road) && p.size() <= 4
}

// announced finds the address behind words that announce one: my address is,
// lives at, the office is located at.
func (sc *Scanner) announced(i int) int {
	t := sc.at(i)
	j := i + 1
	at := !addresses.Has(t.hash) // "at" or the like must stand between
between:
	for n := 0; n < 5; n++ {
		w := sc.at(j)
		switch {
		case w.is(used):
			return i
		case w.kind == tokenWord && (!w.is(capital) && w.cueIs(cue.Stop|cue.Fill) || w.hash == hashLocated):
			at = at && !addressLeads.Has(w.hash)
		case sc.isPunct(j, ':'), sc.isPunct(j, ',') && n < 2:
		default:
			break between
		}
		j++
	}
	if at || j == i+1 {
		return i
	}
	end := sc.streetWords(j)
	if end == j || sc.toks[end-1].kind == tokenNumber && sc.at(end).cueIs(cue.Unit) { // home on Coumadin 4 mg
		return i
	}
	if end := sc.spokenStreet(j); end > j {
		return sc.addressBlock(j, end)
	}
	return sc.addressBlock(j, end)
}

// spokenStreet returns the index behind a street at i whose house number is in words, or
// i: fourteen elm street.
func (sc *Scanner) spokenStreet(i int) int {
	j := sc.numberWords(i)
	for k := j; k > i && k < j+4 && sc.at(k).kind == tokenWord && !sc.at(k).is(used|lineBefore); k++ {
		if k > j && strongStreets.Has(sc.at(k).hash) {
			return k + 1
		}
	}
	return i
}

var (
	addresses    = words.SetOf("address addresses")
	addressLeads = words.SetOf("at near on to")
	hashLocated  = words.Hash("located")
	hashAt       = words.Hash("at")
	hashNear     = words.Hash("near")
)

// postcode finds the postal codes of Britain and Canada, whose form tells them:
// SW1A 2AB, M5V 3L9.
func (sc *Scanner) postcode(i int) int {
	a, b := sc.lit(i), sc.lit(i+1)
	if n := sc.at(i + 1); len(b) != 3 ||
		n.kind != tokenMixed ||
		n.is(lineBefore|used) ||
		!chars.IsDigit(b[0]) ||
		sc.joined(i) && sc.connects(i-1) ||
		i+2 < len(sc.toks) && sc.connects(i+2) {
		return i
	}
	canada := len(a) == 3 && chars.IsUpper(a[0]) && chars.IsDigit(a[1]) && chars.IsUpper(a[2]) &&
		chars.IsUpper(b[1]) && chars.IsDigit(b[2])
	if !canada && !(outward(a) && inward(b)) {
		return i
	}
	if from := sc.houseBefore(i); from < i {
		return sc.add(from, i+2, category.Address)
	}
	return sc.add(i, i+2, category.PostalCode)
}

// houseBefore returns the index of the first word of an address whose house has
// a name instead of a number, and that ends with the postal code at i; or i:
// lives at Rose Cottage, Mill Lane, Ludlow SY8 1AA. It has a comma, and stands
// behind a word such as at, or a colon.
func (sc *Scanner) houseBefore(i int) int {
	j, commas, capitals := i, 0, 0
	for i-j < 16 && j > 0 && !sc.toks[j].is(lineBefore) {
		t := &sc.toks[j-1]
		switch {
		case t.is(used):
			return i
		case t.kind == tokenWord && t.is(capital):
			capitals++
		case t.kind == tokenPunct && sc.text[t.start] == ',' && j < i:
			commas++
		case t.kind == tokenPunct && (sc.text[t.start] == '-' || sc.text[t.start] == '\'') && sc.joined(j):
		case t.kind == tokenWord && t.cueIs(cue.Particle) && t.hash != hashIn:
		case t.kind == tokenNumber && t.size() <= 4:
		default:
			if commas == 0 || capitals < 3 || !sc.isPunct(j-1, ':') && !houseWords.Has(t.hash) {
				return i
			}
			return j
		}
		j--
	}
	return i
}

var houseWords = words.SetOf("at of to in near from address is")

// indexNumber returns the index behind the six digits of a postal code that stand
// right behind a town at i, as India has them, or i: Pune - 411 001.
func (sc *Scanner) indexNumber(i int) int {
	to := i + 1
	switch sc.toks[i].size() {
	case 6:
	case 3: // 411 001
		if n := sc.at(to); n.kind != tokenNumber || n.size() != 3 || sc.toks[to].start-sc.toks[i].end != 1 {
			return i
		}
		to++
	default:
		return i
	}
	j := i - 1
	if sc.isPunct(j, ',') || sc.dash(j) {
		j--
	}
	if p := sc.at(j); sc.at(i).is(lineBefore) ||
		p.kind != tokenWord ||
		!p.isBut(capital, used) ||
		p.list.City() == 0 ||
		p.list.Word() > 0 ||
		p.list.Given() >= words.Common ||
		sc.text[sc.toks[i].start] == '0' ||
		sc.at(to).cueIs(cue.Unit) ||
		to < len(sc.toks) && sc.connects(to) {
		return i
	}
	return sc.add(i, to, category.PostalCode)
}

// codedTown finds the address whose house number is token i if the street stands before
// it, and a postal code with its town behind a comma: Vinohradská 112, 130 00 Praha.
func (sc *Scanner) codedTown(i int) int {
	if sc.at(i).size() > 4 ||
		sc.at(i).is(lineBefore) ||
		!sc.isPunct(i+1, ',') ||
		sc.joined(i+2) ||
		sc.at(i+2).is(lineBefore) ||
		!endsUnmarkedStreet(sc.at(i-1)) ||
		!sc.codeAndTown(i+2) {
		return i
	}
	from := i - 1
	for n := 0; n < 3 && !sc.at(from).is(lineBefore|sentence); n++ {
		if q := sc.at(from - 1); q.kind != tokenWord || !q.isBut(capital, used) && !q.cueIs(cue.Particle) ||
			q.cueIs(cue.Stop|cue.Key|cue.Month) {
			break
		}
		from--
	}
	return sc.addressBlock(from, i+1)
}

// endsUnmarkedStreet reports whether a word may end the name of a street that no word for
// streets marks: Vinohradská.
func endsUnmarkedStreet(t *token) bool {
	return t.kind == tokenWord && t.isBut(capital, used) && t.cueless() && t.list.Word() == 0 &&
		!t.list.Drug() && t.size() >= 4
}

// codeAndTown reports whether a postal code with its town behind it stands at token i, and
// the code is no year: 130 00 Praha.
func (sc *Scanner) codeAndTown(i int) bool {
	end := sc.postalCode(i, false)
	if n := sc.at(i); end == i && n.kind == tokenNumber && n.size() == 3 && !n.is(used) { // of Iceland
		end++
	}
	if end == i || end == i+1 && sc.isYear(i) || sc.cityBehind(end) == end {
		return false
	}
	town := sc.at(end)
	return town.list.City() > 0 || sc.foreign(town) || sc.rareWord(town)
}

// outward reports whether s is the first part of a British postcode: one or two
// capitals, a digit, and perhaps another character.
func outward(s string) bool {
	n := 0
	for n < len(s) && chars.IsUpper(s[n]) {
		n++
	}
	if n == 0 || n > 2 || len(s) < n+1 || len(s) > n+2 || !chars.IsDigit(s[n]) {
		return false
	}
	return len(s) == n+1 || chars.IsDigit(s[n+1]) || chars.IsUpper(s[n+1])
}

// inward reports whether s is the second part of a British postcode, which
// has none of some letters. Units that are left are not taken: 4HR.
func inward(s string) bool {
	const never = "CIKMOV"
	for _, c := range []byte(s[1:]) {
		if !chars.IsUpper(c) || strings.IndexByte(never, c) >= 0 {
			return false
		}
	}
	return cue.All[cue.Table.Get(words.Hash(s[1:]))].Is&cue.Unit == 0
}

// gridNumber reports whether s is a house number by two axes: W259N7728.
func gridNumber(s string) bool {
	parts := 0
	for i := 0; i < len(s); parts++ {
		if strings.IndexByte("NSEW", s[i]) < 0 {
			return false
		}
		start := i + 1
		for i = start; i < len(s) && chars.IsDigit(s[i]); i++ {
		}
		if i == start || i-start > 5 {
			return false
		}
	}
	return parts == 2 && len(s) >= 6
}
