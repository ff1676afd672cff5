package detect

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"github.com/carebus/carebus/phi/internal/category"
	"github.com/carebus/carebus/phi/internal/chars"
)

// encodedSample is how many characters of encoded text are looked at, so that
// the time stays linear.
const encodedSample = 1024

// encoded returns the length of the encoded text that s begins with and what
// it is: a JSON Web Token (RFC 7519), which is a credential and tells whose, or
// prose or JSON in base64. cat is None when it is neither. Digests and ids
// don't decode to text.
func encoded(s string) (n int, cat category.Category) {
	sample := s[:min(len(s), encodedSample)]
	n = base64Run(sample)
	if strings.HasPrefix(s, "eyJ") && n < len(sample) && s[n] == '.' && strings.HasPrefix(s[n+1:], "eyJ") {
		end := n + 1 + base64Run(s[n+1:])
		if end < len(s) && s[end] == '.' {
			end += 1 + base64Run(s[end+1:])
		}
		return end, category.Secret
	}
	if n < chars.MinBase64 || !decodesToText(sample[:n]) {
		return 0, category.None
	}
	return base64Run(s), category.OtherID
}

// decodesToText reports whether s is base64 of prose or JSON, or the first part
// of that.
func decodesToText(s string) bool {
	if len(s) == encodedSample {
		s = s[:len(s)&^3]
	}
	in := chars.MakeupOf(chars.Bytes(s))
	if !in.MayBeBase64() {
		return false
	}
	enc, clean := chars.Base64Of(chars.Bytes(s), in)
	if enc == nil {
		return false
	}
	var head [12]byte
	if size, err := enc.Decode(head[:], clean[:16]); err != nil || !chars.Readable(head[:size]) {
		return false
	}
	data := make([]byte, enc.DecodedLen(len(clean)))
	size, err := enc.Decode(data, clean)
	data = data[:size]
	for n := 0; n < 3 && len(s) == encodedSample && size > 0 && !utf8.Valid(data); n++ {
		data = data[:len(data)-1] // a character is cut
	}
	return err == nil && utf8.Valid(data) && chars.Readable(data) &&
		(bytes.IndexByte(data, ' ') >= 0 || chars.HoldsJSON(data))
}

// base64Run returns how many characters of base64 s begins with, padding
// included.
func base64Run(s string) int {
	n := 0
	for n < len(s) && chars.IsBase64(s[n]) {
		n++
	}
	for pad := 0; pad < 2 && n < len(s) && s[n] == '='; pad++ {
		n++
	}
	return n
}
