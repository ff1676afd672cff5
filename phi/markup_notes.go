package phi

import (
	"bytes"

	"github.com/carebus/carebus/phi/internal/category"
	"github.com/carebus/carebus/phi/internal/chars"
	"github.com/carebus/carebus/phi/internal/lexicon"
	"github.com/carebus/carebus/phi/internal/mark"
)

// absorbs reports whether an element's name says that all within it is dropped.
func (e *emitter) absorbs(name []byte) bool {
	k := e.s.rules.Lex.Lookup(localName(name))
	return k.Mode == lexicon.Typed && category.Absorbing(k.Cat)
}

// absorb drops what stands within the element whose tag ends at i. It returns
// where the element's closing tag begins, or the end of the text.
func (e *emitter) absorb(n *node, v *view, text []byte, name []byte, i int) int {
	cat := Psychotherapy
	if k := e.s.rules.Lex.Lookup(localName(name)); k.Mode == lexicon.Typed && category.Absorbing(k.Cat) {
		cat = k.Cat
	}
	if name == nil || text[i-2] == '/' || !v.seen(name, false) {
		return i
	}
	return e.dropPart(n, v, text, cat, i, closingTag(text, name, i))
}

// closingTag returns where the closing tag of an element begins whose content
// begins at i, or the end of the text.
func closingTag(text, name []byte, i int) int {
	for depth := 1; ; {
		at := bytes.IndexByte(text[i:], '<')
		if at < 0 {
			return len(text)
		}
		i += at + 1
		closing := i < len(text) && text[i] == '/'
		from := i
		if closing {
			from++
		}
		if !bytes.Equal(text[from:from+nameEnd(text[from:])], name) {
			continue
		}
		if !closing {
			depth++
		} else if depth--; depth == 0 {
			return i - 1
		}
	}
}

// absorbSection drops what stands below a heading that ends at i and names
// psychotherapy notes: up to the end of its section or the next heading.
func (e *emitter) absorbSection(n *node, v *view, text []byte, i int) int {
	close := bytes.IndexByte(text[i:], '>')
	if close < 0 {
		return i
	}
	from := i + close + 1
	to := from
	for to < len(text) {
		at := bytes.IndexByte(text[to:], '<')
		if at < 0 {
			to = len(text)
			break
		}
		to += at
		name := bytes.TrimPrefix(text[to+1:], []byte("/"))
		if name = name[:nameEnd(name)]; chars.String(localName(name)) == "section" || heading(name) {
			break
		}
		to++
	}
	return e.dropPart(n, v, text, Psychotherapy, from, to)
}

// dropPart puts a placeholder in place of the text from one index to another.
func (e *emitter) dropPart(n *node, v *view, text []byte, cat Category, from, to int) int {
	part := bytes.TrimSpace(text[from:to])
	if len(part) == 0 || mark.Scrubbed(part) {
		return to
	}
	v.insert("\n", from)
	v.edit(from, to, chars.String(e.dropped(n, cat, "markup")))
	return to
}

// heading reports whether an element is the heading of what follows it.
func heading(name []byte) bool {
	var buf [maxElement]byte
	switch chars.String(elementName(&buf, name)) {
	case "title", "h1", "h2", "h3", "h4", "h5", "h6", "caption", "legend", "summary":
		return true
	}
	return false
}
