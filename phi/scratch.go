package phi

import "sync"

// A scratch holds the buffers of one call, so that calls that find nothing
// allocate nothing.
type scratch struct {
	nodes     []node
	unescaped []byte // a key or label without escapes
	value     []byte // a string value without escapes
	out       []byte // its scrubbed form
	again     []byte // the same before another pass
	known     knownValues
	scan      scanner
}

var scratchPool = sync.Pool{New: func() any { return new(scratch) }}

// maxKept is how large a buffer may be to be kept for the next call.
const maxKept = 4 << 20

func (sc *scratch) release() {
	if cap(sc.nodes)*20 > maxKept || cap(sc.out)+cap(sc.again) > maxKept || cap(sc.value) > maxKept || sc.scan.large() {
		return
	}
	// Nothing of the input stays behind.
	sc.known.reset()
	sc.scan.text, sc.scan.known = "", nil
	for _, b := range [][]byte{sc.unescaped, sc.value, sc.out, sc.again} {
		clear(b[:cap(b)])
	}
	scratchPool.Put(sc)
}
