package eventbus

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// A leaseholder spreads the shards over the consumers of a group, together with the
// leaseholders of the others: each knows who is there, works out how many shards are
// its own, gives back what it has too many of and takes what is free.
//
// The lease of a shard lies beside its stream, so that reading is fenced by it
// in one step (see read.lua). The list of consumers only serves to share
// fairly; nothing rests on it but that.
type leaseholder struct {
	c       *Consumer
	handler Handler
	held    map[*shard]*shardLease
	begun   map[*shard]bool // the group is there
	workers sync.WaitGroup
	ended   chan *shardLease // workers that are done
	down    bool             // the last round failed
}

// A shardLease is a leaseholder's lease of one shard. A nil one, of a shard that is
// shared, is always valid.
type shardLease struct {
	shard  *shard
	key    string
	until  atomic.Int64 // when it ends, in nanoseconds since clockStart
	cancel context.CancelFunc
	lost   atomic.Bool
	hung   atomic.Bool // a handler doesn't return
}

var clockStart = time.Now() // of the monotonic clock, which no time server sets

func (h *shardLease) valid() bool {
	return h == nil || !h.lost.Load() && time.Since(clockStart) < time.Duration(h.until.Load())
}

// extend notes that the lease was had at the time given, for d.
func (h *shardLease) extend(at time.Time, d time.Duration) {
	h.until.Store(int64(at.Add(d).Sub(clockStart)))
}

// lose notes that the lease is another's, and ends the work under it.
func (h *shardLease) lose() {
	h.lost.Store(true)
	h.cancel()
}

func newLeaseholder(c *Consumer, h Handler) *leaseholder {
	return &leaseholder{c: c, handler: h, held: map[*shard]*shardLease{}, begun: map[*shard]bool{}, ended: make(chan *shardLease)}
}

// run takes leases, and has workers under them, until ctx is done and the workers
// have drained.
func (l *leaseholder) run(ctx, work context.Context) {
	tick := time.NewTicker(l.every())
	defer tick.Stop()
	stop := ctx.Done()
	l.round(ctx, work)
	for ctx.Err() == nil || len(l.held) > 0 {
		select {
		case <-stop:
			stop = nil // heard; their contexts end with ctx; their leases are kept until they have drained
		case h := <-l.ended:
			delete(l.held, h.shard)
		case <-tick.C:
		}
		if ctx.Err() == nil {
			l.round(ctx, work)
		} else {
			l.leaveHung() // nothing else is left to do with them
		}
	}
	l.workers.Wait()
	_, _ = l.join(ctx, 0) // else it is forgotten in time
}

// every is how often a leaseholder looks after its shards.
func (l *leaseholder) every() time.Duration { return min(l.c.config.Lease/3, time.Second) }

// round brings the number of leases to the leaseholder's share.
func (l *leaseholder) round(ctx, work context.Context) {
	members, err := l.join(ctx, l.stay())
	if err != nil {
		if !l.down && !expired(ctx) {
			l.down = true
			l.c.bus.config.Logger.WarnContext(ctx, "eventbus: consumer can't see its group and goes on trying", "group", l.c.config.Group, "error", err)
		}
		return
	}
	l.down = false
	// Alone, what other lanes can do is better than nothing.
	if slices.ContainsFunc(members, func(name string) bool { return name != l.c.config.Name }) {
		l.leaveHung()
	}
	l.c.lookForShards(ctx)
	shards := l.c.bus.all()
	l.begin(ctx, shards)
	share := fairShare(len(shards), members, l.c.config.Name)
	working := 0
	for _, s := range shards { // the last ones go first
		if h := l.held[s]; h != nil && !h.lost.Load() {
			if working++; working > share {
				h.cancel()
			}
		}
	}
	// Each begins its search elsewhere, so that they don't meet at every shard.
	offset := slices.Index(members, l.c.config.Name) * len(shards) / max(1, len(members))
	var free []*shard
	for i := range shards {
		if s := shards[(i+max(0, offset))%len(shards)]; l.held[s] == nil {
			free = append(free, s)
		}
	}
	for working < share && len(free) > 0 && ctx.Err() == nil {
		n := min(share-working, len(free), takeMost)
		working += l.take(ctx, work, free[:n])
		free = free[n:]
	}
}

// stay is how long the group should count on the leaseholder: not at all while a
// handler of it hangs, so that others count a shard as theirs that it can't take.
func (l *leaseholder) stay() time.Duration {
	for _, h := range l.held {
		if h.hung.Load() {
			return 0
		}
	}
	return l.c.config.Lease
}

