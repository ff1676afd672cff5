package eventbus

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/carebus/carebus/internal/redistest"
	"github.com/carebus/carebus/schema"
)

func typed(name string, n int) schema.Envelope {
	e := event("user/1", n)
	e.Event = schema.CRUD{Entity: name, Operation: schema.Created}
	return e
}

func TestMuxRoutesByType(t *testing.T) {
	m := NewMux()
	var users, tasks []string
	On(m, "user.created", func(_ context.Context, e schema.Envelope, p schema.CRUD) error {
		users = append(users, e.ID+p.Entity)
		return nil
	})
	On(m, "task.created", func(_ context.Context, e schema.Envelope, _ schema.CRUD) error {
		tasks = append(tasks, e.ID)
		return errors.New("no")
	})
	On(m, "message.created", func(context.Context, schema.Envelope, schema.Auth) error { return nil })
	On(m, "note.created", func(context.Context, schema.Envelope, schema.CRUD) error { panic("value " + canary) })
	err := m.Handle(t.Context(), []schema.Envelope{typed("user", 1), typed("task", 2), typed("invoice", 3), typed("message", 4), typed("note", 5)})
	var batch schema.BatchError
	if !errors.As(err, &batch) || batch[0] != nil || batch[1] == nil || batch[2] != nil || !isPermanent(batch[3]) || batch[4] == nil {
		t.Fatalf("%v", err)
	}
	if len(users) != 1 || len(tasks) != 1 || strings.Contains(batch[4].Error(), canary) {
		t.Errorf("%v %v %v", users, tasks, batch)
	}
	seen := 0
	m.Otherwise(func(context.Context, schema.Envelope) error { seen++; return nil })
	if err := m.Handle(t.Context(), []schema.Envelope{typed("invoice", 3)}); err != nil || seen != 1 {
		t.Errorf("the others: %d, %v", seen, err)
	}
}

type shift struct{}

func (shift) Type() string    { return "shift.begun" }
func (shift) Validate() error { return nil }

// A Mux with a function that no event can reach isn't run: its events would be
// acknowledged unseen, or become dead letters.
func TestMuxFitsTheRegistry(t *testing.T) {
	r := schema.Catalogue()
	schema.Register[shift](r, schema.TypeInfo{Name: "shift.begun", Kind: schema.KindBusiness, Aliases: []string{"shift.started"}})
	b := open(t, redistest.Mini(t), func(c *Config) { c.Registry = r })
	seen := func(context.Context, schema.Envelope) error { return nil }
	for name, c := range map[string]struct {
		register func(*Mux)
		want     string // of the error; "" for none
	}{
		"all fit": {func(m *Mux) {
			On(m, "shift.begun", func(context.Context, schema.Envelope, shift) error { return nil })
			On(m, "user.created", func(context.Context, schema.Envelope, schema.Event) error { return nil })
			On(m, "shift.swapped", func(context.Context, schema.Envelope, schema.Raw) error { return nil }) // of a newer service
			m.OnAny("shift.ended", seen)
		}, ""},
		"misspelt": {func(m *Mux) { On(m, "shift.began", func(context.Context, schema.Envelope, shift) error { return nil }) }, `"shift.began", which the registry doesn't know`},
		"pointer": {func(m *Mux) {
			On(m, "shift.begun", func(context.Context, schema.Envelope, *shift) error { return nil })
		}, "takes *eventbus.shift, but the registry decodes eventbus.shift"},
		"family": {func(m *Mux) {
			On(m, "user.created", func(context.Context, schema.Envelope, schema.Auth) error { return nil })
		}, "takes schema.Auth"},
		"alias": {func(m *Mux) { m.OnAny("shift.started", seen) }, `come as "shift.begun"`},
	} {
		m := NewMux()
		c.register(m)
		consumer, err := b.Subscribe(ConsumerConfig{Group: "test"})
		if err != nil {
			t.Fatal(err)
		}
		for _, h := range []Handler{m, Chain(m), Chain(Chain(m, Timeout(time.Minute)), Deduplicate(9))} {
			ctx, cancel := context.WithTimeout(t.Context(), time.Second) // ends a Run that should have been refused
			if c.want == "" {
				cancel()
			}
			if err := consumer.Run(ctx, h); (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
				t.Errorf("%s as %T: %v", name, h, err)
			}
			cancel()
		}
	}
}

func TestWhatAnEventCausesCarriesOnItsCorrelation(t *testing.T) {
	b := open(t, redistest.Mini(t))
	m := NewMux()
	On(m, "user.created", func(ctx context.Context, e schema.Envelope, _ schema.CRUD) error {
		effect := typed("task", 2)
		effect.ID = ""
		return b.Publish(ctx, effect)
	})
	done := make(chan schema.Envelope, 1)
	On(m, "task.created", func(_ context.Context, e schema.Envelope, _ schema.CRUD) error {
		done <- e
		return nil
	})
	consume(t, b, ConsumerConfig{}, m)
	cause := typed("user", 1)
	if err := b.Publish(t.Context(), cause); err != nil {
		t.Fatal(err)
	}
	if got := <-done; got.CausationID != cause.ID || got.CorrelationID != cause.ID {
		t.Errorf("causation %q, correlation %q", got.CausationID, got.CorrelationID)
	}
}
