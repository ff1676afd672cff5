package eventbus

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// A tenant spreads the shards over the consumers of a group, together with the
// tenants of the others: each knows who is there, works out how many shards are
// its own, gives back what it has too many of and takes what is free.
//
// The lease of a shard lies beside its stream, so that reading is fenced by it
// in one step (see read.lua). The list of consumers only serves to share
// fairly; nothing rests on it but that.
type tenant struct {
	c       *Consumer
	handler Handler
	held    map[*shard]*holding
	workers sync.WaitGroup
	ended   chan *holding // workers that are done
	down    bool          // the last round failed
}

// A holding is a tenant's lease of one shard. A nil holding, of a shard that is
// shared, is always valid.
type holding struct {
	shard  *shard
	key    string
	until  atomic.Int64 // when it ends, in nanoseconds since epoch0
	cancel context.CancelFunc
	lost   atomic.Bool
	hung   atomic.Bool // a handler doesn't return
}

var epoch0 = time.Now() // of the monotonic clock, which no time server sets

func (h *holding) valid() bool {
	return h == nil || !h.lost.Load() && time.Since(epoch0) < time.Duration(h.until.Load())
}

// extend notes that the lease was had at the time given, for d.
func (h *holding) extend(at time.Time, d time.Duration) {
	h.until.Store(int64(at.Add(d).Sub(epoch0)))
}

// lose notes that the lease is another's, and ends the work under it.
func (h *holding) lose() {
	h.lost.Store(true)
	h.cancel()
}

func newTenant(c *Consumer, h Handler) *tenant {
	return &tenant{c: c, handler: h, held: map[*shard]*holding{}, ended: make(chan *holding)}
}

// run takes leases, and has workers under them, until ctx is done and the workers
// have drained.
func (t *tenant) run(ctx, work context.Context) {
	tick := time.NewTicker(t.every())
	defer tick.Stop()
	stop := ctx.Done()
	t.round(ctx, work)
	for ctx.Err() == nil || len(t.held) > 0 {
		select {
		case <-stop:
			stop = nil // heard; their contexts end with ctx; their leases are kept until they have drained
		case h := <-t.ended:
			delete(t.held, h.shard)
		case <-tick.C:
		}
		if ctx.Err() == nil {
			t.round(ctx, work)
		}
	}
	t.workers.Wait()
	_, _ = t.join(ctx, 0) // else it is forgotten in time
}

// every is how often a tenant looks after its shards.
func (t *tenant) every() time.Duration { return min(t.c.config.Lease/3, time.Second) }

// round brings the number of leases to the tenant's share.
func (t *tenant) round(ctx, work context.Context) {
	members, err := t.join(ctx, t.stay())
	if err != nil {
		if !t.down {
			t.down = true
			t.c.bus.config.Logger.WarnContext(ctx, "eventbus: consumer can't see its group and goes on trying", "group", t.c.config.Group, "error", err)
		}
		return
	}
	t.down = false
	t.leaveHung(members)
	t.c.lookForShards(ctx)
	shards := t.c.bus.all()
	share := fairShare(len(shards), members, t.c.config.Name)
	working := 0
	for _, s := range shards { // the last ones go first
		if h := t.held[s]; h != nil && !h.lost.Load() {
			if working++; working > share {
				h.cancel()
			}
		}
	}
	// Each begins its search elsewhere, so that they don't meet at every shard.
	offset := slices.Index(members, t.c.config.Name) * len(shards) / max(1, len(members))
	var free []*shard
	for i := range shards {
		if s := shards[(i+max(0, offset))%len(shards)]; t.held[s] == nil {
			free = append(free, s)
		}
	}
	for working < share && len(free) > 0 && ctx.Err() == nil {
		n := min(share-working, len(free), takeMost)
		working += t.take(ctx, work, free[:n])
		free = free[n:]
	}
}

// stay is how long the group should count on the tenant: not at all while a
// handler of it hangs, so that others count a shard as theirs that it can't take.
func (t *tenant) stay() time.Duration {
	for _, h := range t.held {
		if h.hung.Load() {
			return 0
		}
	}
	return t.c.config.Lease
}

