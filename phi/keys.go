package phi

import (
	"bytes"
	"strconv"
)

// key writes an object's key: {"jane@example.com": …} holds an identifier in
// it. Keys that read like the name of a field are passed over.
func (e *emitter) key(n *node) {
	text := e.src[n.start:n.end]
	if !n.escaped && n.role&roleMapKey == 0 && (n.field || fieldName(text)) {
		return
	}
	if n.escaped {
		text = e.content(n)
	}
	cat := None
	if n.role&roleMapKey != 0 && (absorbing(n.cat) || n.cat != None && !alreadyScrubbed(text)) {
		cat = n.cat
	} else if n.role&roleMapKey != 0 && e.s.actions[PersonID] != Keep && !alreadyScrubbed(text) { // {"patients": {"84711": …}}
		cat = PersonID
	}
	for _, sp := range e.s.scanText(&e.sc.scan, e.known, asString(text), modeText, nil) {
		if (cat == None || cat == PersonID) && e.s.actions[sp.Category] != Keep {
			cat = sp.Category
		}
	}
	if cat == None {
		return
	}
	n.role |= roleMapKey // its path shows *
	action := e.s.actions[cat]
	if action == Pseudonym {
		e.sc.out = e.s.tokens.append(e.sc.out[:0], e.in.tenant, cat, text)
		if e.tokens[string(e.sc.out)] { // 88-412 and 88412 are one, and two keys
			action = Redact
		}
	}
	if action == Pseudonym {
		if e.tokens == nil {
			e.tokens = map[string]bool{}
		}
		e.tokens[string(e.sc.out)] = true
	} else {
		action = Redact
		e.sc.out = e.uniqueKey(e.sc.out[:0], cat)
	}
	e.replaceText(n, e.sc.out)
	e.hit(n, cat, "key", action)
}

// uniqueKey appends a placeholder that no other key of the event is:
// [EMAIL], [EMAIL:2].
func (e *emitter) uniqueKey(dst []byte, cat Category) []byte {
	p := placeholders[cat]
	for {
		e.keys++
		dst = append(dst[:0], p...)
		if e.keys > 1 {
			dst = append(dst[:len(p)-1], ':')
			dst = strconv.AppendInt(dst, int64(e.keys), 10)
			dst = append(dst, ']')
		}
		if bytes.IndexByte(e.src, '[') < 0 || !bytes.Contains(e.src, dst) {
			return dst
		}
	}
}

// fieldName reports whether a key reads like the name of a field: letters,
// underscores and the like, with fewer than five digits.
func fieldName(key []byte) bool {
	digits := 0
	for _, c := range key {
		switch {
		case isDigit(c):
			digits++
		case isLetter(c) || c == '_' || c == '$':
		default:
			return false
		}
	}
	return digits < 5
}
