package detect

import (
	"strings"

	"github.com/carebus/carebus/phi/internal/category"
	"github.com/carebus/carebus/phi/internal/chars"
	"github.com/carebus/carebus/phi/internal/cue"
	"github.com/carebus/carebus/phi/internal/words"
)

// ValidYear reports whether somebody may have been born, or something be planned, in a year.
func ValidYear(y int) bool { return y >= 1850 && y < 2150 }

// NumericDate returns the length of the numeric date that s begins with, or 0:
// 2021-03-05, 3/5/21, 5.3.2021, 2021/03/05, 03/2021, 2021-03, 5-Mar-2021.
func NumericDate(s string) int {
	var part [3]string
	n, sep, end := dateParts(s, &part)
	if n == 3 && isDay(&part, sep) || n == 2 && isMonthOfYear(part[0], part[1], sep) {
		return end
	}
	return 0
}

// isDay reports whether three parts with a separator between are a day, in one of the
// orders in use.
func isDay(part *[3]string, sep byte) bool {
	switch a, b, c := part[0], part[1], part[2]; {
	case chars.IsLetter(b[0]): // 5-Mar-2021
		return day(a) && (len(c) == 2 || len(c) == 4)
	case len(b) > 2:
		return false
	case len(a) == 4: // 2021-03-05
		return year(a) && monthOf(b) && day(c)
	case len(c) == 4: // 5.3.2021
		return year(c) && dayAndMonth(a, b)
	case len(c) == 2: // 3/5/21, but 1.2.21 is a version
		return (sep != '.' || len(a)+len(b) == 4) && dayAndMonth(a, b)
	}
	return false
}

// isMonthOfYear reports whether two parts with a separator between are a month and a year,
// in either order.
func isMonthOfYear(a, b string, sep byte) bool {
	switch {
	case sep == '.' || chars.IsLetter(b[0]):
		return false
	case len(b) == 2: // 2021-03
		return year(a) && monthOf(b) && a[0] != '0'
	case sep == '/': // 03/2021
		return year(b) && monthOf(a)
	}
	return false
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
	if len(part[2]) == 2 && dayAndMonth(part[0], part[1]) {
		return i
	}
	return 0
}

func day(s string) bool     { d := chars.DigitsValue(s); return isDayNumber(d) && len(s) <= 2 }
func monthOf(s string) bool { m := chars.DigitsValue(s); return m >= 1 && m <= 12 && len(s) <= 2 }
func year(s string) bool    { return len(s) == 4 && ValidYear(chars.DigitsValue(s)) }

// isDayNumber reports whether d is the number of a day in its month.
func isDayNumber(d int) bool { return d >= 1 && d <= 31 }

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
	if yearFirst := s[4] == '.' && s[n-2] != '/'; yearFirst && (sc.afterVersionWord(i) || sc.tagsImage(i)) {
		return i
	}
	n += DateTail(s[n:])
	if dateGoesOn(sc.text[start+n:]) {
		return i
	}
	return sc.addBytes(i, start, start+n, category.Date)
}

// afterVersionWord reports whether a word for versions stands before token i:
// build 2026.3.1.
func (sc *Scanner) afterVersionWord(i int) bool {
	p := sc.at(i - 1)
	return p.kind == tokenWord && versionWords.Has(p.hash)
}

// tagsImage reports whether token i stands behind the name of an image in a registry and a
// colon: ghcr.io/carebus/sink:2026.3.1.
func (sc *Scanner) tagsImage(i int) bool {
	name := sc.at(i - 2)
	return sc.joined(i) && sc.isPunct(i-1, ':') && sc.joined(i-1) &&
		name.kind == tokenWord && !name.is(capital) && !name.cueIs(cue.Date) && !sc.dateNear(i) && sc.isOneOf(i-3, "/-")
}

