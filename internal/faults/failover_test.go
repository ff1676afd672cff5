package faults

import (
	"errors"
	"fmt"
	"net"
	"path/filepath"
	"testing"
	"time"

	"github.com/carebus/carebus/eventbus"
	"github.com/carebus/carebus/internal/redistest"
	"github.com/carebus/carebus/schema"
)

// TestFailover: a replica that had fallen behind takes over. What it holds is in
// the lake once, late plans and all; what it lacks is there if a sink was faster
// than the failure, and never twice, though publishers try again.
func TestFailover(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	t.Parallel()
	old, replica := redistest.Real(t), redistest.Real(t)
	entry := redistest.NewProxy(t, old.Addr)
	dir := t.TempDir()
	role := Role{
		Kind: sink, Redis: "redis://" + entry.Addr, Shards: 1, Ledger: filepath.Join(dir, "ledger"),
		Lake: Place{Dir: filepath.Join(dir, "lake")}, Batch: 200, Age: 300 * time.Millisecond,
	}
	bus, err := openBus(t.Context(), role.Redis, 1, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { bus.Close() }) //nolint:errcheck // the test is over
	publish := func(events []schema.Envelope) (last string) {
		t.Helper()
		receipts, err := bus.PublishBatch(t.Context(), events)
		for try := 0; errors.Is(err, eventbus.ErrUnavailable) && try < 20; try++ { // on a busy machine
			receipts, err = bus.PublishBatch(t.Context(), events)
		}
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range receipts {
			if compareEntries(r.StreamID, last) > 0 {
				last = r.StreamID
			}
		}
		return last
	}
	follower := replica.Client(t)
	replicate := func(host, port string) {
		t.Helper()
		if err := follower.Do(t.Context(), "REPLICAOF", host, port).Err(); err != nil {
			t.Fatal(err)
		}
	}
	host, port, _ := net.SplitHostPort(old.Addr)
	replicate(host, port)
	sinks := map[string]*Process{}
	for _, role.Name = range []string{"sink-0", "sink-1"} {
		sinks[role.Name] = StartProcess(t, role, nil, t.Output())
	}
	kept := map[string]bool{}
	keep := func(events []schema.Envelope) (last string) {
		t.Helper()
		last = publish(events)
		for _, e := range events {
			kept[e.ID] = true
		}
		return last
	}
	last := keep(visits(2000))
	redistest.Wait(t, "the replica", func() bool { return follower.XLen(t.Context(), "carebus:{test.0}:events").Val() == 2000 })

	// From now on the replica gets nothing more.
	replicate("NO", "ONE")
	lost := visits(1000)
	publish(lost)
	redistest.Wait(t, "the sinks to carry some of them", func() bool {
		cursor, err := bus.Logs()[0].Cursor(t.Context())
		return err == nil && compareEntries(cursor.Last, last) > 0
	})
	entry.To(replica.Addr)
	old.Kill(t)

	// Some of the lost are published again by those who never got an answer.
	keep(visits(500))
	keep(lost[:300])
	keep(visits(500))
	for _, s := range sinks {
		if err := s.Terminate(); err != nil {
			t.Error(err)
		}
	}
	role.Name, role.Drain = "sink-2", true
	if err := StartProcess(t, role, nil, t.Output()).Wait(); err != nil {
		t.Fatal(err)
	}

	store, err := role.Lake.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var e Evidence
	if err := e.takeLake(t.Context(), store, bus); err != nil {
		t.Fatal(err)
	}
	counts := map[string]int{}
	for _, row := range e.Rows {
		counts[row.ID]++
	}
	missing, twice, saved := 0, 0, 0
	for id := range kept {
		if counts[id] == 0 {
			missing++
		}
	}
	for id, n := range counts {
		if n > 1 {
			twice++
		}
		if !kept[id] {
			saved++
		}
	}
	if missing > 0 || twice > 0 {
		t.Errorf("of %d events that the new server holds, %d are missing; %d are twice", len(kept), missing, twice)
	}
	v := e.Plans["0"]
	if len(v.Problems) > 0 || v.Late == 0 {
		t.Errorf("verify: %+v", v)
	}
	t.Logf("%d events on the new server, each once; %d of the 700 that only the old one had are in the lake; %d lost by a plan, %d dropped as second tries",
		len(kept), saved, v.Lost, v.Dropped)
}

// visits returns n new events of many subjects.
func visits(n int) []schema.Envelope {
	all := make([]schema.Envelope, n)
	for i := range all {
		all[i] = schema.Envelope{
			ID: schema.NewID(), Source: "pms/faults", Subject: fmt.Sprintf("visit/%d", i%97),
			Event: schema.CRUD{Entity: "appointment", Operation: schema.Created, EntityID: fmt.Sprint(i)},
		}
	}
	return all
}
