package eventbustest_test

import (
	"testing"

	"github.com/carebus/carebus/eventbus/eventbustest"
	"github.com/carebus/carebus/schema"
)

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
