package detect

import (
	"strings"
	"sync"
	"unicode"

	"github.com/carebus/carebus/phi/internal/chars"
	"github.com/carebus/carebus/phi/internal/cue"
	"github.com/carebus/carebus/phi/internal/words"
)

// Prose in capitals alone, as older systems write it, and in small letters alone, as
// people type it: a whole text or lines of one. There case says nothing, so each word
// is given the case that it would have elsewhere, and the rules of capitals hold.

// prose is how many words such as the and with make what has one case prose. They
// are seldom replaced, so what was scrubbed is taken for the same; when too few are
// left, every word in capitals is taken for capitalised.
const prose = 3

// A caseCount counts what a text or a line of one holds.
type caseCount struct {
	stops  int  // words such as the
	small  bool // has a word with a small letter, not counting mg
	proper bool // has a word with a capital, or a mark, which may stand for one
	named  bool // has a word that tells that names in small letters may be there
	begun  bool // the last word is a name that begins a sentence
}

func (c *caseCount) capitalsAlone() bool { return c.stops >= prose && !c.small }
func (c *caseCount) smallAlone() bool    { return c.stops >= prose && !c.proper && c.named }

// word counts a word of a size that has a small letter or none and is proper or not.
func (c *caseCount) word(size int, lower, proper, stop bool) {
	if stop && size > 1 {
		c.stops++
	}
	c.proper = c.proper || proper
	c.small = c.small || lower && size > 2
}

// add counts a line of a text.
func (c *caseCount) add(line *caseCount) {
	c.stops += line.stops
	c.small = c.small || line.small
	c.named = c.named || line.named
}

// listen notes in c whether a word, in small letters or one that begins a sentence,
// tells that names stand around. The name that a sentence begins with tells only with
// another behind it: Sharon wright.
func (sc *Scanner) listen(c *caseCount, hash uint32, said uint8, written bool) {
	if written {
		c.begun = sc.tells(hash, said)
		return
	}
	c.named = sc.tells(hash, said) || c.begun && sc.lists.Get(hash).Named()
	c.begun = false
}

// tells reports whether a word in small letters tells that names may stand around: it
// is one, or a title, or a house of care.
func (sc *Scanner) tells(hash uint32, said uint8) bool {
	if is := cue.All[said].Is; is != 0 {
		return is&cue.Title != 0 && courtesyTitles.Has(hash) ||
			is&cue.Facility != 0 && (hash == hashHospital || hash == hashClinic)
	}
	return sc.named.has(hash) && isNamed(sc.lists.Get(hash))
}

// isNamed reports whether a word is a name or a town rather than anything else, or one
// of the given names that are words as well.
func isNamed(l words.Flags) bool {
	return l.Word() == 0 && (l.Given() >= 2 || l.Surname() >= 2 || l.City() > 0) || l.Given() == 3
}

// A nameFilter says of words, by their hash, that they aren't named; of one in eight
// that are not it doesn't. It is small, so that looking is quick.
type nameFilter [1 << 14]uint64

func (f *nameFilter) has(h uint32) bool { return f[h&0xfffff>>6]&(1<<(h&63)) != 0 }

var loadNameFilter = sync.OnceValue(func() *nameFilter {
	f := new(nameFilter)
	words.Lists().Each(func(h uint32, l words.Flags) {
		if isNamed(l) {
			f[h&0xfffff>>6] |= 1 << (h & 63)
		}
	})
	return f
})

// A caseLine is a line, or a whole text, of one case: the words from one token to
// another.
type caseLine struct {
	from, to int
	capitals bool // in capitals, else in small letters
}

// noteLine notes the line, or the text, from one token to another if its case says
// nothing.
func (sc *Scanner) noteLine(from, to int, c *caseCount) {
	if capitals := c.capitalsAlone(); capitals || c.smallAlone() && !sc.spanish(from, to) {
		sc.lines = append(sc.lines, caseLine{from, to, capitals})
	}
}

