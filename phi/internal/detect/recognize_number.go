package detect

import (
	"github.com/carebus/carebus/phi/internal/category"
	"github.com/carebus/carebus/phi/internal/chars"
	"github.com/carebus/carebus/phi/internal/cue"
	"github.com/carebus/carebus/phi/internal/words"
)

// extent returns the tokens of the unbroken run of letters, digits and
// connecting characters around token i, such as 123-45-6789 or SG-920311.
func (sc *Scanner) extent(i int) (from, to int) {
	from, to = i, i+1
	for n := 0; n < 8; n++ {
		if from < 2 || !sc.joined(from) || !sc.connects(from-1) || sc.toks[from-2].is(used) {
			break
		}
		from -= 2
	}
	for n := 0; n < 24; n++ {
		if to+1 >= len(sc.toks) || !sc.joined(to) || !sc.connects(to) || sc.toks[to+1].is(used) {
			break
		}
		to += 2
	}
	return from, to
}

// connects reports whether token j holds what stands around it together.
func (sc *Scanner) connects(j int) bool {
	t := &sc.toks[j]
	if t.kind != tokenPunct ||
		t.is(used) ||
		!sc.joined(j) ||
		!sc.joined(j+1) ||
		!sc.at(j-1).alnum() ||
		!sc.at(j+1).alnum() {
		return false
	}
	switch sc.text[t.start] {
	case '-', '_', '.':
		return true
	case '/':
		return sc.toks[j-1].kind == tokenNumber && sc.toks[j+1].kind == tokenNumber ||
			sc.toks[j+1].kind == tokenNumber && sc.toks[j+1].size() >= 5 && sc.toks[j-1].is(allCaps) &&
				sc.toks[j-1].size() <= 4 || // EJ/898291
			sc.isMonth(j-1) || sc.isMonth(j+1)
	case ':':
		return sc.toks[j+1].kind == tokenNumber && sc.toks[j-1].kind != tokenWord
	}
	return false
}

// A shape is a run of letters and digits in parts: digits counts those of each
// numeric part, -1 stands for a part with letters.
type shape struct {
	digits [10]int8
	seps   [10]byte
	n      int // parts
	total  int // digits in all
	words  int // parts with letters
}

func (sc *Scanner) shapeOf(from, to int) (s shape, ok bool) {
	for i := from; i < to; i++ {
		t := &sc.toks[i]
		if s.n == len(s.digits) {
			return s, false
		}
		switch t.kind {
		case tokenNumber:
			if t.size() > 60 {
				return s, false
			}
			s.digits[s.n] = int8(t.size())
			s.total += t.size()
		case tokenPunct:
			s.seps[s.n] = sc.text[t.start]
			s.n++
			continue
		default:
			s.digits[s.n] = -1
			s.words++
		}
	}
	s.n++
	return s, true
}

func (s *shape) is(parts ...int8) bool {
	if s.n != len(parts) {
		return false
	}
	for i, p := range parts {
		if s.digits[i] != p {
			return false
		}
	}
	return true
}

// separator returns the one character between all parts, or 0.
func (s *shape) separator() byte {
	for i := 1; i < s.n-1; i++ {
		if s.seps[i] != s.seps[0] {
			return 0
		}
	}
	return s.seps[0]
}

