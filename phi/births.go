package phi

import "strings"

// births tells dates of birth from other dates by the words before them.
func (sc *scanner) births() {
	for i := range sc.spans {
		if sp := &sc.spans[i]; sp.Category == Date && bornBefore(sc.text[max(0, sp.Start-24):sp.Start]) {
			sp.Category = BirthDate
		}
	}
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
