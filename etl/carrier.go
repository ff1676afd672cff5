package etl

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/cenkalti/backoff/v5"

	"github.com/carebus/carebus/internal/sleep"
	"github.com/carebus/carebus/schema"
)

// errSink says that a sink failed.
var errSink = errors.New("etl: the sink failed")

// errSuperseded says that another writer was faster: look again, and go on.
var errSuperseded = errors.New("etl: another writer was faster")

// A carrier carries one log. Its work is a sequence of sessions; a session
// begins with the cursor and ends with the first error, so that whatever went
// wrong, what follows is what follows a crash. Within a session entries become
// batches, and batches plans with their objects:
//
//	source -> builder -> write -> commit
//
// What stands in the lake already comes first: a plan behind the cursor is
// adopted, and what a change of the log's history left over is reconciled.
type carrier struct {
	config *Config
	log    Log
	layout layout
	build  builder
	status logStatus
	logger *slog.Logger

	telemetry *instruments // nil: none

	carried     bool        // it has committed a plan of this lake
	progress    bool        // the session committed something, or settled an object
	unsure      *commit     // a commit whose answer was lost
	settled     []*result   // of the objects of the plan settledOf; nil where it isn't known
	settledOf   string      // SHA-256 of the plan, in hex
	othersPlan  string      // SHA-256 of a plan that may be another bus's
	othersSince time.Time   // when it was first seen
	free        chan *batch // those that nobody builds or writes
}

func newCarrier(config *Config, l Log) *carrier {
	c := &carrier{
		config: config, log: l,
		layout: newLayout(config.Prefix, config.Environment),
		build: builder{
			recordReader: recordReader{config.Scrubber, config.Environment, config.EventBytes, config.Transforms},
			partitioner:  timely{config.Partitioner, config.Times},
			encoder:      config.Encoder,
		},
		logger: config.Logger.With("log", l.Name()),
		free:   make(chan *batch, batches),
	}
	c.status.s = LogStatus{Log: l.Name(), State: StateStopped}
	for range batches {
		c.free <- newBatch()
	}
	return c
}

// run carries until ctx is done.
func (c *carrier) run(ctx context.Context) {
	pause := newPause()
	for ctx.Err() == nil {
		err := c.session(ctx, false)
		if ctx.Err() != nil {
			return
		}
		c.retry(ctx, err, pause)
	}
}

// drain carries until the log is empty.
func (c *carrier) drain(ctx context.Context) error {
	pause := newPause()
	var outage error // of the tries since the last progress, before ctx was done
	for {
		err := c.session(ctx, true)
		if c.progress {
			outage = nil
		}
		switch {
		case err == nil:
			return nil
		case ctx.Err() != nil:
			if outage == nil && !isContextEnd(err) {
				outage = err
			}
			return errors.Join(ctx.Err(), outage)
		case classify(err) == ErrorPermanent, classify(err) == ErrorPlan, classify(err) == ErrorDisorder:
			c.fail(err)
			return err
		}
		if !errors.Is(err, errSuperseded) && (outage == nil || !errors.Is(err, errBreaker)) {
			outage = err
		}
		c.retry(ctx, err, pause)
		if ctx.Err() != nil {
			return errors.Join(ctx.Err(), outage)
		}
	}
}

// isContextEnd reports whether err says no more than that a context has ended.
func isContextEnd(err error) bool {
	return errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}

func newPause() *backoff.ExponentialBackOff {
	return &backoff.ExponentialBackOff{
		InitialInterval: 100 * time.Millisecond, RandomizationFactor: 0.5, Multiplier: 2, MaxInterval: 30 * time.Second,
	}
}

// retry waits before the next session.
func (c *carrier) retry(ctx context.Context, err error, pause *backoff.ExponentialBackOff) {
	// An address behind which two servers take turns changes its history again
	// and again: late plans are progress of a kind that must not go on fast.
	if c.progress && !errors.Is(err, errHistory) {
		pause.Reset()
	}
	if errors.Is(err, errSuperseded) {
		return
	}
	d := pause.NextBackOff()
	c.fail(err)
	c.logger.WarnContext(ctx, "etl: carrying stopped, will retry", "class", string(classify(err)), "error", err, "pause", d.Round(time.Millisecond).String())
	sleep.For(ctx, d)
}

