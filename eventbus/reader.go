package eventbus

import (
	"context"
	"errors"
	"time"

	"github.com/cenkalti/backoff/v5"
	"github.com/redis/go-redis/v9"

	"github.com/carebus/carebus/internal/sleep"
)

// errLeaseLost says that another consumer of the group may have the shard.
var errLeaseLost = errors.New("eventbus: the lease is lost")

// A delivery is what one read brought.
type delivery struct {
	entries      []*entry
	began, ended time.Time // of the read
}

// read reads entries into free slots until ctx is done. The holder of a lease
// first takes what others left behind, which is older than all that is new.
func (w *worker) read(ctx context.Context, raw chan<- delivery) {
	wait := backoff.ExponentialBackOff{InitialInterval: 20 * time.Millisecond, RandomizationFactor: 0.5, Multiplier: 2, MaxInterval: 5 * time.Second}
	wait.Reset()
	grouped := false
	for ctx.Err() == nil {
		var d delivery
		var err error
		if !grouped {
			err = w.makeGroup(ctx)
			grouped = err == nil
		}
		if free := w.waitFree(ctx); err == nil && free > 0 {
			d.began = time.Now()
			d.entries, err = w.fill(ctx, min(free, w.most))
			d.ended = time.Now()
			w.pace(d, err)
		}
		if len(d.entries) > 0 {
			raw <- d
		}
		switch {
		case err == nil:
			if w.down {
				w.down = false
				w.bus.config.Logger.InfoContext(ctx, "eventbus: consumer goes on", "stream", w.shard.events, "group", w.c.config.Group)
			}
			wait.Reset()
		case errors.Is(err, errLeaseLost):
			w.lease.lose()
			return
		case isNoGroup(err):
			grouped = false
			sleep.For(ctx, wait.NextBackOff()) // somebody may remove it again and again
		default:
			// An answer that didn't arrive may have held entries: they are the
			// consumer's now and come before all that is new.
			w.claims.tookOver = false
			if !w.down && !expired(ctx) { // tell of a change, not of every try
				w.down = true
				w.bus.config.Logger.WarnContext(ctx, "eventbus: consumer can't read and goes on trying", "stream", w.shard.events, "group", w.c.config.Group, "error", err)
			}
			sleep.For(ctx, wait.NextBackOff())
		}
	}
}

// What a read brings: few entries at first, and of large ones about so many bytes, so
// that the server can answer others soon and has the memory.
const (
	readFirst = 32
	readBytes = 8 << 20
)

// pace bounds the next read. Entries may be so large that the network doesn't carry as
// many as are free in callTimeout: then half as many are read, and more again when
// reads are quick, up to readBytes.
func (w *worker) pace(d delivery, err error) {
	if errors.Is(err, ErrUnavailable) {
		w.stuck = w.most == 1
		w.most = max(1, w.most/2)
	}
	if err != nil || len(d.entries) == 0 {
		return
	}
	w.stuck = false
	if d.ended.Sub(d.began) < callTimeout/4 {
		w.most = min(2*w.most, w.c.config.MaxInFlight)
	}
	bytes := 1
	for _, e := range d.entries {
		bytes += len(e.event)
	}
	w.most = max(1, min(w.most, len(d.entries)*readBytes/bytes))
}

// fill gets entries for free slots: those left behind, those due again, or new ones.
func (w *worker) fill(ctx context.Context, free int) ([]*entry, error) {
	if w.lease != nil && !w.claims.tookOver {
		return w.takeOver(ctx, free)
	}
	if w.untilClaim() <= 0 {
		if entries, err := w.claim(ctx, free); err != nil || len(entries) > 0 {
			return entries, err
		}
	}
	if w.lease != nil {
		return w.readFenced(ctx, free)
	}
	return w.readShared(ctx, free)
}

// makeGroup makes sure that the group is there.
func (w *worker) makeGroup(ctx context.Context) error {
	replaced, err := w.c.makeGroup(ctx, w.shard, *w.lastRead.Load())
	if replaced {
		w.lastRead.Store(new(string))
	}
	return err
}

// readShared reads entries that no consumer of the group has been given, and
// waits for them.
func (w *worker) readShared(ctx context.Context, count int) ([]*entry, error) {
	c := &w.c.config
	block := w.patience()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), block+callTimeout)
	defer cancel()
	streams, err := w.bus.reads.XReadGroup(ctx, &redis.XReadGroupArgs{
		Group: c.Group, Consumer: c.Name, Streams: []string{w.shard.events, ">"}, Count: int64(count), Block: block,
	}).Result()
	switch {
	case errors.Is(err, redis.Nil), err == nil && len(streams) == 0:
		return nil, nil
	case replyCode(err) == "NOGROUP":
		return nil, errNoGroup
	case err != nil:
		return nil, redisError("read "+w.shard.events, err)
	}
	all := make([]entry, len(streams[0].Messages))
	for i, m := range streams[0].Messages {
		all[i].id, all[i].deliveries = m.ID, 1
		all[i].event, all[i].present = m.Values["event"].(string)
		all[i].only, _ = m.Values["for"].(string)
	}
	return w.takeNew(all), nil
}

// readFenced reads new entries if the lease is still the worker's. When there
// are none it waits until there may be.
func (w *worker) readFenced(ctx context.Context, count int) ([]*entry, error) {
	c := &w.c.config
	reply, err := w.call(ctx, "read", readScript, []string{w.shard.events, w.lease.key}, c.Group, c.Name, count, w.claims.given, readBytes)
	if err != nil {
		return nil, err
	}
	switch reply := reply.(type) {
	case int64:
		if reply == 1 {
			w.claims.tookOver = false
			return nil, nil
		}
		return nil, errLeaseLost
	case string:
		return nil, w.await(ctx, reply)
	case []any:
		all := make([]entry, 0, count)
		for _, list := range reply {
			items, _ := list.([]any)
			for _, item := range items {
				if part, _ := item.([]any); len(part) == 2 {
					e := entry{deliveries: 1}
					e.id, _ = part[0].(string)
					e.fields(part[1])
					all = append(all, e)
				}
			}
		}
		if len(all) > 0 {
			w.claims.given = all[len(all)-1].id
		}
		return w.takeNew(all), nil
	}
	return nil, errors.New("eventbus: read: redis answered with something else")
}

// await waits for an entry behind the id last, or for patience's end.
func (w *worker) await(ctx context.Context, last string) error {
	block := w.patience()
	bounded, cancel := context.WithTimeout(ctx, block+callTimeout)
	defer cancel()
	err := w.bus.reads.XRead(bounded, &redis.XReadArgs{Streams: []string{w.shard.events, last}, Count: 1, Block: block}).Err()
	if errors.Is(err, redis.Nil) || expired(ctx) {
		return nil
	}
	return redisError("read "+w.shard.events, err)
}

// patience is how long a read may wait for new entries: until a retry is due at
// most, and while something is handled, which may have to be tried again, about as
// long as that would wait.
func (w *worker) patience() time.Duration {
	block := min(w.c.config.Block, max(time.Millisecond, w.untilClaim()))
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.inFlight) > 0 {
		block = min(block, max(w.c.config.BackoffMin, 50*time.Millisecond))
	}
	return block
}

// takeNew gives entries that were read as new their slots.
func (w *worker) takeNew(all []entry) []*entry {
	if len(all) == 0 {
		return nil
	}
	entries := make([]*entry, len(all))
	for i := range all {
		entries[i] = &all[i]
	}
	w.lastRead.Store(&all[len(all)-1].id)
	w.c.known.Store(w.shard, all[len(all)-1].id)
	return w.seat(entries)
}
