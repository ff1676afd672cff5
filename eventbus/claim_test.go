package eventbus

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/carebus/carebus/internal/redistest"
	"github.com/carebus/carebus/internal/sleep"
	"github.com/carebus/carebus/schema"
)

func TestAnotherConsumerTakesOver(t *testing.T) {
	redistest.Each(t, func(t *testing.T, url string) {
		b := open(t, url)
		c := redistest.Client(t, url)
		if err := b.Publish(t.Context(), events("user/1", 10)...); err != nil {
			t.Fatal(err)
		}
		// A consumer reads and dies.
		if err := c.XGroupCreate(t.Context(), stream0, "test", "0").Err(); err != nil {
			t.Fatal(err)
		}
		if err := c.XReadGroup(t.Context(), &redis.XReadGroupArgs{Group: "test", Consumer: "gone", Streams: []string{stream0, ">"}, Count: 6}).Err(); err != nil {
			t.Fatal(err)
		}
		r := &recorder{}
		consume(t, b, ConsumerConfig{MinIdle: 200 * time.Millisecond, BackoffMax: 100 * time.Millisecond}, r)
		until(t, "all events", func() bool { return b.Stats().Handled == 10 })
		if s := b.Stats(); s.Claimed != 6 {
			t.Errorf("%+v", s)
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

func TestClaimsReachTheEndOfALongList(t *testing.T) {
	b := open(t, redistest.Start(t))
	const n = 3000
	for i := range 3 {
		if err := b.Publish(t.Context(), events(fmt.Sprintf("user/%d", i), n/3)...); err != nil {
			t.Fatal(err)
		}
	}
	if err := b.redis.XGroupCreate(t.Context(), stream0, "test", "0").Err(); err != nil {
		t.Fatal(err)
	}
	if err := b.redis.Do(t.Context(), "XREADGROUP", "GROUP", "test", "gone", "COUNT", n, "STREAMS", stream0, ">").Err(); err != nil {
		t.Fatal(err)
	}
	consume(t, b, ConsumerConfig{BatchSize: 10, MinIdle: 150 * time.Millisecond, BackoffMax: 100 * time.Millisecond, MaxDeliver: 100}, &recorder{})
	until(t, "all that the dead consumer held", func() bool { return b.Stats().Handled == n })
}

func TestVanishedEntriesAreCounted(t *testing.T) {
	server := redistest.Real(t)
	b := open(t, server.URL)
	c := server.Client(t)
	receipts, err := b.PublishBatch(t.Context(), events("user/1", 5))
	if err != nil {
		t.Fatal(err)
	}
	if err := c.XGroupCreate(t.Context(), stream0, "test", "0").Err(); err != nil {
		t.Fatal(err)
	}
	if err := c.XReadGroup(t.Context(), &redis.XReadGroupArgs{Group: "test", Consumer: "gone", Streams: []string{stream0, ">"}, Count: 5}).Err(); err != nil {
		t.Fatal(err)
	}
	if err := c.XDel(t.Context(), stream0, receipts[1].StreamID, receipts[2].StreamID).Err(); err != nil {
		t.Fatal(err)
	}
	r := &recorder{}
	consume(t, b, ConsumerConfig{MinIdle: 100 * time.Millisecond, BackoffMax: 50 * time.Millisecond}, r)
	until(t, "the rest", func() bool { s := b.Stats(); return s.Handled == 3 && s.Lost == 2 })
	until(t, "nothing pending", func() bool { return pending(t, c) == 0 })
}

func TestSlowHandlersKeepTheirEntries(t *testing.T) {
	t.Parallel()
	b := open(t, redistest.Start(t))
	if err := b.Publish(t.Context(), events("user/1", 3)...); err != nil {
		t.Fatal(err)
	}
	config := ConsumerConfig{Shared: true, MinIdle: 6 * time.Second, BackoffMax: 100 * time.Millisecond}
	started, release := make(chan struct{}), make(chan struct{})
	slow := HandlerFunc(func(context.Context, []schema.Envelope) error {
		close(started)
		<-release
		return nil
	})
	consume(t, b, config, slow)
	<-started
	other := &recorder{}
	consume(t, b, config, other)
	// The other sees none of them in the time in which it looked several times.
	sleep.For(t.Context(), 11*time.Second)
	if got := other.ids(); len(got) != 0 {
		t.Errorf("a handler at work was robbed of %v", got)
	}
	close(release)
	until(t, "the slow handler", func() bool { return b.Stats().Handled >= 3 })
}

func TestBusyConsumerLeavesTheRestToOthers(t *testing.T) {
	b := open(t, redistest.Start(t))
	if err := b.Publish(t.Context(), events("user/1", 100)...); err != nil {
		t.Fatal(err)
	}
	started, release := make(chan struct{}), make(chan struct{})
	var once sync.Once
	busy := HandlerFunc(func(ctx context.Context, _ []schema.Envelope) error {
		once.Do(func() { close(started) })
		select {
		case <-release:
		case <-ctx.Done():
		}
		return nil
	})
	consume(t, b, ConsumerConfig{Shared: true, BatchSize: 5, MaxInFlight: 10}, busy)
	<-started
	other := &recorder{}
	consume(t, b, ConsumerConfig{Shared: true}, other)
	until(t, "the other to take the rest", func() bool { return len(other.ids()) >= 90 })
	close(release)
	until(t, "all", func() bool { return b.Stats().Handled == 100 })
}

// A handler that heeds no context is told of, and another consumer takes over,
// the shard too, whichever of them comes first in the group's order.
func TestHungHandlersAreTold(t *testing.T) {
	t.Parallel()
	for _, shared := range []bool{false, true} {
		for _, names := range [][2]string{{"a", "b"}, {"b", "a"}} {
			t.Run(fmt.Sprintf("shared %v, %s hangs", shared, names[0]), func(t *testing.T) {
				t.Parallel()
				b := open(t, redistest.Start(t))
				release := make(chan struct{})
				hangs := HandlerFunc(func(context.Context, []schema.Envelope) error {
					<-release
					return nil
				})
				config := ConsumerConfig{
					Name: names[0], Shared: shared, Lease: 2 * time.Second, MinIdle: 150 * time.Millisecond, BackoffMax: 50 * time.Millisecond,
					HandleTimeout: 10 * time.Millisecond,
				}
				stop := consume(t, b, config, hangs)
				defer stop()
				freed := sync.OnceFunc(func() { close(release) })
				defer freed()
				if err := b.Publish(t.Context(), event("user/1", 1)); err != nil {
					t.Fatal(err)
				}
				until(t, "it to be told", func() bool { return b.Stats().Hung == 1 })
				config.Name, config.HandleTimeout = names[1], time.Minute
				r := &recorder{}
				consume(t, b, config, r)
				until(t, "another to take over", func() bool { return len(r.ids()) > 0 })
				if err := b.Publish(t.Context(), event("user/1", 2)); err != nil {
					t.Fatal(err)
				}
				until(t, "the next event", func() bool { return r.count(event("user/1", 2).ID) > 0 })
			})
		}
	}
}

// Once its handler returns after all, a consumer takes part again.
func TestHungConsumerComesBack(t *testing.T) {
	t.Parallel()
	b := open(t, redistest.Start(t))
	release := make(chan struct{})
	r := &recorder{}
	first := true
	h := HandlerFunc(func(ctx context.Context, events []schema.Envelope) error {
		if first {
			first = false
			<-release
		}
		return r.Handle(ctx, events)
	})
	stop := consume(t, b, ConsumerConfig{Lease: time.Second, MinIdle: 150 * time.Millisecond, BackoffMax: 50 * time.Millisecond, HandleTimeout: 10 * time.Millisecond}, h)
	defer stop()
	if err := b.Publish(t.Context(), event("user/1", 1)); err != nil {
		t.Fatal(err)
	}
	until(t, "it to be told", func() bool { return b.Stats().Hung == 1 })
	close(release)
	if err := b.Publish(t.Context(), event("user/1", 2)); err != nil {
		t.Fatal(err)
	}
	until(t, "the next event", func() bool { return r.count(event("user/1", 2).ID) > 0 })
}

// TestNamesOfDeadConsumersGo: those of consumers that hold nothing and were silent for long.
func TestNamesOfDeadConsumersGo(t *testing.T) {
	server := redistest.Real(t) // miniredis doesn't know when a consumer has read
	b, c := open(t, server.URL), server.Client(t)
	receipts, err := b.PublishBatch(t.Context(), events("user/1", 3))
	if err != nil {
		t.Fatal(err)
	}
	if err := c.XGroupCreate(t.Context(), stream0, "test", "0").Err(); err != nil {
		t.Fatal(err)
	}
	for i, name := range []string{"holds", "a", "b"} {
		if err := c.Do(t.Context(), "XREADGROUP", "GROUP", "test", name, "COUNT", 1, "STREAMS", stream0, ">").Err(); err != nil {
			t.Fatal(err)
		}
		if i > 0 {
			c.XAck(t.Context(), stream0, "test", receipts[i].StreamID)
		}
	}
	names := func() (all []string) {
		for _, info := range c.XInfoConsumers(t.Context(), stream0, "test").Val() {
			all = append(all, info.Name)
		}
		slices.Sort(all)
		return all
	}
	consumer, err := b.Subscribe(ConsumerConfig{Group: "test"})
	if err != nil {
		t.Fatal(err)
	}
	w := newWorker(consumer, b.all()[0], nil, nil)
	if _, err := w.scan(t.Context(), 10); err != nil { // the first one sweeps
		t.Fatal(err)
	}
	if got := names(); !slices.Equal(got, []string{"a", "b", "holds"}) || w.claims.sweep.IsZero() {
		t.Errorf("of consumers that were heard of an hour ago at most, %q are left", got)
	}
	w.sweep(t.Context(), 0)
	if got := names(); !slices.Equal(got, []string{"holds"}) {
		t.Errorf("%q are left", got)
	}
}
