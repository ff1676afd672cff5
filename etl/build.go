package etl

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"runtime"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/carebus/carebus/schema"
)

// maxObjectLines is where an object ends and the next part begins: lines
// before encoding.
const maxObjectLines = 128 << 20

// A batch is a range of a log made into objects. Its buffers are used again
// for later batches.
type batch struct {
	after   string
	entries []schema.Entry
	ids     []entryID
	objects []*object
	refused map[refusal][]int // entries without a row among the events
	leaves  []hash
	root    hash
	found   map[string]int // by the scrubber, by category

	groups map[string]*object // the part being filled, by partition
	spare  []*object          // objects of earlier batches, for their buffers
	chunks []*chunk           // scratch of those who make rows
}

// An object is one object of a batch or of a plan that is rebuilt.
type object struct {
	folder    string // of the lake: a table or the quarantine
	partition string
	part      int
	lines     []byte
	entries   []int // indices in the batch
	class     schema.DataClass
	sum       string
	body      []byte
}

func newBatch() *batch {
	return &batch{groups: map[string]*object{}, refused: map[refusal][]int{}, found: map[string]int{}}
}

func (b *batch) reset(after string, entries []schema.Entry, ids []entryID) {
	b.after, b.entries, b.ids = after, entries, ids
	b.recycle()
	b.leaves = b.leaves[:0]
	clear(b.groups)
	clear(b.refused)
	clear(b.found)
}

// recycle makes the objects of the batch before spare ones. Their buffers have
// the size of the largest object that each ever was, so what is kept of them is
// bounded by what the batch used: else each would grow, in time, to a whole batch.
func (b *batch) recycle() {
	used, kept := 0, 0
	for _, o := range b.objects {
		used += len(o.lines) + len(o.body) + wordSize*len(o.entries)
	}
	b.spare = append(b.spare, b.objects...)
	b.objects = b.objects[:0]
	for _, o := range slices.Backward(b.spare) { // those that were used last are used next
		size := cap(o.lines) + cap(o.body) + wordSize*cap(o.entries)
		if kept+size > 3*used+minKept {
			*o = object{}
			continue
		}
		kept += size
	}
}

const (
	minKept  = 1 << 20 // bytes of buffers that a batch may always keep
	wordSize = 8       // of an index
)

// last is the id of the last entry, or where the batch begins if it is empty.
func (b *batch) last() string {
	if len(b.entries) == 0 {
		return b.after
	}
	return b.entries[len(b.entries)-1].ID
}

// A builder makes batches of entries: the pure core of the pipeline. What it
// builds depends on the entries and its settings alone.
type builder struct {
	recordReader
	seen        map[string]struct{} // events of a [PlanGuard], by their ids
	until       entryID             // of the guard
	partitioner Partitioner
	encoder     Encoder
}

// build makes the objects of entries, one at least each.
func (d *builder) build(b *batch, after string, entries []schema.Entry, ids []entryID) error {
	b.reset(after, entries, ids)
	d.rows(b, b.add)
	b.root = merkleRoot(b.leaves)
	slices.SortFunc(b.objects, func(x, y *object) int {
		return cmp.Or(cmp.Compare(x.folder, y.folder), cmp.Compare(x.partition, y.partition), cmp.Compare(x.part, y.part))
	})
	var g errgroup.Group
	g.SetLimit(runtime.GOMAXPROCS(0))
	for _, o := range b.objects {
		g.Go(func() error { return o.finish(d.encoder) })
	}
	return g.Wait()
}

// add adds an entry's row to its object.
func (b *batch) add(i int, r *row) {
	b.leaves = append(b.leaves, r.leaf)
	if r.refusal != (refusal{}) {
		b.refused[r.refusal] = append(b.refused[r.refusal], i)
		if r.refusal.reason == "" {
			return
		}
	}
	o := b.object(r.path)
	o.lines = append(o.lines, r.line...)
	o.entries = append(o.entries, i)
	o.class = moreSensitive(o.class, r.class)
}

