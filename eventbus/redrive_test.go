package eventbus

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/carebus/carebus/internal/redistest"
	"github.com/carebus/carebus/schema"
)

// A mendable handler gives up every event until it is mended.
type mendable struct {
	recorder
	mended atomic.Bool
}

func newMendable() *mendable {
	m := &mendable{}
	m.fail = func(schema.Envelope) error {
		if m.mended.Load() {
			return nil
		}
		return Permanent(errors.New("no"))
	}
	return m
}

// giveUp publishes n events, which the group test gives up, and returns their dead
// letters.
func giveUp(t *testing.T, b *Bus, h Handler, n int) (*DeadLetters, []DeadLetter) {
	t.Helper()
	consume(t, b, ConsumerConfig{MinIdle: 200 * time.Millisecond, BackoffMax: 100 * time.Millisecond}, h)
	if err := b.Publish(t.Context(), events("user/1", n)...); err != nil {
		t.Fatal(err)
	}
	until(t, "the letters", func() bool { return b.Stats().DeadLettered == uint64(n) })
	d := b.DeadLetters()[0]
	letters, err := d.List(t.Context(), "", n+1)
	if err != nil || len(letters) != n {
		t.Fatalf("%d letters, %v", len(letters), err)
	}
	return d, letters
}

// Letters that are redriven are handled by the group that gave them up, and by no other
// again; what an operator does is told, also where it fails.
func TestRedriveAndPurge(t *testing.T) {
	redistest.Each(t, func(t *testing.T, url string) {
		var actions []Action
		b := open(t, url, func(c *Config) {
			c.Audit = func(_ context.Context, a Action) { actions = append(actions, a) }
		})
		other, h := &recorder{}, newMendable()
		consume(t, b, ConsumerConfig{Group: "other"}, other)
		d, letters := giveUp(t, b, h, 5)
		until(t, "the other group", func() bool { return len(other.ids()) == 5 })
		if _, err := d.Purge(t.Context(), DeadLetterFilter{}); err == nil {
			t.Error("the zero filter purged")
		}
		if n, err := d.Purge(t.Context(), DeadLetterFilter{IDs: []string{letters[1].ID}}); err != nil || n != 1 {
			t.Errorf("purged %d, %v", n, err)
		}
		h.mended.Store(true)
		for _, c := range []struct {
			what   string
			config RedriveConfig
			want   int
		}{
			{"another type", RedriveConfig{DeadLetterFilter: DeadLetterFilter{Type: "user.created"}}, 0},
			{"a dry run", RedriveConfig{DeadLetterFilter: DeadLetterFilter{All: true}, DryRun: true}, 4},
			{"a type and a group", RedriveConfig{DeadLetterFilter: DeadLetterFilter{Type: "user.updated", Group: "test"}, PerSecond: 1000}, 4},
		} {
			if got, err := d.Redrive(t.Context(), c.config); err != nil || got.Redriven != c.want {
				t.Errorf("%s: %+v, %v; want %d", c.what, got, err, c.want)
			}
		}
		until(t, "four events handled", func() bool { return len(h.ids()) == 9 && b.Stats().Handled == 5+4 })
		if n := len(other.ids()); n != 5 {
			t.Errorf("the other group saw %d events, want 5", n)
		}
		if left, err := d.List(t.Context(), "", 10); err != nil || len(left) != 0 {
			t.Errorf("%d letters left, %v", len(left), err)
		}
		var told []string
		for _, a := range actions {
			told = append(told, fmt.Sprintf("%s %d %d %v", a.Name, a.Count, len(a.DeadLetters), a.Failed))
		}
		if want := []string{"purge 0 0 true", "purge 1 1 false", "redrive 0 0 false", "redrive 4 4 false"}; !slices.Equal(told, want) {
			t.Errorf("told %q, want %q", told, want)
		}
	})
}

