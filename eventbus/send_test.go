package eventbus

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"
	miniserver "github.com/alicebob/miniredis/v2/server"
	"github.com/redis/go-redis/v9"

	"github.com/carebus/carebus/internal/redistest"
	"github.com/carebus/carebus/schema"
)

func TestPublishSurvivesARestart(t *testing.T) {
	server := redistest.Real(t)
	b := open(t, server.URL, func(c *Config) { c.Timeout = 500 * time.Millisecond })
	if err := b.Publish(t.Context(), event("user/1", 1)); err != nil {
		t.Fatal(err)
	}
	server.Stop(t)
	began := time.Now()
	err := b.Publish(t.Context(), event("user/1", 2))
	if !errors.Is(err, ErrUnavailable) {
		t.Fatalf("while Redis is down: %v", err)
	}
	if took := time.Since(began); took > 30*time.Second {
		t.Errorf("it took %v to fail", took)
	}
	server.Restart(t)
	for n := 1; n <= 3; n++ {
		until(t, "Redis to be back", func() bool {
			err := b.Publish(t.Context(), event("user/1", n))
			if err != nil && !errors.Is(err, ErrUnavailable) {
				t.Fatal(err)
			}
			return err == nil
		})
	}
	if n := server.Client(t).XLen(t.Context(), stream0).Val(); n != 3 {
		t.Errorf("%d entries, want 3", n)
	}
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

// TestAnswersThatAreMissing: a transaction is known that was carried out, though a client
// may tell the answers to its first commands.
func TestAnswersThatAreMissing(t *testing.T) {
	server := redistest.Real(t)
	b := open(t, server.URL)
	if err := b.Publish(t.Context(), event("user/2", 1)); err != nil {
		t.Fatal(err)
	}
	published := 1
	for _, behind := range []int{0, 1, many / 2} {
		cut := &cutAnswers{behind: behind}
		b.redis.AddHook(cut)
		for cut.behind >= 0 { // a slow caller's events may leave a few at a time
			if err := b.Publish(t.Context(), withoutIDs("user/1", many)...); err != nil {
				t.Fatal(err)
			}
			published += many
		}
		wantOnce(t, b, published)
	}
}

// TestAnAnswerThatBreaksOff, wherever that is, is as one that was lost: the events are
// there once, and are acknowledged.
func TestAnAnswerThatBreaksOff(t *testing.T) {
	server := redistest.Real(t)
	var behind atomic.Int64
	client := redis.NewClient(&redis.Options{
		Addr: server.Addr, MaxRetries: -1, ContextTimeoutEnabled: true,
		Dialer: func(ctx context.Context, network, addr string) (net.Conn, error) {
			conn, err := (&net.Dialer{}).DialContext(ctx, network, addr)
			return &cutting{Conn: conn, behind: &behind}, err
		},
	})
	defer client.Close() //nolint:errcheck // the test is over
	b := open(t, "", func(c *Config) { c.Client = client })
	b.once = true // as if the bus had made the client
	other := open(t, server.URL)
	if err := other.Publish(t.Context(), event("user/2", 1)); err != nil {
		t.Fatal(err)
	}
	published := 1
	for _, n := range []int{1, 3, many} {
		for _, bytes := range []int64{1, 7, 30, 1150, 1500, 2500, 4000} {
			all := withoutIDs("user/1", n)
			for _, known := range []bool{false, true} {
				behind.Store(bytes)
				receipts, err := b.PublishBatch(t.Context(), all)
				if err != nil {
					t.Errorf("%d events, known %v, an answer of %d bytes: %v", n, known, bytes, err)
				}
				for i := range all {
					all[i].ID = receipts[i].ID
				}
			}
			published += n
			wantOnce(t, other, published)
		}
	}
}

// TestALateAttempt: what the bus has sent again arrives after all.
func TestALateAttempt(t *testing.T) {
	t.Parallel()
	for _, n := range []int{1, many} {
		server := redistest.Real(t)
		s := newDelayProxy(t, server.Addr)
		b, direct := open(t, "redis://"+s.addr, func(c *Config) { c.Timeout = 6 * time.Second }), open(t, server.URL)
		if err := b.Publish(t.Context(), events("user/2", 1)...); err != nil {
			t.Fatal(err)
		}
		s.hold("evalsha")
		if err := b.Publish(t.Context(), withoutIDs("user/1", n)...); err != nil {
			t.Fatal(err)
		}
		<-s.held
		s.release()
		until(t, "the late attempt", func() bool { return calls(t, server, "evalsha") >= 6 })
		wantOnce(t, direct, n+1)
	}
}

// TestALateAttemptOfAnotherProcess: it gave up, and what it had sent arrives after
// its caller has published the event elsewhere.
func TestALateAttemptOfAnotherProcess(t *testing.T) {
	for _, n := range []int{1, many} {
		server := redistest.Real(t)
		s := newDelayProxy(t, server.Addr)
		b, other := open(t, "redis://"+s.addr), open(t, server.URL)
		if err := b.Publish(t.Context(), events("user/2", 1)...); err != nil {
			t.Fatal(err)
		}
		s.hold("evalsha")
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		all := withoutIDs("user/1", n)
		go func() {
			<-s.held
			cancel()
		}()
		receipts, err := b.PublishBatch(ctx, all)
		if err == nil {
			t.Fatal("it was published")
		}
		for i := range all {
			all[i].ID = receipts[i].ID
		}
		if err := other.Publish(t.Context(), all...); err != nil {
			t.Fatal(err)
		}
		s.release()
		if err := b.Publish(t.Context(), events("user/1", 1)...); err != nil { // it waits its turn
			t.Fatal(err)
		}
		wantOnce(t, other, n+2)
	}
}

// A refusal doesn't end what an attempt before it has left open.
func TestARefusalBehindALostAnswer(t *testing.T) {
	for _, n := range []int{1, many} {
		server := redistest.Real(t)
		url, may := producer(t, server)
		b := open(t, url)
		if err := b.Publish(t.Context(), events("user/1", many)...); err != nil {
			t.Fatal(err)
		}
		hook := &lossyPublish{}
		b.redis.AddHook(hook)
		hook.arm(func() { may("-evalsha", "-eval") })
		all := withoutIDs("user/2", n)
		for i := range all {
			all[i].ID = schema.NewID()
		}
		err := firstError(b.Publish(t.Context(), all...))
		if !errors.Is(err, ErrUnavailable) || !strings.Contains(err.Error(), "NOPERM") {
			t.Errorf("%d events: %v", n, err)
		}
		// Without such an attempt it is final.
		if err := firstError(b.Publish(t.Context(), withoutIDs("user/3", n)...)); err == nil || errors.Is(err, ErrUnavailable) {
			t.Errorf("%d events, at once: %v", n, err)
		}
		may("+evalsha", "+eval")
		if err := b.Publish(t.Context(), all...); err != nil {
			t.Fatal(err)
		}
		wantOnce(t, b, many+n)
	}
}

// TestCutConnections: an answer that is lost leaves open whether events were
// appended; each is there once in the end, also with an id that the bus made.
func TestCutConnections(t *testing.T) {
	t.Parallel()
	server := redistest.Real(t)
	proxy := redistest.NewProxy(t, server.Addr)
	b := open(t, "redis://"+proxy.Addr, func(c *Config) { c.Timeout = time.Minute })
	const callers, rounds = 8, 30
	cut := time.NewTicker(7 * time.Millisecond)
	defer cut.Stop()
	done := make(chan struct{})
	var callersDone, cutter sync.WaitGroup
	cutter.Go(func() {
		published := uint64(0)
		for {
			select {
			case <-cut.C:
				// A machine may be so slow that nothing comes through in between.
				if now := b.Stats().Published; now > published {
					published = now
					proxy.Cut()
				}
			case <-done:
				return
			}
		}
	})
	for caller := range callers {
		callersDone.Go(func() {
			for round := range rounds {
				all := withIDs(fmt.Sprintf("user/%d", caller), 1+round, func(int) string { return "" })
				for i := range all {
					all[i].Event = schema.CRUD{Entity: "user", Operation: schema.Updated, EntityID: fmt.Sprintf("%d.%d.%d", caller, round, i)}
				}
				if err := b.Publish(t.Context(), all...); err != nil {
					t.Error(err)
				}
			}
		})
	}
	callersDone.Wait()
	close(done)
	cutter.Wait()
	seen := map[string]int{}
	for after := ""; ; {
		entries, err := b.Logs()[0].Read(t.Context(), after, 1000)
		if err != nil {
			t.Fatal(err)
		}
		if len(entries) == 0 {
			break
		}
		for _, entry := range entries {
			e, err := schema.Catalogue().Decode(entry.Data)
			if err != nil {
				t.Fatal(err)
			}
			seen[e.Event.(schema.CRUD).EntityID]++
			after = entry.ID
		}
	}
	if want := callers * rounds * (rounds + 1) / 2; len(seen) != want {
		t.Errorf("%d of %d events are in the stream", len(seen), want)
	}
	for id, n := range seen {
		if n > 1 {
			t.Errorf("event %s is there %d times", id, n)
		}
	}
}

func TestMinReplicas(t *testing.T) {
	t.Parallel()
	primary := redistest.Real(t, "--repl-diskless-sync-delay", "0")
	strict := open(t, primary.URL, func(c *Config) { c.MinReplicas = 1; c.Timeout = 2 * time.Second })
	wantFailure(t, strict, event("user/1", 1), "0 of 1 replicas")
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
	wantFailure(t, b, event("user/1", 2), "0 of 1 replicas")
	local.Store(0)
	wantFailure(t, b, event("user/1", 3), "isn't on the disk")
}

// wantFailure publishes an event until the reason why it can't be is told: on a busy
// machine the first attempt may have had no answer.
func wantFailure(t *testing.T, b *Bus, e schema.Envelope, why string) {
	t.Helper()
	until(t, why, func() bool {
		err := b.Publish(t.Context(), e)
		if !errors.Is(err, ErrUnavailable) {
			t.Fatalf("%v, want ErrUnavailable, as %s", err, why)
		}
		return strings.Contains(err.Error(), why)
	})
}
