package detect

import (
	"github.com/carebus/carebus/phi/internal/cue"
	"github.com/carebus/carebus/phi/internal/words"
)

// Streets without a house number, and roads whose name is a number.

// numberedRoad returns the index behind a road that has a number for its name
// at token j, or j: County Road 275, State Hwy 7, US-88.
func (sc *Scanner) numberedRoad(j int) int {
	w, n := sc.at(j), sc.at(j+1)
	if !roadOwners.Has(w.hash) || n.is(lineBefore|used) {
		return j
	}
	k := j + 1
	if sc.isPunct(k, '-') && sc.tight(k) ||
		n.kind == tokenWord && (highways.Has(n.hash) || n.hash == hashRoad) {
		k++
	} else if w.hash != hashUS {
		return j
	}
	if n = sc.at(k); n.kind == tokenNumber && n.size() <= 4 && !n.is(lineBefore|used) &&
		(!sc.at(k+1).cueIs(cue.Unit) || sc.at(k+1).cueIs(cue.UnitWord)) {
		return k + 1
	}
	return j
}

var (
	roadOwners = words.SetOf("county state us co interstate farm")
	hashRoad   = words.Hash("road")
	hashUS     = words.Hash("us")
)

// unnumbered finds the street that ends with the word at i and has no number,
// or one behind it: on Ridge Street, at Villacher Strasse 89.
func (sc *Scanner) unnumbered(i int) int {
	soft := weakStreet(sc.at(i))
	if soft && !sc.softStreet(i) {
		return i
	}
	from := sc.streetNameStart(i)
	if from == i || !sc.onStreet(from, i, soft) {
		return i
	}
	end := sc.unnumberedEnd(i)
	if end == i {
		return i
	}
	return sc.addressBlock(from, end)
}

// softStreet reports whether the everyday word at i may be the suffix of a street
// without a number: Maple Court, but not Dr. Smith.
func (sc *Scanner) softStreet(i int) bool {
	w := sc.at(i)
	return w.is(capital) && softStreets.Has(w.hash) && (!sc.nameable(i+1) || sc.at(i+1).is(lineBefore))
}

// streetNameStart returns the index where the name of the street begins whose suffix is
// the word at i, or i: up to five capitalised words on its line, perhaps with a number
// behind them.
func (sc *Scanner) streetNameStart(i int) int {
	from := i
	if p := sc.at(i - 1); p.kind == tokenNumber && p.size() <= 4 && !p.is(used|lineBefore) &&
		!sc.at(i).is(lineBefore) && i > 1 {
		from-- // County 12 Road
	}
	numbered := from
	if !sc.at(i).is(capital) && from == i && sc.capitals {
		return i
	}
	for from > 0 && i-from < 5 {
		p := sc.at(from - 1)
		if sc.at(from).is(lineBefore) ||
			p.kind != tokenWord ||
			!p.isBut(capital, used) ||
			p.cueIs(cue.Month|cue.Stop|cue.NotName) && p.list.Surname() < words.Common {
			break
		}
		from--
	}
	if from == numbered {
		return i
	}
	return from
}

// onStreet reports whether the word before the name of a street without a number,
// which begins at token from and ends at i, says that it is one: on Ridge Street, to
// County 12 Road, Elm Street and Maple Way. soft says that its suffix is an everyday word.
func (sc *Scanner) onStreet(from, i int, soft bool) bool {
	p := sc.at(from - 1)
	if sc.at(from).is(lineBefore) {
		return false
	}
	if p.hash == hashAnd && sc.at(from-2).is(used) {
		return true
	}
	if p.kind != tokenWord || p.is(capital) {
		return false
	}
	switch p.hash {
	case hashOn, hashNear, hashOff:
		return true
	case hashAt, hashAlong, hashFrom:
		return !soft
	case hashTo:
		return !soft && sc.at(i-1).kind == tokenNumber
	}
	return false
}

// unnumberedEnd returns the index behind the street whose suffix is the word at i, with
// its period and the house number behind it, or i if more words of a name follow.
func (sc *Scanner) unnumberedEnd(i int) int {
	w, end := sc.at(i), i+1
	if sc.isPunct(end, '.') && sc.joined(end) && shortStreets.Has(w.hash) {
		end++
	}
	n := sc.at(end)
	if n.isBut(capital, lineBefore) &&
		(n.cueIs(cue.Facility) || // Elm Street Clinic
			w.hash == hashSt && end > i+1 && n.kind == tokenWord) { // Providence St. Vincent
		return i
	}
	if n.kind == tokenNumber && n.size() <= 4 && !n.is(used|lineBefore) && !sc.at(end+1).cueIs(cue.Unit) {
		end++
	}
	return end
}

