package detect

import (
	"github.com/carebus/carebus/phi/internal/category"
	"github.com/carebus/carebus/phi/internal/cue"
	"github.com/carebus/carebus/phi/internal/words"
)

// Numbers and dates in words, as transcripts of calls have them.

// spokenNumber finds seven digits or more that are spelled in words at token i:
// five five five, oh one four two. Fewer need a word before them that announces
// a number. A count is none: one two three four.
func (sc *Scanner) spokenNumber(i int) int {
	n, j, last, counted := 0, i, 0, true
	for j < len(sc.toks) && n <= 20 {
		t := &sc.toks[j]
		if t.kind != tokenWord || t.is(used) {
			break
		}
		times := 1
		if j > i && repeated.Has(t.hash) && sc.at(j+1).cueIs(cue.Digit) {
			if times = 2; t.hash == hashTriple {
				times = 3
			}
			j++
			t = &sc.toks[j]
		}
		if !t.cueIs(cue.Digit) {
			break
		}
		d := digitOf(t.hash)
		counted = counted && times == 1 && (n == 0 || d == last+1)
		last = d
		n += times
		if j++; sc.at(j+1).cueIs(cue.Digit) &&
			(sc.isPunct(j, ',') || sc.isPunct(j, '-') || dashWords.Has(sc.at(j).hash)) {
			j++
		}
	}
	if counted || n < 4 {
		return i
	}
	cat := sc.announcedBefore(i)
	switch {
	case n >= 7 && cat == category.None:
		cat = category.Phone
	case cat == category.None || n > 20:
		return i
	}
	return sc.add(i, j, cat)
}

// announcedBefore returns the category of a key word that stands within five
// words before token i, on its line, or None.
func (sc *Scanner) announcedBefore(i int) category.Category {
	for j := i - 1; j >= 0 && j > i-7 && !sc.toks[j+1].is(lineBefore); j-- {
		t := &sc.toks[j]
		if c := &cue.All[t.cue]; c.Is&(cue.Key|cue.WeakKey) != 0 && c.Cat != category.None &&
			c.Cat != category.PostalCode && c.Cat != category.URL {
			return c.Cat
		}
		if t.is(used) || sc.sentenceEnd(j) {
			break
		}
	}
	return category.None
}

func digitOf(hash uint32) int {
	for d, h := range digitHashes {
		if h == hash {
			return d
		}
	}
	return 0 // oh
}

var (
	digitHashes = [10]uint32{words.Hash("zero"), words.Hash("one"), words.Hash("two"), words.Hash("three"), words.Hash("four"), words.Hash("five"), words.Hash("six"), words.Hash("seven"), words.Hash("eight"), words.Hash("nine")}
	repeated    = words.SetOf("double triple")
	hashTriple  = words.Hash("triple")
	dashWords   = words.SetOf("dash hyphen area um uh")
)

// numberWords returns the index behind the numbers in words that begin at i.
func (sc *Scanner) numberWords(i int) int {
	j := i
	for j < i+10 {
		t := sc.at(j)
		if t.kind != tokenWord ||
			t.is(used) ||
			j > i && t.is(lineBefore) ||
			!t.cueIs(cue.Digit) && !numerals.Has(t.hash) && !lateOrdinals.Has(t.hash) && !ordinalUnits.Has(t.hash) {
			break
		}
		if j++; sc.isPunct(j, '-') && sc.tight(j) && sc.at(j+1).kind == tokenWord {
			j++
		}
	}
	return j
}

var numerals = words.SetOf("ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand")

// ordinalWords returns the index behind the place in a row, in words, at i:
// third, twenty-first; or i.
func (sc *Scanner) ordinalWords(i int) int {
	t := sc.at(i)
	if t.kind != tokenWord || t.is(used|lineBefore) {
		return i
	}
	switch h := t.hash; {
	case lateOrdinals.Has(h), ordinalUnits.Has(h), h == hashTenth:
		return i + 1
	case h == hashTwenty || h == hashThirty:
		j := i + 1
		if sc.isPunct(j, '-') && sc.joined(j) {
			j++
		}
		if ordinalUnits.Has(sc.at(j).hash) {
			return j + 1
		}
	}
	return i
}

var hashTenth = words.Hash("tenth")

// dayInWords returns the index behind the day in words that stands at i, right
// behind a month, and the year behind it; or i: third nineteen eighty-one. A
// number in a row has a thing behind it: the March second dose. Without a year
// it counts if the month is sure to be one.
func (sc *Scanner) dayInWords(i int, sure bool) int {
	j := i
	if sc.at(j).hash == hashThe {
		j++
	}
	to := sc.ordinalWords(j)
	if to == j {
		return i
	}
	if year := sc.numberWords(to); year > to+1 {
		return year
	}
	if to = sc.yearAfter(to); sc.isYear(to-1) || sure && sc.dayEnds(to) {
		return to
	}
	return i
}

// digitsApart returns the index behind the ten digits, or eleven with a 1 before, that
// stand apart at token i, as people dictate a telephone number; or i. Where no word
// says so they are one only if a digit is higher than questionnaires score.
func (sc *Scanner) digitsApart(i int) int {
	var digits [12]byte
	n := 0
	high := false
	for t := sc.at(i); n < len(digits) && t.kind == tokenNumber && t.size() == 1 && !t.is(used) &&
		(n == 0 || !t.is(lineBefore) && !sc.joined(i+n)); t = sc.at(i + n) {
		digits[n] = sc.text[t.start]
		high = high || digits[n] > '6'
		n++
	}
	if n < 10 || n > 11 {
		return i
	}
	told := sc.keyBefore(i, dictated)
	if !told && (!high || n == 11 || sc.at(i-1).kind == tokenNumber || sc.at(i+n).kind == tokenNumber) {
		return i // ten items of a questionnaire
	}
	if NANPDigits(string(digits[:n])) {
		return sc.add(i, i+n, category.Phone)
	}
	return i
}

// dictated are words before a telephone number that is said digit by digit.
var dictated = words.SetOf("number phone telephone cell mobile call text reach fax")
