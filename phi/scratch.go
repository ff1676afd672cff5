package phi

import (
	"sync"

	"github.com/carebus/carebus/phi/internal/detect"
)

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
	found     bool   // whether the last pass over a text found something, which may stay
	replaced  []detect.Replacement
	delimited []delimited // the strings of rows whose columns stand beside them
	known     detect.Known
	scan      detect.Scanner
}

var scratchPool = sync.Pool{New: func() any { return new(scratch) }}

// How large buffers may be to be kept for the next call, in bytes. Those that
// hold some of the input are cleared by each call, so that they are kept small:
// what a long note needed would be cleared by each short event behind it.
const (
	maxKept    = 4 << 20
	maxCleared = 256 << 10
	minCleared = 8 << 10 // what is always kept
	maxRatio   = 16      // of what is kept to the size of the last input
)

// release puts a scratch, which an input of some bytes was scrubbed with, back to
// be used again.
func (sc *scratch) release(size int) {
	if cap(sc.nodes)*20 > maxKept || sc.scan.Size() > maxKept {
		return
	}
	sc.clear(size)
	scratchPool.Put(sc)
}

// clear overwrites what an input of some bytes has left: nothing of it stays
// behind. Buffers that are much larger than such an input asks for are given up.
func (sc *scratch) clear(size int) {
	sc.known.Reset()
	if len(sc.delimited) > 0 {
		clear(sc.delimited)
		sc.delimited = sc.delimited[:0]
	}
	sc.scan.Forget()
	kept := 0
	buffers := [...]*[]byte{&sc.unescaped, &sc.value, &sc.out, &sc.again, &sc.part, sc.scan.Buffer()}
	for _, b := range buffers {
		clear((*b)[:cap(*b)])
		kept += cap(*b)
	}
	if sc.view != nil {
		sc.view.clear()
		kept += sc.view.size()
	}
	if kept > max(minCleared, min(maxRatio*size, maxCleared)) {
		for _, b := range buffers {
			*b = nil
		}
		sc.view = nil
	}
}
