package eventbus

import (
	"cmp"
	"fmt"

	"golang.org/x/sync/semaphore"

	"github.com/carebus/carebus/schema"
)

// A shard is one stream and what belongs to it.
type shard struct {
	name   string // its number
	prefix string // of its keys

	// Keys.
	events, dead, lake, checkpoints, dedupeA, dedupeB, layout string

	queues  [flushers]*queue // by the event's order key
	witness witness
}

// newShard returns the environment's shard of a number.
func (b *Bus) newShard(i int) *shard {
	prefix := fmt.Sprintf("carebus:{%s.%d}:", b.config.Environment, i)
	s := &shard{
		name: fmt.Sprint(i), prefix: prefix, events: prefix + "events", dead: prefix + "dead", lake: prefix + "lake",
		checkpoints: prefix + "checkpoints", dedupeA: prefix + "dedupe:a", dedupeB: prefix + "dedupe:b", layout: prefix + "layout",
	}
	space := semaphore.NewWeighted(int64(b.config.MaxQueueBytes))
	for q := range s.queues {
		s.queues[q] = newQueue(b, s, space)
	}
	return s
}

// queueOf returns the queue that an order key's hash belongs to: one of its
// shard's, see the package documentation.
func (l *layout) queueOf(h uint64) *queue {
	n := uint64(l.spread) //nolint:gosec // positive
	return l.shards[h%n].queues[h/n%flushers]
}

// orderKey names what an event is in order with: events of the same key stay
// in one shard and one lane.
func orderKey(e *schema.Envelope) string { return cmp.Or(e.Subject, e.Tenant, e.ID) }

// hash is FNV-1a, 64 bit.
func hash(s string) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	return h
}
