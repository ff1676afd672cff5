package detect

import (
	"slices"
	"strings"

	"github.com/carebus/carebus/phi/internal/category"
	"github.com/carebus/carebus/phi/internal/chars"
	"github.com/carebus/carebus/phi/internal/cue"
	"github.com/carebus/carebus/phi/internal/words"
)

// What stands beside a finding and is told by it alone.

// besideFindings notes the other half of a name in a list of quoted values, given names and
// surnames before one, ages over 89 behind names, and postal codes behind towns.
func (sc *Scanner) besideFindings() {
	for k := range sc.spans { // those that are noted here don't count
		sp := &sc.spans[k]
		switch sp.Category {
		case category.Address:
			sc.codeBehindStreet(sc.tokenAt(sp.End))
		case category.Place:
			if sp.End+1 < len(sc.text) && sc.text[sp.End] == ' ' && chars.IsDigit(sc.text[sp.End+1]) {
				sc.codeBeside(sc.tokenAt(sp.End))
			}
		case category.Name:
			if sp.Start > 3 && sc.text[sp.Start-1] == ' ' && chars.IsLetter(sc.text[sp.Start-2]) {
				if i := sc.tokenAt(sp.Start); i > 0 && sc.givenBefore(i) {
					sc.widen(sp, i-1)
				}
			}
			if sp.Start > 5 && sc.text[sp.Start-2] == ',' && sc.text[sp.Start-1] == ' ' {
				if i := sc.tokenAt(sp.Start); sc.surnameBefore(i) {
					sc.widen(sp, i-2)
				}
			}
			if sp.End+1 < len(sc.text) {
				sc.partsBeside(sp)
			}
		}
	}
}

// widen has the name begin with the word at token i, before it.
func (sc *Scanner) widen(sp *Span, i int) {
	sc.toks[i].flags |= used | nameFound
	sp.Start = int(sc.toks[i].start)
}

// partsBeside is besideFindings for a name: what the characters behind it allow is looked for.
func (sc *Scanner) partsBeside(sp *Span) {
	var third byte
	if sp.End+2 < len(sc.text) {
		third = sc.text[sp.End+2]
	}
	switch c, next := sc.text[sp.End], sc.text[sp.End+1]; c {
	case ' ':
		switch {
		case chars.IsLetter(next) && sc.linkBeside(sc.tokenAt(sp.End)): // Donald D DUCK
		case next == 'x' && chars.IsDigit(third): // Beth x7712
			sc.extensionBeside(sc.tokenAt(sp.End))
		case chars.IsLower(next) && third == ' ': // vondel v o n d e l
			sc.lettersBeside(sc.tokenAt(sp.End))
		case next == '(' && third == 'x': // Cheng, A (x0173)
			sc.extensionBeside(sc.tokenAt(sp.End) + 1)
		case next == '(' && chars.IsDigit(third): // Ethel (95)
			sc.ageBeside(sc.tokenAt(sp.End) + 1)
		}
	case ',':
		if chars.IsUpper(third) || third == 'a' && next == ' ' {
			sc.listedBeside(sc.tokenAt(sp.Start), sc.tokenAt(sp.End)+1)
		}
		if chars.IsDigit(third) { // Ethel, 95
			sc.ageBeside(sc.tokenAt(sp.End) + 1)
		}
	case '"', '\'':
		if next == ',' || sp.Start > 3 && sc.text[sp.Start-1] == c {
			sc.quotesBeside(sc.tokenAt(sp.Start)-1, sc.tokenAt(sp.End))
		}
	}
}

// givenBefore reports whether the capitalised word before the surname at token i is a given
// name though it is a word as well: where the two are all of the text, Lark Sorensen, or amid
// a sentence, w/ Sorrel Hightower. A surname that a field told may be of no list.
func (sc *Scanner) givenBefore(i int) bool {
	t, p := &sc.toks[i], &sc.toks[i-1]
	if t.kind != tokenWord || t.is(lineBefore) || t.list.Word() > 0 ||
		p.kind != tokenWord || !p.isBut(capital, used|possessive) || p.size() < 3 || p.is(allCaps) != t.is(allCaps) || sc.acronym(p) ||
		p.list.Drug() || p.list.City() > 0 && !p.list.Named() || sc.camelCase(p) || sc.medicalShape(p) {
		return false
	}
	told := sc.known.Name(t.hash)
	if !told && t.list.Surname() < words.Common {
		return false
	}
	given := p.list.Given() > 0
	alone := i == 1 && (i+1 == len(sc.toks) || sc.isPunct(i+1, ','))
	switch {
	case alone && given && !p.cueIs(cue.Title|cue.Relation):
		return true
	case p.cue != 0 && !(told && p.cueIs(cue.Eponym)) || !given && p.list.Word() >= words.Common:
		return false
	case told && given && p.list.Word() == 0: // Rutherford Zorkk called
		return true
	}
	return alone || !p.is(sentence|lineBefore) && !sc.at(i-2).is(capital)
}

