package detect

import (
	"github.com/carebus/carebus/phi/internal/category"
	"github.com/carebus/carebus/phi/internal/chars"
	"github.com/carebus/carebus/phi/internal/cue"
	"github.com/carebus/carebus/phi/internal/words"
)

// Numbers with letters among them: record numbers, serials, what is glued to a word.

// coded recognises runs that hold letters.
func (sc *Scanner) coded(i, from, to int, c string, sh *shape) int {
	whole := sh.n == 1
	if cat := codeForm(c, whole); cat != category.None {
		return sc.add(from, to, cat)
	}
	if whole && len(c) == 4 && chars.IsLetter(c[0]) && chars.IsLetter(c[1]) {
		if next := sc.spacedIBAN(from); next > from {
			return next
		}
	}
	if sc.strict {
		return sc.after(i, to)
	}
	if next := sc.codedPerson(from, to, c, sh); next > from {
		return next
	}
	if whole {
		if next := sc.codedWhole(i, from, to, c); next > from {
			return next
		}
	} else if next := sc.codedParts(i, from, to, c, sh); next > from {
		return next
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

// codedWhole recognises a run of one part: a number with letters right at it, an
// identifier with its key, a house number, a postcode.
func (sc *Scanner) codedWhole(i, from, to int, c string) int {
	if next := sc.lettered(i, from, to, c); next > from {
		return next
	}
	if len(c) > 5 && chars.IsDigit(c[len(c)-1]) {
		if cat := gluedID(c); cat != category.None {
			return sc.add(from, to, cat)
		}
	}
	if gridNumber(c) {
		if next := sc.streetBehind(from, to); next > from {
			return next
		}
	}
	if next := sc.postcode(from); next > from {
		return next
	}
	if trailedID(c) {
		return sc.add(from, to, category.OtherID)
	}
	return from
}

// codedParts recognises a run of several parts: an age, a file, a house number.
func (sc *Scanner) codedParts(i, from, to int, c string, sh *shape) int {
	if sh.digits[0] >= 2 && sh.digits[0] <= 3 && from == i { // 93-year-old
		if next := sc.age(from); next > from {
			return next
		}
	}
	if fileName(c) {
		return sc.fileID(from, to, c)
	}
	if sh.letteredHouse() && sc.at(to-1).size() == 1 { // 859-N Mill Drive
		return sc.streetBehind(from, to)
	}
	return from
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
		(p.hash == hashAt || sc.ofPhone(i-1) || p.hash == hashIs && sc.ofPhone(i-2))
}

// ofPhone reports whether the word at i says that a telephone number follows.
func (sc *Scanner) ofPhone(i int) bool {
	t := sc.at(i)
	return t.cueIs(cue.Key) && cue.All[t.cue].Cat == category.Phone
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
	if digits < 7 || digits > 12 || n > 4 || codePrefixes.Has(h) {
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

var sexLetters = words.SetOf("m f")
