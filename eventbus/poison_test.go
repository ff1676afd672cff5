package eventbus

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/carebus/carebus/internal/redistest"
	"github.com/carebus/carebus/schema"
)

func TestOnePoisonedEventSparesItsNeighbours(t *testing.T) {
	b := open(t, redistest.Start(t))
	all := events("user/1", 20)
	r := &recorder{}
	h := HandlerFunc(func(ctx context.Context, events []schema.Envelope) error {
		for _, e := range events {
			if e.ID == all[7].ID {
				return errors.New("no") // of the whole batch
			}
		}
		return r.Handle(ctx, events)
	})
	if err := b.Publish(t.Context(), all...); err != nil {
		t.Fatal(err)
	}
	consume(t, b, ConsumerConfig{MaxDeliver: 3, BackoffMin: time.Millisecond, BackoffMax: 10 * time.Millisecond}, h)
	until(t, "the others", func() bool { return len(r.ids()) == 19 && b.Stats().DeadLettered == 1 })
}

// A handler that brings down its process leaves nothing but a delivery count.
func TestPoisonThatKillsItsConsumer(t *testing.T) {
	redistest.Each(t, func(t *testing.T, url string) {
		b := open(t, url)
		if err := b.Publish(t.Context(), event("user/1", 1)); err != nil {
			t.Fatal(err)
		}
		c := redistest.Client(t, url)
		if err := c.XGroupCreate(t.Context(), stream0, "test", "0").Err(); err != nil {
			t.Fatal(err)
		}
		if err := c.Do(t.Context(), "XREADGROUP", "GROUP", "test", "gone", "COUNT", 1, "STREAMS", stream0, ">").Err(); err != nil {
			t.Fatal(err)
		}
		for range 4 { // others took it over and died, too
			id := c.XRange(t.Context(), stream0, "-", "+").Val()[0].ID
			if err := c.Do(t.Context(), "XCLAIM", stream0, "test", "gone", 0, id).Err(); err != nil {
				t.Fatal(err)
			}
		}
		r := &recorder{}
		consume(t, b, ConsumerConfig{MinIdle: 100 * time.Millisecond, BackoffMax: 100 * time.Millisecond}, r)
		until(t, "the dead letter", func() bool { return b.Stats().DeadLettered == 1 })
		if len(r.ids()) != 0 {
			t.Error("the poison was handled a sixth time")
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
