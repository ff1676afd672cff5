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
	groupEvents = 256
	groupBytes  = 1 << 20
)

// batchEvents is how many events of a batch are prepared while those before them
// are on their way.
const batchEvents = flushers * groupEvents / 2

// worthTrip is how many events make waiting for more of no use: the fixed cost of
// a round trip, some 60 µs of processor time, is small beside theirs.
const worthTrip = 64

// flushers is how many round trips may be under way to a shard. Each has a
// queue, and a subject's events are all in the same one.
const flushers = 2

// A queue gathers the events of concurrent publishes and sends them in groups,
// one group at a time: while a round trip is under way the next group fills.
// One at a time keeps the order in which events came.
//
// No goroutine runs while the queue is empty, and none at all for a caller that
// is alone: it sends its event itself.
type queue struct {
	bus   *Bus
	shard *shard
	space *semaphore.Weighted // bytes; shared with the shard's other queues

	mu      sync.Mutex
	groups  []*group // the last one takes events
	running bool     // somebody sends
	last    int      // events of the last round trip

	took time.Duration // by the last round trip; whoever sends has it
}

// A group is sent in one round trip and has one outcome.
type group struct {
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

// An item is an event in a group.
type item struct {
	name     string // its id
	identity identity
	slot     slot    // where the dedupe keeps that
	event    encoded // not touched once the group is done
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

// add queues an event and returns its group and place. It blocks while the
// queue is full. When idle is true nobody sends: the caller must see to it.
func (q *queue) add(ctx context.Context, epoch int64, it item) (_ *group, index int, idle bool, _ error) {
	size := int64(len(it.event))
	if !q.space.TryAcquire(size) {
		if err := q.space.Acquire(ctx, size); err != nil {
			return nil, 0, false, err
		}
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	var g *group
	if n := len(q.groups); n > 0 {
		g = q.groups[n-1]
	}
	if g == nil || g.full || g.epoch != epoch || g.bytes+size > groupBytes {
		g = &group{epoch: epoch, opened: time.Now(), done: make(chan struct{}), items: make([]item, 0, max(q.last, 1))}
		q.groups = append(q.groups, g)
	}
	g.items = append(g.items, it)
	if it.given {
		g.given++
	}
	g.bytes += size
	g.full = len(g.items) == groupEvents
	idle = !q.running
	q.running = true
	return g, len(g.items) - 1, idle, nil
}

// start has the groups sent in a goroutine.
func (q *queue) start() { q.bus.work.Go(q.run) }

// leave says that a caller has queued all it had for now. What its events are
// with leaves without waiting for others', if it is worth a round trip: else one
// batch would be held up by the preparation of the next.
func (q *queue) leave() {
	q.mu.Lock()
	defer q.mu.Unlock()
	if n := len(q.groups); n > 0 && len(q.groups[n-1].items) >= worthTrip {
		q.groups[n-1].full = true
	}
}

// run sends groups until there are none.
func (q *queue) run() {
	for q.gather(); q.more(); q.gather() {
		q.send(q.next(), nil)
	}
}

// patience is how long a caller may be kept by a round trip that it makes
// itself, whatever becomes of its context.
const patience = 100 * time.Millisecond

// sendHere sends the first group in the caller's goroutine, which spares the
// processor two wake-ups. It gives up after patience, and the rest is sent by a
// goroutine: what wasn't answered, and what came meanwhile.
func (q *queue) sendHere() {
	q.gather()
	g := q.next()
	var err error
	answered := false
	defer func() {
		if !answered { // the client panicked
			err = fmt.Errorf("%w: publish to %s: interrupted", ErrUnavailable, q.shard.events)
		}
		if errors.Is(err, ErrUnavailable) {
			q.bus.work.Go(func() { q.send(g, err); q.run() })
			return
		}
		q.finish(g, err)
		if q.more() {
			q.start()
		}
	}()
	err = q.try(context.Background(), g, patience, false)
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

// more reports whether groups wait to be sent. When none does, nobody sends any
// more.
func (q *queue) more() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.running = len(q.groups) > 0
	return q.running
}

// next takes the first group out of the queue. Only whoever sends may call it,
// and while there is one.
func (q *queue) next() *group {
	q.mu.Lock()
	defer q.mu.Unlock()
	g := q.groups[0]
	q.groups[0] = nil
	q.groups = q.groups[1:]
	return g
}

// finish tells a group's callers what became of it.
func (q *queue) finish(g *group, err error) {
	if g.again || errors.Is(err, errHalf) {
		err = leftOpen(err)
	}
	if g.err = err; err == nil {
		q.shard.witness.saw(g)
	}
	q.mu.Lock()
	q.last = len(g.items)
	q.mu.Unlock()
	g.items = nil // they may be used again
	close(g.done)
	q.space.Release(g.bytes)
}

// gather lets the callers run that are ready to publish, such as those whom the
// last round trip has woken, until they bring no more: a round trip costs Redis
// and this process as much as several events in it. After one of a single event
// nobody else is there.
func (q *queue) gather() {
	for before := -1; ; {
		q.mu.Lock()
		waiting, full := 0, false
		if len(q.groups) > 0 {
			waiting, full = len(q.groups[0].items), q.groups[0].full || len(q.groups) > 1
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
