package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"runtime/metrics"
	"runtime/pprof"
	"time"

	"github.com/carebus/carebus/internal/cputime"
)

// A runner measures scenarios.
type runner struct {
	options options
	log     io.Writer // progress
}

// An outcome is all samples of one contender.
type outcome struct {
	contender string
	samples   []sample
}

// measure lets a scenario's contenders run in turn and returns their samples,
// in the scenario's order. A contender that can't run on this machine is left
// out, with a word in the log.
func (r *runner) measure(ctx context.Context, s scenario) ([]outcome, error) {
	fmt.Fprintf(r.log, "%s:", s.name)
	defer fmt.Fprintln(r.log)
	var running []contender
	var events []int
	for _, c := range s.contenders {
		n, err := r.calibrate(ctx, s, c)
		var skip *skipError
		if errors.As(err, &skip) {
			fmt.Fprintf(r.log, " [%s left out: %s]", c.name(), skip.reason)
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", c.name(), err)
		}
		running, events = append(running, c), append(events, n)
	}
	outcomes := make([]outcome, len(running))
	for range r.options.rounds {
		for i, c := range running {
			got, err := r.once(ctx, c, events[i])
			if err != nil {
				return nil, fmt.Errorf("%s: %w", c.name(), err)
			}
			outcomes[i].contender = c.name()
			outcomes[i].samples = append(outcomes[i].samples, got)
			fmt.Fprint(r.log, " ", c.name())
		}
	}
	return outcomes, nil
}

const (
	firstEvents      = 1000 // of the first run, which also warms up
	defaultMaxEvents = 300_000
)

// calibrate returns how many events of c take as long as a sample should. The
// runs it needs to find out warm c up.
func (r *runner) calibrate(ctx context.Context, s scenario, c contender) (int, error) {
	if s.events > 0 {
		_, err := r.once(ctx, c, min(s.events, firstEvents))
		return s.events, err
	}
	most := s.maxEvents
	if most == 0 {
		most = defaultMaxEvents
	}
	for n := min(firstEvents, most); ; {
		got, err := r.once(ctx, c, n)
		if err != nil {
			return 0, err
		}
		next := eventsFor(n, got.elapsed, r.options.sample)
		if got.elapsed >= r.options.sample/4 || n == most {
			return min(next, most), nil
		}
		n = min(next, 10*n, most)
	}
}

// eventsFor returns how many events take as long as target, when n took
// elapsed; 1 or more.
func eventsFor(n int, elapsed, target time.Duration) int {
	return max(1, int(float64(n)*float64(target)/float64(max(elapsed, time.Microsecond))))
}

// once runs a contender on a heap without garbage of the one before. In CPU
// profiles its samples have its name as the label contender.
func (r *runner) once(ctx context.Context, c contender, n int) (s sample, err error) {
	if err := ctx.Err(); err != nil {
		return s, err
	}
	runtime.GC()
	pprof.Do(ctx, pprof.Labels("contender", c.name()), func(ctx context.Context) { s, err = c.run(ctx, n) })
	return s, err
}

// A stopwatch measures the work of a contender.
type stopwatch struct {
	began  time.Time
	cpu    time.Duration
	allocs uint64
}

func startWatch() stopwatch {
	return stopwatch{allocs: allocated(), cpu: cputime.Used(), began: time.Now()}
}

// stop returns a sample of n events with the time since the start.
func (w stopwatch) stop(n int) sample {
	elapsed := time.Since(w.began)
	return sample{events: n, elapsed: elapsed, cpu: cputime.Used() - w.cpu, allocs: allocated() - w.allocs}
}

// allocated is how many objects this process has allocated.
func allocated() uint64 {
	counts := []metrics.Sample{{Name: "/gc/heap/allocs:objects"}, {Name: "/gc/heap/tiny/allocs:objects"}}
	metrics.Read(counts)
	return counts[0].Value.Uint64() + counts[1].Value.Uint64()
}
