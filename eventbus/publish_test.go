package eventbus

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"golang.org/x/sync/semaphore"

	"github.com/carebus/carebus/internal/redistest"
	"github.com/carebus/carebus/phi"
	"github.com/carebus/carebus/schema"
)

const stream0 = "carebus:{test.0}:events"

func TestPublishWritesOneScrubbedEntry(t *testing.T) {
	redistest.Each(t, func(t *testing.T, url string) {
		b := open(t, url)
		e := event("user/1", 1)
		e.Event = schema.CRUD{Entity: "user", Operation: schema.Updated, Data: json.RawMessage(`{"ssn":"` + canary + `"}`)}
		receipts, err := b.PublishBatch(t.Context(), []schema.Envelope{e})
		if err != nil {
			t.Fatal(err)
		}
		entries, err := b.Logs()[0].Read(t.Context(), "", 10)
		if err != nil || len(entries) != 1 {
			t.Fatalf("%d entries, %v", len(entries), err)
		}
		if entries[0].ID != receipts[0].StreamID || receipts[0].Duplicate || receipts[0].ID != e.ID {
			t.Errorf("receipt %+v for entry %s", receipts[0], entries[0].ID)
		}
		if strings.Contains(string(entries[0].Data), canary) {
			t.Error("PHI stands in the stream")
		}
		got, err := schema.Catalogue().Decode(entries[0].Data)
		if err != nil || got.ID != e.ID || got.Environment != "test" {
			t.Errorf("%v, %v", got, err)
		}
		s := b.Stats()
		if s.Published != 1 || len(s.Scrubbed) == 0 {
			t.Errorf("%+v", s)
		}
	})
}

// kinship declares by tag what its field's name doesn't tell.
type kinship struct {
	Tie string `json:"zq_a" phi:"name"`
}

func (kinship) Type() string    { return "kinship.recorded" }
func (kinship) Validate() error { return nil }

// A scrubber that was made without a registry goes by the tags of the bus's.
func TestPublishScrubsByTags(t *testing.T) {
	url := redistest.Start(t)
	r := schema.Catalogue()
	schema.Register[kinship](r, schema.TypeInfo{Name: "kinship.recorded", Kind: schema.KindBusiness})
	b := open(t, url, func(c *Config) { c.Registry = r })
	if err := b.Publish(t.Context(), schema.Envelope{Source: "pms/test", Event: kinship{"bo"}}); err != nil {
		t.Fatal(err)
	}
	entries, err := redistest.Client(t, url).XRange(t.Context(), stream0, "-", "+").Result()
	if err != nil || len(entries) != 1 || !strings.Contains(fmt.Sprint(entries[0].Values["event"]), `"zq_a":"[NAME]"`) {
		t.Errorf("%v, %v", entries, err)
	}
}

func TestPublishTakesIDsFromConfig(t *testing.T) {
	redistest.Each(t, func(t *testing.T, url string) {
		b := open(t, url, func(c *Config) { c.NewID = func() string { return "made-1" } })
		e := event("user/1", 1)
		e.ID = ""
		receipts, err := b.PublishBatch(t.Context(), []schema.Envelope{e})
		if err != nil || receipts[0].ID != "made-1" {
			t.Errorf("id %s, %v", receipts[0].ID, err)
		}
	})
}

func TestPublishTwiceWritesOnce(t *testing.T) {
	redistest.Each(t, func(t *testing.T, url string) {
		b := open(t, url)
		first, err := b.PublishBatch(t.Context(), []schema.Envelope{event("user/1", 1)})
		if err != nil {
			t.Fatal(err)
		}
		// Again: alone, within a batch, and twice in one batch.
		again, err := b.PublishBatch(t.Context(), []schema.Envelope{event("user/1", 1), event("user/1", 2), event("user/1", 2)})
		if err != nil {
			t.Fatal(err)
		}
		if !again[0].Duplicate || again[0].StreamID != first[0].StreamID {
			t.Errorf("the first again: %+v, at first %+v", again[0], first[0])
		}
		if again[1].Duplicate || !again[2].Duplicate || again[1].StreamID != again[2].StreamID {
			t.Errorf("twice in one batch: %+v %+v", again[1], again[2])
		}
		// Another source may use the same id.
		other := event("user/1", 1)
		other.Source = "pms/other"
		if err := b.Publish(t.Context(), other); err != nil {
			t.Fatal(err)
		}
		if n := redistest.Client(t, url).XLen(t.Context(), stream0).Val(); n != 3 {
			t.Errorf("%d entries, want 3", n)
		}
		if s := b.Stats(); s.Published != 3 || s.Duplicates != 2 {
			t.Errorf("%+v", s)
		}
	})
}

