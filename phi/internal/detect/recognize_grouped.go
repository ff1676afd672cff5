package detect

import (
	"github.com/carebus/carebus/phi/internal/category"
	"github.com/carebus/carebus/phi/internal/chars"
	"github.com/carebus/carebus/phi/internal/words"
)

// card finds payment card numbers: 13 to 19 digits, perhaps in groups.
func (sc *Scanner) card(i int) int {
	var buf [maxCard]byte
	n, groups, first := 0, 0, sc.toks[i].size()
	j := i
	var sep byte
	for {
		t := sc.at(j)
		if t.kind != tokenNumber || t.size() > len(buf)-n || groups > 0 && t.size() < 2 {
			break
		}
		n += copy(buf[n:], sc.text[t.start:t.end])
		groups++
		j++
		if n >= minCard && groups > 1 && first < 4 {
			break
		}
		next, sign := sc.cardJoint(j, groups, first == 4, sep)
		if sign == 0 {
			break
		}
		j, sep = next, sign
	}
	if n < minCard || sc.partOfMore(i, j) {
		return i
	}
	s := chars.String(buf[:n])
	if !CardPrefix(s) || groups == 1 && mayBeSNOMED(s) {
		return i
	}
	grouped := n == 16 && groups == 4 || n == 15 && groups == 3
	if !Luhn(s) && (!grouped || sep == '.' || sc.productBefore(i)) {
		return i
	}
	return sc.add(i, j, category.Card)
}

// How many digits the number of a payment card has, ISO/IEC 7812.
const (
	minCard = 13
	maxCard = 19
)

// partOfMore reports whether more of a number stands right before token i or right behind
// those up to token to.
func (sc *Scanner) partOfMore(i, to int) bool {
	return sc.joined(i) && sc.isOneOf(i-1, ".-") || sc.isPunct(to, '.') && sc.tight(to)
}

// mayBeSNOMED reports whether digits that begin as Visa's are a code of SNOMED CT: not as
// many as Visa has.
func mayBeSNOMED(s string) bool {
	return s[0] == '4' && len(s) != 13 && len(s) != 16 && len(s) != 19
}

// cardJoint returns the index of the group of digits behind the sign at token j, which
// joins it to groups before it, and the sign; or 0: 4111-1111, 4111 - 1111, 4111 1111.
// four says that the first group has four digits, sep is the sign before, or 0.
func (sc *Scanner) cardJoint(j, groups int, four bool, sep byte) (next int, sign byte) {
	n := sc.at(j + 1)
	switch {
	case sep != ' ' && sc.isPunct(j, '-') && sc.tight(j) && n.kind == tokenNumber:
		return j + 1, '-'
	case !four:
	case sep != ' ' && sc.apart(j) && (sep != '-' || groups > 1):
		return j + 1, '-'
	case (sep == 0 || sep == '.') && sc.decimalPoint(j):
		return j + 1, '.'
	case sep != '-' && sc.at(j).kind == tokenNumber && !sc.at(j).is(lineBefore) && sc.text[sc.toks[j-1].end] == ' ':
		return j, ' '
	}
	return j, 0
}

// apart reports whether a hyphen with spaces around it stands at token j, and a
// number behind it.
func (sc *Scanner) apart(j int) bool {
	return sc.isPunct(j, '-') && sc.at(j).isBut(spaceBefore, lineBefore) && sc.at(j+1).kind == tokenNumber &&
		sc.at(j+1).isBut(spaceBefore, lineBefore)
}

// productBefore reports whether the words before token i speak of goods.
func (sc *Scanner) productBefore(i int) bool {
	return sc.keyBefore(i, productWords)
}

var (
	productWords  = words.SetOf("sku product part item upc")
	roomWords     = words.SetOf("room")
	employerWords = words.SetOf("ein fein")
)

// spacedSSN finds 123 45 6789 and 123 - 45 - 6789.
func (sc *Scanner) spacedSSN(i int) int {
	if sc.toks[i].size() != 3 {
		return i
	}
	if sc.apart(i+1) && sc.at(i+2).size() == 2 && sc.apart(i+3) && sc.at(i+4).size() == 4 &&
		!sc.apart(i+5) && !(sc.at(i-1).kind == tokenPunct && sc.apart(i-1)) {
		return sc.add(i, i+5, category.SSN)
	}
	b, c := sc.at(i+1), sc.at(i+2)
	if b.kind == tokenNumber && c.kind == tokenNumber && b.size() == 2 && c.size() == 4 &&
		!b.is(lineBefore) && !c.is(lineBefore) && sc.at(i+3).kind != tokenNumber &&
		sc.at(i-1).kind != tokenNumber {
		return sc.add(i, i+3, category.SSN)
	}
	return i
}

// alienNumber finds the number by which the immigration service knows a person: an A and
// three times three digits, A208-112-993, or apart behind a word for it.
func (sc *Scanner) alienNumber(from, to int, c string) int {
	if !chars.AllDigits(c[1:4]) {
		return from
	}
	if len(c) == len("A000-000-000") && c[4] == '-' && c[8] == '-' && chars.AllDigits(c[5:8]) &&
		chars.AllDigits(c[9:]) {
		return sc.add(from, to, category.License)
	}
	if to == from+1 && sc.digitsAt(from+1, 3) && sc.digitsAt(from+2, 3) && sc.keyBefore(from, alienWords) {
		return sc.add(from, from+3, category.License)
	}
	return from
}

var alienWords = words.SetOf("alien uscis immigration number no")

// spacedIBAN finds GB82 WEST 1234 5698 7654 32.
func (sc *Scanner) spacedIBAN(i int) int {
	var buf [34]byte
	n, j := 0, i
	for j < len(sc.toks) && sc.toks[j].alnum() && sc.toks[j].size() <= 4 && n+sc.toks[j].size() <= len(buf) &&
		(j == i || !sc.toks[j].is(lineBefore)) {
		n += copy(buf[n:], sc.lit(j))
		j++
		if sc.at(j-1).size() < 4 {
			break
		}
	}
	for j > i+3 {
		if iban(chars.String(buf[:n])) {
			return sc.add(i, j, category.Account)
		}
		j--
		n -= sc.toks[j].size()
	}
	return i
}
