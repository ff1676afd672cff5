package detect

import (
	"strings"

	"github.com/carebus/carebus/phi/internal/category"
	"github.com/carebus/carebus/phi/internal/chars"
	"github.com/carebus/carebus/phi/internal/cue"
	"github.com/carebus/carebus/phi/internal/words"
)

// What stands behind a key word is judged by its form: an identifier, or a time, an
// amount, a year that only stands there.

// keyed judges whether the run behind a key word is an identifier. sure says that it is one
// even if it is short, marked that a sign or a word such as number announces it.
func (sc *Scanner) keyed(i, from, to int, cat category.Category, sure, marked bool) int {
	c := sc.textOf(from, to)
	if len(c) > 48 || IsUUID(c) && cat != category.MedicalRecord || isVersion(c) {
		return i
	}
	if cat == category.PostalCode {
		return sc.keyedPostcode(i, from)
	}
	if next := sc.ownForm(from, to, c, cat); next > from {
		return next
	}
	digits, letters := madeOf(c)
	if sc.otherwise(i, from, to, c, cat, letters, marked) {
		return i
	}
	if next, done := sc.keyedAs(i, from, to, c, cat, digits, letters, sure, marked); done {
		return next
	}
	if end := sc.pairsOfDigits(from); sure && isHealthID(cat) && end > to {
		return sc.add(sc.withHash(from), end, cat)
	}
	if end := sc.digitGroups(from, sure, cat); end > to {
		return sc.add(sc.withHash(from), end, cat)
	}
	if tooShort(digits, letters, sure && marked) {
		return i
	}
	if !sure && letters > 0 && digits >= 3 && sc.numberApart(to) {
		to++ // policy W3214 83660
	} else if !sure && (digits < 5 || letters == 0 && digits < 6) || isDecimal(c) || quantity(c) {
		return i
	}
	to = sc.behindSpace(to, cat, digits, letters, sure)
	return sc.likes(sc.add(sc.withHash(from), to, cat), from, to, cat)
}

// tooShort reports whether so few digits and letters are no identifier, even of those that
// are announced without doubt.
func tooShort(digits, letters int, announced bool) bool {
	return digits < 2 || digits+letters < 3 || letters == 0 && digits < 4 && !announced
}

// numberApart reports whether a number of four digits or more stands at token i, on the
// line of what is before it.
func (sc *Scanner) numberApart(i int) bool {
	n := sc.at(i)
	return n.kind == tokenNumber && n.size() >= 4 && !n.is(lineBefore|used)
}

// keyedAs judges the run c behind a key word for a category that has a form of its own. done
// says that no other form is to be looked for.
func (sc *Scanner) keyedAs(i, from, to int, c string, cat category.Category, digits, letters int, sure, marked bool) (next int, done bool) {
	switch cat {
	case category.URL:
		return i, true
	case category.Phone:
		return sc.keyedPhone(i, from, to, digits, letters), true
	case category.Card:
		next := sc.keyedCard(i, from, to, digits, letters, sure, marked)
		return next, next > from || digits < 12
	case category.Secret:
		if digits > 0 && digits+letters >= 4 {
			return sc.addBytes(from, int(sc.toks[from].start), secretEnd(sc.text, int(sc.toks[to-1].end)), category.Secret), true
		}
		return i, true
	case category.SSN:
		return sc.keyedSSN(i, from, to, digits, letters, sure), true
	case category.Vehicle, category.License:
		if end := sc.keyedPlate(to, c, cat, digits, letters); sure && end > to {
			return sc.add(from, end, cat), true
		}
	}
	return i, false
}

// keyedPostcode finds the postal code at token from, behind a word for one at i.
func (sc *Scanner) keyedPostcode(i, from int) int {
	if end := sc.postalCode(from, true); end > from {
		return sc.add(from, end, category.PostalCode)
	}
	return i
}

// keyedPhone finds the telephone number from token from to token to, behind a word for
// one at i: cell 555.0143.22.
func (sc *Scanner) keyedPhone(i, from, to, digits, letters int) int {
	if next := sc.phone(from); next > from {
		return next
	}
	if letters > 0 || digits < 7 || digits > 15 {
		return i
	}
	return sc.add(from, to, category.Phone)
}

