package phi

import (
	"bytes"

	"github.com/carebus/carebus/phi/internal/lexicon"
)

// Coded values say the same thing twice or more, as a code's display and as its
// text. What was scanned once and had nothing to find needn't be scanned again,
// as long as no values have been learned.

// cleanTexts are the last strings of an input in which nothing was found, each
// at a place that its size and first byte tell.
type cleanTexts struct {
	nodes [8]cleanText
	known int // how many values were known
}

type cleanText struct {
	start, end uint32
	mode       lexicon.Mode
	cat        Category
}

func (c *cleanTexts) at(e *emitter, n *node) *cleanText {
	return &c.nodes[(n.end-n.start+uint32(e.src[n.start]))%uint32(len(c.nodes))]
}

// has reports whether the string of n is one of them.
func (c *cleanTexts) has(e *emitter, n *node) bool {
	t := c.at(e, n)
	return t.end-t.start == n.end-n.start && t.mode == n.Mode && t.cat == n.Cat &&
		c.known == e.known.Size() && bytes.Equal(e.src[t.start:t.end], e.src[n.start:n.end])
}

// add notes that nothing was found in the string of n.
func (c *cleanTexts) add(e *emitter, n *node) {
	if n.escaped {
		return
	}
	if known := e.known.Size(); c.known != known {
		*c = cleanTexts{known: known}
	}
	*c.at(e, n) = cleanText{n.start, n.end, n.Mode, n.Cat}
}
