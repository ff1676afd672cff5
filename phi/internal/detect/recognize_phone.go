package detect

import (
	"slices"
	"strings"

	"github.com/carebus/carebus/phi/internal/category"
	"github.com/carebus/carebus/phi/internal/chars"
	"github.com/carebus/carebus/phi/internal/cue"
	"github.com/carebus/carebus/phi/internal/words"
)

// phone finds the telephone number that begins at token i: a number, a + or
// an opening parenthesis. Lenient on purpose: area codes that were never
// assigned are numbers all the same.
func (sc *Scanner) phone(i int) int {
	text, start := sc.text, int(sc.toks[i].start)
	if t := &sc.toks[i]; t.kind == tokenNumber && t.size() < 6 && !sc.digitsMayFollow(i) {
		return i
	}
	if next := sc.digitsApart(i); next > i {
		return next
	}
	joined := i > 0 && sc.joined(i)
	if joined && sc.goesOnBefore(i) {
		return i
	}
	p := parsePhone(text[start:])
	if p.end == 0 || p.total < 6 || sc.at(i-1).hash == hashError { // ERROR 1213 (40001)
		return i
	}
	plausible, end := p.plausible(), start+p.end
	if joined && text[start-1] == '_' && !(p.n == 3 && plausible) { // but call_617-555-0143.wav
		return i
	}
	if !plausible &&
		(p.total < 7 && !(p.parted && p.n > 1) ||
			!sc.phoneCueBefore(i) && !phoneLabel(text[end:min(len(text), end+12)])) {
		return i
	}
	if goesOnBehind(text, start, end) {
		return i
	}
	return sc.addBytes(i, start, end, category.Phone)
}

// goesOnBefore reports whether what stands right before token i makes its digits a part of
// something else: $5550143, 64+1.
func (sc *Scanner) goesOnBefore(i int) bool {
	if sc.isPunct(i, '(') {
		return false
	}
	start := sc.toks[i].start
	switch before := sc.text[start-1]; before {
	case '.', '-', '/', '$', '#':
		return true
	default:
		return sc.text[start] == '+' && chars.IsDigit(before)
	}
}

// goesOnBehind reports whether what stands right behind the digits of text from start to end
// makes them a part of something else: 5550143mg, 5550143%, 5550143-2.
func goesOnBehind(text string, start, end int) bool {
	if end == len(text) {
		return false
	}
	switch c := text[end]; c {
	case '%':
		return true
	case '_':
		return start == 0 || text[start-1] != '_'
	case '-', '.', '/':
		return end+1 < len(text) && chars.IsDigit(text[end+1])
	default:
		return chars.IsLetter(c) || chars.IsDigit(c)
	}
}

// digitsMayFollow reports whether more digits of a telephone number may stand behind token
// i, with a separator between.
func (sc *Scanner) digitsMayFollow(i int) bool {
	n := sc.at(i + 1)
	return n.kind == tokenNumber || n.kind == tokenMixed ||
		n.kind == tokenPunct && strings.IndexByte("-./(", sc.text[n.start]) >= 0
}

// A phoneShape is a run of digit groups as telephone numbers are written.
type phoneShape struct {
	groups [8]int
	n      int
	total  int
	plus   bool
	paren  bool // a group in parentheses
	parted bool // separators between groups
	spaces bool // all of them spaces
	zero   bool // begins with 0
	ahead  bool // begins with 00
	one    bool // begins with the group 1
	area   byte // first digit of the first group of three
	end    int
}

// parsePhone returns the digit groups that s begins with, an extension included:
// (617) 555-0143, +44 20 7946 0958, 555.0143 x12.
func parsePhone(s string) (p phoneShape) {
	i := 0
	p.spaces = true
	if s[0] == '+' {
		p.plus = true
		i++
	}
	for p.n < len(p.groups) {
		open := i < len(s) && (s[i] == '(' || s[i] == '[' && p.n == 0)
		if open {
			i++
			if p.n == 0 && countryCode(s[i:]) { // (+62) 812 3456 7890
				p.plus = true
				i++
			}
		}
		if open && p.n > 0 && p.groups[0] < 3 && s[p.groups[0]] == '.' { // 3.14.2 (4012)
			break
		}
		end := p.group(s, i, open)
		if end == i {
			break
		}
		if i = p.nextGroup(s, end, open); i == 0 {
			break
		}
	}
	if p.end > 0 {
		p.end += extension(s[p.end:])
	}
	return p
}

