package phi

import (
	"bytes"
	"encoding/base64"
	"unicode/utf8"
)

// maxNested is how deep JSON may stand in strings in JSON. What stands deeper
// is refused.
const maxNested = 4

// embedded deals with strings that hold something other than prose: JSON,
// base64, data URIs, HL7 v2 and X12 messages, vCards, calendars, SQL, forms,
// tables, CSV. ok is false when text is none of them; out is nil when nothing
// changed. in is the text's makeup.
func (e *emitter) embedded(n *node, text []byte, in makeup) (out []byte, ok bool) {
	switch {
	case holdsJSON(text):
		return e.nested(n, text)
	case in.has(hasBar) && isHL7(text):
		return unlessSame(e.hl7Message(n, nil, text))
	case in.has(hasStar|hasBar) && isX12(text):
		return unlessSame(e.x12Message(n, nil, text))
	case in.has(hasBreak) && isContentLines(text):
		return unlessSame(e.contentLines(n, nil, text))
	case in.has(hasLessAmp) && isForm(text):
		return unlessSame(e.form(n, nil, text))
	case len(text) >= 8 && in.mayBeBase64() && isBase64(text[0]) && isBase64(text[7]) && !codeLike(text, in):
		if out, ok := e.base64(n, text, in); ok {
			return out, true
		}
	}
	if in.has(hasOther) && isSQL(text, in) {
		if out, ok := e.sql(n, text); ok {
			if rest, ok := e.prose(n, nil, out, modeText); ok {
				return rest, true
			}
			return out, true
		}
	}
	if in.has(hasBreak) {
		if in.has(hasBar) {
			if out, ok := e.pipeTable(n, text); ok {
				return out, true
			}
		}
		if out, ok := e.csv(n, text); ok {
			return out, true
		}
	}
	if !in.has(hasSemicolon) {
		return nil, false
	}
	if at := bytes.Index(text, []byte(";base64,")); at >= 0 {
		if out := e.dataURI(n, text, at); out != nil {
			return out, true
		}
	}
	return nil, false
}

// unlessSame returns what embedded returns for a text that was recognised.
func unlessSame(out []byte, changed bool) ([]byte, bool) {
	if !changed {
		return nil, true
	}
	return out, true
}

// holdsJSON reports whether text looks like an object, an array, or a string
// that was encoded twice.
func holdsJSON(text []byte) bool {
	if len(text) < 2 || isLetter(text[0]) || isDigit(text[0]) {
		return false
	}
	t := bytes.TrimSpace(text)
	if len(t) < 2 {
		return false
	}
	switch last := t[len(t)-1]; t[0] {
	case '{':
		return last == '}'
	case '[':
		return last == ']'
	case '"':
		return last == '"' && bytes.IndexByte(t, '\\') > 0
	}
	return false
}

// nested scrubs JSON that stands in a string. Its values and those of the
// event around it are known to each other.
func (e *emitter) nested(n *node, text []byte) (out []byte, ok bool) {
	if e.in.level == maxNested {
		e.err = errTooDeep
		return nil, true
	}
	sc := scratchPool.Get().(*scratch)
	defer sc.release(len(text))
	in := e.in
	in.level++
	in.event = false
	in.trail = e.trail(n)
	if e.s.explain && n != nil {
		in.path = e.path(n)
	}
	src := append([]byte(nil), text...)
	said := len(e.known.said.from)
	out, report, err := e.s.scrub(sc, e.known, nil, src, in)
	if n != nil { // a string within may have told a name behind one that says it
		for i := range e.known.said.from[said:] {
			e.known.said.from[said+i] = n.end
		}
	}
	switch {
	case err == errTooDeep:
		e.err = err
		return nil, true
	case err != nil: // it only looked like JSON
		return nil, false
	}
	e.r.Add(report)
	if report.Total == 0 {
		return nil, true
	}
	return out, true
}

func isBase64(c byte) bool {
	return isLetter(c) || isDigit(c) || c == '+' || c == '/' || c == '-' || c == '_'
}

// magics are the first bytes of files that can show or sound like a person, or
// that can't be looked into.
var magics = []string{
	"\xff\xd8\xff", "\x89PNG", "GIF8", "RIFF", "II*\x00", "MM\x00*", "BM", "%PDF", "PK\x03\x04", "\x1f\x8b\x08", "OggS", "ID3", "fLaC", "\xff\xfb", "\x1a\x45\xdf\xa3", "{\\rtf", "\xd0\xcf\x11\xe0",
}

