package eventbus

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/redis/go-redis/v9"

	"github.com/carebus/carebus/internal/output"
	"github.com/carebus/carebus/internal/redistest"
	"github.com/carebus/carebus/schema"
)

// A replica that is behind takes over: what it didn't get is counted and
// reported, and new entries stand behind what was acknowledged.
func TestFailoverAccountsForWhatItLost(t *testing.T) {
	primary := redistest.Real(t, "--repl-diskless-sync-delay", "0", "--appendonly", "no")
	link := redistest.NewProxy(t, primary.Addr)
	replica := redistest.Replica(t, link.Addr)
	proxy := redistest.NewProxy(t, primary.Addr)
	var log output.Buffer
	var mu sync.Mutex
	var losses []Loss
	b := open(t, "redis://"+proxy.Addr, func(c *Config) {
		c.Logger = logger(&log)
		c.OnLoss = func(l Loss) { mu.Lock(); defer mu.Unlock(); losses = append(losses, l) }
	})
	// The first calls also note whose data it is.
	kept, err := b.PublishBatch(t.Context(), events("user/1", 10))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.Status(t.Context()); err != nil {
		t.Fatal(err)
	}
	rc := replica.Client(t)
	until(t, "the replica to have ten", func() bool { return rc.XLen(t.Context(), stream0).Val() == 10 })
	link.To(redistest.FreeAddr(t)) // from now on it gets nothing
	lost, err := b.PublishBatch(t.Context(), events("user/2", 7))
	if err != nil {
		t.Fatal(err)
	}
	// Its clock might be behind; here the lost entries' ids are ahead.
	ahead, err := primary.Client(t).XAdd(t.Context(), &redis.XAddArgs{
		Stream: stream0, ID: fmt.Sprintf("%d-0", time.Now().Add(time.Hour).UnixMilli()), Values: []any{"another", "field"},
	}).Result()
	if err != nil {
		t.Fatal(err)
	}
	after, err := b.PublishBatch(t.Context(), events("user/3", 1))
	if err != nil || before(after[0].StreamID, ahead) {
		t.Fatalf("%+v, %v", after, err)
	}
	primary.Kill(t)
	if err := rc.ReplicaOf(t.Context(), "NO", "ONE").Err(); err != nil {
		t.Fatal(err)
	}
	proxy.To(replica.Addr)

	next, err := b.PublishBatch(t.Context(), events("user/4", 3))
	if err != nil {
		t.Fatal(err)
	}
	until(t, "the loss to be told", func() bool {
		mu.Lock()
		defer mu.Unlock()
		return len(losses) > 0 && strings.Contains(log.String(), "lost=")
	})
	if s := b.Stats(); s.Vanished != 8 || s.Failovers != 1 {
		t.Errorf("%d vanished in %d failovers, want 8 in 1", s.Vanished, s.Failovers)
	}
	mu.Lock()
	defer mu.Unlock()
	if len(losses) != 1 || len(losses[0].Lost) != 8 || losses[0].Was == losses[0].Is {
		t.Fatalf("%+v", losses)
	}
	for i, r := range append(lost, after...) {
		if got := losses[0].Lost[i]; got.ID != r.ID || got.StreamID != r.StreamID {
			t.Errorf("loss %d: %+v, want %+v", i, got, r)
		}
	}
	for _, r := range next {
		if !before(after[0].StreamID, r.StreamID) {
			t.Errorf("%s doesn't stand behind %s, which was acknowledged", r.StreamID, after[0].StreamID)
		}
	}
	if !strings.Contains(log.String(), "lost=8") {
		t.Errorf("the log: %s", log.String())
	}
	// What was lost can be published again, what wasn't is known.
	again, err := b.PublishBatch(t.Context(), append(events("user/2", 7), events("user/1", 10)...))
	if err != nil {
		t.Fatal(err)
	}
	for i, r := range again {
		if r.Duplicate != (i >= 7) || i >= 7 && r.StreamID != kept[i-7].StreamID {
			t.Errorf("%d: %+v", i, r)
		}
	}
}

// A server that comes back without the end of its data.
func TestRestartWithoutTheLastWritesIsNoticed(t *testing.T) {
	t.Parallel()
	server := redistest.Real(t, "--appendonly", "no")
	b := open(t, server.URL)
	if err := b.Publish(t.Context(), events("user/1", 5)...); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Status(t.Context()); err != nil {
		t.Fatal(err)
	}
	server.Kill(t)
	server.Restart(t)
	until(t, "redis", func() bool { _, err := b.Status(t.Context()); return err == nil })
	if s := b.Stats(); s.Vanished != 5 {
		t.Errorf("%+v", s)
	}
}

