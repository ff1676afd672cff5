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
	return l.Word() == 0 && (l.CommonName() || l.City() > 0) || l.Given() == words.Frequent
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
