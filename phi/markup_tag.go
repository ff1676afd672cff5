package phi

import (
	"bytes"
	"html"

	"github.com/carebus/carebus/phi/internal/chars"
	"github.com/carebus/carebus/phi/internal/words"
)

// hasMarkup reports whether text holds a tag or a character reference.
func hasMarkup(text []byte) bool {
	if i := bytes.IndexByte(text, '<'); i >= 0 && bytes.IndexByte(text[i:], '>') > 0 {
		return true
	}
	for i := bytes.IndexByte(text, '&'); i >= 0 && i < len(text); {
		if _, n := charReference(text[i:]); n > 0 {
			return true
		}
		next := bytes.IndexByte(text[i+1:], '&')
		if next < 0 {
			return false
		}
		i += next + 1
	}
	return false
}

// charReference decodes the character reference that text begins with: &amp; and
// &#74; (HTML, section 13.5). n is 0 when there is none.
func charReference(text []byte) (decoded string, n int) {
	end := bytes.IndexByte(text[:min(len(text), 34)], ';')
	if end < 2 {
		return "", 0
	}
	s := string(text[:end+1])
	if decoded = html.UnescapeString(s); decoded == s {
		return "", 0
	}
	return decoded, end + 1
}

// closings notes the names of all closing tags.
func (v *view) closings(text []byte) {
	for rest := text; ; {
		i := bytes.Index(rest, []byte("</"))
		if i < 0 {
			return
		}
		rest = rest[i+2:]
		v.seen(rest[:nameEnd(rest)], true)
	}
}

// seen adds a name to the closing tags, or reports whether it is one.
func (v *view) seen(name []byte, add bool) bool {
	h := words.Hash(chars.String(name))
	word, bit := h>>6&63, uint64(1)<<(h&63)
	if add {
		v.ends[word] |= bit
	}
	return v.ends[word]&bit != 0
}

func nameEnd(b []byte) int {
	i := 0
	for i < len(b) &&
		(chars.IsLetter(b[i]) ||
			chars.IsDigit(b[i]) ||
			i > 0 && (b[i] == ':' || b[i] == '-' || b[i] == '_' || b[i] == '.')) {
		i++
	}
	return i
}

// tagEnd returns where the tag at i ends, or 0: "<Jane Roe>" and "<jane@x.org>"
// are no tags. So that the time stays linear, what is looked at in vain is
// bounded.
func (v *view) tagEnd(text []byte, i int) int {
	if v.spent > 4*len(text) {
		return 0
	}
	end, looked := v.parseTag(text[i:])
	if end == 0 {
		v.spent += looked
		return 0
	}
	return i + end
}

// parseTag returns the length of the tag that b begins with, or 0 and how far
// it looked.
func (v *view) parseTag(b []byte) (end, looked int) {
	if bytes.HasPrefix(b, []byte("<!--")) {
		return 0, 4 // what it says is text
	}
	if len(b) < 3 {
		return 0, 3
	}
	at := 1
	if b[1] == '/' || b[1] == '!' || b[1] == '?' {
		at = 2
	}
	size := nameEnd(b[at:])
	if size == 0 || !chars.IsLetter(b[at]) {
		return 0, 3
	}
	known := at == 2 || v.seen(b[at:at+size], false) || voidElement(chars.String(b[at:at+size]))
	for at += size; at < len(b); {
		switch c := b[at]; {
		case c == '>':
			if !known && b[at-1] != '/' {
				return 0, at
			}
			return at + 1, at
		case c <= ' ' || c == '/' || c == '?':
			at++
		case chars.IsLetter(c) || c == '_' || c == ':':
			end := at + nameEnd(b[at:])
			if end == at {
				end++
			}
			next := attributeEnd(b, end)
			if next == 0 {
				return 0, len(b)
			}
			at = next
		default:
			return 0, at
		}
	}
	return 0, at
}

// attributeEnd returns where the value of the attribute whose name ends at i
// ends, or 0 when it has none.
func attributeEnd(b []byte, i int) int {
	for i < len(b) && b[i] <= ' ' {
		i++
	}
	if i >= len(b) || b[i] != '=' {
		return 0
	}
	i++
	for i < len(b) && b[i] <= ' ' {
		i++
	}
	if i >= len(b) {
		return 0
	}
	if q := b[i]; q == '"' || q == '\'' {
		end := bytes.IndexByte(b[i+1:], q)
		if end < 0 {
			return 0
		}
		return i + end + 2
	}
	end := i
	for end < len(b) && b[end] > ' ' && b[end] != '>' {
		end++
	}
	return end
}

func voidElement(name string) bool {
	switch name {
	case "br", "BR", "hr", "HR", "img", "IMG", "input", "meta", "link", "col", "area", "base", "wbr", "source", "p", "P", "li", "LI", "td", "tr", "th", "dd", "dt":
		return true
	}
	return false
}

// maxElement is how long the names are, in bytes, that markup gives a meaning.
const maxElement = 10

// elementName returns an element's name without its namespace in small letters,
// or nothing when it is longer than any that markup gives a meaning.
func elementName(buf *[maxElement]byte, name []byte) []byte {
	name = localName(name)
	if len(name) > len(buf) {
		return nil
	}
	for i, c := range name {
		if chars.IsUpper(c) {
			c |= 0x20
		}
		buf[i] = c
	}
	return buf[:len(name)]
}

// isExtension reports whether an element is a FHIR extension.
func isExtension(name []byte) bool {
	return bytes.HasSuffix(name, []byte("xtension")) && (len(name) == len("extension") || chars.String(name) == "modifierExtension")
}

func localName(name []byte) []byte { return name[bytes.LastIndexByte(name, ':')+1:] }
