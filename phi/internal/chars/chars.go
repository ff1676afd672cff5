// Package chars tells what the bytes of a text are: letters and digits, what a
// text is made of as a whole, what stands in ASCII for other characters.
package chars

import (
	"bytes"
	"encoding/binary"
	"unicode/utf8"
	"unsafe"
)

// IsDigit reports whether c is a digit of ASCII.
func IsDigit(c byte) bool { return c-'0' < 10 }

// IsHex reports whether c is a hexadecimal digit, in any case.
func IsHex(c byte) bool { return IsDigit(c) || c|0x20 >= 'a' && c|0x20 <= 'f' }

// IsUpper reports whether c is a capital of ASCII.
func IsUpper(c byte) bool { return c-'A' < 26 }

// IsLower reports whether c is a small letter of ASCII.
func IsLower(c byte) bool { return c-'a' < 26 }

// IsLetter reports whether c is a letter of ASCII.
func IsLetter(c byte) bool { return c|0x20-'a' < 26 }

// String views b as a string. b must not change while the string is in use.
func String(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }

// Bytes views s as bytes, which must not change.
func Bytes(s string) []byte { return unsafe.Slice(unsafe.StringData(s), len(s)) }

// The lowest and the highest bit of each of eight bytes, by which as many are
// looked at in one step.
const (
	LowBits  = 0x0101010101010101
	HighBits = 0x8080808080808080
)

// EightBytes returns the bytes of b from i on, the first one lowest, with
// zeros behind the last.
func EightBytes(b []byte, i int) (w uint64) {
	switch n := len(b); {
	case i+8 <= n:
		return binary.LittleEndian.Uint64(b[i:])
	case n >= 8:
		return binary.LittleEndian.Uint64(b[n-8:]) >> (8 * uint(i+8-n))
	}
	for k := len(b) - 1; k >= i; k-- {
		w = w<<8 | uint64(b[k])
	}
	return w
}

// A Class is what a byte is to those who split text into words.
type Class uint8

// The classes.
const (
	ClassPunct Class = iota // anything else
	ClassSpace
	ClassLine // CR or LF
	ClassLower
	ClassUpper
	ClassDigit
	ClassHigh // not ASCII
)

// Classes are the classes of all bytes.
var Classes = func() (t [256]Class) {
	for i := range t {
		switch c := byte(i); {
		case c == '\n' || c == '\r':
			t[i] = ClassLine // CR or LF
		case c == ' ' || c == '\t' || c == '\f' || c == '\v':
			t[i] = ClassSpace
		case IsLower(c):
			t[i] = ClassLower
		case IsUpper(c):
			t[i] = ClassUpper
		case IsDigit(c):
			t[i] = ClassDigit
		case c >= 0x80:
			t[i] = ClassHigh
		}
	}
	return
}()

// FirstHigh returns the index of the first byte that isn't ASCII, or len(text).
func FirstHigh(text string) int {
	b := Bytes(text)
	for len(b) >= 32 {
		w := binary.LittleEndian.Uint64(b) | binary.LittleEndian.Uint64(b[8:]) |
			binary.LittleEndian.Uint64(b[16:]) | binary.LittleEndian.Uint64(b[24:])
		if w&HighBits != 0 {
			break
		}
		b = b[32:]
	}
	for len(b) >= 8 && binary.LittleEndian.Uint64(b)&HighBits == 0 {
		b = b[8:]
	}
	for len(b) > 0 && b[0] < utf8.RuneSelf {
		b = b[1:]
	}
	return len(text) - len(b)
}

// HoldsJSON reports whether text looks like an object, an array, or a string
// that was encoded twice.
func HoldsJSON(text []byte) bool {
	if len(text) < 2 || IsLetter(text[0]) || IsDigit(text[0]) {
		return false
	}
	t := bytes.TrimSpace(text)
	if len(t) < 2 {
		return false
	}
	switch last := t[len(t)-1]; t[0] {
	case '{':
		return last == '}'
	case '[':
		return last == ']'
	case '"':
		return last == '"' && bytes.IndexByte(t, '\\') > 0
	}
	return false
}

// LineEnd returns where the line that holds index i ends, its end included.
func LineEnd(text []byte, i int) int {
	if n := bytes.IndexByte(text[i:], '\n'); n >= 0 {
		return i + n + 1
	}
	return len(text)
}

// AllDigits reports whether s is of digits, one at least.
func AllDigits(s string) bool {
	for i := range len(s) {
		if !IsDigit(s[i]) {
			return false
		}
	}
	return s != ""
}

// CountDigits returns how many digits s has.
func CountDigits(s string) (n int) {
	for i := range len(s) {
		if IsDigit(s[i]) {
			n++
		}
	}
	return n
}

// DigitsValue returns the number that a few digits stand for.
func DigitsValue(s string) int {
	n := 0
	for i := range len(s) {
		n = n*10 + int(s[i]-'0')
	}
	return n
}