// TestLettersByIDsAgain: a call that names letters can be repeated, and does what is left.
func TestLettersByIDsAgain(t *testing.T) {
	redistest.Each(t, func(t *testing.T, url string) {
		b := open(t, url)
		stop := consume(t, b, ConsumerConfig{}, HandlerFunc(func(context.Context, []schema.Envelope) error { return Permanent(errors.New("no")) }))
		if err := b.Publish(t.Context(), events("user/1", 4)...); err != nil {
			t.Fatal(err)
		}
		until(t, "the letters", func() bool { return b.Stats().DeadLettered == 4 })
		stop()
		d := b.DeadLetters()[0]
		letters, err := d.List(t.Context(), "", 10)
		if err != nil || len(letters) != 4 {
			t.Fatalf("%d letters, %v", len(letters), err)
		}
		filter := DeadLetterFilter{}
		redrive := func() (int, error) {
			got, err := d.Redrive(t.Context(), RedriveConfig{DeadLetterFilter: filter})
			return got.Redriven, err
		}
		purge := func() (int, error) { return d.Purge(t.Context(), filter) }
		for _, step := range []struct {
			what    string
			letters []DeadLetter
			do      func() (int, error)
			want    int
			err     error
		}{
			{"redrive one", letters[:1], redrive, 1, nil},
			{"redrive it and another", letters[:2], redrive, 1, nil},
			{"purge these and another", letters[:3], purge, 1, nil},
			{"purge all", letters, purge, 1, nil},
			{"purge all again", letters, purge, 0, ErrNoDeadLetter},
			{"redrive all again", letters, redrive, 0, ErrNoDeadLetter},
		} {
			filter.IDs = nil
			for _, l := range step.letters {
				filter.IDs = append(filter.IDs, l.ID)
			}
			if n, err := step.do(); n != step.want || !errors.Is(err, step.err) {
				t.Errorf("%s: %d, %v, want %d, %v", step.what, n, err, step.want, step.err)
			}
		}
	})
}

// A dead letter outlives its entry's retention and can be redriven all the same.
func TestRedriveAfterTrimming(t *testing.T) {
	redistest.Each(t, func(t *testing.T, url string) {
		b := open(t, url)
		other := &recorder{}
		consume(t, b, ConsumerConfig{Group: "other"}, other)
		r := newMendable()
		consume(t, b, ConsumerConfig{}, r)
		receipts, err := b.PublishBatch(t.Context(), events("user/1", 1))
		if err != nil {
			t.Fatal(err)
		}
		c := redistest.Client(t, url)
		// One that no letter could keep the event of.
		broken, err := c.XAdd(t.Context(), &redis.XAddArgs{Stream: stream0, Values: []any{"event", "{"}}).Result()
		if err != nil {
			t.Fatal(err)
		}
		until(t, "the letters", func() bool { return b.Stats().DeadLettered == 3 && len(other.ids()) == 1 })
		if err := c.XDel(t.Context(), stream0, receipts[0].StreamID, broken).Err(); err != nil {
			t.Fatal(err)
		}
		r.mended.Store(true)
		got, err := b.DeadLetters()[0].Redrive(t.Context(), RedriveConfig{
			DeadLetterFilter: DeadLetterFilter{Group: "test"}, PerSecond: 2_000_000_000, // faster than clocks tell apart
		})
		if err != nil || got.Gone != 1 || got.Redriven != 1 {
			t.Errorf("%+v, %v", got, err)
		}
		until(t, "the redriven event", func() bool { return r.count(receipts[0].ID) == 2 })
		if err := b.Publish(t.Context(), event("user/2", 1)); err != nil {
			t.Fatal(err)
		}
		until(t, "the event behind", func() bool { return len(other.ids()) == 2 })
		if n := other.count(receipts[0].ID); n != 1 {
			t.Errorf("the other group saw it %d times", n)
		}
		entries, err := b.Logs()[0].Read(t.Context(), "", 1)
		if err != nil || len(entries) != 0 && strings.Contains(string(entries[0].Data), receipts[0].ID) {
			t.Errorf("the log has it: %v, %v", entries, err)
		}
	})
}

// TestAnActionIsToldWhenItsCallEnded: whoever writes it down mustn't be stopped by that.
func TestAnActionIsToldWhenItsCallEnded(t *testing.T) {
	redistest.Each(t, func(t *testing.T, url string) {
		var told []Action
		b := open(t, url, func(c *Config) {
			c.Audit = func(ctx context.Context, a Action) {
				told = append(told, a)
				if ctx.Err() != nil {
					t.Errorf("%s: %v", a.Name, ctx.Err())
				}
			}
		})
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		letters, all := b.DeadLetters()[0], DeadLetterFilter{All: true}
		if _, err := letters.Redrive(ctx, RedriveConfig{DeadLetterFilter: all}); err == nil {
			t.Error("a redrive without time")
		}
		if _, err := letters.Purge(ctx, all); err == nil {
			t.Error("a purge without time")
		}
		if err := b.Publish(t.Context(), event("user/1", 1)); err != nil {
			t.Fatal(err)
		}
		redistest.Client(t, url).XGroupCreate(t.Context(), stream0, "behind", "0")
		short, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := b.Reshard(short, 3); !errors.Is(err, ErrNotDrained) {
			t.Errorf("Reshard: %v", err)
		}
		if len(told) != 3 || !told[0].Failed || !told[1].Failed || !told[2].Failed || told[2].Name != "reshard" {
			t.Errorf("%+v", told)
		}
	})
}
