package phi

import (
	"github.com/carebus/carebus/phi/internal/lexicon"
	"github.com/carebus/carebus/phi/internal/words"
)

// Forms define their questions in one place and refer to them in another:
// {"questions":[{"id":"q1","text":"Date of birth"}],"answers":[{"question_id":"q1","value":"…"}]},
// {"field":{"id":"q1"},"text":"…"}.

// definedLabel returns what the definition of a question says of the answer whose label, at i,
// refers to it: by an object with its id, or by the id under a key that says so.
func (w *walker) definedLabel(key *node, i int32) (lexicon.Meaning, bool) {
	at := &w.sc.nodes[i]
	switch {
	case at.kind == kindObject && askedIn.Has(w.text(key)):
		if at = w.firstOf(i, definedBy); at == nil {
			return lexicon.Meaning{}, false
		}
	case at.kind != kindString && at.kind != kindNumber || !askedBy.Has(w.text(key)):
		return lexicon.Meaning{}, false
	}
	if w.defined == nil {
		w.defined = w.definitions()
	}
	l, ok := w.defined[string(w.text(at))]
	return l, ok
}

// definitions returns what the questions say that the input defines, by their ids.
func (w *walker) definitions() map[string]lexicon.Meaning {
	defined := map[string]lexicon.Meaning{}
	for i := range w.sc.nodes {
		if w.sc.nodes[i].kind != kindObject {
			continue
		}
		id, text := w.firstOf(int32(i), definedBy), w.firstOf(int32(i), definedAs)
		if id == nil || text == nil || text.kind != kindString || id.kind != kindString && id.kind != kindNumber ||
			w.firstOf(int32(i), answered) != nil {
			continue
		}
		if l, ok := w.s.rules.Lex.Label(w.keyText(text)); ok && l.Mode == lexicon.Typed {
			defined[string(w.text(id))] = l
		}
	}
	return defined
}

// firstOf returns the value of the first member of the object at i whose key is in a set, or nil.
func (w *walker) firstOf(i int32, keys *words.Dictionary[bool]) *node {
	nodes := w.sc.nodes
	for j := i + 1; j < nodes[i].next; j = nodes[j+1].next {
		if keys.Has(w.text(&nodes[j])) {
			return &nodes[j+1]
		}
	}
	return nil
}

// askedIn and askedBy are keys that refer to a question, by an object and by its id; definedBy
// and definedAs are those of its id and of what it asks, where it is defined; answered are those
// of an answer, which defines none.
var (
	askedIn   = words.KeySet("field question item column")
	askedBy   = words.KeySet("questionId question_id questionID fieldId field_id fieldID linkId link_id")
	definedBy = words.KeySet("id questionId question_id fieldId field_id linkId")
	answered  = words.KeySet("value values answer answers response responses")
	definedAs = words.KeySet("title text question label heading prompt questionText question_text")
)
