package phi

import (
	"bytes"
	"net/url"

	"github.com/carebus/carebus/phi/internal/lexicon"
	"github.com/carebus/carebus/phi/internal/mark"
)

// isForm reports whether text is a form or the query of a URL,
// application/x-www-form-urlencoded: first_name=Ann&ssn=078-05-1120.
func isForm(text []byte) bool {
	if len(text) > 64<<10 || bytes.IndexByte(text, '&') < 0 || bytes.ContainsAny(text, " \t\r\n<>\"{}") {
		return false
	}
	for pair := range bytes.SplitSeq(text, []byte("&")) {
		name, _, ok := bytes.Cut(pair, []byte("="))
		if !ok || len(name) == 0 || len(name) > 64 || bytes.IndexByte(name, ';') >= 0 {
			return false
		}
	}
	return true
}

// form scrubs a form: each value by its name, or as text.
func (e *emitter) form(n *node, dst, text []byte) (_ []byte, changed bool) {
	first := true
	person := e.ofPerson(text)
	for pair := range bytes.SplitSeq(text, []byte("&")) {
		if !first {
			dst = append(dst, '&')
		}
		first = false
		name, value, _ := bytes.Cut(pair, []byte("="))
		dst = append(append(dst, name...), '=')
		out, ok := e.formValue(n, name, value, person)
		if !ok {
			dst = append(dst, value...)
			continue
		}
		dst = append(dst, url.QueryEscape(string(out))...)
		changed = true
	}
	return dst, changed
}

// ofPerson reports whether a form tells of a person: one of its fields does, such as dob, or
// it has first and last.
func (e *emitter) ofPerson(form []byte) bool {
	ends := uint8(0)
	for pair := range bytes.SplitSeq(form, []byte("&")) {
		name, _, _ := bytes.Cut(pair, []byte("="))
		k := e.s.rules.Lex.Classify(name)
		if k.Mode == lexicon.Typed && tellsPerson(k.Cat) {
			return true
		}
		ends |= endOf(name)
	}
	return ends == firstMember|lastMember
}

// formValue scrubs the value of a field of a form, or returns false if nothing changes.
// person says that the form tells of one.
func (e *emitter) formValue(n *node, name, value []byte, person bool) (out []byte, changed bool) {
	plain, err := url.QueryUnescape(string(value))
	if err != nil {
		plain = string(value)
	}
	key, err := url.QueryUnescape(string(name))
	if err != nil {
		key = string(name)
	}
	text := []byte(plain)
	if mark.Scrubbed(text) || len(text) == 0 {
		return nil, false
	}
	k := e.s.rules.Lex.Classify([]byte(key))
	if person && k.Mode != lexicon.Typed && (k.Is(lexicon.RolePersonName) || endOf([]byte(key)) != 0) {
		k.Mode, k.Cat = lexicon.Typed, Name
	}
	if k.Mode == lexicon.Typed {
		action := e.s.actions[k.Cat]
		e.learn(text, k.Cat)
		if out, changed = e.apply(nil, applied{k.Cat, action, true}, text); changed {
			e.hit(n, k.Cat, "form", action)
		}
		return out, changed
	}
	if k.Hints() || k.Is(lexicon.RolePersonName) {
		return e.prose(n, nil, text, lexicon.Hint)
	}
	return e.prose(n, nil, text, lexicon.Text)
}
