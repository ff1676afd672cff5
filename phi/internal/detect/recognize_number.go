package detect

import (
	"github.com/carebus/carebus/phi/internal/category"
	"github.com/carebus/carebus/phi/internal/cue"
	"github.com/carebus/carebus/phi/internal/words"
)

// compound recognises what begins with the number or mixed token i.
func (sc *Scanner) compound(i int) int {
	t := &sc.toks[i]
	if maskEnds[sc.text[t.start]] ||
		t.start >= 2 && (maskEnds[sc.text[t.start-2]] || maskEnds[sc.text[t.start-1]]) {
		if next := sc.maskedNumber(i); next > i {
			return next
		}
	}
	if h := sc.at(i - 1).hash; (h == hashDay || h == hashEve) && sc.isYear(i) && !sc.strict {
		if next := sc.feastYear(i); next > i {
			return next
		}
	}
	if sc.amount(i) {
		return sc.amountOrAge(i)
	}
	if t.kind == tokenMixed && t.size() >= 16 {
		if end, cat := encoded(sc.text[t.start:]); cat != category.None &&
			!(i > 0 && sc.joined(i) && sc.connects(i-1)) {
			return sc.addBytes(i, int(t.start), int(t.start)+end, cat)
		}
	}
	from, to := sc.extent(i)
	c := sc.textOf(from, to)
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
		return sc.coded(i, from, to, c, &sh)
	}
	if next := sc.digitsOnly(from, to, c, &sh); next > from {
		return next
	}
	return sc.after(i, to)
}

// amountOrAge is compound for an amount, which may be an age as well, or the end of a
// number: last four 0143 given.
func (sc *Scanner) amountOrAge(i int) int {
	if sc.strict {
		return i + 1
	}
	if sc.toks[i].size() == 4 && !sc.at(i+1).cueIs(cue.Unit) {
		if cat := sc.endOrExtension(i, 4); cat != category.None {
			return sc.add(i, i+1, cat)
		}
	}
	return sc.after(i, sc.age(i))
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

// parted recognises a number of several parts by how many digits they have.
func (sc *Scanner) parted(from, to int, c string, sh *shape) int {
	switch sh.n {
	case 2:
		return sc.twoParts(from, to, c, sh)
	case 3:
		switch {
		case sh.ssn(c): // 123-45-6789
			return sc.add(from, to, category.SSN)
		case sh.separator() == '-' && (sh.is(5, 4, 2) || sh.is(4, 4, 2) || sh.is(5, 3, 2)): // NDC
			return sc.protect(from, to)
		}
	case 4:
		return sc.fourParts(from, to, c, sh)
	case 5:
		if sh.ipv4AndMore() && ipv4AndMore(c) && !sc.versionBefore(from) {
			return sc.add(from, to, category.Network)
		}
	}
	return from
}

// twoParts is parted for a number of two parts: a decimal, a day, houses, a personnummer.
func (sc *Scanner) twoParts(from, to int, c string, sh *shape) int {
	switch {
	case sh.seps[0] == '.': // a decimal
		if next := sc.coordinates(from, to); next > from {
			return next
		}
		return sc.protect(from, to)
	case sh.seps[0] == '/':
		if sc.monthAndDayTold(from, to, c) {
			if sc.shortDate(from); sc.toks[from].is(used) {
				sc.weekdayBefore(from)
				return to
			}
		}
	case sh.houseNumbers() && (sc.at(to).is(capital) || sc.numberedStreet(to)) && !sc.strict && !(sc.isYear(from) && sc.isYear(to-1)):
		return sc.streetBehind(from, to) // 12-26 Mill Street, 31-10 37th Ave
	case sh.is(8, 4) && sh.seps[0] == '-' && CompactDate(c[:8]): // a personnummer
		return sc.add(from, to, category.SSN)
	case sh.is(2, 7) && sh.seps[0] == '-' && sc.keyBefore(from, employerWords):
		return sc.add(from, to, category.OtherID)
	}
	return from
}

// fourParts is parted for a number of four parts: an IPv4 address, a range of days, a
// CPF.
func (sc *Scanner) fourParts(from, to int, c string, sh *shape) int {
	switch {
	case sh.separator() == '.' && IPv4(c):
		if sc.versionBefore(from) || sc.camelCase(sc.at(from-1)) && !sc.at(from).is(lineBefore) || sc.keyBefore(from, roomWords) { // SigPlus 4.4.0.30
			return sc.protect(from, to)
		}
		sc.loginBeside(from, to)
		return sc.add(from, sc.portAfter(to), category.Network)
	case sh.seps[0] == '/' && sh.seps[1] == '-' && sh.seps[2] == '/':
		return sc.dateRange(from, to)
	case sh.is(3, 3, 3, 2) && sh.seps[0] == '.' && sh.seps[1] == '.' && sh.seps[2] == '-' && !sc.versionBefore(from): // a CPF
		return sc.add(from, to, category.SSN)
	}
	return from
}

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
	if CompactDate(c) && (len(c) > len("20210305") || sc.dayExpected(from)) {
		return sc.add(from, to, category.Date)
	}
	if next := sc.refused(from); next > from {
		return next
	}
	if next := sc.licenceBehindDegree(from); next > from {
		return next
	}
	if len(c) <= 2 {
		if end := sc.spacedDate(from); end > from {
			return sc.add(from, end, category.Date)
		}
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
	if next := sc.smallCompoundStreet(from); next > from {
		return next
	}
	return sc.street(from)
}

// dayExpected reports whether the eight digits at i are a day rather than a number that
// reads like one: what stands before them speaks of dates, is a sex, F 19710409, or a date.
func (sc *Scanner) dayExpected(i int) bool {
	return sc.at(i).is(lineBefore) ||
		sc.dateNear(i) ||
		sexLetters.Has(sc.at(i-1).hash) ||
		sc.isPunct(i-1, ',') && sc.foundBefore(i-1, category.Date)
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
		if sc.hyphenedSSN(i) {
			return sc.add(i, i+5, category.SSN)
		}
	}
	return i + 1
}

