package eventbus

import (
	"context"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sync/semaphore"

	"github.com/carebus/carebus/internal/redistest"
	"github.com/carebus/carebus/schema"
)

// A caller that gives up leaves its event in the queue; those that come later
// must not be written in its place.
func TestAnEventWhoseCallerLeftStaysAsItWas(t *testing.T) {
	server := redistest.Real(t)
	b := open(t, server.URL, func(c *Config) { c.Timeout = time.Minute })
	q := b.layout().queueOf(hash("user/1"))
	server.Pause(t)
	var callers sync.WaitGroup
	publish := func(n int) {
		callers.Go(func() {
			if err := b.Publish(t.Context(), event("user/1", n)); err != nil {
				t.Error(err)
			}
		})
	}
	publish(0)
	until(t, "a round trip", func() bool { return underWay(q) })
	const left = 8
	for n := 1; n <= left; n++ {
		ctx, cancel := context.WithCancel(t.Context())
		gone := make(chan error)
		go func() { gone <- b.Publish(ctx, event("user/1", n)) }()
		until(t, "the event in the queue", func() bool { return queued(q) == n })
		cancel()
		if err := <-gone; !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
	}
	for n := left + 1; n <= 2*left; n++ {
		publish(n)
		until(t, "the event in the queue", func() bool { return queued(q) == n })
	}
	server.Resume(t)
	callers.Wait()
	entries, err := server.Client(t).XRange(t.Context(), stream0, "-", "+").Result()
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) != 2*left+1 {
		t.Errorf("%d entries", len(entries))
	}
	for n, e := range entries {
		got, err := schema.Parse([]byte(e.Values["event"].(string)))
		if err != nil || got.ID != event("user/1", n).ID {
			t.Errorf("entry %d is event %q, %v", n, got.ID, err)
		}
	}
}

// TestABatchLeavesAlone: what is worth a round trip isn't held up by the events
// of the next caller; a few events are gathered with them.
func TestABatchLeavesAlone(t *testing.T) {
	bus := open(t, redistest.Mini(t))
	for _, c := range []struct{ events, batches int }{{worthTrip - 1, 1}, {worthTrip, 2}, {batchEvents, 2}} {
		q := newQueue(bus, bus.all()[0], semaphore.NewWeighted(1<<20))
		q.running = true // nothing is sent
		for range c.events {
			if _, _, _, err := q.add(t.Context(), 1, item{name: "id", event: encoded("{}")}); err != nil {
				t.Fatal(err)
			}
		}
		q.leave()
		if _, _, _, err := q.add(t.Context(), 1, item{name: "id", event: encoded("{}")}); err != nil {
			t.Fatal(err)
		}
		if len(q.batches) != c.batches {
			t.Errorf("a batch of %d events and one of another caller are sent in %d round trips, want %d", c.events, len(q.batches), c.batches)
		}
	}
}

// TestACallerThatSendsItselfIsNotKept: while Redis hangs its context still
// counts, and what it sent is written once.
func TestACallerThatSendsItselfIsNotKept(t *testing.T) {
	server := redistest.Real(t)
	b := open(t, server.URL, func(c *Config) { c.Timeout = 2 * time.Minute })
	untilItSendsItself(t, b)
	server.Pause(t)
	ctx, cancel := context.WithCancel(t.Context())
	gone := make(chan error, 1)
	began := time.Now()
	go func() { gone <- b.Publish(ctx, event("user/1", 2)) }()
	until(t, "its sending", func() bool { return busy(b.layout().queueOf(hash("user/1"))) })
	cancel()
	if err, took := <-gone, time.Since(began); !errors.Is(err, context.Canceled) || took > time.Minute {
		t.Errorf("while Redis hangs: %v, after %v", err, took)
	}
	server.Resume(t)
	if err := b.Publish(t.Context(), event("user/1", 3)); err != nil {
		t.Fatal(err)
	}
	if got := ids(t, b); !slices.Equal(got, []string{"evt_user1_10001", "evt_user1_10002", "evt_user1_10003"}) {
		t.Errorf("the log holds %v", got)
	}
}

// TestAPanicOfTheClientBlocksNobody: a caller may recover from it, as HTTP
// servers do, and others go on publishing.
func TestAPanicOfTheClientBlocksNobody(t *testing.T) {
	b := open(t, redistest.Mini(t))
	var now atomic.Bool
	b.redis.AddHook(panicOnce(&now))
	untilItSendsItself(t, b)
	func() {
		defer func() {
			if recover() == nil {
				t.Error("the panic didn't come through")
			}
		}()
		now.Store(true)
		_ = b.Publish(t.Context(), event("user/1", 2))
	}()
	if err := b.Publish(t.Context(), event("user/1", 3)); err != nil {
		t.Fatal(err)
	}
	if got := ids(t, b); !slices.Equal(got, []string{"evt_user1_10001", "evt_user1_10002", "evt_user1_10003"}) {
		t.Errorf("the log holds %v", got)
	}
}

