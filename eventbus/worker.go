package eventbus

import (
	"context"
	"errors"
	"math/rand/v2"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/carebus/carebus/schema"
)

// A worker is a consumer on one shard. Entries go from its reader through a
// decoder to lanes, which call the handler, and from there to the settler:
//
//	reader -> decoder -> lanes -> settler
//
// Each is one goroutine, so that reading, decoding, handling and settling go on
// side by side. An entry holds one of MaxInFlight slots from the read to the
// settlement.
type worker struct {
	c       *Consumer
	bus     *Bus
	shard   *shard
	handler Handler
	lanes   []*lane
	settler *settler

	mu       sync.Mutex
	inFlight map[string]*entry
	freed    chan struct{} // holds a token when slots became free
	retries  retries

	lastRead atomic.Pointer[string] // id of the last entry read as new
	claims   claims
	down     bool // the last call failed
	most     int  // how many entries a read may bring, see pace
	stuck    bool // not even one comes: what is far too large for an event is to be left out

	lease *shardLease // the lease of the shard; nil when consumers share shards
}

// An entry is what a worker knows of a stream entry.
type entry struct {
	id         string
	event      string // the field, as stored
	present    bool   // the entry has the field
	size       int64  // of the entry, where it was too large to be handed out
	only       string // the field for: the one group that is to handle it
	deliveries int64  // this one included
	claimed    bool   // this delivery is counted, and the event decoded, once its handler begins
	envelope   schema.Envelope

	taken   time.Time // when it was read; guarded by worker.mu
	started time.Time // when its handler was called; guarded by worker.mu
	hung    bool      // it was told of; guarded by worker.mu
}

// newWorker returns a worker on a shard, which it has for itself with a lease
// and shares with others without.
func newWorker(c *Consumer, s *shard, h Handler, lease *shardLease) *worker {
	w := &worker{
		c: c, bus: c.bus, shard: s, handler: h, lease: lease,
		inFlight: make(map[string]*entry), freed: make(chan struct{}, 1), retries: newRetries(), most: min(readFirst, c.config.MaxInFlight),
	}
	w.lastRead.Store(new(string))
	for range c.config.Concurrency {
		w.lanes = append(w.lanes, newLane(w))
	}
	w.settler = newSettler(w)
	return w
}

// run works until ctx is done, then drains. Handlers get work.
func (w *worker) run(ctx, work context.Context) {
	var decoder, lanes, settling, keeping sync.WaitGroup
	raw := make(chan delivery, 2)
	decoder.Go(func() {
		for d := range raw {
			w.decode(d)
		}
	})
	for _, l := range w.lanes {
		l.start(ctx, work, &lanes)
	}
	settling.Go(w.settler.run)
	stopKeeping := make(chan struct{})
	keeping.Go(func() { w.keep(stopKeeping) })

	w.read(ctx, raw)

	close(raw)
	decoder.Wait()
	for _, l := range w.lanes {
		l.close()
	}
	lanes.Wait()
	w.settler.close()
	settling.Wait()
	close(stopKeeping)
	keeping.Wait()
	w.leave()
}

// callTimeout bounds a call that answers at once.
const callTimeout = 5 * time.Second

// call runs a script on the worker's shard. It isn't cut short by a stop: what
// Redis answers then would be lost.
func (w *worker) call(ctx context.Context, doing string, s *redis.Script, keys []string, args ...any) (any, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), callTimeout)
	defer cancel()
	reply, err := s.Run(ctx, w.bus.redis, keys, args...).Result()
	if containsNoGroup(err) {
		return nil, errNoGroup
	}
	return reply, redisError(doing+" "+w.shard.events, err)
}

// errNoGroup says that the group, or the whole stream, is gone.
var errNoGroup = errors.New("eventbus: the consumer group is gone")

func isNoGroup(err error) bool { return errors.Is(err, errNoGroup) }

// fields takes the event from an entry's fields.
func (e *entry) fields(list any) {
	fields, _ := list.([]any)
	for i := 0; i+1 < len(fields); i += 2 {
		switch fields[i] {
		case "event":
			e.event, e.present = fields[i+1].(string)
		case "for":
			e.only, _ = fields[i+1].(string)
		}
	}
}

// seat gives entries slots. One that has a slot already is left out.
func (w *worker) seat(entries []*entry) []*entry {
	now := time.Now()
	w.mu.Lock()
	defer w.mu.Unlock()
	kept := entries[:0]
	for _, e := range entries {
		if w.inFlight[e.id] != nil {
			continue
		}
		e.taken = now
		w.inFlight[e.id] = e
		kept = append(kept, e)
	}
	return kept
}

