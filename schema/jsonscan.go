package schema

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"iter"
	"math/bits"
)

// The functions here walk JSON (RFC 8259) in place: an envelope is read in one
// pass that judges and splits it at once, with no value built that nobody asked
// for. What they accept is what [json.Valid] accepts.

// maxDepth is how deep arrays and objects may be nested, as in encoding/json.
const maxDepth = 10000

// validJSON reports whether b is one JSON value.
func validJSON(b []byte) bool {
	end := scanValue(b, skipSpace(b, 0), 0)
	return end >= 0 && skipSpace(b, end) == len(b)
}

// isObject reports whether the first byte of b that is no space opens an object.
func isObject(b []byte) bool {
	i := skipSpace(b, 0)
	return i < len(b) && b[i] == '{'
}

// skipSpace returns the index of the first byte from b[i] on that is no space. Hardly
// any is, which one comparison tells.
func skipSpace(b []byte, i int) int {
	for i < len(b) && b[i] <= ' ' && (b[i] == ' ' || b[i] == '\t' || b[i] == '\n' || b[i] == '\r') {
		i++
	}
	return i
}

// scanValue returns the index behind the value that begins at b[i], or -1 when
// there is none.
func scanValue(b []byte, i, depth int) int {
	if i >= len(b) {
		return -1
	}
	switch c := b[i]; c {
	case '"':
		end, _ := scanString(b, i)
		return end
	case '{':
		o := cursor{b: b, at: i, depth: depth}
		for o.next() {
		}
		return o.end
	case '[':
		return scanArray(b, i, depth)
	case 't':
		return scanWord(b, i, "true")
	case 'f':
		return scanWord(b, i, "false")
	case 'n':
		return scanWord(b, i, "null")
	default:
		return scanNumber(b, i)
	}
}

func scanWord(b []byte, i int, word string) int {
	if end := i + len(word); end <= len(b) && string(b[i:end]) == word {
		return end
	}
	return -1
}

func scanArray(b []byte, i, depth int) int {
	if depth >= maxDepth {
		return -1
	}
	i = skipSpace(b, i+1)
	if i < len(b) && b[i] == ']' {
		return i + 1
	}
	for {
		if i = scanValue(b, i, depth+1); i < 0 {
			return -1
		}
		if i = skipSpace(b, i); i >= len(b) {
			return -1
		}
		switch b[i] {
		case ']':
			return i + 1
		case ',':
			i = skipSpace(b, i+1)
		default:
			return -1
		}
	}
}

// An elementCursor reads the elements of an array that is valid JSON. After
// each next that returned true, value is the element and index its place.
type elementCursor struct {
	b       []byte
	at      int
	started bool
	index   int
	value   []byte
}

func (a *elementCursor) next() bool {
	if !a.started {
		a.started, a.index = true, -1
		a.at = skipSpace(a.b, 0) // at the bracket
	}
	a.at = skipSpace(a.b, a.at+1) // past it or past a comma
	if a.at >= len(a.b) || a.b[a.at] == ']' {
		return false
	}
	end := scanValue(a.b, a.at, 0)
	if end < 0 {
		return false
	}
	a.value = a.b[a.at:end]
	a.at = skipSpace(a.b, end)
	if a.at < len(a.b) && a.b[a.at] == ']' {
		a.at = len(a.b)
	}
	a.index++
	return true
}

// elements yields the elements of an array that is valid JSON.
func elements(b []byte) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		for a := (elementCursor{b: b}); a.next(); {
			if !yield(a.value) {
				return
			}
		}
	}
}

const (
	eachByte = 0x0101010101010101
	highBits = 0x8080808080808080
)

// stops flags, in the highest bit of each, those of eight bytes that can't stand
// in a JSON string as they are: quotes, backslashes and control characters. A byte
// is zero where x had what is looked for, and subtracting borrows into its high
// bit. A borrow may also flag a later byte, but never an earlier one.
func stops(x uint64) uint64 {
	quote, slash := x^('"'*eachByte), x^('\\'*eachByte)
	return ((quote - eachByte) | (slash - eachByte) | (x - ' '*eachByte)) &^ x & highBits
}

