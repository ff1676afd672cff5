package eventbus

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/carebus/carebus/internal/output"
	"github.com/carebus/carebus/internal/redistest"
	"github.com/carebus/carebus/internal/sleep"
	"github.com/carebus/carebus/schema"
)

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

// TestARetryBehindASlowSettlement comes when it is due, and isn't left to the scan
// for what other consumers left behind, which comes much later.
func TestARetryBehindASlowSettlement(t *testing.T) {
	redistest.Each(t, func(t *testing.T, url string) {
		client := redistest.Client(t, url)
		client.AddHook(beforeScript(settleScript, 1, func() { sleep.For(t.Context(), time.Second) }))
		b := open(t, "", func(c *Config) { c.Client = client })
		r := &recorder{}
		r.fail = func(e schema.Envelope) error {
			if len(r.seen) == 1 {
				return errors.New("no")
			}
			return nil
		}
		consume(t, b, ConsumerConfig{MinIdle: time.Hour, BackoffMin: 500 * time.Millisecond, BackoffMax: 500 * time.Millisecond}, r)
		if err := b.Publish(t.Context(), event("user/1", 1)); err != nil {
			t.Fatal(err)
		}
		until(t, "the second try", func() bool { return b.Stats().Handled == 1 })
	})
}

// TestOneEndForAllThatIsUnsettled: however much that is, a consumer that stops while
// Redis is away gives up after settleLast, and tells how much once.
func TestOneEndForAllThatIsUnsettled(t *testing.T) {
	t.Parallel()
	proxy := redistest.NewProxy(t, strings.TrimPrefix(redistest.Mini(t), "redis://"))
	var log output.Buffer
	b := open(t, "redis://"+proxy.Addr, func(c *Config) { c.Logger = logger(&log) })
	c, err := b.Subscribe(ConsumerConfig{Group: "test"})
	if err != nil {
		t.Fatal(err)
	}
	s := newWorker(c, b.all()[0], &recorder{}, nil).settler
	const n = 4 * settleMost
	for i := range n {
		s.add([]result{{entry: &entry{id: fmt.Sprintf("1-%d", i+1)}}})
	}
	proxy.To("127.0.0.1:1")
	s.close()
	began := time.Now()
	s.run()
	if took := time.Since(began); took >= 2*settleLast {
		t.Errorf("it took %v", took)
	}
	if out := log.String(); strings.Count(out, "unsettled") != 1 || !strings.Contains(out, fmt.Sprintf("entries=%d", n)) {
		t.Error(out)
	}
}

// TestFewLargeLettersACall: a call of Redis carries what a slow network carries in time,
// and always something.
func TestFewLargeLettersACall(t *testing.T) {
	dead := func(size int) result {
		return result{entry: &entry{event: strings.Repeat("x", size)}, fate: fateDead}
	}
	done := result{entry: &entry{event: strings.Repeat("x", settleBytes)}, fate: fateAck}
	for _, c := range []struct {
		results []result
		want    int
	}{
		{nil, 0},
		{slices.Repeat([]result{done}, 3000), settleMost},
		{[]result{dead(2 * settleBytes)}, 1},
		{[]result{dead(2 * settleBytes), done}, 1},
		{[]result{done, done, dead(2 * settleBytes), done}, 2},
		{slices.Repeat([]result{dead(settleBytes / 4)}, 9), 4},
		{append(slices.Repeat([]result{dead(settleBytes / 4)}, 4), done, done, dead(1)), 6},
	} {
		if got := few(c.results); got != c.want {
			t.Errorf("%d of %d, want %d", got, len(c.results), c.want)
		}
	}
}

// TestARefusedLetterHoldsUpNothing: where dead letters can't be written, all else is
// settled, and they are once they can be.
func TestARefusedLetterHoldsUpNothing(t *testing.T) {
	redistest.Each(t, func(t *testing.T, url string) {
		b := open(t, url)
		c := redistest.Client(t, url)
		dead := strings.TrimSuffix(stream0, "events") + "dead"
		c.Set(t.Context(), dead, "a stranger's", 0)
		all := events("user/1", 10)
		r := &recorder{fail: func(e schema.Envelope) error {
			if e.ID == all[3].ID {
				return Permanent(errors.New("no"))
			}
			return nil
		}}
		consume(t, b, ConsumerConfig{BackoffMin: time.Millisecond, BackoffMax: time.Millisecond, MinIdle: time.Second}, r)
		if err := b.Publish(t.Context(), all...); err != nil {
			t.Fatal(err)
		}
		until(t, "the others to be settled", func() bool { return b.Stats().Handled == 9 })
		c.Del(t.Context(), dead)
		until(t, "the letter", func() bool { return b.Stats().DeadLettered == 1 })
	})
}
