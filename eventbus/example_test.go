package eventbus_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"strings"

	"github.com/alicebob/miniredis/v2"

	"github.com/carebus/carebus/eventbus"
	"github.com/carebus/carebus/phi"
	"github.com/carebus/carebus/schema"
)

// Open a bus at the start of a service and close it at the end.
func ExampleOpen() {
	scrubber, err := phi.New(phi.Config{Key: []byte("32 random bytes from your secrets"), Profile: phi.Operational})
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = eventbus.Open(context.Background(), eventbus.Config{
		URL:         "http://127.0.0.1:6379",
		Environment: "production",
		Scrubber:    scrubber,
	})
	fmt.Println(err)
	// Output: eventbus: the Redis URL must begin with redis://, rediss://, redis+cluster://, rediss+cluster://, redis+sentinel:// or rediss+sentinel://
}

// Publish, with an id chosen beforehand so that a retry is safe, and consume
// with a function per type.
func ExampleMux() {
	bus, end := exampleBus()
	defer end()

	booked := schema.Envelope{
		ID: schema.NewID(), Source: "pms/scheduling", Subject: "appointment/81",
		Event: schema.Business{Process: "appointment", Step: "booked", Outcome: schema.Success},
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	for err := bus.Publish(ctx, booked); err != nil; err = bus.Publish(ctx, booked) {
		if !errors.Is(err, eventbus.ErrUnavailable) {
			fmt.Println(err)
			return
		}
	}

	mux := eventbus.NewMux()
	eventbus.On(mux, "appointment.booked", func(_ context.Context, e schema.Envelope, b schema.Business) error {
		fmt.Println(e.Subject, b.Outcome)
		cancel()
		return nil
	})
	consumer, err := bus.Subscribe(eventbus.ConsumerConfig{Group: "reminders"})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(consumer.Run(ctx, mux))
	// Output:
	// appointment/81 success
	// <nil>
}

// exampleBus returns a bus on an in-process miniredis; eventbustest.New does the
// same for tests.
func exampleBus() (bus *eventbus.Bus, end func()) {
	server, err := miniredis.Run()
	if err != nil {
		log.Fatal(err)
	}
	scrubber, err := phi.New(phi.Config{Key: []byte(strings.Repeat("k", 32)), Profile: phi.Operational})
	if err != nil {
		log.Fatal(err)
	}
	bus, err = eventbus.Open(context.Background(), eventbus.Config{URL: "redis://" + server.Addr(), Environment: "example", Scrubber: scrubber})
	if err != nil {
		log.Fatal(err)
	}
	return bus, func() {
		if err := bus.Close(); err != nil {
			log.Print(err)
		}
		server.Close()
	}
}