// keyedCard finds behind a word for a payment card at i its number, its code, or the
// digits that it ends with, or returns i: CVV 123, card ending in 4242.
func (sc *Scanner) keyedCard(i, from, to, digits, letters int, sure, marked bool) int {
	if next := sc.card(from); next > from {
		return next
	}
	h := sc.at(i).hash
	switch {
	case letters > 0:
	case (h == hashCVV || h == hashCVC) && to == from+1 && (digits == 3 || digits == 4):
		return sc.add(from, to, category.Card)
	case sure && digits == 4 && (marked || sc.hasWordBetween(i, from, hashEnding)):
		return sc.likes(sc.add(from, to, category.Card), from, to, category.Card)
	}
	return i
}

// keyedSSN finds behind a word for one at i an SSN or its end, or what is too long to be
// anything else: SSN 0143, social security number 123456789.
func (sc *Scanner) keyedSSN(i, from, to, digits, letters int, sure bool) int {
	if sc.at(i).hash == hashSocial && digits < 9 && !(sure && sc.hasWordBetween(i, from, hashSecurity)) {
		return i // social history: 2019
	}
	if digits >= 7 || digits == 4 && letters == 0 {
		return sc.add(from, to, category.SSN)
	}
	return i
}

// keyedPlate returns where the number plate or licence c ends that goes on at token to,
// behind a space, or to: plate 441 KJP, plate 4TK R82, DL 22 274 461.
func (sc *Scanner) keyedPlate(to int, c string, cat category.Category, digits, letters int) int {
	t := sc.at(to)
	if t.is(lineBefore | used) {
		return to
	}
	if cat == category.License {
		if letters == 0 && digits == 2 && sc.digitsAt(to, 3) && sc.digitsAt(to+1, 3) {
			return to + 2
		}
		return to
	}
	capitals := t.kind == tokenWord && t.is(allCaps) && t.size() <= 4 && !t.cueIs(cue.Unit)
	mixed := t.kind == tokenMixed && halfPlate(sc.lit(to)) && !t.is(capital)
	if letters == 0 && digits < 5 && capitals || letters > 0 && halfPlate(c) && mixed {
		return to + 1
	}
	return to
}

// halfPlate reports whether c may be one of the two parts of a number plate: 4TK.
func halfPlate(c string) bool { return len(c) >= 3 && len(c) <= 4 && !hasLower(c) }

// digitsAt reports whether a number of so many digits goes on the line at token i.
func (sc *Scanner) digitsAt(i, size int) bool {
	t := sc.at(i)
	return t.kind == tokenNumber && t.size() == size && !t.is(lineBefore|used)
}

var (
	hashSocial   = words.Hash("social")
	hashCVV      = words.Hash("cvv")
	hashCVC      = words.Hash("cvc")
	hashSecurity = words.Hash("security")
)

// secretEnd returns where the secret ends that reaches to index i: before the
// next space, without the signs that end a sentence. A password is of any signs.
func secretEnd(text string, i int) int {
	end := i
	for i < len(text) && text[i] > ' ' && text[i] < 0x80 && strings.IndexByte("\"'`<>,;)]}", text[i]) < 0 {
		if i++; text[i-1] != '.' && text[i-1] != '?' && text[i-1] != ':' &&
			(text[i-1] != '!' || i < len(text) && (chars.IsLetter(text[i]) || chars.IsDigit(text[i]))) {
			end = i
		}
	}
	return end
}

// madeOf counts the digits and the ASCII letters of c.
func madeOf(c string) (digits, letters int) {
	for k := range len(c) {
		switch {
		case chars.IsDigit(c[k]):
			digits++
		case chars.IsLetter(c[k]):
			letters++
		}
	}
	return digits, letters
}

// ownForm finds behind a key word what is known by its own form: a hardware
// address, an IBAN, a street, a telephone number.
func (sc *Scanner) ownForm(from, to int, c string, cat category.Category) int {
	if next := sc.colons(from); next > from {
		return next
	}
	t := sc.at(from)
	if to == from+1 && t.kind == tokenMixed && t.size() == 4 {
		if next := sc.spacedIBAN(from); next > from {
			return next
		}
	}
	if t.kind == tokenNumber && t.size() == 3 && to == from+1 && cat != category.Phone {
		if next := sc.spacedSSN(from); next > from {
			return next
		}
		if sc.digitsAt(from+1, 3) && sc.digitsAt(from+2, 4) { // client: 413 555 0144
			if next := sc.phone(from); next > from {
				return next
			}
		}
	}
	if t.kind == tokenNumber && t.size() <= 6 && to == from+1 {
		if next := sc.street(from); next > from {
			return next
		}
	}
	if cat == category.OtherID && Dialled(c) {
		return sc.phone(from)
	}
	return from
}

