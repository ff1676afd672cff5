package eventbus

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/carebus/carebus/internal/redistest"
	"github.com/carebus/carebus/schema"
)

// A ledger checks the promises that outlive any fault: what was acknowledged is
// handled, in its subject's order.
type ledger struct {
	mu      sync.Mutex
	acked   map[string]bool
	handled map[string]int
	highest map[string]string // the last event of a subject that was handled for the first time
	wrong   []string

	published map[string]int // by subject
}

func newLedger() *ledger {
	return &ledger{acked: map[string]bool{}, handled: map[string]int{}, highest: map[string]string{}, published: map[string]int{}}
}

func (l *ledger) Handle(_ context.Context, events []schema.Envelope) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, e := range events {
		if l.handled[e.ID]++; l.handled[e.ID] > 1 {
			continue // again: its order was seen
		}
		if e.ID < l.highest[e.Subject] {
			l.wrong = append(l.wrong, e.ID)
		}
		l.highest[e.Subject] = max(l.highest[e.Subject], e.ID)
	}
	return nil
}

// publish publishes a subject's n events one after another, each until it is
// acknowledged or ctx ends.
func (l *ledger) publish(ctx context.Context, t testing.TB, b *Bus, subject string, n int) {
	for i := 0; i < n && ctx.Err() == nil; i++ {
		e := event(subject, i)
		for {
			// It counts as acknowledged while nobody knows, so that a loss can't
			// be reported before it is noted.
			l.mu.Lock()
			l.acked[e.ID] = true
			l.mu.Unlock()
			err := b.Publish(context.Background(), e)
			if err == nil {
				break
			}
			if !errors.Is(err, ErrUnavailable) {
				t.Errorf("publish: %v", err)
				return
			}
			if ctx.Err() != nil { // nobody knows, so nothing is promised
				l.mu.Lock()
				delete(l.acked, e.ID)
				l.mu.Unlock()
				return
			}
		}
		l.mu.Lock()
		l.published[subject]++
		l.mu.Unlock()
	}
}

// goOn waits until more events of every subject are published.
func (l *ledger) goOn(t testing.TB, what string) {
	t.Helper()
	counts := func() map[string]int {
		l.mu.Lock()
		defer l.mu.Unlock()
		return maps.Clone(l.published)
	}
	mark := counts()
	until(t, what, func() bool {
		now := counts()
		for subject, n := range mark {
			if now[subject] < n+5 {
				return false
			}
		}
		return true
	})
}

// lose notes what a failover is said to have lost.
func (l *ledger) lose(loss Loss) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, r := range loss.Lost {
		delete(l.acked, r.ID)
	}
}

func (l *ledger) missing() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := 0
	for id := range l.acked {
		if l.handled[id] == 0 {
			n++
		}
	}
	return n
}

// check waits until all is handled.
func (l *ledger) check(t testing.TB) {
	t.Helper()
	until(t, "every acknowledged event to be handled", func() bool { return l.missing() == 0 })
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.wrong) > 0 {
		t.Errorf("%d events came out of their subject's order, such as %s", len(l.wrong), l.wrong[0])
	}
	if len(l.acked) == 0 {
		t.Error("nothing was acknowledged")
	}
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
		got, err := d.Redrive(t.Context(), RedriveConfig{DeadLetterFilter: DeadLetterFilter{All: true}})
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

// A cluster of three masters, one of which is killed and one of whose slots
// moves, under load.
func TestClusterFailoverAndMigration(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	cluster := redistest.NewCluster(t, 3)
	// Each event is on the replica before it is acknowledged: nothing may be lost.
	b := open(t, cluster.URL, func(c *Config) { c.Shards = 6; c.MinReplicas = 1; c.Timeout = 3 * time.Second })
	l := newLedger()
	config := ConsumerConfig{Lease: 3 * time.Second, MinIdle: 2 * time.Second, MaxDeliver: 100, BackoffMax: 100 * time.Millisecond}
	consume(t, b, config, l)
	consume(t, b, config, l)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var publishers sync.WaitGroup
	for s := range 6 {
		publishers.Go(func() { l.publish(ctx, t, b, fmt.Sprintf("user/%d", s), 80000) })
	}
	progress := func(what string) {
		t.Helper()
		mark := b.Stats().Published
		until(t, what, func() bool { return b.Stats().Published > mark+200 })
	}
	progress("events at first")
	// A slot with a shard's keys goes to another master, and the clients follow.
	slot := int(cluster.Masters[0].Client(t).ClusterKeySlot(t.Context(), stream0).Val())
	owner := slot * 3 / 16384
	cluster.Migrate(t, slot, cluster.Masters[owner], cluster.Masters[(owner+1)%3])
	progress("events after the migration")
	cluster.Masters[(owner+2)%3].Kill(t)
	until(t, "the failover", func() bool {
		return strings.Contains(cluster.Replicas[(owner+2)%3].Client(t).Info(t.Context(), "replication").Val(), "role:master")
	})
	progress("events on the other masters")
	cluster.Masters[(owner+2)%3].Restart(t) // as the replica of the one that took over
	l.goOn(t, "events of every subject after the failover")
	cancel()
	publishers.Wait()
	l.check(t)
	if s := b.Stats(); s.DeadLettered != 0 || s.Vanished != 0 {
		t.Errorf("%+v", s)
	}
}