// surnameBefore reports whether a surname of no list stands with a comma before the given name
// at token i, at the beginning of a line: Quexly, Tamsin checked in.
func (sc *Scanner) surnameBefore(i int) bool {
	if i < 2 || !sc.isPunct(i-1, ',') || !sc.joined(i-1) {
		return false
	}
	t, p := &sc.toks[i], &sc.toks[i-2]
	begins := i == 2 || p.is(lineBefore)
	if !begins || p.kind != tokenWord || !p.isBut(capital, used|possessive) || !sc.rareWord(p) ||
		slices.ContainsFunc(nounEnds, func(end string) bool { return strings.HasSuffix(sc.lit(i-2), end) }) {
		return false
	}
	return t.list.Given() > 0 && p.is(allCaps) == t.is(allCaps) && !sc.isPunct(i+1, ',')
}

// nounEnds are ends of words that are no surnames: Telehealth, Psychoeducation.
var nounEnds = []string{"health", "therapy", "tion", "sion", "ment", "ness", "ing", "ology", "phone", "care", "session"}

// listedBeside notes the word at token i, behind the name at token name and a comma, if no list
// holds it and it stands in a list of three other names or more: Ana Roe, Zushi, Rich Day, and
// Joy Moon. Among two a trade stands as well.
func (sc *Scanner) listedBeside(name, i int) {
	t, next := sc.at(i), sc.nextListed(i+1)
	if next == i+1 || !sc.at(next).is(nameFound) || t.kind != tokenWord || !t.isBut(capital, used|lineBefore) ||
		!sc.rareWord(t) || sc.acronym(t) {
		return
	}
	end := next
	for sc.at(end).is(nameFound) {
		end++
	}
	further := sc.nextListed(end)
	if further > end && sc.at(further).is(nameFound) || sc.isPunct(name-1, ',') && sc.at(name-2).is(nameFound) {
		sc.addName(i, i+1, true)
	}
}

// nextListed returns the index of the next item of a list behind one that ends before token i,
// or i.
func (sc *Scanner) nextListed(i int) int {
	if sc.isPunct(i, ',') {
		i++
	}
	if sc.at(i).hash == hashAnd {
		i++
	}
	return i
}

// quotesBeside notes the other half of the name in the quotes that stand at the tokens before
// and behind, if there is one on one side alone: 'Lotte', 'Vondel', but not 'Chr', 'Str', 'Asc'.
func (sc *Scanner) quotesBeside(before, behind int) {
	if before >= 3 && sc.isPunct(behind+1, ',') && sc.isPunct(before-1, ',') &&
		sc.otherHalf(behind+3) && sc.otherHalf(before-3) {
		return
	}
	sc.quotedBeside(behind+1, behind+3)
	if sc.quoteMark(before) {
		sc.quotedBeside(before-1, before-3)
	}
}

// linkBeside notes the initial or the particle at token i if a name stands behind it as
// well, such as one that a field told: Donald D DUCK, Bénédicte du Marché.
func (sc *Scanner) linkBeside(i int) bool {
	t, next := sc.at(i), i+1
	if t.size() == 1 && t.is(capital) && sc.isPunct(next, '.') && sc.joined(next) {
		next++
	}
	if t.kind != tokenWord || t.is(used|lineBefore) || sc.at(next).is(lineBefore) ||
		!(t.size() == 1 && t.is(capital) || t.cueIs(cue.Particle)) || !sc.at(next).is(nameFound) {
		return false
	}
	sc.add(i, next, category.Name)
	return true
}

