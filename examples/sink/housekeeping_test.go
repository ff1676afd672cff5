package main

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/carebus/carebus/eventbus"
	"github.com/carebus/carebus/internal/redistest"
	"github.com/carebus/carebus/phi"
	"github.com/carebus/carebus/schema"
)

// TestAFullBusIsEmptiedIntoTheLake: what is in the lake makes room where Redis has a
// limit, however young it is, and what isn't stays.
func TestAFullBusIsEmptiedIntoTheLake(t *testing.T) {
	server := redistest.Real(t, "--maxmemory", "12mb")
	scrubber, err := phi.New(phi.Config{Key: []byte(strings.Repeat("k", 32)), Profile: phi.Operational})
	if err != nil {
		t.Fatal(err)
	}
	bus, err := eventbus.Open(t.Context(), eventbus.Config{URL: server.URL, Environment: "test", Scrubber: scrubber})
	if err != nil {
		t.Fatal(err)
	}
	defer bus.Close() //nolint:errcheck // of no use any more
	batch := make([]schema.Envelope, 200)
	for i := range batch {
		batch[i] = schema.Envelope{Source: "pms/test", Subject: fmt.Sprintf("user/%d", i), Event: schema.CRUD{
			Entity: "user", Operation: schema.Updated, EntityID: "1", Data: []byte(`{"status":"` + strings.Repeat("well ", 400) + `"}`),
		}}
	}
	for err == nil {
		err = bus.Publish(t.Context(), batch...)
	}
	if !errors.Is(err, eventbus.ErrBusFull) {
		t.Fatal(err)
	}
	log := bus.Logs()[0]
	entries, err := log.Read(t.Context(), "", 100_000)
	if err != nil {
		t.Fatal(err)
	}
	const inLake = 800
	if ok, err := log.Commit(t.Context(), schema.Cursor{Plan: 1, Last: entries[inLake-1].ID}); err != nil || !ok {
		t.Fatal(ok, err)
	}
	status, err := bus.Status(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	s := &sink{options: options{keep: 24 * time.Hour}}
	trimmed, err := bus.Trim(t.Context(), s.retention(&status))
	if err != nil || trimmed[0].Removed != inLake-1 {
		t.Fatalf("%+v, %v", trimmed, err)
	}
	if err := bus.Publish(t.Context(), batch...); err != nil {
		t.Error(err)
	}
}
