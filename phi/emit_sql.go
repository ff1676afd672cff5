package phi

import (
	"bytes"

	"github.com/carebus/carebus/phi/internal/chars"
)

// Statements and the errors of databases hold literals. What a column declares is
// replaced; what stands behind none is scanned as text.

// isSQL reports whether text may hold a statement with literals.
func isSQL(text []byte, in chars.Makeup) bool {
	for i := bytes.IndexByte(text, '\''); i >= 0; {
		before := bytes.TrimRight(text[max(0, i-16):i], " ")
		if len(before) > 0 && bytes.IndexByte([]byte("=(<>,"), before[len(before)-1]) >= 0 ||
			endsFold(before, "like") ||
			endsFold(before, "between") {
			for _, word := range []string{"values", "where ", "set ", "and ", "having "} {
				if containsFold(text, word) {
					return true
				}
			}
			return false
		}
		next := bytes.IndexByte(text[i+1:], '\'')
		if next < 0 {
			break
		}
		i += next + 1
	}
	return in.Has(chars.HasEquals) && bytes.Contains(text, []byte(")=(")) // Key (email)=(…) already exists
}

func endsFold(text []byte, word string) bool {
	return len(text) >= len(word) && bytes.EqualFold(text[len(text)-len(word):], chars.Bytes(word))
}

// containsFold reports whether text holds a word in small letters, in any case.
func containsFold(text []byte, word string) bool {
	for i := 0; i+len(word) <= len(text); i++ {
		if text[i]|0x20 == word[0] && bytes.EqualFold(text[i:i+len(word)], chars.Bytes(word)) &&
			(i == 0 || !chars.IsLetter(text[i-1])) {
			return true
		}
	}
	return false
}

// sql replaces the literals of a text that columns declare. ok is false when
// there are none.
func (e *emitter) sql(n *node, text []byte) (out []byte, ok bool) {
	r := sqlReader{lex: e.s.rules.Lex, src: text}
	r.read()
	done := 0
	for _, v := range r.values {
		cat, value := v.col.Cat, text[v.start:v.end]
		if v.kind == sqlNumber && (e.allowedNumber(cat, value) || isCount(cat, value)) {
			continue
		}
		plain := bytes.Trim(bytes.ReplaceAll(value, []byte("''"), []byte("'")), "%")
		action := e.s.actions[cat]
		mark, ok := e.apply(nil, applied{cat, action, false}, plain)
		if !ok {
			continue
		}
		e.learn(plain, cat)
		e.hit(n, cat, "sql", action)
		out = append(append(out, text[done:v.start]...), mark...)
		done = v.end
	}
	if done == 0 {
		return nil, false
	}
	return append(out, text[done:]...), true
}
