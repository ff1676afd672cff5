package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/cenkalti/backoff/v5"

	"github.com/carebus/carebus/etl"
	"github.com/carebus/carebus/eventbus"
	"github.com/carebus/carebus/phi"
	"github.com/carebus/carebus/schema"
)

// The bus and the lake know each other through these lines alone.
var (
	_ eventbus.Scrubber = (*phi.Scrubber)(nil)
	_ etl.Log           = (*eventbus.Log)(nil)
)

// How many events one round trip to Redis carries, and how many bytes of input.
const (
	publishBatch      = 256
	publishBatchBytes = 4 << 20
)

// drainTimeout bounds what is done after a signal to stop.
const drainTimeout = 2 * time.Minute

// A job is one run: an input published while a lake is filled from the bus.
type job struct {
	bus      *eventbus.Bus
	input    *input
	pipeline *etl.Pipeline
	out      *reporter
	strict   bool

	published, rejected int
	duplicates          int // of those published, what the bus had already
	handled             atomic.Int64
	began               time.Time

	mu      sync.Mutex // guards what the pipeline's goroutine reports
	commits []etl.Commit
}

// openLake sets up the pipeline from the bus into sink. The lake has a scrubber
// of its own: whatever stands in Redis may have been written by others.
func (j *job) openLake(ctx context.Context, sink etl.Sink, cfg phi.Config, environment string) error {
	scrubber, err := phi.New(cfg)
	if err != nil {
		return err
	}
	logs, err := j.bus.CurrentLogs(ctx)
	if err != nil {
		return err
	}
	j.pipeline, err = etl.New(etl.Config{
		Logs:        etl.Logs(logs),
		MoreLogs:    etl.MoreLogs(j.bus.CurrentLogs), // there may be more shards
		Sink:        sink,
		Environment: environment,
		Logger:      j.out.logger(),
		Scrubber: etl.CountFunc(func(dst, event []byte) ([]byte, map[string]int, error) {
			dst, report, err := scrubber.ScrubEvent(dst, event)
			return dst, report.Map(), err
		}),
		OnCommit: func(c etl.Commit) {
			j.mu.Lock()
			defer j.mu.Unlock()
			j.commits = append(j.commits, c)
		},
	})
	return err
}

// run publishes the input and carries it into the lake, side by side, until the
// input ends or ctx is done; then it drains.
func (j *job) run(ctx context.Context) error {
	j.began = time.Now()
	background, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	var helpers sync.WaitGroup
	var pipelineErr, consumerErr error
	helpers.Go(func() { pipelineErr = j.pipeline.Run(background) })
	if j.input.simulated {
		helpers.Go(func() { consumerErr = j.consume(background) })
	}

	publishErr := j.publish(ctx)
	if j.input.simulated && ctx.Err() == nil {
		j.waitForConsumer(ctx)
	}
	stop()
	helpers.Wait()

	drain, cancel := context.WithTimeout(context.WithoutCancel(ctx), drainTimeout)
	defer cancel()
	drainErr := j.pipeline.Drain(drain)
	if drainErr != nil {
		drainErr = fmt.Errorf("the lake doesn't have all that was published: %w", drainErr)
	}
	return errors.Join(publishErr, pipelineErr, consumerErr, drainErr)
}

// publish sends the input in batches. A batch that Redis did not acknowledge is
// sent again: its events keep their ids, so none is written twice.
func (j *job) publish(ctx context.Context) error {
	var batch []schema.Envelope
	var lines []int
	var sent int64 // of j.input.text
	limit := publishBatch
	if j.strict {
		limit = 1 // so that nothing behind a line that the bus refuses is published
	}
	flush := func() error {
		err := j.send(ctx, lines, batch)
		clear(batch)
		batch, lines, sent = batch[:0], lines[:0], j.input.text
		j.out.progress(j.input.done())
		return err
	}
	for {
		e, line, err := j.input.next(ctx)
		var bad *lineError
		switch {
		case errors.Is(err, errEnd), err != nil && ctx.Err() != nil:
			return flush()
		case errors.As(err, &bad):
			if err := j.reject(bad.line, bad.reason); err != nil {
				return errors.Join(flush(), err)
			}
			continue
		case err != nil:
			return errors.Join(flush(), err)
		}
		e.ID = cmp.Or(e.ID, schema.NewID())
		batch, lines = append(batch, e), append(lines, line)
		if len(batch) == limit || j.input.text-sent >= publishBatchBytes || !j.input.ready() {
			if err := flush(); err != nil {
				return err
			}
		}
	}
}

// send publishes a batch, again and again while Redis is away, and reports the
// events that the bus refuses.
func (j *job) send(ctx context.Context, lines []int, batch []schema.Envelope) error {
	if len(batch) == 0 {
		return nil
	}
	var refused error
	first := true // what a later try finds there may be what this run wrote
	_, err := backoff.Retry(ctx, func() (struct{}, error) {
		defer func() { first = false }()
		receipts, err := j.bus.PublishBatch(context.WithoutCancel(ctx), batch)
		var failed schema.BatchError
		if err != nil && !errors.As(err, &failed) {
			if errors.Is(err, eventbus.ErrUnavailable) {
				return struct{}{}, err
			}
			return struct{}{}, backoff.Permanent(err)
		}
		var again []schema.Envelope
		var againLines []int
		var retry error
		for i := range batch {
			switch cause := error(nil); {
			case failed == nil || failed[i] == nil:
				j.published++
				if first && receipts[i].Duplicate {
					j.duplicates++
				}
			case retryable(failed[i]):
				retry = failed[i]
				again, againLines = append(again, batch[i]), append(againLines, lines[i])
			default:
				if cause = j.reject(lines[i], failed[i]); cause != nil && refused == nil {
					refused = cause
				}
			}
		}
		batch, lines = again, againLines
		return struct{}{}, retry
	},
		backoff.WithMaxElapsedTime(0),
		backoff.WithNotify(func(err error, wait time.Duration) {
			j.out.note("publish: %v; again in %v", err, wait.Round(time.Millisecond))
		}),
	)
	if err != nil && ctx.Err() != nil {
		err = fmt.Errorf("%d events were not published when the run was stopped: %w", len(batch), err)
	}
	return errors.Join(err, refused)
}

// retryable reports whether the same event may succeed later.
func retryable(err error) bool {
	return errors.Is(err, eventbus.ErrUnavailable) || errors.Is(err, eventbus.ErrBusFull)
}

// reject counts and reports a bad line; with -strict it ends the run.
func (j *job) reject(line int, reason error) error {
	j.rejected++
	j.out.note("%s %d refused: %v", j.input.unit, line, reason)
	if j.strict {
		return fmt.Errorf("%s %d was refused and -strict is set", j.input.unit, line)
	}
	return nil
}

// consume is a service of the practice: it handles every event in a consumer group.
func (j *job) consume(ctx context.Context) error {
	consumer, err := j.bus.Subscribe(eventbus.ConsumerConfig{Group: "practice-desk"})
	if err != nil {
		return err
	}
	return consumer.Run(ctx, eventbus.HandlerFunc(func(_ context.Context, events []schema.Envelope) error {
		j.handled.Add(int64(len(events)))
		return nil
	}))
}

// waitForConsumer gives the consumer group a moment to see the last events.
func (j *job) waitForConsumer(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for j.handled.Load() < int64(j.published) {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}
