package eventbus

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/carebus/carebus/internal/redistest"
	"github.com/carebus/carebus/phi"
	"github.com/carebus/carebus/schema"
)

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