// partition calls the partitioner, and takes a panic for no path: one event must
// not stop all others.
func (d *builder) partition(dst []byte, r *Record) (path []byte) {
	defer func() {
		if recover() != nil {
			path = nil
		}
	}()
	return d.partitioner.AppendPartition(dst, r)
}

func quarantineRow(id entryID, f refusal, size int, environment string) QuarantineRow {
	return QuarantineRow{id.String(), f.reason, f.transform, size, environment, id.published()}
}

// duplicate reports whether an entry is a second try at publishing an event
// that is in the lake.
func (d *builder) duplicate(event string, id entryID) bool {
	if len(d.seen) == 0 || d.until.less(id) {
		return false
	}
	_, ok := d.seen[event]
	return ok
}

// object returns the object that the next row of a path, a folder of the lake and
// a partition, goes to.
func (b *batch) object(at []byte) *object {
	o := b.groups[string(at)]
	if o != nil && len(o.lines) < maxObjectLines {
		return o
	}
	part := 0
	if o != nil {
		part = o.part + 1
	}
	path := string(at)
	if n := len(b.spare); n > 0 {
		o = b.spare[n-1]
		b.spare = b.spare[:n-1]
		*o = object{lines: o.lines[:0], entries: o.entries[:0], body: o.body[:0]}
	} else {
		o = new(object)
	}
	o.part = part
	o.folder, o.partition, _ = strings.Cut(path, "/")
	b.groups[path] = o
	b.objects = append(b.objects, o)
	return o
}

// finish hashes and encodes the lines.
func (o *object) finish(e Encoder) error {
	sum := sha256.Sum256(o.lines)
	o.sum = hex.EncodeToString(sum[:])
	body, err := encode(e, o.body[:0], o.lines)
	if err != nil {
		return fmt.Errorf("etl: encode an object: %w", err)
	}
	o.body = body
	return nil
}

// moreSensitive returns the more sensitive of two data classes.
func moreSensitive(a, b schema.DataClass) schema.DataClass {
	if classRank(b) > classRank(a) {
		return b
	}
	return a
}

func classRank(c schema.DataClass) int {
	switch c {
	case schema.DataPublic:
		return 1
	case schema.DataInternal:
		return 2
	case schema.DataConfidential:
		return 3
	case schema.DataRestricted:
		return 4
	}
	return 0
}

// plan returns the plan of a batch as number n of a log.
func (d *builder) plan(b *batch, l layout, log string, n uint64, previous, policy string) *Plan {
	p := &Plan{
		Format: PlanFormat, Environment: l.environment, Log: log, Number: n, Previous: previous,
		After: b.after, Last: b.last(), Entries: len(b.entries), IDs: string(appendIDs(nil, b.ids)),
		Codec: d.encoder.Name(), Policy: policy, Root: hex.EncodeToString(b.root[:]),
		Objects: make([]PlanObject, 0, len(b.objects)),
	}
	for _, o := range b.objects {
		p.Objects = append(p.Objects, PlanObject{
			Key:  l.object(o.folder, o.partition, log, n, o.part, d.encoder.Extension()),
			Rows: len(o.entries), SHA256: o.sum, DataClass: o.class,
			Entries: string(appendSet(nil, o.entries)), entries: o.entries,
		})
	}
	for _, q := range quarantinedBy(b.refused) {
		if q.Reason == "" {
			p.Dropped = append(p.Dropped, PlanDropped{q.Transform, q.Entries})
		} else {
			p.Quarantined = append(p.Quarantined, q)
		}
	}
	return p
}

// quarantinedBy lists sets of entries by why they are refused.
func quarantinedBy(sets map[refusal][]int) []PlanQuarantined {
	var list []PlanQuarantined
	for f, set := range sets {
		slices.Sort(set)
		list = append(list, PlanQuarantined{f.reason, f.transform, string(appendSet(nil, set))})
	}
	slices.SortFunc(list, func(x, y PlanQuarantined) int {
		return cmp.Or(cmp.Compare(x.Reason, y.Reason), cmp.Compare(x.Transform, y.Transform))
	})
	return list
}
