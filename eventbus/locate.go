package eventbus

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/carebus/carebus/internal/sleep"
	"github.com/carebus/carebus/schema"
)

// The dedupe doesn't know an event's entry, only from which id on to look for it:
// entries are appended right after it has let their events in.
const (
	locateFor  = 10_000 // milliseconds by which an entry may be younger than that id, as when the server stalls
	locatePage = 32     // entries
	// What one transaction appends, and what others have in the same millisecond,
	// is no more than this.
	locatePages = 32
	locateBytes = 4 * batchBytes
)

// locate completes the receipts of events that another call or attempt has
// appended, as far as their entries are still there and Redis tells in time.
func (b *Bus) locate(ctx context.Context, places []place, receipts []Receipt) {
	ctx, cancel := context.WithTimeout(ctx, b.config.Timeout)
	defer cancel()
	missing := map[*shard][]int{}
	for i := range places {
		if places[i].from != "" {
			s := places[i].queue.shard
			missing[s] = append(missing[s], i)
		}
	}
	for s, all := range missing {
		slices.SortFunc(all, func(i, k int) int { return parseStreamID(places[i].from).compare(parseStreamID(places[k].from)) })
		r := finder{bus: b, shard: s, seen: map[identity]string{}}
		for _, i := range all {
			receipts[i].StreamID = r.find(ctx, places[i].item.identity, parseStreamID(places[i].from))
		}
	}
}

// A finder looks for entries in a shard's stream, in the order in which they
// may stand there.
type finder struct {
	bus   *Bus
	shard *shard
	seen  map[identity]string // the entries read so far
	next  streamID            // where to go on
	end   bool                // of the stream
}

// find returns the id of an identity's entry at or behind from, or "".
func (r *finder) find(ctx context.Context, key identity, from streamID) string {
	if r.next.less(from) {
		r.next = from
	}
	page, read := 0, 0
	for ; r.seen[key] == "" && !r.end && page < locatePages && read < locateBytes && r.next.ms <= from.ms+locateFor; page++ {
		messages, err := r.read(ctx)
		if err != nil {
			break // the event is published all the same
		}
		for _, m := range messages {
			data, _ := m.Values["event"].(string)
			read += len(data)
			if e, err := schema.Parse([]byte(data)); err == nil {
				if key := identify(e.Source, e.ID); r.seen[key] == "" {
					r.seen[key] = m.ID
				}
			}
			r.next = parseStreamID(m.ID).next()
		}
		r.end = len(messages) < locatePage
	}
	return r.seen[key]
}

// read reads the next page of the stream, again and again while Redis is away: it
// may have been a moment ago, or else the event wouldn't have to be looked for.
func (r *finder) read(ctx context.Context) ([]redis.XMessage, error) {
	for {
		messages, err := r.bus.redis.XRangeN(ctx, r.shard.events, r.next.String(), "+", locatePage).Result()
		err = redisError("look for an entry of "+r.shard.events, err)
		if !errors.Is(err, ErrUnavailable) || !sleep.For(ctx, 20*time.Millisecond) {
			return messages, err
		}
	}
}