// group takes the group of digits at i and returns the index behind it, or i. open says
// that it stands in parentheses: (617).
func (p *phoneShape) group(s string, i int, open bool) int {
	end := i
	for end < len(s) && chars.IsDigit(s[end]) {
		end++
	}
	size := end - i
	if size == 0 || p.total+size > 15 {
		return i
	}
	if open {
		if end >= len(s) || s[end] != ')' && s[end] != ']' || size > 5 {
			return i
		}
		end++
		p.paren = true
	}
	if p.n == 0 {
		p.zero = s[i] == '0'
		p.ahead = p.zero && size > 1 && s[i+1] == '0'
		p.one = size == 1 && s[i] == '1'
	}
	if size == 3 && p.area == 0 {
		p.area = s[i]
	}
	p.groups[p.n] = size
	p.n++
	p.total += size
	p.end = end
	return end
}

// nextGroup returns the index of the group behind the separator at i, perhaps with spaces
// around it, or 0 where the number ends. open says that the group before stands in
// parentheses, behind which none is needed: (617)555.
func (p *phoneShape) nextGroup(s string, i int, open bool) int {
	next := i
	for next < len(s) && next-i < 3 &&
		(s[next] == ' ' ||
			s[next] == '-' ||
			s[next] == '.' ||
			s[next] == '/' && (next == i || p.plus) ||
			s[next] == '\n' && p.broken(s[i:next])) {
		p.spaces = p.spaces && s[next] == ' '
		next++
	}
	if next == i && !(open || next < len(s) && s[next] == '(') {
		return 0
	}
	p.parted = p.parted || next > i
	if next >= len(s) || !chars.IsDigit(s[next]) && s[next] != '(' || (s[i] == ' ' || next-i > 1) && p.whole() {
		return 0
	}
	return next
}

// countryCode reports whether s begins with the code of a country, its sign and a
// closing parenthesis: +62). One digit is a grade, (+2), and one behind which a date
// stands is a time zone.
func countryCode(s string) bool {
	i := strings.IndexByte(s[:min(len(s), 5)], ')')
	if i < 3 || s[0] != '+' || s[1] == '0' || !chars.IsDigit(s[1]) || !chars.IsDigit(s[2]) || !chars.IsDigit(s[i-1]) {
		return false
	}
	return NumericDate(strings.TrimPrefix(s[i+1:], " ")) == 0
}

// whole reports whether a number as one is written in North America is at its
// end, so that a number behind a space is another.
func (p *phoneShape) whole() bool { return !p.plus && (!p.spaces || p.paren) && p.is(3, 3, 4) }

// is reports whether the groups have so many digits.
func (p *phoneShape) is(sizes ...int) bool { return slices.Equal(p.groups[:p.n], sizes) }

// broken reports whether a line may end within the number, behind the
// separator sep: at a hyphen, or long before the number can end.
func (p *phoneShape) broken(sep string) bool {
	return sep == "-" || sep == "" && (p.plus || p.paren) && p.total < 7
}

// extension returns the length of x123, ext. 123 or #123.
func extension(s string) int {
	i := 0
	for i < len(s) && i < 2 && (s[i] == ' ' || s[i] == ',') {
		i++
	}
	sign := extensionSign(s, i)
	if sign == i {
		return 0
	}
	i = sign
	if i < len(s) && s[i] == ' ' {
		i++
	}
	if i < len(s) && s[i] == '#' {
		i++
	}
	start := i
	for i < len(s) && i-start < 7 && chars.IsDigit(s[i]) {
		i++
	}
	if i == start || i < len(s) && (chars.IsLetter(s[i]) || chars.IsDigit(s[i])) {
		return 0
	}
	return i
}

// extensionSign returns the index behind what announces an extension at index i, or i: x,
// ext., extension, and # with two digits behind it, apart from the number.
func extensionSign(s string, i int) int {
	switch {
	case i == len(s):
	case s[i]|0x20 == 'x':
		return i + 1
	case len(s) > i+3 && s[i]|0x20 == 'e' && strings.EqualFold(s[i:i+3], "ext"):
		i += 3
		for i < len(s) && (chars.IsLetter(s[i]) || s[i] == '.') && i < len("  extension...") {
			i++
		}
		return i
	case i > 0 && i+2 < len(s) && s[i] == '#' && chars.IsDigit(s[i+1]) && chars.IsDigit(s[i+2]):
		return i + 1
	}
	return i
}