// noteSmallLines notes anew which lines are in small letters. Capitals that begin a
// sentence and those of acronyms make no word of a line proper.
func (sc *Scanner) noteSmallLines() {
	sc.lines = sc.lines[:0]
	for from := 0; from < len(sc.toks); {
		to, c := sc.countLine(from)
		if c.smallAlone() && !sc.spanish(from, to) {
			sc.lines = append(sc.lines, caseLine{from, to, false})
		}
		from = to
	}
}

// countLine counts what the line that begins with token from holds, and returns the
// index behind it.
func (sc *Scanner) countLine(from int) (to int, c caseCount) {
	for to = from; to == from || to < len(sc.toks) && !sc.toks[to].is(lineBefore); to++ {
		switch t := &sc.toks[to]; t.kind {
		case tokenMark:
			c.proper = true
		case tokenWord:
			lower, written := hasLower(sc.lit(to)), sc.written(t)
			opens := t.is(sentence) && !behindTitle(sc.toks[:to])
			c.word(t.size(), lower, lower && written && !opens, t.cueIs(cue.Stop))
			if !c.named && !c.proper {
				sc.listen(&c, t.hash, t.cue, written)
			}
		}
	}
	return to, c
}

// settleLines gives the words of lines in capitals their case.
func (sc *Scanner) settleLines() {
	for _, l := range sc.lines {
		if l.capitals {
			sc.settled = true
			sc.settleCase(l.from, l.to)
		}
	}
}

// raiseLines gives the words of lines in small letters their case.
func (sc *Scanner) raiseLines() {
	for _, l := range sc.lines {
		if !l.capitals {
			sc.raiseCase(l.from, l.to)
		}
	}
}

// lowerLines takes back what raiseLines did. It forgets lines in which something was
// found: they hold a mark then.
func (sc *Scanner) lowerLines() {
	left := sc.lines[:0]
	for _, l := range sc.lines {
		found := l.capitals
		for i := l.from; i < l.to && !l.capitals; i++ {
			t := &sc.toks[i]
			found = found || t.is(used)
			if t.kind == tokenWord && t.is(capital) && !sc.written(t) {
				t.flags &^= capital
				t.list = 0
			}
		}
		if !found {
			left = append(left, l)
		}
	}
	sc.lines = left
}

// behindTitle reports whether what stands behind the tokens follows a title with its
// period, which ends no sentence.
func behindTitle(toks []token) bool {
	n := len(toks)
	return n >= 2 && toks[n-1].kind == tokenPunct && toks[n-2].cueIs(cue.Title) && !lowerTitles.Has(toks[n-2].hash)
}

// hasLower reports whether a word has a small letter.
func hasLower(s string) bool {
	for i := range len(s) {
		if chars.IsLower(s[i]) {
			return true
		}
	}
	return isHigh(s) && strings.ContainsFunc(s, unicode.IsLower)
}

func isHigh(s string) bool { return chars.FirstHigh(s) < len(s) }

// written reports whether a word is written with a capital, whatever case it was
// given.
func (sc *Scanner) written(t *token) bool {
	s := sc.text[t.start:t.end]
	for i := range len(s) {
		if chars.IsUpper(s[i]) {
			return true
		}
	}
	return isHigh(s) && strings.ContainsFunc(s, unicode.IsUpper)
}

// settleCase takes the capital from each of the words from one token to another, in
// capitals, that is no name, town or the like as far as lists and the words beside it
// say.
func (sc *Scanner) settleCase(from, to int) {
	sc.streetCase(from, to)
	for i := from; i < to; i++ {
		t := &sc.toks[i]
		if t.kind != tokenWord || !t.is(capital) || sc.raising && sc.written(t) {
			continue
		}
		if t.is(allCaps) {
			sc.capitalise(i, sc.houseCase(i))
			sc.capitalise(i, sc.townCase(i))
		}
		if t.is(allCaps) || t.size() == 1 {
			sc.nameWords(i, sc.nameCase(i))
		}
		switch sc.caseOf(i) {
		case inSmall:
			t.flags &^= capital | allCaps
			t.list = 0
		case capitalised:
			t.flags &^= allCaps
		}
	}
}