// quotedBeside notes the other half of a name in quotes: the word in quotes at token
// half, on the other side of the comma, as code and errors print rows: 'Lotte', 'Vondel'.
// A third word that may be one as well makes a list of them: 'Ada', 'Cobol', 'Erlang'.
func (sc *Scanner) quotedBeside(comma, half int) {
	if further := 2*half - comma; sc.isPunct(further, ',') &&
		(sc.otherHalf(2*further-half) || sc.at(2*further-half).is(nameFound)) {
		return
	}
	if sc.isPunct(comma, ',') && sc.joined(comma) && sc.quoteMark((comma+half)/2) &&
		sc.quoteMark(2*half-(comma+half)/2) && sc.otherHalf(half) {
		sc.addName(half, half+1, true)
	}
}

// otherHalf reports whether the word at i may be half of a name, its other half beside
// it.
func (sc *Scanner) otherHalf(i int) bool {
	t := sc.at(i)
	l := t.list
	return sc.nameable(i) && t.size() > 1 && !sc.acronym(t) && !l.Drug() && t.cue == 0 &&
		(l.Named() && l.Word() < words.Common || l.Word() == 0 && l.City() == 0)
}

// lettersBeside notes the letters from token i on that spell the name before them: vondel
// v o n d e l.
func (sc *Scanner) lettersBeside(i int) {
	j := i
	for t := sc.at(j); t.kind == tokenWord && t.size() == 1 && !t.is(used|lineBefore); t = sc.at(j) {
		j++
	}
	if n := j - i; n >= 3 && sc.spelledBefore(i, n) {
		sc.add(i, j, category.Name)
	}
}

// spelledBefore reports whether the n letters from token i on are those that the word
// before them ends with: Vondel v o n d e l, not Roe b i d.
func (sc *Scanner) spelledBefore(i, n int) bool {
	word := sc.lit(i - 1)
	if len(word) < n {
		return false
	}
	word = word[len(word)-n:]
	for k := range n {
		if word[k]|0x20 != sc.text[sc.toks[i+k].start]|0x20 {
			return false
		}
	}
	return true
}

// ageBeside notes the number at token i if it is an age over 89: Ethel, 95, lives alone.
func (sc *Scanner) ageBeside(i int) {
	t := sc.at(i)
	if t.kind != tokenNumber || t.is(used|lineBefore) || t.size() > 3 {
		return
	}
	if v := chars.DigitsValue(sc.lit(i)); v >= OldestAge && v <= 115 && sc.saidAlone(i+1) {
		sc.add(i, i+1, category.Age)
	}
}

// codeBehindStreet notes the postal code behind the comma at token i, or on the line that
// begins there, if a town stands behind it: Laugavegur 28, 101 Reykjavík.
func (sc *Scanner) codeBehindStreet(i int) int {
	if sc.isPunct(i, ',') && !sc.at(i+1).is(lineBefore) {
		i++
	} else if !sc.wraps(i) {
		return i
	}
	from := i
	if t := sc.at(i); t.kind == tokenWord && t.is(capital) && t.size() <= 2 && sc.isPunct(i+1, '-') && sc.joined(i+1) &&
		sc.joined(i+2) { // A-1010
		i += 2
	}
	t, town := sc.at(i), sc.at(i+1)
	if t.kind != tokenNumber ||
		t.size() < 3 ||
		t.size() > 5 ||
		t.is(used) ||
		sc.isYear(i) ||
		town.kind != tokenWord ||
		!town.isBut(capital, lineBefore) ||
		!town.is(used) && town.list.City() == 0 {
		return from
	}
	return sc.add(from, i+1, category.Address)
}

// extensionBeside notes the telephone extension at token i, behind a name: Beth x7712.
func (sc *Scanner) extensionBeside(i int) {
	t := sc.at(i)
	if s := sc.lit(i); t.kind == tokenMixed && !t.is(used|lineBefore) && len(s) >= 4 && len(s) <= 6 &&
		chars.AllDigits(s[1:]) {
		sc.add(i, i+1, category.Phone)
	}
}

// codeBeside notes the number at token i if it is the postal code of the town before it:
// Haydenville 01039.
func (sc *Scanner) codeBeside(i int) {
	if t := sc.at(i); t.kind == tokenNumber && t.size() == 5 && !t.is(used|lineBefore) && !sc.joined(i) &&
		sc.saidAlone(i+1) {
		sc.add(i, i+1, category.PostalCode)
	}
}
