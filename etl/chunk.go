package etl

import (
	"crypto/sha256"
	"runtime"
	"sync"

	"github.com/carebus/carebus/schema"
)

// A chunk is what one goroutine makes rows of at a time: some entries of a
// batch, one after another. Its buffers are used again.
type chunk struct {
	from, to int   // of the batch's entries
	rows     []row // one for each
	lines    []byte
	paths    []byte
	text     []byte         // scratch: scrubbed bytes of one entry
	path     []byte         // scratch: a partition
	found    map[string]int // by the scrubber, in those with a row
	ready    chan struct{}  // holds a token when the rows are made
}

// Where a chunk ends.
const (
	chunkEntries = 64
	chunkBytes   = 256 << 10 // of entries
)

// A row is an entry's line and where it belongs.
type row struct {
	refusal refusal // the zero refusal: it is among the events
	path    []byte  // folder of the lake, slash, partition
	line    []byte  // its JSON, with the line feed; empty when the entry is dropped
	class   schema.DataClass
	leaf    hash // of the Merkle tree
}

// rows makes the rows of a batch's entries, on all processors, and calls each
// in the order of the entries. What each is given is valid for the call.
func (d *builder) rows(b *batch, each func(i int, r *row)) {
	workers := runtime.GOMAXPROCS(0)
	for len(b.chunks) < 2*workers {
		b.chunks = append(b.chunks, &chunk{found: map[string]int{}, ready: make(chan struct{}, 1)})
	}
	work := make(chan *chunk, len(b.chunks))
	var wg sync.WaitGroup
	defer wg.Wait()
	defer close(work)

	next := 0 // the first entry without a chunk
	begin := func(c *chunk) bool {
		if next == len(b.entries) {
			return false
		}
		c.from, next = next, chunkEnd(b.entries, next)
		c.to = next
		work <- c
		return true
	}
	var pending []*chunk // in the order of their entries
	for _, c := range b.chunks {
		if begin(c) {
			pending = append(pending, c)
		}
	}
	for range min(workers, len(pending)) {
		wg.Go(func() {
			for c := range work {
				d.readChunk(c, b.entries, b.ids)
				c.ready <- struct{}{}
			}
		})
	}
	for len(pending) > 0 {
		c := pending[0]
		pending = pending[1:]
		<-c.ready
		for i := range c.rows {
			each(c.from+i, &c.rows[i])
		}
		addCounts(b.found, c.found)
		if begin(c) {
			pending = append(pending, c)
		}
	}
}

// chunkEnd returns where a chunk that begins at an entry ends.
func chunkEnd(entries []schema.Entry, from int) int {
	size, to := 0, from
	for to < len(entries) && to-from < chunkEntries && (to == from || size+len(entries[to].Data) <= chunkBytes) {
		size += len(entries[to].Data)
		to++
	}
	return to
}

// readChunk makes the rows of a chunk.
func (d *builder) readChunk(c *chunk, entries []schema.Entry, ids []entryID) {
	const keep = 4 * chunkBytes // larger buffers, of some large event, are not kept
	if cap(c.lines) > keep {
		c.lines = nil
	}
	if cap(c.text) > keep {
		c.text = nil
	}
	c.rows, c.lines, c.paths = c.rows[:0], c.lines[:0], c.paths[:0]
	clear(c.found)
	for i := c.from; i < c.to; i++ {
		c.rows = append(c.rows, d.row(c, entries[i], ids[i]))
	}
}

// row makes an entry's row.
func (d *builder) row(c *chunk, e schema.Entry, id entryID) row {
	r, text, f := d.read(e, id, c.text[:0])
	c.text = text
	if f == (refusal{}) && d.duplicate(r.ID, id) {
		f.transform = DroppedDuplicate
	}
	if f == (refusal{}) {
		c.path = append(append(c.path[:0], r.Table...), '/')
		table := len(c.path)
		if c.path = d.partition(c.path, &r); len(c.path) <= table || !validPartition(c.path[table:]) {
			f.reason = ReasonPartition
		}
	}
	out := row{refusal: f}
	c.lines = append(c.lines, 0) // what a leaf of the Merkle tree begins with
	leaf := len(c.lines) - 1
	switch {
	case f == (refusal{}):
		row := r.row()
		c.lines = row.AppendJSON(c.lines)
		out.class = r.DataClass
		addCounts(c.found, r.found)
	case f.reason != "":
		c.path = appendHour(append(c.path[:0], quarantineFolder+"/"...), id.published())
		row := quarantineRow(id, f, len(e.Data), d.environment)
		c.lines = row.AppendJSON(c.lines)
	}
	start := len(c.paths)
	c.paths = append(c.paths, c.path...)
	out.path, out.line = c.paths[start:], c.lines[leaf+1:]
	out.leaf = sha256.Sum256(c.lines[leaf:])
	return out
}
