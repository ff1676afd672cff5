package phi

import (
	"bytes"

	"github.com/carebus/carebus/phi/internal/chars"
	"github.com/carebus/carebus/phi/internal/lexicon"
	"github.com/carebus/carebus/phi/internal/mark"
)

// maxNested is how deep JSON may stand in strings in JSON. What stands deeper
// is refused.
const maxNested = 4

// embedded deals with strings that hold something other than prose: JSON,
// base64, data URIs, HL7 v2 and X12 messages, vCards, calendars, SQL, forms,
// tables, CSV. ok is false when text is none of them; out is nil when nothing
// changed. in is the text's makeup.
func (e *emitter) embedded(n *node, text []byte, in chars.Makeup) (out []byte, ok bool) {
	if chars.HoldsJSON(text) {
		if out, ok := e.nested(n, text); ok {
			return out, true
		}
	}
	switch {
	case in.Has(chars.HasBar) && isHL7(text):
		return unlessSame(e.hl7Message(n, nil, text))
	case in.Has(chars.HasStar|chars.HasBar) && isX12(text):
		return unlessSame(e.x12Message(n, nil, text))
	case in.Has(chars.HasBreak) && isContentLines(text):
		return unlessSame(e.contentLines(n, nil, text))
	case in.Has(chars.HasLessAmp) && isForm(text):
		return unlessSame(e.form(n, nil, text))
	case len(text) >= 8 && in.MayBeBase64() && beginsBase64(text, in):
		if out, ok := e.base64(n, text, in); ok {
			return out, true
		}
	}
	if in.Has(chars.HasOther) && isSQL(text, in) {
		if out, ok := e.sql(n, text); ok {
			if rest, ok := e.prose(n, nil, out, lexicon.Text); ok {
				return rest, true
			}
			return out, true
		}
	}
	if in.Has(chars.HasBreak) {
		if out, ok := e.pastedTable(n, text, in); ok {
			return out, true
		}
	}
	if !in.Has(chars.HasSemicolon | chars.HasBar | chars.HasStar) {
		return nil, false
	}
	return e.embeddedLater(n, text, in)
}

// beginsBase64 reports whether a text of eight bytes or more begins as base64 does, and isn't
// a code.
func beginsBase64(text []byte, in chars.Makeup) bool {
	return chars.IsBase64(text[0]) && chars.IsBase64(text[7]) && !codeLike(text, in)
}

// pastedTable is embedded for tables of several lines.
func (e *emitter) pastedTable(n *node, text []byte, in chars.Makeup) (out []byte, ok bool) {
	if in.Has(chars.HasBar) {
		if out, ok := e.pipeTable(n, text); ok {
			return out, true
		}
	}
	return e.csv(n, text)
}

// embeddedLater is embedded for messages and data URIs before which other text stands.
func (e *emitter) embeddedLater(n *node, text []byte, in chars.Makeup) (out []byte, ok bool) {
	switch {
	case in.Has(chars.HasBar) && holdsHL7(text):
		return unlessSame(e.hl7Message(n, nil, text))
	case in.Has(chars.HasStar) && holdsX12(text):
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
	told := e.known.Told()
	out, report, err := e.s.scrub(sc, e.known, nil, src, in)
	if n != nil { // a string within may have told a name behind one that says it
		e.known.ToldAt(told, n.end)
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
	return []byte(mark.Placeholders[cat])
}
