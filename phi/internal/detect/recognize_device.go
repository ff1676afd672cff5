package detect

import (
	"github.com/carebus/carebus/phi/internal/category"
	"github.com/carebus/carebus/phi/internal/chars"
)

// deviceID finds the unique device identifier of 21 CFR 801.40 in the form of
// GS1: (01)00643169007222(17)160712(21)A1B2. The first element is a GTIN of 14
// digits; the others are a lot, dates and a serial number.
func (sc *Scanner) deviceID(i int) int {
	if !sc.isPunct(i, '(') ||
		sc.lit(i+1) != "01" ||
		!sc.isPunct(i+2, ')') ||
		sc.at(i+3).kind != tokenNumber ||
		sc.at(i+3).size() != 14 ||
		!sc.joined(i+3) {
		return i
	}
	end := i + 4
	for n := 0; n < 6; n++ {
		j := end
		if !sc.isPunct(j, '(') ||
			sc.at(j).is(lineBefore) ||
			sc.at(j+1).kind != tokenNumber ||
			sc.at(j+1).size() > 4 ||
			!sc.isPunct(j+2, ')') ||
			!sc.joined(j+3) ||
			!sc.at(j+3).alnum() {
			break
		}
		end = j + 4
		for sc.isPunct(end, '-') && sc.tight(end) && sc.at(end+1).alnum() {
			end += 2
		}
	}
	return sc.add(i, end, category.Device)
}

// serial returns the index behind the number that s/n announces, whose slash is token
// i, or i: s/n 3R9K2Q, S/N: 8841-22.
func (sc *Scanner) serial(i int) int {
	if sc.at(i-1).hash != hashS || sc.at(i+1).hash != hashN || sc.strict || !sc.tight(i) {
		return i
	}
	j := i + 2
	if sc.isOneOf(j, ":#") {
		j++
	}
	if t := sc.at(j); !t.alnum() || t.is(used|lineBefore) {
		return i
	}
	from, to := sc.extent(j)
	if c := sc.textOf(from, to); from != j ||
		len(c) < 5 ||
		chars.CountDigits(c) == 0 ||
		isDecimal(c) {
		return i
	}
	return sc.add(from, to, category.Device)
}