// compound recognises what begins with the number or mixed token i.
func (sc *Scanner) compound(i int) int {
	t := &sc.toks[i]
	if maskEnds[sc.text[t.start]] ||
		t.start >= 2 && (maskEnds[sc.text[t.start-2]] || maskEnds[sc.text[t.start-1]]) {
		if next := sc.maskedNumber(i); next > i {
			return next
		}
	}
	if sc.amount(i) {
		if sc.strict {
			return i + 1
		}
		return sc.after(i, sc.age(i))
	}
	if t.kind == tokenMixed && t.size() >= 16 {
		if end, cat := encoded(sc.text[t.start:]); cat != category.None &&
			!(i > 0 && sc.joined(i) && sc.connects(i-1)) {
			return sc.addBytes(i, int(t.start), int(t.start)+end, cat)
		}
	}
	from, to := sc.extent(i)
	c := sc.text[sc.toks[from].start:sc.toks[to-1].end]
	if len(c) > 64 {
		return sc.longRun(i, from, to)
	}
	if len(c) >= 36 && IsUUID(c[:36]) {
		return sc.protect(from, to)
	}
	if next := sc.colons(from); next > from {
		return next
	}
	if !sc.strict {
		if start := sc.dateStart(i, from); start >= 0 {
			if next := sc.date(start); next > start {
				return next
			}
		}
	}
	sh, ok := sc.shapeOf(from, to)
	if !ok {
		return sc.after(i, to)
	}
	if sh.words > 0 {
		return sc.coded(i, from, to, c, sh)
	}
	if next := sc.digitsOnly(from, to, c, &sh); next > from {
		return next
	}
	return sc.after(i, to)
}

// dateStart returns where a date may begin in the run from token from, of which token i
// is a number or mixed, or -1: in intake_2026-02-11.pdf at the year.
func (sc *Scanner) dateStart(i, from int) int {
	if from == i || sc.toks[from].kind == tokenNumber {
		return from
	}
	if sc.isYear(i) && sc.isPunct(i-1, '_') && sc.isPunct(i+1, '-') && sc.isPunct(i+3, '-') &&
		!releaseWords.Has(sc.at(i-2).hash) {
		return i
	}
	return -1
}

// digitsOnly recognises a number without letters, of one part or several: 123-45-6789,
// 617-555-0143, MA 02139. It returns the index behind it, or from.
func (sc *Scanner) digitsOnly(from, to int, c string, sh *shape) int {
	if sh.n > 1 {
		if next := sc.parted(from, to, c, sh); next > from {
			return next
		}
	}
	if next := sc.card(from); next > from {
		return next
	}
	if next := sc.phone(from); next > from {
		return next
	}
	if sc.strict {
		return from
	}
	if sh.n == 1 {
		if next := sc.wholeNumber(from, to, c); next > from {
			return next
		}
	}
	if sh.ofID() {
		if next := sc.bracketedID(from, to); next > from {
			return next
		}
	}
	if (sh.is(5) || sh.is(5, 4) && sh.seps[0] == '-') && sc.stateBefore(from) {
		return sc.add(from, to, category.PostalCode)
	}
	return sc.answer(from, to)
}

// ofID reports whether numbers that stand in brackets behind somebody's name have such
// parts: (1336908), (12-4405).
func (s *shape) ofID() bool {
	if s.n == 1 {
		return s.total >= 6
	}
	return s.is(3, 4) ||
		s.is(3, 2, 3) ||
		s.is(2, 4) ||
		s.is(2, 3) ||
		s.is(2, 5) ||
		s.is(5, 3) ||
		s.is(4, 3) ||
		s.is(6, 3) ||
		s.is(4, 5)
}

