package etl

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
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
// wrong, what follows is what follows a crash.
type carrier struct {
	config *Config
	log    Log
	layout layout
	build  builder
	status logStatus
	logger *slog.Logger

	telemetry *instruments // nil: none

	progress bool     // the session committed something
	unsure   *commit  // a commit whose answer was lost
	stored   sync.Map // sizes by key of the objects of plan storedOf that this carrier put
	storedOf uint64
	free     chan *batch
}

// A commit is what is known of a plan that is carried out.
type commit struct {
	next   schema.Cursor
	report Commit
	at     time.Time // publishing time of the last entry
	link   link
}

// A link is what a plan needs to know of the one before.
type link struct {
	hash    string // of the plan before; "" at the start of a chain
	history string
	more    bool
	guard   *PlanGuard
}

func (p *Plan) link(sum string) link { return link{sum, p.History, p.More, p.Guard} }

func newCarrier(config *Config, l Log) *carrier {
	c := &carrier{
		config: config, log: l,
		layout: newLayout(config.Prefix, config.Environment),
		build: builder{
			recordReader: recordReader{config.Scrubber, config.Environment, config.EventBytes, config.Times, config.Transforms},
			partitioner:  config.Partitioner,
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

// batches is how many batches of a log are in memory: one is written while the
// next is built. The entries of a third may be read by then.
const batches = 2

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
	for {
		err := c.session(ctx, true)
		switch {
		case err == nil:
			return nil
		case ctx.Err() != nil:
			if c.failing(err) {
				return errors.Join(ctx.Err(), err)
			}
			return ctx.Err()
		case classify(err) == ErrorPermanent, classify(err) == ErrorPlan, classify(err) == ErrorDisorder:
			c.fail(err)
			return err
		}
		c.retry(ctx, err, pause)
	}
}

// failing reports whether err is more than the end of a context.
func (c *carrier) failing(err error) bool {
	return !errors.Is(err, context.Canceled) && !errors.Is(err, context.DeadlineExceeded)
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
	c.logger.WarnContext(ctx, "etl: carrying stopped, will retry", "class", string(classify(err)), "error", err, "pause", d)
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
	defer c.status.failed()
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
		c.logger.WarnContext(ctx, "etl: the plan at the cursor is not in this lake; a new chain of plans begins", "plan", cursor.Plan)
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

// stream carries batch after batch. While one is written the next one is built
// and the one after it read.
func (c *carrier) stream(ctx context.Context, cursor schema.Cursor, previous link, history string, drain bool) error {
	if err := c.guard(ctx, cursor, previous.guard); err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	read, built := make(chan stretch), make(chan *batch)
	var readErr, buildErr error
	var wg sync.WaitGroup
	from := newSource(c.config, c.read, &c.status, cursor.Last, history, drain)
	wg.Go(func() {
		defer close(read)
		readErr = from.run(ctx, read)
	})
	wg.Go(func() {
		defer close(built)
		buildErr = c.produce(ctx, read, built)
	})
	err := func() error {
		defer cancel()
		for b := range built {
			p := c.build.plan(b, c.layout, c.log.Name(), cursor.Plan+1, previous.hash, c.config.Policy)
			p.History = history
			if g := previous.guard; g != nil && c.build.seen != nil {
				p.Guard = g
			}
			done, err := c.write(ctx, p, b)
			c.free <- b
			if err == nil {
				err = c.commit(ctx, done)
			}
			if err != nil {
				return err
			}
			cursor, previous = done.next, done.link
		}
		return nil
	}()
	for b := range built {
		c.free <- b
	}
	wg.Wait()
	// Who ends ends those before it, whose errors then say that alone.
	return cmp.Or(err, buildErr, readErr)
}

// produce builds a batch of each stretch.
func (c *carrier) produce(ctx context.Context, read <-chan stretch, built chan<- *batch) error {
	for s := range read {
		var b *batch
		select {
		case b = <-c.free:
		case <-ctx.Done():
			return ctx.Err()
		}
		if err := c.build.build(b, s.after, s.entries, s.ids); err != nil {
			c.free <- b
			return err
		}
		select {
		case built <- b:
		case <-ctx.Done():
			c.free <- b
			return ctx.Err()
		}
	}
	return nil
}

// write puts a batch into the lake: its plan, and then its objects.
func (c *carrier) write(ctx context.Context, p *Plan, b *batch) (*commit, error) {
	c.status.update(func(s *LogStatus) { s.State = StateWriting })
	ctx, end := c.telemetry.write(ctx, b)
	defer end()
	raw, sum, err := p.encode()
	if err != nil {
		return nil, err
	}
	key := c.layout.plan(p.Log, p.Number)
	exists, err := c.put(ctx, Object{Key: key, Body: raw, ContentType: "application/json", SHA256: sum})
	if err != nil {
		return nil, err
	}
	if exists { // another writer's plan, or this one's put twice
		winner, err := c.get(ctx, key)
		if err != nil {
			return nil, err
		}
		if hashHex(winner) != sum {
			return nil, errSuperseded
		}
	}
	results, err := c.putAll(ctx, p, b.objects, b.ids)
	if err != nil {
		return nil, err
	}
	if err := c.amend(ctx, p, sum, results, nil); err != nil {
		return nil, err
	}
	return c.done(p, sum, results, nil, false), nil
}

// done sums up a plan whose objects are in the lake.
func (c *carrier) done(p *Plan, sum string, results []result, refused map[int]refusal, adopted bool) *commit {
	d := &commit{
		next: schema.Cursor{Plan: p.Number, Last: p.Last}, link: p.link(sum),
		report: Commit{Log: p.Log, Plan: p.Number, Hash: sum, Last: p.Last, Adopted: adopted, Late: p.Late},
	}
	for _, q := range p.Dropped {
		set, _ := parseSet(q.Entries, p.Entries)
		d.report.Dropped += len(set)
	}
	d.report.Transforms = p.transforms()
	if last, ok := parseID(p.Last); ok {
		d.at = last.published()
	}
	for i, o := range p.Objects {
		r := results[i]
		for _, m := range r.missing {
			if _, ok := refused[m]; !ok {
				d.report.Lost++
			}
		}
		d.report.Objects = append(d.report.Objects, ObjectStats{Key: o.Key, Rows: r.rows, Bytes: r.bytes})
		if c.layout.isQuarantine(o.Key) {
			d.report.Quarantined += r.rows
			continue
		}
		d.report.Rows += r.rows
		if r.bytes == 0 {
			d.report.Found += r.rows
		}
	}
	return d
}

// commit moves the cursor.
func (c *carrier) commit(ctx context.Context, d *commit) error {
	ok, err := c.log.Commit(ctx, d.next)
	if err != nil {
		c.unsure = d
		return fmt.Errorf("%w: %s: %w", errLog, c.log.Name(), err)
	}
	if !ok {
		return errSuperseded
	}
	c.committed(d)
	return nil
}

// settle finds out about a commit whose answer was lost.
func (c *carrier) settle(cursor schema.Cursor) {
	if d := c.unsure; d != nil && cursor.Plan >= d.next.Plan {
		c.committed(d)
	}
	c.unsure = nil
}

func (c *carrier) committed(d *commit) {
	c.progress = true
	now := c.config.Now()
	c.status.committed(d.at)
	c.status.transformed(d.report.Transforms)
	bytes := 0
	c.status.update(func(s *LogStatus) {
		s.Plan, s.Last, s.LastCommit, s.LastError = d.next.Plan, d.next.Last, now, ""
		s.Plans++
		s.Rows += uint64(d.report.Rows)
		s.Found += uint64(d.report.Found)
		s.Quarantined += uint64(d.report.Quarantined)
		s.Dropped += uint64(d.report.Dropped)
		s.Lost += uint64(d.report.Lost)
		if d.report.Late {
			s.HistoryChanges++
			s.Late += uint64(d.report.Rows)
		}
		for _, o := range d.report.Objects {
			if o.Rows > 0 {
				s.Objects++
			}
			s.Bytes += uint64(o.Bytes)
			bytes += o.Bytes
		}
	})
	c.status.count(now, d.report.Rows-d.report.Found, bytes)
	c.telemetry.committed(d.report, d.at, now)
	if c.config.OnCommit != nil {
		c.config.OnCommit(d.report)
	}
}
