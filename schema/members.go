package schema

import (
	"bytes"
	"encoding/json"
	"iter"
)

// members yields the members of a JSON object in order: the unquoted name and
// the encoded value, which both alias b. b must be valid JSON, as [json.Valid]
// says; when it is not an object, nothing is yielded.
func members(b []byte) iter.Seq2[[]byte, []byte] {
	return func(yield func(name, value []byte) bool) {
		i := skipSpace(b, 0)
		if i >= len(b) || b[i] != '{' {
			return
		}
		for i = skipSpace(b, i+1); i < len(b) && b[i] == '"'; i = skipSpace(b, i+1) {
			end := skipValue(b, i)
			name := b[i+1 : end-1]
			if bytes.IndexByte(name, '\\') >= 0 {
				s, _ := unquote(b[i:end])
				name = []byte(s)
			}
			i = skipSpace(b, skipSpace(b, end)+1) // past the colon
			end = skipValue(b, i)
			if !yield(name, b[i:end]) {
				return
			}
			if i = skipSpace(b, end); b[i] != ',' {
				return
			}
		}
	}
}

func skipSpace(b []byte, i int) int {
	for i < len(b) && (b[i] == ' ' || b[i] == '\t' || b[i] == '\n' || b[i] == '\r') {
		i++
	}
	return i
}

// skipValue returns the index behind the value that begins at b[i].
func skipValue(b []byte, i int) int {
	depth := 0
	for ; i < len(b); i++ {
		switch b[i] {
		case '"':
			for i++; i < len(b) && b[i] != '"'; i++ {
				if b[i] == '\\' {
					i++
				}
			}
			if depth == 0 {
				return i + 1
			}
		case '{', '[':
			depth++
		case '}', ']':
			if depth == 0 {
				return i // the end of a number, true, false or null
			}
			if depth--; depth == 0 {
				return i + 1
			}
		case ',', ' ', '\t', '\n', '\r':
			if depth == 0 {
				return i
			}
		}
	}
	return i
}

// unquote decodes a JSON string; ok is false for any other JSON value.
func unquote(b []byte) (s string, ok bool) {
	if len(b) < 2 || b[0] != '"' {
		return "", false
	}
	if bytes.IndexByte(b, '\\') < 0 {
		return string(b[1 : len(b)-1]), true
	}
	return s, json.Unmarshal(b, &s) == nil
}

// appendString appends s as a JSON string, without the escapes for HTML that
// [json.Marshal] adds.
func appendString(dst []byte, s string) []byte {
	for i := range len(s) {
		if b := s[i]; b < ' ' || b == '"' || b == '\\' || b >= 0x7f {
			enc, err := marshal(s)
			if err != nil { // a string always encodes
				panic("schema: a string did not encode")
			}
			return append(dst, enc...)
		}
	}
	dst = append(dst, '"')
	dst = append(dst, s...)
	return append(dst, '"')
}

// marshal is [json.Marshal] without its escapes for HTML.
func marshal(v any) ([]byte, error) {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimRight(buf.Bytes(), "\n"), nil
}

// splice encodes own and adds the members of extra, a JSON object or nothing.
func splice(own any, extra json.RawMessage) ([]byte, error) {
	b, err := marshal(own)
	if err != nil {
		return nil, err
	}
	for name, value := range members(extra) {
		if len(b) > len("{}") {
			b = append(b[:len(b)-1], ',')
		} else {
			b = b[:len(b)-1]
		}
		b = appendString(b, string(name))
		b = append(b, ':')
		b = append(b, value...)
		b = append(b, '}')
	}
	return b, nil
}

// split decodes the members of b that own declares into own and returns the
// others as a JSON object, or nil when there are none.
func split(b []byte, own any, declared ...string) (json.RawMessage, error) {
	mine, rest := []byte{'{'}, []byte{'{'}
	for name, value := range members(b) {
		dst := &rest
		for _, d := range declared {
			if string(name) == d {
				dst = &mine
			}
		}
		if len(*dst) > 1 {
			*dst = append(*dst, ',')
		}
		*dst = appendString(*dst, string(name))
		*dst = append(*dst, ':')
		*dst = append(*dst, value...)
	}
	if len(mine) > 1 {
		if err := json.Unmarshal(append(mine, '}'), own); err != nil {
			return nil, err
		}
	}
	if len(rest) == 1 {
		return nil, nil
	}
	return append(rest, '}'), nil
}
