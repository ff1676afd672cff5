package eventbus

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/carebus/carebus/internal/sleep"
)

// A ConsumerConfig says who consumes and how.
type ConsumerConfig struct {
	// Group is the consumer group: every event goes to one consumer of each
	// group. Required: 1 to 64 letters, digits and ".-_", but not "lake".
	Group string
	// Name tells consumers of a group apart and must be unique in it. It stands in
	// Redis, in dead letters, logs and [Status], so it must name nobody. 1 to 256
	// letters, digits and ".-_". Default: host name, process id and a random part.
	Name string
	// FromNow makes a group that doesn't exist yet begin with the events
	// published from now on. Default: with the oldest event there is. A group
	// that exists, or existed, goes on where it was.
	FromNow bool
	// Shared lets all consumers of the group read every shard side by side, so
	// that there may be more of them at work than shards; events of one subject
	// are then in order only within one consumer. Default false: each shard
	// belongs to one consumer of the group at a time, by a lease, shards are
	// spread evenly, and a consumer without a shard stands by.
	Shared bool
	// Lease is how long a consumer keeps its shards without a sign of life.
	// One that dies is replaced after this time; one that stops, at once. All
	// consumers of a group must have the same. Default 15 seconds.
	Lease time.Duration
	// BatchSize is how many events a handler is given at most. Default 256.
	BatchSize int
	// Concurrency is how many handlers run at a time, per shard; events of one
	// subject go to one of them at a time, in order. Default 1.
	Concurrency int
	// MaxInFlight is how many entries are read ahead and not yet settled, per
	// shard. Lower it where handlers are slow and consumers many. Default
	// 4 * BatchSize.
	MaxInFlight int
	// MaxDeliver is how often an event is tried before it becomes a dead
	// letter. With 1, one whose consumer died is tried once more, since its handler
	// may not have begun. Default 5.
	MaxDeliver int
	// MinIdle is how long a consumer must have been silent about an entry
	// before another takes it over. Consumers at work report themselves, so a
	// slow handler loses nothing. Default 1 minute.
	MinIdle time.Duration
	// BackoffMin and BackoffMax bound the wait before an event is tried again.
	// It doubles with each try and is shortened by up to half at random; Redis
	// keeps it, so it outlives the process. BackoffMax can't be longer than
	// MinIdle. Defaults 500 milliseconds and 30 seconds, or MinIdle if shorter.
	BackoffMin, BackoffMax time.Duration
	// Block is how long a read waits for new events. A consumer takes up to
	// this long to notice that it is to stop. Default 500 milliseconds.
	Block time.Duration
	// HandleTimeout ends a handler's context. If the handler goes on all the same,
	// another consumer of the group takes over its events, and the shard too unless
	// Shared is set. Default 10 minutes.
	HandleTimeout time.Duration
	// StopTimeout is how long handlers may go on after Run's context has ended.
	// Then their context ends too. Default 30 seconds.
	StopTimeout time.Duration
}

func (c *ConsumerConfig) complete() error {
	if c.Name == "" {
		host, err := os.Hostname()
		if err != nil {
			host = "unknown"
		}
		c.Name = defaultName(host)
	}
	c.BatchSize = cmp.Or(c.BatchSize, 256)
	c.Concurrency = cmp.Or(c.Concurrency, 1)
	c.Lease = cmp.Or(c.Lease, 15*time.Second)
	c.MaxInFlight = cmp.Or(c.MaxInFlight, 4*c.BatchSize)
	c.MaxDeliver = cmp.Or(c.MaxDeliver, 5)
	c.MinIdle = cmp.Or(c.MinIdle, time.Minute)
	c.BackoffMax = cmp.Or(c.BackoffMax, min(30*time.Second, c.MinIdle))
	c.BackoffMin = cmp.Or(c.BackoffMin, min(500*time.Millisecond, c.BackoffMax))
	c.Block = cmp.Or(c.Block, 500*time.Millisecond)
	c.HandleTimeout = cmp.Or(c.HandleTimeout, 10*time.Minute)
	c.StopTimeout = cmp.Or(c.StopTimeout, 30*time.Second)
	var errs []error
	require := func(ok bool, rule string) {
		if !ok {
			errs = append(errs, errors.New("eventbus: ConsumerConfig."+rule))
		}
	}
	require(validGroup(c.Group), `Group must be 1 to 64 letters, digits and ".-_"`)
	require(c.Group != lakeGroup, `Group can't be "lake", which shows the lake's progress`)
	require(validConsumer(c.Name), `Name must be 1 to 256 letters, digits and ".-_"`)
	require(c.Lease >= 100*time.Millisecond, "Lease must be 100 milliseconds or more")
	require(c.BatchSize >= 1 && c.BatchSize <= 1000, "BatchSize must be 1 to 1,000")
	require(c.Concurrency >= 1 && c.Concurrency <= 1000, "Concurrency must be 1 to 1,000")
	require(c.MaxInFlight >= 1 && c.MaxInFlight <= 100_000, "MaxInFlight must be 1 to 100,000")
	require(c.MaxDeliver >= 1, "MaxDeliver must be 1 or more")
	require(c.MinIdle >= 100*time.Millisecond, "MinIdle must be 100 milliseconds or more")
	require(c.BackoffMin >= time.Millisecond && c.BackoffMin <= c.BackoffMax, "BackoffMin must be a millisecond or more, and BackoffMax at most")
	require(c.BackoffMax <= c.MinIdle, "BackoffMax can't be longer than MinIdle")
	require(c.Block >= time.Millisecond && c.Block <= 5*time.Second, "Block must be 1 millisecond to 5 seconds")
	require(c.HandleTimeout > 0, "HandleTimeout must be positive")
	require(c.StopTimeout > 0, "StopTimeout must be positive")
	return errors.Join(errs...)
}