// release frees the slots of settled entries.
func (w *worker) release(results []result) {
	w.mu.Lock()
	for _, r := range results {
		delete(w.inFlight, r.entry.id)
	}
	w.mu.Unlock()
	select {
	case w.freed <- struct{}{}:
	default:
	}
}

// waitFree waits until a read is worth its while and returns the number of free
// slots, BatchSize at most; 0 when ctx is done.
func (w *worker) waitFree(ctx context.Context) int {
	limit, batch := w.c.config.MaxInFlight, w.c.config.BatchSize
	for {
		w.mu.Lock()
		free := limit - len(w.inFlight)
		w.mu.Unlock()
		if free >= max(1, min(batch, limit/4)) {
			return min(free, max(batch, limit/2))
		}
		select {
		case <-ctx.Done():
			return 0
		case <-w.freed:
		}
	}
}

// decode turns entries into events and hands them to their lanes. What must
// not reach a handler goes to the settler.
func (w *worker) decode(d delivery) {
	entries := d.entries
	reasons := w.openAll(entries)
	w.bus.telemetry.recordReceive(w, d)
	batches := make([][]*entry, len(w.lanes))
	var settled []result
	for i, e := range entries {
		switch reason := reasons[i]; {
		case e.only != "" && e.only != w.c.config.Group:
			settled = append(settled, result{entry: e, fate: fateSkip})
			continue
		case reason != "":
			settled = append(settled, result{entry: e, fate: fateDead, reason: reason})
			continue
		}
		n := 0
		if len(w.lanes) > 1 {
			n = int(hash(orderKey(&e.envelope)) % uint64(len(w.lanes)))
		}
		batches[n] = append(batches[n], e)
	}
	w.settler.add(settled)
	for n, batch := range batches {
		w.lanes[n].add(batch)
	}
}

// openAll opens entries on several processors, since decoding is most of a
// consumer's work.
func (w *worker) openAll(entries []*entry) []Reason {
	const few = 32
	reasons := make([]Reason, len(entries))
	share := max(few, (len(entries)+runtime.GOMAXPROCS(0)-1)/runtime.GOMAXPROCS(0))
	var shares sync.WaitGroup
	for from := 0; from < len(entries); from += share {
		part := func() {
			for i := from; i < min(from+share, len(entries)); i++ {
				reasons[i] = w.open(entries[i])
			}
		}
		if from+share >= len(entries) {
			part() // the last share, or the only one
		} else {
			shares.Go(part)
		}
	}
	shares.Wait()
	return reasons
}

// open decodes an entry and returns why it can't be handled, or "". The number
// of deliveries is judged first: an entry that brings down whoever decodes it
// must end all the same.
func (w *worker) open(e *entry) Reason {
	// A read counts, too: what a consumer that died had read may not have been begun.
	if e.deliveries > max(2, int64(w.c.config.MaxDeliver)) {
		return ReasonMaxDeliver
	}
	if !e.present {
		return ReasonUndecodable
	}
	if !e.claimed {
		return w.decodeEvent(e)
	}
	// Decoding may be what whoever had it died of: its lane does that, once the
	// delivery is counted. Which lane that is needs none of the type's own code.
	var err error
	if e.envelope, err = schema.Parse([]byte(e.event)); err != nil {
		return ReasonUndecodable
	}
	return ""
}

// decodeEvent decodes the event of an entry, see open.
func (w *worker) decodeEvent(e *entry) Reason {
	var err error
	if e.envelope, err = w.bus.config.Registry.Decode([]byte(e.event)); err != nil {
		return ReasonUndecodable
	}
	if e.envelope.ValidateAttributes() != nil { // a stranger's: the lake would refuse it, too
		return ReasonInvalid
	}
	if e.envelope.Environment != w.bus.config.Environment {
		return ReasonEnvironment
	}
	return ""
}

// leave removes the consumer from its group unless entries are pending on it;
// those are taken over by others.
func (w *worker) leave() {
	_, err := w.call(context.Background(), "leave", leaveScript, []string{w.shard.events}, w.c.config.Group, w.c.config.Name)
	if err != nil {
		w.bus.config.Logger.Warn("eventbus: a consumer was not removed from its group", "stream", w.shard.events, "group", w.c.config.Group, "error", err)
	}
}

// jitter is random in [0, 1).
func jitter() float64 { return rand.Float64() }
