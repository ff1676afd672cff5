package phi

import "strings"

// births tells dates of birth from other dates by the words before them, and
// takes the whole of a login that holds a name: the_real_marisol.
func (sc *scanner) births() {
	for i := range sc.spans {
		switch sp := &sc.spans[i]; {
		case sp.Category == Date:
			if bornBefore(sc.text[max(0, sp.Start-24):sp.Start]) {
				sp.Category = BirthDate
			}
		case sp.Category == Name && (sp.Start > 1 && sc.text[sp.Start-1] == '_' || sp.End+1 < len(sc.text) && sc.text[sp.End] == '_'):
			sp.Start, sp.End = loginAround(sc.text, sp.Start, sp.End)
		}
	}
}

// loginAround returns where the run of letters, digits and underscores around
// a name begins and ends, unless it is long, a constant of a program, or holds a
// pseudonym. An underscore at its end is emphasis: _Marisol_.
func loginAround(text string, start, end int) (from, to int) {
	part := func(c byte) bool { return isLetter(c) || isDigit(c) || c == '_' }
	from, to = start, end
	if isUpper(text[start]) && isUpper(text[min(start+1, end-1)]) {
		return start, end
	}
	for from > 0 && part(text[from-1]) {
		if from--; start-from > 32 {
			return start, end
		}
	}
	for to < len(text) && part(text[to]) {
		if to++; to-end > 32 {
			return start, end
		}
	}
	if text[from] == '_' || text[to-1] == '_' || strings.Contains(text[from:to], tokenPrefix) {
		return start, end
	}
	return from, to
}

// bornBefore reports whether text ends in words such as "DOB: " or "was born on ".
func bornBefore(text string) bool {
	for i := range len(text) {
		switch text[i] | 0x20 {
		case 'd', 'b':
		default:
			continue
		}
		for _, cue := range birthCues {
			if len(text)-i < len(cue) || !strings.EqualFold(text[i:i+len(cue)], cue) || i > 0 && isLetter(text[i-1]) && cue != "birth" {
				continue
			}
			if !strings.ContainsAny(text[i+len(cue):], ";,!?\n") {
				return true
			}
		}
	}
	return false
}

var birthCues = []string{"dob", "d.o.b", "born", "birth", "bday", "b-day"}