// raiseCase gives capitals to those of the words from one token to another, in small
// letters, to which settleCase would leave them.
func (sc *Scanner) raiseCase(from, to int) {
	for i := from; i < to; i++ {
		if t := &sc.toks[i]; t.kind == tokenWord && !t.is(used) && !sc.written(t) {
			t.flags |= capital | allCaps
			t.list = sc.lists.Get(t.hash)
		}
	}
	sc.raising = true
	sc.settleCase(from, to)
	sc.raising = false
	for i := from; i < to; i++ {
		t := &sc.toks[i]
		if t.kind != tokenWord || t.is(used) || !t.is(allCaps) && !t.cueIs(cue.Month|cue.Weekday) || sc.written(t) {
			continue
		}
		if t.flags &^= allCaps; !t.cueIs(cue.Title|cue.Suffix|cue.Country|cue.State|cue.Eponym) || t.size() == 1 {
			t.flags &^= capital
			t.list = 0
		}
	}
}

// findRaised finds names and places in a text in small letters alone, before the
// rules for small letters look at the rest.
func (sc *Scanner) findRaised(hint bool) {
	capitals := sc.capitals
	sc.capitals = true
	sc.raiseLines()
	sc.findNames(hint)
	sc.findPlaces()
	sc.lowerLines()
	sc.capitals = capitals
}

// A letterCase is that of a word in prose.
type letterCase uint8

const (
	inCapitals  letterCase = iota // MRI
	capitalised                   // Jane
	inSmall                       // the
)

// caseOf returns the case of the capitalised word at i. Those before it have
// theirs already.
func (sc *Scanner) caseOf(i int) letterCase {
	t := &sc.toks[i]
	l := t.list
	switch {
	case !t.is(allCaps) && t.size() > 1: // settled before, with others
		return capitalised
	case t.size() == 1:
		if sc.besideName(i) && (t.hash != hashA && t.hash != hashI || sc.isPunct(i+1, '.')) {
			return capitalised
		}
		if t.hash == hashA || t.hash == hashI {
			return inSmall
		}
		return inCapitals
	case ageLetters.Has(t.hash) && sc.at(i-1).kind == tokenNumber: // 45 YO
		return inSmall
	case t.cueIs(cue.Title) && t.size() <= 4,
		t.cueIs(cue.Weekday | cue.Suffix | cue.Country),
		t.cueIs(cue.State) && t.size() > 2:
		return inCapitals
	case t.cueIs(cue.Month):
		if h := t.hash; h != hashMay && h != hashMarch || sc.datedMonth(i) {
			return capitalised
		}
		return inSmall
	case l.Surname() == 3 && sc.besideTitle(i), l.Given() == 3 && sc.initialBehind(i):
		return capitalised
	case sc.isState(i) && t.cueIs(cue.Stop|cue.In):
		if n := sc.at(i + 1); n.kind == tokenNumber && n.size() == 5 {
			return inCapitals
		}
		return inSmall
	case sc.isState(i):
		return inCapitals
	case t.cueIs(cue.Stop):
		if l.Given() == 3 && sc.besideName(i) {
			return capitalised
		}
		return inSmall
	case t.cueIs(cue.Facility):
		if p := sc.at(i - 1); p.kind == tokenWord && p.is(capital) && (!sc.raising || !p.is(allCaps)) &&
			!t.is(lineBefore) && !p.cueIs(cue.Key|cue.NotName) {
			return capitalised
		}
		return inSmall
	case sc.hardlyWord(t):
		return capitalised
	case lowerTitles.Has(t.hash):
		return inSmall
	case l.Named() && sc.besideName(i):
		return capitalised
	case t.cueIs(cue.Key | cue.NotName | cue.Unit | cue.Medical | cue.Eponym | cue.Holiday):
		return inCapitals
	case t.cueIs(cue.Relation) || l.Word() > 0 || l.Drug() || sc.medicalShape(t):
		return inSmall
	case sc.besideName(i) ||
		sc.besideTitle(i) ||
		!sc.raising && t.size() > 3 && t.is(sentence) &&
			(sc.at(i+1).cueIs(cue.Speech) && !sc.copula(i+1) || personVerbs.Has(sc.at(i+1).hash)):
		return capitalised
	case t.size() <= 5: // an acronym
		return inCapitals
	}
	return inSmall
}

