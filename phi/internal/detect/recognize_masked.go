package detect

import (
	"github.com/carebus/carebus/phi/internal/category"
	"github.com/carebus/carebus/phi/internal/chars"
	"github.com/carebus/carebus/phi/internal/words"
)

// maskedNumber finds a number of which all but the end is masked, which is an
// identifier's part all the same: **** **** **** 4419, XXX-XX-6789, ••••4419.
// Token i is the last of its digits. It returns i if there is none.
func (sc *Scanner) maskedNumber(i int) int {
	t := &sc.toks[i]
	if t.size() > 24 {
		return i
	}
	if t.kind == tokenMixed { // xxxx4419
		s, n := sc.lit(i), 0
		for n < len(s) && s[n]|0x20 == 'x' {
			n++
		}
		if n == 1 && len(s) == 5 && chars.AllDigits(s[1:]) && !t.is(lineBefore) && paidWith.Has(sc.at(i-1).hash) { // Visa x4419
			return sc.add(i, i+1, category.Card)
		}
		if n < 3 || len(s)-n < 3 || len(s)-n > 6 || !chars.AllDigits(s[n:]) {
			return i
		}
		return sc.add(sc.maskBefore(i, n), i+1, category.Card)
	}
	if t.size() < 3 || t.size() > 6 || t.is(lineBefore) {
		return i
	}
	if from := sc.maskBefore(i, 0); from < i {
		if sc.isPunct(i+1, '-') && sc.tight(i+1) && sc.at(i+2).alnum() {
			return i
		}
		cat := category.Card
		if t.size() == 4 && sc.maskedSSN(from, i) {
			cat = category.SSN
		}
		return sc.add(from, i+1, cat)
	}
	return i
}

// paidWith are cards and accounts, whose last digits are told.
var paidWith = words.SetOf("card cards visa mastercard mc amex discover debit credit checking savings acct account hsa fsa")

// maskBefore returns the index of the first token of the mask right before
// token i, or i: words of X, •, or four * in a row, which [Mask] never writes.
// The form of an SSN needs no more than its own. xs is how many X were seen.
func (sc *Scanner) maskBefore(i, xs int) int {
	from, words, stars, row, longest := i, 0, 0, 0, 0
	for j := i - 1; j >= 0 && i-j < 40 && !sc.at(j+1).is(lineBefore); j-- {
		t := &sc.toks[j]
		gap := sc.toks[j+1].start - t.end
		if t.is(used) || gap > 1 {
			break
		}
		if gap > 0 {
			row = 0
		}
		s := sc.lit(j)
		switch {
		case s == "-":
			row = 0
			continue
		case t.kind == tokenWord && len(s) <= 8 && allX(s):
			xs += len(s)
			words++
		case s == "*":
			stars++
			row++
			longest = max(longest, row)
		case s == "•" || s == "●":
			xs++
		default:
			s = ""
		}
		if s == "" {
			break
		}
		from = j
	}
	switch {
	case xs >= 4, longest >= 4, words == 0 && xs >= 3, sc.maskedSSN(from, i):
		return from
	}
	return i
}

// maskedSSN reports whether the mask from token from to token to has the form
// of all but the last digits of an SSN: XXX-XX-.
func (sc *Scanner) maskedSSN(from, to int) bool {
	s := sc.text[sc.toks[from].start:sc.toks[to].start]
	return len(s) == 7 && s[3] == s[6] && (s[3] == '-' || s[3] == ' ')
}

func allX(s string) bool {
	for k := range len(s) {
		if s[k]|0x20 != 'x' {
			return false
		}
	}
	return true
}

// maskEnds are the bytes that masks end with, the last ones of • and ● among them.
var maskEnds = [256]bool{'*': true, 'x': true, 'X': true, '\xa2': true, '\x8f': true}
