package eventbus

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/carebus/carebus/internal/redistest"
	"github.com/carebus/carebus/phi"
	"github.com/carebus/carebus/schema"
)

// The number of shards goes up and down while two processes publish and two
// consume: nothing is lost, doubled, or out of its subject's order.
func TestReshardUnderLoad(t *testing.T) {
	redistest.Each(t, func(t *testing.T, url string) {
		one := open(t, url, func(c *Config) { c.Shards = 2 })
		two := open(t, url, func(c *Config) { c.Shards = 5 }) // the environment has two
		if n := two.layout().spread; n != 2 {
			t.Fatalf("%d shards", n)
		}
		l := newLedger()
		config := ConsumerConfig{Lease: 2 * time.Second, Concurrency: 2}
		consume(t, one, config, l)
		consume(t, two, config, l)
		until(t, "the group in both shards", func() bool {
			s, err := one.Status(t.Context())
			return err == nil && len(s.Shards[0].Groups) == 1 && len(s.Shards[1].Groups) == 1
		})
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		var publishers sync.WaitGroup
		for s := range 4 {
			publishers.Go(func() { l.publish(ctx, t, one, fmt.Sprintf("user/1%d", s), 80000) })
			publishers.Go(func() { l.publish(ctx, t, two, fmt.Sprintf("user/2%d", s), 80000) })
		}
		for _, n := range []int{5, 1, 3} {
			mark, mark2 := one.Stats().Published, two.Stats().Published
			until(t, "events", func() bool { return one.Stats().Published > mark+50 && two.Stats().Published > mark2+50 })
			if err := one.Reshard(t.Context(), n); err != nil {
				t.Fatal(err)
			}
		}
		cancel()
		publishers.Wait()
		l.check(t)
		seen := map[string]int{}
		for _, log := range one.Logs() {
			for after := ""; ; {
				entries, err := log.Read(t.Context(), after, 1000)
				if err != nil {
					t.Fatal(err)
				}
				if len(entries) == 0 {
					break
				}
				for _, e := range entries {
					got, err := schema.Parse(e.Data)
					if err != nil {
						t.Fatal(err)
					}
					seen[got.ID]++
					after = e.ID
				}
			}
		}
		for id := range l.acked {
			if seen[id] != 1 {
				t.Errorf("%s stands %d times in the streams", id, seen[id])
			}
		}
		third := open(t, url)
		if l := third.layout(); l.spread != 3 || len(l.shards) != 5 || l.epoch != 4 {
			t.Errorf("%d of %d shards, epoch %d", l.spread, len(l.shards), l.epoch)
		}
	})
}

// Who neither publishes nor consumes sees new shards too.
func TestStatusFollowsAReshard(t *testing.T) {
	redistest.Each(t, func(t *testing.T, url string) {
		one, two := open(t, url), open(t, url)
		if err := one.Reshard(t.Context(), 3); err != nil {
			t.Fatal(err)
		}
		if s, err := two.Status(t.Context()); err != nil || s.Spread != 3 || s.Epoch != 2 || len(s.Shards) != 3 || len(two.Logs()) != 3 {
			t.Errorf("%+v, %v", s, err)
		}
	})
}

// Who only reads logs is told of new ones, and an operator, too.
func TestCurrentLogsFollowAReshard(t *testing.T) {
	redistest.Each(t, func(t *testing.T, url string) {
		one, reader := open(t, url), open(t, url)
		operator := open(t, url, func(c *Config) { c.Operator = true })
		if err := one.Reshard(t.Context(), 3); err != nil {
			t.Fatal(err)
		}
		for name, b := range map[string]*Bus{"reader": reader, "operator": operator} {
			if n := len(b.Logs()); n != 1 {
				t.Errorf("%s: %d logs before it asks", name, n)
			}
			logs, err := b.CurrentLogs(t.Context())
			if err != nil || len(logs) != 3 || logs[2].Name() != "2" {
				t.Errorf("%s: %d logs, %v", name, len(logs), err)
			}
		}
	})
}

func TestReshardWaitsForGroups(t *testing.T) {
	t.Parallel()
	redistest.Each(t, func(t *testing.T, url string) {
		b := open(t, url)
		if err := b.Publish(t.Context(), events("user/1", 3)...); err != nil {
			t.Fatal(err)
		}
		c := redistest.Client(t, url)
		if err := c.XGroupCreate(t.Context(), stream0, "slow", "0").Err(); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
		defer cancel()
		if err := b.Reshard(ctx, 2); !errors.Is(err, ErrNotDrained) || !strings.Contains(err.Error(), "group slow in shard 0") {
			t.Fatalf("%v", err)
		}
		// All is as it was.
		if err := b.Publish(t.Context(), event("user/2", 1)); err != nil {
			t.Error(err)
		}
		if l := b.layout(); l.epoch != 1 || l.spread != 1 {
			t.Errorf("epoch %d, %d shards", l.epoch, l.spread)
		}
		// One that died while it had sealed is waited for until its time is over.
		if err := c.HSet(t.Context(), "carebus:{test.0}:layout", "seal", "dead", "until", time.Now().Add(500*time.Millisecond).UnixMilli()).Err(); err != nil {
			t.Fatal(err)
		}
		if err := b.Publish(t.Context(), event("user/2", 2)); err != nil {
			t.Error(err)
		}
	})
}

