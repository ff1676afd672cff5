package etl

import (
	"crypto/sha256"
	"slices"
	"testing"
)

func TestMerkleRoot(t *testing.T) {
	// By the definition of RFC 6962, section 2.1, by recursion.
	var define func(leaves []hash) hash
	define = func(leaves []hash) hash {
		switch len(leaves) {
		case 0:
			return sha256.Sum256(nil)
		case 1:
			return leaves[0]
		}
		k := 1
		for 2*k < len(leaves) {
			k *= 2
		}
		l, r := define(leaves[:k]), define(leaves[k:])
		return sha256.Sum256(slices.Concat([]byte{1}, l[:], r[:]))
	}
	var leaves []hash
	for n := range 70 {
		if want, got := define(leaves), merkleRoot(slices.Clone(leaves)); got != want {
			t.Fatalf("the root of %d leaves is %x, want %x", n, got, want)
		}
		leaves = append(leaves, sha256.Sum256([]byte{0, byte(n)}))
	}
}
