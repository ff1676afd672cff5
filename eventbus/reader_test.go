package eventbus

import (
	"encoding/json"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/carebus/carebus/internal/output"
	"github.com/carebus/carebus/internal/redistest"
	"github.com/carebus/carebus/phi"
	"github.com/carebus/carebus/schema"
)

// TestReadsWaitSideBySide: a consumer waits in all of its shards at a time, however
// many these are.
func TestReadsWaitSideBySide(t *testing.T) {
	t.Parallel()
	server := redistest.Real(t)
	shards := 10*runtime.GOMAXPROCS(0) + 20 // go-redis has 10 connections for each processor
	b := open(t, server.URL, func(c *Config) { c.Shards = shards })
	consume(t, b, ConsumerConfig{Block: 2 * time.Second}, &recorder{})
	c := server.Client(t)
	until(t, "a read in each shard", func() bool {
		return strings.Contains(c.Info(t.Context(), "clients").Val(), fmt.Sprintf("blocked_clients:%d\r", shards))
	})
}

func TestManyConsumersDoNotStarvePublishing(t *testing.T) {
	t.Parallel()
	b := open(t, redistest.Start(t)+"?pool_size=3", func(c *Config) { c.Timeout = time.Minute })
	for i := range 3 {
		consume(t, b, ConsumerConfig{Group: fmt.Sprintf("g%d", i), Block: 3 * time.Second}, &recorder{})
	}
	began := time.Now()
	for n := range 50 {
		if err := b.Publish(t.Context(), event("user/1", n)); err != nil {
			t.Fatal(err)
		}
	}
	if took := time.Since(began); took > 20*time.Second { // behind readers it would be up to 3 seconds each
		t.Errorf("50 publishes beside blocked readers took %v", took)
	}
}

func TestConsumerSurvivesARestart(t *testing.T) {
	var log output.Buffer
	server := redistest.Real(t)
	b := open(t, server.URL, func(c *Config) { c.Logger = logger(&log); c.Timeout = 30 * time.Second })
	r := &recorder{}
	consume(t, b, ConsumerConfig{}, r)
	if err := b.Publish(t.Context(), events("user/1", 5)...); err != nil {
		t.Fatal(err)
	}
	until(t, "the first events", func() bool { return b.Stats().Handled == 5 })
	server.Kill(t)
	until(t, "the consumer to notice", func() bool { return strings.Contains(log.String(), "can't read and goes on trying") })
	server.Restart(t)
	if err := b.Publish(t.Context(), events("user/2", 5)...); err != nil {
		t.Fatal(err)
	}
	until(t, "the others", func() bool { return b.Stats().Handled == 10 })
	// A long one is also noticed by who looks after the lease, once a second.
	for _, what := range []string{"can't read", "can't see its group"} {
		if n := strings.Count(log.String(), what+" and goes on trying"); n > 1 {
			t.Errorf("%d lines about one outage: consumer %s", n, what)
		}
	}
}

// TestReadsOfLargeEvents: however many are there and are free, one call brings about
// readBytes of them, new ones and those that are taken over or due again, and all come.
func TestReadsOfLargeEvents(t *testing.T) {
	redistest.Each(t, func(t *testing.T, url string) {
		b, c := open(t, url, unscrubbed), redistest.Client(t, url)
		const n, few = 100, readBytes / 250_000
		publishHeavy(t, b, n, 250_000)
		config := ConsumerConfig{Group: "test", Name: "one", BackoffMin: time.Millisecond, BackoffMax: time.Millisecond}
		consumer, err := b.Subscribe(config)
		if err != nil {
			t.Fatal(err)
		}
		s := b.all()[0]
		h := &shardLease{shard: s, key: s.prefix + "lease:test", cancel: func() {}}
		h.extend(time.Now(), time.Minute)
		if err := c.Set(t.Context(), h.key, "one", time.Minute).Err(); err != nil {
			t.Fatal(err)
		}
		w := newWorker(consumer, s, &recorder{}, h)
		if err := w.makeGroup(t.Context()); err != nil {
			t.Fatal(err)
		}
		// all reads until nothing is left, with what becomes of the entries.
		all := func(what string, most int, read func() ([]*entry, error), fate fate) {
			t.Helper()
			got, last := 0, ""
			until(t, what, func() bool {
				entries, err := read()
				if err != nil || len(entries) > most {
					t.Fatalf("%s: %d in one call, %v", what, len(entries), err)
				}
				w.pace(delivery{entries: entries}, nil)
				results := make([]result, len(entries))
				for i, e := range entries {
					results[i] = result{entry: e, fate: fate}
					if e.id <= last {
						t.Fatalf("%s: %s came behind %s", what, e.id, last)
					}
					last = e.id
				}
				if err := w.settler.tell(results, false); err != nil {
					t.Fatal(err)
				}
				w.release(results)
				got += len(entries)
				return got == n
			})
		}
		if w.most > few {
			t.Errorf("the first read brings up to %d", w.most)
		}
		const listed = 64 // of read.lua
		w.claims.next = time.Now().Add(time.Hour)
		if _, err := w.takeOver(t.Context(), 1); err != nil {
			t.Fatal(err)
		}
		all("new ones", listed, func() ([]*entry, error) { return w.readFenced(t.Context(), 1000) }, fateRelease)
		if w.most > few {
			t.Errorf("a read behind large ones brings up to %d", w.most)
		}
		w.claims.tookOver = false
		all("those left behind", few+1, func() ([]*entry, error) { return w.takeOver(t.Context(), 1000) }, fateRetry)
		all("those due again", few+1, func() ([]*entry, error) { return w.claim(t.Context(), 1000) }, fateAck)
	})
}