// hardlyWord reports whether a word is a name or a town and no everyday word.
func (sc *Scanner) hardlyWord(t *token) bool {
	l := t.list
	if t.kind != tokenWord ||
		t.cueIs(cue.Stop|cue.NotName|cue.Key|cue.Eponym|cue.Facility|cue.Medical|cue.Unit) ||
		l.Drug() ||
		t.size() <= 3 ||
		t.size() == 4 && l.Given() < 3 {
		return false
	}
	return l.Word() == 0 && (l.Given() >= 2 || l.Surname() >= 2 || l.City() > 0) ||
		l.Word() == 1 && (l.Given() == 3 || l.Surname() == 3)
}

// besideName reports whether a word beside token i is a name.
func (sc *Scanner) besideName(i int) bool {
	j := i - 1
	if sc.isPunct(j, '.') && sc.joined(j) || sc.isPunct(j, '-') && sc.joined(j) && sc.joined(i) {
		j--
	}
	k := i + 1
	if sc.isPunct(k, '.') && sc.joined(k) && sc.toks[i].size() == 1 ||
		sc.isPunct(k, '-') && sc.joined(k) && sc.joined(k+1) {
		k++
	}
	p, n := sc.at(j), sc.at(k)
	return !sc.at(i).is(lineBefore) &&
		(p.kind == tokenMark && p.is(nameFound) || p.isBut(capital, allCaps) && p.list.Named() && !p.cueIs(cue.Stop)) ||
		!n.is(lineBefore) && (n.kind == tokenMark && n.is(nameFound) || sc.hardlyWord(n) && n.list.Named())
}

// besideTitle reports whether a title or a word that introduces a person stands
// right before token i: MR. YOUNG, NAME: YOUNG.
func (sc *Scanner) besideTitle(i int) bool {
	if sc.at(i).is(lineBefore) {
		return false
	}
	j := i - 1
	if sc.isPunct(j, '.') && sc.joined(j) || sc.isPunct(j, ':') {
		j--
	}
	p := sc.at(j)
	return !sc.acronymTitle(j) && p.kind == tokenWord &&
		(courtesyTitles.Has(p.hash) ||
			j == i-1 && kin.Has(p.hash) ||
			!sc.raising && (p.hash == hashName || p.hash == hashNamed) ||
			j < i-1 && p.cueIs(cue.Intro|cue.Relation))
}

// datedMonth reports whether the month at i that is a word as well is a month: IN
// MAY, MAY 5, 5 MARCH.
func (sc *Scanner) datedMonth(i int) bool {
	p, n := sc.at(i-1), sc.at(i+1)
	if n.kind == tokenNumber || n.kind == tokenMixed || p.kind == tokenNumber && !sc.isPunct(i-1, '.') {
		return true
	}
	switch p.hash {
	case hashIn, hashSince, hashUntil, hashDuring, hashOf, hashEarly, hashLate, hashMid, hashBy, hashLast, hashNext:
		return true
	}
	return false
}

// initialBehind reports whether an initial with its period, or a surname that is
// no everyday word, stands right behind token i: PETER B., SALLY KOWALSKI.
func (sc *Scanner) initialBehind(i int) bool {
	n := sc.at(i + 1)
	if n.kind != tokenWord || n.is(lineBefore) {
		return false
	}
	return n.size() == 1 && sc.isPunct(i+2, '.') && sc.joined(i+2) || n.list.Surname() == 3 && !n.cueIs(cue.Stop)
}