// softStreets are suffixes that make a street without a number behind "on".
var softStreets = words.SetOf("circle way trail court loop place dr ct cir")

// compoundStreet finds Koskikatu 25: a word that is a street, and a number.
func (sc *Scanner) compoundStreet(i int) bool {
	t := &sc.toks[i]
	j := i + 1
	if words.HasSuffixFold(sc.lit(i), "str") { // Hauptstr. 7
		j = sc.pastPeriod(j)
	}
	n := sc.at(j)
	if !t.is(capital) ||
		n.kind != tokenNumber && n.kind != tokenMixed ||
		n.size() > 5 ||
		n.is(lineBefore|used) ||
		!streetCompound(sc.lit(i)) {
		return false
	}
	from := i
	for from > 0 && i-from < 2 && sc.toks[from-1].kind == tokenWord && sc.toks[from-1].is(capital) &&
		!sc.toks[from].is(lineBefore) && !sc.toks[from-1].is(used) && sc.toks[from-1].cue == 0 {
		from--
	}
	sc.addressBlock(from, sc.houseTail(j+1))
	return true
}

// smallCompoundStreet finds what compoundStreet does by the number at token i, in a text
// without capitals: prinsengracht 263.
func (sc *Scanner) smallCompoundStreet(i int) int {
	p := sc.at(i - 1)
	if sc.capitals ||
		p.kind != tokenWord ||
		p.size() < 8 ||
		p.is(used) ||
		sc.joined(i) ||
		sc.toks[i].is(lineBefore) ||
		sc.toks[i].size() > 4 ||
		sc.at(i+1).cueIs(cue.Unit) ||
		!streetCompound(sc.lit(i-1)) ||
		sc.lists.Get(p.hash).Word() > 0 {
		return i
	}
	return sc.addressBlock(i-1, sc.houseTail(i+1))
}

// ruralBox finds the box at token i on a route or in an office: RR 4 Box 62, HC
// 6, Box 23, Rural Route 7 Box 40, Post Office Box 83.
func (sc *Scanner) ruralBox(i int) int {
	if k := sc.at(i + 1).kind; k != tokenNumber && k != tokenMixed ||
		sc.at(i+1).is(lineBefore|used) ||
		sc.at(i).is(lineBefore) {
		return i
	}
	j := i - 1
	if sc.at(j).hash == hashOffice && sc.at(j-1).hash == hashPost && !sc.at(j-1).is(used) {
		return sc.addressBlock(j-1, i+2)
	}
	if sc.isPunct(j, ',') {
		j--
	}
	if n := sc.at(j); n.kind != tokenNumber || n.size() > 4 || n.is(used) {
		return i
	}
	j--
	switch w := sc.at(j); {
	case w.is(used):
	case w.hash == hashRoute && routeKinds.Has(sc.at(j-1).hash) && !sc.at(j-1).is(used):
		return sc.addressBlock(j-1, i+2)
	case routeBoxes.Has(w.hash):
		return sc.addressBlock(j, i+2)
	case sc.isPunct(j, '.') && sc.at(j-1).hash == hashR && sc.isPunct(j-2, '.') && sc.at(j-3).hash == hashR &&
		!sc.at(j-3).is(used): // R.R.
		return sc.addressBlock(j-3, i+2)
	}
	return i
}

// gridRoad returns the index behind a street of a city with numbered ones whose
// kind stands at token i, or i: Calle 45 #12-30, Carrera 7 No. 51-21.
func (sc *Scanner) gridRoad(i int) int {
	j := i + 1
	if n := sc.at(j); n.kind != tokenNumber && n.kind != tokenMixed || n.size() > 4 || n.is(lineBefore|used) {
		return i
	}
	j++
	switch {
	case sc.isPunct(j, '#'):
		j++
	case sc.at(j).hash == hashNo:
		if j++; sc.isPunct(j, '.') {
			j++
		}
	default:
		return i
	}
	if n := sc.at(j); n.kind != tokenNumber && n.kind != tokenMixed || n.size() > 4 || n.is(lineBefore|used) {
		return i
	}
	_, to := sc.extent(j)
	return to
}

