package eventbus

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9/logging"
	"go.uber.org/goleak"

	"github.com/carebus/carebus/phi"
	"github.com/carebus/carebus/schema"
)

func TestMain(m *testing.M) {
	logging.Disable() // it tells of each dial that fails
	goleak.VerifyTestMain(m)
}

// canary is planted as PHI and must never be seen outside the process.
const canary = "412-68-7793"

func newScrubber(t testing.TB) *phi.Scrubber {
	t.Helper()
	s, err := phi.New(phi.Config{Key: []byte(strings.Repeat("k", 32)), Profile: phi.Operational})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// open opens a bus on url, closed with the test. It waits for Redis longer than it
// does by itself, so that a slow machine isn't taken for an outage.
func open(t testing.TB, url string, change ...func(*Config)) *Bus {
	t.Helper()
	c := Config{URL: url, Environment: "test", Scrubber: newScrubber(t), Timeout: time.Minute}
	for _, f := range change {
		f(&c)
	}
	b, err := Open(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := b.Close(); err != nil {
			t.Error(err)
		}
	})
	return b
}

func event(subject string, n int) schema.Envelope {
	return schema.Envelope{
		ID: fmt.Sprintf("evt_%s_%d", strings.ReplaceAll(subject, "/", ""), 10000+n), Source: "pms/test", Subject: subject,
		Event: schema.CRUD{Entity: "user", Operation: schema.Updated, EntityID: subject},
	}
}

func events(subject string, n int) []schema.Envelope {
	all := make([]schema.Envelope, n)
	for i := range all {
		all[i] = event(subject, i)
	}
	return all
}

// until polls for what happens in another process.
func until(t testing.TB, what string, ok func() bool) {
	t.Helper()
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	deadline := time.After(90 * time.Second)
	for !ok() {
		select {
		case <-deadline:
			t.Fatalf("waited in vain for %s", what)
		case <-tick.C:
		}
	}
}

// A recorder is a handler that remembers what it was given.
type recorder struct {
	mu   sync.Mutex
	seen []string // ids, in order
	fail func(schema.Envelope) error
}

func (r *recorder) Handle(_ context.Context, events []schema.Envelope) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	errs := make(schema.BatchError, len(events))
	for i, e := range events {
		r.seen = append(r.seen, e.ID)
		if r.fail != nil {
			errs[i] = r.fail(e)
		}
	}
	return errs.OrNil()
}

func (r *recorder) ids() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]string(nil), r.seen...)
}

// distinct returns how many events it was given.
func (r *recorder) distinct() int {
	all := r.ids()
	slices.Sort(all)
	return len(slices.Compact(all))
}

func (r *recorder) count(id string) int {
	n := 0
	for _, s := range r.ids() {
		if s == id {
			n++
		}
	}
	return n
}

// consume runs a consumer until stop is called, which waits for it.
func consume(t testing.TB, b *Bus, config ConsumerConfig, h Handler) (stop func()) {
	t.Helper()
	if config.Group == "" {
		config.Group = "test"
	}
	if config.Block == 0 {
		config.Block = 20 * time.Millisecond
	}
	c, err := b.Subscribe(config)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- c.Run(ctx, h) }()
	stop = sync.OnceFunc(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("Run: %v", err)
		}
	})
	t.Cleanup(stop)
	return stop
}

func logger(w io.Writer) *slog.Logger { return slog.New(slog.NewTextHandler(w, nil)) }

// queued returns how many events wait for a round trip.
func queued(q *queue) (n int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, g := range q.groups {
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
	return q.running && len(q.groups) == 0
}
