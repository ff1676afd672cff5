package audit

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"hash"
)

// A digest is a MAC of the chain.
type digest [sha256.Size]byte

const (
	minKey  = 32
	ratchet = "carebus/audit/ratchet/1"
)

// NewKey returns a new auditor's key, K(0).
func NewKey() []byte {
	key := make([]byte, minKey)
	rand.Read(key) // never fails: crypto/rand
	return key
}

// A chain computes the MACs of one epoch's records, each over its predecessor.
type chain struct {
	epoch uint64
	key   []byte
	mac   hash.Hash
	last  digest
}

func newChain(epoch uint64, key []byte, last digest) *chain {
	key = append([]byte(nil), key...)
	return &chain{epoch: epoch, key: key, mac: hmac.New(sha256.New, key), last: last}
}

// next returns the MAC of the record with that body and moves on to it.
func (c *chain) next(body []byte) *digest {
	c.mac.Reset()
	c.mac.Write(c.last[:])
	c.mac.Write(body)
	c.mac.Sum(c.last[:0])
	return &c.last
}

// ratchet returns the chain of the next epoch and erases this one's key as far
// as the language lets it.
func (c *chain) ratchet() *chain {
	next := newChain(c.epoch+1, nextKey(c.key), c.last)
	clear(c.key)
	c.mac = nil
	return next
}

// nextKey is the one-way step from one epoch's key to the next.
func nextKey(key []byte) []byte {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(ratchet))
	return mac.Sum(nil)
}