// fail shows an error in the status.
func (c *carrier) fail(err error) {
	now := c.config.Now()
	c.status.update(func(s *LogStatus) {
		s.State, s.LastError, s.LastErrorAt = StateRetrying, classify(err), now
		s.Retries++
	})
}

func classify(err error) ErrorClass {
	switch {
	case errors.Is(err, ErrPlan):
		return ErrorPlan
	case errors.Is(err, errDisorder):
		return ErrorDisorder
	case errors.Is(err, ErrPermanent):
		return ErrorPermanent
	case errors.Is(err, errLog), errors.Is(err, errHistory):
		return ErrorLog
	}
	return ErrorSink
}

// session carries from the cursor on. Without an error it ends when drain is
// set and the log is empty.
func (c *carrier) session(ctx context.Context, drain bool) error {
	c.progress = false
	defer c.status.noteFailure()
	cursor, err := c.log.Cursor(ctx)
	if err != nil {
		return fmt.Errorf("%w: %s: %w", errLog, c.log.Name(), err)
	}
	c.settle(cursor)
	c.status.update(func(s *LogStatus) { s.Plan, s.Last = cursor.Plan, cursor.Last })
	previous, err := c.previous(ctx, cursor)
	if err != nil {
		return err
	}
	for {
		done, err := c.adoptNext(ctx, cursor, previous)
		if err != nil {
			return err
		}
		if done == nil {
			history, err := c.history(ctx, cursor)
			if err != nil {
				return err
			}
			if !changed(previous, history) {
				return c.stream(ctx, cursor, previous, history, drain)
			}
			if done, err = c.reconcile(ctx, cursor, previous, history); err != nil {
				return err
			}
		}
		if err := c.commit(ctx, done); err != nil {
			return err
		}
		cursor, previous = done.next, done.link
	}
}

// previous returns the link of the plan at the cursor.
func (c *carrier) previous(ctx context.Context, cursor schema.Cursor) (link, error) {
	if cursor.Plan == 0 {
		return link{}, nil
	}
	p, _, sum, err := c.plan(ctx, cursor.Plan)
	if errors.Is(err, ErrNotFound) {
		if c.carried {
			c.logger.ErrorContext(ctx, "etl: another pipeline carries this log into another lake, so that each gets a part of the events, or this lake's plans were deleted", "plan", cursor.Plan)
		} else {
			c.logger.WarnContext(ctx, "etl: the plan at the cursor is not in this lake; a new chain of plans begins", "plan", cursor.Plan)
		}
		return link{}, nil
	}
	if err != nil {
		return link{}, err
	}
	return p.link(sum), nil
}

// plan reads a plan of the lake.
func (c *carrier) plan(ctx context.Context, n uint64) (p *Plan, ids []entryID, sum string, err error) {
	raw, err := c.get(ctx, c.layout.plan(c.log.Name(), n))
	if err != nil {
		return nil, nil, "", err
	}
	p, ids, err = c.layout.parsePlan(raw, c.log.Name(), n)
	return p, ids, hashHex(raw), err
}

func (c *carrier) get(ctx context.Context, key string) ([]byte, error) {
	b, err := c.config.Sink.Get(ctx, key)
	if err != nil && !errors.Is(err, ErrNotFound) {
		err = fmt.Errorf("%w: get %s: %w", errSink, key, err)
	}
	return b, err
}

// put stores an object; exists says that its key was taken.
func (c *carrier) put(ctx context.Context, o Object) (exists bool, err error) {
	err = c.config.Sink.PutIfAbsent(ctx, o)
	if errors.Is(err, ErrExists) {
		return true, nil
	}
	if err != nil {
		err = fmt.Errorf("%w: put %s: %w", errSink, o.Key, err)
	}
	return false, err
}
