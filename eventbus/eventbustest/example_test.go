package eventbustest_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/carebus/carebus/eventbus"
	"github.com/carebus/carebus/eventbus/eventbustest"
	"github.com/carebus/carebus/schema"
)

// A badge tells, by its tag alone, that its code is a person's name.
type badge struct {
	Code string `json:"code" phi:"name"`
}

func (badge) Type() string    { return "badge.printed" }
func (badge) Validate() error { return nil }

// Events are scrubbed by the tags of the registry that the bus is given.
func TestTagsCount(t *testing.T) {
	registry := schema.Catalogue()
	schema.Register[badge](registry, schema.TypeInfo{Name: "badge.printed", Kind: schema.KindBusiness})
	bus := eventbustest.New(t, func(c *eventbus.Config) { c.Registry = registry })
	if err := bus.Publish(t.Context(), schema.Envelope{Source: "pms/desk", Event: badge{Code: "qxzvarn"}}); err != nil {
		t.Fatal(err)
	}
	if events := eventbustest.Published(t, bus, nil); len(events) != 1 || events[0].Event.(badge).Code != "[NAME]" {
		t.Errorf("%+v", events[0].Event)
	}
}

// Test what a service publishes, and what a handler does with it.
func Example() {
	t := &testing.T{} // your test's
	bus := eventbustest.New(t)
	book := func(ctx context.Context) error { // your code
		return bus.Publish(ctx, schema.Envelope{Source: "pms/scheduling", Subject: "appointment/81", Event: schema.Business{
			Process: "appointment", Step: "booked", Outcome: schema.Success,
		}})
	}
	if err := book(t.Context()); err != nil {
		t.Fatal(err)
	}
	if events := eventbustest.Published(t, bus, nil); len(events) != 1 || events[0].Type() != "appointment.booked" {
		t.Errorf("%v", events)
	}
	reminders := 0
	eventbustest.Handle(t, bus, eventbus.Each(func(context.Context, schema.Envelope) error { // your handler
		reminders++
		return nil
	}))
	if reminders != 1 {
		t.Errorf("%d reminders", reminders)
	}
}

// A test of a service that publishes: it gets a bus, and the test looks at what
// was published.
func TestPublished(t *testing.T) {
	bus := eventbustest.New(t)
	err := bus.Publish(t.Context(), schema.Envelope{
		Source: "pms/scheduling", Subject: "appointment/81",
		Event: schema.Business{Process: "appointment", Step: "booked", Outcome: schema.Success},
	})
	if err != nil {
		t.Fatal(err)
	}
	events := eventbustest.Published(t, bus, nil)
	if len(events) != 1 || events[0].Type() != "appointment.booked" || events[0].Environment != eventbustest.Environment {
		t.Errorf("%v", events)
	}
}

// A test of a handler: it publishes, fails at times and gives an event up.
func TestHandle(t *testing.T) {
	bus := eventbustest.New(t, func(c *eventbus.Config) { c.Shards = 3 })
	for n := range 10 {
		err := bus.Publish(t.Context(), schema.Envelope{
			Source: "pms/scheduling", Subject: fmt.Sprintf("appointment/%d", n),
			Event: schema.Business{Process: "appointment", Step: "booked", Outcome: schema.Success},
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	var mu sync.Mutex
	tries, confirmed := map[string]int{}, 0
	handler := eventbus.HandlerFunc(func(ctx context.Context, events []schema.Envelope) error {
		mu.Lock()
		defer mu.Unlock()
		errs := make(schema.BatchError, len(events))
		for i, e := range events {
			if e.Type() == "appointment.confirmed" {
				confirmed++
				continue
			}
			tries[e.Subject]++
			if e.Subject == "appointment/7" || e.Subject == "appointment/8" && tries[e.Subject] == 1 {
				errs[i] = errors.New("no")
				continue
			}
			errs[i] = bus.Publish(ctx, schema.Envelope{
				Source: "pms/reminders", Subject: e.Subject, Event: schema.Business{Process: "appointment", Step: "confirmed", Outcome: schema.Success},
			})
		}
		return errs.OrNil()
	})
	eventbustest.Handle(t, bus, handler, func(c *eventbus.ConsumerConfig) { c.MaxDeliver = 3 })
	if s := bus.Stats(); confirmed != 9 || tries["appointment/7"] != 3 || tries["appointment/8"] != 2 || s.Handled != 18 || s.DeadLettered != 1 {
		t.Errorf("%d confirmed, %v, %+v", confirmed, tries, s)
	}
	eventbustest.Handle(t, bus, handler)
	if confirmed != 9 || len(tries) != 10 {
		t.Errorf("%d confirmed, %v after nothing new", confirmed, tries)
	}
	eventbustest.Handle(t, eventbustest.New(t), handler) // no events at all
}