// hyphenedSSN reports whether 123-45-6789 stands at i, with no hyphen before it.
func (sc *Scanner) hyphenedSSN(i int) bool {
	group := func(i, size int) bool { return sc.at(i).kind == tokenNumber && sc.at(i).size() == size }
	return group(i, 3) && sc.isPunct(i+1, '-') && group(i+2, 2) && sc.isPunct(i+3, '-') && group(i+4, 4) &&
		!(sc.joined(i) && sc.isPunct(i-1, '-'))
}

var (
	hashN = words.Hash("n")
	hashS = words.Hash("s")
)

// releaseWords stand before a date that names a version: api_2024-10-01.
var releaseWords = words.SetOf("v version ver release build rev api model schema migration snapshot")

func (sc *Scanner) portAfter(to int) int {
	if sc.isOneOf(to, ":/") && sc.tight(to) &&
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
func (sc *Scanner) keyBefore(i int, keys *words.Set) bool {
	for j := i - 1; j >= 0 && j > i-4; j-- {
		if keys.Has(sc.at(j).hash) {
			return true
		}
	}
	return false
}

// licenceBehindDegree finds the number of a licence at i right behind the degree that it is
// of, or returns i: LMFT 134872.
func (sc *Scanner) licenceBehindDegree(i int) int {
	t, p := &sc.toks[i], sc.at(i-1)
	behindDegree := p.cueIs(cue.Suffix) && p.is(allCaps) && p.size() >= 3 && !t.is(lineBefore) && !sc.joined(i)
	if !behindDegree || t.size() < 4 || t.size() > 7 || sc.isYear(i) || sc.at(i+1).cueIs(cue.Unit) ||
		sc.joined(i+1) && sc.connects(i+1) && sc.joined(i+2) {
		return i
	}
	return sc.add(i, i+1, category.License)
}

// endOrExtension returns what the number of size digits at token i is, if that is
// the end of an SSN or of what was spoken of, or an extension of a telephone: last four
// (0143), last4=0143, card on file ends 0143, ext. 3077; but not of a joint: ext. 5°.
func (sc *Scanner) endOrExtension(i, size int) category.Category {
	if p := sc.at(i - 1); p.kind == tokenWord && p.size() > len("four") && p.size() != len("extension") && !endings.Has(p.hash) && p.hash != hashLast4 {
		return category.None // as most words
	}
	j := i - 1
	for sc.isOneOf(j, ":=.(") || beforeEnds.Has(sc.at(j).hash) {
		j--
	}
	h := sc.at(j).hash
	if sc.at(i).is(lineBefore) || sc.at(j).is(used) {
		return category.None
	}
	if size == 4 {
		switch before := sc.at(j - 1); {
		case h == hashIn && endings.Has(before.hash) && numbered.Has(sc.at(j-2).hash): // phone ends in 0143
			return cue.All[sc.at(j-2).cue].Cat
		case (h == hashEnds || h == hashEnding) && !sc.isYear(i): // card on file ends 0143
			return sc.endOf(j)
		case h == hashLast4, (h == hashFour || sc.lit(j) == "4") && before.hash == hashLast:
			return category.SSN
		}
	}
	if extensions.Has(h) && (size >= 4 || sc.isPunct(i-1, '.')) && sc.lit(i+1) != "°" && !sc.at(i+1).cueIs(cue.Unit) {
		return category.Phone
	}
	return category.None
}

// endOf returns what ends with the digits behind the word at j, such as ends: what the
// words before it speak of.
func (sc *Scanner) endOf(j int) category.Category {
	for k := j - 1; k > j-5 && k >= 0 && !sc.toks[k+1].is(lineBefore); k-- {
		if t := &sc.toks[k]; numbered.Has(t.hash) {
			return cue.All[t.cue].Cat
		}
	}
	return category.None
}

var (
	hashFour   = words.Hash("four")
	hashLast4  = words.Hash("last4")
	hashEnds   = words.Hash("ends")
	beforeEnds = words.SetOf("of is ssn") // last four of SSN 0143
	endings    = words.SetOf("ends ending ended")
	numbered   = words.SetOf("phone cell mobile telephone card visa mastercard account ssn")
	extensions = words.SetOf("ext extn extension xtn")
)
