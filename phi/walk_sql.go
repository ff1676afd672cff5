package phi

import (
	"bytes"

	"github.com/carebus/carebus/phi/internal/chars"
	"github.com/carebus/carebus/phi/internal/lexicon"
)

// Programs log a statement and what is bound to its parameters apart:
//
//	{"sql":"SELECT id FROM patients WHERE last_name = ? AND mrn = ?","params":["…","…"]}

// boundColumns returns what the columns hold to which the parameters of the
// statement in the object at i are bound, in their order; nil when there is none.
func (w *walker) boundColumns(i int32) []lexicon.Meaning {
	for _, name := range []string{"sql", "query", "statement", "stmt"} {
		n := w.member(i, name)
		if n == nil || n.kind != kindString {
			continue
		}
		if text := w.keyText(n); len(text) < 4096 && bytes.ContainsAny(text, "?$") && hasVerb(text) {
			return w.parameters(text)
		}
	}
	return nil
}

// hasVerb reports whether a statement is one of SQL that has parameters.
func hasVerb(text []byte) bool {
	verb, _, _ := bytes.Cut(bytes.TrimSpace(text), []byte(" "))
	switch chars.String(bytes.ToLower(verb)) {
	case "select", "insert", "update", "delete", "merge", "with", "call", "exec":
		return true
	}
	return false
}

// parameters returns what the columns hold that a statement's parameters stand for,
// or nil if that tells of none.
func (w *walker) parameters(text []byte) []lexicon.Meaning {
	r := sqlReader{lex: w.s.rules.Lex, src: text, bound: true}
	r.read()
	var cols []lexicon.Meaning
	declared := false
	for _, v := range r.values {
		if v.param < 0 || v.param >= maxColumns {
			continue
		}
		for len(cols) <= v.param {
			cols = append(cols, lexicon.Meaning{})
		}
		cols[v.param] = v.col
		declared = declared || v.col.Mode == lexicon.Typed
	}
	if !declared {
		return nil
	}
	return cols
}
