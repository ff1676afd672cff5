package main

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"
)

const (
	syncCallers  = 64  // of publish_sync_64 and publish_10k
	batchCallers = 2   // of publish_batch
	batchEvents  = 256 // in a batch of theirs
	pacedRate    = 10_000
)

// publishSyncScenario is 64 callers, each of which publishes one event after
// another and waits for its acknowledgement.
func publishSyncScenario(env *testbed) scenario {
	return scenario{
		name:    "publish_sync_64",
		metrics: []metric{eventsPerSecond("publish_sync_64"), p99("publish_sync_64_p99"), cpuPerEvent("cpu_ns_per_event")},
		contenders: publishContenders(env, syncCallers, func(ctx context.Context, p publisher, n int) (sample, error) {
			return fromCallers(ctx, syncCallers, n, 0, p.publish)
		}),
	}
}

// publishBatchScenario is 2 callers, each of which publishes one batch of 256
// events after another.
func publishBatchScenario(env *testbed) scenario {
	return scenario{
		name:    "publish_batch",
		metrics: []metric{eventsPerSecond("publish_batch")},
		contenders: publishContenders(env, batchCallers, func(ctx context.Context, p publisher, n int) (sample, error) {
			return inBatches(ctx, p, n, batchEvents)
		}),
	}
}

// publishPacedScenario is 10,000 events a second, published when they are due.
func publishPacedScenario(env *testbed, o options) scenario {
	return scenario{
		name:    "publish_10k",
		metrics: []metric{p99("publish_10k_p99")},
		events:  int(pacedRate * max(o.sample, time.Second).Seconds()),
		contenders: publishContenders(env, syncCallers, func(ctx context.Context, p publisher, n int) (sample, error) {
			return fromCallers(ctx, syncCallers, n, pacedRate, p.publish)
		}),
	}
}

// publishContenders returns the publishers, each of which does work.
func publishContenders(env *testbed, callers int, work func(context.Context, publisher, int) (sample, error)) []contender {
	var all []contender
	for _, p := range publishers {
		all = append(all, newContender(p.name, func(ctx context.Context, n int) (sample, error) {
			return measurePublish(ctx, env, n, callers, work, func() (publisher, error) { return p.open(ctx, env, env.work, callers) })
		}))
	}
	return all
}

// measurePublish measures work with a publisher whose connections are open and makes
// sure that n events arrived.
func measurePublish(ctx context.Context, env *testbed, n, callers int, work func(context.Context, publisher, int) (sample, error), open func() (publisher, error)) (s sample, err error) {
	if err := env.reset(ctx); err != nil {
		return s, err
	}
	p, err := open()
	if err != nil {
		return s, err
	}
	defer func() { err = errors.Join(err, p.close()) }()
	warm := 4 * callers
	if _, err := fromCallers(ctx, callers, warm, 0, p.publish); err != nil {
		return s, err
	}
	if s, err = work(ctx, p, n); err != nil {
		return s, err
	}
	total, err := env.entries(ctx)
	if err != nil {
		return s, err
	}
	return s, checkArrived(total-warm, n)
}

// newLatencies returns a histogram of nanoseconds, to a minute, with three
// digits.
func newLatencies() *hdrhistogram.Histogram {
	return hdrhistogram.New(100, time.Minute.Nanoseconds(), 3)
}

// fromCallers has publish called n times by so many goroutines.
//
// With a rate above 0, each event is due at a time of its own and its latency
// counts from there: what waits because others were slow is slow too, so that
// nothing is omitted when a stall holds up those who would have measured it
// (no coordinated omission). Without, it counts from the call.
func fromCallers(ctx context.Context, callers, n, rate int, publish func(context.Context, int) error) (sample, error) {
	latencies := make([]*hdrhistogram.Histogram, callers)
	for i := range latencies {
		latencies[i] = newLatencies()
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var next atomic.Int64
	var wg sync.WaitGroup
	watch := startWatch()
	for _, mine := range latencies {
		wg.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= n || ctx.Err() != nil {
					return
				}
				from := time.Now()
				if rate > 0 {
					from = dueTime(watch.began, i, rate)
					time.Sleep(time.Until(from))
				}
				if err := publish(ctx, i); err != nil {
					cancel(err)
					return
				}
				_ = mine.RecordValue(min(time.Since(from), time.Minute).Nanoseconds()) // it is in range
			}
		})
	}
	wg.Wait()
	s := watch.stop(n)
	s.latency = newLatencies()
	for _, l := range latencies {
		s.latency.Merge(l)
	}
	return s, context.Cause(ctx)
}

// dueTime is when the i-th of rate events a second is due.
func dueTime(began time.Time, i, rate int) time.Time {
	return began.Add(time.Duration(int64(i) * int64(time.Second) / int64(rate)))
}

// inBatches has n events published by 2 callers, size at a time.
func inBatches(ctx context.Context, p publisher, n, size int) (sample, error) {
	batches := (n + size - 1) / size
	publish := func(ctx context.Context, b int) error {
		return p.publishBatch(ctx, b*size, min(size, n-b*size))
	}
	s, err := fromCallers(ctx, batchCallers, batches, 0, publish)
	s.events = n
	return s, err
}
