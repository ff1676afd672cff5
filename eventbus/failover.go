package eventbus

import (
	"context"
	"sync"
	"sync/atomic"
	"time"
)

// A Loss tells of events that Redis had acknowledged to this process and no
// longer has: a replica took over that hadn't got them, or a server came back
// without the end of its append-only file.
type Loss struct {
	Shard    string
	Time     time.Time // when it was noticed
	Was, Is  string    // the replication id of the data before and now
	Lost     []Receipt // in the order of their acknowledgement
	Verified int       // acknowledged events that were looked for
}

// How many acknowledgements a process remembers per shard, and for how long at
// most. What a failover can lose is as young as replication is behind, and an
// append-only file that is synced every second loses two seconds at most.
const (
	witnesses  = 1 << 16
	witnessFor = 30 * time.Second
	// watchEvery is how often a shard in use is asked whose data it has.
	watchEvery = time.Second
)

// A witness remembers what Redis acknowledged on one shard, to look for it when
// another server has taken over. The dedupe tells whether it is there: it is
// written in one step with the entry and outlives its trimming.
type witness struct {
	suspect atomic.Bool  // a call failed since the last look
	busy    atomic.Int64 // when something was acknowledged last, in nanoseconds since epoch0

	looking sync.Mutex
	replica string // the replication id seen last; guarded by looking

	mu   sync.Mutex
	ring []acknowledged // the oldest is at next once it is full
	next int
	high string // the highest entry id seen
}

type acknowledged struct {
	at       int64 // nanoseconds since epoch0
	identity identity
	id       string // the event's
	entry    string
}

// saw notes what a group was acknowledged.
func (w *witness) saw(g *group) {
	now := int64(time.Since(epoch0))
	w.busy.Store(now)
	w.mu.Lock()
	defer w.mu.Unlock()
	for i, o := range g.outcomes {
		a := acknowledged{now, g.items[i].identity, g.items[i].name, o.entry()}
		if len(w.ring) < witnesses {
			w.ring = append(w.ring, a)
		} else {
			w.ring[w.next] = a
			w.next = (w.next + 1) % witnesses
		}
		if !o.known {
			w.high = o.id // a group's new entries ascend
		}
	}
}

// recall returns what was acknowledged of late, oldest first.
func (w *witness) recall(since time.Duration) []acknowledged {
	from := int64(time.Since(epoch0) - since)
	w.mu.Lock()
	defer w.mu.Unlock()
	var all []acknowledged
	for i := range w.ring {
		if a := w.ring[(w.next+i)%len(w.ring)]; a.at >= from {
			all = append(all, a)
		}
	}
	return all
}

func (w *witness) highest() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.high
}

// due reports whether to look: something was acknowledged of late, or the last
// look failed.
func (w *witness) due() bool {
	return w.suspect.Load() || time.Since(epoch0)-time.Duration(w.busy.Load()) < witnessFor && w.busy.Load() != 0
}

// watchAll looks after the shards that are in use, until ctx is done.
func (b *Bus) watchAll(ctx context.Context) {
	tick := time.NewTicker(watchEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		b.samples.note(time.Now(), b.Stats())
		for _, s := range b.all() {
			if s.witness.due() {
				look, cancel := context.WithTimeout(ctx, b.config.Timeout)
				_ = b.watch(look, s) // Redis is away: publishing tells, and the next look comes
				cancel()
			}
		}
	}
}

// watch looks whether the shard's data is still the same server's, or that of
// one that has all of it, and accounts for what is missing if it isn't. One
// look is enough at a time.
func (b *Bus) watch(ctx context.Context, s *shard) error {
	w := &s.witness
	if !w.looking.TryLock() {
		return nil
	}
	defer w.looking.Unlock()
	reply, err := failoverScript.Run(ctx, b.redis, []string{s.events}, w.highest()).Slice()
	if err != nil {
		return redisError("watch "+s.events, err)
	}
	if len(reply) != 2 {
		return nil
	}
	if reply[1] == int64(1) {
		b.config.Logger.WarnContext(ctx, "eventbus: the stream is older than what was acknowledged; its next ids were moved behind that", "stream", s.events)
	}
	is, _ := reply[0].(string)
	was := w.replica
	if was != "" && is != was || was != "" && reply[1] == int64(1) {
		if err := b.account(ctx, s, was, is); err != nil {
			return err // suspect stays, and the next look accounts
		}
	}
	w.replica = is
	w.suspect.Store(false)
	return nil
}

// account looks for what was acknowledged of late and reports what is gone.
func (b *Bus) account(ctx context.Context, s *shard, was, is string) error {
	all := s.witness.recall(min(witnessFor, b.config.DedupeWindow/2)) // they were appended before they were acknowledged
	loss := Loss{Shard: s.name, Time: b.config.Now(), Was: was, Is: is, Verified: len(all)}
	const chunk = 1000
	for from := 0; from < len(all); from += chunk {
		part := all[from:min(from+chunk, len(all))]
		events := make([]item, len(part))
		for i, a := range part {
			events[i] = item{identity: a.identity, slot: slotOf(a.id)}
		}
		recorded, err := b.recorded(ctx, s, events)
		if err != nil {
			return err
		}
		for i, a := range part {
			if recorded[i] == "" {
				loss.Lost = append(loss.Lost, Receipt{ID: a.id, StreamID: a.entry})
			}
		}
	}
	b.counters.failovers.Add(1)
	b.counters.vanished.Add(uint64(len(loss.Lost)))
	if len(loss.Lost) == 0 {
		b.config.Logger.WarnContext(ctx, "eventbus: another server holds the data now; all that was acknowledged of late is there", "stream", s.events, "verified", loss.Verified)
		return nil
	}
	b.config.Logger.ErrorContext(ctx, "eventbus: acknowledged events are gone with the server that had them", "stream", s.events,
		"lost", len(loss.Lost), "verified", loss.Verified, "first", loss.Lost[0].StreamID, "last", loss.Lost[len(loss.Lost)-1].StreamID)
	if b.config.OnLoss != nil {
		b.config.OnLoss(loss)
	}
	return nil
}
