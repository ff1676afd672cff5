package faults

import (
	"context"
	"errors"
	"fmt"
	"net"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/carebus/carebus/eventbus"
	"github.com/carebus/carebus/internal/redistest"
	"github.com/carebus/carebus/internal/sleep"
	"github.com/carebus/carebus/phi"
	"github.com/carebus/carebus/schema"
)

// TestSentinelFailover: while processes publish, consume and carry, Sentinel puts
// a replica that is behind in the place of its primary. What the publishers report
// as vanished is what was acknowledged and isn't there, neither more nor less, and
// what is there is handled, and in the lake once.
func TestSentinelFailover(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	primary, replica := redistest.Real(t, "--repl-diskless-sync-delay", "0"), redistest.Real(t)
	link := redistest.NewProxy(t, primary.Addr)
	follower := replica.Client(t)
	host, port, _ := net.SplitHostPort(link.Addr)
	if err := follower.Do(t.Context(), "REPLICAOF", host, port).Err(); err != nil {
		t.Fatal(err)
	}
	redistest.Wait(t, "the replica", func() bool {
		n, err := primary.Client(t).Do(t.Context(), "WAIT", 1, 100).Int()
		return err == nil && n == 1
	})
	url := "redis+sentinel://" + redistest.Sentinel(t, primary) + "?master_name=main"
	dir := t.TempDir()
	role := Role{
		Redis: url, Shards: 2, Ledger: filepath.Join(dir, "ledger"),
		Lake: Place{Dir: filepath.Join(dir, "lake")}, Batch: 100, Age: 200 * time.Millisecond,
	}
	var processes []*Process
	for _, name := range []string{"consumer-0", "consumer-1", "sink-0", "sink-1"} {
		role.Name, role.Kind = name, map[byte]string{'c': consumer, 's': sink}[name[0]]
		processes = append(processes, StartProcess(t, role, nil, t.Output()))
	}

	var mu sync.Mutex
	acked, lost := map[string]string{}, map[string]string{}
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var publishing sync.WaitGroup
	var buses []*eventbus.Bus
	for range 2 {
		scrubber, err := phi.New(phi.Config{Key: scrubKey, Profile: phi.Operational})
		if err != nil {
			t.Fatal(err)
		}
		bus, err := eventbus.Open(t.Context(), eventbus.Config{
			URL: url, Environment: Environment, Scrubber: scrubber, Shards: 2, Timeout: time.Minute,
			OnLoss: func(l eventbus.Loss) {
				mu.Lock()
				defer mu.Unlock()
				for _, r := range l.Lost {
					if _, told := lost[r.ID]; told {
						t.Errorf("%s is reported twice", r.ID)
					}
					lost[r.ID] = r.StreamID
				}
			},
		})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { bus.Close() }) //nolint:errcheck // the test is over
		buses = append(buses, bus)
		for range 4 {
			publishing.Go(func() {
				for sleep.For(ctx, 4*time.Millisecond) {
					receipts, err := bus.PublishBatch(context.WithoutCancel(ctx), visits(3))
					if err != nil {
						t.Errorf("publish: %v", err)
						return
					}
					mu.Lock()
					for _, r := range receipts {
						acked[r.ID] = r.StreamID
					}
					mu.Unlock()
				}
			})
		}
	}
	sleep.For(ctx, 2*time.Second)
	link.To(nowhere) // the replica falls behind
	sleep.For(ctx, 400*time.Millisecond)
	primary.Kill(t)
	redistest.Wait(t, "the failover", func() bool {
		role, err := follower.Do(t.Context(), "ROLE").Slice()
		return err == nil && role[0] == "master"
	})
	sleep.For(ctx, 3*time.Second)
	stop()
	publishing.Wait()

	present := map[string]bool{}
	for _, l := range buses[0].Logs() {
		for after := ""; ; {
			entries, err := l.Read(t.Context(), after, 1000)
			if err != nil {
				t.Fatal(err)
			}
			if len(entries) == 0 {
				break
			}
			for _, entry := range entries {
				e, err := schema.Parse(entry.Data)
				if err != nil || present[e.ID] {
					t.Errorf("entry %s: %v, twice: %v", entry.ID, err, present[e.ID])
				}
				present[e.ID] = true
				after = entry.ID
			}
		}
	}
	redistest.Wait(t, "the reports", func() bool {
		failovers := uint64(0)
		for _, b := range buses {
			failovers += b.Stats().Failovers
		}
		return failovers >= 4 // of two shards by two
	})
	gone := map[string]string{}
	for id, entry := range acked {
		if !present[id] {
			gone[id] = entry
		}
	}
	mu.Lock()
	compare(t, gone, lost)
	mu.Unlock()
	if len(gone) == 0 {
		t.Error("nothing vanished: the replica wasn't behind")
	}

	r := &Run{Scenario: Scenario{Consumers: Consumers{Count: 2}}, Bus: buses[0], t: t}
	redistest.Wait(t, "all to be handled and carried", func() bool { return r.settled(t.Context()) })
	for _, p := range processes {
		if err := errors.Join(p.Revive(), p.Terminate()); err != nil {
			t.Error(err)
		}
		for _, text := range p.EndedAlone() {
			t.Errorf("a process ended by itself: %s", text)
		}
	}
	store, err := role.Lake.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var e Evidence
	if err := e.takeLake(t.Context(), store, buses[0]); err != nil {
		t.Fatal(err)
	}
	if e.Entries, err = ReadLedger(role.Ledger); err != nil {
		t.Fatal(err)
	}
	rows, handled := map[string]int{}, map[string]bool{}
	for _, row := range e.Rows {
		rows[row.ID]++
	}
	for _, id := range e.Handled {
		handled[id] = true
	}
	saved := 0
	for id := range present {
		if rows[id] != 1 || !handled[id] {
			t.Errorf("%s is in the lake %d times, handled: %v", id, rows[id], handled[id])
		}
	}
	for id := range gone {
		saved += rows[id]
		if rows[id] > 1 {
			t.Errorf("%s, which vanished, is in the lake %d times", id, rows[id])
		}
	}
	told := uint64(0)
	for log, v := range e.Plans {
		told += v.Lost
		if len(v.Problems) > 0 {
			t.Errorf("log %s: %+v", log, v)
		}
	}
	t.Logf("%d acknowledged, %d present; %d vanished, %d reported, %d of them in the lake, %d lost by plans", len(acked), len(present), len(gone), len(lost), saved, told)
}

// compare compares what vanished with what was reported.
func compare(t *testing.T, gone, lost map[string]string) {
	t.Helper()
	unreported, present := 0, 0
	var which string
	for id, entry := range gone {
		if got, ok := lost[id]; !ok {
			unreported++
			which = fmt.Sprint(id, " ", entry)
		} else if got != entry {
			t.Errorf("%s was acknowledged as %q and is reported as %q", id, entry, got)
		}
	}
	for id, entry := range lost {
		if _, ok := gone[id]; !ok {
			present++
			which = fmt.Sprint(id, " ", entry)
		}
	}
	if unreported > 0 || present > 0 {
		t.Errorf("of %d that vanished %d aren't reported, and %d are reported that are there; such as %s", len(gone), unreported, present, which)
	}
}
