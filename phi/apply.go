package phi

import (
	"bytes"
	"strconv"
	"strings"

	"github.com/carebus/carebus/phi/internal/chars"
	"github.com/carebus/carebus/phi/internal/detect"
	"github.com/carebus/carebus/phi/internal/mark"
)

// What an action puts in the place of a value.

// restrictedZIP3 holds the three-digit ZIP prefixes of areas with 20,000
// people or fewer: the 17 of the HHS guidance on 45 CFR 164.514(b) (Census
// 2000) and the 18 that the ZIP Code Tabulation Areas of Census 2020 give.
// Military and other prefixes without an area are restricted as well.
var restrictedZIP3 = func() (m [1000]bool) {
	for _, z := range []int{36, 59, 63, 102, 202, 203, 204, 205, 369, 556, 692, 753, 772, 790, 821, 823, 830, 831, 878, 879, 884, 890, 893} {
		m[z] = true
	}
	for _, r := range [][2]int{{0, 4}, {90, 99}, {340, 340}, {962, 966}, {987, 987}, {213, 213}, {269, 269}, {343, 343}, {345, 345}, {348, 348}, {353, 353}, {419, 419}, {428, 429}, {517, 519}, {529, 529}, {533, 533}, {536, 536}, {552, 552}, {568, 568}, {578, 579}, {589, 589}, {621, 621}, {632, 632}, {642, 643}, {649, 649}, {659, 659}, {663, 663}, {682, 682}, {694, 699}, {702, 702}, {709, 709}, {715, 715}, {732, 732}, {742, 742}, {817, 819}, {839, 839}, {848, 849}, {854, 854}, {858, 858}, {861, 862}, {866, 869}, {872, 872}, {876, 876}, {886, 888}, {892, 892}, {896, 896}, {899, 899}, {909, 909}, {929, 929}} {
		for z := r[0]; z <= r[1]; z++ {
			m[z] = true
		}
	}
	return
}()

// ZIPTableVersion names the list of restricted ZIP prefixes.
const ZIPTableVersion = "hhs2000+census2020"

// applied says where a value stands: in text the category must show, a typed
// field shows it by its key.
type applied struct {
	cat    Category
	action Action
	field  bool
}

// apply appends what stands in place of a value. It never appends the value
// itself but for Keep. ok is false when the value is as it should be already.
func (s *Scrubber) apply(dst []byte, a applied, tenant string, subject, value []byte) (_ []byte, ok bool) {
	switch a.action {
	case Keep:
		return dst, false
	case Drop:
		return append(dst, mark.Placeholders[a.cat]...), true
	case Mask:
		return appendMasked(dst, value), true
	case Pseudonym:
		return s.tokens.append(dst, tenant, a.cat, value), true
	case Generalize:
		return s.generalize(dst, a, value)
	case Shift:
		if subject != nil {
			if out, ok := shiftDate(dst, chars.PlainBytes(value), s.tokens.days(tenant, subject)); ok {
				return out, true
			}
		}
		return s.generalize(dst, applied{a.cat, Generalize, a.field}, value)
	}
	return append(dst, mark.Placeholders[a.cat]...), true
}

// appendMasked puts * in place of letters and digits. Runs of them shrink to
// three, so that neither length nor shape tells.
func appendMasked(dst, value []byte) []byte {
	run := 0
	for _, c := range value {
		if chars.IsLetter(c) || chars.IsDigit(c) || c >= 0x80 {
			if run++; run <= 3 {
				dst = append(dst, '*')
			}
			continue
		}
		run = 0
		dst = append(dst, c)
	}
	return dst
}

// generalize appends what Safe Harbor allows of a value.
func (s *Scrubber) generalize(dst []byte, a applied, value []byte) ([]byte, bool) {
	value = chars.PlainBytes(value)
	var buf [8]byte
	detail := s.allowed(buf[:0], a.cat, value)
	switch {
	case a.cat == Age && youngAge(value), a.field && len(detail) > 0 && bytes.Equal(detail, value):
		return dst, false
	case len(detail) == 0:
		return append(dst, mark.Placeholders[a.cat]...), true
	case a.field:
		return append(dst, detail...), true
	}
	p := mark.Placeholders[a.cat]
	if a.cat == BirthDate {
		p = mark.Placeholders[Date]
	}
	dst = append(dst, p[:len(p)-1]...)
	dst = append(dst, ':')
	dst = append(dst, detail...)
	return append(dst, ']'), true
}

// allowed returns what Safe Harbor allows of a value, 45 CFR 164.514(b)(2)(i)(B) and (C), if it
// is anything: the year of somebody who may be younger than 90, three digits of a ZIP code,
// and of an age that it is 90 or more. It may use buf.
func (s *Scrubber) allowed(buf []byte, cat Category, value []byte) []byte {
	switch cat {
	case Date, BirthDate:
		if year := yearOf(value); year > 0 && year > s.now().Year()-detect.OldestAge {
			return strconv.AppendInt(buf, int64(year), 10)
		}
	case PostalCode:
		if !isZIP(value) {
			return nil
		}
		if restrictedZIP3[chars.DigitsValue(chars.String(value[:3]))] {
			return append(buf, "000"...)
		}
		return value[:3]
	case Age:
		return append(buf, "90+"...)
	}
	return nil
}

// isZIP reports whether a value is a ZIP code, perhaps of its first three digits alone.
func isZIP(value []byte) bool {
	digits := 0
	for digits < len(value) && chars.IsDigit(value[digits]) {
		digits++
	}
	if digits != 5 && digits != 9 && !(digits == 3 && len(value) == 3) {
		return false
	}
	return len(value) == digits || value[digits] == '-' || value[digits] == ' '
}

// yearOf returns the first run of four digits of a date that can be a year, or 0.
func yearOf(value []byte) int {
	for i := 0; i < len(value); {
		if !chars.IsDigit(value[i]) {
			i++
			continue
		}
		end := i
		year := 0
		for end < len(value) && chars.IsDigit(value[end]) {
			if end-i < 4 {
				year = year*10 + int(value[end]-'0')
			}
			end++
		}
		if n := end - i; (n == 4 || n == 8 || n == 12 || n == 14) && detect.ValidYear(year) {
			return year
		}
		i = end
	}
	return 0
}

// youngAge reports whether value is an age up to 89 and nothing else: 41, "41
// years", 8 mo.
func youngAge(value []byte) bool {
	digits := 0
	for digits < len(value) && chars.IsDigit(value[digits]) {
		digits++
	}
	if digits == 0 || digits > 2 || digits == 2 && value[0] == '9' {
		return false
	}
	switch strings.ToLower(strings.Trim(string(value[digits:]), " -")) {
	case "", "y", "yo", "y/o", "yr", "yrs", "year", "years", "years old", "year old", "year-old", "m", "mo", "months", "month", "weeks", "days", "d", "w":
		return true
	}
	return false
}