// prepositional finds the street whose number is token i and whose name begins
// with a preposition: Am Hang 12, Unter den Linden 9, C/ Mayor 14.
func (sc *Scanner) prepositional(i int) int {
	p := sc.at(i - 1)
	if p.kind != tokenWord ||
		!p.isBut(capital, used) ||
		!sc.toks[i].isBut(spaceBefore, lineBefore) ||
		sc.toks[i].size() > 4 ||
		p.cueIs(cue.Month|cue.Stop) {
		return i
	}
	j := i - 1
	for n := 0; n < 3; n++ {
		if sc.at(j).is(lineBefore) {
			return i
		}
		w := sc.at(j - 1)
		switch {
		case w.is(used):
			return i
		case sc.isPunct(j-1, '/') && sc.at(j-2).hash == hashC && sc.at(j-2).is(capital) && sc.joined(j-1): // C/ Mayor
			return sc.addressBlock(j-2, i+1)
		case w.kind != tokenWord:
			return i
		case w.is(capital) && prepositions.Has(w.hash) && !w.is(allCaps): // Am Hang
			return sc.prepositionalFrom(j-1, i)
		case !w.is(capital) && roadArticles.Has(w.hash): // Unter den Linden
			if !w.is(lineBefore) && sc.prepositionOfRoad(j-2) {
				return sc.prepositionalFrom(j-2, i)
			}
			return i
		case !w.is(capital), w.cueIs(cue.Month | cue.Stop):
			return i
		}
		j--
	}
	return i
}

// prepositionOfRoad reports whether a preposition stands at token i with which names of
// streets begin, before an article.
func (sc *Scanner) prepositionOfRoad(i int) bool {
	t := sc.at(i)
	return t.kind == tokenWord && t.isBut(capital, used) && (prepositions.Has(t.hash) || farPrepositions.Has(t.hash))
}

// prepositionalFrom notes the street from token from to the number i, if that
// counts nothing and one of its words isn't of every day, or a postal code and a town
// stand behind it.
func (sc *Scanner) prepositionalFrom(from, i int) int {
	if n := sc.at(i + 1); n.cueIs(cue.Unit) && !n.is(lineBefore) {
		return i
	}
	code := sc.at(i + 2)
	posted := sc.isPunct(i+1, ',') && code.kind == tokenNumber && code.size() >= 4 && code.size() <= 5 &&
		!code.is(lineBefore) && sc.at(i+3).isBut(capital, lineBefore) // Am Wall 7, 21335 Lüneburg
	for j := from + 1; j < i; j++ {
		if t := sc.at(j); t.kind == tokenWord && (t.list.Word() == 0 || posted) {
			return sc.addressBlock(from, sc.houseTail(i+1))
		}
	}
	return i
}

var (
	prepositions    = words.SetOf("am im zum zur")
	farPrepositions = words.SetOf("an auf unter hinter vor bei in")
	roadArticles    = words.SetOf("der den dem")
	routeKinds      = words.SetOf("rural star")
	routeBoxes      = words.SetOf("rr hc hcr rt rte route")
	hashRoute       = words.Hash("route")
	hashPost        = words.Hash("post")
	hashR           = words.Hash("r")
	hashC           = words.Hash("c")
)

// numberedCrossing returns the index behind the crossing that begins with the
// numbered street at token i, or i: near 7th & Washington, at 5th and Main.
func (sc *Scanner) numberedCrossing(i int) int {
	and, p := i+1, sc.at(i-1)
	street := sc.suffixAt(and) // 4th Ave & 9th St
	if street {
		and++
	}
	if sc.at(and).hash != hashAnd && !sc.isPunct(and, '&') ||
		!street && (sc.at(i).is(lineBefore) || !beforeCrossings.Has(p.hash)) {
		return i
	}
	n := sc.at(and + 1)
	if n.kind == tokenMixed && ordinal(sc.lit(and+1)) > 0 && sc.at(and+2).cueIs(cue.Street) {
		return and + 3
	}
	if n.kind != tokenWord ||
		!n.isBut(capital, used|lineBefore) ||
		n.cueIs(cue.Month|cue.Weekday|cue.Stop|cue.Medical|cue.Facility) ||
		street && !sc.suffixAt(and+2) {
		return i
	}
	return sc.crossing(and + 1)
}

var beforeCrossings = words.SetOf("near at on from of off")
