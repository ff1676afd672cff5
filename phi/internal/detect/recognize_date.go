package detect

import (
	"strings"

	"github.com/carebus/carebus/phi/internal/category"
	"github.com/carebus/carebus/phi/internal/chars"
	"github.com/carebus/carebus/phi/internal/cue"
	"github.com/carebus/carebus/phi/internal/words"
)

func validYear(y int) bool { return y >= 1850 && y < 2150 }

// NumericDate returns the length of the numeric date that s begins with, or 0:
// 2021-03-05, 3/5/21, 5.3.2021, 2021/03/05, 03/2021, 2021-03, 5-Mar-2021.
func NumericDate(s string) int {
	var part [3]string
	n, sep, end := dateParts(s, &part)
	a, b, c := part[0], part[1], part[2]
	ok := false
	switch {
	case n < 2:
	case chars.IsLetter(b[0]): // 5-Mar-2021
		ok = n == 3 && len(a) <= 2 && (len(c) == 2 || len(c) == 4) && day(a)
	case n == 3 && len(a) == 4 && len(b) <= 2 && len(c) <= 2: // 2021-03-05
		ok = validYear(chars.DigitsValue(a)) && monthOf(b) && day(c)
	case n == 3 && len(a) <= 2 && len(b) <= 2 && len(c) == 4: // 5.3.2021
		ok = validYear(chars.DigitsValue(c)) && dayAndMonth(a, b)
	case n == 3 && len(a) <= 2 && len(b) <= 2 && len(c) == 2: // 3/5/21, but 1.2.21 is a version
		ok = (sep != '.' || len(a)+len(b) == 4) && dayAndMonth(a, b)
	case n == 2 && sep != '.' && len(a) == 4 && len(b) == 2: // 2021-03
		ok = validYear(chars.DigitsValue(a)) && monthOf(b) && a[0] != '0'
	case n == 2 && sep == '/' && len(a) <= 2 && len(b) == 4: // 03/2021
		ok = validYear(chars.DigitsValue(b)) && monthOf(a)
	}
	if !ok {
		return 0
	}
	return end
}

// dateParts reads the parts of the date that s may begin with. It returns how many they
// are, the separator, the same between all, and where they end. The second may be a
// month's name. Of what goes on with letters, as 1.2.3rc1 does, there are none.
func dateParts(s string, part *[3]string) (n int, sep byte, end int) {
	i := 0
	for n < 3 {
		start := i
		for i < len(s) && (chars.IsDigit(s[i]) || n == 1 && chars.IsLetter(s[i])) {
			i++
		}
		if start == i || i-start > 9 {
			break
		}
		part[n] = s[start:i]
		if n == 2 && i < len(s) && chars.IsLetter(s[i]) && s[i]|0x20 != 't' ||
			n == 1 && chars.IsLetter(part[1][0]) && !monthName(part[1]) {
			return 0, 0, 0
		}
		n++
		if n == 3 || !separatesDate(s[i:], sep, n == 1) {
			break
		}
		sep = s[i]
		i++
	}
	return n, sep, i
}

// separatesDate reports whether s begins with the separator of a date and its next part.
// sep is the one before, or 0; name says that a month's name may follow.
func separatesDate(s string, sep byte, name bool) bool {
	return len(s) > 1 && (s[0] == '-' || s[0] == '/' || s[0] == '.') && (sep == 0 || s[0] == sep) &&
		(chars.IsDigit(s[1]) || name && chars.IsLetter(s[1]))
}

// monthName reports whether s is a month's name: Mar, March.
func monthName(s string) bool { return cue.All[cue.Table.Get(words.Hash(s))].Is&cue.Month != 0 }

// dayAndMonth reports whether a and b are a day and a month, in either order.
func dayAndMonth(a, b string) bool { return monthOf(a) && day(b) || day(a) && monthOf(b) }

// dottedDate returns the length of a date such as 7.2.61 that s begins with, or
// 0. Without a word before it that speaks of a date it may be a version.
func dottedDate(s string) int {
	var part [3]string
	i := 0
	for n := range part {
		start := i
		for i < len(s) && i-start < 3 && chars.IsDigit(s[i]) {
			i++
		}
		if part[n] = s[start:i]; i == start || i-start > 2 {
			return 0
		}
		if n < 2 {
			if i >= len(s) || s[i] != '.' {
				return 0
			}
			i++
		}
	}
	if len(part[2]) == 2 && (monthOf(part[0]) && day(part[1]) || day(part[0]) && monthOf(part[1])) {
		return i
	}
	return 0
}

func day(s string) bool     { d := chars.DigitsValue(s); return d >= 1 && d <= 31 && len(s) <= 2 }
func monthOf(s string) bool { m := chars.DigitsValue(s); return m >= 1 && m <= 12 && len(s) <= 2 }

