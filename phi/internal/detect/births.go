package detect

import (
	"strings"

	"github.com/carebus/carebus/phi/internal/category"
	"github.com/carebus/carebus/phi/internal/chars"
	"github.com/carebus/carebus/phi/internal/mark"
)

// births tells dates of birth from other dates by the words before them, and
// takes the whole of a login that holds a name: the_real_marisol.
func (sc *Scanner) births() {
	for i := range sc.spans {
		switch sp := &sc.spans[i]; {
		case sp.Category == category.Date:
			if bornBefore(sc.text[max(0, sp.Start-24):sp.Start]) || sc.bornBesideName(sp) {
				sp.Category = category.BirthDate
			}
		case sp.Category == category.Name &&
			(sp.Start > 1 && sc.text[sp.Start-1] == '_' || sp.End+1 < len(sc.text) && sc.text[sp.End] == '_'):
			if from, to := loginAround(sc.text, sp.Start, sp.End); !(from < sp.Start && sc.goesOn(from) ||
				to > sp.End && sc.goesOn(to)) {
				sp.Start, sp.End = from, to
			}
		}
	}
}

// bornBesideName reports whether a date stands right behind a name, as notes and rows tell
// persons apart: Ann Roe (4/9/1971), 'Ann','Roe','1971-04-09'. Of a year of late it may be
// the day of a visit or a signature.
func (sc *Scanner) bornBesideName(sp *Span) bool {
	if !capitalBefore(sc.text, sp.Start) {
		return false
	}
	i := sc.tokenAt(sp.Start) - 1
	for n := 0; n < 3 && i > 0 && sc.at(i).kind == tokenPunct; n++ {
		if sc.toks[i+1].is(lineBefore) {
			return false
		}
		switch sc.text[sc.toks[i].start] {
		case '(', ',', '\'', '"', '|', '[':
			i--
		default:
			return false
		}
	}
	return i >= 0 && sc.toks[i].is(nameFound) && !sc.at(i+1).is(lineBefore) && longAgo(sc.text[sp.Start:sp.End])
}

// capitalBefore reports whether the word before index i, behind which up to three other
// characters may stand, has a capital.
func capitalBefore(text string, i int) bool {
	end := i - 1
	for end >= max(0, i-3) && !chars.IsLetter(text[end]) {
		end--
	}
	for end > 0 && (chars.IsLetter(text[end-1]) || text[end-1] >= 0x80) {
		end--
	}
	return end >= 0 && chars.IsUpper(text[end])
}

// longAgo reports whether a date of digits is of a year from 1900 to 2009, of which two
// digits may stand.
func longAgo(date string) bool {
	var part [3]string
	n, _, _ := dateParts(date, &part)
	if n != 3 {
		return len(date) == len("19710409") && CompactDate(date) && date < "2010"
	}
	year := part[2]
	if len(part[0]) == 4 {
		year = part[0]
	}
	y := chars.DigitsValue(year)
	return len(year) == 4 && y >= 1900 && y < 2010 || len(year) == 2 && (y < 10 || y >= 30)
}

// goesOn reports whether a finding goes on across the byte at, as 1971-04-09 does
// behind the login in Roe_1971-04-09.
func (sc *Scanner) goesOn(at int) bool {
	i := sc.tokenAt(at)
	return sc.joined(i) && int(sc.toks[i].start) == at && sc.toks[i-1].is(used) && sc.toks[i].is(used)
}

// loginAround returns where the run of letters, digits and underscores around
// a name begins and ends, unless it is long, a constant of a program, holds a
// pseudonym or the first part of a number such as 617-555-0143. An underscore at its
// end is emphasis: _Marisol_.
func loginAround(text string, start, end int) (from, to int) {
	part := func(c byte) bool { return chars.IsLetter(c) || chars.IsDigit(c) || c == '_' }
	from, to = start, end
	if chars.IsUpper(text[start]) && chars.IsUpper(text[min(start+1, end-1)]) {
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
	if to+1 < len(text) && chars.IsDigit(text[to-1]) && chars.IsDigit(text[to+1]) &&
		strings.IndexByte("-./", text[to]) >= 0 {
		return start, end
	}
	if text[from] == '_' || text[to-1] == '_' || strings.Contains(text[from:to], mark.Prefix) {
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
			if len(text)-i < len(cue) ||
				!strings.EqualFold(text[i:i+len(cue)], cue) ||
				i > 0 && chars.IsLetter(text[i-1]) && cue != "birth" {
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
