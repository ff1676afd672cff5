package phi

import (
	"bytes"

	"github.com/carebus/carebus/phi/internal/chars"
	"github.com/carebus/carebus/phi/internal/lexicon"
	"github.com/carebus/carebus/phi/internal/words"
)

// Programs send a GraphQL document and the values of its variables apart
// (https://spec.graphql.org/October2021/#sec-Language.Variables):
//
//	{"query":"query F($n: String!) { client(lastName: $n) { id } }","variables":{"n":"…"}}

// graphVariables gives the variables in the object vars, whose own names say nothing, the
// meaning of the arguments for which they stand in the document beside it.
func (w *walker) graphVariables(vars int32, around *surroundings) {
	i := vars - 1
	for i >= 0 && !(w.sc.nodes[i].kind == kindObject && w.sc.nodes[i].next > vars) {
		i--
	}
	if i < 0 {
		return
	}
	doc := w.graphDocument(i)
	if doc == nil {
		return
	}
	nodes := w.sc.nodes
	for j := vars + 1; j < nodes[vars].next; j = nodes[j+1].next {
		key, child := &nodes[j], j+1
		if key.Mode == lexicon.Typed || key.Via == lexicon.ViaPolicy || nodes[child].kind != kindString && nodes[child].kind != kindNumber && nodes[child].kind != kindArray {
			continue
		}
		if k := w.argumentOf(doc, w.text(key)); k.Mode == lexicon.Typed {
			k.Via = lexicon.ViaSibling
			w.value(child, &k, around)
		}
	}
}

// graphDocument returns the text of the GraphQL document in the object at i, or nil.
func (w *walker) graphDocument(i int32) []byte {
	for _, name := range []string{"query", "mutation", "document", "operation", "gql"} {
		if n := w.member(i, name); n != nil && n.kind == kindString && n.end-n.start < maxGraphDocument {
			if text := w.text(n); bytes.IndexByte(text, '$') >= 0 && bytes.IndexByte(text, '{') >= 0 {
				return text
			}
		}
	}
	return nil
}

// maxGraphDocument is how long a document is at most, in bytes, in which arguments are looked
// for.
const maxGraphDocument = 8 << 10

// argumentOf returns what the argument means for which a variable stands in a document:
// lastName in client(lastName: $n), or in {lastName: {eq: $n}}.
func (w *walker) argumentOf(doc, variable []byte) lexicon.Meaning {
	for at := 0; at < len(doc); {
		sign := bytes.IndexByte(doc[at:], '$')
		if sign < 0 {
			break
		}
		sign += at
		at = sign + 1
		if !bytes.HasPrefix(doc[at:], variable) || at+len(variable) < len(doc) && inGraphName(doc[at+len(variable)]) {
			continue
		}
		name, before := graphArgument(doc[:sign])
		if graphOperators.Has(name) {
			name, before = graphArgument(bytes.TrimRight(before, "{ \t\r\n"))
		}
		if len(name) == 0 {
			continue // where it is declared
		}
		k := w.s.rules.Lex.Lookup(name)
		if k.Mode != lexicon.Typed {
			before = bytes.TrimRight(before, " \t\r\n")
			if field, open := bytes.CutSuffix(before, []byte("(")); open { // client(name: $n)
				k = w.joined(lastGraphName(field), name)
			} else if i := bytes.LastIndexByte(before, '('); i >= 0 {
				k = w.joined(lastGraphName(before[:i]), name)
			}
		}
		if k.Mode == lexicon.Typed {
			return lexicon.Meaning{Mode: lexicon.Typed, Cat: k.Cat}
		}
	}
	return lexicon.Meaning{}
}

// graphArgument returns the name before the colon that ends a part of a document, and what
// stands before it; no name where there is no colon or where it is a variable's.
func graphArgument(doc []byte) (name, before []byte) {
	doc, colon := bytes.CutSuffix(bytes.TrimRight(doc, " \t\r\n"), []byte(":"))
	if !colon {
		return nil, doc
	}
	doc = bytes.TrimRight(doc, " \t\r\n")
	name = lastGraphName(doc)
	return name, doc[:len(doc)-len(name)]
}

// lastGraphName returns the name that a part of a document ends with.
func lastGraphName(doc []byte) []byte {
	doc = bytes.TrimRight(doc, " \t\r\n")
	i := len(doc)
	for i > 0 && inGraphName(doc[i-1]) {
		i--
	}
	return doc[i:]
}

func inGraphName(c byte) bool { return chars.IsLetter(c) || chars.IsDigit(c) || c == '_' }

// graphOperators compare what stands around them with a variable.
var graphOperators = words.KeySet("eq _eq equals equalTo in _in is like _like ilike _ilike contains startsWith starts_with gt gte lt lte _gt _gte _lt _lte")
