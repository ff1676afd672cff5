package phi

import (
	"encoding/binary"
	"math/bits"
	"slices"
	"unicode/utf8"

	"github.com/carebus/carebus/phi/internal/chars"
	"github.com/carebus/carebus/phi/internal/lexicon"
)

// Limits of one JSON value. What exceeds them is refused.
const (
	maxDepth = 256     // nesting of arrays and objects
	maxInput = 1 << 30 // bytes
)

type nodeKind uint8

const (
	kindObject nodeKind = iota + 1
	kindArray
	kindKey
	kindString
	kindNumber
	kindBool
	kindNull
)

// A node is one key or value of the input. Nodes stand in document order: an
// object is followed by its keys, each followed by its value.
type node struct {
	start, end      uint32 // bytes of the value; of a string without its quotes
	next            int32  // index of the first node behind this one's subtree
	kind            nodeKind
	escaped         bool // a string that holds a backslash
	field           bool // a key that is known to read like the name of a field
	lexicon.Meaning      // what a key means; of a value its mode and category, and how that was found
}

// parse splits src into nodes. It accepts exactly the JSON of RFC 8259 in
// UTF-8, one value, nested at most maxDepth deep. Errors say what is wrong,
// never what stands there.
func parse(nodes []node, src []byte) ([]node, error) {
	if err := admissible(src); err != nil {
		return nodes, err
	}
	return parseFrom(nodes, src, skipSpace(src, 0), -1, 0)
}

// admissible reports whether src may be looked at as JSON.
func admissible(src []byte) error {
	switch {
	case len(src) > maxInput:
		return errTooLarge
	case !utf8.Valid(src):
		return errUTF8
	}
	return nil
}

// parseFrom is parse from the value at i on, with the nodes before it. open is the
// node of the innermost open container, whose next is that of the one around it,
// and -1 of none; depth is how many are open.
func parseFrom(nodes []node, src []byte, i int, open int32, depth int) ([]node, error) {
value:
	if i >= len(src) {
		return nodes, errSyntax
	}
	switch c := src[i]; {
	case c == '"':
		end, escaped, ok := stringEnd(src, i+1)
		if !ok {
			return nodes, errSyntax
		}
		nodes = appendNode(nodes, i+1, end, kindString)
		nodes[len(nodes)-1].escaped = escaped
		i = end + 1
	case c == '{' || c == '[':
		if depth == maxDepth {
			return nodes, errTooDeep
		}
		kind := kindObject
		if c == '[' {
			kind = kindArray
		}
		depth++
		nodes = appendNode(nodes, i, 0, kind)
		nodes[len(nodes)-1].next = open
		open = int32(len(nodes) - 1)
		i = skipSpace(src, i+1)
		if i < len(src) && src[i] == c+2 { // '{'+2 is '}', '['+2 is ']'
			goto closing
		}
		if c == '{' {
			goto key
		}
		goto value
	case c == '-' || chars.IsDigit(c):
		end, ok := numberEnd(src, i)
		if !ok {
			return nodes, errSyntax
		}
		nodes = appendNode(nodes, i, end, kindNumber)
		i = end
	default:
		end, kind := wordEnd(src, i)
		if kind == 0 {
			return nodes, errSyntax
		}
		nodes = appendNode(nodes, i, end, kind)
		i = end
	}
after:
	i = skipSpace(src, i)
	if depth == 0 {
		if i != len(src) {
			return nodes, errSyntax
		}
		return nodes, nil
	}
	if i >= len(src) {
		return nodes, errSyntax
	}
	switch inObject := nodes[open].kind == kindObject; {
	case src[i] == ',':
		i = skipSpace(src, i+1)
		if inObject {
			goto key
		}
		goto value
	case inObject && src[i] == '}', !inObject && src[i] == ']':
		goto closing
	}
	return nodes, errSyntax
key:
	if i >= len(src) || src[i] != '"' {
		return nodes, errSyntax
	}
	{
		end, escaped, ok := stringEnd(src, i+1)
		if !ok {
			return nodes, errSyntax
		}
		nodes = appendNode(nodes, i+1, end, kindKey)
		nodes[len(nodes)-1].escaped = escaped
		i = skipSpace(src, end+1)
	}
	if i >= len(src) || src[i] != ':' {
		return nodes, errSyntax
	}
	i = skipSpace(src, i+1)
	goto value
closing:
	depth--
	{
		n := &nodes[open]
		n.end = uint32(i + 1)
		open, n.next = n.next, int32(len(nodes))
	}
	i++
	goto after
}

