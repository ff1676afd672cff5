package eventbus

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/carebus/carebus/internal/redistest"
	"github.com/carebus/carebus/schema"
)

// skews are what a server's clock is set to in the midst of things.
var skews = []time.Duration{5 * time.Hour, -5 * time.Hour}

// TestSkewedServer: while consumers work, and try again, the server's clock jumps
// by hours. Every event is handled, no subject's events are overtaken, and what is
// published again is known wherever the clock went back.
func TestSkewedServer(t *testing.T) {
	for _, skew := range skews {
		t.Run(fmt.Sprint(skew), func(t *testing.T) {
			server, ahead := redistest.Skewed(t)
			b := open(t, server.URL, func(c *Config) { c.Shards = 4 })
			var mu sync.Mutex
			tries := map[string]int{}
			handler := HandlerFunc(func(_ context.Context, events []schema.Envelope) error {
				mu.Lock()
				defer mu.Unlock()
				errs := make(schema.BatchError, len(events))
				for i, e := range events {
					if tries[e.ID]++; tries[e.ID] == 1 && hash(e.ID)%4 == 0 {
						errs[i] = errors.New("once more")
					}
				}
				return errs.OrNil()
			})
			config := ConsumerConfig{Lease: time.Second, MinIdle: time.Second, BackoffMin: 100 * time.Millisecond, BackoffMax: 300 * time.Millisecond, MaxDeliver: 20}
			for range 2 {
				consume(t, b, config, handler)
			}
			var all []schema.Envelope
			publish := func(n int) {
				t.Helper()
				for i := range n {
					all = append(all, event(fmt.Sprintf("user/%d", i%9), len(all)))
				}
				if err := b.Publish(t.Context(), all[len(all)-n:]...); err != nil {
					t.Error(err)
				}
			}
			publish(200)
			ahead(skew)
			publish(200)
			if skew < 0 {
				receipts, err := b.PublishBatch(t.Context(), all)
				if err != nil {
					t.Fatal(err)
				}
				if i := slices.IndexFunc(receipts, func(r Receipt) bool { return !r.Duplicate }); i >= 0 {
					t.Errorf("event %d was published again", i)
				}
			}
			ahead(0)
			publish(200)
			until(t, "all events", func() bool { return b.Stats().Handled >= uint64(len(all)) })
			mu.Lock()
			for _, e := range all {
				if tries[e.ID] == 0 {
					t.Errorf("%s was never handled", e.ID)
				}
			}
			mu.Unlock()
			if s := b.Stats(); s.DeadLettered > 0 || s.Lost > 0 || s.Vanished > 0 {
				t.Errorf("%+v", s)
			}
		})
	}
}

