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
	low := strings.ToLower(text)
	for _, cue := range []string{"dob", "d.o.b", "born", "birth", "bday", "b-day"} {
		at := strings.LastIndex(low, cue)
		if at < 0 || at > 0 && isLetter(low[at-1]) && cue != "birth" {
			continue
		}
		rest := low[at+len(cue):]
		if !strings.ContainsAny(rest, ";,.!?\n") || cue == "d.o.b" {
			return true
		}
	}
	return false
}
