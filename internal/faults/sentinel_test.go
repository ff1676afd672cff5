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

	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	p := &reporting{acked: map[string]string{}, lost: map[string]string{}}
	for range 2 {
		p.start(t, ctx, url)
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
	p.publishing.Wait()

	present := inStreams(t, p.buses[0])
	redistest.Wait(t, "the reports", func() bool {
		failovers := uint64(0)
		for _, b := range p.buses {
			failovers += b.Stats().Failovers
		}
		return failovers >= 4 // of two shards by two
	})
	gone := map[string]string{}
	for id, entry := range p.acked {
		if !present[id] {
			gone[id] = entry
		}
	}
	p.mu.Lock()
	compare(t, gone, p.lost)
	p.mu.Unlock()
	if len(gone) == 0 {
		t.Error("nothing vanished: the replica wasn't behind")
	}

	r := &Run{Scenario: Scenario{Consumers: Consumers{Count: 2}}, Bus: p.buses[0], t: t}
	redistest.Wait(t, "all to be handled and carried", func() bool { return r.settled(t.Context()) })
	for _, process := range processes {
		if err := errors.Join(process.Revive(), process.Terminate()); err != nil {
			t.Error(err)
		}
		for _, text := range process.EndedAlone() {
			t.Errorf("a process ended by itself: %s", text)
		}
	}
	store, err := role.Lake.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var e Evidence
	if err := e.takeLake(t.Context(), store, p.buses[0]); err != nil {
		t.Fatal(err)
	}
	if e.Entries, err = ReadLedger(role.Ledger); err != nil {
		t.Fatal(err)
	}
	e.judgeFailover(t, present, gone)
	t.Logf("%d acknowledged, %d present; %d vanished, %d reported", len(p.acked), len(present), len(gone), len(p.lost))
}

// A reporting is what publishes on buses of its own, and what these report.
type reporting struct {
	buses      []*eventbus.Bus
	publishing sync.WaitGroup

	mu          sync.Mutex
	acked, lost map[string]string // entries by event
}

// start has a bus publish until ctx is done.
func (p *reporting) start(t *testing.T, ctx context.Context, url string) {
	t.Helper()
	scrubber, err := phi.New(phi.Config{Key: scrubKey, Profile: phi.Operational})
	if err != nil {
		t.Fatal(err)
	}
	bus, err := eventbus.Open(t.Context(), eventbus.Config{
		URL: url, Environment: Environment, Scrubber: scrubber, Shards: 2, Timeout: time.Minute,
		OnLoss: func(l eventbus.Loss) {
			p.mu.Lock()
			defer p.mu.Unlock()
			for _, r := range l.Lost {
				if _, told := p.lost[r.ID]; told {
					t.Errorf("%s is reported twice", r.ID)
				}
				p.lost[r.ID] = r.StreamID
			}
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { bus.Close() }) //nolint:errcheck // the test is over
	p.buses = append(p.buses, bus)
	for range 4 {
		p.publishing.Go(func() {
			for sleep.For(ctx, 4*time.Millisecond) {
				receipts, err := bus.PublishBatch(context.WithoutCancel(ctx), visits(3))
				if err != nil {
					t.Errorf("publish: %v", err)
					return
				}
				p.mu.Lock()
				for _, r := range receipts {
					p.acked[r.ID] = r.StreamID
				}
				p.mu.Unlock()
			}
		})
	}
}

// inStreams returns the ids of the events that stand in the streams, each once.
func inStreams(t *testing.T, bus *eventbus.Bus) map[string]bool {
	t.Helper()
	present := map[string]bool{}
	for _, l := range bus.Logs() {
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
	return present
}

// judgeFailover judges that what is present is handled, and in the lake once, and
// what is gone at most once.
func (e *Evidence) judgeFailover(t *testing.T, present map[string]bool, gone map[string]string) {
	t.Helper()
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
	t.Logf("%d of those that vanished are in the lake, %d lost by plans", saved, told)
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