// TestClockSetBack: what was noted by a clock that was ahead by hours holds no
// longer than if it hadn't been: neither the lease and the seat of a consumer that
// died, nor the wait of an entry for its next try, nor a seal.
func TestClockSetBack(t *testing.T) {
	server, ahead := redistest.Skewed(t)
	ahead(5 * time.Hour)
	c := server.Client(t)
	b := open(t, server.URL, func(c *Config) { c.Shards = 4 })
	config := ConsumerConfig{Name: "one", Lease: 500 * time.Millisecond, MinIdle: 500 * time.Millisecond, BackoffMax: 200 * time.Millisecond, MaxDeliver: 100}
	r := &recorder{fail: func(schema.Envelope) error { return errors.New("later") }}
	stop := consume(t, b, config, r)
	var all []schema.Envelope
	for i := range 8 {
		all = append(all, event(fmt.Sprintf("user/%d", i), i))
	}
	if err := b.Publish(t.Context(), all...); err != nil {
		t.Fatal(err)
	}
	until(t, "the first tries", func() bool { return r.distinct() == 8 })
	stop()
	// It died: its leases and its seat are there still.
	for _, s := range b.all() {
		if err := leaseScript.Run(t.Context(), b.redis, []string{s.prefix + "lease:test"}, "one", 500).Err(); err != nil {
			t.Fatal(err)
		}
	}
	if err := membersScript.Run(t.Context(), b.redis, []string{"carebus:{test}:members:test"}, "one", 500).Err(); err != nil {
		t.Fatal(err)
	}
	leases := b.Leases()
	if got, err := leases.Hold(t.Context(), "one", []string{"0", "1"}, time.Second); err != nil || len(got) != 2 {
		t.Fatalf("%q, %v", got, err)
	}
	for _, s := range b.all() {
		if _, err := b.seal(t.Context(), "one", s, b.layout().epoch, sealForFlip); err != nil {
			t.Fatal(err)
		}
	}
	ahead(0)
	if err := b.Publish(t.Context(), events("user/20", 3)...); err != nil {
		t.Error(err)
	}
	if got, err := leases.Hold(t.Context(), "two", []string{"0", "1"}, time.Second); err != nil || len(got) != 2 {
		t.Errorf("two holds %q of the lake's logs, %v", got, err)
	}
	config.Name = "two"
	r2 := &recorder{}
	consume(t, b, config, r2)
	until(t, "all events", func() bool { return r2.distinct() == 11 })
	if n := len(c.Keys(t.Context(), "*lease:test").Val()); n != 4 {
		t.Errorf("%d leases", n)
	}
}

// TestFailoverToASkewedReplica: the one that takes over has another clock. What it
// got from the primary isn't reported as lost, though its dedupe has forgotten that
// at once, and what it didn't get is.
func TestFailoverToASkewedReplica(t *testing.T) {
	for _, skew := range skews {
		t.Run(fmt.Sprint(skew), func(t *testing.T) {
			primary := redistest.Real(t, "--repl-diskless-sync-delay", "0")
			link := redistest.NewProxy(t, primary.Addr)
			host, port, err := net.SplitHostPort(link.Addr)
			if err != nil {
				t.Fatal(err)
			}
			replica, ahead := redistest.Skewed(t, "--replicaof", host+" "+port)
			ahead(skew)
			proxy := redistest.NewProxy(t, primary.Addr)
			var mu sync.Mutex
			var lost []string
			b := open(t, "redis://"+proxy.Addr, func(c *Config) {
				c.OnLoss = func(l Loss) {
					mu.Lock()
					defer mu.Unlock()
					for _, r := range l.Lost {
						lost = append(lost, r.ID)
					}
				}
			})
			if _, err := b.Status(t.Context()); err != nil { // it notes whose data it is
				t.Fatal(err)
			}
			if err := b.Publish(t.Context(), slices.Concat(events("user/1", 10), withoutIDs("user/2", many))...); err != nil {
				t.Fatal(err)
			}
			if _, err := b.Status(t.Context()); err != nil {
				t.Fatal(err)
			}
			rc := replica.Client(t)
			until(t, "the replica", func() bool { return rc.XLen(t.Context(), stream0).Val() == 10+many })
			link.To(redistest.FreeAddr(t))
			gone, err := b.PublishBatch(t.Context(), withoutIDs("user/3", 7))
			if err != nil {
				t.Fatal(err)
			}
			primary.Kill(t)
			if err := rc.ReplicaOf(t.Context(), "NO", "ONE").Err(); err != nil {
				t.Fatal(err)
			}
			proxy.To(replica.Addr)
			if err := b.Publish(t.Context(), withoutIDs("user/4", 3)...); err != nil {
				t.Fatal(err)
			}
			until(t, "the report", func() bool { return b.Stats().Failovers > 0 })
			mu.Lock()
			defer mu.Unlock()
			var want []string
			for _, r := range gone {
				want = append(want, r.ID)
			}
			if !slices.Equal(lost, want) {
				t.Errorf("%d are reported as lost, want the %d that are", len(lost), len(want))
			}
			if n := rc.XLen(t.Context(), stream0).Val(); n != 10+many+3 {
				t.Errorf("%d entries", n)
			}
		})
	}
}