// leaveHung leaves the shards on which a handler hangs to others, if there are
// any: alone, what other lanes can do is better than nothing.
func (t *tenant) leaveHung(members []string) {
	for _, h := range t.held {
		if h.hung.Load() && slices.ContainsFunc(members, func(name string) bool { return name != t.c.config.Name }) {
			h.lose()
		}
	}
}

// fairShare returns how many of n shards belong to a member: as many as to
// anyone, or one more for the first ones, so that all shards belong to someone.
func fairShare(n int, members []string, name string) int {
	if len(members) == 0 {
		return n
	}
	slices.Sort(members)
	share := n / len(members)
	if i := slices.Index(members, name); i >= 0 && i < n%len(members) {
		share++
	}
	return share
}

// join tells the group that the consumer is there for d, or leaves for 0, and
// returns the names of all.
func (t *tenant) join(ctx context.Context, d time.Duration) ([]string, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), callTimeout)
	defer cancel()
	key := fmt.Sprintf("carebus:{%s}:members:%s", t.c.bus.config.Environment, t.c.config.Group)
	members, err := membersScript.Run(ctx, t.c.bus.redis, []string{key}, t.c.config.Name, d.Milliseconds()).StringSlice()
	return members, redisError("join", err)
}

// lease asks for the lease of a shard, or gives it back for d = 0.
func (t *tenant) lease(ctx context.Context, h *holding, d time.Duration) (bool, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), min(callTimeout, t.c.config.Lease))
	defer cancel()
	began := time.Now()
	n, err := leaseScript.Run(ctx, t.c.bus.redis, []string{h.key}, t.c.config.Name, d.Milliseconds()).Int()
	if err == nil && n == 1 {
		h.extend(began, d)
	}
	return n == 1, redisError("lease "+h.key, err)
}

// takeMost is how many leases are asked for at a time.
const takeMost = 64

// take starts workers on those of some shards whose leases are free, and returns
// their number. All are asked for at a time: a server that doesn't answer mustn't
// keep the tenant from the shards of others.
func (t *tenant) take(ctx, work context.Context, shards []*shard) (n int) {
	asked := make(chan *holding)
	for _, s := range shards {
		go func() {
			h := &holding{shard: s, key: s.prefix + "lease:" + t.c.config.Group}
			if ours, err := t.lease(ctx, h, t.c.config.Lease); err != nil || !ours {
				h = nil // the next round tries again
			}
			asked <- h
		}()
	}
	for range shards {
		if h := <-asked; h != nil {
			n++
			t.start(ctx, work, h)
		}
	}
	return n
}

// start starts a worker under a lease, which is kept until it is done and given
// back then.
func (t *tenant) start(ctx, work context.Context, h *holding) {
	ctx, h.cancel = context.WithCancel(ctx)
	t.held[h.shard] = h
	t.workers.Go(func() {
		defer h.cancel()
		done := make(chan struct{})
		var keeping sync.WaitGroup
		keeping.Go(func() { t.keep(ctx, h, done) })
		newWorker(t.c, h.shard, t.handler, h).run(ctx, work)
		close(done)
		keeping.Wait() // else it might take the lease again
		if !h.lost.Load() {
			_, _ = t.lease(context.Background(), h, 0) // else it ends in time
		}
		t.ended <- h
	})
}

// keep extends a lease whenever a third of it is over, until done is closed. One
// that has run out, or is another's, ends its worker. Each lease has a goroutine of
// its own, so that none waits for an answer about another.
func (t *tenant) keep(ctx context.Context, h *holding, done <-chan struct{}) {
	tick := time.NewTicker(t.every())
	defer tick.Stop()
	for {
		select {
		case <-done:
			return
		case <-tick.C:
		}
		left := time.Duration(h.until.Load()) - time.Since(epoch0)
		if h.lost.Load() || left > t.c.config.Lease*2/3 {
			continue
		}
		if ours, err := t.lease(ctx, h, t.c.config.Lease); err == nil && !ours || !h.valid() {
			t.c.bus.config.Logger.WarnContext(ctx, "eventbus: the lease of a shard ran out; its events are left to others", "stream", h.shard.events, "group", t.c.config.Group)
			h.lose()
		}
	}
}