// TestCloseEndsAReshardThatWaits: it neither waits for a group that never drains nor
// leaves publishing held up.
func TestCloseEndsAReshardThatWaits(t *testing.T) {
	t.Parallel()
	redistest.Each(t, func(t *testing.T, url string) {
		b, other, c := open(t, url), open(t, url), redistest.Client(t, url)
		if err := b.Publish(t.Context(), event("user/1", 1)); err != nil {
			t.Fatal(err)
		}
		if err := c.XGroupCreate(t.Context(), stream0, "away", "0").Err(); err != nil {
			t.Fatal(err)
		}
		ended := make(chan error, 1)
		go func() { ended <- b.Reshard(context.Background(), 2) }()
		const layout = "carebus:{test.0}:layout"
		until(t, "it to seal", func() bool { return c.HExists(t.Context(), layout, "seal").Val() })
		if err := b.Close(); err != nil {
			t.Error(err)
		}
		if err := <-ended; !errors.Is(err, ErrNotDrained) || !errors.Is(err, ErrClosed) {
			t.Errorf("Reshard = %v", err)
		}
		if c.HExists(t.Context(), layout, "seal").Val() {
			t.Error("publishing is held up still")
		}
		if err := other.Publish(t.Context(), event("user/2", 2)); err != nil {
			t.Error(err)
		}
	})
}

// A group that is lost is made anew by the next consumer of it, at its checkpoint: what
// stands behind that is handled before what comes after a Reshard.
func TestReshardWaitsForALostGroup(t *testing.T) {
	t.Parallel()
	redistest.Each(t, func(t *testing.T, url string) {
		b := open(t, url)
		r := &recorder{}
		stop := consume(t, b, ConsumerConfig{}, r)
		if err := b.Publish(t.Context(), event("user/1", 0)); err != nil {
			t.Fatal(err)
		}
		until(t, "the first", func() bool { return b.Stats().Handled == 1 })
		stop()
		if err := redistest.Client(t, url).XGroupDestroy(t.Context(), stream0, "test").Err(); err != nil {
			t.Fatal(err)
		}
		if err := b.Reshard(t.Context(), 2); err != nil {
			t.Errorf("nothing is left to handle: %v", err)
		}
		if err := b.Reshard(t.Context(), 1); err != nil {
			t.Fatal(err)
		}
		if err := b.Publish(t.Context(), event("user/1", 1)); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
		defer cancel()
		if err := b.Reshard(ctx, 2); !errors.Is(err, ErrNotDrained) || !strings.Contains(err.Error(), "group test in shard 0") {
			t.Errorf("%v", err)
		}
		consume(t, b, ConsumerConfig{}, r)
		until(t, "the second", func() bool { return r.count(event("user/1", 1).ID) == 1 })
		if err := b.Reshard(t.Context(), 2); err != nil {
			t.Error(err)
		}
	})
}

// unsealed has the bus give up before a seal that was left ends by itself.
func unsealed(c *Config) { c.Timeout = sealFor - 2*time.Second }

// A caller who leaves when all is drained leaves no layout that half of the
// shards know.
func TestReshardIsFinishedOnceBegun(t *testing.T) {
	redistest.Each(t, func(t *testing.T, url string) {
		client := redistest.Client(t, url)
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		b := open(t, "", func(c *Config) { c.Client, c.Shards = client, 2 })
		client.AddHook(beforeScript(layoutScript, 3, cancel)) // the first call asks, the second tells shard 2
		if err := b.Reshard(ctx, 3); err != nil {
			t.Error(err)
		}
		if ctx.Err() == nil {
			t.Fatal("the caller has not left")
		}
		other := open(t, url, unsealed)
		if l := other.layout(); l.spread != 3 || l.epoch != 2 {
			t.Errorf("epoch %d, %d shards", l.epoch, l.spread)
		}
		for i := range 20 {
			if err := other.Publish(t.Context(), event(fmt.Sprintf("user/%d", i), i)); err != nil {
				t.Fatal(err)
			}
		}
	})
}

