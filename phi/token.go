package phi

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"errors"
	"hash"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// tokenLength is the number of base32 characters of a pseudonym: 128 bits.
const tokenLength = 26

const tokenPrefix = "phi_"

var tokenEncoding = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// tokenCategories are the categories as they stand in tokens and placeholders.
var tokenCategories, placeholders = func() (t, p [numCategories]string) {
	for i, n := range categoryNames {
		t[i] = strings.ReplaceAll(n, "_", "")
		p[i] = "[" + strings.ToUpper(n) + "]"
	}
	return
}()

// pseudonyms makes keyed tokens.
type pseudonyms struct {
	prefix string // phi_<key id>_
	pool   sync.Pool
}

func newPseudonyms(key []byte, id string) (*pseudonyms, error) {
	if len(key) < 32 {
		return nil, errors.New("phi: a key must hold at least 32 bytes")
	}
	if !validKeyID(id) {
		return nil, errors.New("phi: a key id must be one to sixteen lower-case letters and digits")
	}
	key = append([]byte(nil), key...)
	return &pseudonyms{
		prefix: tokenPrefix + id + "_",
		pool:   sync.Pool{New: func() any { return &mac{hash: hmac.New(sha256.New, key)} }},
	}, nil
}

// A mac is an HMAC with room for the message and the sum.
type mac struct {
	hash    hash.Hash
	message []byte
	sum     [sha256.Size]byte
}

// of returns the sum of a message that was appended to m.message[:0]. It is
// valid until m is used again.
func (m *mac) of(message []byte) []byte {
	m.hash.Reset()
	m.hash.Write(message)
	clear(message) // nothing of a value stays behind
	if m.message = message; cap(message) > 1024 {
		m.message = nil
	}
	return m.hash.Sum(m.sum[:0])
}

func validKeyID(id string) bool {
	for _, c := range []byte(id) {
		if !isLower(c) && !isDigit(c) {
			return false
		}
	}
	return len(id) >= 1 && len(id) <= 16
}

// append appends the token of a value to dst. The same value gives the same
// token within a tenant and category, and an unrelated one elsewhere.
func (p *pseudonyms) append(dst []byte, tenant string, cat Category, value []byte) []byte {
	m := p.pool.Get().(*mac)
	defer p.pool.Put(m)
	d := append(m.message[:0], "carebus/phi/1\x00"...)
	d = append(d, tenant...)
	d = append(d, 0)
	d = append(d, tokenCategories[cat]...)
	d = append(d, 0)
	sum := m.of(appendCanonical(d, cat, value))
	dst = append(dst, p.prefix...)
	dst = append(dst, tokenCategories[cat]...)
	dst = append(dst, '_')
	return tokenEncoding.AppendEncode(dst, sum[:16])
}

// appendCanonical appends the form of a value that its token is made of, so
// that spellings of one value share a token: plain, letters in lower case, numbers
// without separators, other text without space around it.
func appendCanonical(dst []byte, cat Category, value []byte) []byte {
	value = plainBytes(value)
	switch cat {
	case SSN, Phone, Card:
		for _, c := range value {
			if isDigit(c) || isLetter(c) {
				dst = append(dst, c|0x20)
			}
		}
		return dst
	}
	for len(value) > 0 && value[0] <= ' ' {
		value = value[1:]
	}
	for len(value) > 0 && value[len(value)-1] <= ' ' {
		value = value[:len(value)-1]
	}
	for _, c := range value {
		if isUpper(c) {
			c |= 0x20
		}
		dst = append(dst, c)
	}
	return dst
}

