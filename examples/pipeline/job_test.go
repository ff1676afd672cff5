package main

import (
	"context"
	"errors"
	"io"
	"sync/atomic"
	"testing"

	"github.com/carebus/carebus/etl"
	"github.com/carebus/carebus/eventbus"
	"github.com/carebus/carebus/eventbus/eventbustest"
	"github.com/carebus/carebus/phi"
	"github.com/carebus/carebus/schema"
)

// A strickenLake fails the first tries to store an object.
type strickenLake struct {
	etl.Sink
	tries atomic.Int64
}

func (s *strickenLake) PutIfAbsent(ctx context.Context, o etl.Object) error {
	if s.tries.Add(1) <= 3 {
		return errors.New("slow down")
	}
	return s.Sink.PutIfAbsent(ctx, o)
}

// TestRetriesAreNotCounted: the summary counts what was scrubbed once, however
// often the lake had to try.
func TestRetriesAreNotCounted(t *testing.T) {
	key := make([]byte, 32)
	bus := eventbustest.New(t, func(c *eventbus.Config) {
		c.Scrubber = asIs{} // a stranger: the lake's scrubber is the first to find anything
	})
	e := schema.Envelope{Source: "pms/test", Event: schema.CRUD{
		Entity: "user", Operation: schema.Created, EntityID: "42", Data: []byte(`{"email":"ann@example.com"}`),
	}}
	if err := bus.Publish(t.Context(), e); err != nil {
		t.Fatal(err)
	}
	j := &job{bus: bus, input: &input{}, out: newReporter(io.Discard, io.Discard, true, 0)}
	environment := eventbustest.Published(t, bus, schema.Catalogue())[0].Environment
	if err := j.openLake(t.Context(), &strickenLake{Sink: etl.Memory()}, phi.Config{Key: key}, environment); err != nil {
		t.Fatal(err)
	}
	if err := j.pipeline.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	if s := j.summary(); s.Written != 1 || s.Scrubbed["email"] != 1 {
		t.Errorf("%d written, scrubbed %v", s.Written, s.Scrubbed)
	}
}

// asIs is a bus's scrubber that finds nothing.
type asIs struct{}

func (asIs) ScrubEvent(dst, event []byte) ([]byte, phi.Report, error) {
	return append(dst, event...), phi.Report{}, nil
}
