package lexicon

import (
	"bytes"

	"github.com/carebus/carebus/phi/internal/chars"
	"github.com/carebus/carebus/phi/internal/words"
)

// Keys are written with what says nothing of their value: a path, the number of a
// question, the indices of arrays.

// behindQuestion returns a key without the number of a question: q12_name.
func behindQuestion(key []byte) []byte {
	i := 1
	for i < len(key) && i < 4 && chars.IsDigit(key[i]) {
		i++
	}
	if i == 1 || i == len(key) || chars.IsDigit(key[i]) {
		return key
	}
	return key[i:]
}

// withoutIndices appends a key without the indices in brackets, of which the first stands
// at i.
func withoutIndices(dst, key []byte, i int) []byte {
	for i >= 0 {
		end := i + 1
		for end < len(key) && chars.IsDigit(key[end]) {
			end++
		}
		if end > i+1 && end < len(key) && key[end] == ']' {
			dst, key = append(dst, key[:i]...), key[end+1:]
		} else {
			dst, key = append(dst, key[:i+1]...), key[i+1:]
		}
		i = bytes.IndexByte(key, '[')
	}
	return append(dst, key...)
}

// lastPathSegment returns where the last part of a path, a URL or a URN begins. A unit
// is no path: Glucose (mg/dL) isn't a driver's licence.
func lastPathSegment(key []byte) int {
	if perDeciliter(key) {
		return 0
	}
	for i := len(key); i > 0; i-- {
		if c := key[i-1]; c == '/' && !(i > 1 && i < len(key) && key[i-2] == ' ' && key[i] == ' ') ||
			c == '#' && i < len(key) ||
			c == ':' {
			return i
		}
	}
	return 0
}

// perDeciliter reports whether a key ends with an amount in a deciliter: g/dL, Glucose
// (mg/dL).
func perDeciliter(key []byte) bool {
	key = bytes.TrimRight(key, ")] ")
	i := len(key) - len("/dl")
	if i < 1 || key[i] != '/' || key[i+1]|0x20 != 'd' || key[i+2]|0x20 != 'l' {
		return false
	}
	return amounts.Has(key[bytes.LastIndexAny(key[:i], " ([_-")+1 : i])
}

var amounts = words.KeySet("g mg ug µg μg mcg ng pg kg meq mEq MG mmol umol nmol IU iu U G MCG NG")