// capitalise gives the words from i to end the case of names.
func (sc *Scanner) capitalise(i, end int) {
	for j := i; j < end; j++ {
		if t := &sc.toks[j]; t.kind == tokenWord &&
			(t.size() > 2 || t.hash == hashSt || t.hash == hashMt || t.hash == hashFt) &&
			!nameLinks.Has(t.hash) {
			t.flags &^= allCaps
		}
	}
}

// townCase returns the index behind a town, state or country that begins at i, of
// several words or told by those around it, or i: NEW YORK, MOUNT SINAI.
func (sc *Scanner) townCase(i int) int {
	if end, _ := sc.cityAt(i); end > i+1 {
		return end
	}
	if end := sc.countryAt(i); end > i+1 {
		return end
	}
	if n := sc.at(i + 1); townStarts.Has(sc.toks[i].hash) && n.kind == tokenWord && !n.is(lineBefore) &&
		n.list.Word() == 0 && !sc.medicalShape(n) && !n.list.Drug() {
		return i + 2
	}
	if sc.toks[i].list.City() > 0 && sc.isPunct(i+1, ',') && sc.at(i-1).cueIs(cue.In) { // IN CONCORD, NEW HAMPSHIRE
		if sc.isState(i+2) || sc.at(i+2).cueIs(cue.State) || sc.at(i+2).hash == hashNew {
			return i + 1
		}
	}
	return i
}

// houseCase returns the index behind the name of a place of care at i, behind AT
// and the like, or i: AT GREEN VALLEY CLINIC, TREATED AT KAISER PERMANENTE.
func (sc *Scanner) houseCase(i int) int {
	p := sc.at(i - 1)
	at := p.hash == hashAt
	if !at && p.hash != hashTo && p.hash != hashFrom && p.hash != hashIn ||
		sc.toks[i].is(lineBefore) ||
		!at && !sc.careVerbBefore(i, true) {
		return i
	}
	house, rare := i, i
	for j := i; j < i+7; j++ {
		t := sc.at(j)
		if t.kind == tokenPunct && (sc.isPunct(j, '-') || sc.isPunct(j, '.') && sc.at(j-1).size() <= 3) &&
			sc.joined(j) {
			continue
		}
		if t.kind != tokenWord ||
			!t.isBut(capital, used) ||
			j > i && t.is(lineBefore) ||
			t.cueIs(cue.Stop) && !(j > i && nameLinks.Has(t.hash)) && !(j == i && t.hash == hashGood) {
			break
		}
		switch {
		case j > i && (t.cueIs(cue.Facility) || t.hash == hashGeneral):
			house = j + 1
		case t.list.Word() == 0 && t.cue == 0 && t.size() > 3 && !t.list.Drug() && !sc.medicalShape(t):
			rare = j + 1
		}
	}
	if house > i || !sc.careVerbBefore(i, true) || !at && !admittedWords.Has(sc.at(i-2).hash) {
		return house
	}
	return rare
}

var (
	hashGood      = words.Hash("good")
	nameLinks     = words.SetOf("and of the for")
	admittedWords = words.SetOf("admitted transferred")
)

// streetCase gives streets their capitals: 12 ELM STREET, 4 OLD MILL RD.
func (sc *Scanner) streetCase(from, to int) {
	for i := from; i < to; i++ {
		t := &sc.toks[i]
		if t.kind != tokenWord || !t.cueIs(cue.Street) {
			continue
		}
		j := i - 1
		for j > i-5 && sc.at(j).kind == tokenWord && !sc.at(j).cueIs(cue.Stop|cue.Relation) &&
			!personNouns.Has(sc.at(j).hash) && !sc.at(j+1).is(lineBefore) {
			j--
		}
		if sc.at(j).cueIs(cue.Stop) && sc.at(j).size() > 2 && j < i-1 { // 4 OLD MILL RD
			j--
		}
		if n := sc.at(j); j == i-1 || n.kind != tokenNumber && n.kind != tokenMixed || sc.at(j+1).is(lineBefore) {
			continue
		}
		for k := j + 1; k <= i; k++ {
			if sc.toks[k].size() > 2 {
				sc.toks[k].flags &^= allCaps
			}
		}
	}
}
