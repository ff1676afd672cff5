package detect

import (
	"github.com/carebus/carebus/phi/internal/category"
	"github.com/carebus/carebus/phi/internal/chars"
	"github.com/carebus/carebus/phi/internal/cue"
	"github.com/carebus/carebus/phi/internal/words"
)

// weekday notes a day of the week, if it is a day: every Friday isn't.
func (sc *Scanner) weekday(i int) int {
	if h := sc.at(i - 1).hash; (h == hashEvery || h == hashEach || h == hashA) && !sc.at(i).is(lineBefore) ||
		sc.contraction(&sc.toks[i]) {
		return i + 1 // a habit
	}
	to := i + 1
	if sc.at(to).hash == hashThe && !sc.at(to).is(lineBefore) && sc.at(to+1).kind == tokenMixed &&
		ordinal(sc.lit(to+1)) > 0 {
		to += 2 // Monday the 9th
	}
	sc.add(sc.withRelative(i), to, category.Date)
	sc.shortDate(to)
	return to
}

// withRelative returns the index of the last, next or this before token i, or of
// the that before a month, or i.
func (sc *Scanner) withRelative(i int) int {
	if h := sc.at(i - 1).hash; (h == hashLast ||
		h == hashNext ||
		h == hashThis ||
		h == hashThat && sc.at(i).cueIs(cue.Month)) &&
		!sc.at(i).is(lineBefore) && !sc.at(i-1).is(used) {
		return i - 1
	}
	return i
}

// bareMonth finds a month without day and year: last July, since June.
func (sc *Scanner) bareMonth(i int) int {
	t := &sc.toks[i]
	if t.is(lineBefore) || sc.at(i-1).is(used) {
		return i
	}
	if !t.is(capital) {
		return sc.smallMonth(i)
	}
	if n := sc.at(i + 1); n.is(capital) && n.kind == tokenWord && !n.is(lineBefore) &&
		(n.list.Surname() >= words.Common && !n.cueIs(cue.Stop) || t.list.Given() >= words.Common && sc.rareWord(n)) {
		return i // the name of a person: in April Jones
	}
	if from := sc.withRelative(i); from < i {
		return sc.add(from, i+1, category.Date)
	}
	switch p := sc.at(i - 1); p.hash {
	case hashIn, hashSince, hashUntil, hashDuring, hashOf, hashEarly, hashLate, hashMid, hashBy:
		return sc.add(i, i+1, category.Date)
	default:
		if plainMonths.Has(t.hash) && besideMonths.Has(p.hash) || p.cueIs(cue.Date) && t.list.Given() < words.Common { // unchanged from March, RTC Nov
			return sc.add(i, i+1, category.Date)
		}
	}
	if sc.isPunct(i-1, '-') && sc.joined(i) && sc.at(i-2).hash == hashMid {
		return sc.add(i, i+1, category.Date)
	}
	return i
}

// plainMonths are months that hardly anybody is called, besideMonths stand before a month
// and before persons as well.
var (
	plainMonths  = words.SetOf("january february march july september october november december")
	besideMonths = words.SetOf("from to through thru till after before around about starting beginning ending and or")
)

// smallMonth is bareMonth for a month in small letters, which is a word or a name as
// well: in june, since march, but not by april nor this may.
func (sc *Scanner) smallMonth(i int) int {
	t, p := &sc.toks[i], sc.at(i-1)
	leads := monthLeads.Has(p.hash) || p.hash == hashFor && !wordMonths.Has(t.hash)
	if t.size() <= 3 && t.hash != hashMay || !leads || sc.contraction(t) {
		return i
	}
	if n := sc.at(i + 1); !n.is(lineBefore) && n.kind == tokenWord &&
		(n.cueIs(cue.Medical) || sc.lists.Get(n.hash).Surname() >= words.Common && sc.lists.Get(n.hash).Word() == 0) {
		return i // in june cleaver's chart
	}
	if p.hash == hashLast || p.hash == hashNext {
		return sc.add(i-1, i+1, category.Date)
	}
	return sc.add(i, i+1, category.Date)
}

