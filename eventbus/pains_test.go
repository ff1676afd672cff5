package eventbus

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"
	miniserver "github.com/alicebob/miniredis/v2/server"
	"github.com/redis/go-redis/v9"

	"github.com/carebus/carebus/internal/output"
	"github.com/carebus/carebus/internal/redistest"
	"github.com/carebus/carebus/schema"
)

// The tests of this package, named below, each show that a well-known
// trouble of Redis Streams libraries isn't carebus':
//
//	 1 ACK frees no memory                    TestTrimSparesWhatIsNeeded
//	 2 MAXLEN drops unread events             TestFullBusRefusesAndLosesNothing, TestALakeThatWasAwayEmptiesAFullBus
//	 3 lag is wrong after trimming            TestLakeGroupShowsLag, TestLagIsUnknownRatherThanWrong
//	 4 unreachable and ghost pending entries  TestAnotherConsumerTakesOver, TestVanishedEntriesAreCounted, TestClaimsReachTheEndOfALongList
//	 5 removing a consumer loses its entries  TestLeavingConsumerLosesNothing
//	 6 busy consumers hoard, slow are robbed  TestBusyConsumerLeavesTheRestToOthers, TestSlowHandlersKeepTheirEntries
//	 7 poison loops                           TestRetriesThenDeadLetter, TestStrangersEntriesBecomeDeadLetters, TestPoisonThatKillsItsConsumer, TestPoisonSparesWhatStoodBesideIt
//	 8 lost groups                            TestLostGroupGoesOnAtItsCheckpoint, TestLostStreamGoesOn, TestOpenRefusesAServerThatEvicts
//	 9 duplicates by retries                  TestUnknownOutcomeThenRetryWritesOnce
//	10 blocking reads starve publishing       TestManyConsumersDoNotStarvePublishing
//	11 order and slots                        TestConsumeEachEventOnceInOrder, TestShardsKeepSubjectsTogether, TestOrderOutlivesRebalancing
//	12 acknowledged writes lost in a failover TestMinReplicas, TestFailoverAccountsForWhatItLost
//	13, 14 belong to the lake
//	15 payloads leak                          TestCanaryIsNowhere

func TestFullBusRefusesAndLosesNothing(t *testing.T) {
	t.Parallel()
	server := redistest.Real(t, "--maxmemory", "8mb")
	b := open(t, server.URL)
	big := func(n int) schema.Envelope {
		e := event("user/1", n)
		e.Event = schema.CRUD{Entity: "user", Operation: schema.Updated, Data: json.RawMessage(`{"a":"` + strings.Repeat("lorem ipsum ", 5000) + `"}`)}
		return e
	}
	n := 0
	var err error
	for ; n < 1000 && err == nil; n++ {
		err = b.Publish(t.Context(), big(n))
	}
	if !errors.Is(err, ErrBusFull) {
		t.Fatalf("after %d events: %v", n, err)
	}
	if got := server.Client(t).XLen(t.Context(), stream0).Val(); got != int64(n-1) {
		t.Errorf("%d entries of %d acknowledged", got, n-1)
	}
	// Consumers still work, and what they free can be used again.
	r := &recorder{}
	stop := consume(t, b, ConsumerConfig{}, r)
	until(t, "all events", func() bool { return b.Stats().Handled == uint64(n-1) })
	stop()
	if err := server.Client(t).XTrimMinID(t.Context(), stream0, fmt.Sprint(time.Now().Add(time.Hour).UnixMilli())).Err(); err != nil {
		t.Fatal(err)
	}
	until(t, "room", func() bool { return b.Publish(t.Context(), big(n-1)) == nil })
}

// TestALakeThatWasAwayEmptiesAFullBus: what it has carried when Redis is full can be
// committed, or nothing could ever be removed.
func TestALakeThatWasAwayEmptiesAFullBus(t *testing.T) {
	server := redistest.Real(t)
	b, admin := open(t, server.URL), server.Client(t)
	if err := b.Publish(t.Context(), events("user/1", 100)...); err != nil {
		t.Fatal(err)
	}
	if err := admin.ConfigSet(t.Context(), "maxmemory", "1").Err(); err != nil {
		t.Fatal(err)
	}
	if err := b.Publish(t.Context(), event("user/2", 1)); !errors.Is(err, ErrBusFull) {
		t.Fatalf("a bus that is full: %v", err)
	}
	if !open(t, server.URL).multi.Load() {
		t.Error("a bus that is opened now appends one by one for good")
	}
	logs, err := b.Leases().Hold(t.Context(), "one", []string{"0"}, time.Minute)
	if err != nil || !slices.Equal(logs, []string{"0"}) {
		t.Errorf("leases: %v, %v", logs, err)
	}
	log := b.Logs()[0]
	entries, history, err := log.ReadHistory(t.Context(), "", 1000)
	if err != nil || len(entries) != 100 {
		t.Fatalf("%d entries, %v", len(entries), err)
	}
	last := entries[99].ID
	if ok, err := log.Advance(t.Context(), history, fmt.Sprintf("%d-0", parseStreamID(last).ms+1000)); !ok || err != nil {
		t.Errorf("advance: %v, %v", ok, err)
	}
	if ok, err := log.Commit(t.Context(), schema.Cursor{Plan: 1, Last: last}); !ok || err != nil {
		t.Errorf("commit: %v, %v", ok, err)
	}
	trimmed, err := b.Trim(t.Context(), RetentionConfig{MaxBytes: 1})
	if err != nil || trimmed[0].Removed != 99 {
		t.Errorf("%+v, %v", trimmed, err)
	}
}

