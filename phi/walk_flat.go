package phi

import (
	"bytes"

	"github.com/carebus/carebus/phi/internal/lexicon"
)

// Objects within objects may be written as one, whose keys are paths:
// {"extension[0].url": "latitude", "extension[0].valueDecimal": 42.1}.

// mayBePath reports whether the key of a member, which says nothing of its own value, may
// be a path.
func mayBePath(key, value *node, k *lexicon.Meaning) bool {
	return k.Mode != lexicon.Typed && !key.field && k.Via != lexicon.ViaPolicy && value.kind >= kindString
}

// flattened gives the member at j of the object at i the meaning that a neighbour tells of
// it, if its key is a path.
func (w *walker) flattened(i, before, j int32, k *lexicon.Meaning) {
	if bytes.IndexByte(w.text(&w.sc.nodes[j]), '.') <= 0 {
		return
	}
	if told := w.neighbour(i, before, j); told.Mode == lexicon.Typed {
		*k = told
	}
}

// neighbour returns what the member before the one at j of the object at i, or else the one
// behind it, says of its value, if they are of one object in what was flattened.
func (w *walker) neighbour(i, before, j int32) lexicon.Meaning {
	nodes := w.sc.nodes
	key := w.text(&nodes[j])
	own := pathBefore(key)
	if len(own) == 0 || !w.s.rules.Lex.Lookup(key[len(own):]).Is(lexicon.RoleValue) {
		return lexicon.Meaning{}
	}
	for _, at := range []int32{before, nodes[j+1].next} {
		if at == 0 || at >= nodes[i].next || nodes[at+1].kind != kindString || !bytes.Equal(pathBefore(w.text(&nodes[at])), own) {
			continue
		}
		if label := w.s.rules.Lex.Lookup(w.text(&nodes[at])[len(own):]); !label.Is(lexicon.RoleLabel) {
			continue
		}
		if k, ok := w.s.rules.Lex.Label(w.keyText(&nodes[at+1])); ok && k.Mode == lexicon.Typed {
			k.Role &^= lexicon.RoleMeta
			k.Via = lexicon.ViaSibling
			return k
		}
	}
	return lexicon.Meaning{}
}

// pathBefore returns a key up to the last of its parts, or nil when it has one only.
func pathBefore(key []byte) []byte {
	return key[:bytes.LastIndexByte(key, '.')+1]
}