// TestAnEventAgainInItsBatch: its caller gave up, and publishes it again while it
// waits.
func TestAnEventAgainInItsBatch(t *testing.T) {
	server := redistest.Real(t)
	b := open(t, server.URL, func(c *Config) { c.Timeout = time.Minute })
	if err := b.Publish(t.Context(), events("user/1", 1)...); err != nil {
		t.Fatal(err)
	}
	q, callers := holdUp(t, b, server)
	ctx, cancel := context.WithCancel(t.Context())
	all := withoutIDs("user/1", 3)
	var receipts []Receipt
	gone := make(chan error, 1)
	go func() {
		var err error
		receipts, err = b.PublishBatch(ctx, all)
		gone <- err
	}()
	until(t, "the events in the queue", func() bool { return queued(q) == 3 })
	cancel()
	if err := <-gone; err == nil {
		t.Fatal("it was published")
	}
	for i := range all {
		all[i].ID = receipts[i].ID
	}
	callers.Go(func() {
		if err := b.Publish(t.Context(), all...); err != nil {
			t.Error(err)
		}
	})
	until(t, "the events again in the queue", func() bool { return queued(q) == 6 })
	server.Resume(t)
	callers.Wait()
	wantOnce(t, b, 5)
}

// TestOneIDManyTimes costs no more round trips than once.
func TestOneIDManyTimes(t *testing.T) {
	server := redistest.Real(t)
	b := open(t, server.URL)
	if err := b.Publish(t.Context(), event("user/1", 1)); err != nil {
		t.Fatal(err)
	}
	all := make([]schema.Envelope, batchEvents)
	for i := range all {
		all[i] = event("user/1", 3)
	}
	before := calls(t, server, "evalsha")
	// What waits for a round trip leaves as one batch, however slow the caller is.
	q, callers := holdUp(t, b, server)
	callers.Go(func() {
		receipts, err := b.PublishBatch(t.Context(), all)
		if err != nil {
			t.Error(err)
		}
		for i, r := range receipts {
			if r.Duplicate != (i > 0) || r.StreamID != receipts[0].StreamID {
				t.Errorf("receipt %d: %+v", i, r)
			}
		}
	})
	until(t, "the batch in the queue", func() bool { return queued(q) == len(all) })
	server.Resume(t)
	callers.Wait()
	if n := calls(t, server, "evalsha") - before; n > 8 { // among them the first one's further attempts
		t.Errorf("%d round trips", n)
	}
	wantOnce(t, b, 3)
}

// untilItSendsItself publishes an event of user/1 until its caller would send the
// next one itself.
func untilItSendsItself(t *testing.T, b *Bus) {
	t.Helper()
	q := b.layout().queueOf(hash("user/1"))
	until(t, "a short round trip", func() bool {
		if err := b.Publish(t.Context(), event("user/1", 1)); err != nil {
			t.Fatal(err)
		}
		q.mu.Lock()
		defer q.mu.Unlock()
		return !q.running && q.prompt(t.Context())
	})
}

// holdUp pauses the server while it has an event of user/1, and returns the queue
// in which others wait behind that, and its caller.
func holdUp(t *testing.T, b *Bus, server *redistest.Server) (*queue, *sync.WaitGroup) {
	t.Helper()
	q := b.layout().queueOf(hash("user/1"))
	// Who sent the event before may not have seen yet that nothing waits.
	until(t, "the end of the round trip before", func() bool { return !busy(q) })
	server.Pause(t)
	callers := new(sync.WaitGroup)
	callers.Go(func() {
		if err := b.Publish(t.Context(), event("user/1", 2)); err != nil {
			t.Error(err)
		}
	})
	until(t, "a round trip", func() bool { return underWay(q) })
	return q, callers
}

// queued returns how many events wait for a round trip.
func queued(q *queue) (n int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, g := range q.batches {
		n += len(g.items)
	}
	return n
}

// busy reports whether somebody sends, or is about to.
func busy(q *queue) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.running
}

// underWay reports whether a round trip is, and nothing waits for the next.
func underWay(q *queue) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.running && len(q.batches) == 0
}