// opaqueSize is the number of base64 characters from which data that can't be
// read is dropped: no digest, key or signature is as long.
const opaqueSize = 1024

// minBase64 is the number of characters from which a string is taken for base64.
const minBase64 = 24

// base64 scrubs text or JSON in base64 and drops images, recordings and other
// binary data: what can't be read can't be scrubbed.
func (e *emitter) base64(n *node, text []byte, in makeup) (out []byte, ok bool) {
	enc, clean := base64Of(text, in)
	if enc == nil {
		return nil, false
	}
	var buf [144]byte
	size, err := enc.Decode(buf[:], clean[:min(len(clean), 192)&^3])
	head := buf[:size]
	if err != nil && len(clean) >= 192 {
		return nil, false
	}
	if isBinary(head, len(clean)) {
		return e.dropped(n, Photo, "binary"), true
	}
	switch {
	case len(clean) < minBase64:
		return e.shortBase64(n, enc, clean)
	case readable(head[:min(size, 12)]):
		data := make([]byte, enc.DecodedLen(len(clean)))
		size, err := enc.Decode(data, clean)
		if data = data[:size]; err != nil || size < 16 || !utf8.Valid(data) || !readable(data) {
			break
		}
		if out, ok := e.embeddedText(n, data); ok {
			return enc.AppendEncode(nil, out), true
		}
		return nil, true
	}
	if len(clean) >= opaqueSize && (n == nil || n.mode != modeSafe) {
		return e.dropped(n, Photo, "binary"), true
	}
	return nil, false
}

// magicStarts are the bytes that one of the magics begins with.
var magicStarts = func() (t [256]bool) {
	for _, magic := range magics {
		t[magic[0]] = true
	}
	return
}()

// isBinary reports whether data begins like a file of which size characters of
// base64 remain.
func isBinary(head []byte, size int) bool {
	if len(head) > 0 && magicStarts[head[0]] {
		for _, magic := range magics {
			if len(head) >= len(magic) && string(head[:len(magic)]) == magic && (len(magic) > 2 || size > 200) {
				return true
			}
		}
	}
	return len(head) > 12 && string(head[4:8]) == "ftyp" || len(head) > 132 && string(head[128:132]) == "DICM"
}

// embeddedText scrubs what stood in base64. ok is false when nothing changed.
func (e *emitter) embeddedText(n *node, data []byte) (out []byte, ok bool) {
	if holdsJSON(data) {
		if out, ok := e.nested(n, data); ok {
			return out, out != nil
		}
	}
	return e.prose(n, nil, data, modeText)
}

// codeLike reports whether a text that may be base64 is too short to be text,
// and isn't the beginning of a file or a placeholder: the base64 of all of those
// has capitals but for that of rich text, e1xydG…, and of a few that begin with
// FF.
func codeLike(text []byte, in makeup) bool {
	return len(text) < minBase64 && !in.has(hasCapital) && text[0] != 'e' && text[0] != '/' && text[0] != '_'
}

func (e *emitter) dropped(n *node, cat Category, detector string) []byte {
	e.hit(n, cat, detector, Drop)
	return []byte(placeholders[cat])
}

// base64Of returns the encoding of a text that may be base64, and the text
// without line breaks, or nil.
func base64Of(text []byte, in makeup) (*base64.Encoding, []byte) {
	if i := bytes.IndexByte(text, '='); i >= 0 && i < len(text)-4 {
		return nil, nil
	}
	url := in.has(hasHyphen | hasUnderscore)
	if in.has(hasBreak) {
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

// readable reports whether data is free of control characters, as text is.
func readable(data []byte) bool {
	for _, c := range data {
		if c < ' ' && c != '\n' && c != '\r' && c != '\t' || c == 0x7f {
			return false
		}
	}
	return true
}

// dataURI drops the data URI around ;base64, at index at (RFC 2397) and scrubs
// the text around it.
func (e *emitter) dataURI(n *node, text []byte, at int) []byte {
	start := bytes.LastIndex(text[:at], []byte("data:"))
	if start < 0 || bytes.ContainsAny(text[start:at], " \"'<>") {
		return nil
	}
	end := at + len(";base64,")
	for end < len(text) && (isBase64(text[end]) || text[end] == '=') {
		end++
	}
	out, _ := e.part(n, nil, text[:start])
	out = append(out, e.dropped(n, Photo, "binary")...)
	rest := text[end:]
	if next := bytes.Index(rest, []byte(";base64,")); next >= 0 {
		if more := e.dataURI(n, rest, next); more != nil {
			return append(out, more...)
		}
	}
	out, _ = e.part(n, out, rest)
	return out
}
