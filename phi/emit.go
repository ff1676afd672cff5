package phi

import "unsafe"

// An emitter writes the scrubbed form of one value whose nodes have been
// classified. What stays is copied in runs.
type emitter struct {
	s      *Scrubber
	sc     *scratch
	src    []byte
	dst    []byte
	done   uint32 // bytes of src that have been dealt with
	tenant string
	level  int // of JSON within strings
	r      Report
	err    error
}

// asString views b as a string. b must not change while the string is in use.
func asString(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }

// maxNested is how deep JSON may stand in strings in JSON.
const maxNested = 4

func (e *emitter) run(from, to int32) {
	nodes := e.sc.nodes
	for i := from; i < to; i++ {
		switch n := &nodes[i]; n.kind {
		case kindKey:
			e.key(i)
		case kindString:
			e.str(n)
		case kindNumber:
			e.number(n)
		}
	}
}

// replace writes content in place of the bytes from start to end.
func (e *emitter) replace(start, end uint32, content []byte) {
	e.dst = append(e.dst, e.src[e.done:start]...)
	e.dst = append(e.dst, content...)
	e.done = end
}

func (e *emitter) finish() []byte {
	e.dst = append(e.dst, e.src[e.done:]...)
	return e.dst
}

// hit counts a finding.
func (e *emitter) hit(n *node, cat Category, detector string, action Action) {
	e.r.hit(cat)
	if e.s.explain {
		e.r.Findings = append(e.r.Findings, Finding{Path: e.path(n), Category: cat, Detector: detector, Action: action})
	}
}

// content returns a string's text without escapes.
func (e *emitter) content(n *node) []byte {
	b := e.src[n.start:n.end]
	if n.escaped {
		e.sc.value = appendUnquoted(e.sc.value[:0], b)
		return e.sc.value
	}
	return b
}

func (e *emitter) str(n *node) {
	if n.start == n.end || n.mode == modeKeep {
		return
	}
	text := e.content(n)
	switch n.mode {
	case modeTyped:
		e.typed(n, text)
	case modePath:
		e.ref(n, text)
	default:
		e.free(n, text)
	}
}

// typed writes a string whose key says what it is.
func (e *emitter) typed(n *node, text []byte) {
	action := e.s.actions[n.cat]
	if alreadyScrubbed(text) {
		if action != Keep && e.s.cfg.Profile == SafeHarbor && tokenAt(text) > 0 { // no derived codes
			e.replace(n.start, n.end, []byte(placeholders[n.cat]))
			e.hit(n, n.cat, "pseudonym", Redact)
		}
		return
	}
	switch n.cat {
	case PersonID:
		e.ref(n, text)
		return
	case URL:
		if isNamespace(asString(text)) {
			return
		}
	}
	if action == Keep {
		if n.cat != Date && n.cat != BirthDate || !looksLikeDate(text) {
			e.free(n, text)
		}
		return
	}
	out, changed := e.s.apply(e.sc.out[:0], applied{n.cat, action, true}, e.tenant, text)
	e.sc.out = out
	if changed {
		e.replaceText(n, out)
		e.hit(n, n.cat, "lexicon", action)
	}
}

// replaceText writes text in place of a string's content.
func (e *emitter) replaceText(n *node, text []byte) {
	e.dst = append(e.dst, e.src[e.done:n.start]...)
	e.dst = appendQuoted(e.dst, text)
	e.done = n.end
}

// number writes a number: under a key that says it is an identifier, null.
func (e *emitter) number(n *node) {
	text := e.src[n.start:n.end]
	if n.mode != modeTyped {
		if cat := hardNumber(text); cat != None && n.mode != modeKeep {
			e.replace(n.start, n.end, []byte("null"))
			e.hit(n, cat, "number", Drop)
		}
		return
	}
	action := e.s.actions[n.cat]
	switch n.cat {
	case PersonID:
		if action == Keep {
			return
		}
	case Age:
		if action == Keep || len(text) < 2 || len(text) == 2 && text[0] < '9' || text[0] == '-' {
			return
		}
	case Date, BirthDate:
		if action == Keep || len(text) == 4 && e.youngYear(text) {
			return
		}
	}
	if action == Keep {
		return
	}
	if action == Pseudonym {
		e.sc.out = append(e.sc.out[:0], '"')
		e.sc.out = e.s.tokens.append(e.sc.out, e.tenant, n.cat, text)
		e.sc.out = append(e.sc.out, '"')
		e.replace(n.start, n.end, e.sc.out)
	} else {
		e.replace(n.start, n.end, []byte("null"))
	}
	e.hit(n, n.cat, "lexicon", action)
}

func (e *emitter) youngYear(text []byte) bool {
	y := yearOf(text)
	return y > e.s.now().Year()-oldestAge
}

// free writes a string of free text.
func (e *emitter) free(n *node, text []byte) {
	if out, ok := e.embedded(n, text); ok {
		if out != nil {
			e.replaceText(n, out)
		}
		return
	}
	spans := e.s.scanText(&e.sc.scan, &e.sc.known, asString(text), n.mode)
	if len(spans) == 0 {
		return
	}
	out, changed := e.splice(n, e.sc.out[:0], text, spans)
	e.sc.out = out
	if changed {
		e.replaceText(n, out)
	}
}

// splice appends text to dst with the findings replaced.
func (e *emitter) splice(n *node, dst, text []byte, spans []Span) ([]byte, bool) {
	done, changed := 0, false
	for _, sp := range spans {
		action := e.s.actions[sp.Category]
		dst = append(dst, text[done:sp.Start]...)
		out, ok := e.s.apply(dst, applied{sp.Category, action, false}, e.tenant, text[sp.Start:sp.End])
		if ok {
			dst, changed = out, true
			e.hit(n, sp.Category, "text", action)
		} else {
			dst = append(dst, text[sp.Start:sp.End]...)
		}
		done = sp.End
	}
	return append(dst, text[done:]...), changed
}

// text appends the scrubbed form of a text to dst.
func (e *emitter) text(dst []byte, text string) []byte {
	spans := e.s.scanText(&e.sc.scan, &e.sc.known, text, modeText)
	if len(spans) == 0 {
		return append(dst, text...)
	}
	dst, _ = e.splice(nil, dst, []byte(text), spans)
	return dst
}

// embedded deals with strings that hold something other than text.
func (e *emitter) embedded(n *node, text []byte) (out []byte, ok bool) { return nil, false }

// ref writes an id of a person or a reference to one, such as Patient/42.
func (e *emitter) ref(n *node, text []byte) { e.free(n, text) }

// key writes an object's key: it may be an identifier itself.
func (e *emitter) key(i int32) {}

func (e *emitter) path(n *node) string { return "" }

func looksLikeDate(text []byte) bool { return len(text) < 40 && yearOf(text) != 0 }

func hardNumber(text []byte) Category { return None }
