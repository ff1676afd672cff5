package faults

import (
	"encoding/json"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/carebus/carebus/etl"
	"github.com/carebus/carebus/internal/sleep"
)

// TestSharedLake: sink processes share eight shards by leases under load; one
// joins, one dies. Each event is in the lake once, and what the sinks say of
// watermark and lag is true to within a second.
func TestSharedLake(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	const load = 9 * time.Second
	r := Start(t, Scenario{
		Name: "shared", For: load, Shards: 8, Lake: "dir", Publishers: Publishers{Count: 1, Subjects: 97, Rate: 1200},
		Sinks: Sinks{Count: 3, Batch: 200, Age: 300 * time.Millisecond, Lease: 2 * time.Second},
	}, "")
	sleep.For(t.Context(), load/3)
	r.Scenario.Sinks.Count++
	joined := r.startProcess("sink-3")
	sleep.For(t.Context(), load/3)
	r.processes["sink-0"].Kill()
	sleep.For(t.Context(), load/3)
	r.Settle()
	if v := r.Evidence().Judge(); len(v.Charges) > 0 {
		t.Error(v)
	}

	told := map[string][]Report{}
	var all []Report
	for name := range r.trails {
		told[name] = r.readReports(t, name)
		all = append(all, told[name]...)
	}
	history := newHistory(t, r, all)
	samples, untrue := 0, 0
	for name, reports := range told {
		worst, looked, wrong, held := history.compare(reports)
		samples, untrue = samples+looked, untrue+wrong
		t.Logf("%s: up to %d shards; in %d samples of a shard, off by up to %v", name, held, looked, worst)
		if held == 0 {
			t.Errorf("%s carried nothing", name)
		}
		if wrong > 0 {
			t.Logf("%s: in %d of %d samples, lag or watermark were off by more than a second", name, wrong, looked)
		}
	}
	// On a machine that does other things too, a server may be slow to answer. A sink
	// that was killed early has so few samples that one would tell against it.
	if untrue*20 > samples {
		t.Errorf("in %d of %d samples, lag or watermark were off by more than a second", untrue, samples)
	}
	if len(told[joined.Name]) == 0 {
		t.Error("the sink that joined reports nothing")
	}
}

// readReports returns what a sink reported.
func (r *Run) readReports(t *testing.T, name string) []Report {
	t.Helper()
	text, err := os.ReadFile(r.reports(name))
	if err != nil {
		t.Fatal(err)
	}
	var all []Report
	for line := range strings.Lines(string(text)) {
		var report Report
		if json.Unmarshal([]byte(line), &report) == nil { // the last line may be cut
			all = append(all, report)
		}
	}
	return all
}

// A history is what really happened, by shard.
type history struct {
	published map[string][]time.Time // of each entry, in order
	commits   map[string][]committed
}

type committed struct {
	at   time.Time
	last time.Time // publishing time of the last entry taken in
}

func newHistory(t *testing.T, r *Run, reports []Report) *history {
	t.Helper()
	h := &history{map[string][]time.Time{}, map[string][]committed{}}
	for _, l := range r.Bus.Logs() {
		for after := ""; ; {
			entries, err := l.Read(t.Context(), after, 1000)
			if err != nil {
				t.Fatal(err)
			}
			if len(entries) == 0 {
				break
			}
			for _, e := range entries {
				h.published[l.Name()] = append(h.published[l.Name()], publishedAt(t, e.ID))
			}
			after = entries[len(entries)-1].ID
		}
	}
	for _, rep := range reports {
		if c := rep.Commit; c != nil {
			h.commits[c.Log] = append(h.commits[c.Log], committed{rep.At, publishedAt(t, c.Last)})
		}
	}
	return h
}

func publishedAt(t *testing.T, id string) time.Time {
	ms, _, _ := strings.Cut(id, "-")
	n, err := strconv.ParseInt(ms, 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return time.UnixMilli(n)
}

// lag is the age of the oldest entry of a shard that was published but not
// committed at a time.
func (h *history) lag(log string, at time.Time) time.Duration {
	var done time.Time
	for _, c := range h.commits[log] {
		if !c.at.After(at) && c.last.After(done) {
			done = c.last
		}
	}
	for _, p := range h.published[log] {
		if p.After(done) && !p.After(at) {
			return at.Sub(p)
		}
	}
	return 0
}

// settled is how long a sink is not asked about a shard after it took it on,
// since it has yet to read the cursor and the first entries, and after its
// reports were late, since a process without a processor can't tell the truth.
const settled = time.Second

// lateReport is when the next report, due after 100 ms, is late.
const lateReport = 250 * time.Millisecond

// compare compares the lag and the watermark that a sink told with what
// happened. It returns by how much one was off at worst, in how many samples of
// a shard, in how many by more than a second, and the most shards held.
func (h *history) compare(reports []Report) (worst time.Duration, samples, untrue, held int) {
	since := map[string]time.Time{}
	var previous time.Time
	for _, rep := range reports {
		if rep.Status == nil {
			continue
		}
		if rep.At.Sub(previous) > lateReport {
			clear(since)
		}
		previous = rep.At
		holds := 0
		for _, l := range rep.Status.Logs {
			if l.State == etl.StateStopped {
				delete(since, l.Log)
				continue
			}
			holds++
			if _, ok := since[l.Log]; !ok {
				since[l.Log] = rep.At
			}
			if rep.At.Sub(since[l.Log]) < settled || l.Watermark.IsZero() {
				continue
			}
			samples++
			lag := h.lag(l.Log, rep.At)
			off := max((lag - l.LagAge).Abs(), rep.At.Add(-lag).Sub(l.Watermark).Abs())
			worst = max(worst, off)
			if off > time.Second {
				untrue++
			}
		}
		held = max(held, holds)
	}
	return worst, samples, untrue, held
}