// TestLargeEventsOverASlowNetwork: more of them are there than it carries in the time in
// which Redis must answer, on their way to the consumer and back as dead letters.
func TestLargeEventsOverASlowNetwork(t *testing.T) {
	t.Parallel()
	server := redistest.Real(t)
	const n = 48
	publishHeavy(t, open(t, server.URL, unscrubbed), n, 720_000)
	proxy := redistest.NewProxy(t, server.Addr)
	proxy.Slow(6 * time.Millisecond) // for 32 KiB
	b := open(t, "redis://"+proxy.Addr, unscrubbed)
	r := &recorder{fail: func(schema.Envelope) error { return Permanent(errors.New("no")) }}
	consume(t, b, ConsumerConfig{}, r)
	until(t, "all to be dead letters", func() bool { return b.Stats().DeadLettered == n })
	if got := server.Client(t).XLen(t.Context(), dead0).Val(); got != n || r.distinct() != n {
		t.Errorf("%d letters, %d handled; want %d", got, r.distinct(), n)
	}
}

// TestAnEntryThatNeverComes: one that others wrote, far too large for the network, is
// given up without being read, and what is behind it is handled.
func TestAnEntryThatNeverComes(t *testing.T) {
	t.Parallel()
	for _, shared := range []bool{false, true} {
		server := redistest.Real(t)
		direct := open(t, server.URL)
		const size = 2 << 20
		if err := server.Client(t).XAdd(t.Context(), &redis.XAddArgs{Stream: stream0, Values: []any{"event", strings.Repeat("x", size)}}).Err(); err != nil {
			t.Fatal(err)
		}
		if err := direct.Publish(t.Context(), event("user/1", 1)); err != nil {
			t.Fatal(err)
		}
		proxy := redistest.NewProxy(t, server.Addr)
		proxy.Slow(15 * time.Millisecond) // for 32 KiB
		b := open(t, "redis://"+proxy.Addr+"?read_timeout=400ms", func(c *Config) { c.MaxEventBytes = 64 << 10 })
		r := &recorder{}
		stop := consume(t, b, ConsumerConfig{Shared: shared, MaxInFlight: 2, MinIdle: 200 * time.Millisecond, BackoffMax: 100 * time.Millisecond}, r)
		until(t, "it to be given up", func() bool { return b.Stats().DeadLettered == 1 && r.distinct() == 1 })
		stop()
		letters, err := direct.DeadLetters()[0].List(t.Context(), "", 10)
		if err != nil || len(letters) != 1 {
			t.Fatalf("%d letters, %v", len(letters), err)
		}
		if l := letters[0]; l.Reason != ReasonUndecodable || l.Event != nil || l.Size < size {
			t.Errorf("%s, %d bytes, with %d of them", l.Reason, l.Size, len(l.Event))
		}
	}
}

// unscrubbed spares a test the time that scrubbing takes.
func unscrubbed(c *Config) {
	c.Scrubber = scrubFunc(func(dst, src []byte) ([]byte, phi.Report, error) { return append(dst, src...), phi.Report{}, nil })
}

// publishHeavy publishes n events of a size.
func publishHeavy(t *testing.T, b *Bus, n, size int) {
	t.Helper()
	all := events("user/1", n)
	text, err := json.Marshal(strings.Repeat("well", size/4))
	if err != nil {
		t.Fatal(err)
	}
	for i := range all {
		all[i].Event = schema.Raw{Name: "user.updated", Data: []byte(`{"entity":"user","operation":"updated","entity_id":"1","data":{"status":` + string(text) + `}}`)}
	}
	if err := b.Publish(t.Context(), all...); err != nil {
		t.Fatal(err)
	}
}
