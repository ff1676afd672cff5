package eventbus

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/carebus/carebus/internal/output"
	"github.com/carebus/carebus/internal/redistest"
	"github.com/carebus/carebus/schema"
)

func TestFairShare(t *testing.T) {
	for _, c := range []struct {
		shards  int
		members []string
		want    []int
	}{
		{4, []string{"a"}, []int{4}},
		{4, []string{"c", "a", "b"}, []int{2, 1, 1}},
		{1, []string{"a", "b"}, []int{1, 0}},
		{7, []string{"a", "b", "c"}, []int{3, 2, 2}},
	} {
		sum := 0
		for i, name := range []string{"a", "b", "c"}[:len(c.members)] {
			got := fairShare(c.shards, c.members, name)
			if sum += got; got != c.want[i] {
				t.Errorf("%s of %v has %d of %d shards, want %d", name, c.members, got, c.shards, c.want[i])
			}
		}
		if sum != c.shards {
			t.Errorf("%d of %d shards belong to someone", sum, c.shards)
		}
	}
}

// holders returns who has which shard's lease.
func holders(t testing.TB, b *Bus) map[string]int {
	t.Helper()
	n := map[string]int{}
	for _, s := range b.all() {
		if name := b.redis.Get(t.Context(), s.prefix+"lease:test").Val(); name != "" {
			n[name]++
		}
	}
	return n
}

func TestShardsAreSpreadOverConsumers(t *testing.T) {
	t.Parallel()
	redistest.Each(t, func(t *testing.T, url string) {
		b := open(t, url, func(c *Config) { c.Shards = 6 })
		config := func(name string) ConsumerConfig { return ConsumerConfig{Name: name} } // with a lease that a busy machine keeps
		r := &recorder{}
		stopA := consume(t, b, config("a"), r)
		until(t, "a to have all", func() bool { return holders(t, b)["a"] == 6 })
		stopB := consume(t, b, config("b"), r)
		until(t, "b to have half", func() bool { h := holders(t, b); return h["a"] == 3 && h["b"] == 3 })
		consume(t, b, config("c"), r)
		until(t, "c to have a third", func() bool { h := holders(t, b); return h["a"] == 2 && h["b"] == 2 && h["c"] == 2 })
		stopA()
		until(t, "the two to have a's", func() bool { h := holders(t, b); return h["b"] == 3 && h["c"] == 3 })
		stopB()
		until(t, "c to have all", func() bool { return holders(t, b)["c"] == 6 })
		if d := b.redis.PTTL(t.Context(), "carebus:{test}:members:test").Val(); d <= 0 || d > 10*time.Minute {
			t.Errorf("the list of consumers goes after %v", d)
		}
		for n := range 30 {
			if err := b.Publish(t.Context(), event(fmt.Sprintf("user/%d", n), 1)); err != nil {
				t.Fatal(err)
			}
		}
		until(t, "all events", func() bool { return r.distinct() == 30 })
	})
}

// A background is a context without an end to wait for, as context.Background
// is, that a test can end all the same.
type background struct {
	context.Context
	over atomic.Bool
}

func (b *background) Done() <-chan struct{} { return nil }

func (b *background) Err() error {
	if b.over.Load() {
		return context.Canceled
	}
	return nil
}

// TestAConsumerWithoutAShardWaits: one whose context never ends, and for whom
// there is no shard yet, stays until there is one.
func TestAConsumerWithoutAShardWaits(t *testing.T) {
	t.Parallel()
	b := open(t, redistest.Mini(t))
	config := func(name string) ConsumerConfig { return ConsumerConfig{Name: name, Lease: 300 * time.Millisecond} }
	r := &recorder{}
	consume(t, b, config("a"), r)
	until(t, "a to have the shard", func() bool { return holders(t, b)["a"] == 1 })
	second := config("b")
	second.Group = "test"
	c, err := b.Subscribe(second)
	if err != nil {
		t.Fatal(err)
	}
	ctx, ended := &background{Context: t.Context()}, make(chan error, 1)
	go func() { ended <- c.Run(ctx, r) }()
	select {
	case err := <-ended:
		t.Fatalf("Run = %v while another consumer has the shard", err)
	case <-time.After(300 * time.Millisecond):
	}
	ctx.over.Store(true)
	if err := <-ended; err != nil {
		t.Errorf("Run = %v", err)
	}
}

