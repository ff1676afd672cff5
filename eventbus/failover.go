package eventbus

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/carebus/carebus/schema"
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

// watchEvery is how often a shard in use is asked whose data it has.
const watchEvery = time.Second

// How many shards are looked at side by side, so that looking takes few connections
// from publishing; and how long a look that isn't answered counts: a server that
// doesn't answer mustn't keep those of other shards from being looked at.
const (
	looksMost = 16
	lookPlace = 100 * time.Millisecond
)

// watchAll looks after the shards that are in use, until ctx is done.
func (b *Bus) watchAll(ctx context.Context) {
	var looks sync.WaitGroup
	defer looks.Wait()
	var following sync.Mutex
	places := make(chan struct{}, looksMost)
	tick := time.NewTicker(watchEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		b.samples.note(time.Now(), b.Stats())
		var due []*shard
		for _, s := range b.all() {
			if s.witness.due() {
				due = append(due, s)
			}
		}
		// A server that came back without its data may have been given another layout of
		// the same epoch, by which it would refuse nothing.
		if len(due) > 0 && following.TryLock() {
			looks.Go(func() {
				defer following.Unlock()
				look, cancel := context.WithTimeout(ctx, b.config.Timeout)
				defer cancel()
				_ = b.reload(look) // Redis is away: the next one comes
			})
		}
		for _, s := range due {
			select {
			case <-ctx.Done():
				return
			case places <- struct{}{}:
			}
			leave := sync.OnceFunc(func() { <-places })
			long := time.AfterFunc(lookPlace, leave)
			looks.Go(func() {
				defer leave()
				defer long.Stop()
				look, cancel := context.WithTimeout(ctx, b.config.Timeout)
				defer cancel()
				_ = b.watch(look, s) // Redis is away: publishing tells, and the next look comes
			})
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
	began := time.Since(clockStart)
	reply, err := failoverScript.Run(ctx, b.redis, []string{s.events}, w.highest().String()).Slice()
	if err != nil {
		w.suspect.Store(true) // look until there is an answer, which may be another server's
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
	w.looked.Store(int64(began))
	w.suspect.Store(false)
	return nil
}

// stand reports which of some events stand in the stream as the entries that were
// acknowledged: the dedupe of a server whose clock is ahead forgets too early.
func (b *Bus) stand(ctx context.Context, s *shard, events []acknowledged) ([]bool, error) {
	found := make([]*redis.XMessageSliceCmd, len(events))
	_, err := b.redis.Pipelined(ctx, func(p redis.Pipeliner) error {
		for i, a := range events {
			id := cmp.Or(a.entry, "0-0") // which no entry has
			found[i] = p.XRange(ctx, s.events, id, id)
		}
		return nil
	})
	if err != nil {
		return nil, redisError("look for what was published to "+s.events, err)
	}
	there := make([]bool, len(events))
	for i, a := range events {
		for _, m := range found[i].Val() {
			data, _ := m.Values["event"].(string)
			e, err := schema.Parse([]byte(data))
			there[i] = err == nil && identify(e.Source, e.ID) == a.identity
		}
	}
	return there, nil
}

// account looks for what was acknowledged of late, which is witnessFor before the
// last look at the data that was, and reports what is gone.
func (b *Bus) account(ctx context.Context, s *shard, was, is string) error {
	since := witnessFor + time.Since(clockStart) - time.Duration(s.witness.looked.Load())
	all := s.witness.recall(min(since, b.config.DedupeWindow/2)) // they were appended before they were acknowledged
	loss := Loss{Shard: s.name, Time: b.config.Now(), Was: was, Is: is, Verified: len(all)}
	const chunk = 1000
	for from := 0; from < len(all); from += chunk {
		part := all[from:min(from+chunk, len(all))]
		events := make([]item, len(part))
		for i, a := range part {
			events[i] = item{identity: a.identity, slot: slotOf(a.id)}
		}
		recorded, err := b.findRecords(ctx, s, events)
		if err != nil {
			return err
		}
		var forgotten []acknowledged
		for i, a := range part {
			if recorded[i] == "" {
				forgotten = append(forgotten, a)
			}
		}
		for few := range slices.Chunk(forgotten, locatePage) {
			there, err := b.stand(ctx, s, few)
			if err != nil {
				return err
			}
			for i, a := range few {
				if !there[i] {
					loss.Lost = append(loss.Lost, Receipt{ID: a.id, StreamID: a.entry})
				}
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
