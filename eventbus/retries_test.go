package eventbus

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/carebus/carebus/internal/redistest"
	"github.com/carebus/carebus/schema"
)

// TestRetriesAmongManyPending come when they are due, however many others wait.
func TestRetriesAmongManyPending(t *testing.T) {
	for _, shared := range []bool{false, true} {
		b := open(t, redistest.Real(t).URL)
		const n = 5000
		for i := range 5 {
			if err := b.Publish(t.Context(), events(fmt.Sprintf("user/%d", i), n/5)...); err != nil {
				t.Fatal(err)
			}
		}
		tries := map[string]int{}
		r := &recorder{fail: func(e schema.Envelope) error {
			if tries[e.ID]++; tries[e.ID] <= 2 {
				return errors.New("no")
			}
			return nil
		}}
		consume(t, b, ConsumerConfig{Shared: shared, MinIdle: time.Hour, BackoffMin: time.Second, BackoffMax: 2 * time.Second}, r)
		until(t, "all third tries", func() bool { return b.Stats().Handled == n })
		if got := b.Stats(); got.Retried != 2*n || len(r.ids()) != 3*n {
			t.Errorf("%d retries, %d deliveries, want %d and %d", got.Retried, len(r.ids()), 2*n, 3*n)
		}
	}
}

// TestRetriesOutliveTheirConsumer: who holds the shard next takes them when they
// are due, also where that is long before a scan.
func TestRetriesOutliveTheirConsumer(t *testing.T) {
	redistest.Each(t, func(t *testing.T, url string) {
		b := open(t, url)
		const n = 1500
		if err := b.Publish(t.Context(), events("user/1", n)...); err != nil {
			t.Fatal(err)
		}
		first := map[string]time.Time{}
		r := &recorder{fail: func(e schema.Envelope) error {
			at, again := first[e.ID]
			if !again {
				first[e.ID] = time.Now()
				return errors.New("no")
			}
			if waited := time.Since(at); waited < 3*time.Second {
				t.Errorf("%s comes again after %v", e.ID, waited)
			}
			return nil
		}}
		config := ConsumerConfig{MinIdle: time.Hour, BackoffMin: 6 * time.Second, BackoffMax: 6 * time.Second}
		stop := consume(t, b, config, r)
		until(t, "the first tries", func() bool { return b.Stats().Retried == n })
		stop()
		consume(t, b, config, r)
		until(t, "the second tries", func() bool { return b.Stats().Handled == n })
		if got := len(r.ids()); got != 2*n {
			t.Errorf("%d deliveries, want %d", got, 2*n)
		}
	})
}

// TestWhatOneOfManyLeftBehind: where consumers share a shard, the others find what one put back
// that has gone, long before a scan: what it would have tried again, and what it
// hadn't begun.
func TestWhatOneOfManyLeftBehind(t *testing.T) {
	redistest.Each(t, func(t *testing.T, url string) {
		b, left := open(t, url), open(t, url)
		const n = 30
		held := make(chan struct{})
		calls := 0
		h := HandlerFunc(func(context.Context, []schema.Envelope) error {
			if calls++; calls <= n/2 {
				return errors.New("no")
			}
			<-held
			return errors.New("no")
		})
		config := ConsumerConfig{Shared: true, MinIdle: time.Hour, BatchSize: 1, MaxInFlight: n, BackoffMin: 10 * time.Second, BackoffMax: 10 * time.Second}
		stop := consume(t, left, config, h)
		if err := left.Publish(t.Context(), events("user/1", n+n/2)...); err != nil {
			t.Fatal(err)
		}
		until(t, "half of the tries, and no free slot", func() bool {
			p := redistest.Client(t, url).XPending(t.Context(), stream0, "test").Val()
			return left.Stats().Retried == n/2 && p.Count == n+n/2
		})
		r := &recorder{}
		consume(t, b, config, r)
		last := event("user/2", 1)
		if err := b.Publish(t.Context(), last); err != nil {
			t.Fatal(err)
		}
		until(t, "the second consumer", func() bool { return r.count(last.ID) == 1 })
		close(held)
		stop()
		until(t, "what the first left", func() bool { return r.distinct() == n+n/2+1 })
		if got := left.Stats(); got.Handled != 0 {
			t.Errorf("the first handled %d", got.Handled)
		}
	})
}

