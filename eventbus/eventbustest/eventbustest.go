// Package eventbustest gives unit tests a bus of their own, on an in-process
// miniredis: no server to install, nothing to clean up.
//
// What miniredis lacks, such as memory limits, persistence and failover, needs
// tests against a real server.
package eventbustest

import (
	"strings"
	"testing"

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
// nil stands for [schema.Catalogue]. They are as consumers get them: scrubbed.
func Published(t testing.TB, bus *eventbus.Bus, registry *schema.Registry) []schema.Envelope {
	t.Helper()
	if registry == nil {
		registry = schema.Catalogue()
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
