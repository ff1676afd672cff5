package eventbus

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"time"

	"github.com/cenkalti/backoff/v5"
	"github.com/redis/go-redis/v9"
	"golang.org/x/sync/semaphore"

	"github.com/carebus/carebus/internal/sleep"
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
// No goroutine runs while the queue is empty.
type queue struct {
	bus   *Bus
	shard *shard
	space *semaphore.Weighted // bytes; shared with the shard's other queues

	mu      sync.Mutex
	groups  []*group // the last one takes events
	running bool
}

// A group is sent in one round trip and has one outcome.
type group struct {
	epoch  int64 // of the layout by which the events came here
	opened time.Time
	items  []item
	bytes  int64
	full   bool // takes no more

	done chan struct{} // closed when the fields below are set
	ids  []string
	dup  []bool
	err  error
}

// An item is an event in a group.
type item struct {
	name     string // its id
	identity identity
	event    encoded // not touched once the group is done
}

// identity is what the dedupe knows an event by.
type identity [16]byte

// encoded is an event's scrubbed wire form.
type encoded []byte

// As pointers these two are arguments of a command without an allocation.
func (i *identity) MarshalBinary() ([]byte, error) { return i[:], nil }
func (e *encoded) MarshalBinary() ([]byte, error)  { return *e, nil }

func newQueue(b *Bus, s *shard, space *semaphore.Weighted) *queue {
	return &queue{bus: b, shard: s, space: space}
}

// add queues an event and returns its group and place. It blocks while the
// queue is full. The caller is counted in bus.work.
func (q *queue) add(ctx context.Context, epoch int64, name string, id identity, event encoded) (*group, int, error) {
	size := int64(len(event))
	if !q.space.TryAcquire(size) {
		if err := q.space.Acquire(ctx, size); err != nil {
			return nil, 0, err
		}
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	var g *group
	if n := len(q.groups); n > 0 {
		g = q.groups[n-1]
	}
	if g == nil || g.full || g.epoch != epoch || g.bytes+size > groupBytes {
		g = &group{epoch: epoch, opened: time.Now(), done: make(chan struct{}), items: make([]item, 0, 16)}
		q.groups = append(q.groups, g)
	}
	g.items = append(g.items, item{name, id, event})
	g.bytes += size
	g.full = len(g.items) == groupEvents
	if !q.running {
		q.running = true
		q.bus.work.Go(q.run)
	}
	return g, len(g.items) - 1, nil
}

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
	for {
		q.gather()
		q.mu.Lock()
		if len(q.groups) == 0 {
			q.running = false
			q.mu.Unlock()
			return
		}
		g := q.groups[0]
		q.groups[0] = nil
		q.groups = q.groups[1:]
		q.mu.Unlock()

		g.err = q.send(g)
		if g.err == nil {
			q.shard.witness.saw(g)
		}
		g.items = nil // they may be used again
		close(g.done)
		q.space.Release(g.bytes)
	}
}

// gather lets the callers run that are ready to publish, such as those whom the
// last round trip has woken, until they bring no more: a round trip costs Redis
// and this process as much as several events in it.
func (q *queue) gather() {
	for before := -1; ; {
		q.mu.Lock()
		waiting, full := 0, false
		if len(q.groups) > 0 {
			waiting, full = len(q.groups[0].items), q.groups[0].full || len(q.groups) > 1
		}
		q.mu.Unlock()
		if full || waiting == before {
			return
		}
		before = waiting
		runtime.Gosched()
	}
}