func TestRetriesAreTakenInOrder(t *testing.T) {
	r := newRetries()
	for i := range uint64(100) {
		one := retry{streamID{i * 37 % 100, i}, time.Duration(i)}
		r.add(one)
		one.at = 0
		r.add(one) // it is known
	}
	if at, ok := r.next(); !ok || at != 0 {
		t.Errorf("the first is due at %v, %v", at, ok)
	}
	if got := r.take(-1, 10); len(got) != 0 {
		t.Errorf("taken before they are due: %v", got)
	}
	last, n := streamID{}, 0
	for {
		taken := r.take(49, 7)
		if len(taken) == 0 {
			break
		}
		for _, one := range taken {
			if n > 0 && !last.less(one.id) || one.at > 49 {
				t.Errorf("%v after %s", one, last)
			}
			last = one.id
			n++
		}
	}
	if at, ok := r.next(); n != 50 || !ok || at != 50 {
		t.Errorf("%d were taken, the next is due at %v, %v", n, at, ok)
	}
	if got := r.take(1000, 1000); len(got) != 50 || len(r.known) != 0 {
		t.Errorf("%d left, %d known", len(got), len(r.known))
	}
	if _, ok := r.next(); ok {
		t.Error("one is due still")
	}
}

// TestARetryWhileAReadWaits: for new events, far longer than until the retry is due.
func TestARetryWhileAReadWaits(t *testing.T) {
	for _, shared := range []bool{false, true} {
		redistest.Each(t, func(t *testing.T, url string) {
			b := open(t, url)
			if err := b.Publish(t.Context(), event("user/1", 1)); err != nil {
				t.Fatal(err)
			}
			var times []time.Time
			h := HandlerFunc(func(context.Context, []schema.Envelope) error {
				if times = append(times, time.Now()); len(times) < 4 {
					return errors.New("no")
				}
				return nil
			})
			consume(t, b, ConsumerConfig{Shared: shared, Block: 5 * time.Second, BackoffMin: 100 * time.Millisecond, BackoffMax: 100 * time.Millisecond}, h)
			until(t, "the fourth try", func() bool { return b.Stats().Handled == 1 })
			if took := times[3].Sub(times[0]); took > 10*time.Second { // behind reads it would be 15
				t.Errorf("three retries took %v", took)
			}
		})
	}
}

// TestOneTryAndAConsumerThatDied: what it had read it may not have begun.
func TestOneTryAndAConsumerThatDied(t *testing.T) {
	redistest.Each(t, func(t *testing.T, url string) {
		b, c := open(t, url), redistest.Client(t, url)
		if err := b.Publish(t.Context(), events("user/1", 20)...); err != nil {
			t.Fatal(err)
		}
		c.XGroupCreate(t.Context(), stream0, "test", "0")
		c.XReadGroup(t.Context(), &redis.XReadGroupArgs{Group: "test", Consumer: "gone", Streams: []string{stream0, ">"}})
		r := &recorder{}
		consume(t, b, ConsumerConfig{MaxDeliver: 1}, r)
		until(t, "all", func() bool { s := b.Stats(); return s.Handled+s.DeadLettered == 20 })
		if n := b.Stats().Handled; n != 20 {
			t.Errorf("%d handled", n)
		}
	})
}

// TestWhatAStopCutsShortIsDeliveredAgain, also where it was its last try.
func TestWhatAStopCutsShortIsDeliveredAgain(t *testing.T) {
	redistest.Each(t, func(t *testing.T, url string) {
		b := open(t, url)
		if err := b.Publish(t.Context(), events("user/1", 5)...); err != nil {
			t.Fatal(err)
		}
		c, err := b.Subscribe(ConsumerConfig{Group: "test", MaxDeliver: 1, StopTimeout: 50 * time.Millisecond, Block: 20 * time.Millisecond})
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		err = c.Run(ctx, Each(func(ctx context.Context, _ schema.Envelope) error {
			cancel()
			<-ctx.Done()
			return ctx.Err()
		}))
		if !errors.Is(err, ErrStopTimeout) {
			t.Error(err)
		}
		r := &recorder{}
		consume(t, b, ConsumerConfig{MaxDeliver: 1}, r)
		until(t, "all", func() bool { s := b.Stats(); return s.Handled+s.DeadLettered == 5 })
		if n := b.Stats().Handled; n != 5 {
			t.Errorf("%d handled, %d dead", n, b.Stats().DeadLettered)
		}
	})
}

// TestManyRetriesAtATime: all come, though more are due than there are slots.
func TestManyRetriesAtATime(t *testing.T) {
	redistest.Each(t, func(t *testing.T, url string) {
		b := open(t, url)
		const n = 200
		if err := b.Publish(t.Context(), events("user/1", n)...); err != nil {
			t.Fatal(err)
		}
		tries := map[string]int{}
		r := &recorder{fail: func(e schema.Envelope) error {
			if tries[e.ID]++; tries[e.ID] == 1 {
				return errors.New("no")
			}
			return nil
		}}
		consume(t, b, ConsumerConfig{BatchSize: 5, MaxInFlight: 10, MinIdle: time.Hour, BackoffMin: 300 * time.Millisecond, BackoffMax: 300 * time.Millisecond}, r)
		until(t, "all second tries", func() bool { return b.Stats().Handled == n })
	})
}
