package phi

import (
	"bytes"
	"strconv"

	"github.com/carebus/carebus/phi/internal/category"
	"github.com/carebus/carebus/phi/internal/chars"
	"github.com/carebus/carebus/phi/internal/lexicon"
	"github.com/carebus/carebus/phi/internal/mark"
)

// key writes an object's key: {"jane@example.com": …} holds an identifier in
// it. Keys that read like the name of a field are passed over.
func (e *emitter) key(n *node) {
	text := e.src[n.start:n.end]
	if !n.escaped && n.Role&lexicon.RoleMapKey == 0 && (n.field || lexicon.IsFieldName(text)) {
		return
	}
	if n.escaped {
		text = e.content(n)
	}
	if n.Role&lexicon.RoleMapKey == 0 && e.s.rules.Lex.NamesField(text) {
		return
	}
	cat := None
	if n.Role&lexicon.RoleMapKey != 0 && (category.Absorbing(n.Cat) || n.Cat != None && !mark.Scrubbed(text)) {
		cat = n.Cat
	} else if n.Role&lexicon.RoleMapKey != 0 && e.s.actions[PersonID] != Keep && !mark.Scrubbed(text) { // {"patients": {"84711": …}}
		cat = PersonID
	}
	for _, sp := range e.sc.scan.Find(&e.s.rules, e.known, chars.String(text), lexicon.Text, nil) {
		if (cat == None || cat == PersonID) && e.s.actions[sp.Category] != Keep {
			cat = sp.Category
		}
	}
	if cat == None {
		return
	}
	n.Role |= lexicon.RoleMapKey // its path shows *
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
	p := mark.Placeholders[cat]
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
