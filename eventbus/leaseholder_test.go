package eventbus

import (
	"context"
	"errors"
	"fmt"
	"runtime"
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
		h := &holding{shard: s, key: s.prefix + "lease:test", cancel: func() {}}
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

// What stood beside an entry that brings down its consumer, again and again,
// is handled all the same.
func TestPoisonSparesWhatStoodBesideIt(t *testing.T) {
	redistest.Each(t, func(t *testing.T, url string) {
		b := open(t, url)
		all := events("user/1", 20)
		if err := b.Publish(t.Context(), all...); err != nil {
			t.Fatal(err)
		}
		c := redistest.Client(t, url)
		if err := c.XGroupCreate(t.Context(), stream0, "test", "0").Err(); err != nil {
			t.Fatal(err)
		}
		if err := c.Do(t.Context(), "XREADGROUP", "GROUP", "test", "life-0", "COUNT", 20, "STREAMS", stream0, ">").Err(); err != nil {
			t.Fatal(err)
		}
		// The consumer's lives: each takes over what the one before left, begins
		// one entry after another, and dies of the same one.
		handled := map[string]bool{}
		for life := 1; life < 10; life++ {
			consumer, err := b.Subscribe(ConsumerConfig{Group: "test", Name: fmt.Sprintf("life-%d", life), MaxDeliver: 3})
			if err != nil {
				t.Fatal(err)
			}
			w := newWorker(consumer, b.all()[0], nil, nil)
			_, entries, err := w.take(t.Context(), claiming{count: 100, except: waiting})
			if err != nil {
				t.Fatal(err)
			}
			reasons := w.openAll(entries)
			for i, e := range entries {
				if reasons[i] != "" {
					if err := w.settler.tell([]result{{entry: e, fate: fateDead, reason: reasons[i]}}, false); err != nil {
						t.Fatal(err)
					}
					continue
				}
				if kept, ok := w.lanes[0].begin(t.Context(), []*entry{e}); !ok || len(kept) != 1 {
					t.Fatalf("begin: %v, %v", kept, ok)
				}
				if e.envelope.ID == all[7].ID {
					break // it dies here
				}
				handled[e.envelope.ID] = true
				if err := w.settler.tell([]result{{entry: e}}, false); err != nil {
					t.Fatal(err)
				}
			}
		}
		if s := b.Stats(); s.DeadLettered != 1 || len(handled) != 19 || pending(t, c) != 0 {
			t.Errorf("%d dead letters, %d handled, %d pending", s.DeadLettered, len(handled), pending(t, c))
		}
	})
}

// A deadly event ends the goroutine that decodes it, as another ends its process.
type deadly struct{}

func (deadly) Type() string    { return "user.deadly" }
func (deadly) Validate() error { return nil }
func (*deadly) UnmarshalJSON([]byte) error {
	runtime.Goexit()
	return nil
}

// TestPoisonThatIsDecoded: an event that brings down whoever decodes it ends as a
// dead letter, and what stood beside it is handled.
func TestPoisonThatIsDecoded(t *testing.T) {
	redistest.Each(t, func(t *testing.T, url string) {
		registry := schema.Catalogue()
		schema.Register[deadly](registry, schema.TypeInfo{Name: "user.deadly", Description: "d", Kind: schema.KindSystem, Version: 1, Severity: schema.SeverityLow})
		b := open(t, url, func(c *Config) { c.Registry = registry })
		all := events("user/1", 20)
		all[7] = schema.Envelope{Source: "pms/test", Subject: "user/1", Event: deadly{}}
		if err := b.Publish(t.Context(), all...); err != nil {
			t.Fatal(err)
		}
		r := &recorder{}
		lives := 0
		for ; b.Stats().DeadLettered == 0 && lives < 10; lives++ {
			c, err := b.Subscribe(ConsumerConfig{Group: "test", Name: fmt.Sprintf("life-%d", lives), MaxDeliver: 3, Block: time.Millisecond})
			if err != nil {
				t.Fatal(err)
			}
			w := newWorker(c, b.all()[0], r, nil)
			if err := w.makeGroup(t.Context()); err != nil {
				t.Fatal(err)
			}
			_, entries, err := w.take(t.Context(), claiming{count: 100})
			if err == nil && len(entries) == 0 {
				entries, err = w.readShared(t.Context(), 100)
			}
			if err != nil {
				t.Fatal(err)
			}
			var life sync.WaitGroup
			life.Go(func() {
				w.decode(delivery{entries: entries})
				w.lanes[0].close()
				w.lanes[0].run(t.Context(), t.Context())
			})
			life.Wait()
			if err := w.settler.tell(w.settler.results, false); err != nil {
				t.Fatal(err)
			}
		}
		if s := b.Stats(); s.DeadLettered != 1 || lives != 4 || r.distinct() != 19 || len(r.ids()) != 19 || pending(t, redistest.Client(t, url)) != 0 {
			t.Errorf("after %d lives %d dead letters, handled %q", lives, s.DeadLettered, r.ids())
		}
	})
}

// TestALateSettlement: what the consumer has sent again, since it had no answer,
// arrives when the entry is at its next try. That goes on, and counts.
func TestALateSettlement(t *testing.T) {
	redistest.Each(t, func(t *testing.T, url string) {
		b := open(t, url)
		c := redistest.Client(t, url)
		if err := b.Publish(t.Context(), event("user/1", 1)); err != nil {
			t.Fatal(err)
		}
		if err := c.XGroupCreate(t.Context(), stream0, "test", "0").Err(); err != nil {
			t.Fatal(err)
		}
		if err := c.Do(t.Context(), "XREADGROUP", "GROUP", "test", "gone", "COUNT", 1, "STREAMS", stream0, ">").Err(); err != nil {
			t.Fatal(err)
		}
		consumer, err := b.Subscribe(ConsumerConfig{Group: "test", Name: "one"})
		if err != nil {
			t.Fatal(err)
		}
		w := newWorker(consumer, b.all()[0], nil, nil)
		begin := func(e *entry) {
			t.Helper()
			if kept, ok := w.lanes[0].begin(t.Context(), []*entry{e}); !ok || len(kept) != 1 {
				t.Fatalf("begin: %v, %v", kept, ok)
			}
		}
		var tries []*entry
		for range 2 {
			_, entries, err := w.take(t.Context(), claiming{count: 1})
			if err != nil || len(entries) != 1 {
				t.Fatalf("%d entries, %v", len(entries), err)
			}
			begin(entries[0])
			if tries = append(tries, entries[0]); len(tries) == 1 {
				failed := []result{{entry: entries[0], fate: fateRetry}}
				if err := w.settler.tell(failed, false); err != nil {
					t.Fatal(err)
				}
				w.release(failed)
			}
		}
		late := map[string]func() error{
			"begin":      func() error { begin(tries[0]); return nil },
			"settlement": func() error { return w.settler.tell([]result{{entry: tries[0], fate: fateRetry}}, false) },
			"release":    func() error { return w.settler.tell([]result{{entry: tries[0], fate: fateRelease}}, false) },
		}
		for name, call := range late {
			if err := call(); err != nil {
				t.Fatal(err)
			}
			p, err := c.XPendingExt(t.Context(), &redis.XPendingExtArgs{Stream: stream0, Group: "test", Start: "-", End: "+", Count: 1}).Result()
			if err != nil || len(p) != 1 || p[0].Consumer != "one" || p[0].RetryCount != tries[1].deliveries {
				t.Fatalf("after a late %s: %+v, %v", name, p, err)
			}
		}
		// The next one is as ever.
		if err := w.settler.tell([]result{{entry: tries[1], fate: fateRelease}}, false); err != nil {
			t.Fatal(err)
		}
		p, err := c.XPendingExt(t.Context(), &redis.XPendingExtArgs{Stream: stream0, Group: "test", Start: "-", End: "+", Count: 1}).Result()
		if err != nil || len(p) != 1 || p[0].Consumer != unbegun || p[0].RetryCount != tries[1].deliveries-1 {
			t.Errorf("after the release: %+v, %v", p, err)
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
		h := &holding{shard: s, key: s.prefix + "lease:test", cancel: func() {}}
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

// What was left behind is taken over in parts where slots are few.
func TestTakingOverInParts(t *testing.T) {
	redistest.Each(t, func(t *testing.T, url string) {
		b := open(t, url)
		c := redistest.Client(t, url)
		if err := b.Publish(t.Context(), events("user/1", 20)...); err != nil {
			t.Fatal(err)
		}
		if err := c.XGroupCreate(t.Context(), stream0, "test", "0").Err(); err != nil {
			t.Fatal(err)
		}
		if err := c.Do(t.Context(), "XREADGROUP", "GROUP", "test", "gone", "COUNT", 15, "STREAMS", stream0, ">").Err(); err != nil {
			t.Fatal(err)
		}
		r := &recorder{}
		consume(t, b, ConsumerConfig{BatchSize: 2, MaxInFlight: 4}, r)
		until(t, "all events", func() bool { return b.Stats().Handled == 20 })
		for i, id := range r.ids() {
			if want := event("user/1", i).ID; id != want {
				t.Fatalf("%d: %s, want %s", i, id, want)
			}
		}
	})
}

// A silence is a hook: calls about some keys get no answer while it is on, as from
// a server of a cluster that the network has lost.
type silence struct {
	on  *atomic.Bool
	has func(key string) bool
}

func (silence) DialHook(next redis.DialHook) redis.DialHook { return next }

func (s silence) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, cmd redis.Cmder) error {
		for _, arg := range cmd.Args() {
			if key, ok := arg.(string); ok && s.on.Load() && s.has(key) {
				ctx, cancel := context.WithTimeout(ctx, 3*time.Second) // as a client does by itself
				defer cancel()
				<-ctx.Done()
				cmd.SetErr(ctx.Err())
				return ctx.Err()
			}
		}
		return next(ctx, cmd)
	}
}

func (silence) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return next
}

// TestALostLeaseIsGivenBackAtTheEnd: what a consumer held that couldn't extend its lease,
// and stops, is another's at once, should Redis have heard it all the same. The
// miniredis would keep the lease for ever.
func TestALostLeaseIsGivenBackAtTheEnd(t *testing.T) {
	url := redistest.Mini(t)
	direct, client := open(t, url), redistest.Client(t, url)
	const key = "carebus:{test.0}:lease:test"
	quiet := silence{new(atomic.Bool), func(k string) bool { return k == key }}
	client.AddHook(quiet)
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
	quiet.on.Store(true)
	until(t, "the lease to run out", func() bool { return strings.Contains(log.String(), "ran out") })
	quiet.on.Store(false)
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
	quiet := silence{new(atomic.Bool), func(key string) bool {
		return strings.HasPrefix(key, "carebus:{test") && !strings.HasPrefix(key, well)
	}}
	client.AddHook(quiet)
	var log output.Buffer
	b := open(t, "", func(c *Config) { c.Client, c.Logger = client, logger(&log) })
	r := &recorder{}
	stop := consume(t, b, ConsumerConfig{Lease: 5 * time.Second}, r)
	until(t, "all shards", func() bool { return sum(holders(t, direct)) == 8 })
	subject := ""
	for i := 0; subject == "" || hash(subject)%8 != 5; i++ {
		subject = fmt.Sprintf("user/%d", i)
	}
	quiet.on.Store(true)
	n := 0
	for began := time.Now(); time.Since(began) < 12*time.Second; n++ {
		if err := direct.Publish(t.Context(), event(subject, n)); err != nil {
			t.Fatal(err)
		}
		until(t, "the event", func() bool { return len(r.ids()) > n })
	}
	quiet.on.Store(false)
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