// date finds the date that begins with the number or mixed token i.
func (sc *Scanner) date(i int) int {
	start := int(sc.toks[i].start)
	s := sc.text[start:min(len(sc.text), start+80)]
	n := NumericDate(s)
	if n == 0 && sc.dateNear(i) {
		n = dottedDate(s)
	}
	if n == 0 && sc.opensRange(i) {
		return sc.add(i, i+3, category.Date)
	}
	if n == 0 {
		return sc.wordyDate(i)
	}
	if s[4] == '.' && s[n-2] != '/' && sc.at(i-1).kind == tokenWord && versionWords.Has(sc.at(i-1).hash) {
		return i // build 2026.3.1
	}
	if s[4] == '.' && s[n-2] != '/' && sc.joined(i) && sc.isPunct(i-1, ':') && sc.joined(i-1) &&
		sc.at(i-2).kind == tokenWord && !sc.at(i-2).cueIs(cue.Date) && !sc.dateNear(i) &&
		!sc.at(i-2).is(capital) && (sc.isPunct(i-3, '/') || sc.isPunct(i-3, '-')) {
		return i // ghcr.io/carebus/sink:2026.3.1
	}
	n += DateTail(s[n:])
	if end := start + n; end < len(sc.text) {
		if c := sc.text[end]; chars.IsLetter(c) ||
			chars.IsDigit(c) ||
			(c == '/' || c == '-') && end+1 < len(sc.text) && chars.IsDigit(sc.text[end+1]) &&
				NumericDate(sc.text[end+1:]) == 0 ||
			c == '.' && end+1 < len(sc.text) && chars.IsDigit(sc.text[end+1]) {
			return i
		}
	}
	return sc.addBytes(i, start, start+n, category.Date)
}

// opensRange reports whether at token i stand a month and a day, and behind them the
// date with a year until which it goes: 10/3-10/9/24, 9/30 to 10/4/2024.
func (sc *Scanner) opensRange(i int) bool {
	until := sc.at(i + 4)
	if !sc.monthAndDay(i) ||
		!sc.rangeSign(i+3) ||
		until.kind != tokenNumber ||
		(until.flags|sc.at(i+3).flags)&lineBefore != 0 {
		return false
	}
	s := sc.text[until.start:min(len(sc.text), int(until.start)+12)]
	n := NumericDate(s)
	return n > 0 && strings.Count(s[:n], "/") == 2
}

// DateTail returns the length of the time of day that follows a date.
func DateTail(s string) int {
	i := 0
	if strings.HasPrefix(s, ", ") || strings.HasPrefix(s, "  ") {
		i = 2
	} else if strings.HasPrefix(s, " at ") {
		i = 4
	} else if s != "" && s[0] == ' ' {
		i = 1
	}
	if c := clock(s[i:]); c > 0 && (i > 0 || s[0]|0x20 == 't') {
		return i + c
	}
	return 0
}

// CompactDate reports whether s is a day, perhaps with a time: 20210305, 20210305140322 and 20210305T140322Z.
func CompactDate(s string) bool {
	if len(s) < 8 ||
		!validYear(chars.DigitsValue(s[:4])) ||
		s[0] == '0' ||
		!chars.AllDigits(s[:8]) ||
		!monthOf(s[4:6]) ||
		!day(s[6:8]) ||
		chars.DigitsValue(s[:4]) > 2050 ||
		chars.DigitsValue(s[:4]) < 1900 {
		return false
	}
	rest := s[8:]
	if rest == "" {
		return true
	}
	if rest[0]|0x20 == 't' {
		rest = rest[1:]
	}
	rest = strings.TrimRight(rest, "zZ")
	return (len(rest) == 4 || len(rest) == 6) && chars.AllDigits(rest) && rest[:2] < "24" && rest[2:4] < "60"
}

// runDate reports whether s is a day, a month's name and a year without
// anything between them: 17APR1986, 4Mar21.
func runDate(s string) bool {
	n := 0
	for n < len(s) && n < 3 && chars.IsDigit(s[n]) {
		n++
	}
	if n == 0 ||
		n > 2 ||
		len(s) < n+5 ||
		!day(s[:n]) ||
		cue.All[cue.Table.Get(words.Hash(s[n:n+3]))].Is&cue.Month == 0 {
		return false
	}
	switch year := s[n+3:]; {
	case !chars.AllDigits(year):
		return false
	case len(year) == 2:
		return n == 2 && chars.IsUpper(s[n]) && chars.IsUpper(s[n+2]) // 17APR86
	default:
		return len(year) == 4 && validYear(chars.DigitsValue(year))
	}
}