// What is acknowledged late isn't taken for lost when its window ends.
func TestNoLossAtTheWindowsEnd(t *testing.T) {
	server := redistest.Real(t)
	proxy := redistest.NewProxy(t, server.Addr)
	var losses []Loss
	b := open(t, "redis://"+proxy.Addr, func(c *Config) {
		c.DedupeWindow, c.OnLoss = time.Second, func(l Loss) { losses = append(losses, l) }
	})
	proxy.Slow(100 * time.Millisecond)
	if err := b.Publish(t.Context(), slices.Concat(withoutIDs("user/1", 3), events("user/1", 3))...); err != nil {
		t.Fatal(err)
	}
	proxy.Slow(0)
	for began := time.Now(); time.Since(began) < 2500*time.Millisecond; time.Sleep(50 * time.Millisecond) {
		if err := b.account(t.Context(), b.all()[0], "a", "b"); err != nil {
			t.Fatal(err)
		}
	}
	for _, l := range losses {
		t.Errorf("%d of %d are said to be lost", len(l.Lost), l.Verified)
	}
}

func TestWitnessRemembersTheLast(t *testing.T) {
	var w witness
	name := func(n, i int) string { // a few are as the bus makes them
		switch i % 4 {
		case 0:
			return fmt.Sprintf("id-%d-%d", n, i)
		case 1:
			return strings.ToUpper(uuid.NewSHA1(uuid.Nil, fmt.Append(nil, n, i)).String())
		}
		return uuid.NewSHA1(uuid.Nil, fmt.Append(nil, n, i)).String()
	}
	const groups = witnesses/256 + 3
	for n := range groups {
		g := &batch{outcomes: make([]outcome, 256), items: make([]item, 256)}
		for i := range g.items {
			g.items[i].name, g.items[i].identity = name(n, i), identity{byte(n), byte(n >> 8), byte(i)}
			g.outcomes[i] = outcome{fmt.Sprintf("%d-%d", n+1, i), i == 7}
		}
		w.note(g)
	}
	all := w.recall(time.Hour)
	if len(all) != witnesses {
		t.Fatal(len(all))
	}
	for k, a := range all {
		n, i := groups-witnesses/256+k/256, k%256
		want := acknowledged{identity{byte(n), byte(n >> 8), byte(i)}, name(n, i), fmt.Sprintf("%d-%d", n+1, i)}
		if i == 7 {
			want.entry = ""
		}
		if a != want {
			t.Fatalf("%d: %+v, want %+v", k, a, want)
		}
	}
	if len(w.names) != witnesses/2 || w.highest().String() != fmt.Sprintf("%d-255", groups) {
		t.Errorf("%d names, highest %s", len(w.names), w.highest())
	}
	w.note(&batch{outcomes: []outcome{{"2-0", false}}, items: make([]item, 1)}) // the answer to another queue comes late
	if w.highest().String() != fmt.Sprintf("%d-255", groups) {
		t.Errorf("the highest fell to %s", w.highest())
	}
	if got := w.recall(0); len(got) != 0 {
		t.Errorf("%d are too young", len(got))
	}
}

// A server that took over without any data, and whose clock is behind.
func TestANewStreamStandsBehindTheOldOne(t *testing.T) {
	for _, n := range []int{1, many} {
		server := redistest.Real(t)
		b := open(t, server.URL)
		c := server.Client(t)
		ahead, err := c.XAdd(t.Context(), &redis.XAddArgs{
			Stream: stream0, ID: fmt.Sprintf("%d-7", time.Now().Add(time.Hour).UnixMilli()), Values: []any{"another", "field"},
		}).Result()
		if err != nil {
			t.Fatal(err)
		}
		if err := b.Publish(t.Context(), event("user/1", 1)); err != nil {
			t.Fatal(err)
		}
		c.FlushAll(t.Context())
		receipts, err := b.PublishBatch(t.Context(), events("user/2", n))
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range receipts {
			if !before(ahead, r.StreamID) {
				t.Errorf("%d events: %s doesn't stand behind %s", n, r.StreamID, ahead)
			}
			ahead = r.StreamID
		}
		again, err := b.PublishBatch(t.Context(), events("user/2", n))
		if err != nil {
			t.Fatal(err)
		}
		for i, r := range again {
			if !r.Duplicate || r.StreamID != receipts[i].StreamID {
				t.Errorf("again: %+v, want %+v", r, receipts[i])
			}
		}
	}
}