func TestLagIsUnknownRatherThanWrong(t *testing.T) {
	server := redistest.Real(t)
	b := open(t, server.URL)
	receipts, err := b.PublishBatch(t.Context(), events("user/1", 10))
	if err != nil {
		t.Fatal(err)
	}
	c := server.Client(t)
	if err := c.XGroupCreate(t.Context(), stream0, "test", "0").Err(); err != nil {
		t.Fatal(err)
	}
	if err := c.XDel(t.Context(), stream0, receipts[5].StreamID).Err(); err != nil {
		t.Fatal(err)
	}
	s, err := b.Status(t.Context())
	if err != nil || len(s.Shards[0].Groups) != 1 || s.Shards[0].Groups[0].Lag != -1 {
		t.Errorf("%+v, %v", s.Shards, err)
	}
}

func TestClaimsReachTheEndOfALongList(t *testing.T) {
	b := open(t, redistest.Start(t))
	const n = 3000
	for i := range 3 {
		if err := b.Publish(t.Context(), events(fmt.Sprintf("user/%d", i), n/3)...); err != nil {
			t.Fatal(err)
		}
	}
	if err := b.redis.XGroupCreate(t.Context(), stream0, "test", "0").Err(); err != nil {
		t.Fatal(err)
	}
	if err := b.redis.Do(t.Context(), "XREADGROUP", "GROUP", "test", "gone", "COUNT", n, "STREAMS", stream0, ">").Err(); err != nil {
		t.Fatal(err)
	}
	consume(t, b, ConsumerConfig{BatchSize: 10, MinIdle: 150 * time.Millisecond, BackoffMax: 100 * time.Millisecond, MaxDeliver: 100}, &recorder{})
	until(t, "all that the dead consumer held", func() bool { return b.Stats().Handled == n })
}

func TestLeavingConsumerLosesNothing(t *testing.T) {
	redistest.Each(t, func(t *testing.T, url string) {
		b := open(t, url)
		c := redistest.Client(t, url)
		if err := b.Publish(t.Context(), events("user/1", 2)...); err != nil {
			t.Fatal(err)
		}
		r := &recorder{fail: func(e schema.Envelope) error {
			if strings.HasSuffix(e.ID, "1") {
				return errors.New("no")
			}
			return nil
		}}
		config := ConsumerConfig{Name: "first", MinIdle: time.Minute, BackoffMin: 30 * time.Second}
		stop := consume(t, b, config, r)
		until(t, "one handled, one to retry", func() bool { s := b.Stats(); return s.Handled == 1 && s.Retried == 1 })
		stop()
		// What it left behind outlives it.
		if got := consumers(t, c); got != waiting {
			t.Errorf("consumers %q, want %q", got, waiting)
		}
		if pending(t, c) != 1 {
			t.Errorf("%d pending", pending(t, c))
		}
		stop = consume(t, b, ConsumerConfig{Name: "second"}, r)
		if err := b.Publish(t.Context(), event("user/2", 2)); err != nil {
			t.Fatal(err)
		}
		until(t, "the second", func() bool { return b.Stats().Handled == 2 && strings.Contains(consumers(t, c), "second") })
		stop()
		if got := consumers(t, c); got != waiting {
			t.Errorf("consumers %q, want %q", got, waiting)
		}
		// A consumer with unsettled entries isn't removed.
		if err := c.XClaimJustID(t.Context(), &redis.XClaimArgs{Stream: stream0, Group: "test", Consumer: "third", Messages: []string{
			c.XPending(t.Context(), stream0, "test").Val().Lower,
		}}).Err(); err != nil {
			t.Fatal(err)
		}
		if n, err := leaveScript.Run(t.Context(), c, []string{stream0}, "test", "third").Int(); err != nil || n != 0 || pending(t, c) != 1 {
			t.Errorf("leave: %d, %v; %d pending", n, err, pending(t, c))
		}
	})
}