// leaveHung leaves the shards on which a handler hangs to others.
func (l *leaseholder) leaveHung() {
	for _, h := range l.held {
		if h.hung.Load() {
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
func (l *leaseholder) join(ctx context.Context, d time.Duration) ([]string, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), callTimeout)
	defer cancel()
	key := fmt.Sprintf("carebus:{%s}:members:%s", l.c.bus.config.Environment, l.c.config.Group)
	members, err := membersScript.Run(ctx, l.c.bus.redis, []string{key}, l.c.config.Name, d.Milliseconds()).StringSlice()
	return members, redisError("join", err)
}

// lease asks for the lease of a shard, or gives it back for d = 0.
func (l *leaseholder) lease(ctx context.Context, h *shardLease, d time.Duration) (bool, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), min(callTimeout, l.c.config.Lease))
	defer cancel()
	began := time.Now()
	n, err := leaseScript.Run(ctx, l.c.bus.redis, []string{h.key}, l.c.config.Name, d.Milliseconds()).Int()
	if err == nil && n == 1 {
		h.extend(began, d)
	}
	return n == 1, redisError("lease "+h.key, err)
}

// takeMost is how many leases are asked for at a time.
const takeMost = 64

// begin makes the group in shards where it may not be yet, all at a time: one that
// begins with what is published from now on would miss events of a shard that is
// taken later than another.
func (l *leaseholder) begin(ctx context.Context, shards []*shard) {
	asked := make(chan *shard)
	n := 0
	for _, s := range shards {
		if l.begun[s] || ctx.Err() != nil {
			continue
		}
		n++
		go func() {
			_, err := l.c.makeGroup(ctx, s, "")
			if err != nil {
				s = nil // the next round tries again
			}
			asked <- s
		}()
	}
	for range n {
		if s := <-asked; s != nil {
			l.begun[s] = true
		}
	}
}

// take starts workers on those of some shards whose leases are free, and returns
// their number. All are asked for at a time: a server that doesn't answer mustn't
// keep the leaseholder from the shards of others.
func (l *leaseholder) take(ctx, work context.Context, shards []*shard) (n int) {
	asked := make(chan *shardLease)
	for _, s := range shards {
		go func() {
			h := &shardLease{shard: s, key: s.prefix + "lease:" + l.c.config.Group}
			if ours, err := l.lease(ctx, h, l.c.config.Lease); err != nil || !ours {
				h = nil // the next round tries again
			}
			asked <- h
		}()
	}
	for range shards {
		if h := <-asked; h != nil {
			n++
			l.start(ctx, work, h)
		}
	}
	return n
}

// start starts a worker under a lease, which is kept until it is done and given
// back then.
func (l *leaseholder) start(ctx, work context.Context, h *shardLease) {
	consumer := ctx
	ctx, h.cancel = context.WithCancel(ctx)
	l.held[h.shard] = h
	l.workers.Go(func() {
		defer h.cancel()
		done := make(chan struct{})
		var keeping sync.WaitGroup
		keeping.Go(func() { l.keep(ctx, h, done) })
		newWorker(l.c, h.shard, l.handler, h).run(ctx, work)
		close(done)
		keeping.Wait() // else it might take the lease again
		// One that was lost isn't given back while the consumer goes on: the call might
		// come late, when the lease has been taken again.
		if !h.lost.Load() || consumer.Err() != nil {
			_, _ = l.lease(context.Background(), h, 0) // else it ends in time
		}
		l.ended <- h
	})
}

// keep extends a lease whenever a third of it is over, until done is closed. One
// that has run out, or is another's, ends its worker. Each lease has a goroutine of
// its own, so that none waits for an answer about another.
func (l *leaseholder) keep(ctx context.Context, h *shardLease, done <-chan struct{}) {
	tick := time.NewTicker(l.every())
	defer tick.Stop()
	for {
		select {
		case <-done:
			return
		case <-tick.C:
		}
		left := time.Duration(h.until.Load()) - time.Since(clockStart)
		if h.lost.Load() || left > l.c.config.Lease*2/3 {
			continue
		}
		if ours, err := l.lease(ctx, h, l.c.config.Lease); err == nil && !ours || !h.valid() {
			l.c.bus.config.Logger.WarnContext(ctx, "eventbus: the lease of a shard ran out; its events are left to others", "stream", h.shard.events, "group", l.c.config.Group)
			h.lose()
		}
	}
}
