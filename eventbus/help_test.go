package eventbus

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/logging"
	"go.uber.org/goleak"

	"github.com/carebus/carebus/internal/redistest"
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

// until waits for what happens in another process.
var until = redistest.Wait

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

const stream0 = "carebus:{test.0}:events"

const dead0 = "carebus:{test.0}:dead"

// pending returns how many entries of the group test are unsettled.
func pending(t testing.TB, c *redis.Client) int64 {
	t.Helper()
	p, err := c.XPending(t.Context(), stream0, "test").Result()
	if err != nil {
		t.Fatal(err)
	}
	return p.Count
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

// calls returns how often a server has run a command.
func calls(t *testing.T, server *redistest.Server, command string) (n int) {
	t.Helper()
	for line := range bytes.Lines([]byte(server.Client(t).Info(t.Context(), "commandstats").Val())) {
		if rest, ok := bytes.CutPrefix(line, []byte("cmdstat_"+command+":calls=")); ok {
			_, _ = fmt.Sscan(string(rest), &n)
		}
	}
	return n
}

// wantOnce fails unless each event of a shard's stream is there once, and all in
// number are want.
func wantOnce(t *testing.T, b *Bus, want int) {
	t.Helper()
	entries, err := b.Logs()[0].Read(t.Context(), "", 10_000)
	if err != nil {
		t.Fatal(err)
	}
	times := map[string]int{}
	for _, entry := range entries {
		e, err := schema.Parse(entry.Data)
		if err != nil {
			t.Fatal(err)
		}
		if times[e.ID]++; times[e.ID] == 2 {
			t.Errorf("event %s is there twice", e.ID)
		}
	}
	if len(times) != want {
		t.Errorf("%d events are there, want %d", len(times), want)
	}
}

// noTrace fails if a stream is under the name that it has within transactions.
func noTrace(t *testing.T, c *redis.Client) {
	t.Helper()
	if names := c.Keys(t.Context(), "*:appending:*").Val(); len(names) > 0 {
		t.Errorf("the stream has a name that it has within a transaction: %v", names)
	}
}

// firstError returns the error of a call's first event.
func firstError(err error) error {
	if batch, ok := errors.AsType[schema.BatchError](err); ok {
		return batch[0]
	}
	return err
}

// ids returns the ids of the events in shard 0, in order.
func ids(t *testing.T, b *Bus) (ids []string) {
	t.Helper()
	entries, err := b.Logs()[0].Read(t.Context(), "", 100)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		got, err := schema.Parse(e.Data)
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, got.ID)
	}
	return ids
}

// withoutIDs returns events without ids, which the bus makes.
func withoutIDs(subject string, n int) []schema.Envelope {
	return withIDs(subject, n, func(int) string { return "" })
}

// withIDs returns events with the ids that id makes.
func withIDs(subject string, n int, id func(i int) string) []schema.Envelope {
	all := events(subject, n)
	for i := range all {
		all[i].ID = id(i)
	}
	return all
}

// many is a number of events that is more than goes along with the script.
const many = 120

// oneAttempt has the bus make one attempt only, on any machine: after another one it
// doesn't know which events were published before. By itself the client would wait for an
// answer for five seconds.
func oneAttempt(c *Config) {
	c.Timeout = 5 * time.Minute
	c.URL += "?read_timeout=5m"
}

type scrubFunc func(dst, src []byte) ([]byte, phi.Report, error)

func (f scrubFunc) ScrubEvent(dst, src []byte) ([]byte, phi.Report, error) { return f(dst, src) }
