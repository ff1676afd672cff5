package eventbus

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"time"

	"golang.org/x/sync/semaphore"
)

// What one round trip carries at most.
const (
	batchEvents = 256
	batchBytes  = 1 << 20
)

// chunkEvents is how many events of a PublishBatch are prepared while those before them
// are on their way.
const chunkEvents = flushers * batchEvents / 2

// worthTrip is how many events make waiting for more of no use: the fixed cost of
// a round trip, some 60 µs of processor time, is small beside theirs.
const worthTrip = 64

// flushers is how many round trips may be under way to a shard. Each has a
// queue, and a subject's events are all in the same one.
const flushers = 2

// A queue gathers the events of concurrent publishes and sends them in batches,
// one batch at a time: while a round trip is under way the next batch fills.
// One at a time keeps the order in which events came.
//
// No goroutine runs while the queue is empty, and none at all for a caller that
// is alone: it sends its event itself.
type queue struct {
	bus   *Bus
	shard *shard
	space *semaphore.Weighted // bytes; shared with the shard's other queues

	mu      sync.Mutex
	batches []*batch // the last one takes events
	running bool     // somebody sends
	last    int      // events of the last round trip

	took time.Duration // by the last round trip; whoever sends has it
}

// A batch is sent in one round trip and has one outcome.
type batch struct {
	epoch  int64 // of the layout by which the events came here
	opened time.Time
	items  []item
	given  int // items whose ids are given
	bytes  int64
	full   bool // takes no more

	done     chan struct{} // closed when the fields below are set
	outcomes []outcome     // of the items
	again    bool          // it took several attempts: one of them may have appended what was known
	err      error
}

// An item is an event in a batch.
type item struct {
	name     string // its id
	identity identity
	slot     slot    // where the dedupe keeps that
	event    encoded // not touched once the batch is done
	given    bool    // the bus hasn't just made its id: it may have been published before
}

// encoded is an event's scrubbed wire form.
type encoded []byte

// MarshalBinary makes a pointer to an event an argument of a command without an
// allocation.
func (e *encoded) MarshalBinary() ([]byte, error) { return *e, nil }

func newQueue(b *Bus, s *shard, space *semaphore.Weighted) *queue {
	return &queue{bus: b, shard: s, space: space}
}

// add queues an event and returns its batch and place. It blocks while the
// queue is full. When idle is true nobody sends: the caller must see to it.
func (q *queue) add(ctx context.Context, epoch int64, it item) (_ *batch, index int, idle bool, _ error) {
	size := int64(len(it.event))
	if !q.space.TryAcquire(size) {
		if err := q.space.Acquire(ctx, size); err != nil {
			return nil, 0, false, err
		}
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	var b *batch
	if n := len(q.batches); n > 0 {
		b = q.batches[n-1]
	}
	if b == nil || b.full || b.epoch != epoch || b.bytes+size > batchBytes {
		b = &batch{epoch: epoch, opened: time.Now(), done: make(chan struct{}), items: make([]item, 0, max(q.last, 1))}
		q.batches = append(q.batches, b)
	}
	b.items = append(b.items, it)
	if it.given {
		b.given++
	}
	b.bytes += size
	b.full = len(b.items) == batchEvents
	idle = !q.running
	q.running = true
	return b, len(b.items) - 1, idle, nil
}

// start has the batches sent in a goroutine.
func (q *queue) start() { q.bus.work.Go(q.run) }

// leave says that a caller has queued all it had for now. What its events are
// with leaves without waiting for others', if it is worth a round trip: else one
// batch would be held up by the preparation of the next.
func (q *queue) leave() {
	q.mu.Lock()
	defer q.mu.Unlock()
	if n := len(q.batches); n > 0 && len(q.batches[n-1].items) >= worthTrip {
		q.batches[n-1].full = true
	}
}

// run sends batches until there are none.
func (q *queue) run() {
	for q.gather(); q.more(); q.gather() {
		q.send(q.next(), nil)
	}
}

// patience is how long a caller may be kept by a round trip that it makes
// itself, whatever becomes of its context.
const patience = 100 * time.Millisecond

// sendHere sends the first batch in the caller's goroutine, which spares the
// processor two wake-ups. It gives up after patience, and the rest is sent by a
// goroutine: what wasn't answered, and what came meanwhile.
func (q *queue) sendHere() {
	q.gather()
	b := q.next()
	var err error
	answered := false
	defer func() {
		if !answered { // the client panicked
			err = fmt.Errorf("%w: publish to %s: interrupted", ErrUnavailable, q.shard.events)
		}
		if errors.Is(err, ErrUnavailable) {
			q.bus.work.Go(func() { q.send(b, err); q.run() })
			return
		}
		q.finish(b, err)
		if q.more() {
			q.start()
		}
	}()
	err = q.try(context.Background(), b, patience, false)
	answered = true
}

// prompt reports whether a caller with this context may send for itself: when
// Redis answers at once, the client keeps to patience, and that is no more than
// the caller has.
func (q *queue) prompt(ctx context.Context) bool {
	if !q.bus.owned || q.took == 0 || q.took > patience/5 {
		return false
	}
	deadline, ok := ctx.Deadline()
	return !ok || time.Until(deadline) > patience
}

// more reports whether batches wait to be sent. When none does, nobody sends any
// more.
func (q *queue) more() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.running = len(q.batches) > 0
	return q.running
}

// next takes the first batch out of the queue. Only whoever sends may call it,
// and while there is one.
func (q *queue) next() *batch {
	q.mu.Lock()
	defer q.mu.Unlock()
	b := q.batches[0]
	q.batches[0] = nil
	q.batches = q.batches[1:]
	return b
}

// finish tells a batch's callers what became of it.
func (q *queue) finish(b *batch, err error) {
	if b.again || errors.Is(err, errHalf) {
		err = leftOpen(err)
	}
	if b.err = err; err == nil {
		q.shard.witness.note(b)
	}
	q.mu.Lock()
	q.last = len(b.items)
	q.mu.Unlock()
	b.items = nil // they may be used again
	close(b.done)
	q.space.Release(b.bytes)
}

// gather lets the callers run that are ready to publish, such as those whom the
// last round trip has woken, until they bring no more: a round trip costs Redis
// and this process as much as several events in it. After one of a single event
// nobody else is there.
func (q *queue) gather() {
	for before := -1; ; {
		q.mu.Lock()
		waiting, full := 0, false
		if len(q.batches) > 0 {
			waiting, full = len(q.batches[0].items), q.batches[0].full || len(q.batches) > 1
		}
		alone := q.last == 1
		q.mu.Unlock()
		if full || alone || waiting == before {
			return
		}
		before = waiting
		runtime.Gosched()
	}
}