// appendNode appends a node without members. A node that is set in place is
// much cheaper than one that is copied.
func appendNode(nodes []node, start, end int, kind nodeKind) []node {
	if len(nodes) == cap(nodes) {
		nodes = slices.Grow(nodes, 32)
	}
	nodes = nodes[:len(nodes)+1]
	n := &nodes[len(nodes)-1]
	*n = node{}
	n.start, n.end, n.next, n.kind = uint32(start), uint32(end), int32(len(nodes)), kind
	return nodes
}

func skipSpace(b []byte, i int) int {
	for i < len(b) && (b[i] == ' ' || b[i] == '\n' || b[i] == '\t' || b[i] == '\r') {
		i++
	}
	return i
}

// plainLength returns the index of the first byte from i on that can't stand in
// a JSON string as it is, or len(b): a quote, a backslash or a control
// character. Eight bytes at a time are searched.
func plainLength(b []byte, i int) int {
	for ; i+8 <= len(b); i += 8 {
		w := binary.LittleEndian.Uint64(b[i:])
		quote := w ^ chars.LowBits*'"'
		slash := w ^ chars.LowBits*'\\'
		stop := (quote - chars.LowBits) &^ quote
		stop |= (slash - chars.LowBits) &^ slash
		stop |= (w - chars.LowBits*0x20) &^ w
		if stop &= chars.HighBits; stop != 0 {
			return i + bits.TrailingZeros64(stop)>>3
		}
	}
	for i < len(b) && b[i] >= 0x20 && b[i] != '"' && b[i] != '\\' {
		i++
	}
	return i
}

// stringEnd returns the index of the closing quote of a string whose first
// byte is at i.
func stringEnd(b []byte, i int) (end int, escaped, ok bool) {
	for {
		i = plainLength(b, i)
		if i >= len(b) || b[i] < 0x20 {
			return 0, false, false
		}
		if b[i] == '"' {
			return i, escaped, true
		}
		escaped = true
		if i+1 >= len(b) {
			return 0, false, false
		}
		switch b[i+1] {
		case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
			i += 2
		case 'u':
			if i+6 > len(b) ||
				!chars.IsHex(b[i+2]) ||
				!chars.IsHex(b[i+3]) ||
				!chars.IsHex(b[i+4]) ||
				!chars.IsHex(b[i+5]) {
				return 0, false, false
			}
			i += 6
		default:
			return 0, false, false
		}
	}
}

func numberEnd(b []byte, i int) (int, bool) {
	if b[i] == '-' {
		i++
	}
	if i >= len(b) || !chars.IsDigit(b[i]) {
		return 0, false
	}
	if b[i] == '0' {
		i++
	} else {
		i = skipDigits(b, i)
	}
	if i < len(b) && b[i] == '.' {
		i++
		if i >= len(b) || !chars.IsDigit(b[i]) {
			return 0, false
		}
		i = skipDigits(b, i)
	}
	if i < len(b) && b[i]|0x20 == 'e' {
		i++
		if i < len(b) && (b[i] == '+' || b[i] == '-') {
			i++
		}
		if i >= len(b) || !chars.IsDigit(b[i]) {
			return 0, false
		}
		i = skipDigits(b, i)
	}
	return i, true
}

func skipDigits(b []byte, i int) int {
	for i < len(b) && chars.IsDigit(b[i]) {
		i++
	}
	return i
}

func wordEnd(b []byte, i int) (int, nodeKind) {
	switch {
	case i+4 <= len(b) && string(b[i:i+4]) == "true":
		return i + 4, kindBool
	case i+4 <= len(b) && string(b[i:i+4]) == "null":
		return i + 4, kindNull
	case i+5 <= len(b) && string(b[i:i+5]) == "false":
		return i + 5, kindBool
	}
	return i, 0
}