// dateGoesOn reports whether what stands right behind a date makes it part of something
// else; another date makes a range of both.
func dateGoesOn(rest string) bool {
	if rest == "" {
		return false
	}
	digit := len(rest) > 1 && chars.IsDigit(rest[1])
	switch c := rest[0]; c {
	case '/', '-':
		return digit && NumericDate(rest[1:]) == 0
	case '.':
		return digit
	default:
		return chars.IsLetter(c) || chars.IsDigit(c)
	}
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
	if len(s) < 8 || !chars.AllDigits(s[:8]) || !monthOf(s[4:6]) || !day(s[6:8]) {
		return false
	}
	if y := chars.DigitsValue(s[:4]); y < 1900 || y > 2050 { // others are but numbers
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
	switch rest := s[n+3:]; {
	case !chars.AllDigits(rest):
		return false
	case len(rest) == 2:
		return n == 2 && chars.IsUpper(s[n]) && chars.IsUpper(s[n+2]) // 17APR86
	default:
		return year(rest)
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
	return sc.at(i).kind == tokenNumber && year(sc.lit(i))
}

func (sc *Scanner) isMonth(i int) bool {
	t := sc.at(i)
	return t.kind == tokenWord && !t.is(used) && t.cueIs(cue.Month)
}

// wordyDate finds dates that begin with a day: 5 March 2021, 5th of March, the 5th.
func (sc *Scanner) wordyDate(i int) int {
	if !isDayNumber(ordinal(sc.lit(i))) {
		return i
	}
	j := sc.monthBehindDay(i + 1)
	month := sc.at(j)
	if month.kind != tokenWord || !month.cueIs(cue.Month) && !foreignMonths.Has(month.hash) {
		return i
	}
	to := sc.yearAfter(j + 1)
	if sc.foreignMonth(i, j, to > j+1) { // 14 lutego 1991, le 3 mars, il 14 febbraio
		return sc.add(i, to, category.Date)
	}
	if !sc.isMonth(j) || month.is(lineBefore) && !(sc.wraps(j) && to > j+1) {
		return i
	}
	ofMonth := sc.at(j-1).hash == hashOf && sc.at(i).kind == tokenMixed // 5th of may
	if month.hash == hashMay && !month.is(capital) && !ofMonth {
		return i
	}
	return sc.finishDate(i, to)
}

// monthBehindDay returns the index of the word behind what may stand between a day and its
// month at token j: 5. March, 9th day of June, 4 de marzo.
func (sc *Scanner) monthBehindDay(j int) int {
	if sc.isPunct(j, '.') || sc.isPunct(j, '-') {
		j++
	}
	if sc.at(j).hash == hashDay && sc.at(j+1).hash == hashOf {
		j++
	}
	if sc.at(j).hash == hashOf || sc.at(j).hash == hashDe {
		j++
	}
	return j
}

// foreignMonth reports whether a month in another language stands at token j, behind the day
// at token i. As such names are words in English as well, a year has to stand behind them,
// or a word of the language before.
func (sc *Scanner) foreignMonth(i, j int, year bool) bool {
	m, before := sc.at(j), sc.at(i-1)
	if !foreignMonths.Has(m.hash) || m.is(used|lineBefore) {
		return false
	}
	return year || dayArticles.Has(before.hash) || sc.at(j-1).hash == hashDe || before.hash == hashAm && m.is(capital)
}

// foreignMonths are months as other languages write them, behind a day.
var foreignMonths = words.SetOf(`janvier février fevrier mars avril mai juin juillet août aout septembre octobre novembre décembre decembre
	januar jänner februar märz maerz juni juli oktober dezember gennaio febbraio aprile maggio giugno luglio settembre ottobre dicembre
	janeiro fevereiro março marco junho julho setembro outubro novembro dezembro januari februari maart augustus desember
	maio mei stycznia lutego marca kwietnia maja czerwca lipca sierpnia września wrzesnia października pazdziernika listopada grudnia maj augusti`)

var (
	dayArticles = words.SetOf("le il dal del al op em dia vom zum dem den")
	beforeYears = words.SetOf("of de del") // 5 March of 2021
	hashOf      = words.Hash("of")
	hashDe      = words.Hash("de")
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
	if sc.isOneOf(j, ",-/") || beforeYears.Has(sc.at(j).hash) {
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
	if isDayNumber(ordinal(sc.lit(j))) && sc.at(j).kind != tokenPunct {
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
// may 3rd, may 3, 2021 and a clause that ends with march 3 do, may 3 of us doesn't.
func (sc *Scanner) dayAfterVerb(j int) bool {
	n := sc.at(j)
	ends := sc.at(j-1).hash == hashMarch && !sc.at(j-2).cueIs(cue.Stop) && n.size() <= 2 && sc.dayEnds(j+1) && !sc.decimalPoint(j+1)
	return (n.kind == tokenMixed ||
		n.kind == tokenNumber && (ends || sc.yearAfter(j+1) > j+1)) &&
		ordinal(sc.lit(j)) > 0
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
			if isDayNumber(ordinal(sc.lit(to + 1))) {
				to = sc.yearAfter(to + 2)
			}
		case number && next.cueIs(cue.Unit) && !next.is(lineBefore), sc.isPunct(to, '%'), sc.decimalPoint(to):
			return j // may 5 mg
		}
	}
	if n := sc.at(to + 1); (sc.at(to).hash == hashAnd || sc.at(to).hash == orWord || sc.isPunct(to, '&')) && t.kind == n.kind &&
		!n.is(lineBefore|used) && ordinal(sc.lit(to+1)) > 0 {
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
