package phi

import (
	"unicode/utf16"
	"unicode/utf8"

	"github.com/carebus/carebus/phi/internal/chars"
)

// appendUnquoted appends the text of a JSON string's content to dst. The
// content must be valid, as parse makes sure. A lone surrogate becomes U+FFFD.
func appendUnquoted(dst, content []byte) []byte {
	for i := 0; i < len(content); {
		c := content[i]
		if c != '\\' {
			dst = append(dst, c)
			i++
			continue
		}
		switch c = content[i+1]; c {
		case 'b':
			dst = append(dst, '\b')
		case 'f':
			dst = append(dst, '\f')
		case 'n':
			dst = append(dst, '\n')
		case 'r':
			dst = append(dst, '\r')
		case 't':
			dst = append(dst, '\t')
		case 'u':
			r := hex4(content[i+2:])
			i += 6
			if utf16.IsSurrogate(r) {
				if i+6 <= len(content) && content[i] == '\\' && content[i+1] == 'u' {
					if pair := utf16.DecodeRune(r, hex4(content[i+2:])); pair != utf8.RuneError {
						dst = utf8.AppendRune(dst, pair)
						i += 6
						continue
					}
				}
				r = utf8.RuneError
			}
			dst = utf8.AppendRune(dst, r)
			continue
		default:
			dst = append(dst, c)
		}
		i += 2
	}
	return dst
}

func hex4(b []byte) rune {
	var r rune
	for _, c := range b[:4] {
		r <<= 4
		switch {
		case chars.IsDigit(c):
			r |= rune(c - '0')
		default:
			r |= rune(c|0x20-'a') + 10
		}
	}
	return r
}

const hexDigits = "0123456789abcdef"

// appendQuoted appends text as the content of a JSON string, without quotes.
func appendQuoted(dst []byte, text []byte) []byte {
	for {
		i := plainLength(text, 0)
		dst = append(dst, text[:i]...)
		if i == len(text) {
			return dst
		}
		switch c := text[i]; c {
		case '"', '\\':
			dst = append(dst, '\\', c)
		case '\n':
			dst = append(dst, '\\', 'n')
		case '\r':
			dst = append(dst, '\\', 'r')
		case '\t':
			dst = append(dst, '\\', 't')
		default:
			dst = append(dst, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
		}
		text = text[i+1:]
	}
}
