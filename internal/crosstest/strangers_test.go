package crosstest

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/redis/go-redis/v9"

	"github.com/carebus/carebus/etl"
	"github.com/carebus/carebus/eventbus"
	"github.com/carebus/carebus/internal/redistest"
	"github.com/carebus/carebus/schema"
)

// Whatever a stranger writes, consumers are handed what the lake takes in, and the
// rest is a dead letter for those and in quarantine for this.
func TestConsumersAndTheLakeRefuseAlike(t *testing.T) {
	redistest.Each(t, func(t *testing.T, url string) {
		bus, err := openBus(t.Context(), url, 1)
		if err != nil {
			t.Fatal(err)
		}
		defer bus.Close() //nolint:errcheck // the test is over
		good := string(wire("note.signed", 1, `{}`))
		want := map[string]bool{}
		for id, c := range map[string]struct {
			old, new string
			ok       bool
		}{
			"as-published":   {"", "", true},
			"unknown-type":   {"note.signed", "spaceship.launched", true},
			"unknown-member": {`"kind"`, `"colour":"red","kind"`, true},
			"no-kind":        {`"kind":"business",`, ``, false},
			"other-kind":     {`"kind":"business"`, `"kind":"gossip"`, false},
			"no-severity":    {`"severity":"low",`, ``, false},
			"no-source":      {`"source":"s",`, ``, false},
			"no-time":        {`"time":"2024-01-15T14:00:00Z",`, ``, false},
			"no-version":     {`"schemaversion":1,`, ``, false},
			"no-class":       {`"dataclassification":"internal",`, ``, false},
			"odd-subject":    {`"kind"`, `"subject":"a b","kind"`, false},
			"no-environment": {`"environment":"test",`, ``, false},
			"other-place":    {`"environment":"test"`, `"environment":"production"`, false},
			"odd-type":       {"note.signed", "note", false},
		} {
			entry := strings.Replace(strings.Replace(good, `"id":"1"`, `"id":"`+id+`"`, 1), c.old, c.new, 1)
			if c.ok {
				want[id] = true
			}
			if err := redistest.Client(t, url).XAdd(t.Context(), &redis.XAddArgs{Stream: "carebus:{test.0}:events", Values: []any{"event", entry}}).Err(); err != nil {
				t.Fatal(err)
			}
		}

		handled := map[string]bool{}
		var mu sync.Mutex
		consumer, err := bus.Subscribe(eventbus.ConsumerConfig{Group: "test"})
		if err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() {
			done <- consumer.Run(ctx, eventbus.HandlerFunc(func(_ context.Context, events []schema.Envelope) error {
				mu.Lock()
				defer mu.Unlock()
				for _, e := range events {
					handled[e.ID] = true
				}
				return nil
			}))
		}()
		redistest.Wait(t, "all entries to be settled", func() bool { s := bus.Stats(); return s.Handled+s.DeadLettered == 14 })
		stop()
		if err := <-done; err != nil {
			t.Fatal(err)
		}

		sink := etl.Memory()
		asIs := etl.ScrubFunc(func(dst, event []byte) ([]byte, error) { return append(dst, event...), nil })
		p, err := etl.New(etl.Config{Logs: []etl.Log{bus.Logs()[0]}, Sink: sink, Environment: environment, Scrubber: asIs})
		if err != nil {
			t.Fatal(err)
		}
		if err := p.Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
		stored := map[string]bool{}
		for _, key := range sink.Keys() {
			if !strings.HasPrefix(key, "events/") {
				continue
			}
			body, err := sink.Get(t.Context(), key)
			if err == nil {
				body, err = etl.Snappy().Decode(nil, body)
			}
			if err != nil {
				t.Fatal(err)
			}
			for line := range strings.Lines(string(body)) {
				var row struct {
					ID string `json:"event_id"`
				}
				if err := json.Unmarshal([]byte(line), &row); err != nil {
					t.Fatal(err)
				}
				stored[row.ID] = true
			}
		}
		for name, got := range map[string]map[string]bool{"consumers were handed": handled, "the lake has": stored} {
			if !maps.Equal(got, want) {
				t.Errorf("%s %v, want %v", name, slices.Sorted(maps.Keys(got)), slices.Sorted(maps.Keys(want)))
			}
		}
		if q := p.Status().Quarantined; q != 14-uint64(len(want)) || bus.Stats().DeadLettered != q {
			t.Errorf("%d in quarantine, %d dead letters", q, bus.Stats().DeadLettered)
		}
	})
}
