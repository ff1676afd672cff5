package eventbus

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
)

// How many acknowledgements a process remembers per shard, and how long before an
// outage they may have come to be looked for. What a failover can lose is as young as
// replication is behind, and an append-only file that is synced every second loses two
// seconds at most.
const (
	witnesses  = 1 << 16
	witnessFor = 30 * time.Second
)

// A witness remembers what Redis acknowledged on one shard, to look for it when
// another server has taken over. The dedupe tells whether it is there: it is
// written in one step with the entry and outlives its trimming.
type witness struct {
	suspect atomic.Bool  // a call failed since the last look
	busy    atomic.Int64 // when something was acknowledged last, in nanoseconds since clockStart
	looked  atomic.Int64 // when the last look was answered, in nanoseconds since clockStart

	looking sync.Mutex
	replica string // the replication id seen last; guarded by looking

	mu    sync.Mutex
	ring  []record       // the oldest is at next once it is full
	names map[int]string // the ids of events that are no UUIDs, by place in the ring
	next  int
	high  streamID // the highest entry id seen
}

// A record is an acknowledgement in the ring. It has no pointers, which would be
// work for the garbage collector, and half of the size.
type record struct {
	at       int64 // nanoseconds since clockStart
	identity identity
	id       uuid.UUID // the event's, or zero for one of names
	entry    streamID  // zero if another call or attempt appended it
}

// An acknowledged event.
type acknowledged struct {
	identity identity
	id       string // the event's
	entry    string // "" if another call or attempt appended it
}

// note remembers what a batch was acknowledged.
func (w *witness) note(b *batch) {
	now := int64(time.Since(clockStart))
	w.busy.Store(now)
	w.mu.Lock()
	defer w.mu.Unlock()
	for i, o := range b.outcomes {
		it := &b.items[i]
		r := record{at: now, identity: it.identity}
		if !o.known {
			r.entry = parseStreamID(o.id)
			if w.high.less(r.entry) {
				w.high = r.entry
			}
		}
		place := w.next
		if len(w.ring) < witnesses {
			place = len(w.ring)
			w.ring = append(w.ring, record{})
		} else {
			w.next = (w.next + 1) % witnesses
			delete(w.names, place)
		}
		if id, ok := parseUUID(it.name); ok {
			r.id = id
		} else {
			if w.names == nil {
				w.names = map[int]string{}
			}
			w.names[place] = it.name
		}
		w.ring[place] = r
	}
}

// parseUUID parses a UUID that stands as [uuid.UUID.String] writes it.
func parseUUID(s string) (uuid.UUID, bool) {
	if len(s) != 36 {
		return uuid.Nil, false
	}
	for i := range len(s) {
		if s[i] >= 'A' && s[i] <= 'F' {
			return uuid.Nil, false
		}
	}
	id, err := uuid.Parse(s)
	return id, err == nil
}

// recall returns what was acknowledged of late, oldest first.
func (w *witness) recall(since time.Duration) []acknowledged {
	from := int64(time.Since(clockStart) - since)
	w.mu.Lock()
	defer w.mu.Unlock()
	var all []acknowledged
	for i := range w.ring {
		place := (w.next + i) % len(w.ring)
		r := &w.ring[place]
		if r.at < from {
			continue
		}
		a := acknowledged{identity: r.identity}
		var named bool
		if a.id, named = w.names[place]; !named {
			a.id = r.id.String()
		}
		if r.entry != (streamID{}) {
			a.entry = r.entry.String()
		}
		all = append(all, a)
	}
	return all
}

// highest returns the highest entry id seen, zero for none.
func (w *witness) highest() streamID {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.high
}

// due reports whether to look: something was acknowledged of late, or the last
// look failed.
func (w *witness) due() bool {
	return w.suspect.Load() || time.Since(clockStart)-time.Duration(w.busy.Load()) < witnessFor && w.busy.Load() != 0
}