// monthLeads stand before a month and before few other words that look like one.
var (
	monthLeads = words.SetOf("in since until till last next early late mid during")
	wordMonths = words.SetOf("march april may june august")
)

var (
	hashLast   = words.Hash("last")
	hashNext   = words.Hash("next")
	hashSince  = words.Hash("since")
	hashUntil  = words.Hash("until")
	hashDuring = words.Hash("during")
	hashEarly  = words.Hash("early")
	hashLate   = words.Hash("late")
	hashMid    = words.Hash("mid")
	hashEvery  = words.Hash("every")
	hashEach   = words.Hash("each")
	hashWith   = words.Hash("with")
	hashThis   = words.Hash("this")
	hashThat   = words.Hash("that")
)

// culture reports whether the word at i stands for a culture, of whose bottles some
// grow, and not for cancelled: blood cx 2/2.
func (sc *Scanner) culture(i int) bool {
	t := &sc.toks[i]
	return t.hash == hashCx && (t.is(allCaps) || specimens.Has(sc.at(i-1).hash))
}

var (
	hashCx    = words.Hash("cx")
	specimens = words.SetOf("blood urine sputum wound stool csf throat tissue fluid bone repeat")
)

var (
	rangeWords   = words.SetOf("to thru through until till")
	dayHalves    = words.SetOf("a p am pm")
	appointments = words.SetOf("appt appts appointment visit session intake")
)

// birthYear finds the year behind born in, DOB and the like, the month with the
// year, and the date in words.
func (sc *Scanner) birthYear(i int) {
	for n := 0; n < 3 && (sc.at(i).cueIs(cue.Fill) || sc.isPunct(i, ':') || sc.at(i).hash == hashYear); n++ {
		i++
	}
	t := sc.at(i)
	if t.is(used | lineBefore) {
		return
	}
	switch {
	case t.kind == tokenNumber && sc.birthDigits(i) > i:
		sc.add(i, sc.birthDigits(i), category.BirthDate)
	case t.kind != tokenNumber:
		if sc.isPunct(i, ',') {
			i++
		}
		if to := sc.numberWords(i); to > i+2 && !sc.at(i).is(lineBefore) && !sc.at(to).cueIs(cue.Unit|cue.Month) { // ten twelve sixty-one
			sc.add(i, to, category.BirthDate)
		}
	case sc.isYear(i) && !sc.isOneOf(i+1, "-/"):
		sc.add(i, i+1, category.BirthDate)
	case t.size() <= 2 && sc.isPunct(i+1, '/'):
		sc.birthMonth(i)
	}
}

var hashYear = words.Hash("year")

// wordedAge finds ninety-two years old and turned ninety-two.
func (sc *Scanner) wordedAge(i int) int {
	if sc.at(i).hash != hashNinety {
		return i
	}
	j := i + 1
	if sc.isPunct(j, '-') && j+1 < len(sc.toks) {
		j += 2
	} else if sc.at(j).cueIs(cue.Digit) && !sc.at(j).is(lineBefore) { // ninety one
		j++
	}
	if p := sc.at(i - 1).hash; p == hashTurned || p == hashTurning || ageWords.Has(p) {
		return sc.add(i, j, category.Age)
	}
	k := j
	if sc.isPunct(k, '-') {
		k++
	}
	if yearWords.Has(sc.at(k).hash) {
		return sc.add(i, j, category.Age)
	}
	return i
}

var (
	hashNinety = words.Hash("ninety")
	hashEnding = words.Hash("ending")
	yearWords  = words.SetOf("year years yr yrs y")
)