func TestDedupeWindowRotates(t *testing.T) {
	t.Parallel()
	server := redistest.Real(t)
	b, client := open(t, server.URL, func(c *Config) { c.DedupeWindow = time.Second }), server.Client(t)
	publish := func(n int) bool {
		t.Helper()
		r, err := b.PublishBatch(t.Context(), []schema.Envelope{event("user/1", n)})
		if err != nil {
			t.Fatal(err)
		}
		return r[0].Duplicate
	}
	// A window ends with the first event behind it, however late that comes.
	rotations, born := -1, ""
	for n := 0; rotations < 2; n++ {
		first := time.Now()
		publish(n)
		if !publish(n) && time.Since(first) < time.Second {
			t.Fatalf("event %d was written twice within the window", n)
		}
		now, err := client.HGet(t.Context(), b.all()[0].dedupeA, "born").Result()
		if err != nil && !errors.Is(err, redis.Nil) { // nothing came for long
			t.Fatal(err)
		}
		if err == nil && now != born {
			rotations, born = rotations+1, now
		}
	}
	if publish(0) {
		t.Error("an identity is known for longer than two windows")
	}
}

func TestRefusals(t *testing.T) {
	redistest.Each(t, func(t *testing.T, url string) {
		b := open(t, url, func(c *Config) { c.MaxEventBytes = 4096 })
		change := func(f func(*schema.Envelope)) schema.Envelope {
			e := event("user/1", 1)
			f(&e)
			return e
		}
		var invalid *schema.ValidationError
		for _, c := range []struct {
			name  string
			event schema.Envelope
			is    func(error) bool
		}{
			{"unknown type", change(func(e *schema.Envelope) { e.Event = schema.Raw{Name: "zebra.escaped"} }), func(err error) bool { return errors.Is(err, schema.ErrUnknownType) }},
			{"no source", change(func(e *schema.Envelope) { e.Source = "" }), func(err error) bool { return errors.As(err, &invalid) }},
			{"another environment", change(func(e *schema.Envelope) { e.Environment = "production" }), func(err error) bool { return errors.As(err, &invalid) }},
			{"the year 2099", change(func(e *schema.Envelope) { e.Time = time.Date(2099, 1, 1, 0, 0, 0, 0, time.UTC) }), func(err error) bool { return errors.As(err, &invalid) }},
			{"too large", change(func(e *schema.Envelope) {
				e.Event = schema.CRUD{Entity: "user", Operation: schema.Updated, Data: json.RawMessage(`{"a":"` + canary + strings.Repeat("x", 5000) + `"}`)}
			}), func(err error) bool { return errors.Is(err, ErrTooLarge) }},
			{"a nil pointer", change(func(e *schema.Envelope) { e.Event = (*schema.CRUD)(nil) }), func(err error) bool { return errors.As(err, &invalid) }},
			{"a payload that panics", change(func(e *schema.Envelope) { e.Event = panicking{} }), func(err error) bool { return errors.As(err, &invalid) }},
		} {
			err := b.Publish(t.Context(), c.event)
			if err == nil || !c.is(err) {
				t.Errorf("%s: %v", c.name, err)
			} else if strings.Contains(err.Error(), canary) {
				t.Errorf("%s: the error holds a value", c.name)
			}
			// The good ones around it arrive.
			good := []schema.Envelope{event("user/2", len(c.name)), c.event, event("user/3", len(c.name))}
			receipts, err := b.PublishBatch(t.Context(), good)
			var batch schema.BatchError
			if !errors.As(err, &batch) || len(batch) != 3 || batch[0] != nil || !c.is(batch[1]) || batch[2] != nil {
				t.Errorf("%s in a batch: %v", c.name, err)
			} else if receipts[0].StreamID == "" || receipts[1].StreamID != "" || receipts[2].StreamID == "" {
				t.Errorf("%s in a batch: %+v", c.name, receipts)
			}
		}
	})
}

// A panicking payload tells PHI on its way down.
type panicking struct{}

func (panicking) Type() string    { return "user.updated" }
func (panicking) Validate() error { panic(canary) }

type scrubFunc func(dst, src []byte) ([]byte, phi.Report, error)

func (f scrubFunc) ScrubEvent(dst, src []byte) ([]byte, phi.Report, error) { return f(dst, src) }