// parted recognises a number of several parts by how many digits they have: 123-45-6789.
func (sc *Scanner) parted(from, to int, c string, sh *shape) int {
	switch {
	case sh.ssn(c):
		return sc.add(from, to, category.SSN)
	case sh.n == 4 && sh.separator() == '.' && ipv4(c):
		if sc.versionBefore(from) || sc.keyBefore(from, roomWords) {
			return sc.protect(from, to)
		}
		sc.loginBeside(from, to)
		return sc.add(from, sc.portAfter(to), category.Network)
	case sh.ipv4AndMore() && ipv4(c):
		if !sc.versionBefore(from) {
			return sc.add(from, to, category.Network)
		}
	case sh.n == 2 && sh.seps[0] == '.': // a decimal
		if next := sc.coordinates(from, to); next > from {
			return next
		}
		return sc.protect(from, to)
	case sh.n == 4 && sh.seps[0] == '/' && sh.seps[1] == '-' && sh.seps[2] == '/':
		return sc.dateRange(from, to)
	case sh.n == 2 && sh.seps[0] == '/' && sc.monthAndDayTold(from, to, c):
		if sc.shortDate(from); sc.toks[from].is(used) {
			return to
		}
	case sh.is(3, 3, 3, 2) && sh.seps[0] == '.' && sh.seps[1] == '.' && sh.seps[2] == '-' && !sc.versionBefore(from): // a CPF
		return sc.add(from, to, category.SSN)
	case sh.separator() == '-' && (sh.is(5, 4, 2) || sh.is(4, 4, 2) || sh.is(5, 3, 2)): // NDC
		return sc.protect(from, to)
	case sh.houseNumbers() && sc.at(to).is(capital) && !sc.strict && !(sc.isYear(from) && sc.isYear(to-1)):
		return sc.streetBehind(from, to) // 12-26 Mill Street
	case sh.is(8, 4) && sh.seps[0] == '-' && CompactDate(c[:8]): // a personnummer
		return sc.add(from, to, category.SSN)
	case sh.is(2, 7) && sh.seps[0] == '-' && sc.keyBefore(from, employerWords):
		return sc.add(from, to, category.OtherID)
	}
	return from
}

// ssn reports whether the number c has the parts of an SSN: 123-45-6789, 123.45.6789,
// 123/45/6789, but not 123/00/6789.
func (s *shape) ssn(c string) bool {
	if !s.is(3, 2, 4) {
		return false
	}
	switch s.separator() {
	case '-', '.', '_':
		return true
	case '/':
		return chars.DigitsValue(c[4:6]) > 0
	}
	return false
}

// ipv4AndMore reports whether a port or the size of a network stands behind four numbers:
// 203.0.113.77:8080, 203.0.113.0/24.
func (s *shape) ipv4AndMore() bool {
	return s.n == 5 && s.seps[0] == '.' && s.seps[1] == '.' && s.seps[2] == '.' &&
		(s.seps[3] == ':' || s.seps[3] == '/')
}

// houseNumbers reports whether two numbers may be those of a street's houses: 12-26.
func (s *shape) houseNumbers() bool {
	return s.n == 2 && s.seps[0] == '-' && s.digits[0] <= 4 && s.digits[1] <= 4
}

// monthAndDayTold reports whether c, two numbers around a slash, is told to be a month and
// a day by its form or by what stands around it: 10/03, on Tue 10/3, seen 10/3 at 9 am.
func (sc *Scanner) monthAndDayTold(from, to int, c string) bool {
	return sc.timeAt(to) ||
		sc.hoursBehind(from, to) ||
		padded(c) ||
		dayWords.Has(sc.at(from-1).hash) ||
		sc.shortWeekday(from-1) ||
		sc.daysOfMonth(from, to) ||
		sc.besideSignature(from, to) ||
		sc.lastTime(from)
}

// padded reports whether c is a month and a day of which one has a zero before
// it, as neither shares nor scores have: 10/03, 07/14.
func padded(c string) bool { return len(c) == 5 && (c[0] == '0' || c[3] == '0') && c[4] != '0' }

// wholeNumber recognises what begins with a number of one part, or is one.
func (sc *Scanner) wholeNumber(from, to int, c string) int {
	if sc.lit(to) == "°" {
		if next := sc.degrees(from); next > from {
			return next
		}
	}
	if size := len(c); size >= 3 && size <= 6 {
		if cat := sc.endOrExtension(from, size); cat != category.None {
			return sc.add(from, to, cat)
		}
	}
	if len(c) >= 4 && sc.isPunct(to, '^') && sc.isPunct(to+1, '^') && sc.isPunct(to+2, '^') && sc.joined(to) {
		return sc.add(from, to, category.MedicalRecord) // 88120^^^MRN
	}
	if CompactDate(c) &&
		(len(c) > 8 ||
			sc.at(from).is(lineBefore) ||
			sc.dateNear(from) ||
			sexLetters.Has(sc.at(from-1).hash) ||
			sc.isPunct(from-1, ',') && sc.dateEnds(from-1)) {
		return sc.add(from, to, category.Date)
	}
	if next := sc.indexNumber(from); next > from {
		return next
	}
	if next := sc.spacedSSN(from); next > from {
		return next
	}
	if next := sc.age(from); next > from {
		return next
	}
	if next := sc.prepositional(from); next > from {
		return next
	}
	if next := sc.codedTown(from); next > from {
		return next
	}
	return sc.street(from)
}

