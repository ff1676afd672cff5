package detect

import "github.com/carebus/carebus/phi/internal/chars"

// Numbers are judged by their shape: the digits and letters of their parts and what
// stands between these.

// extent returns the tokens of the unbroken run of letters, digits and
// connecting characters around token i, such as 123-45-6789 or SG-920311.
func (sc *Scanner) extent(i int) (from, to int) {
	from, to = i, i+1
	for n := 0; n < 8; n++ {
		if from < 2 || !sc.joined(from) || !sc.connects(from-1) || sc.toks[from-2].is(used) {
			break
		}
		from -= 2
	}
	for n := 0; n < 24; n++ {
		if to+1 >= len(sc.toks) || !sc.joined(to) || !sc.connects(to) || sc.toks[to+1].is(used) {
			break
		}
		to += 2
	}
	return from, to
}

// connects reports whether token j holds what stands around it together.
func (sc *Scanner) connects(j int) bool {
	t := &sc.toks[j]
	if t.kind != tokenPunct ||
		t.is(used) ||
		!sc.joined(j) ||
		!sc.joined(j+1) ||
		!sc.at(j-1).alnum() ||
		!sc.at(j+1).alnum() {
		return false
	}
	switch sc.text[t.start] {
	case '-', '_', '.':
		return true
	case '/':
		return sc.toks[j-1].kind == tokenNumber && sc.toks[j+1].kind == tokenNumber ||
			sc.toks[j+1].kind == tokenNumber && sc.toks[j+1].size() >= 5 && sc.toks[j-1].is(allCaps) &&
				sc.toks[j-1].size() <= 4 || // EJ/898291
			sc.isMonth(j-1) || sc.isMonth(j+1)
	case ':':
		return sc.toks[j+1].kind == tokenNumber && sc.toks[j-1].kind != tokenWord
	}
	return false
}

// A shape is a run of letters and digits in parts: digits counts those of each
// numeric part, -1 stands for a part with letters.
type shape struct {
	digits [10]int8
	seps   [10]byte
	n      int // parts
	total  int // digits in all
	words  int // parts with letters
}

func (sc *Scanner) shapeOf(from, to int) (s shape, ok bool) {
	for i := from; i < to; i++ {
		t := &sc.toks[i]
		if s.n == len(s.digits) {
			return s, false
		}
		switch t.kind {
		case tokenNumber:
			if t.size() > 60 {
				return s, false
			}
			s.digits[s.n] = int8(t.size())
			s.total += t.size()
		case tokenPunct:
			s.seps[s.n] = sc.text[t.start]
			s.n++
			continue
		default:
			s.digits[s.n] = -1
			s.words++
		}
	}
	s.n++
	return s, true
}

func (s *shape) is(parts ...int8) bool {
	if s.n != len(parts) {
		return false
	}
	for i, p := range parts {
		if s.digits[i] != p {
			return false
		}
	}
	return true
}

// separator returns the one character between all parts, or 0.
func (s *shape) separator() byte {
	for i := 1; i < s.n-1; i++ {
		if s.seps[i] != s.seps[0] {
			return 0
		}
	}
	return s.seps[0]
}

// ofID reports whether numbers that stand in brackets behind somebody's name have such
// parts: (1336908), (12-4405).
func (s *shape) ofID() bool {
	if s.n == 1 {
		return s.total >= 6
	}
	for _, parts := range idShapes {
		if s.is(parts...) {
			return true
		}
	}
	return false
}

// idShapes are how many digits the parts of numbers have that stand behind names.
var idShapes = [][]int8{{3, 4}, {3, 2, 3}, {2, 4}, {2, 3}, {2, 5}, {5, 3}, {4, 3}, {6, 3}, {4, 5}}

// ssn reports whether the number c has the parts of an SSN: 123-45-6789, 123.45.6789,
// 123/45/6789, but not 123/00/6789.
func (s *shape) ssn(c string) bool {
	if !s.is(3, 2, 4) {
		return false
	}
	switch s.separator() {
	case '-', '.', '_':
		return true
	case '/':
		return chars.DigitsValue(c[4:6]) > 0
	}
	return false
}

// ipv4AndMore reports whether a port or the size of a network stands behind four numbers:
// 203.0.113.77:8080, 203.0.113.0/24.
func (s *shape) ipv4AndMore() bool {
	return s.n == 5 && s.seps[0] == '.' && s.seps[1] == '.' && s.seps[2] == '.' &&
		(s.seps[3] == ':' || s.seps[3] == '/')
}

// houseNumbers reports whether two numbers may be those of a street's houses: 12-26.
func (s *shape) houseNumbers() bool {
	return s.n == 2 && s.seps[0] == '-' && s.digits[0] <= 4 && s.digits[1] <= 4
}

// letteredHouse reports whether a house number of two parts may stand here, of which the
// second is a letter: 859-N.
func (s *shape) letteredHouse() bool {
	return s.n == 2 && s.digits[0] > 0 && s.digits[0] <= 4 && s.seps[0] == '-'
}
