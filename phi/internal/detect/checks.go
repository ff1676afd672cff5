package detect

import (
	"strings"

	"github.com/carebus/carebus/phi/internal/chars"
)

// Check digits. They decide only where shape and context leave doubt.

// Luhn reports whether the digits of s pass the Luhn check (ISO/IEC 7812-1).
// Other characters are passed over.
func Luhn(s string) bool {
	sum, n := 0, 0
	for i := len(s) - 1; i >= 0; i-- {
		if !chars.IsDigit(s[i]) {
			continue
		}
		d := int(s[i] - '0')
		if n++; n%2 == 0 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return n > 0 && sum%10 == 0
}

// CardPrefix reports whether digits begin like a payment card number.
func CardPrefix(s string) bool {
	if len(s) < 4 {
		return false
	}
	four := chars.DigitsValue(s[:4])
	for _, r := range cardPrefixes {
		if four >= r[0] && four <= r[1] {
			return true
		}
	}
	return false
}

// cardPrefixes are the first four digits of payment cards.
var cardPrefixes = [][2]int{
	{4000, 4999},               // Visa
	{2221, 2720},               // Mastercard
	{5000, 5899},               // Mastercard, Maestro
	{6300, 6399}, {6700, 6799}, // Maestro
	{3400, 3499}, {3700, 3799}, // American Express
	{3000, 3059}, {3600, 3699}, {3800, 3899}, // Diners Club
	{3500, 3599},                             // JCB
	{6011, 6011}, {6440, 6499}, {6500, 6599}, // Discover
	{6200, 6299}, // UnionPay
}

// iban reports whether s, without spaces, passes the check of ISO 13616.
func iban(s string) bool {
	if len(s) < 15 || len(s) > 34 {
		return false
	}
	mod := 0
	for i := range len(s) {
		c := s[(i+4)%len(s)]
		switch {
		case chars.IsDigit(c):
			mod = (mod*10 + int(c-'0')) % 97
		case chars.IsLetter(c):
			mod = (mod*100 + int(c|0x20-'a') + 10) % 97
		default:
			return false
		}
	}
	return mod == 1
}

// ibanShape reports whether s looks like an IBAN: country, two digits, the rest.
func ibanShape(s string) bool {
	if len(s) < 15 ||
		len(s) > 34 ||
		!chars.IsUpper(s[0]) ||
		!chars.IsUpper(s[1]) ||
		!chars.IsDigit(s[2]) ||
		!chars.IsDigit(s[3]) {
		return false
	}
	digits := 0
	for i := 4; i < len(s); i++ {
		if chars.IsDigit(s[i]) {
			digits++
		} else if !chars.IsUpper(s[i]) {
			return false
		}
	}
	return digits >= 6
}

// vin reports whether s is a vehicle identification number with a valid check
// digit (49 CFR 565.15).
func vin(s string) bool {
	if len(s) != 17 {
		return false
	}
	const weights = "\x08\x07\x06\x05\x04\x03\x02\x0a\x00\x09\x08\x07\x06\x05\x04\x03\x02"
	//             A  B  C  D  E  F  G  H  I  J  K  L  M  N  O  P  Q  R  S  T  U  V  W  X  Y  Z
	const values = "\x01\x02\x03\x04\x05\x06\x07\x08\x00\x01\x02\x03\x04\x05\x00\x07\x00\x09\x02\x03\x04\x05\x06\x07\x08\x09"
	sum, letters := 0, 0
	for i := range len(s) {
		c := s[i]
		switch {
		case chars.IsDigit(c):
			sum += int(c-'0') * int(weights[i])
		case chars.IsUpper(c) && c != 'I' && c != 'O' && c != 'Q':
			sum += int(values[c-'A']) * int(weights[i])
			letters++
		default:
			return false
		}
	}
	check := byte('0' + sum%11)
	if sum%11 == 10 {
		check = 'X'
	}
	return letters > 0 && s[8] == check
}

// dea reports whether s is a DEA registration number with a valid check digit.
func dea(s string) bool {
	if len(s) != 9 || !chars.IsUpper(s[0]) || !chars.IsUpper(s[1]) && s[1] != '9' {
		return false
	}
	for _, c := range []byte(s[2:]) {
		if !chars.IsDigit(c) {
			return false
		}
	}
	d := func(i int) int { return int(s[1+i] - '0') }
	return (d(1)+d(3)+d(5)+2*(d(2)+d(4)+d(6)))%10 == d(7)
}

// mbi reports whether s is a Medicare Beneficiary Identifier (CMS: C A AN N A
// AN N A A N N, letters without S L O I B Z). Hyphens are passed over.
func mbi(s string) bool {
	const form = "CAXNAXNAANN"
	n := 0
	for i := range len(s) {
		c := s[i]
		if c == '-' {
			continue
		}
		if n == len(form) {
			return false
		}
		letter := chars.IsLetter(c)
		switch c | 0x20 {
		case 's', 'l', 'o', 'i', 'b', 'z':
			letter = false
		}
		ok := false
		switch form[n] {
		case 'C':
			ok = c >= '1' && c <= '9'
		case 'A':
			ok = letter
		case 'X':
			ok = letter || chars.IsDigit(c)
		case 'N':
			ok = chars.IsDigit(c)
		}
		if !ok {
			return false
		}
		n++
	}
	return n == len(form)
}

// IsUUID reports whether s is a UUID (RFC 9562).
func IsUUID(s string) bool {
	if len(s) != 36 {
		return false
	}
	if s[8] != '-' || s[13] != '-' || s[18] != '-' || s[23] != '-' {
		return false
	}
	b := chars.Bytes(s)
	m := chars.MakeupOf(b[:8]) | chars.MakeupOf(b[9:13]) | chars.MakeupOf(b[14:18]) | chars.MakeupOf(b[19:23]) | chars.MakeupOf(b[24:])
	return m.Only(chars.HasDigit | chars.HasHexLetter | chars.HasCapital)
}

// isVersion reports whether s begins like a version: v2.4.0, V3.1-rc1.
func isVersion(s string) bool {
	return len(s) > 3 && s[0]|0x20 == 'v' && chars.IsDigit(s[1]) && strings.IndexByte(s, '.') > 1 || semantic(s)
}

// semantic reports whether s is a version of three short parts and perhaps what
// is said of it: 1.18.4, 2.0.1-rc2.
func semantic(s string) bool {
	i := 0
	for n := range 3 {
		start := i
		for i < len(s) && chars.IsDigit(s[i]) {
			i++
		}
		if i == start || i-start > 2 {
			return false
		}
		if n < 2 {
			if i >= len(s) || s[i] != '.' {
				return false
			}
			i++
		}
	}
	return i == len(s) || s[i] == '-' && i+1 < len(s) && chars.IsLower(s[i+1])
}
