// Package mark holds what stands in place of a finding and how it is known again:
//
//	[NAME]  [DATE:1984]  [EMAIL:2]           a placeholder
//	phi_<key id>_<category>_<26 characters>  a pseudonym
package mark

import (
	"bytes"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/carebus/carebus/phi/internal/category"
	"github.com/carebus/carebus/phi/internal/chars"
)

// length is the number of base32 characters of a pseudonym: 128 bits.
const length = 26

// Prefix is what a pseudonym begins with.
const Prefix = "phi_"

// The categories as they stand in pseudonyms, and their placeholders.
var PseudonymNames, Placeholders = func() (t, p [category.Count]string) {
	for i, n := range category.Names {
		t[i] = strings.ReplaceAll(n, "_", "")
		p[i] = "[" + strings.ToUpper(n) + "]"
	}
	return
}()

// PseudonymAt returns the length of the pseudonym that text begins with, or 0.
func PseudonymAt(text []byte) int {
	if len(text) < len(Prefix)+length || string(text[:len(Prefix)]) != Prefix {
		return 0
	}
	i := len(Prefix)
	start := i
	for i < len(text) && (chars.IsLower(text[i]) || chars.IsDigit(text[i])) {
		i++
	}
	if i == start || i-start > 16 || i >= len(text) || text[i] != '_' {
		return 0
	}
	i++
	start = i
	for i < len(text) && chars.IsLower(text[i]) {
		i++
	}
	if i == start || i >= len(text) || text[i] != '_' || categoryNamed(text[start:i]) == category.None {
		return 0
	}
	i++
	if len(text) < i+length {
		return 0
	}
	for _, c := range text[i : i+length] {
		if !chars.IsLower(c) && (c < '2' || c > '7') {
			return 0
		}
	}
	i += length
	if i < len(text) && GluedBehind(text[i]) {
		return 0
	}
	return i
}

// GluedTo reports whether a pseudonym right behind text is no word of its own.
func GluedTo(text []byte) bool {
	if len(text) == 0 {
		return false
	}
	if c := text[len(text)-1]; c < utf8.RuneSelf {
		return chars.IsLetter(c) || chars.IsDigit(c) || c == '\''
	}
	r, _ := utf8.DecodeLastRune(text)
	return r == '’' || !unicode.IsPunct(r) && !unicode.IsSpace(r) && !unicode.IsSymbol(r)
}

// GluedBehind reports whether a pseudonym is no word of its own when c stands
// right behind it.
func GluedBehind(c byte) bool { return chars.IsLetter(c) || chars.IsDigit(c) || c == '_' }

// CategoryOf returns the category of the pseudonym that text begins with.
func CategoryOf(text string) category.Category {
	_, rest, _ := strings.Cut(text[len(Prefix):], "_")
	name, _, _ := strings.Cut(rest, "_")
	return categoryNamed([]byte(name))
}

func categoryNamed(name []byte) category.Category { return categoriesByName[string(name)] }

var categoriesByName = func() map[string]category.Category {
	m := map[string]category.Category{}
	for i := 1; i < category.Count; i++ {
		m[PseudonymNames[i]] = category.Category(i)
	}
	return m
}()

// placeholderNames are the categories as they stand in placeholders, by their length.
var placeholderNames = func() (t [20][]string) {
	for _, p := range Placeholders[1:] {
		t[len(p)-2] = append(t[len(p)-2], p[1:len(p)-1])
	}
	return
}()

// PlaceholderAt returns the length of the placeholder that text begins with,
// or 0: [NAME], [DATE:1984], [POSTAL_CODE:021], [AGE:90+], [EMAIL:2].
func PlaceholderAt(text []byte) int {
	if len(text) < 5 || text[0] != '[' {
		return 0
	}
	i := 1
	for i < len(text) && i < len(placeholderNames) && (chars.IsUpper(text[i]) || text[i] == '_') {
		i++
	}
	if i == 1 || i >= len(text) {
		return 0
	}
	if !slices.Contains(placeholderNames[i-1], chars.String(text[1:i])) {
		return 0
	}
	if text[i] == ':' { // a year, three digits of a ZIP, 90+, or the number of a key
		limit := 3
		if bytes.HasSuffix(text[:i], []byte("DATE")) {
			limit = 4
		}
		i++
		for start := i; i < len(text) && i-start < limit && (chars.IsDigit(text[i]) || text[i] == '+'); {
			i++
		}
	}
	if i < len(text) && text[i] == ']' {
		return i + 1
	}
	return 0
}

// HoldsPlaceholder reports whether a placeholder stands in text.
func HoldsPlaceholder(text []byte) bool {
	for i := bytes.IndexByte(text, '['); i >= 0; {
		if PlaceholderAt(text[i:]) > 0 {
			return true
		}
		next := bytes.IndexByte(text[i+1:], '[')
		if next < 0 {
			return false
		}
		i += next + 1
	}
	return false
}

// HoldsPseudonym reports whether a pseudonym stands in text.
func HoldsPseudonym(text []byte) bool {
	for {
		i := bytes.Index(text, []byte(Prefix))
		if i < 0 {
			return false
		}
		if text = text[i:]; PseudonymAt(text) > 0 {
			return true
		}
		text = text[len(Prefix):]
	}
}

// Scrubbed reports whether text is one placeholder or pseudonym.
func Scrubbed(text []byte) bool {
	if len(text) < 5 {
		return false
	}
	return PlaceholderAt(text) == len(text) || PseudonymAt(text) == len(text)
}