// dayAlone finds the day at token i whose month the text doesn't say: on the
// 16th, Saturday night the 14th, the 28th of this month. A place in a row has a
// thing behind it, a finger among others.
func (sc *Scanner) dayAlone(i int) int {
	if d := ordinal(sc.lit(i)); d < 1 || d > 31 || sc.at(i-1).hash != hashThe || sc.at(i).is(lineBefore) {
		return i
	}
	if sc.at(i+1).hash == hashOf {
		if !monthsAround.Has(sc.at(i+2).hash) || sc.at(i+3).hash != hashMonth {
			return i
		}
		return sc.add(i, i+4, category.Date)
	}
	p := sc.at(i - 2)
	switch {
	case p.cueIs(cue.Weekday): // tues the 17th is good
	case !sc.dayEnds(i + 1):
		return i
	case p.kind == tokenWord && (p.cueIs(cue.Date) || comeWords.Has(p.hash)), sc.partOfWeekday(i - 2): // can't come the 9th
	case p.hash == hashIs && birthdays.Has(sc.at(i-3).hash): // bday is the 9th
	case p.hash == hashSaid && ordinal(sc.lit(i)) > 12: // she said the 28th
	default:
		return i
	}
	return sc.add(i, i+1, category.Date)
}

var (
	hashSaid  = words.Hash("said")
	comeWords = words.SetOf("come coming came open free available off")
	birthdays = words.SetOf("birthday bday b-day anniversary appt appointment visit session court hearing")
)

// partOfWeekday reports whether a day of the week stands before token i: Sunday
// night.
func (sc *Scanner) partOfWeekday(i int) bool {
	return dayParts.Has(sc.at(i).hash) && sc.at(i-1).cueIs(cue.Weekday) || sc.at(i).cueIs(cue.Weekday)
}

// dayEnds reports whether nothing that a number in a row would count stands at
// token i.
func (sc *Scanner) dayEnds(i int) bool {
	t := sc.at(i)
	if t.is(lineBefore) {
		return true
	}
	if t.kind != tokenPunct {
		if n := sc.at(i + 1); t.hash == hashAnd {
			return n.kind == tokenWord && !n.cueIs(cue.Month)
		}
		return dayFollowers.Has(t.hash)
	}
	switch sc.text[t.start] {
	case ',':
		for i++; sc.at(i).hash == hashAnd || sc.at(i).hash == hashThe; {
			i++
		}
		return ordinal(sc.lit(i)) == 0 || sc.at(i+1).cueIs(cue.Unit)
	case '.', ';', '!', '?', ')', '"':
		return true
	}
	return sc.dash(i)
}

var (
	hashMonth    = words.Hash("month")
	monthsAround = words.SetOf("this last next that the")
	dayParts     = words.SetOf("night morning afternoon evening")
	dayFollowers = words.SetOf("at with because pls please if when where she he i we they my so but @ inst ult")
)

// wordedDay finds behind a word such as until at token i a day of the month that
// is written in words: until the twenty-second.
func (sc *Scanner) wordedDay(i int) {
	to := sc.ordinalWords(i + 2)
	if h := sc.at(i + 2).hash; to > i+2 && !ordinalUnits.Has(h) && h != hashTenth && sc.dayEnds(to) {
		sc.add(i+2, to, category.Date)
	}
}

var (
	hashTwenty   = words.Hash("twenty")
	hashThirty   = words.Hash("thirty")
	lateOrdinals = words.SetOf("eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth thirtieth")
	ordinalUnits = words.SetOf("first second third fourth fifth sixth seventh eighth ninth")
)

// namedDay finds a day that has a name, behind a word such as since at token i:
// since Boxing Day, on New Year's Eve. Days that a course counts have none.
func (sc *Scanner) namedDay(i int) {
	for j := i + 1; j < i+4; j++ {
		t := sc.at(j)
		if t.kind != tokenWord || !t.isBut(capital, used|lineBefore) || t.is(allCaps) {
			return
		}
		if j > i+1 && (t.hash == hashDay || t.hash == hashEve) {
			switch n := sc.at(j + 1); {
			case t.hash == hashEve && sc.isYear(j+1) && !n.is(lineBefore):
				sc.add(i+1, j+2, category.Date)
			case n.kind != tokenNumber && !n.is(capital), n.is(lineBefore):
				sc.add(i+1, j+1, category.Date)
			}
			return
		}
		if countedDays.Has(t.hash) || t.size() < 3 && t.hash != hashSt {
			return
		}
		if sc.isPunct(j+1, '.') && t.hash == hashSt {
			return
		}
	}
}