func TestBusyConsumerLeavesTheRestToOthers(t *testing.T) {
	b := open(t, redistest.Start(t))
	if err := b.Publish(t.Context(), events("user/1", 100)...); err != nil {
		t.Fatal(err)
	}
	started, release := make(chan struct{}), make(chan struct{})
	var once sync.Once
	busy := HandlerFunc(func(ctx context.Context, _ []schema.Envelope) error {
		once.Do(func() { close(started) })
		select {
		case <-release:
		case <-ctx.Done():
		}
		return nil
	})
	consume(t, b, ConsumerConfig{Shared: true, BatchSize: 5, MaxInFlight: 10}, busy)
	<-started
	other := &recorder{}
	consume(t, b, ConsumerConfig{Shared: true}, other)
	until(t, "the other to take the rest", func() bool { return len(other.ids()) >= 90 })
	close(release)
	until(t, "all", func() bool { return b.Stats().Handled == 100 })
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

func TestLostStreamGoesOn(t *testing.T) {
	redistest.Each(t, func(t *testing.T, url string) {
		b := open(t, url)
		r := &recorder{}
		consume(t, b, ConsumerConfig{}, r)
		if err := b.Publish(t.Context(), event("user/1", 1)); err != nil {
			t.Fatal(err)
		}
		until(t, "the first", func() bool { return b.Stats().Handled == 1 })
		if err := redistest.Client(t, url).FlushAll(t.Context()).Err(); err != nil {
			t.Fatal(err)
		}
		if err := b.Publish(t.Context(), event("user/1", 2)); err != nil {
			t.Fatal(err)
		}
		until(t, "the event after the loss", func() bool { return r.count(event("user/1", 2).ID) == 1 })
	})
}

func TestUnknownOutcomeThenRetryWritesOnce(t *testing.T) {
	server := redistest.Real(t)
	b := open(t, server.URL, func(c *Config) { c.Timeout = 300 * time.Millisecond })
	all := events("user/1", 20)
	until(t, "a connection", func() bool { return b.Publish(t.Context(), event("user/2", 1)) == nil })
	server.Pause(t)
	// Redis gets the command and answers when nobody listens any more.
	if err := b.Publish(t.Context(), all...); !errors.Is(err, ErrUnavailable) {
		t.Fatalf("while Redis is paused: %v", err)
	}
	server.Resume(t)
	var receipts []Receipt
	until(t, "the retry", func() bool {
		var err error
		receipts, err = b.PublishBatch(t.Context(), all)
		return err == nil
	})
	entries, err := b.Logs()[0].Read(t.Context(), "", 100)
	if err != nil || len(entries) != 21 {
		t.Fatalf("%d entries, want 21; %v", len(entries), err)
	}
	for i, r := range receipts {
		if r.StreamID != entries[i+1].ID {
			t.Errorf("receipt %d: %s, the entry is %s", i, r.StreamID, entries[i+1].ID)
		}
	}
}

// TestNamesOfTheDeadGo: those of consumers that hold nothing and were silent for long.
func TestNamesOfTheDeadGo(t *testing.T) {
	server := redistest.Real(t) // miniredis doesn't know when a consumer has read
	b, c := open(t, server.URL), server.Client(t)
	receipts, err := b.PublishBatch(t.Context(), events("user/1", 3))
	if err != nil {
		t.Fatal(err)
	}
	if err := c.XGroupCreate(t.Context(), stream0, "test", "0").Err(); err != nil {
		t.Fatal(err)
	}
	for i, name := range []string{"holds", "a", "b"} {
		if err := c.Do(t.Context(), "XREADGROUP", "GROUP", "test", name, "COUNT", 1, "STREAMS", stream0, ">").Err(); err != nil {
			t.Fatal(err)
		}
		if i > 0 {
			c.XAck(t.Context(), stream0, "test", receipts[i].StreamID)
		}
	}
	names := func() (all []string) {
		for _, info := range c.XInfoConsumers(t.Context(), stream0, "test").Val() {
			all = append(all, info.Name)
		}
		slices.Sort(all)
		return all
	}
	consumer, err := b.Subscribe(ConsumerConfig{Group: "test"})
	if err != nil {
		t.Fatal(err)
	}
	w := newWorker(consumer, b.all()[0], nil, nil)
	if _, err := w.scan(t.Context(), 10); err != nil { // the first one sweeps
		t.Fatal(err)
	}
	if got := names(); !slices.Equal(got, []string{"a", "b", "holds"}) || w.claims.sweep.IsZero() {
		t.Errorf("of consumers that were heard of an hour ago at most, %q are left", got)
	}
	w.sweep(t.Context(), 0)
	if got := names(); !slices.Equal(got, []string{"holds"}) {
		t.Errorf("%q are left", got)
	}
}

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

// fails publishes an event until the reason why it can't be is told: on a busy
// machine the first attempt may have had no answer.
func fails(t *testing.T, b *Bus, e schema.Envelope, why string) {
	t.Helper()
	until(t, why, func() bool {
		err := b.Publish(t.Context(), e)
		if !errors.Is(err, ErrUnavailable) {
			t.Fatalf("%v, want ErrUnavailable, as %s", err, why)
		}
		return strings.Contains(err.Error(), why)
	})
}

func TestMinReplicas(t *testing.T) {
	t.Parallel()
	primary := redistest.Real(t, "--repl-diskless-sync-delay", "0")
	strict := open(t, primary.URL, func(c *Config) { c.MinReplicas = 1; c.Timeout = 2 * time.Second })
	fails(t, strict, event("user/1", 1), "0 of 1 replicas")
	replica := redistest.Replica(t, primary.Addr)
	patient := open(t, primary.URL, func(c *Config) { c.MinReplicas = 1 })
	if err := patient.Publish(t.Context(), event("user/1", 1), event("user/1", 2)); err != nil {
		t.Fatal(err)
	}
	if n := replica.Client(t).XLen(t.Context(), stream0).Val(); n != 2 {
		t.Errorf("the replica has %d entries, want 2", n)
	}
	if s, err := strict.Status(t.Context()); err != nil || s.Replicas != 1 || s.Replication == "" {
		t.Errorf("%+v, %v", s, err)
	}
}

func TestCanaryIsNowhere(t *testing.T) {
	server := redistest.Real(t, "--slowlog-log-slower-than", "0", "--slowlog-max-len", "1000")
	var log output.Buffer
	b := open(t, server.URL, func(c *Config) { c.Logger = logger(&log) })
	e := event("user/1", 1)
	e.Event = schema.CRUD{Entity: "user", Operation: schema.Updated, Data: json.RawMessage(`{"ssn":"` + canary + `","memo":"SSN ` + canary + ` on file"}`)}
	if err := b.Publish(t.Context(), e); err != nil {
		t.Fatal(err)
	}
	consume(t, b, ConsumerConfig{}, HandlerFunc(func(context.Context, []schema.Envelope) error {
		return Permanent(errors.New("failed for " + canary))
	}))
	until(t, "the dead letter", func() bool { return b.Stats().DeadLettered == 1 })
	places := map[string]string{
		"the log": log.String(), "the counters": fmt.Sprintf("%+v", b.Stats()),
		"the slow log": fmt.Sprint(server.Client(t).Do(t.Context(), "SLOWLOG", "GET", "-1").Val()),
	}
	err := filepath.WalkDir(server.Dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		places["the file "+filepath.Base(path)] = string(b)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for place, text := range places {
		if strings.Contains(text, canary) {
			t.Errorf("PHI stands in %s", place)
		}
	}
	if len(places) < 4 {
		t.Errorf("only %d places were looked at", len(places))
	}
}

// consumers returns the names of the consumers of the group test.
func consumers(t *testing.T, c *redis.Client) string {
	t.Helper()
	var names []string
	for _, info := range c.XInfoConsumers(t.Context(), stream0, "test").Val() {
		names = append(names, info.Name)
	}
	return strings.Join(names, " ")
}

// A server without WAITAOF can't keep the promise, and isn't asked to.
func TestSynced(t *testing.T) {
	t.Parallel()
	server := redistest.Real(t)
	synced := Config{URL: server.URL, Environment: "test", Scrubber: newScrubber(t), Synced: true, MinReplicas: 1, Timeout: 2 * time.Second}
	if server.Client(t).Do(t.Context(), "WAITAOF", 1, 0, 1).Err() != nil {
		if _, err := Open(t.Context(), synced); err == nil || !strings.Contains(err.Error(), "Redis 7.2") {
			t.Errorf("%v", err)
		}
	}
	// What the answers mean.
	m := miniredis.RunT(t)
	var local, replicas atomic.Int32
	local.Store(1)
	replicas.Store(1)
	err := m.Server().Register("WAITAOF", func(c *miniserver.Peer, _ string, args []string) {
		if len(args) != 3 || args[0] != "1" {
			t.Errorf("WAITAOF %v", args)
		}
		c.WriteLen(2)
		c.WriteInt(int(local.Load()))
		c.WriteInt(int(replicas.Load()))
	})
	if err != nil {
		t.Fatal(err)
	}
	b := open(t, "redis://"+m.Addr(), func(c *Config) { c.Synced, c.MinReplicas, c.Timeout = true, 1, time.Second })
	until(t, "an answer in time", func() bool { return b.Publish(t.Context(), event("user/1", 1)) == nil })
	replicas.Store(0)
	fails(t, b, event("user/1", 2), "0 of 1 replicas")
	local.Store(0)
	fails(t, b, event("user/1", 3), "isn't on the disk")
}