// amount reports whether the token i is a small number that stands alone before
// a unit or a word such as to, as most do: 50 mg. It is an age at most.
func (sc *Scanner) amount(i int) bool {
	t, n := &sc.toks[i], sc.at(i+1)
	return t.kind == tokenNumber && t.size() <= 4 && t.is(spaceBefore) && n.kind == tokenWord &&
		n.isBut(spaceBefore, capital) &&
		n.cueIs(cue.Unit|cue.Stop) && !n.cueIs(cue.Month|cue.Road|cue.UnitWord|cue.Particle) && n.hash != hashOf && !streetCompound(sc.lit(i+1))
}

// after returns where to go on behind a run that holds nothing known.
func (sc *Scanner) after(i, to int) int { return max(to, i+1) }

// longRun deals with runs of more than 64 bytes: digests, encoded data and
// lists. Each number in it is looked at alone.
func (sc *Scanner) longRun(i, _, to int) int {
	t := &sc.toks[i]
	if t.kind == tokenNumber && sc.toks[i].size() <= 19 {
		if next := sc.card(i); next > i {
			return next
		}
		if sc.isPunct(i+1, '-') && sc.isPunct(i+3, '-') && t.size() == 3 && sc.at(i+2).size() == 2 &&
			sc.at(i+4).size() == 4 && sc.at(i+2).kind == tokenNumber && sc.at(i+4).kind == tokenNumber &&
			(i == 0 || !sc.joined(i) || !sc.isPunct(i-1, '-')) {
			return sc.add(i, i+5, category.SSN)
		}
	}
	return i + 1
}

// coded recognises runs that hold letters.
func (sc *Scanner) coded(i, from, to int, c string, sh shape) int {
	whole := sh.n == 1
	if cat := codeForm(c, whole); cat != category.None {
		return sc.add(from, to, cat)
	}
	if whole && len(c) == 4 && chars.IsUpper(c[0]) && chars.IsUpper(c[1]) {
		if next := sc.spacedIBAN(from); next > from {
			return next
		}
	} else if sc.strict {
		return sc.after(i, to)
	} else if next := sc.codedPerson(from, to, c, &sh); next > from {
		return next
	}
	if whole && sh.words == 1 {
		if next := sc.lettered(i, from, to, c); next > from {
			return next
		}
	}
	if sh.digits[0] >= 2 && sh.digits[0] <= 3 && sh.n > 1 && from == i { // 93-year-old
		if next := sc.age(from); next > from {
			return next
		}
	}
	if fileName(c) {
		return sc.fileID(from, to, c)
	}
	if whole && len(c) > 5 && chars.IsDigit(c[len(c)-1]) {
		if cat := gluedID(c); cat != category.None {
			return sc.add(from, to, cat)
		}
	}
	if whole && gridNumber(c) || sh.letteredHouse() && sc.at(to-1).size() == 1 { // 859-N Mill Drive
		if next := sc.streetBehind(from, to); next > from {
			return next
		}
	}
	if whole {
		if next := sc.postcode(from); next > from {
			return next
		}
	}
	if whole && trailedID(c) {
		return sc.add(from, to, category.OtherID)
	}
	if next := sc.shapedID(from, to, c, sh); next > from {
		return next
	}
	if next := sc.answer(from, to); next > from {
		return next
	}
	if sh.n > 1 && sh.digits[0] >= 0 && from == i { // 123-main: let the number stand alone
		if next := sc.phone(from); next > from {
			return next
		}
	}
	return sc.after(i, to)
}