// otherwise reports whether the run behind the key word at i is something else
// than an identifier: a time, a date, a year, an amount, a share, a place in a row.
func (sc *Scanner) otherwise(i, from, to int, c string, cat category.Category, letters int, marked bool) bool {
	switch {
	case clockTime(c): // 19:40
	case payers.Has(sc.at(i).hash) && sc.procedureOfPayer(from, c, cat): // Aetna: 90837
	case cat == category.Account && !sc.at(i).cueIs(cue.Key) && sc.procedureModified(from, to):
	case cat != category.SSN && NumericDate(c) > 0:
	case to == from+1 && !marked && sc.isYear(from):
	case letters == 0 && sc.unitBehind(to) && !(sc.at(to).hash == hashIn && len(c) > 4): // 574280 in case
	case sc.isPunct(to, '%'), strings.Contains(c, "-year"), isSpan(c), procedures(c):
	case ordinal(c) > 0 && letters > 0:
	case sc.joined(from) && sc.text[sc.toks[from].start-1] == '$':
	default:
		return false
	}
	return true
}

// procedureOfPayer reports whether the run c from token from on, behind the name of a health
// plan, is too short for a member's number: a procedure or a year.
func (sc *Scanner) procedureOfPayer(from int, c string, cat category.Category) bool {
	return (chars.CountDigits(c) < 7 || strings.IndexByte(c, '-') >= 0) && sc.digitGroups(from, false, cat) == from
}

// procedureModified reports whether the run from token from to token to is a procedure's
// code and its modifier: 90837-95.
func (sc *Scanner) procedureModified(from, to int) bool {
	return to == from+3 && sc.at(from).size() == 5 && sc.at(from+2).size() == 2
}

// unitBehind reports whether token i is the unit of what stands before it on its line.
func (sc *Scanner) unitBehind(i int) bool {
	t := sc.at(i)
	return t.cueIs(cue.Unit) && !t.is(lineBefore)
}

// payers stand before the numbers of their members, and before procedures and years.
var payers = words.SetOf("aetna cigna humana uhc bcbs anthem molina tricare")

// pairsOfDigits returns the index behind the pairs of digits from token i on that spaces part,
// three of them or more, or i: 12 34 88 01.
func (sc *Scanner) pairsOfDigits(i int) int {
	j := i
	for t := sc.at(j); t.kind == tokenNumber && t.size() == 2 && !t.is(used) && (j == i || !t.is(lineBefore) && !sc.joined(j)); t = sc.at(j) {
		j++
	}
	if j < i+3 || sc.at(j).cueIs(cue.Unit) {
		return i
	}
	return j
}

// digitGroups returns the index behind the groups of digits from token i on that single
// spaces part, three of them or more with seven digits or more in all, or i: 80 099 1237,
// W117 2240 93. The last one may begin an address, a date or an age: 84711 2345 80 Mill Lane.
// Behind a word that doesn't say for sure that a number follows, they are that of a health
// plan or an account alone, and no list of procedures.
func (sc *Scanner) digitGroups(i int, sure bool, cat category.Category) int {
	j, digits, fives := i, 0, 0
	for sc.digitGroup(j, j == i) {
		digits += chars.CountDigits(sc.lit(j))
		if sc.toks[j].size() == 5 {
			fives++
		}
		j++
	}
	if j > i && sc.takesNumber(j) {
		j--
		digits -= chars.CountDigits(sc.lit(j))
	}
	groups := j - i
	if groups < 3 || digits < 7 || sc.unitBehind(j) || sc.joined(j) && sc.at(j).kind != tokenPunct {
		return i
	}
	codes := fives == groups // of procedures
	if !sure && (digits < 9 || codes || cat != category.HealthPlan && cat != category.Account) {
		return i
	}
	return j
}

// digitGroup reports whether token j is a group of digits of an identifier, the first, which
// a letter may begin, or one behind a space.
func (sc *Scanner) digitGroup(j int, first bool) bool {
	t := sc.at(j)
	if t.size() > 5 || t.is(used) {
		return false
	}
	if first {
		return t.kind == tokenNumber || t.kind == tokenMixed
	}
	return t.kind == tokenNumber && t.start-sc.toks[j-1].end == 1 && sc.text[t.start-1] == ' '
}

// takesNumber reports whether a number belongs to the word at j behind it, which goes on an
// address, a date or an age: 80 Mill Lane, 5 March, 41 years.
func (sc *Scanner) takesNumber(j int) bool {
	t := sc.at(j)
	return t.kind == tokenWord && !t.is(lineBefore) &&
		(t.is(capital) || t.cueIs(cue.Month) || yearWords.Has(t.hash) || ageEndings.Has(t.hash))
}

