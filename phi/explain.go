package phi

import (
	"slices"
	"strconv"
	"strings"
)

// path returns where a node stands, such as data.name[0].family. Keys that are
// findings, or look like data, stand as *.
func (e *emitter) path(n *node) string {
	if n == nil { // free text
		return e.in.path
	}
	nodes := e.sc.nodes
	target := int32(slices.IndexFunc(nodes, func(o node) bool { return o.start == n.start && o.kind == n.kind }))
	b := []byte(e.in.path)
	for i := int32(0); i != target; {
		object := nodes[i].kind == kindObject
		at, value, index := i+1, i+1, 0
		for ; ; index++ {
			if value = at; object {
				value++
			}
			if target < nodes[value].next {
				break
			}
			at = nodes[value].next
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

func pathKey(src []byte, key *node) string {
	text := string(src[key.start:key.end])
	if key.escaped || key.role&roleMapKey != 0 || len(text) > 64 || !fieldName([]byte(strings.NewReplacer("-", "", ".", "").Replace(text))) {
		return "*"
	}
	return text
}

// detector names the rule by which a node got its category.
func (n *node) detector() string {
	if n == nil {
		return "text"
	}
	switch n.via {
	case viaSibling:
		return "sibling"
	case viaContainer:
		return "container"
	case viaPolicy:
		return "policy"
	}
	return "lexicon"
}