var (
	hashDay     = words.Hash("day")
	hashEve     = words.Hash("eve")
	hashBefore  = words.Hash("before")
	countedDays = words.SetOf("study treatment cycle hospital post postop same each every next first last rest school work program business calendar snow sick")
)

// birthMonth finds at token i, behind DOB and the like, a month and a year of two
// digits: 8/88.
func (sc *Scanner) birthMonth(i int) {
	if y := sc.at(i + 2); sc.tight(i+1) && y.kind == tokenNumber && y.size() == 2 &&
		monthOf(sc.lit(i)) && !day(sc.lit(i+2)) && !(sc.isPunct(i+3, '/') && sc.joined(i+3)) {
		sc.add(i, i+3, category.BirthDate)
	}
}

// birthDigits returns the index behind a date of birth at token i that has only digits,
// with spaces between its parts or nothing, or i: 02051961, 020561, 8 27 41.
func (sc *Scanner) birthDigits(i int) int {
	s, to := sc.lit(i), i+1
	var a, b, y string
	switch len(s) {
	case 1, 2:
		if sc.at(i+1).kind != tokenNumber ||
			sc.at(i+2).kind != tokenNumber ||
			sc.at(i+1).is(lineBefore) ||
			sc.at(i+2).is(lineBefore) ||
			sc.joined(i+1) ||
			sc.joined(i+2) {
			return i
		}
		a, b, y, to = s, sc.lit(i+1), sc.lit(i+2), i+3
	case 6, 8:
		a, b, y = s[:2], s[2:4], s[4:]
	default:
		return i
	}
	if len(y) != 2 && !year(y) ||
		!dayAndMonth(a, b) ||
		sc.at(to).cueIs(cue.Unit) ||
		to < len(sc.toks) && sc.connects(to) {
		return i
	}
	return to
}

// spacedDate returns the index behind the date at token i that has spaces between its
// parts and a zero before one of them, or i: 08 14 1993.
func (sc *Scanner) spacedDate(i int) int {
	if sc.isPunct(i+1, '/') {
		return sc.slashedDate(i)
	}
	b, year := sc.at(i+1), sc.at(i+2)
	if sc.toks[i].size() != 2 ||
		b.kind != tokenNumber ||
		b.size() != 2 ||
		(b.flags|year.flags)&lineBefore != 0 ||
		sc.joined(i+1) ||
		sc.joined(i+2) ||
		!sc.isYear(i+2) ||
		sc.joined(i+3) && sc.connects(i+3) {
		return i
	}
	x, y := sc.lit(i), sc.lit(i+1)
	if !dayAndMonth(x, y) || x[0] != '0' && y[0] != '0' {
		return i
	}
	return i + 3
}

// slashedDate returns the index behind the date at token i that has spaces around its
// slashes, as forms leave them, or i: 8 / 14 / 24. Shares have no third part of two digits.
func (sc *Scanner) slashedDate(i int) int {
	b, year := sc.at(i+2), sc.at(i+4)
	if !sc.isPunct(i+3, '/') ||
		b.kind != tokenNumber ||
		year.kind != tokenNumber ||
		sc.joined(i+1) ||
		sc.joined(i+2) ||
		(b.flags|year.flags|sc.at(i+1).flags|sc.at(i+3).flags)&lineBefore != 0 ||
		!dayAndMonth(sc.lit(i), sc.lit(i+2)) ||
		!sc.isYear(i+4) && !(year.size() == 2 && (sc.dateNear(i) || chars.DigitsValue(sc.lit(i+2)) > 12)) ||
		sc.isPunct(i+5, '/') {
		return i
	}
	return i + 5
}
