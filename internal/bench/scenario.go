package main

import (
	"context"
	"fmt"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"
)

// A contender is one way of doing a scenario's work.
type contender interface {
	// name is what reports call it; the first contender of a scenario is carebus.
	name() string
	// run does the work for n events. It prepares, checks and cleans up outside
	// of the time it measures, and fails unless every one of the n events
	// arrived. A *skipError says that it can't run on this machine.
	run(ctx context.Context, n int) (sample, error)
}

// carebusName is the contender whom the others are compared with.
const carebusName = "carebus"

// newContender makes a contender of a function.
func newContender(name string, run func(ctx context.Context, n int) (sample, error)) contender {
	return contenderFunc{name, run}
}

type contenderFunc struct {
	called string
	f      func(context.Context, int) (sample, error)
}

func (c contenderFunc) name() string                                   { return c.called }
func (c contenderFunc) run(ctx context.Context, n int) (sample, error) { return c.f(ctx, n) }

// A skipError says why a contender can't run here.
type skipError struct{ reason string }

func (e *skipError) Error() string { return e.reason }

// A sample is what one run of a contender took.
type sample struct {
	events  int
	bytes   int64 // of input, where speed is told in bytes
	elapsed time.Duration
	cpu     time.Duration // user and system time of this process
	allocs  uint64        // objects that this process allocated
	latency *hdrhistogram.Histogram
	note    string // what a reader of the figure should know
}

// A metric is a figure of a sample.
type metric struct {
	name, unit    string
	lowerIsBetter bool
	of            func(sample) float64
}

// metricNames are the names of all metrics, in the order of reports. They are
// a contract: tools read them.
var metricNames = []string{
	"publish_sync_64", "publish_sync_64_p99", "publish_batch", "publish_10k_p99",
	"consume", "lake_snappy", "scrub_json", "scrub_text", "cpu_ns_per_event",
}

func eventsPerSecond(name string) metric {
	return metric{name, "events/s", false, func(s sample) float64 { return float64(s.events) / s.elapsed.Seconds() }}
}

func megabytesPerSecond(name string) metric {
	return metric{name, "MB/s", false, func(s sample) float64 { return float64(s.bytes) / 1e6 / s.elapsed.Seconds() }}
}

func p99(name string) metric {
	return metric{name, "µs", true, func(s sample) float64 { return float64(s.latency.ValueAtQuantile(99)) / 1e3 }}
}

func cpuPerEvent(name string) metric {
	return metric{name, "ns", true, func(s sample) float64 { return float64(s.cpu.Nanoseconds()) / float64(s.events) }}
}

// A scenario is one kind of work, done by each of its contenders.
type scenario struct {
	name       string
	metrics    []metric
	contenders []contender
	// events is how many events each run has, when that is given; else as many
	// as take options.sample, and no more than maxEvents.
	events, maxEvents int
}

// scenarios returns all of them.
func scenarios(env *testbed, o options) []scenario {
	return []scenario{
		publishSyncScenario(env),
		publishBatchScenario(env),
		publishPacedScenario(env, o),
		consumeScenario(env),
		lakeScenario(env),
		scrubScenario(env, jsonCorpus),
		scrubScenario(env, textCorpus),
	}
}

// checkArrived fails unless the number of events that got to where they were sent
// is what it must be.
func checkArrived(got, want int) error {
	if got != want {
		return fmt.Errorf("%d events arrived, not %d", got, want)
	}
	return nil
}