// ordinal returns the number of 5, 5th, 21st, or 0.
func ordinal(s string) int {
	n := 0
	for n < len(s) && chars.IsDigit(s[n]) {
		n++
	}
	if n == 0 || n > 2 {
		return 0
	}
	if n == len(s) || s[n:] == "º" || len(s) == n+2 && ordinalEndings.Has(words.Hash(s[n:])) {
		return chars.DigitsValue(s[:n])
	}
	return 0
}

var ordinalEndings = words.SetOf("st nd rd th")

// isYear reports whether token i is a year, also as '21.
func (sc *Scanner) isYear(i int) bool {
	s := sc.lit(i)
	return sc.at(i).kind == tokenNumber && len(s) == 4 && validYear(chars.DigitsValue(s))
}

func (sc *Scanner) isMonth(i int) bool {
	t := sc.at(i)
	return t.kind == tokenWord && !t.is(used) && t.cueIs(cue.Month)
}

// wordyDate finds dates that begin with a day: 5 March 2021, 5th of March, the 5th.
func (sc *Scanner) wordyDate(i int) int {
	d := ordinal(sc.lit(i))
	if d < 1 || d > 31 {
		return i
	}
	j := i + 1
	if sc.isPunct(j, '.') || sc.isPunct(j, '-') {
		j++
	}
	if sc.at(j).hash == hashDay && sc.at(j+1).hash == hashOf { // 9th day of June
		j++
	}
	if sc.at(j).hash == hashOf || sc.at(j).hash == hashDe { // 4 de marzo
		j++
	}
	if m := sc.at(j); m.kind == tokenWord && foreignMonths.Has(m.hash) && !m.is(used|lineBefore) {
		if to := sc.yearAfter(j + 1); to > j+1 ||
			dayArticles.Has(sc.at(i-1).hash) ||
			sc.at(j-1).hash == hashDe ||
			sc.at(i-1).hash == hashAm && m.is(capital) { // 14 lutego 1991, le 3 mars, il 14 febbraio
			return sc.add(i, to, category.Date)
		}
	}
	if !sc.isMonth(j) || sc.at(j).is(lineBefore) && !(sc.wraps(j) && sc.yearAfter(j+1) > j+1) {
		return i
	}
	if sc.at(j).hash == hashMay && !sc.at(j).is(capital) && !(sc.at(j-1).hash == hashOf && sc.at(i).kind == tokenMixed) {
		return i
	}
	return sc.finishDate(i, sc.yearAfter(j+1))
}

// foreignMonths are months as other languages write them, behind a day.
var foreignMonths = words.SetOf(`janvier février fevrier mars avril mai juin juillet août aout septembre octobre novembre décembre decembre
	januar jänner februar märz maerz juni juli oktober dezember gennaio febbraio aprile maggio giugno luglio settembre ottobre dicembre
	janeiro fevereiro março marco junho julho setembro outubro novembro dezembro januari februari maart augustus desember
	maio mei stycznia lutego marca kwietnia maja czerwca lipca sierpnia września wrzesnia października pazdziernika listopada grudnia maj augusti`)

var (
	dayArticles = words.SetOf("le il dal del al op em dia vom zum dem den")
	hashOf      = words.Hash("of")
	hashDe      = words.Hash("de")
	hashDel     = words.Hash("del")
	hashMay     = words.Hash("may")
	hashMarch   = words.Hash("march")
	hashThe     = words.Hash("the")
	hashAnd     = words.Hash("and")
)

// yearAfter returns the index behind an optional comma and year at i.
func (sc *Scanner) yearAfter(i int) int {
	j := i
	if sc.isPunct(j, '.') && sc.joined(j) {
		j++
	}
	if sc.isPunct(j, ',') ||
		sc.isPunct(j, '-') ||
		sc.isPunct(j, '/') ||
		sc.at(j).hash == hashOf ||
		sc.at(j).hash == hashDe ||
		sc.at(j).hash == hashDel {
		j++
	}
	if sc.isYear(j) {
		return j + 1
	}
	if (sc.isPunct(j, '\'') || sc.lit(j) == "’") && sc.joined(j+1) && sc.at(j+1).kind == tokenNumber &&
		sc.at(j+1).size() == 2 {
		return j + 2
	}
	return i
}

// dateRange finds 3/2-3/9.
func (sc *Scanner) dateRange(from, to int) int {
	if !monthOf(sc.lit(from)) || !day(sc.lit(from+2)) || sc.at(to).cueIs(cue.Unit) {
		return from
	}
	if to == from+7 && monthOf(sc.lit(from+4)) && day(sc.lit(from+6)) {
		return sc.add(from, to, category.Date)
	}
	return from
}

