// Package eventbustest gives unit tests a bus of their own, on an in-process
// miniredis: no server to install, nothing to clean up.
//
// What miniredis lacks, such as memory limits, persistence and failover, needs
// tests against a real server.
package eventbustest

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"

	"github.com/carebus/carebus/eventbus"
	"github.com/carebus/carebus/phi"
	"github.com/carebus/carebus/schema"
)

// Environment is the one that test buses carry, unless they are told another.
const Environment = "test"

// New returns a bus on a new miniredis, both closed with the test. Its Scrubber
// is that of the operational profile, with a fixed key, and goes by the tags of the
// configuration's registry. Each change may adapt the configuration.
func New(t testing.TB, change ...func(*eventbus.Config)) *eventbus.Bus {
	t.Helper()
	scrubber, err := phi.New(phi.Config{Key: []byte(strings.Repeat("t", 32)), Profile: phi.Operational})
	if err != nil {
		t.Fatal(err)
	}
	server, err := miniredis.Run()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Close)
	config := eventbus.Config{URL: "redis://" + server.Addr(), Environment: Environment, Scrubber: scrubber}
	for _, f := range change {
		f(&config)
	}
	bus, err := eventbus.Open(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := bus.Close(); err != nil {
			t.Error(err)
		}
	})
	return bus
}

// Published returns all events in the streams of a bus, decoded with registry;
// nil stands for the bus's own. They are as consumers get them: scrubbed.
func Published(t testing.TB, bus *eventbus.Bus, registry *schema.Registry) []schema.Envelope {
	t.Helper()
	if registry == nil {
		registry = bus.Registry()
	}
	var events []schema.Envelope
	for _, log := range bus.Logs() {
		for after := ""; ; {
			entries, err := log.Read(t.Context(), after, 1000)
			if err != nil {
				t.Fatal(err)
			}
			if len(entries) == 0 {
				break
			}
			for _, entry := range entries {
				e, err := registry.Decode(entry.Data)
				if err != nil {
					t.Fatal(err)
				}
				events = append(events, e)
			}
			after = entries[len(entries)-1].ID
		}
	}
	return events
}

// Handle gives a handler all events on a bus, and those that are published
// meanwhile, and returns when each is settled: acknowledged, or a dead letter. It
// does so as a consumer of the group "test", whose retries come after milliseconds;
// each change may adapt that. A second call goes on behind the first. A test whose
// events aren't settled in a minute fails.
func Handle(t testing.TB, bus *eventbus.Bus, handler eventbus.Handler, change ...func(*eventbus.ConsumerConfig)) {
	t.Helper()
	config := eventbus.ConsumerConfig{
		Group: "test", Block: 20 * time.Millisecond, BackoffMin: time.Millisecond, BackoffMax: 10 * time.Millisecond,
	}
	for _, f := range change {
		f(&config)
	}
	consumer, err := bus.Subscribe(config)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithTimeout(t.Context(), time.Minute)
	defer stop()
	ended := make(chan error, 1)
	go func() { ended <- consumer.Run(ctx, handler) }()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for settled := false; !settled; {
		select {
		case err := <-ended:
			t.Fatalf("the consumer ended before all events were settled: %v", err)
		case <-tick.C:
		}
		status, err := bus.Status(ctx)
		settled = err == nil && groupSettled(status, config.Group)
	}
	stop()
	if err := <-ended; err != nil && !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
}

// groupSettled reports whether a group has no open events.
func groupSettled(s eventbus.Status, group string) bool {
	for _, shard := range s.Shards {
		if shard.Length == 0 {
			continue
		}
		i := slices.IndexFunc(shard.Groups, func(g eventbus.GroupStatus) bool { return g.Name == group })
		if i < 0 || shard.Groups[i].Pending > 0 || shard.Groups[i].LastDelivered != shard.LastID {
			return false
		}
	}
	return true
}