// defaultName returns a consumer's name on a host, whatever characters that has in
// its name.
func defaultName(host string) string {
	host = strings.Map(func(r rune) rune {
		if isName(string(r)) {
			return r
		}
		return '-'
	}, host[:min(len(host), maxHost)])
	return fmt.Sprintf("%s-%d-%s", host, os.Getpid(), strings.ToLower(rand.Text()[:8]))
}

// maxHost is how much of a host's name becomes part of a consumer's.
const maxHost = 200

func validGroup(s string) bool    { return s != "" && len(s) <= 64 && isName(s) }
func validConsumer(s string) bool { return s != "" && len(s) <= 256 && isName(s) }

// isName reports whether s has no other characters than names have: the names under
// which entries wait, such as ~retry, have one more.
func isName(s string) bool {
	return strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_") == ""
}

// backoff returns how long to wait after the n-th delivery, between half and
// all of the doubled wait. r is random in [0, 1).
func (c *ConsumerConfig) backoff(n int64, r float64) time.Duration {
	d := c.BackoffMin
	for ; n > 1 && d < c.BackoffMax; n-- {
		d *= 2
	}
	d = min(d, c.BackoffMax)
	return max(time.Millisecond, d-time.Duration(r*float64(d)/2))
}

// A Consumer is one member of a consumer group.
type Consumer struct {
	bus     *Bus
	config  ConsumerConfig
	running atomic.Bool
	known   sync.Map // how far the group is known to be, by *shard: an entry id
}

// Subscribe returns a consumer; [Consumer.Run] starts it.
func (b *Bus) Subscribe(config ConsumerConfig) (*Consumer, error) {
	if err := b.enter(); err != nil {
		return nil, err
	}
	defer b.work.Done()
	if err := config.complete(); err != nil {
		return nil, err
	}
	return &Consumer{bus: b, config: config}, nil
}

// ErrStopTimeout says that handlers were still at work StopTimeout after their
// consumer was told to stop, and had their context ended. What they didn't
// finish is delivered again.
var ErrStopTimeout = errors.New("eventbus: handlers did not finish within the stop timeout")

// Run reads its shards and calls h until ctx is done. Then it stops reading,
// waits for the handlers at work, settles what they finished, gives back what
// they hadn't begun, and returns nil, or [ErrStopTimeout]. A handler that heeds no
// context keeps Run from returning, for it is still at work, but not its events from
// others; see HandleTimeout.
//
// Run outlives Redis: while it is away, Run tries to reach it again, and tells
// Config.Logger. One consumer runs once at a time; a second Run is an error, and
// so is a [Mux] that its registry doesn't fit.
func (c *Consumer) Run(ctx context.Context, h Handler) error {
	if err := c.bus.enter(); err != nil {
		return err
	}
	c.bus.work.Done() // Close doesn't wait for consumers; see there
	if f, ok := h.(HandlerFunc); h == nil || ok && f == nil {
		return errors.New("eventbus: a consumer needs a handler") // calling none would give up every event
	}
	if m, ok := h.(checker); ok {
		if err := m.Check(c.bus.config.Registry); err != nil {
			return err
		}
	}
	if !c.running.CompareAndSwap(false, true) {
		return errors.New("eventbus: the consumer runs already")
	}
	defer c.running.Store(false)
	h = c.bus.telemetry.handler(h, c.config.Group)

	work, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	var late atomic.Bool
	drained := make(chan struct{})
	var watch, shards sync.WaitGroup
	watch.Go(func() {
		select {
		case <-drained:
			return
		case <-ctx.Done():
		}
		t := time.NewTimer(c.config.StopTimeout)
		defer t.Stop()
		select {
		case <-drained:
		case <-t.C:
			late.Store(true)
			cancel()
		}
	})
	if c.config.Shared {
		shards.Go(func() { c.share(ctx, work, h) })
	} else {
		shards.Go(func() { newLeaseholder(c, h).run(ctx, work) })
	}
	shards.Wait()
	close(drained)
	watch.Wait()
	if late.Load() {
		return ErrStopTimeout
	}
	return nil
}

// share runs a worker on each shard, also on those that there are later.
func (c *Consumer) share(ctx, work context.Context, h Handler) {
	var workers sync.WaitGroup
	defer workers.Wait()
	for n := 0; ; {
		all := c.bus.all()
		for ; n < len(all); n++ {
			s := all[n]
			workers.Go(func() { newWorker(c, s, h, nil).run(ctx, work) })
		}
		if !sleep.For(ctx, watchEvery) {
			return
		}
		c.lookForShards(ctx)
	}
}

// lookForShards learns of shards that there are by now. If Redis is away, it leaves
// that to the next time.
func (c *Consumer) lookForShards(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	_ = c.bus.reload(ctx)
}
