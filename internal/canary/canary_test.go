package canary

import (
	"strings"
	"syscall"
	"testing"
)

// check fails the test for each value that stands somewhere, and each place that
// holds nothing of the run.
func check(t *testing.T, places []place) {
	t.Helper()
	searched := map[string]bool{}
	size := 0
	for _, p := range places {
		if !strings.Contains(p.content, p.mark) {
			t.Errorf("%s: there is no %q, so nothing is shown", p.name, p.mark)
		}
		if searched[p.name] {
			continue
		}
		searched[p.name] = true
		size += len(p.content)
		for _, h := range search(p.name, []byte(p.content)) {
			t.Error(h)
		}
	}
	t.Logf("%d places, %d bytes, %d forms of %d values", len(searched), size, len(needles), len(canaries))
}

// TestNothingLeaks: whoever publishes, however, and whatever fails: no value of a
// canary comes out anywhere.
func TestNothingLeaks(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	t.Parallel()
	r := start(t)
	r.startSink()
	r.startWorker(worker{Publish: true})
	r.knock()
	r.settle()
	r.holdRequest()
	r.sink.bringDown(t, syscall.SIGQUIT)
	r.worker.bringDown(t, syscall.SIGABRT)
	check(t, append(append(r.serverFiles(), r.downstream("")...), r.screen()))
}

// TestStrangersEntriesStayInRedis: what is written into Redis past the bus stands
// there, and comes no further.
func TestStrangersEntriesStayInRedis(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	t.Parallel()
	r := start(t)
	r.startSink()
	r.intrude()
	r.startWorker(worker{})
	r.settle()
	r.send("GET", "/metrics", "", "")
	r.send("GET", "/api/events/bus/status", "", "")
	r.publish(asJSON, "{")
	r.sink.bringDown(t, syscall.SIGQUIT)
	r.worker.bringDown(t, syscall.SIGABRT)
	check(t, append(r.downstream("malformed"), r.screen()))
}

// TestCarelessIsFound: where nothing is scrubbed, the values are found in each
// place that they get to.
func TestCarelessIsFound(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	t.Parallel()
	r := start(t)
	r.startWorker(worker{Publish: true, Careless: true})
	r.settle()
	places := append(r.serverFiles(), r.others()...)
	places = append(places, r.lakePlaces("")...)
	places = append(places, place{"the worker's log", r.worker.stderr.String(), ""}, place{"spans and metrics", r.telemetry.String(), ""})
	rules := map[string]map[string]bool{}
	for _, p := range places {
		rules[p.name] = map[string]bool{}
		for _, h := range search(p.name, []byte(p.content)) {
			rules[p.name][h.needle.rule] = true
		}
	}
	found := func(part string) (most int) {
		for name, set := range rules {
			if strings.Contains(name, part) {
				most = max(most, len(set))
			}
		}
		return most
	}
	for part, least := range map[string]int{
		"dump.rdb": 18, ".incr.aof": 18, "MONITOR": 18, "the stream": 18, "the dead letters": 18, "the lake's rows": 18,
		"the worker's log": 18, "spans and metrics": 18, "the slow log": 1, // which cuts arguments
	} {
		if n := found(part); n < least {
			t.Errorf("%s: values of %d categories are found, want %d", part, n, least)
		}
	}
}