// before reports whether the entry id a stands before b.
func before(a, b string) bool { return parseStreamID(a).less(parseStreamID(b)) }

// What a publisher has seen may have any number that an id can have, and what a
// server counts stays right: a group's lag is made of it.
func TestIDsBehindWhatWasSeen(t *testing.T) {
	server := redistest.Real(t)
	c := server.Client(t)
	ahead := uint64(time.Now().Add(time.Hour).UnixMilli()) //nolint:gosec // a time of today
	for _, there := range []int64{0, 1} {
		for _, n := range []int{1, 3, many} {
			all := withIDs("user/1", n, func(int) string { return schema.NewID() })
			for _, seen := range []streamID{{ahead, 7}, {ahead, 1<<53 + 1}, {ahead, 1<<63 + 1}, {ahead, 1<<64 - 1}, {ahead * 1_000_000, 7}} {
				c.FlushAll(t.Context())
				b := open(t, server.URL)
				for range there {
					c.XAdd(t.Context(), &redis.XAddArgs{Stream: stream0, Values: []any{"another", "field"}})
				}
				b.all()[0].witness.high = seen
				receipts, err := b.PublishBatch(t.Context(), all)
				if err != nil {
					t.Errorf("%d events behind %s: %v", n, seen, err)
					continue
				}
				for last, i := seen, 0; i < n; i++ {
					id := parseStreamID(receipts[i].StreamID)
					if !last.less(id) {
						t.Errorf("%d events behind %s: %s isn't behind %s", n, seen, id, last)
					}
					last = id
				}
				if got := c.XInfoStream(t.Context(), stream0).Val(); got.EntriesAdded != there+int64(n) {
					t.Errorf("%d events behind %s: the server counts %d, want %d", n, seen, got.EntriesAdded, there+int64(n))
				}
				again, err := b.PublishBatch(t.Context(), all)
				if err != nil || !again[0].Duplicate || again[0].StreamID != receipts[0].StreamID {
					t.Errorf("%d events behind %s, again: %+v, %v", n, seen, again[0], err)
				}
			}
		}
	}
}

// An outage may last longer than what is looked back on otherwise: then it is looked
// back from its beginning on, also where nothing is published meanwhile.
func TestALossBehindALongOutage(t *testing.T) {
	t.Parallel()
	server := redistest.Real(t, "--appendonly", "no")
	b := open(t, server.URL)
	w := &b.all()[0].witness
	if err := b.Publish(t.Context(), events("user/1", 5)...); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Status(t.Context()); err != nil {
		t.Fatal(err)
	}
	server.Kill(t)
	later(w, 2*witnessFor)
	until(t, "a look in vain", func() bool { return b.watch(t.Context(), b.all()[0]) != nil })
	if !w.due() {
		t.Error("no look is due, though one was in vain")
	}
	server.Restart(t)
	until(t, "a look", func() bool { return !w.due() })
	if s := b.Stats(); s.Vanished != 5 || s.Failovers != 1 {
		t.Errorf("%d vanished in %d failovers, want 5 in 1", s.Vanished, s.Failovers)
	}
}

// One server that doesn't answer keeps nobody from hearing of what another lost: the
// shards that are looked at before wait for their answers side by side.
func TestSilentShardsDelayNoReport(t *testing.T) {
	t.Parallel()
	url := redistest.Start(t)
	client := redistest.Client(t, url)
	const n, lost = 64, "carebus:{test.63}:"
	b := open(t, "", func(c *Config) { c.Client, c.Shards = client, n })
	var silent atomic.Bool
	silent.Store(true)
	client.AddHook(silence(&silent, func(key string) bool {
		return strings.HasPrefix(key, "carebus:{test.") && !strings.HasPrefix(key, lost)
	}))
	for _, s := range b.all() {
		s.witness.looking.Lock()
		s.witness.replica = "another"
		s.witness.looking.Unlock()
		s.witness.suspect.Store(true)
	}
	until(t, "the report", func() bool { return b.Stats().Failovers == 1 })
}

// later has what a witness saw be so much longer ago.
func later(w *witness, d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.looked.Add(-int64(d))
	w.busy.Add(-int64(d))
	for i := range w.ring {
		w.ring[i].at -= int64(d)
	}
}
