package chars

import (
	"bytes"
	"encoding/base64"
)

// Base64Of returns the encoding of a text that may be base64, and the text
// without line breaks, or nil.
func Base64Of(text []byte, in Makeup) (*base64.Encoding, []byte) {
	if i := bytes.IndexByte(text, '='); i >= 0 && i < len(text)-4 {
		return nil, nil
	}
	url := in.Has(HasHyphen | HasUnderscore)
	if in.Has(HasBreak) {
		text = bytes.ReplaceAll(bytes.ReplaceAll(text, []byte("\r"), nil), []byte("\n"), nil)
	}
	padded := len(text)%4 == 0
	switch {
	case url && padded:
		return base64.URLEncoding, text
	case url:
		return base64.RawURLEncoding, text
	case padded:
		return base64.StdEncoding, text
	}
	return base64.RawStdEncoding, text
}

// IsBase64 reports whether c is of one of the alphabets of RFC 4648, without padding.
func IsBase64(c byte) bool {
	return IsLetter(c) || IsDigit(c) || c == '+' || c == '/' || c == '-' || c == '_'
}

// MinBase64 is the number of characters from which a string is taken for base64.
const MinBase64 = 24

// Readable reports whether data is free of control characters, as text is.
func Readable(data []byte) bool {
	for _, c := range data {
		if c < ' ' && c != '\n' && c != '\r' && c != '\t' || c == 0x7f {
			return false
		}
	}
	return true
}