// One subject's events stay in order while its shard goes from consumer to
// consumer under load.
func TestOrderOutlivesRebalancing(t *testing.T) {
	b := open(t, redistest.Start(t), func(c *Config) { c.Shards = 3 })
	const subjects, each = 5, 400
	var mu sync.Mutex
	last, wrong, n := map[string]string{}, 0, 0
	h := HandlerFunc(func(_ context.Context, events []schema.Envelope) error {
		mu.Lock()
		defer mu.Unlock()
		for _, e := range events {
			if n++; e.ID <= last[e.Subject] {
				wrong++
			}
			last[e.Subject] = e.ID
		}
		return nil
	})
	// A lease that runs out has events delivered again; one of minutes doesn't.
	config := ConsumerConfig{Lease: 5 * time.Minute, BatchSize: 8, MaxInFlight: 16, Concurrency: 2}
	stop := []func(){consume(t, b, config, h)}
	var publishers sync.WaitGroup
	for s := range subjects {
		publishers.Go(func() {
			for i := range each {
				if err := b.Publish(t.Context(), event(fmt.Sprintf("user/%d", s), i)); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	for i := range 6 {
		mark := b.Stats().Handled
		until(t, "progress", func() bool { s := b.Stats(); return s.Handled > mark+20 || s.Handled == subjects*each })
		if i%2 == 0 {
			stop = append(stop, consume(t, b, config, h))
		} else {
			stop[0]()
			stop = stop[1:]
		}
	}
	publishers.Wait()
	until(t, "all events", func() bool { return b.Stats().Handled == subjects*each })
	mu.Lock()
	defer mu.Unlock()
	if wrong > 0 || n != subjects*each {
		t.Errorf("%d of %d events came out of order; %d were published", wrong, n, subjects*each)
	}
}

func TestDeadConsumersShardGoesToAnother(t *testing.T) {
	t.Parallel()
	redistest.Each(t, func(t *testing.T, url string) {
		b := open(t, url)
		if err := b.Publish(t.Context(), events("user/1", 10)...); err != nil {
			t.Fatal(err)
		}
		c := redistest.Client(t, url)
		// It took a lease, read, and died.
		if err := c.XGroupCreate(t.Context(), stream0, "test", "0").Err(); err != nil {
			t.Fatal(err)
		}
		if err := c.Set(t.Context(), "carebus:{test.0}:lease:test", "gone", 300*time.Millisecond).Err(); err != nil {
			t.Fatal(err)
		}
		if err := c.Do(t.Context(), "XREADGROUP", "GROUP", "test", "gone", "COUNT", 4, "STREAMS", stream0, ">").Err(); err != nil {
			t.Fatal(err)
		}
		until(t, "the lease to end", func() bool {
			redistest.Pass(url, 10*time.Millisecond)
			return c.Exists(t.Context(), "carebus:{test.0}:lease:test").Val() == 0
		})
		r := &recorder{}
		consume(t, b, ConsumerConfig{}, r) // with a lease that a busy machine keeps
		until(t, "all events", func() bool { return b.Stats().Handled == 10 })
		for i, id := range r.ids() {
			if want := event("user/1", i).ID; id != want {
				t.Fatalf("%d: %s, want %s", i, id, want)
			}
		}
	})
}

// A consumer that slept through the end of its lease neither reads nor begins
// anything when it wakes.
func TestZombieIsFenced(t *testing.T) {
	redistest.Each(t, func(t *testing.T, url string) {
		b := open(t, url)
		c := redistest.Client(t, url)
		consumer, err := b.Subscribe(ConsumerConfig{Group: "test", Name: "zombie"})
		if err != nil {
			t.Fatal(err)
		}
		if err := b.Publish(t.Context(), event("user/1", 1)); err != nil {
			t.Fatal(err)
		}
		s := b.all()[0]
		h := &shardLease{shard: s, key: s.prefix + "lease:test", cancel: func() {}}
		h.extend(time.Now(), time.Minute) // as it believes
		w := newWorker(consumer, s, &recorder{}, h)
		if err := w.makeGroup(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := c.Set(t.Context(), h.key, "another", time.Minute).Err(); err != nil {
			t.Fatal(err)
		}
		if _, err := w.readFenced(t.Context(), 10); !errors.Is(err, errLeaseLost) {
			t.Errorf("read: %v", err)
		}
		if _, err := w.takeOver(t.Context(), 10); !errors.Is(err, errLeaseLost) {
			t.Errorf("take over: %v", err)
		}
		if n := pending(t, c); n != 0 {
			t.Errorf("it was given %d entries", n)
		}
		h.extend(time.Now(), -time.Second) // it looks at the clock
		if h.valid() {
			t.Error("a lease that ran out is valid")
		}
	})
}

// A read whose answer was lost, and which Redis carries out only after the
// consumer has given up on it, doesn't let newer events overtake what it took.
func TestGhostReadKeepsTheOrder(t *testing.T) {
	redistest.Each(t, func(t *testing.T, url string) {
		b := open(t, url)
		c := redistest.Client(t, url)
		if err := b.Publish(t.Context(), events("user/1", 10)...); err != nil {
			t.Fatal(err)
		}
		consumer, err := b.Subscribe(ConsumerConfig{Group: "test", Name: "one"})
		if err != nil {
			t.Fatal(err)
		}
		s := b.all()[0]
		h := &shardLease{shard: s, key: s.prefix + "lease:test", cancel: func() {}}
		h.extend(time.Now(), time.Minute)
		if err := c.Set(t.Context(), h.key, "one", time.Minute).Err(); err != nil {
			t.Fatal(err)
		}
		w := newWorker(consumer, s, &recorder{}, h)
		w.claims.next = time.Now().Add(time.Hour)
		if err := w.makeGroup(t.Context()); err != nil {
			t.Fatal(err)
		}
		var got []string
		for round := range 8 {
			entries, err := w.fill(t.Context(), 3)
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range entries {
				got = append(got, e.id)
			}
			if round == 2 {
				if err := c.Do(t.Context(), "XREADGROUP", "GROUP", "test", "one", "COUNT", 3, "STREAMS", stream0, ">").Err(); err != nil {
					t.Fatal(err)
				}
			}
		}
		entries, err := b.Logs()[0].Read(t.Context(), "", 100)
		if err != nil || len(got) != len(entries) {
			t.Fatalf("%d entries read of %d, %v", len(got), len(entries), err)
		}
		for i, e := range entries {
			if got[i] != e.ID {
				t.Fatalf("%d: %s, want %s", i, got[i], e.ID)
			}
		}
	})
}

// TestALostLeaseIsGivenBackAtTheEnd: what a consumer held that couldn't extend its lease,
// and stops, is another's at once, should Redis have heard it all the same. The
// miniredis would keep the lease for ever.
func TestALostLeaseIsGivenBackAtTheEnd(t *testing.T) {
	url := redistest.Mini(t)
	direct, client := open(t, url), redistest.Client(t, url)
	const key = "carebus:{test.0}:lease:test"
	var silent atomic.Bool
	client.AddHook(silence(&silent, func(k string) bool { return k == key }))
	var log output.Buffer
	b := open(t, "", func(c *Config) { c.Client, c.Logger = client, logger(&log) })
	began, release := make(chan struct{}), make(chan struct{})
	c, err := b.Subscribe(ConsumerConfig{Group: "test", Lease: 300 * time.Millisecond, Block: 20 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	ended := make(chan error, 1)
	go func() {
		ended <- c.Run(ctx, HandlerFunc(func(context.Context, []schema.Envelope) error {
			close(began)
			<-release
			return nil
		}))
	}()
	if err := direct.Publish(t.Context(), event("user/1", 1)); err != nil {
		t.Fatal(err)
	}
	<-began
	silent.Store(true)
	until(t, "the lease to run out", func() bool { return strings.Contains(log.String(), "ran out") })
	silent.Store(false)
	stop()
	close(release)
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if holder := redistest.Client(t, url).Get(t.Context(), key).Val(); holder != "" {
		t.Errorf("%s has the lease still", holder)
	}
}

// TestSilentShardsSpareTheOthers: what one server doesn't answer costs no lease of
// a shard on another.
func TestSilentShardsSpareTheOthers(t *testing.T) {
	t.Parallel()
	server := redistest.Real(t)
	direct := open(t, server.URL, func(c *Config) { c.Shards = 8 })
	const well = "carebus:{test.5}:"
	client := server.Client(t)
	var silent atomic.Bool
	client.AddHook(silence(&silent, func(key string) bool {
		return strings.HasPrefix(key, "carebus:{test") && !strings.HasPrefix(key, well)
	}))
	var log output.Buffer
	b := open(t, "", func(c *Config) { c.Client, c.Logger = client, logger(&log) })
	r := &recorder{}
	stop := consume(t, b, ConsumerConfig{Lease: 5 * time.Second}, r)
	until(t, "all shards", func() bool { return sum(holders(t, direct)) == 8 })
	subject := ""
	for i := 0; subject == "" || hash(subject)%8 != 5; i++ {
		subject = fmt.Sprintf("user/%d", i)
	}
	silent.Store(true)
	n := 0
	for began := time.Now(); time.Since(began) < 12*time.Second; n++ {
		if err := direct.Publish(t.Context(), event(subject, n)); err != nil {
			t.Fatal(err)
		}
		until(t, "the event", func() bool { return len(r.ids()) > n })
	}
	silent.Store(false)
	const ranOut = "ran out; its events are left to others\" stream="
	if !strings.Contains(log.String(), ranOut) || strings.Contains(log.String(), ranOut+well) {
		t.Errorf("the leases of all shards but one should have run out:\n%s", log.String())
	}
	until(t, "all shards again", func() bool { return sum(holders(t, direct)) == 8 })
	stop()
}

func sum(counts map[string]int) (n int) {
	for _, count := range counts {
		n += count
	}
	return n
}

// TestFromNowIsTheSameMomentInAllShards: a group gets what is published once one of its
// consumers is at work, also of shards that are taken later, as when another consumer
// joined and died.
func TestFromNowIsTheSameMomentInAllShards(t *testing.T) {
	redistest.Each(t, func(t *testing.T, url string) {
		b, c := open(t, url, func(c *Config) { c.Shards = 4 }), redistest.Client(t, url)
		// A consumer that has joined its group and not come to its shards.
		members := "carebus:{test}:members:test"
		c.ZAdd(t.Context(), members, redis.Z{Score: float64(time.Now().Add(time.Hour).UnixMilli()), Member: "slow"})
		r := &recorder{}
		consume(t, b, ConsumerConfig{FromNow: true, Lease: 300 * time.Millisecond}, r)
		until(t, "a shard", func() bool {
			for _, s := range b.all() {
				if c.Exists(t.Context(), s.prefix+"lease:test").Val() > 0 {
					return true
				}
			}
			return false
		})
		for n := range 40 {
			if err := b.Publish(t.Context(), event(fmt.Sprintf("user/%d", n), n)); err != nil {
				t.Fatal(err)
			}
		}
		c.ZRem(t.Context(), members, "slow")
		until(t, "all events", func() bool { return r.distinct() == 40 })
	})
}

// TestAStoppedConsumerLeavesWhatHangs: one that was told to stop while a handler heeds
// no context leaves its shard to others, and waits for the handler.
func TestAStoppedConsumerLeavesWhatHangs(t *testing.T) {
	t.Parallel()
	b := open(t, redistest.Start(t))
	config := ConsumerConfig{
		Group: "test", Lease: 500 * time.Millisecond, MinIdle: 150 * time.Millisecond, BackoffMax: 50 * time.Millisecond,
		HandleTimeout: 100 * time.Millisecond, StopTimeout: 100 * time.Millisecond, Block: 20 * time.Millisecond,
	}
	c, err := b.Subscribe(config)
	if err != nil {
		t.Fatal(err)
	}
	began, release := make(chan struct{}), make(chan struct{})
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	ended := make(chan error, 1)
	go func() {
		ended <- c.Run(ctx, HandlerFunc(func(context.Context, []schema.Envelope) error {
			close(began)
			<-release
			return nil
		}))
	}()
	if err := b.Publish(t.Context(), event("user/1", 1)); err != nil {
		t.Fatal(err)
	}
	<-began
	stop()
	config.HandleTimeout, config.StopTimeout = time.Minute, time.Minute
	r := &recorder{}
	consume(t, b, config, r)
	until(t, "another to take over", func() bool { return r.distinct() == 1 })
	if err := b.Publish(t.Context(), event("user/2", 2)); err != nil {
		t.Fatal(err)
	}
	until(t, "the next event", func() bool { return r.distinct() == 2 })
	select {
	case err := <-ended:
		t.Errorf("Run = %v while its handler is at work", err)
	default:
	}
	close(release)
	if err := <-ended; !errors.Is(err, ErrStopTimeout) {
		t.Errorf("Run = %v", err)
	}
}