// Dialled reports whether all of an id is a telephone number as one is written
// in North America, or with its country's code: too much of a coincidence for
// an opaque id. Digits alone may be one.
func Dialled(id string) bool {
	if len(id) < 10 {
		return false
	}
	p := parsePhone(id)
	if p.end != len(id) || p.total < 10 {
		return false
	}
	return p.plus || p.paren || p.is(3, 3, 4) || p.one && p.is(1, 3, 3, 4)
}

// plausible reports whether the shape alone says telephone number.
func (p *phoneShape) plausible() bool {
	g := p.groups
	switch {
	case p.plus:
		return p.total >= 7
	case p.paren && p.total >= 8 && p.total <= 13 && p.n >= 2:
		return true
	case !p.parted:
		return false
	case p.is(3, 3, 4):
		return !p.spaces || p.area >= '2' || p.zero
	case p.one && p.is(1, 3, 3, 4), p.is(3, 7):
		return true
	case p.area == '5' && p.is(3, 4):
		return !p.spaces
	case p.is(6, 4):
		return false
	case p.zero && p.total >= 9 && p.total <= 12 && p.n >= 2:
		return g[0] <= 5 && g[p.n-1] >= 2 && (g[0] > 1 || p.spaces) // 0.00.020.2134 is a version
	case p.zero && p.is(3, 3, 3, 4): // 001-555-…
		return true
	case p.zero && p.n >= 3 && (g[0] == 2 || g[0] == 4 && p.ahead) && p.total >= 11 && p.total <= 15: // 00 44 …, 0041 …
		return true
	}
	return false
}

// phoneLabel reports whether s begins with a word that says whose number stood
// before it: 555 0100 office, 555-0101-Fax.
func phoneLabel(s string) bool {
	i := 0
	for i < len(s) && i < 2 && (s[i] == ' ' || s[i] == '-' || s[i] == '(') {
		i++
	}
	end := i
	for end < len(s) && chars.IsLetter(s[end]) {
		end++
	}
	if i == 0 || end == i {
		return false
	}
	return phoneLabels.Has(words.Hash(s[i:end]))
}

var (
	hashError   = words.Hash("error")
	phoneLabels = words.SetOf("office fax mobile cell desk")
)

// calledFrom reports whether the line speaks of a fax, a call or the like before the word
// from or to, right before token i: fax received 05/02/25 10:17 from 2065550119.
func (sc *Scanner) calledFrom(i int) bool {
	if h := sc.at(i - 1).hash; h != hashFrom && h != hashTo {
		return false
	}
	return sc.onLine(i-2, i-16, dialWords)
}

// onLine reports whether one of the words stands on the line of token i, at it or before it
// and behind token least.
func (sc *Scanner) onLine(i, least int, set *words.Set) bool {
	for j := i; j >= 0 && j > least && !sc.toks[j+1].is(lineBefore); j-- {
		if set.Has(sc.toks[j].hash) {
			return true
		}
	}
	return false
}

var dialWords = words.SetOf("fax faxed efax call called calling caller sms text texted voicemail vm dialed outbound inbound")

// phoneCueBefore reports whether the words before token i speak of a
// telephone: two other words may stand between.
func (sc *Scanner) phoneCueBefore(i int) bool {
	if t := &sc.toks[i]; t.kind == tokenNumber && t.size() == 10 && assigned(sc.lit(i)) {
		switch j := i - 1; {
		case sc.isPunct(j, ':') && sc.joined(j) && phoneLetters.Has(sc.at(j-1).hash):
			return true // c: 5035550123
		case sc.at(j).hash == hashContact,
			sc.isPunct(j, ':') && sc.at(j-1).hash == hashContact,
			sc.at(j).hash == hashAt && sc.at(j-1).hash == hashContact:
			return true
		}
		if sc.phoneNear(i) || sc.calledFrom(i) {
			return true
		}
	}
	if (sc.isPunct(i-1, ':') || sc.at(i-1).hash == hashIs) && sc.at(i-2).hash == hashContact ||
		sc.somebodysNumber(i) {
		return true
	}
	for j := i - 1; j >= 0 && j > i-5; j-- {
		t := &sc.toks[j]
		if t.kind == tokenNumber {
			return false
		}
		if c := &cue.All[t.cue]; t.cue != 0 && c.Is&cue.Key != 0 {
			return c.Cat == category.Phone
		}
	}
	return sc.dialledInProse(i)
}