// finishDate adds the time of day that may follow and notes the date.
func (sc *Scanner) finishDate(from, to int) int {
	if d := from - 2; sc.isPunct(from-1, ',') && !sc.toks[from].is(lineBefore) && d >= 0 &&
		sc.toks[d].isBut(capital, used) && shortWeekdays.Has(sc.toks[d].hash) {
		from = d // Tue, Feb 10, 2026
	}
	end := int(sc.toks[to-1].end)
	if n := DateTail(sc.text[end:min(len(sc.text), end+40)]); n > 0 {
		return sc.addBytes(from, int(sc.toks[from].start), end+n, category.Date)
	}
	return sc.add(from, to, category.Date)
}

// monthDate finds dates that begin with a month's name: March 5, 2021; Mar 2021;
// March 5th.
func (sc *Scanner) monthDate(i int) int {
	t := &sc.toks[i]
	if to := sc.dayInWords(i+1, t.is(capital) || !monthVerbs.Has(t.hash)); to > i+1 {
		return sc.finishDate(i, sc.yearInWords(to))
	}
	if !t.is(capital) && monthVerbs.Has(t.hash) && !sc.dayAfterVerb(i+1) {
		return i
	}
	j := sc.pastPeriod(i + 1)
	slash := sc.isPunct(j, '/') && sc.joined(j)
	if slash || sc.isPunct(j, '-') && sc.joined(j) {
		j++
	}
	if sc.at(j).hash == hashThe {
		j++
	}
	if sc.at(j).is(lineBefore) && !sc.wraps(j) {
		return i
	}
	if d := ordinal(sc.lit(j)); d >= 1 && d <= 31 && sc.at(j).kind != tokenPunct {
		if to := sc.dayAndYear(j, slash); to > j {
			return sc.finishDate(i, to)
		}
		return i
	}
	if to := sc.yearAfter(i + 1); to > i+1 {
		return sc.finishDate(i, to)
	}
	return i
}

// monthVerbs are months, shortened or not, that small letters make another word of.
var monthVerbs = words.SetOf("may march mar sep dec")

// dayAfterVerb reports whether a day that makes a month of such a word stands at token j:
// may 3rd and may 3, 2021 do, may 3 of us doesn't.
func (sc *Scanner) dayAfterVerb(j int) bool {
	n := sc.at(j)
	return (n.kind == tokenMixed || n.kind == tokenNumber && sc.yearAfter(j+1) > j+1) && ordinal(sc.lit(j)) > 0
}

// dayAndYear returns the index behind the day at token j, behind a month's name, and the
// days and the year that go on with it, or j where it is no day: March 5-7, 2021; April
// 2nd and 19th, 2025. slash says that one stands between month and day.
func (sc *Scanner) dayAndYear(j int, slash bool) int {
	t, to := sc.at(j), sc.yearAfter(j+1)
	if to == j+1 {
		next := sc.at(to)
		switch number := t.kind == tokenNumber; {
		case slash || number && sc.wraps(j): // Mar/4
			return j
		case sc.isPunct(to, '-') || sc.lit(to) == "–":
			if e := ordinal(sc.lit(to + 1)); e >= 1 && e <= 31 {
				to = sc.yearAfter(to + 2)
			}
		case number && next.cueIs(cue.Unit) && !next.is(lineBefore), sc.isPunct(to, '%'), sc.decimalPoint(to):
			return j // may 5 mg
		}
	}
	if n := sc.at(to + 1); sc.at(to).hash == hashAnd && t.kind == tokenMixed && n.kind == tokenMixed &&
		!n.is(lineBefore) && ordinal(sc.lit(to+1)) > 0 {
		if end := sc.yearAfter(to + 2); end > to+2 || sc.dayEnds(end) {
			to = end
		}
	}
	return to
}

// yearInWords returns the index behind the year in words at token i, perhaps behind
// a comma, or i: two thousand nine, nineteen ninety-eight.
func (sc *Scanner) yearInWords(i int) int {
	j := i
	if sc.isPunct(j, ',') {
		j++
	}
	if t := sc.at(j); t.is(lineBefore) ||
		!yearStarts.Has(t.hash) ||
		t.hash == hashTwo && sc.at(j+1).hash != hashThousand {
		return i
	}
	if t := sc.at(j); t.hash == hashTwo {
		if end := sc.numberWords(j + 2); end > j+2 {
			return end
		}
		return j + 2
	}
	if end := sc.numberWords(j); end > j+1 {
		return end
	}
	return i
}

var (
	yearStarts   = words.SetOf("two nineteen twenty")
	hashTwo      = words.Hash("two")
	hashThousand = words.Hash("thousand")
)
