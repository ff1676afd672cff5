package phi

import (
	"bytes"
	"cmp"

	"github.com/carebus/carebus/phi/internal/chars"
	"github.com/carebus/carebus/phi/internal/cue"
	"github.com/carebus/carebus/phi/internal/detect"
	"github.com/carebus/carebus/phi/internal/lexicon"
	"github.com/carebus/carebus/phi/internal/mark"
)

// maxPasses is how often a text is scrubbed at most until nothing changes.
const maxPasses = 8

// prose appends a text to dst with its findings replaced. When there are none
// it appends nothing. What a replacement leaves behind may read differently
// than before, so the text is scrubbed until nothing is found, which makes
// scrubbing idempotent.
func (e *emitter) prose(n *node, dst, text []byte, m lexicon.Mode) (_ []byte, changed bool) {
	before := len(dst)
	dst, changed = e.pass(n, dst, text, m, nil)
	if !changed {
		return dst, false
	}
	again := e.sc.again
	e.sc.again = nil // a pass may come back here for an attribute of its own
	for more, passes := true, 1; more && passes < maxPasses; passes++ {
		again = append(again[:0], dst[before:]...)
		if dst, more = e.pass(n, dst[:before], again, m, e.sc.replaced); !more {
			dst = append(dst[:before], again...)
		}
	}
	e.sc.again = again
	return dst, true
}

// pass is one pass of prose. replaced is what the one before has replaced, if the
// scanner still has its tokens.
func (e *emitter) pass(n *node, dst, text []byte, m lexicon.Mode, replaced []detect.Replacement) (_ []byte, changed bool) {
	e.sc.found = true
	if hasMarkup(text) {
		dst, changed = e.markup(n, dst, text, m)
		e.sc.replaced = e.sc.replaced[:0]
		return dst, changed
	}
	spans := e.sc.scan.Find(&e.s.rules, e.known, chars.String(text), m, replaced)
	if e.sc.found = len(spans) > 0; e.sc.found {
		e.learnNames(n)
	}
	return e.spliceAll(n, dst, text, spans)
}

// spliceAll appends a text with its findings replaced, or nothing when all of
// them may stay.
func (e *emitter) spliceAll(n *node, dst, text []byte, spans []detect.Span) (_ []byte, changed bool) {
	before, done := len(dst), 0
	e.sc.replaced = e.sc.replaced[:0]
	for _, sp := range spans {
		dst = append(dst, text[done:sp.Start]...)
		start := len(dst)
		var ok bool
		glued := mark.GluedTo(dst[before:]) || sp.End < len(text) && mark.GluedBehind(text[sp.End])
		if dst, ok = e.splice(n, dst, text, sp, glued); ok {
			e.sc.replaced = append(e.sc.replaced, detect.Replacement{Start: sp.Start, End: sp.End, NewStart: start - before, NewEnd: len(dst) - before})
			changed = true
		}
		done = sp.End
	}
	if !changed {
		return dst[:before], false
	}
	return append(dst, text[done:]...), true
}

// splice appends what stands in place of a finding in text. A pseudonym that is
// glued to the text around it could not be told from it: it is redacted.
func (e *emitter) splice(n *node, dst, text []byte, sp detect.Span, glued bool) (_ []byte, changed bool) {
	cat, value := sp.Category, text[sp.Start:sp.End]
	action := e.s.actions[cat]
	if glued && action == Pseudonym {
		action = Redact
	}
	out, ok := e.apply(dst, applied{cat, action, false}, value)
	if !ok {
		return append(dst, value...), false
	}
	detector := "text"
	if e.s.explain {
		detector = cmp.Or(e.s.rules.Origin(string(text), sp), detector)
	}
	e.hit(n, cat, detector, action)
	return out, true
}

// readsLikeProse reports whether a value of a technical field is more than a
// code: three words, or two that begin with capitals.
func readsLikeProse(text []byte) bool {
	if len(text) > 0 && chars.IsUpper(text[0]) && (cue.ZoneNames.Has(text) || stateNames[chars.String(text)]) {
		return false
	}
	words, capitals := 0, 0
	for i, c := range text {
		if i > 0 && text[i-1] != ' ' && text[i-1] != '/' {
			continue
		}
		switch {
		case chars.IsUpper(c) || c >= 0x80:
			capitals++
			words++
		case chars.IsLower(c) && !bytes.HasPrefix(text[i:], chars.Bytes(mark.Prefix)): // what was scrubbed is no word more than before
			words++
		}
		if words > 2 || capitals > 1 {
			return true
		}
	}
	return false
}

// stateNames are the names of states that consist of several words.
var stateNames = map[string]bool{
	"New York": true, "New Jersey": true, "New Mexico": true, "New Hampshire": true, "North Carolina": true, "North Dakota": true,
	"South Carolina": true, "South Dakota": true, "West Virginia": true, "Rhode Island": true, "District of Columbia": true, "Puerto Rico": true,
}