// tokenAt returns the length of the pseudonym that text begins with, or 0.
func tokenAt(text []byte) int {
	if len(text) < len(tokenPrefix)+tokenLength || string(text[:len(tokenPrefix)]) != tokenPrefix {
		return 0
	}
	i := len(tokenPrefix)
	start := i
	for i < len(text) && (isLower(text[i]) || isDigit(text[i])) {
		i++
	}
	if i == start || i-start > 16 || i >= len(text) || text[i] != '_' {
		return 0
	}
	i++
	start = i
	for i < len(text) && isLower(text[i]) {
		i++
	}
	if i == start || i >= len(text) || text[i] != '_' || categoryOfToken(text[start:i]) == None {
		return 0
	}
	i++
	if len(text) < i+tokenLength {
		return 0
	}
	for _, c := range text[i : i+tokenLength] {
		if !isLower(c) && (c < '2' || c > '7') {
			return 0
		}
	}
	i += tokenLength
	if i < len(text) && gluedBehind(text[i]) {
		return 0
	}
	return i
}

// gluedTo reports whether a pseudonym right behind text is no word of its own.
func gluedTo(text []byte) bool {
	if len(text) == 0 {
		return false
	}
	if c := text[len(text)-1]; c < utf8.RuneSelf {
		return isLetter(c) || isDigit(c) || c == '\''
	}
	r, _ := utf8.DecodeLastRune(text)
	return r == '’' || !unicode.IsPunct(r) && !unicode.IsSpace(r) && !unicode.IsSymbol(r)
}

// gluedBehind reports whether a pseudonym is no word of its own when c stands
// right behind it.
func gluedBehind(c byte) bool { return isLetter(c) || isDigit(c) || c == '_' }

// tokenCategory returns the category of the pseudonym that text begins with.
func tokenCategory(text string) Category {
	_, rest, _ := strings.Cut(text[len(tokenPrefix):], "_")
	name, _, _ := strings.Cut(rest, "_")
	return categoryOfToken([]byte(name))
}

func categoryOfToken(name []byte) Category { return categoriesOfTokens[string(name)] }

var categoriesOfTokens = func() map[string]Category {
	m := map[string]Category{}
	for i := 1; i < numCategories; i++ {
		m[tokenCategories[i]] = Category(i)
	}
	return m
}()

// placeholderNames are the categories as they stand in placeholders.
var placeholderNames = func() map[string]bool {
	m := map[string]bool{}
	for _, p := range placeholders[1:] {
		m[p[1:len(p)-1]] = true
	}
	return m
}()

// placeholderAt returns the length of the placeholder that text begins with,
// or 0: [NAME], [DATE:1984], [POSTAL_CODE:021], [AGE:90+], [EMAIL:2].
func placeholderAt(text []byte) int {
	if len(text) < 5 || text[0] != '[' {
		return 0
	}
	i := 1
	for i < len(text) && i < 20 && (isUpper(text[i]) || text[i] == '_') {
		i++
	}
	if i == 1 || i >= len(text) {
		return 0
	}
	if !placeholderNames[string(text[1:i])] {
		return 0
	}
	if text[i] == ':' { // a year, three digits of a ZIP, 90+, or the number of a key
		limit := 3
		if bytes.HasSuffix(text[:i], []byte("DATE")) {
			limit = 4
		}
		i++
		for start := i; i < len(text) && i-start < limit && (isDigit(text[i]) || text[i] == '+'); {
			i++
		}
	}
	if i < len(text) && text[i] == ']' {
		return i + 1
	}
	return 0
}

// holdsPlaceholder reports whether a placeholder stands in text.
func holdsPlaceholder(text []byte) bool {
	for i := bytes.IndexByte(text, '['); i >= 0; {
		if placeholderAt(text[i:]) > 0 {
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

// holdsToken reports whether a pseudonym stands in text.
func holdsToken(text []byte) bool {
	for {
		i := bytes.Index(text, []byte(tokenPrefix))
		if i < 0 {
			return false
		}
		if text = text[i:]; tokenAt(text) > 0 {
			return true
		}
		text = text[len(tokenPrefix):]
	}
}

// alreadyScrubbed reports whether text is one placeholder or pseudonym.
func alreadyScrubbed(text []byte) bool {
	if len(text) < 5 {
		return false
	}
	return placeholderAt(text) == len(text) || tokenAt(text) == len(text)
}
