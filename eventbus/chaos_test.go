package eventbus

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/carebus/carebus/internal/redistest"
	"github.com/carebus/carebus/schema"
)

// TestChaos publishes and consumes while Redis is killed, restarted and paused
// and consumers stop and start, and then looks for every acknowledged event.
func TestChaos(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	server := redistest.Real(t)
	b := open(t, server.URL, func(c *Config) { c.Shards = 2; c.Timeout = time.Second })

	var mu sync.Mutex
	acked, handled := map[string]bool{}, map[string]bool{}
	h := HandlerFunc(func(_ context.Context, events []schema.Envelope) error {
		mu.Lock()
		defer mu.Unlock()
		for _, e := range events {
			handled[e.ID] = true
		}
		return nil
	})
	config := ConsumerConfig{Concurrency: 2, MinIdle: 500 * time.Millisecond, BackoffMax: 100 * time.Millisecond, MaxDeliver: 1000}
	stop := []func(){consume(t, b, config, h), consume(t, b, config, h), consume(t, b, config, h)}

	ctx, cancel := context.WithCancel(t.Context())
	var publishers sync.WaitGroup
	for p := range 2 {
		publishers.Go(func() {
			for n := 0; ctx.Err() == nil && n < 80000; n++ {
				e := event(fmt.Sprintf("user/%d%d", p, n%7), n)
				for {
					err := b.Publish(context.Background(), e)
					if err == nil {
						break
					}
					if !errors.Is(err, ErrUnavailable) {
						t.Errorf("publish: %v", err)
						return
					}
				}
				mu.Lock()
				acked[e.ID] = true
				mu.Unlock()
			}
		})
	}
	for range 6 {
		before := b.Stats().Published
		until(t, "some events", func() bool { return b.Stats().Published > before+200 })
		switch random.IntN(4) {
		case 0:
			server.Kill(t)
			server.Restart(t)
		case 1:
			server.Stop(t)
			server.Restart(t)
		case 2:
			server.Pause(t)
			until(t, "the pause to hurt", pauseFor(time.Duration(100+random.IntN(1500))*time.Millisecond))
			server.Resume(t)
		case 3:
			i := random.IntN(len(stop))
			stop[i]()
			stop[i] = consume(t, b, config, h)
		}
	}
	cancel()
	publishers.Wait()
	missing := func() (n int) {
		mu.Lock()
		defer mu.Unlock()
		for id := range acked {
			if !handled[id] {
				n++
			}
		}
		return n
	}
	until(t, "every acknowledged event to be handled", func() bool { return missing() == 0 })

	// Each acknowledged event stands in the streams once, in its subject's order.
	seen, last := map[string]int{}, map[string]string{}
	for _, l := range b.Logs() {
		for after := ""; ; {
			entries, err := l.Read(t.Context(), after, 1000)
			if err != nil {
				t.Fatal(err)
			}
			if len(entries) == 0 {
				break
			}
			for _, entry := range entries {
				e, err := schema.Parse(entry.Data)
				if err != nil {
					t.Fatal(err)
				}
				if seen[e.ID]++; e.ID <= last[e.Subject] {
					t.Errorf("%s stands behind %s", e.ID, last[e.Subject])
				}
				last[e.Subject] = e.ID
			}
			after = entries[len(entries)-1].ID
		}
	}
	for id := range acked {
		if seen[id] != 1 {
			t.Errorf("%s was acknowledged and stands %d times in the stream", id, seen[id])
		}
	}
	if s := b.Stats(); s.DeadLettered != 0 || s.Lost != 0 {
		t.Errorf("%+v", s)
	}
	t.Logf("%d events, %d deliveries", len(acked), b.Stats().Handled)
}

// pauseFor returns a condition that holds once d is over.
func pauseFor(d time.Duration) func() bool {
	end := time.Now().Add(d)
	return func() bool { return time.Now().After(end) }
}

// All keys of a shard are in one slot, so each script runs on a cluster.
func TestCluster(t *testing.T) {
	server := redistest.Real(t, "--cluster-enabled", "yes")
	c := server.Client(t)
	if err := c.Do(t.Context(), "CLUSTER", "ADDSLOTSRANGE", 0, 16383).Err(); err != nil {
		t.Fatal(err)
	}
	until(t, "the cluster", func() bool {
		return strings.Contains(c.ClusterInfo(t.Context()).Val(), "cluster_state:ok")
	})
	b := open(t, "redis+cluster://"+server.Addr, func(c *Config) { c.Shards = 4 })
	r := &recorder{fail: func(e schema.Envelope) error {
		if strings.HasSuffix(e.ID, "3") {
			return Permanent(errors.New("no"))
		}
		return nil
	}}
	stop := consume(t, b, ConsumerConfig{}, r)
	for n := range 20 {
		if err := b.Publish(t.Context(), events(fmt.Sprintf("user/%d", n), 5)...); err != nil {
			t.Fatal(err)
		}
	}
	until(t, "all events", func() bool { s := b.Stats(); return s.Handled == 80 && s.DeadLettered == 20 })
	stop()
	letters := 0
	for _, d := range b.DeadLetters() {
		got, err := d.Redrive(t.Context(), RedriveConfig{LetterFilter: LetterFilter{All: true}})
		if err != nil {
			t.Fatal(err)
		}
		letters += got.Redriven
	}
	if letters != 20 {
		t.Errorf("%d letters redriven", letters)
	}
	for _, l := range b.Logs() {
		entries, err := l.Read(t.Context(), "", 100)
		if err != nil {
			t.Fatal(err)
		}
		if ok, err := l.Commit(t.Context(), schema.Cursor{Plan: 1, Last: entries[len(entries)-1].ID}); err != nil || !ok {
			t.Errorf("commit: %v, %v", ok, err)
		}
	}
	if _, err := b.Trim(t.Context(), RetentionConfig{KeepFor: time.Nanosecond}); err != nil {
		t.Error(err)
	}
	if s, err := b.Status(t.Context()); err != nil || len(s.Shards) != 4 {
		t.Errorf("%+v, %v", s, err)
	}
}