// send brings a group to Redis, again and again while Redis is away: the dedupe
// makes that safe. It gives up when the group has waited for Config.Timeout.
func (q *queue) send(g *group) error {
	timeout := q.bus.config.Timeout
	ctx, cancel := context.WithDeadline(context.Background(), g.opened.Add(timeout))
	defer cancel()
	wait := backoff.ExponentialBackOff{InitialInterval: 5 * time.Millisecond, RandomizationFactor: 0.5, Multiplier: 2, MaxInterval: 500 * time.Millisecond}
	wait.Reset()
	args := make([]any, 3, 3+2*len(g.items))
	args[0], args[2] = q.bus.config.DedupeWindow.Milliseconds(), g.epoch
	for i := range g.items {
		args = append(args, &g.items[i].identity, &g.items[i].event)
	}
	var first error // tells more than those of attempts cut short at the end
	for try := 1; ; try++ {
		// One attempt must leave time for another: a connection may be dead
		// without knowing.
		attempt, done := context.WithTimeout(ctx, max(timeout/3, 50*time.Millisecond))
		args[1] = q.shard.witness.highest()
		reply, err := q.call(attempt, args)
		done()
		if err == nil {
			err = g.settle(reply, try > 1)
		}
		if !errors.Is(err, ErrUnavailable) {
			return err
		}
		q.shard.witness.suspect.Store(true)
		if first == nil {
			first = err
		}
		if !sleep.For(ctx, wait.NextBackOff()) {
			return first
		}
	}
}

// call runs the script once.
func (q *queue) call(ctx context.Context, args []any) (string, error) {
	s, doing := q.shard, "publish to "+q.shard.events
	keys := []string{s.events, s.dedupeA, s.dedupeB, s.layout}
	if q.bus.config.MinReplicas == 0 && !q.bus.config.Synced {
		reply, err := publishScript.Run(ctx, q.bus.redis, keys, args...).Text()
		return reply, redisError(doing, err)
	}
	// WAIT is about the writes of its own connection.
	node, err := q.bus.node(ctx, s)
	if err != nil {
		return "", redisError(doing, err)
	}
	conn := node.Conn()
	defer conn.Close() //nolint:errcheck // it goes back to the pool
	reply, err := publishScript.Run(ctx, conn, keys, args...).Text()
	if err != nil {
		return "", redisError(doing, err)
	}
	deadline, _ := ctx.Deadline()
	if err := waitFor(ctx, conn, &q.bus.config, max(time.Until(deadline)/2, time.Millisecond)); err != nil {
		return "", redisErrorOr(doing, err)
	}
	return reply, nil
}

// waitFor waits until what the connection wrote is as safe as the configuration
// asks for.
func waitFor(ctx context.Context, conn *redis.Conn, c *Config, d time.Duration) error {
	if !c.Synced {
		have, err := conn.Wait(ctx, c.MinReplicas, d).Result()
		if err == nil && int(have) < c.MinReplicas {
			err = &notSafeError{fmt.Sprintf("%d of %d replicas have it", have, c.MinReplicas)}
		}
		return err
	}
	have, err := conn.Do(ctx, "WAITAOF", 1, c.MinReplicas, d.Milliseconds()).Int64Slice()
	switch {
	case err != nil:
		return err
	case len(have) != 2 || have[0] < 1:
		return &notSafeError{"it isn't on the disk"}
	case int(have[1]) < c.MinReplicas:
		return &notSafeError{fmt.Sprintf("it is on the disks of %d of %d replicas", have[1], c.MinReplicas)}
	}
	return nil
}

// A notSafeError says what a write still lacks.
type notSafeError struct{ what string }

func (e *notSafeError) Error() string { return e.what }

func redisErrorOr(doing string, err error) error {
	var lacks *notSafeError
	if errors.As(err, &lacks) {
		return fmt.Errorf("%w: %s: %w", ErrUnavailable, doing, lacks)
	}
	return redisError(doing, err)
}

// settle takes the script's reply apart. After another attempt an entry that
// was there may be this call's own, and then it is none to call a duplicate.
func (g *group) settle(reply string, again bool) error {
	ids := strings.Split(reply, " ")
	if len(ids) != len(g.items) {
		return errors.New("eventbus: publish: redis answered with another number of ids")
	}
	g.dup = make([]bool, len(ids))
	for i, id := range ids {
		if earlier, ok := strings.CutPrefix(id, "="); ok {
			ids[i], g.dup[i] = earlier, !again
		}
	}
	g.ids = ids
	return nil
}