// codeForm returns what c is by its own form and check digits, as nothing else is:
// a hardware address, a VIN, GB82WEST12345698765432. whole says that it has one part.
func codeForm(c string, whole bool) category.Category {
	switch {
	case macAddress(c):
		return category.Network
	case len(c) >= 11 && mbi(c):
		return category.HealthPlan
	case !whole:
		return category.None
	case dea(c):
		return category.License
	case vin(c):
		return category.Vehicle
	case len(c) >= 15 && (ibanShape(c) || iban(c) && chars.IsLetter(c[0]) && chars.IsLetter(c[1])):
		return category.Account
	}
	return category.None
}

// codedPerson finds what is glued to letters or is a date: A208-112-993, 17APR1986,
// SSN123-45-6789.
func (sc *Scanner) codedPerson(from, to int, c string, sh *shape) int {
	switch {
	case c[0] == 'A' && sc.toks[from].size() == 4:
		return sc.alienNumber(from, to, c)
	case sh.n == 1 && (CompactDate(c) || runDate(c)):
		return sc.add(from, to, category.Date)
	case sh.n == 3 && sh.digits[1] == 2 && sh.digits[2] == 4 && (sh.separator() == '-' || sh.separator() == '.'):
		if n := gluedSSN(c); n > 0 {
			start := int(sc.toks[from].start)
			return sc.addBytes(from, start+n, start+len(c), category.SSN)
		}
	}
	return from
}

// lettered recognises a number with letters right at it, of one part: x4471, 221B Baker
// Street, 92yo, the 16th. It returns the index behind it, also if it can't be anything
// else that is looked for, or from.
func (sc *Scanner) lettered(i, from, to int, c string) int {
	if c[0] == 'x' || c[0] == 'X' {
		if sc.extensionAt(from, c) {
			return sc.add(from, to, category.Phone)
		}
		return sc.after(i, to)
	}
	if next := sc.street(from); next > from {
		return next
	}
	if next := sc.age(from); next > from {
		return next
	}
	if ordinal(c) == 0 {
		return from
	}
	if to := sc.numberedCrossing(from); to > from {
		return sc.add(from, to, category.Address)
	}
	if next := sc.dayAlone(from); next > from {
		return next
	}
	if sc.at(from-1).hash == hashThe && sc.at(from+1).hash == hashOf {
		return from + 1
	}
	return sc.after(i, to)
}

// extensionAt reports whether c, an x and digits at token i, is an extension: nurse at
// x4471.
func (sc *Scanner) extensionAt(i int, c string) bool {
	p := sc.at(i - 1)
	return len(c) >= 5 && len(c) <= 6 && chars.AllDigits(c[1:]) &&
		(p.hash == hashAt || p.cueIs(cue.Key) && cue.All[p.cue].Cat == category.Phone)
}

// letteredHouse reports whether a house number of two parts may stand here, of which the
// second is a letter: 859-N.
func (s *shape) letteredHouse() bool {
	return s.n == 2 && s.digits[0] > 0 && s.digits[0] <= 4 && s.seps[0] == '-'
}

// gluedID returns what an identifier is that is written as one: a key and
// digits, such as MRN8842017, or up to four capitals and seven digits or more,
// such as HN26412881.
func gluedID(c string) category.Category {
	n := 0
	for n < len(c) && chars.IsLetter(c[n]) {
		n++
	}
	digits := len(c) - n
	if n == 0 || n > 6 || digits < 5 || digits > 14 || !chars.AllDigits(c[n:]) {
		return category.None
	}
	h := words.Hash(c[:n])
	if k := &cue.All[cue.Table.Get(h)]; k.Is&cue.Key != 0 {
		switch k.Cat {
		case category.MedicalRecord, category.SSN, category.HealthPlan, category.Account, category.License:
			return k.Cat
		}
	}
	if digits < 7 || digits > 12 || n > 4 || codePrefixes[h] {
		return category.None
	}
	for i := range n {
		if !chars.IsUpper(c[i]) {
			return category.None
		}
	}
	return category.OtherID
}