// behindSpace returns where an identifier ends that goes on behind a space: SG
// 920311, 4402 1187 3356, a number plate's 442 KLM.
func (sc *Scanner) behindSpace(to int, cat category.Category, digits, letters int, sure bool) int {
	goesOn := func() bool { return sc.at(to).kind == tokenNumber && !sc.at(to).is(lineBefore|used) }
	if size := sc.at(to).size(); sure && digits < 5 && goesOn() &&
		(size > 3 || size == 3 && sc.at(to+1).kind == tokenNumber && sc.at(to+1).size() == 3) {
		for goesOn() && sc.at(to).size() == size {
			to++
		}
		if n := sc.at(to); goesOn() && n.size() > 1 && n.size() < size && !sc.at(to+1).cueIs(cue.Unit) {
			to++ // 4044 8628 68
		}
	}
	if n := sc.at(to); cat == category.Vehicle && n.kind == tokenWord && n.is(allCaps) && n.size() <= 4 &&
		!n.is(lineBefore|used) {
		to++
	}
	return to
}

// likes finds identifiers in a row: charts 242-2481 and 172-9877. The one from
// token from to token to was found, what follows has its form.
func (sc *Scanner) likes(end, from, to int, cat category.Category) int {
	size := sc.toks[to-1].end - sc.toks[from].start
	for {
		k := end
		if sc.isOneOf(k, ",&") {
			k++
		}
		if sc.at(k).hash == hashAnd {
			k++
		}
		t := sc.at(k)
		if k == end || !t.alnum() || t.is(used|lineBefore) {
			return end
		}
		f, next := sc.extent(k)
		if f != k ||
			next-f != to-from ||
			sc.toks[next-1].end-t.start != size ||
			t.kind != sc.toks[from].kind ||
			!sc.hasDigit(f, next) ||
			sc.at(next).cueIs(cue.Unit) {
			return end
		}
		for j := range to - from {
			if a, b := &sc.toks[from+j], &sc.toks[f+j]; a.kind != b.kind || a.size() != b.size() {
				return end
			}
		}
		end = sc.add(f, next, cat)
	}
}

// withHash returns the index of the # that stands right before token i, or i.
func (sc *Scanner) withHash(i int) int {
	if sc.isPunct(i-1, '#') && sc.joined(i) && !sc.at(i-1).is(used) {
		return i - 1
	}
	return i
}

// clockTime reports whether c is a time of day: 9:05, 19:40.
func clockTime(c string) bool {
	colon := strings.IndexByte(c, ':')
	return (colon == 1 || colon == 2) && len(c) == colon+3 && chars.AllDigits(c[:colon]) && chars.AllDigits(c[colon+1:])
}

// quantity reports whether c is a number with its unit: 500mg, 2.5ml.
func quantity(c string) bool {
	n := 0
	for n < len(c) && (chars.IsDigit(c[n]) || c[n] == '.') {
		n++
	}
	return n > 0 && n < 6 && n < len(c) && cue.All[cue.Table.Get(words.Hash(c[n:]))].Is&cue.Unit != 0
}

// hasDigit reports whether one of the tokens from from to to holds a digit.
func (sc *Scanner) hasDigit(from, to int) bool {
	for i := from; i < to; i++ {
		if k := sc.toks[i].kind; k == tokenNumber || k == tokenMixed {
			return true
		}
	}
	return false
}

// hasWordBetween reports whether a word is one of the tokens from from to to.
func (sc *Scanner) hasWordBetween(from, to int, hash uint32) bool {
	for i := from; i < to; i++ {
		if sc.at(i).hash == hash {
			return true
		}
	}
	return false
}

// isSpan reports whether c is a span of decimals, as references of a laboratory are: 0.6-1.2.
func isSpan(c string) bool {
	a, b, ok := strings.Cut(c, "-")
	return ok && isDecimal(a) && isDecimal(b)
}

// procedures reports whether c is two procedures: 90834/90837.
func procedures(c string) bool {
	return len(c) == 11 && c[0] == '9' && c[5] == '/' && chars.AllDigits(c[:5]) && chars.AllDigits(c[6:])
}

func isDecimal(c string) bool {
	dot := strings.IndexByte(c, '.')
	return dot > 0 && chars.AllDigits(c[:dot]) && chars.AllDigits(c[dot+1:]) && len(c) < 8
}
