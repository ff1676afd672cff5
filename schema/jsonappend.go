package schema

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"sync"
	"unicode/utf8"
)

// appendMember appends "name":"value", and a comma before it where one is due,
// unless value is empty. name needs no escape.
func appendMember(dst []byte, name, value string) []byte {
	if value == "" {
		return dst
	}
	return appendString(appendName(dst, name), value)
}

// appendText appends opening, such as ,"id": and value as a JSON string, unless value
// is empty.
func appendText(dst []byte, opening, value string) []byte {
	if value == "" {
		return dst
	}
	return appendString(append(dst, opening...), value)
}

// appendPlain is appendText of a value that stands in JSON as it is.
func appendPlain(dst []byte, opening, value string) []byte {
	if value == "" {
		return dst
	}
	dst = append(append(dst, opening...), '"')
	return append(append(dst, value...), '"')
}

// appendName appends "name": and a comma before it, unless an object has just
// been opened. name needs no escape.
func appendName(dst []byte, name string) []byte {
	if dst[len(dst)-1] != '{' {
		dst = append(dst, ',')
	}
	dst = append(dst, '"')
	dst = append(dst, name...)
	return append(dst, '"', ':')
}

const hexDigits = "0123456789abcdef"

// appendString appends s as a JSON string. Bytes that are not UTF-8 become
// U+FFFD, and the two line separators that JavaScript minds are escaped, as
// [json.Marshal] does; its escapes for HTML are left out.
func appendString(dst []byte, s string) []byte {
	dst = append(dst, '"')
	from := len(dst)
	if dst = append(dst, s...); isPlain(dst[from:]) {
		return append(dst, '"')
	}
	dst = dst[:from]
	start := 0
	for i := 0; i < len(s); {
		c := s[i]
		if ' ' <= c && c < utf8.RuneSelf && c != '"' && c != '\\' {
			i++
			continue
		}
		r, size := rune(c), 1
		if c >= utf8.RuneSelf {
			r, size = utf8.DecodeRuneInString(s[i:])
			if r != '\u2028' && r != '\u2029' && (r != utf8.RuneError || size > 1) {
				i += size
				continue
			}
		}
		dst = append(dst, s[start:i]...)
		dst = appendEscape(dst, r)
		i += size
		start = i
	}
	dst = append(dst, s[start:]...)
	return append(dst, '"')
}

// isPlain reports whether b is of ASCII that stands in a JSON string as it is.
func isPlain(b []byte) bool {
	for len(b) >= 8 {
		if x := binary.LittleEndian.Uint64(b); (stops(x)|x)&highBits != 0 {
			return false
		}
		b = b[8:]
	}
	for _, c := range b {
		if c < ' ' || c >= utf8.RuneSelf || c == '"' || c == '\\' {
			return false
		}
	}
	return true
}

func appendEscape(dst []byte, r rune) []byte {
	switch r {
	case '"', '\\':
		return append(dst, '\\', byte(r))
	case '\b':
		return append(dst, '\\', 'b')
	case '\f':
		return append(dst, '\\', 'f')
	case '\n':
		return append(dst, '\\', 'n')
	case '\r':
		return append(dst, '\\', 'r')
	case '\t':
		return append(dst, '\\', 't')
	}
	return append(dst, '\\', 'u', hexDigits[r>>12&15], hexDigits[r>>8&15], hexDigits[r>>4&15], hexDigits[r&15])
}

// appendCompact appends b, a valid JSON value, without the spaces between its
// tokens, so that it stands on one line.
func appendCompact(dst, b []byte) []byte {
	start := 0
	for i := 0; i < len(b); {
		switch b[i] {
		case '"':
			i, _ = scanString(b, i)
		case ' ', '\t', '\n', '\r':
			dst = append(dst, b[start:i]...)
			i = skipSpace(b, i)
			start = i
		default:
			i++
		}
	}
	return append(dst, b[start:]...)
}

// appendMembers appends the members of extra, a JSON object or nothing, to the
// object that is open at the end of dst, and closes it. It reports whether
// extra was valid.
func appendMembers(dst, extra []byte) ([]byte, bool) {
	var c checker
	j := c.extra(extra)
	if !j.encodable {
		return dst, false
	}
	return j.appendRest(dst), true
}

// An encoder is a [json.Encoder] with its buffer.
type encoder struct {
	buf bytes.Buffer
	enc *json.Encoder
}

var encoders = sync.Pool{New: func() any {
	e := &encoder{}
	e.enc = json.NewEncoder(&e.buf)
	e.enc.SetEscapeHTML(false)
	return e
}}

// maxKept is the size of a buffer that is worth keeping.
const maxKept = 64 << 10

// appendValue appends v as [json.Marshal] encodes it, without its escapes for HTML.
func appendValue(dst []byte, v any) ([]byte, error) {
	e := encoders.Get().(*encoder)
	e.buf.Reset()
	if err := e.enc.Encode(v); err != nil {
		return dst, err // without e: an encoder keeps its error
	}
	dst = append(dst, bytes.TrimRight(e.buf.Bytes(), "\n")...)
	if e.buf.Cap() <= maxKept {
		encoders.Put(e)
	}
	return dst, nil
}
