package etl

import "crypto/sha256"

// hash is a SHA-256.
type hash = [sha256.Size]byte

// merkleRoot returns the Merkle tree hash of RFC 6962, section 2.1, over leaf
// hashes, which it overwrites. The leaf hash of a row is SHA-256 of a zero byte
// and the row's line.
func merkleRoot(leaves []hash) hash {
	if len(leaves) == 0 {
		return sha256.Sum256(nil)
	}
	var node [1 + 2*sha256.Size]byte
	node[0] = 1
	for n := len(leaves); n > 1; n = (n + 1) / 2 {
		for i := 0; i < n; i += 2 {
			if i+1 == n {
				leaves[i/2] = leaves[i] // an odd one goes up as it is
				continue
			}
			copy(node[1:], leaves[i][:])
			copy(node[1+sha256.Size:], leaves[i+1][:])
			leaves[i/2] = sha256.Sum256(node[:])
		}
	}
	return leaves[0]
}
