// Command outside publishes and consumes an event type of its own.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/carebus/carebus/eventbus"
	"github.com/carebus/carebus/phi"
	"github.com/carebus/carebus/schema"

	"example.com/outside/triage"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run() error {
	server, err := miniredis.Run()
	if err != nil {
		return err
	}
	defer server.Close()
	scrubber, err := phi.New(phi.Config{Key: []byte(strings.Repeat("k", 32)), Profile: phi.Operational})
	if err != nil {
		return err
	}
	registry := schema.Catalogue()
	triage.Register(registry)
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	bus, err := eventbus.Open(ctx, eventbus.Config{
		URL: "redis://" + server.Addr(), Environment: "test", Scrubber: scrubber, Registry: registry,
	})
	if err != nil {
		return err
	}
	defer bus.Close()

	scored := triage.Scored{PatientID: "p-42", Score: 12, Caller: "Jane Doe"}
	if err := bus.Publish(ctx, schema.Envelope{Source: "triage/web", Event: scored}); err != nil {
		return err
	}
	err = bus.Publish(ctx, schema.Envelope{Source: "triage/web", Event: triage.Scored{}})
	if _, invalid := errors.AsType[*schema.ValidationError](err); !invalid {
		return fmt.Errorf("an invalid event was published: %w", err)
	}
	old, err := registry.DecodeInput([]byte(`{"type":"intake.scored","source":"triage/web","schema_version":1,"data":{"patient_id":"p-43","total":3}}`))
	if err != nil {
		return err
	}
	if err := bus.Publish(ctx, old); err != nil {
		return err
	}

	seen := 0
	mux := eventbus.NewMux()
	eventbus.On(mux, "triage.scored", func(_ context.Context, e schema.Envelope, s triage.Scored) error {
		fmt.Println(e.Type(), e.SchemaVersion, s.PatientID, s.Score, strings.Contains(s.Caller, "Jane"))
		if seen++; seen == 2 {
			cancel()
		}
		return nil
	})
	consumer, err := bus.Subscribe(eventbus.ConsumerConfig{Group: "outside"})
	if err != nil {
		return err
	}
	return consumer.Run(ctx, mux)
}
