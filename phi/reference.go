package phi

import (
	"bytes"

	"github.com/carebus/carebus/phi/internal/chars"
	"github.com/carebus/carebus/phi/internal/detect"
	"github.com/carebus/carebus/phi/internal/lexicon"
	"github.com/carebus/carebus/phi/internal/mark"
	"github.com/carebus/carebus/phi/internal/words"
)

// reference writes an id of a person, or a reference to a resource: 42,
// patient/42, Patient/42/_history/3, https://ehr.example/fhir/Patient/42.
func (e *emitter) reference(n *node, text []byte) {
	start, end, person := referredID(text, n.Mode == lexicon.Typed)
	if start == end {
		if n.Mode == lexicon.Typed && spaced(text) && !mark.HoldsPlaceholder(text) { // {"created_by": "jane roe"}
			n.Mode, n.Cat = lexicon.Hint, None
		}
		e.free(n, text)
		return
	}
	action := e.s.actions[PersonID]
	switch id := text[start:end]; {
	case mark.PseudonymAt(id) == len(id):
		if !e.s.rules.NoCodes {
			return
		}
	case mark.PlaceholderAt(id) == len(id):
		return
	case !person || action == Keep:
		if cat := namelike(words.Lists(), chars.String(id)); cat != None { // user/jane.doe
			e.replaceID(n, text, start, end, cat, e.s.actions[cat])
			return
		}
		if initialAndSurname(id) { // {"createdBy": "lquillfeather"}
			e.replaceID(n, text, start, end, OtherID, e.s.actions[OtherID])
			return
		}
		if detect.Dialled(chars.String(id)) {
			e.replaceID(n, text, start, end, Phone, e.s.actions[Phone])
			return
		}
		n.Mode = lexicon.Safe // an opaque id: only what is unmistakable is looked for
		if spaced(text) {
			n.Mode, n.Cat = lexicon.Text, None
		}
		e.free(n, text)
		return
	}
	e.replaceID(n, text, start, end, PersonID, action)
}

// replaceID writes a reference with another id. What stands before the id is
// scrubbed as text: the address of a server may itself be a finding.
func (e *emitter) replaceID(n *node, text []byte, start, end int, cat Category, action Action) {
	before := text[:start]
	out, changed := e.apply(append(e.sc.out[:0], before...), applied{cat, action, false}, text[start:end])
	e.sc.out = out
	if !changed {
		e.free(n, text)
		return
	}
	e.hit(n, cat, n.detector(), action)
	m := lexicon.Safe
	if spaced(before) {
		m = lexicon.Text
	}
	if m == lexicon.Text || bytes.IndexByte(before, ':') >= 0 {
		if clean, ok := e.prose(n, nil, before, m); ok {
			if clean[len(clean)-1] != before[start-1] { // fe80::1, of which the id alone is left
				e.replaceText(n, out[start:])
				return
			}
			out = append(clean, out[start:]...)
		}
	}
	e.replaceText(n, append(out, text[end:]...))
}

// referredID returns where the id in a reference stands, and whether it is a
// person's. typed says that the key tells so; an id may then stand alone. There is
// none in JSON, markup and messages.
func referredID(text []byte, typed bool) (start, end int, person bool) {
	in := chars.MakeupOf(text)
	end = len(text)
	if in.Has(chars.HasOther | chars.HasLessAmp | chars.HasBar) {
		if bytes.ContainsAny(text, `{}"<>|`) {
			return 0, 0, false
		}
		if i := bytes.IndexByte(text, '?'); i >= 0 {
			end = i
		}
		if i := bytes.IndexByte(text[:end], '#'); i >= 0 {
			end = i
		}
	}
	if in.Has(chars.HasUnderscore) {
		if i := bytes.IndexByte(text[:end], '_'); i > 0 && bytes.HasPrefix(text[i-1:end], []byte("/_history")) {
			end = i - 1
		}
	}
	start = bytes.LastIndexByte(text[:end], '/') + 1
	if start == 0 {
		start = bytes.LastIndexByte(text[:end], ':') + 1 // urn:uuid:…
		if !typed || spaced(text) && !spacedID(text) {
			return 0, 0, false
		}
		return start, end, true
	}
	kind := text[:start-1]
	kind = kind[bytes.LastIndexByte(kind, '/')+1:]
	if i := bytes.LastIndexByte(kind, ':'); i >= 0 {
		kind = kind[i+1:]
	}
	return start, end, personKind(kind) || typed && len(kind) == 0
}

func spaced(text []byte) bool {
	for _, c := range text {
		if c == ' ' || c == '\t' || c == '\n' {
			return true
		}
	}
	return false
}

// spacedID reports whether a text of several words is an id rather than prose:
// MR 84711, 84 711 002.
func spacedID(text []byte) bool {
	if mark.HoldsPlaceholder(text) || mark.HoldsPseudonym(text) {
		return false
	}
	digits, letters, spaces := 0, 0, 0
	for _, c := range text {
		switch {
		case chars.IsDigit(c):
			digits++
		case chars.IsLetter(c) || c >= 0x80:
			letters++
		case c == ' ' || c == '\t' || c == '\n':
			spaces++
		}
	}
	return digits >= 3 && (spaces <= 2 || digits >= letters)
}

// personKind reports whether what stands before an id says that it is a
// person's: patient, Practitioner, users.
func personKind(kind []byte) bool {
	if resourceEntity(kind) == lexicon.Person {
		return true
	}
	if !chars.MakeupOf(kind).Only(chars.HasHexLetter | chars.HasLetter) {
		var w lexicon.Words
		w.Split(kind)
		kind = w.Text[:w.Size]
	}
	of := lexicon.Standard().EntityOf(kind)
	return of == lexicon.Person
}

// namelike reports whether an id is made of a person's names, such as jane.doe:
// it is no opaque id then.
func namelike(lists *words.Table, id string) Category {
	given, surname, parts := false, false, 0
	for i := 0; i < len(id); {
		j := i
		for j < len(id) && (chars.IsLetter(id[j]) || id[j] >= 0x80) {
			j++
		}
		if j == i {
			i++
			continue
		}
		if j-i > 1 {
			f := lists.Get(words.Hash(id[i:j]))
			given = given || f.Given() >= words.Common
			surname = surname || f.Surname() >= words.Common && parts > 0
			parts++
		}
		i = j
	}
	if given && surname && parts <= 3 {
		return Name
	}
	return None
}
