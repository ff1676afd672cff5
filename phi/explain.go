package phi

import (
	"sort"
	"strconv"
	"strings"

	"github.com/carebus/carebus/phi/internal/lexicon"
)

// path returns where a node stands, such as data.name[0].family. Keys that are
// findings, or look like data, stand as *.
func (e *emitter) path(n *node) string {
	if n == nil { // free text
		return e.in.path
	}
	nodes := e.sc.nodes
	target := e.index(n)
	b := []byte(e.in.path)
	for i := int32(0); i != target; {
		object := nodes[i].kind == kindObject
		at, index := i+1, 0
		value := valueAt(at, object)
		for target >= nodes[value].next {
			at = nodes[value].next
			value = valueAt(at, object)
			index++
		}
		if object {
			if len(b) > 0 {
				b = append(b, '.')
			}
			b = append(b, pathKey(e.src, &nodes[at])...)
		} else {
			b = append(b, '[')
			b = strconv.AppendInt(b, int64(index), 10)
			b = append(b, ']')
		}
		if i = value; at == target { // a key
			break
		}
	}
	return string(b)
}

// index returns the index of a node.
func (e *emitter) index(n *node) int32 {
	nodes := e.sc.nodes
	i := int32(sort.Search(len(nodes), func(i int) bool { return nodes[i].start >= n.start })) // nodes stand in order
	for nodes[i].kind != n.kind {
		i++
	}
	return i
}

// valueAt returns the index of the value of the member at i, or of the element.
func valueAt(i int32, object bool) int32 {
	if object {
		return i + 1
	}
	return i
}

func pathKey(src []byte, key *node) string {
	text := string(src[key.start:key.end])
	if key.escaped ||
		key.Role&lexicon.RoleMapKey != 0 ||
		len(text) > 64 ||
		!lexicon.IsFieldName([]byte(strings.NewReplacer("-", "", ".", "").Replace(text))) {
		return "*"
	}
	return text
}

// detector names the rule by which a node got its category.
func (n *node) detector() string {
	if n == nil {
		return "text"
	}
	switch n.Via {
	case lexicon.ViaSibling:
		return "sibling"
	case lexicon.ViaContainer:
		return "container"
	case lexicon.ViaPolicy:
		return "policy"
	case lexicon.ViaSchema:
		return "schema"
	}
	return "lexicon"
}