// dialledInProse reports whether token i is the digits of a North American number that
// stand among words, one of which is of reaching somebody: she can be reached at 3125550118.
func (sc *Scanner) dialledInProse(i int) bool {
	t, p := &sc.toks[i], sc.at(i-1)
	if sc.strict || t.kind != tokenNumber || t.size() != 10 || !NANPDigits(sc.lit(i)) || sc.joined(i) || t.is(lineBefore) {
		return false
	}
	announced := p.kind != tokenWord || p.cueIs(cue.Key|cue.WeakKey|cue.Noun|cue.Unit) || p.is(allCaps)
	if announced || sc.measures(i+1) || sc.joined(i+1) && sc.at(i+1).alnum() {
		return false
	}
	return sc.onLine(i-1, i-8, reachWords)
}

// measures reports whether the word at i says what the number before it counts: a unit, or
// what has the s of a plural.
func (sc *Scanner) measures(i int) bool {
	t, s := sc.at(i), sc.lit(i)
	return t.kind == tokenWord && !t.is(lineBefore) && (t.cueIs(cue.Unit) || t.cue == 0 && s[len(s)-1] == 's')
}

// somebodysNumber reports whether token i is the digits of a North American number and what
// stands before says whose it is, or which way it was called: my number is 3125550118, new
// number 3125550118, fax outbound to 13125550118.
func (sc *Scanner) somebodysNumber(i int) bool {
	if sc.toks[i].kind != tokenNumber || !NANPDigits(sc.lit(i)) {
		return false
	}
	j := i - 1
	if sc.isPunct(j, ':') || sc.at(j).hash == hashIs {
		j--
	}
	switch t := sc.at(j); {
	case t.hash == hashNumber, t.hash == hashNumbers, sc.isPunct(j, '#'):
		return whoseNumber.Has(sc.at(j - 1).hash)
	case t.hash == hashTo, t.hash == hashFrom:
		return callWays.Has(sc.at(j - 1).hash)
	}
	return false
}

// bracketedArea reports whether [555] 555-0123 may stand at token i.
func (sc *Scanner) bracketedArea(i int) bool {
	n := sc.at(i + 1)
	return n.kind == tokenNumber && n.size() == 3 && sc.joined(i+1) && sc.isPunct(i+2, ']') &&
		sc.at(i+3).kind == tokenNumber && sc.at(i+3).size() == 3
}

// assigned reports whether ten digits may be a telephone number of North
// America: neither the area nor the exchange begins with 0 or 1.
func assigned(s string) bool { return s[0] >= '2' && s[3] >= '2' }

var (
	phoneLetters = words.SetOf("c h w m t p f cp hp wk hm mob cel fx")
	reachWords   = words.SetOf("reach reached reachable called calling calls texted texting rang ring contact contacted contacting callback paged voicemail vm lvm")
	whoseNumber  = words.SetOf("my new old his her their our your the best good same alternate alt callback")
	callWays     = words.SetOf("outbound inbound outgoing incoming")
	hashContact  = words.Hash("contact")
	hashNumber   = words.Hash("number")
	hashNumbers  = words.Hash("numbers")
)

// phoneNear reports whether the line says before token i that it is about
// telephones, or whose number follows: the sister Marisol 5035550123.
func (sc *Scanner) phoneNear(i int) bool {
	for j := i - 1; j >= 0 && j > i-13 && !sc.at(j+1).is(lineBefore); j-- {
		t := &sc.toks[j]
		if c := &cue.All[t.cue]; t.cue != 0 &&
			(c.Is&(cue.Key|cue.Road) == cue.Key && c.Cat == category.Phone ||
				c.Is&cue.Relation != 0 && j > i-6 && c.Is&(cue.Key|cue.WeakKey) == 0) {
			return true
		}
		if t.kind == tokenNumber && !t.is(used) {
			return false
		}
	}
	if n := len(sc.spans); n > 0 && sc.spans[n-1].Category == category.Phone {
		end := sc.spans[n-1].End
		start := int(sc.toks[i].start)
		return start >= end && start-end < 60 && strings.IndexByte(sc.text[end:start], '\n') < 0
	}
	return false
}

// NANPDigits reports whether s is ten digits that can be a telephone number of
// North America, perhaps with the country's before them.
func NANPDigits(s string) bool {
	if len(s) == 11 && s[0] == '1' {
		s = s[1:]
	}
	return len(s) == 10 && chars.AllDigits(s) && s[0] >= '2' && s[3] >= '2' && s[1] != '9' &&
		!(s[1] == '1' && s[2] == '1')
}