// scanString returns the index behind the string that begins at b[i], or -1,
// and whether the string has escapes. It looks at eight bytes at a time for one
// that ends or escapes.
func scanString(b []byte, i int) (end int, escaped bool) {
	for i++; ; {
		for i+8 <= len(b) {
			if found := stops(binary.LittleEndian.Uint64(b[i : i+8])); found != 0 {
				i += bits.TrailingZeros64(found) / 8
				break
			}
			i += 8
		}
		if i >= len(b) {
			return -1, escaped
		}
		switch c := b[i]; {
		case c == '"':
			return i + 1, escaped
		case c < ' ':
			return -1, escaped
		case c != '\\':
			i++
		default:
			escaped = true
			if i = scanEscape(b, i); i < 0 {
				return -1, escaped
			}
		}
	}
}

// scanEscape returns the index behind the escape that begins at b[i], or -1.
func scanEscape(b []byte, i int) int {
	if i+1 >= len(b) {
		return -1
	}
	switch b[i+1] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return i + 2
	case 'u':
		for k := i + 2; k < i+6; k++ {
			if k >= len(b) || !isHex(b[k]) {
				return -1
			}
		}
		return i + 6
	}
	return -1
}

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
}

func scanNumber(b []byte, i int) int {
	if b[i] == '-' {
		i++
	}
	switch {
	case i < len(b) && b[i] == '0':
		i++
	default:
		if i = scanDigits(b, i); i < 0 {
			return -1
		}
	}
	if i < len(b) && b[i] == '.' {
		if i = scanDigits(b, i+1); i < 0 {
			return -1
		}
	}
	if i < len(b) && (b[i] == 'e' || b[i] == 'E') {
		i++
		if i < len(b) && (b[i] == '+' || b[i] == '-') {
			i++
		}
		return scanDigits(b, i)
	}
	return i
}

// scanDigits returns the index behind one digit or more, or -1.
func scanDigits(b []byte, i int) int {
	start := i
	for i < len(b) && '0' <= b[i] && b[i] <= '9' {
		i++
	}
	if i == start {
		return -1
	}
	return i
}

// A cursor reads the members of the object that begins at b[at], in order.
// After each next that returned true, name is the member's unquoted name and
// value its encoded value, both within b where they can be. After the next that
// returned false, end is the index behind the object, or -1 when it is not
// valid JSON.
type cursor struct {
	b           []byte
	at          int
	depth       int
	started     bool
	from        int // where the member begins
	name, value []byte
	end         int
}

func (o *cursor) next() bool {
	b, i := o.b, o.at
	if !o.started {
		o.started = true
		if i >= len(b) || b[i] != '{' || o.depth >= maxDepth {
			return o.stop(-1)
		}
		if i = skipSpace(b, i+1); i < len(b) && b[i] == '}' {
			return o.stop(i + 1)
		}
	} else {
		i = skipSpace(b, i)
		if i < len(b) && b[i] == '}' {
			return o.stop(i + 1)
		}
		if i >= len(b) || b[i] != ',' {
			return o.stop(-1)
		}
		i = skipSpace(b, i+1)
	}
	if i >= len(b) || b[i] != '"' {
		return o.stop(-1)
	}
	end, escaped := scanString(b, i)
	if end < 0 {
		return o.stop(-1)
	}
	o.from, o.name = i, b[i+1:end-1]
	if escaped {
		s, _ := unquote(b[i:end])
		o.name = []byte(s)
	}
	if i = skipSpace(b, end); i >= len(b) || b[i] != ':' {
		return o.stop(-1)
	}
	i = skipSpace(b, i+1)
	if end = scanValue(b, i, o.depth+1); end < 0 {
		return o.stop(-1)
	}
	o.value = b[i:end]
	o.at = end
	return true
}

func (o *cursor) stop(end int) bool {
	o.end, o.name, o.value = end, nil, nil
	return false
}

// members yields the members of an object in order, as a [cursor] reads them;
// nothing when b is something else, and those before the fault when it is not
// valid JSON.
func members(b []byte) iter.Seq2[[]byte, []byte] {
	return func(yield func(name, value []byte) bool) {
		for o := (cursor{b: b, at: skipSpace(b, 0)}); o.next(); {
			if !yield(o.name, o.value) {
				return
			}
		}
	}
}

// unquote decodes a JSON string; ok is false for any other JSON value.
func unquote(b []byte) (s string, ok bool) {
	if len(b) < 2 || b[0] != '"' {
		return "", false
	}
	if bytes.IndexByte(b, '\\') < 0 {
		return string(b[1 : len(b)-1]), true
	}
	return unescape(b)
}

// unescape is apart from unquote so that only strings with escapes pay for it.
func unescape(b []byte) (s string, ok bool) {
	ok = json.Unmarshal(b, &s) == nil
	return s, ok
}