func TestWhatCannotBeScrubbedIsRefused(t *testing.T) {
	url := redistest.Mini(t)
	places := map[string]string{"id scrubbed": "id", "type scrubbed": "type"} // that the error names
	for name, f := range map[string]scrubFunc{
		"type scrubbed": func(dst, src []byte) ([]byte, phi.Report, error) {
			return append(dst, strings.ReplaceAll(string(src), `"user.updated"`, `"user.x"`)...), phi.Report{}, nil
		},
		"error": func(dst, _ []byte) ([]byte, phi.Report, error) { return dst, phi.Report{}, errors.New("no") },
		"panic": func(_, src []byte) ([]byte, phi.Report, error) { panic(string(src)) },
		"no event left": func(dst, _ []byte) ([]byte, phi.Report, error) {
			return append(dst, `"redacted"`...), phi.Report{}, nil
		},
		"id scrubbed": func(dst, src []byte) ([]byte, phi.Report, error) {
			return append(dst, strings.ReplaceAll(string(src), "evt_user1_10001", "[REDACTED]")...), phi.Report{}, nil
		},
	} {
		b := open(t, url, func(c *Config) { c.Scrubber = f })
		if err := b.Publish(t.Context(), event("user/1", 1)); !errors.Is(err, ErrScrub) || strings.Contains(err.Error(), "specversion") {
			t.Errorf("%s: %v", name, err)
		} else if invalid := new(schema.ValidationError); places[name] != "" && (!errors.As(err, &invalid) || invalid.Faults[0].Field != places[name]) {
			t.Errorf("%s: %v names no place", name, err)
		}
		if n := redistest.Client(t, url).XLen(t.Context(), stream0).Val(); n != 0 {
			t.Errorf("%s: %d entries", name, n)
		}
	}
}

