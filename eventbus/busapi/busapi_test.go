package busapi

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/carebus/carebus/eventbus"
	"github.com/carebus/carebus/eventbus/eventbustest"
	"github.com/carebus/carebus/eventbus/httpapi"
	"github.com/carebus/carebus/schema"
)

// TestTranslate: of several errors the first in answers counts, every time.
func TestTranslate(t *testing.T) {
	for _, c := range []struct{ bus, api error }{
		{eventbus.ErrUnavailable, httpapi.ErrUnavailable},
		{eventbus.ErrClosed, httpapi.ErrUnavailable},
		{eventbus.ErrBusFull, httpapi.ErrFull},
		{eventbus.ErrTooLarge, httpapi.ErrTooLarge},
		{eventbus.ErrScrub, httpapi.ErrUnscrubbable},
		{schema.ErrUnknownType, schema.ErrUnknownType},
		{errors.Join(eventbus.ErrTooLarge, eventbus.ErrUnavailable), httpapi.ErrUnavailable},
	} {
		for range 10 {
			if got := translate(fmt.Errorf("x: %w", c.bus)); !errors.Is(got, c.api) || !errors.Is(got, c.bus) {
				t.Errorf("%v became %v", c.bus, got)
			}
		}
	}
	if translate(nil) != nil {
		t.Error("nil became an error")
	}
}

// TestBatch: what is refused says so in the API's words, and the rest has receipts.
func TestBatch(t *testing.T) {
	bus := eventbustest.New(t, func(c *eventbus.Config) { c.MaxEventBytes = 1 << 10 })
	good := schema.Envelope{Source: "pms/desk", Event: schema.CRUD{Entity: "user", Operation: schema.Created, EntityID: "42"}}
	large := good
	large.Event = schema.CRUD{Entity: "user", Operation: schema.Created, EntityID: "42", Data: json.RawMessage(`{"role":"` + strings.Repeat("r", 1<<10) + `"}`)}
	receipts, err := Config(bus).Publisher.PublishBatch(t.Context(), []schema.Envelope{good, large})
	var each schema.BatchError
	if !errors.As(err, &each) || each[0] != nil || !errors.Is(each[1], httpapi.ErrTooLarge) {
		t.Errorf("%v", err)
	}
	if receipts[0].ID == "" || receipts[0].StreamID == "" {
		t.Errorf("%+v", receipts)
	}
}

// TestFeed: a feed gives what is published once it has begun, from every shard.
func TestFeed(t *testing.T) {
	bus := eventbustest.New(t, func(c *eventbus.Config) { c.Shards = 3 })
	publish := func(n int) {
		for i := range n {
			err := bus.Publish(t.Context(), schema.Envelope{
				Source: "pms/desk", Subject: fmt.Sprintf("user/%d", i),
				Event: schema.CRUD{Entity: "user", Operation: schema.Created, EntityID: "42"},
			})
			if err != nil {
				t.Error(err)
			}
		}
	}
	publish(5)
	ctx, stop := context.WithTimeout(t.Context(), time.Minute)
	defer stop()
	shown := make(chan httpapi.LiveEvent, 100)
	err := Config(bus).Feed.Follow(ctx, func() { publish(20) }, func(e httpapi.LiveEvent) {
		if shown <- e; len(shown) == 20 {
			stop()
		}
	})
	if err != nil || len(shown) != 20 {
		t.Errorf("%d of 20 events, %v", len(shown), err)
	}
}

// TestStatus: a bus that is away still says what is known of it.
func TestStatus(t *testing.T) {
	bus := eventbustest.New(t)
	config := Config(bus)
	s, err := config.Bus.BusStatus(t.Context())
	if err != nil || !s.Connected || s.Environment != eventbustest.Environment || len(s.Shards) != 1 || config.Environment != eventbustest.Environment || config.Registry != bus.Registry() {
		t.Errorf("%+v, %v", s, err)
	}
	groups := Status(eventbus.Status{Shards: []eventbus.ShardStatus{{Groups: []eventbus.GroupStatus{{Lag: -1}, {Lag: 0}}}}}).Shards[0].Groups
	if groups[0].Lag != nil || groups[1].Lag == nil || *groups[1].Lag != 0 {
		t.Errorf("an unknown lag and none: %v, %v", groups[0].Lag, groups[1].Lag)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if s, err := config.Bus.BusStatus(ctx); err == nil || s.Connected || s.Environment != eventbustest.Environment {
		t.Errorf("%+v, %v", s, err)
	}
}
