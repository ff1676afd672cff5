package etl

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"

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
	reasons map[Reason][]int
	leaves  []hash
	root    hash

	groups map[string]*object // the part being filled, by partition
	spare  []*object          // objects of earlier batches, for their buffers
	text   []byte             // scratch: scrubbed bytes of one entry
	path   []byte             // scratch: a partition
}

// An object is one object of a batch or of a plan that is rebuilt.
type object struct {
	partition  string
	part       int
	quarantine bool
	lines      []byte
	entries    []int // indices in the batch
	class      schema.DataClass
	sum        string
	body       []byte
}

func newBatch() *batch {
	return &batch{groups: map[string]*object{}, reasons: map[Reason][]int{}}
}

func (b *batch) reset(after string, entries []schema.Entry, ids []entryID) {
	b.after, b.entries, b.ids = after, entries, ids
	b.spare = append(b.spare, b.objects...)
	b.objects = b.objects[:0]
	b.leaves = b.leaves[:0]
	clear(b.groups)
	clear(b.reasons)
}

// last is the id of the last entry.
func (b *batch) last() string { return b.entries[len(b.entries)-1].ID }

// A builder makes batches of entries: the pure core of the pipeline. What it
// builds depends on the entries and its settings alone.
type builder struct {
	recordReader
	partitioner Partitioner
	encoder     Encoder
}

// build makes the objects of entries, one at least each.
func (d *builder) build(b *batch, after string, entries []schema.Entry, ids []entryID) error {
	b.reset(after, entries, ids)
	h := sha256.New()
	for i, e := range entries {
		line, err := d.add(b, i, e)
		if err != nil {
			return err
		}
		h.Reset()
		h.Write([]byte{0})
		h.Write(line)
		var leaf hash
		h.Sum(leaf[:0])
		b.leaves = append(b.leaves, leaf)
	}
	b.root = merkleRoot(b.leaves)
	slices.SortFunc(b.objects, func(x, y *object) int {
		if x.quarantine != y.quarantine {
			return cmp.Compare(boolInt(x.quarantine), boolInt(y.quarantine))
		}
		return cmp.Or(cmp.Compare(x.partition, y.partition), cmp.Compare(x.part, y.part))
	})
	for _, o := range b.objects {
		if err := o.finish(d.encoder); err != nil {
			return err
		}
	}
	return nil
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

// add adds an entry's row to its object and returns the row.
func (d *builder) add(b *batch, i int, e schema.Entry) ([]byte, error) {
	var r Record
	var reason Reason
	r, b.text, reason = d.read(e, b.ids[i], b.text[:0])
	if reason == "" {
		b.path = d.partitioner.AppendPartition(b.path[:0], &r)
		if !validPartition(string(b.path)) {
			reason = ReasonPartition
		}
	}
	if reason != "" {
		b.reasons[reason] = append(b.reasons[reason], i)
		b.path = appendHour(append(b.path[:0], '!'), b.ids[i].published())
		o := b.object(true)
		start := len(o.lines)
		o.lines = appendQuarantine(o.lines, b.ids[i], reason, len(e.Data), d.environment)
		o.entries = append(o.entries, i)
		return o.lines[start:], nil
	}
	o := b.object(false)
	start := len(o.lines)
	o.lines = appendRow(o.lines, &r)
	o.entries = append(o.entries, i)
	o.class = moreSensitive(o.class, r.DataClass)
	return o.lines[start:], nil
}

// object returns the object that the next row of the partition b.path goes to.
// A quarantine's path begins with "!", which no partition does.
func (b *batch) object(quarantine bool) *object {
	o := b.groups[string(b.path)]
	if o != nil && len(o.lines) < maxObjectLines {
		return o
	}
	part := 0
	if o != nil {
		part = o.part + 1
	}
	path := string(b.path)
	if n := len(b.spare); n > 0 {
		o = b.spare[n-1]
		b.spare = b.spare[:n-1]
		*o = object{lines: o.lines[:0], entries: o.entries[:0], body: o.body[:0]}
	} else {
		o = new(object)
	}
	o.part, o.quarantine = part, quarantine
	o.partition = path
	if quarantine {
		o.partition = path[1:]
	}
	b.groups[path] = o
	b.objects = append(b.objects, o)
	return o
}

// finish hashes and encodes the lines.
func (o *object) finish(e Encoder) error {
	sum := sha256.Sum256(o.lines)
	o.sum = hex.EncodeToString(sum[:])
	body, err := e.Encode(o.body[:0], o.lines)
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
		folder := l.events()
		if o.quarantine {
			folder = l.quarantine()
		}
		p.Objects = append(p.Objects, PlanObject{
			Key:  fmt.Sprintf("%s%s/%s-%020d-%d%s", folder, o.partition, log, n, o.part, d.encoder.Extension()),
			Rows: len(o.entries), SHA256: o.sum, DataClass: o.class,
			Entries: string(appendSet(nil, o.entries)), entries: o.entries,
		})
	}
	p.Quarantined = quarantinedBy(b.reasons)
	return p
}

// quarantinedBy lists sets of entries by reason.
func quarantinedBy(sets map[Reason][]int) []PlanQuarantined {
	var list []PlanQuarantined
	for reason, set := range sets {
		slices.Sort(set)
		list = append(list, PlanQuarantined{reason, string(appendSet(nil, set))})
	}
	slices.SortFunc(list, func(x, y PlanQuarantined) int { return cmp.Compare(x.Reason, y.Reason) })
	return list
}
