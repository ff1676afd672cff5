package detect

import "github.com/carebus/carebus/phi/internal/chars"

// Times of day.

// clock returns the length of the time of day that s begins with, or 0:
// T14:03:22.5Z, 14:03, 2:30 pm.
func clock(s string) int {
	i := hourAndMinute(s)
	if i == 0 {
		return 0
	}
	i += seconds(s[i:])
	i += halfOrZone(s[i:])
	if i < len(s) && (s[i]|0x20 == 'a' || s[i]|0x20 == 'p') { // 1:30p
		i++
	}
	if i < len(s) && (chars.IsLetter(s[i]) || chars.IsDigit(s[i])) {
		return 0
	}
	return i
}

// hourAndMinute returns the length of the hour and minute that s begins with, or 0:
// 14:03, T9:30.
func hourAndMinute(s string) int {
	i := 0
	if i < len(s) && s[i]|0x20 == 't' {
		i++
	}
	start := i
	for i < len(s) && i-start < 2 && chars.IsDigit(s[i]) {
		i++
	}
	if i == start || !colonAndTwo(s[i:]) {
		return 0
	}
	return i + 3
}

// seconds returns the length of the seconds that s begins with, or 0: :22, :22.5.
func seconds(s string) int {
	if !colonAndTwo(s) {
		return 0
	}
	i := 3
	if i+1 < len(s) && (s[i] == '.' || s[i] == ',') && chars.IsDigit(s[i+1]) {
		for i++; i < len(s) && chars.IsDigit(s[i]); i++ {
		}
	}
	return i
}

// colonAndTwo reports whether s begins with a colon and two digits.
func colonAndTwo(s string) bool {
	return len(s) > 2 && s[0] == ':' && chars.IsDigit(s[1]) && chars.IsDigit(s[2])
}

// halfOrZone returns the length of the half of the day or the zone that s begins with, or
// 0: pm, a.m., Z, +02:00, -0500.
func halfOrZone(s string) int {
	half := 0
	if half < len(s) && s[half] == ' ' {
		half++
	}
	switch {
	case half+1 < len(s) && (s[half]|0x20 == 'a' || s[half]|0x20 == 'p') && (s[half+1]|0x20 == 'm' || s[half+1] == '.'):
		i := half + 2
		for i < len(s) && (s[i]|0x20 == 'm' || s[i] == '.') && i < half+4 {
			i++
		}
		if s[i-1] == '.' {
			i--
		}
		return i
	case s != "" && s[0]|0x20 == 'z':
		return 1
	case len(s) < 5 || s[0] != '+' && s[0] != '-' || !chars.IsDigit(s[1]):
		return 0
	case len(s) > 5 && chars.IsDigit(s[2]) && s[3] == ':':
		return 6
	case chars.IsDigit(s[4]):
		return 5
	}
	return 0
}

// militaryTime reports whether digits are a time of four: 0830.
func militaryTime(s string) bool { return len(s) == 4 && s < "2400" && s[2] < '6' }

// clockEnds reports whether a time of day ends with token i: 10:08.
func (sc *Scanner) clockEnds(i int) bool {
	return sc.at(i).kind == tokenNumber && sc.isPunct(i-1, ':') && sc.at(i-2).kind == tokenNumber
}
