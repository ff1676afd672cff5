package eventbustest_test

import (
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
	if events := eventbustest.Published(t, bus, registry); len(events) != 1 || events[0].Event.(badge).Code != "[NAME]" {
		t.Errorf("%+v", events[0].Event)
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
