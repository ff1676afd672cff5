package audit

import (
	"crypto/sha256"
	"math/bits"

	"golang.org/x/mod/sumdb/tlog"
)

// A tree is the right edge of a Merkle tree as in RFC 6962: the roots of the
// full subtrees that its size is the sum of, largest first. It takes 32 bytes
// for each bit of the size and knows the root at any time.
type tree struct {
	size  uint64
	edges []tlog.Hash
}

func (t *tree) append(leaf tlog.Hash) {
	for n := t.size; n&1 == 1; n >>= 1 {
		last := len(t.edges) - 1
		leaf = tlog.NodeHash(t.edges[last], leaf)
		t.edges = t.edges[:last]
	}
	t.edges = append(t.edges, leaf)
	t.size++
}

// root returns the root; that of no records is the hash of nothing.
func (t *tree) root() tlog.Hash {
	if t.size == 0 {
		return sha256.Sum256(nil)
	}
	h := t.edges[len(t.edges)-1]
	for i := len(t.edges) - 2; i >= 0; i-- {
		h = tlog.NodeHash(t.edges[i], h)
	}
	return h
}

// valid reports whether the edges are as many as the size asks for.
func (t *tree) valid() bool { return bits.OnesCount64(t.size) == len(t.edges) }

func (t *tree) clone() tree {
	return tree{t.size, append([]tlog.Hash(nil), t.edges...)}
}
