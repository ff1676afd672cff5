package main

import (
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"time"
)

// fake is a contender that takes a fixed time for each event, by its own word.
func fake(name string, perEvent time.Duration, runs *[]string) contender {
	return newContender(name, func(_ context.Context, n int) (sample, error) {
		*runs = append(*runs, name)
		return sample{events: n, elapsed: time.Duration(n) * perEvent}, nil
	})
}

func testRunner(log io.Writer) *runner {
	return &runner{options: options{rounds: 3, sample: 100 * time.Millisecond}, log: log}
}

// Contenders take turns, so that a machine that slows down slows all of them.
func TestMeasureInTurn(t *testing.T) {
	var runs []string
	s := scenario{name: "s", events: 10, contenders: []contender{fake("a", time.Second, &runs), fake("b", time.Second, &runs)}}
	outcomes, err := testRunner(io.Discard).measure(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	const warmups = 2
	if got := strings.Join(runs[warmups:], " "); got != "a b a b a b" {
		t.Errorf("ran %s", got)
	}
	for i, name := range []string{"a", "b"} {
		if o := outcomes[i]; o.contender != name || len(o.samples) != 3 || o.samples[0].events != 10 {
			t.Errorf("outcome %d: %+v", i, o)
		}
	}
}

func TestMeasureLeavesOutWhoCantRun(t *testing.T) {
	var runs []string
	var log strings.Builder
	s := scenario{name: "s", contenders: []contender{
		fake(carebusName, time.Millisecond, &runs),
		newContender("absent", func(context.Context, int) (sample, error) { return sample{}, &skipError{"node is not installed"} }),
		fake("c", time.Millisecond, &runs),
	}}
	outcomes, err := testRunner(&log).measure(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	if len(outcomes) != 2 || outcomes[1].contender != "c" || len(outcomes[1].samples) != 3 {
		t.Errorf("outcomes: %+v", outcomes)
	}
	if !strings.Contains(log.String(), "absent left out: node is not installed") {
		t.Errorf("the log doesn't tell: %s", log.String())
	}
}

// A figure that can't be trusted is no figure: an error ends the run.
func TestMeasureFails(t *testing.T) {
	lost := errors.New("events were lost")
	for _, after := range []int{0, 2} {
		n := 0
		s := scenario{name: "s", events: 10, contenders: []contender{newContender("a", func(context.Context, int) (sample, error) {
			if n++; n > after {
				return sample{}, lost
			}
			return sample{events: 10, elapsed: time.Second}, nil
		})}}
		if _, err := testRunner(io.Discard).measure(t.Context(), s); !errors.Is(err, lost) {
			t.Errorf("after %d runs: %v", after, err)
		}
	}
}

func TestCalibrate(t *testing.T) {
	for _, c := range []struct {
		name     string
		perEvent time.Duration
		most     int
		want     int
	}{
		{"fast", time.Microsecond, 0, 100_000},
		{"slow", 10 * time.Millisecond, 0, 10},
		{"slower than a sample", time.Second, 0, 1},
		{"bounded", time.Nanosecond, 5000, 5000},
	} {
		var runs []string
		s := scenario{maxEvents: c.most}
		got, err := testRunner(io.Discard).calibrate(t.Context(), s, fake("a", c.perEvent, &runs))
		if err != nil || got != c.want {
			t.Errorf("%s: %d events, %v; want %d", c.name, got, err, c.want)
		}
		if len(runs) > 6 {
			t.Errorf("%s: took %d runs", c.name, len(runs))
		}
	}
}

func TestMetrics(t *testing.T) {
	s := sample{events: 1000, bytes: 5_000_000, elapsed: 500 * time.Millisecond, cpu: 2 * time.Millisecond, latency: newLatencies()}
	for range 980 {
		_ = s.latency.RecordValue(50_000)
	}
	for range 20 {
		_ = s.latency.RecordValue(3_000_000)
	}
	for _, c := range []struct {
		m    metric
		want float64
	}{
		{eventsPerSecond(""), 2000}, {megabytesPerSecond(""), 10}, {cpuPerEvent(""), 2000}, {p99(""), 3000},
	} {
		if got := c.m.of(s); got < c.want*0.999 || got > c.want*1.001 {
			t.Errorf("%v %s, want %v", got, c.m.unit, c.want)
		}
	}
}

func TestArrivals(t *testing.T) {
	for _, c := range []struct {
		name string
		ids  string
		ok   bool
	}{
		{"all", "a b c", true}, {"one lost", "a b", false}, {"one twice", "a b b", false}, {"one too many", "a b c d", false}, {"none", "", false},
	} {
		if err := distinct(strings.Fields(c.ids), 3); (err == nil) != c.ok {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

func TestContextEndsMeasure(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	var runs []string
	s := scenario{name: "s", events: 1, contenders: []contender{fake("a", time.Second, &runs), newContender("b", func(context.Context, int) (sample, error) {
		cancel()
		return sample{elapsed: 1}, nil
	})}}
	if _, err := testRunner(io.Discard).measure(ctx, s); !errors.Is(err, context.Canceled) {
		t.Errorf("measure: %v", err)
	}
	if slices.Contains(runs[1:], "a") {
		t.Error("went on")
	}
}