func TestConcurrentPublishesKeepEachCallersOrder(t *testing.T) {
	redistest.Each(t, func(t *testing.T, url string) {
		b := open(t, url)
		const callers, each = 32, 50
		var wg sync.WaitGroup
		for c := range callers {
			wg.Go(func() {
				for n := range each {
					if err := b.Publish(t.Context(), event(fmt.Sprintf("user/%d", c), n)); err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		last := map[string]string{}
		entries, err := b.Logs()[0].Read(t.Context(), "", callers*each+1)
		if err != nil || len(entries) != callers*each {
			t.Fatalf("%d entries, %v", len(entries), err)
		}
		for _, e := range entries {
			got, err := schema.Parse(e.Data)
			if err != nil {
				t.Fatal(err)
			}
			if got.ID <= last[got.Subject] {
				t.Fatalf("%s follows %s", got.ID, last[got.Subject])
			}
			last[got.Subject] = got.ID
		}
	})
}

func TestShardsKeepSubjectsTogether(t *testing.T) {
	redistest.Each(t, func(t *testing.T, url string) {
		b := open(t, url, func(c *Config) { c.Shards = 4 })
		for n := range 40 {
			if err := b.Publish(t.Context(), events(fmt.Sprintf("user/%d", n), 3)...); err != nil {
				t.Fatal(err)
			}
		}
		where, used := map[string]string{}, map[string]bool{}
		for _, l := range b.Logs() {
			entries, err := l.Read(t.Context(), "", 1000)
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range entries {
				got, _ := schema.Parse(e.Data)
				if at, ok := where[got.Subject]; ok && at != l.Name() {
					t.Errorf("%s stands in shards %s and %s", got.Subject, at, l.Name())
				}
				where[got.Subject], used[l.Name()] = l.Name(), true
			}
		}
		if len(where) != 40 || len(used) != 4 {
			t.Errorf("%d subjects in %d shards", len(where), len(used))
		}
	})
}

// The formats below are a contract between versions.
func TestFormats(t *testing.T) {
	for s, want := range map[string]uint64{"": 14695981039346656037, "a": 0xaf63dc4c8601ec8c, "user/42": 0x224d85a5441ee4e1} {
		if got := hash(s); got != want {
			t.Errorf("hash(%q) = %#x, want %#x", s, got, want)
		}
	}
	if got, want := fmt.Sprintf("%x", identify("pms/identity", "1")), "fcb7d5e3c8241c99258cfc6421b365ee"; got != want {
		t.Errorf("identify = %s, want %s", got, want)
	}
}

func TestPublishHonoursItsContext(t *testing.T) {
	b := open(t, redistest.Mini(t))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := b.Publish(ctx, event("user/1", 1)); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled before: %v", err)
	}
	server := redistest.Real(t)
	b = open(t, server.URL, func(c *Config) { c.Timeout = 2 * time.Minute })
	server.Pause(t)
	defer server.Resume(t)
	ctx, cancel = context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	began := time.Now()
	err := b.Publish(ctx, event("user/1", 1))
	if !errors.Is(err, context.DeadlineExceeded) || !errors.Is(err, ErrUnavailable) {
		t.Errorf("while Redis hangs: %v", err)
	}
	if took := time.Since(began); took > time.Minute { // Timeout is longer
		t.Errorf("the deadline of 50 ms took %v", took)
	}
}

// An event that came to a full queue and gave up there isn't overtaken by a
// smaller one of its subject for which there is room.
func TestBatchEndsWithItsContext(t *testing.T) {
	url := redistest.Mini(t)
	b := open(t, url, func(c *Config) { c.MaxEventBytes, c.MaxQueueBytes = 2048, 2048 })
	batch := events("user/1", 2)
	batch[0].Event = schema.CRUD{Entity: "user", Operation: schema.Updated, Data: []byte(`{"text":"` + strings.Repeat("x ", 500) + `"}`)}
	if err := b.Publish(t.Context(), event("user/2", 1)); err != nil { // the scrubber's lists are loaded by then
		t.Fatal(err)
	}
	space := b.layout().queueOf(0).space
	if !space.TryAcquire(1024) { // as events that wait for a round trip
		t.Fatal("no room")
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	_, err := b.PublishBatch(ctx, batch)
	if errs, ok := errors.AsType[schema.BatchError](err); !ok || !errors.Is(errs[0], ErrUnavailable) || !errors.Is(errs[1], ErrUnavailable) {
		t.Errorf("a batch that finds no room: %v", err)
	}
	space.Release(1024)
	if err := b.Publish(t.Context(), batch...); err != nil {
		t.Fatal(err)
	}
	if got, want := ids(t, b), []string{"evt_user2_10001", batch[0].ID, batch[1].ID}; !slices.Equal(got, want) {
		t.Errorf("the log holds %v, want %v", got, want)
	}
}

func TestClosedBus(t *testing.T) {
	b := open(t, redistest.Mini(t))
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	_, statusErr := b.Status(t.Context())
	_, subscribeErr := b.Subscribe(ConsumerConfig{Group: "g"})
	_, trimErr := b.Trim(t.Context(), RetentionConfig{})
	for call, err := range map[string]error{
		"publish": b.Publish(t.Context(), event("user/1", 1)), "status": statusErr, "subscribe": subscribeErr,
		"trim": trimErr, "retain": b.Retain(t.Context(), RetentionConfig{}), "reshard": b.Reshard(t.Context(), 2),
	} {
		if !errors.Is(err, ErrClosed) {
			t.Errorf("%s: %v", call, err)
		}
	}
}

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
	for _, c := range []struct{ events, groups int }{{worthTrip - 1, 1}, {worthTrip, 2}, {groupEvents, 2}} {
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
		if len(q.groups) != c.groups {
			t.Errorf("a batch of %d events and one of another caller are sent in %d round trips, want %d", c.events, len(q.groups), c.groups)
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

// panicky is a hook of the Redis client's that panics, when it is told to, in
// the next publish.
type panicky struct{ now atomic.Bool }

func (p *panicky) DialHook(next redis.DialHook) redis.DialHook { return next }
func (p *panicky) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return next
}
func (p *panicky) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, cmd redis.Cmder) error {
		if slices.Contains(cmd.Args(), any(admitScript.Hash())) && p.now.CompareAndSwap(true, false) {
			panic("a hook's")
		}
		return next(ctx, cmd)
	}
}

// TestAPanicOfTheClientBlocksNobody: a caller may recover from it, as HTTP
// servers do, and others go on publishing.
func TestAPanicOfTheClientBlocksNobody(t *testing.T) {
	b := open(t, redistest.Mini(t))
	hook := &panicky{}
	b.redis.AddHook(hook)
	untilItSendsItself(t, b)
	func() {
		defer func() {
			if recover() == nil {
				t.Error("the panic didn't come through")
			}
		}()
		hook.now.Store(true)
		_ = b.Publish(t.Context(), event("user/1", 2))
	}()
	if err := b.Publish(t.Context(), event("user/1", 3)); err != nil {
		t.Fatal(err)
	}
	if got := ids(t, b); !slices.Equal(got, []string{"evt_user1_10001", "evt_user1_10002", "evt_user1_10003"}) {
		t.Errorf("the log holds %v", got)
	}
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
