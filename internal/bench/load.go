package main

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"time"

	"github.com/carebus/carebus/eventbus"
	"github.com/carebus/carebus/phi"
	"github.com/carebus/carebus/schema"
)

// loadCallers are those of the load curves: more than publish_sync_64 has, so
// that events that are due find one.
const loadCallers = 256

// loadCurves offer each publisher 50 % and 80 % of what it has shown to take.
func loadCurves(ctx context.Context, env *testbed, r *runner) ([]curve, error) {
	s := scenario{name: "capacity", contenders: publishContenders(env, loadCallers, func(ctx context.Context, p publisher, n int) (sample, error) {
		return fromCallers(ctx, loadCallers, n, 0, p.publish)
	})}
	outcomes, err := r.measure(ctx, s)
	if err != nil {
		return nil, err
	}
	rate, m := eventsPerSecond(""), p99("")
	capacity := curve{Name: "capacity with 256 callers", X: "% of capacity"}
	capacity.add(100, rate, outcomes)
	latency := curve{Name: "publish p99 by load", X: "% of capacity"}
	for _, percent := range []int{50, 80} {
		var measured []outcome
		for i, o := range outcomes {
			offered := int(spreadOfSamples(rate, o.samples).Median * float64(percent) / 100)
			s := scenario{
				name:   fmt.Sprintf("%s at %d %%, %d events/s", o.contender, percent, offered),
				events: int(float64(offered) * r.options.sample.Seconds()),
				contenders: publishContenders(env, loadCallers, func(ctx context.Context, p publisher, n int) (sample, error) {
					return fromCallers(ctx, loadCallers, n, offered, p.publish)
				})[i : i+1],
			}
			got, err := r.measure(ctx, s)
			if err != nil {
				return nil, err
			}
			measured = append(measured, got...)
		}
		latency.add(percent, m, measured)
	}
	return []curve{capacity, latency}, nil
}

// memoryCurve measures what a consumer that waits for events holds: heap and
// stacks of this process.
func memoryCurve(ctx context.Context, env *testbed, _ *runner) ([]curve, error) {
	c := curve{Name: "memory of a waiting consumer", X: "consumers", Unit: "KB each"}
	for _, consumers := range []int{1, 16, 64} {
		bytes, err := consumerMemory(ctx, env, consumers)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", c.Name, err)
		}
		c.Points = append(c.Points, point{
			X: consumers, Figures: map[string]float64{carebusName: float64(bytes) / 1e3 / float64(consumers)}, order: []string{carebusName},
		})
	}
	return []curve{c}, nil
}

// consumerMemory returns what so many consumers of one bus hold, each of
// which has handled some events.
func consumerMemory(ctx context.Context, env *testbed, consumers int) (held int, err error) {
	if err := env.reset(ctx); err != nil {
		return 0, err
	}
	scrubber, err := newScrubber(phi.Operational)
	if err != nil {
		return 0, err
	}
	client := env.client(2*consumers + 16)
	defer client.Close()
	bus, err := eventbus.Open(ctx, eventbus.Config{Client: client, Environment: environment, Scrubber: scrubber})
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, bus.Close()) }()
	const events = 2000
	if err := env.fillBus(ctx, bus)(events); err != nil {
		return 0, err
	}
	before := liveMemory()
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	ended := make(chan error, consumers)
	for i := range consumers {
		// A group for each, so that each is given every event.
		consumer, err := bus.Subscribe(eventbus.ConsumerConfig{Group: fmt.Sprintf("%s-%d", group, i)})
		if err != nil {
			return 0, err
		}
		go func() {
			ended <- consumer.Run(ctx, eventbus.HandlerFunc(func(context.Context, []schema.Envelope) error { return nil }))
		}()
	}
	for bus.Stats().Handled < uint64(consumers*events) {
		time.Sleep(time.Millisecond)
	}
	held = liveMemory() - before
	stop()
	for range consumers {
		err = errors.Join(err, <-ended)
	}
	return max(held, 0), err
}

// liveMemory returns the bytes of live heap objects and stacks.
func liveMemory() int {
	runtime.GC()
	runtime.GC() // what pools kept is gone after two
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int(m.HeapAlloc + m.StackInuse)
}