// trailedID reports whether c is seven to nine digits and a capital that is no
// unit, as identity cards of several countries have: 83181619P.
func trailedID(c string) bool {
	n := len(c) - 1
	return n >= 7 && n <= 9 && chars.IsUpper(c[n]) && chars.AllDigits(c[:n]) &&
		cue.All[cue.Table.Get(words.Hash(c[n:]))].Is&cue.Unit == 0 && c[n] != 'T' && c[n] != 'Z' &&
		c[n] != 'U'
}

// gluedSSN returns how many letters stand right before the SSN that c ends
// with, or 0.
func gluedSSN(c string) int {
	n := 0
	for n < len(c) && chars.IsLetter(c[n]) {
		n++
	}
	if n == 0 || len(c)-n != 11 || !chars.AllDigits(c[n:n+3]) {
		return 0
	}
	if k := &cue.All[cue.Table.Get(words.Hash(c[:n]))]; k.Is&cue.Key == 0 && words.Hash(c[:n]) != hashNo {
		return 0
	}
	return n
}

// versionBefore reports whether a version number is announced before token i.
func (sc *Scanner) versionBefore(i int) bool {
	return !sc.at(i).is(lineBefore) && versionWords.Has(sc.at(i-1).hash) || sc.joined(i) && sc.isPunct(i-1, '.')
}

var (
	hashN = words.Hash("n")
	hashS = words.Hash("s")
)

var sexLetters = words.SetOf("m f")

// releaseWords stand before a date that names a version: api_2024-10-01.
var releaseWords = words.SetOf("v version ver release build rev api model schema migration snapshot")

var versionWords = words.SetOf("v version ver release build rev oid")

func (sc *Scanner) portAfter(to int) int {
	if (sc.isPunct(to, ':') || sc.isPunct(to, '/')) && sc.joined(to) && sc.joined(to+1) &&
		sc.at(to+1).kind == tokenNumber {
		return to + 2
	}
	return to
}

// dateNear reports whether the words before token i speak of a date.
func (sc *Scanner) dateNear(i int) bool {
	for j := i - 1; j >= 0 && j > i-4; j-- {
		if sc.toks[j].cueIs(cue.Date) {
			return true
		}
	}
	return false
}

// keyBefore reports whether one of the three words before token i is one of keys.
func (sc *Scanner) keyBefore(i int, keys words.Set) bool {
	for j := i - 1; j >= 0 && j > i-4; j-- {
		if keys.Has(sc.at(j).hash) {
			return true
		}
	}
	return false
}

// endOrExtension returns what the number of size digits at token i is, if that is
// the end of an SSN, or an extension of a telephone: last four (0143), ext. 3077.
// Joints are extended as well, by degrees.
func (sc *Scanner) endOrExtension(i, size int) category.Category {
	j := i - 1
	if p := sc.at(j); p.kind == tokenWord && p.size() > 4 && p.size() != 9 {
		return category.None
	}
	for sc.isPunct(j, ':') ||
		sc.isPunct(j, '.') ||
		sc.isPunct(j, '(') ||
		sc.at(j).hash == hashOf ||
		sc.at(j).hash == hashIs ||
		sc.at(j).hash == hashSSN {
		j--
	}
	switch h := sc.at(j).hash; {
	case sc.at(i).is(lineBefore) || sc.at(j).is(used):
	case size == 4 && (h == hashFour || h == hash4) && sc.at(j-1).hash == hashLast:
		return category.SSN
	case extensions.Has(h) && (size >= 4 || sc.isPunct(i-1, '.')) && sc.lit(i+1) != "°" && !sc.at(i+1).cueIs(cue.Unit):
		return category.Phone
	}
	return category.None
}

var (
	hashSSN    = words.Hash("ssn")
	hashFour   = words.Hash("four")
	hash4      = words.Hash("4")
	extensions = words.SetOf("ext extn extension xtn")
)