// Of two Reshards that began with the same layout one changes it, and the other
// doesn't change what it hasn't seen: one epoch would stand for two layouts.
func TestReshardOfAnOldLayoutIsRefused(t *testing.T) {
	redistest.Each(t, func(t *testing.T, url string) {
		client := redistest.Client(t, url)
		late := open(t, "", func(c *Config) { c.Client = client })
		first := open(t, url)
		client.AddHook(beforeScript(sealScript, 1, func() {
			if err := first.Reshard(t.Context(), 3); err != nil {
				t.Error(err)
			}
		}))
		if err := late.Reshard(t.Context(), 2); !errors.Is(err, ErrUnavailable) {
			t.Errorf("%v", err)
		}
		if l := open(t, url).layout(); l.spread != 3 || l.epoch != 2 {
			t.Errorf("%d shards, epoch %d", l.spread, l.epoch)
		}
	})
}

// A Reshard that fails half-way leaves no shard sealed, nor those that it would
// have added.
func TestReshardThatFailsUnsealsAll(t *testing.T) {
	redistest.Each(t, func(t *testing.T, url string) {
		client, other := redistest.Client(t, url), redistest.Client(t, url)
		b := open(t, "", func(c *Config) { c.Client = client })
		client.AddHook(beforeScript(layoutScript, 2, func() { // the first call asks
			if err := other.HDel(t.Context(), "carebus:{test.2}:layout", "seal", "until").Err(); err != nil {
				t.Error(err)
			}
		}))
		if err := b.Reshard(t.Context(), 3); !errors.Is(err, ErrUnavailable) {
			t.Fatalf("%v", err)
		}
		if err := open(t, url).Reshard(t.Context(), 3); err != nil {
			t.Error(err)
		}
	})
}

// What a Reshard left that died half-way is mended by the next, be it one to the
// number that there was.
func TestReshardMendsWhatOneLeftHalfWay(t *testing.T) {
	redistest.Each(t, func(t *testing.T, url string) {
		b := open(t, url, unsealed, func(c *Config) { c.Shards = 2 })
		c := redistest.Client(t, url)
		for i := 3; i > 0; i-- { // from 2 to 4; shard 0 is the last
			if err := c.HSet(t.Context(), fmt.Sprintf("carebus:{test.%d}:layout", i), "epoch", 2, "shards", 4, "most", 4).Err(); err != nil {
				t.Fatal(err)
			}
		}
		for _, n := range []int{2, 1, 3, 1, 4} { // shard 3 is older than others by then
			if err := b.Reshard(t.Context(), n); err != nil {
				t.Fatalf("to %d shards: %v", n, err)
			}
			for i := range 20 {
				if err := b.Publish(t.Context(), event(fmt.Sprintf("user/%d", i), n)); err != nil {
					t.Fatalf("with %d shards: %v", n, err)
				}
			}
		}
	})
}

// A change that has begun outlasts an outage.
func TestReshardOutlastsAnOutage(t *testing.T) {
	redistest.Each(t, func(t *testing.T, url string) {
		client := redistest.Client(t, url)
		b := open(t, "", func(c *Config) { c.Client = client })
		client.AddHook(loseAnswers(layoutScript, 2, 4))
		if err := b.Reshard(t.Context(), 3); err != nil {
			t.Error(err)
		}
		if l := open(t, url).layout(); l.spread != 3 || l.epoch != 2 {
			t.Errorf("%d shards, epoch %d", l.spread, l.epoch)
		}
	})
}

// A hooked scrubber calls a function before it scrubs.
type hooked struct {
	Scrubber
	before func()
}

func (h hooked) ScrubEvent(dst, src []byte) ([]byte, phi.Report, error) {
	h.before()
	return h.Scrubber.ScrubEvent(dst, src)
}

// TestABatchKeepsItsOrderWhileShardsChange: what the shards refuse of the beginning of a
// batch, since they have been changed, comes before what is sent by the new layout.
func TestABatchKeepsItsOrderWhileShardsChange(t *testing.T) {
	server := redistest.Real(t)
	other := open(t, server.URL)
	proxy := redistest.NewProxy(t, server.Addr)
	var b *Bus
	n := 0
	b = open(t, "redis://"+proxy.Addr, func(c *Config) {
		c.Scrubber = hooked{c.Scrubber, func() {
			if n++; n == chunkEvents+1 {
				if err := other.Reshard(t.Context(), 5); err != nil {
					t.Error(err)
				}
				b.adopt(b.asked.Add(1), 2, 5, 5)
				proxy.Slow(0)
			}
		}}
	})
	proxy.Slow(100 * time.Millisecond)
	all := events("user/1", chunkEvents+10)
	if err := b.Publish(t.Context(), all...); err != nil {
		t.Fatal(err)
	}
	proxy.Slow(0)
	var got []string
	for _, l := range other.Logs() {
		entries, err := l.Read(t.Context(), "", 10000)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			p, err := schema.Parse(e.Data)
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, p.ID)
		}
	}
	want := make([]string, len(all))
	for i := range all {
		want[i] = all[i].ID
	}
	if !slices.Equal(got, want) {
		t.Errorf("%d entries, out of order: first %v, last %v", len(got), got[:1], got[len(got)-1:])
	}
}
