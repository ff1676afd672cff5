package lexicon

import (
	"sync/atomic"

	"github.com/carebus/carebus/phi/internal/chars"
	"github.com/carebus/carebus/phi/internal/words"
)

// A keyCache holds what keys or labels mean, so that those which come again need
// no thought. Only what is no data may stand in it. It is safe for concurrent
// use; its zero value is empty.
type keyCache [4096]atomic.Pointer[cachedKey]

// cacheWays is how many places of a cache a key may stand in.
const cacheWays = 4

// A cachedKey is a key and what it means. Keys of up to sixteen bytes are
// compared as two words.
type cachedKey struct {
	head, tail uint64
	size       int
	info       Meaning
	key        string
}

// find returns what is known of a key, or nil and where it may be put.
func (c *keyCache) find(key []byte) (hit *cachedKey, free uint32) {
	head, tail := chars.EightBytes(key, 0), uint64(0)
	h := words.HashBlock(words.HashStart, head)
	if len(key) > 8 {
		tail = chars.EightBytes(key, 8)
		h = words.HashBlock(h, tail)
		for i := 16; i < len(key); i += 8 {
			h = words.HashBlock(h, chars.EightBytes(key, i))
		}
	}
	at := words.FinishHash(h)
	for i := at; i < at+cacheWays; i++ {
		k := c[i%uint32(len(c))].Load()
		if k == nil {
			return nil, i
		}
		if k.head == head && k.tail == tail && k.size == len(key) && (len(key) <= 16 || k.key == string(key)) {
			return k, i
		}
	}
	return nil, at
}

// put notes what a key means, at the place that find has told.
func (c *keyCache) put(at uint32, key []byte, info Meaning) {
	k := &cachedKey{head: chars.EightBytes(key, 0), size: len(key), info: info, key: string(key)}
	if len(key) > 8 {
		k.tail = chars.EightBytes(key, 8)
	}
	c[at%uint32(len(c))].Store(k)
}
