package phi

import "sync/atomic"

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
	info       keyInfo
	key        string
}

// find returns what is known of a key, or nil and where it may be put.
func (c *keyCache) find(key []byte) (hit *cachedKey, free uint32) {
	head, tail := eightBytes(key, 0), uint64(0)
	h := foldBlock(foldStart, head)
	if len(key) > 8 {
		tail = eightBytes(key, 8)
		h = foldBlock(h, tail)
		for i := 16; i < len(key); i += 8 {
			h = foldBlock(h, eightBytes(key, i))
		}
	}
	at := finishFold(h)
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
func (c *keyCache) put(at uint32, key []byte, info keyInfo) {
	k := &cachedKey{head: eightBytes(key, 0), size: len(key), info: info, key: string(key)}
	if len(key) > 8 {
		k.tail = eightBytes(key, 8)
	}
	c[at%uint32(len(c))].Store(k)
}
