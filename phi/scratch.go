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
	part      []byte // what stands in place of a part of it
	view      *view  // nil while it is in use, and before it was
	replaced  []replacement
	known     knownValues
	scan      scanner
}

var scratchPool = sync.Pool{New: func() any { return new(scratch) }}

// How large buffers may be to be kept for the next call, in bytes. Those that
// hold some of the input are cleared by each call, so that they are kept small.
const (
	maxKept    = 4 << 20
	maxCleared = 256 << 10
)

func (sc *scratch) release() {
	if cap(sc.nodes)*20 > maxKept || cap(sc.out)+cap(sc.again)+cap(sc.value)+cap(sc.unescaped)+cap(sc.part) > maxCleared || sc.scan.large() {
		return
	}
	if sc.view != nil {
		if sc.view.size() > maxCleared {
			sc.view = nil
		} else {
			sc.view.clear()
		}
	}
	// Nothing of the input stays behind.
	sc.known.reset()
	sc.scan.text, sc.scan.known = "", nil
	for _, b := range [][]byte{sc.unescaped, sc.value, sc.out, sc.again, sc.part, sc.scan.plain.text} {
		clear(b[:cap(b)])
	}
	scratchPool.Put(sc)
}
