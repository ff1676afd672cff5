package phi

import "bytes"

// maxNested is how deep JSON may stand in strings in JSON. What stands deeper
// is refused.
const maxNested = 4

// embedded deals with strings that hold something other than prose: JSON,
// base64, data URIs, HL7 v2 and X12 messages, vCards, calendars, SQL, forms,
// tables, CSV. ok is false when text is none of them; out is nil when nothing
// changed. in is the text's makeup.
func (e *emitter) embedded(n *node, text []byte, in makeup) (out []byte, ok bool) {
	if holdsJSON(text) {
		if out, ok := e.nested(n, text); ok {
			return out, true
		}
	}
	switch {
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
	if !in.has(hasSemicolon | hasBar | hasStar) {
		return nil, false
	}
	switch {
	case in.has(hasBar) && holdsHL7(text):
		return unlessSame(e.hl7Message(n, nil, text))
	case in.has(hasStar) && holdsX12(text):
		return unlessSame(e.x12Message(n, nil, text))
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

func (e *emitter) dropped(n *node, cat Category, detector string) []byte {
	e.hit(n, cat, detector, Drop)
	return []byte(placeholders[cat])
}