func TestSentinelFailover(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes seconds")
	}
	primary := redistest.Real(t, "--repl-diskless-sync-delay", "0")
	redistest.Replica(t, primary.Addr)
	sentinel := redistest.Sentinel(t, primary)
	l := newLedger()
	b := open(t, "redis+sentinel://"+sentinel+"?master_name=main", func(c *Config) {
		c.Timeout = 3 * time.Second
		c.OnLoss = l.lose
	})
	consume(t, b, ConsumerConfig{Lease: 3 * time.Second, MinIdle: 2 * time.Second, MaxDeliver: 100, BackoffMax: 100 * time.Millisecond}, l)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var publishers sync.WaitGroup
	publishers.Go(func() { l.publish(ctx, t, b, "user/1", 80000) })
	if _, err := b.Status(t.Context()); err != nil { // it notes whose data it is
		t.Fatal(err)
	}
	until(t, "events before", func() bool { return b.Stats().Published > 300 })
	primary.Kill(t)
	before := b.Stats().Published
	until(t, "events after", func() bool { return b.Stats().Published > before+300 })
	until(t, "the failover to be noticed", func() bool { return b.Stats().Failovers > 0 })
	cancel()
	publishers.Wait()
	l.check(t) // handled, or reported as lost
	if s := b.Stats(); s.DeadLettered != 0 {
		t.Errorf("%+v", s)
	}
}

func TestTLSWithClientCertificate(t *testing.T) {
	server, config := redistest.TLS(t)
	b := open(t, server.URL, func(c *Config) { c.TLS = config })
	r := &recorder{}
	consume(t, b, ConsumerConfig{}, r)
	if err := b.Publish(t.Context(), events("user/1", 3)...); err != nil {
		t.Fatal(err)
	}
	until(t, "the events", func() bool { return b.Stats().Handled == 3 })

	bare := config.Clone()
	bare.Certificates = nil
	for name, c := range map[string]Config{
		"without a certificate":  {URL: server.URL, TLS: bare},
		"without the roots":      {URL: server.URL},
		"for a URL without TLS":  {URL: strings.Replace(server.URL, "rediss", "redis", 1), TLS: config},
		"beside a given client":  {Client: server.Client(t), TLS: config},
		"without TLS altogether": {URL: strings.Replace(server.URL, "rediss", "redis", 1)},
	} {
		c.Environment, c.Scrubber = "test", newScrubber(t)
		if b, err := Open(t.Context(), c); err == nil {
			t.Errorf("%s: it opened", name)
			b.Close() //nolint:errcheck // it should not be there
		}
	}
}

// Tokens end: each connection asks for its own.
func TestCredentialsAreAskedFor(t *testing.T) {
	server := redistest.Real(t)
	c := server.Client(t)
	token := func(s string) {
		if err := c.Do(t.Context(), "ACL", "SETUSER", "iam", "on", "resetpass", ">"+s, "~*", "+@all").Err(); err != nil {
			t.Fatal(err)
		}
	}
	token("first")
	var mu sync.Mutex
	current := "first"
	b := open(t, server.URL, func(c *Config) {
		c.Credentials = func(context.Context) (string, string, error) {
			mu.Lock()
			defer mu.Unlock()
			return "iam", current, nil
		}
	})
	if err := b.Publish(t.Context(), event("user/1", 1)); err != nil {
		t.Fatal(err)
	}
	mu.Lock()
	current = "second"
	mu.Unlock()
	token("second")
	if err := c.Do(t.Context(), "CLIENT", "KILL", "USER", "iam").Err(); err != nil {
		t.Fatal(err)
	}
	if err := b.Publish(t.Context(), event("user/1", 2)); err != nil {
		t.Fatal(err)
	}
}
