package etl

import (
	"context"
	"errors"
	"sync"

	"github.com/carebus/carebus/internal/sleep"
)

// A Pipeline carries logs into a lake. Any number of pipelines, in any number
// of processes, may carry the same logs into the same lake; more than one for
// a log is safe, but wasted.
type Pipeline struct {
	config    Config
	sink      *breakerSink
	telemetry *instruments // nil: none

	mu       sync.Mutex
	state    State
	carriers []*carrier // one a log, in the order in which they became known

	blind bool // the last look for more logs failed; of the goroutine that runs
}

// ErrRunning says that Run or Drain is under way already.
var ErrRunning = errors.New("etl: the pipeline is running")

// New returns a pipeline that doesn't run yet. Its error lists every rule that
// config breaks.
func New(config Config) (*Pipeline, error) {
	if err := config.complete(); err != nil {
		return nil, err
	}
	t, err := newInstruments(config.Telemetry)
	if err != nil {
		return nil, err
	}
	p := &Pipeline{config: config, telemetry: t, state: StateStopped}
	p.sink = newBreakerSink(t.sink(config.Sink), config.Breaker, func(from, to BreakerState) {
		config.Logger.Warn("etl: the sink's circuit breaker turned", "from", string(from), "to", string(to))
	})
	p.config.Sink = p.sink
	for _, l := range config.Logs {
		p.add(l)
	}
	return p, t.watch(p)
}

// add has a log carried from now on. The caller holds mu, or is alone.
func (p *Pipeline) add(l Log) {
	c := newCarrier(&p.config, l)
	c.telemetry = p.telemetry
	p.carriers = append(p.carriers, c)
}

// Run carries batches until ctx is done, and then returns nil. With
// Config.Leases it carries the logs whose leases it holds. What is in
// flight at that moment is left to the next run: it is lost no more than by a
// crash. Outages of the log and the sink are retried for as long as they last,
// with growing pauses, and show in Status and in the Logger.
//
// Run returns [ErrRunning] while Run or Drain is under way.
func (p *Pipeline) Run(ctx context.Context) error {
	if err := p.enter(StateRunning); err != nil {
		return err
	}
	defer p.leave()
	p.run(ctx)
	return nil
}

func (p *Pipeline) run(ctx context.Context) {
	if p.config.Leases != nil {
		p.runLeased(ctx)
		return
	}
	var wg sync.WaitGroup
	defer wg.Wait()
	for n := 0; ; {
		all := p.all()
		for ; n < len(all); n++ {
			c := all[n]
			wg.Go(func() { c.run(ctx) })
		}
		if p.config.MoreLogs == nil || !sleep.For(ctx, lookEvery) {
			return
		}
		p.follow(ctx, lookEvery)
	}
}

// Drain carries everything that is in the logs, partial batches too and whoever
// holds their leases, and returns when it has seen each log empty. Logs that are
// published to all the while may never be: stop the publishers first, or bound
// ctx.
//
// Outages are retried until ctx is done, and then returned with its error. What
// needs attention (see [ErrPermanent], [ErrPlan]) is returned at once, after
// the other logs are drained.
//
// Drain returns [ErrRunning] while Run or Drain is under way.
func (p *Pipeline) Drain(ctx context.Context) error {
	if err := p.enter(StateDraining); err != nil {
		return err
	}
	defer p.leave()
	var errs []error
	for n := 0; ; {
		all := p.all()
		if n == len(all) {
			return errors.Join(errs...)
		}
		each := make([]error, len(all)-n)
		var wg sync.WaitGroup
		for i, c := range all[n:] {
			wg.Go(func() { each[i] = c.drain(ctx) })
		}
		wg.Wait()
		n, errs = len(all), append(errs, each...)
		if ctx.Err() != nil && errors.Join(errs...) != nil {
			return errors.Join(errs...) // a look that is given no time would tell of an outage that isn't there
		}
		errs = append(errs, p.lookAround(ctx))
	}
}

func (p *Pipeline) enter(s State) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.state != StateStopped {
		return ErrRunning
	}
	p.state = s
	return nil
}

func (p *Pipeline) leave() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.state = StateStopped
	for _, c := range p.carriers {
		c.status.update(func(s *LogStatus) { s.State = StateStopped })
	}
}

// Status returns a snapshot. It is safe for concurrent use.
func (p *Pipeline) Status() Status {
	p.mu.Lock()
	s := Status{State: p.state, Environment: p.config.Environment}
	p.mu.Unlock()
	s.Breaker = p.sink.state()
	all, now := p.all(), p.config.Now()
	for _, t := range p.config.Transforms {
		s.Transforms = append(s.Transforms, TransformStats{Name: t.Name})
	}
	for _, c := range all {
		c.status.addTransforms(s.Transforms)
		l := c.status.snapshot(now)
		s.Logs = append(s.Logs, l)
		s.Rows += l.Rows
		s.Found += l.Found
		s.Objects += l.Objects
		s.Bytes += l.Bytes
		s.Quarantined += l.Quarantined
		s.Dropped += l.Dropped
		s.Lost += l.Lost
		s.Plans += l.Plans
		s.LagAge = max(s.LagAge, l.LagAge)
		s.RowsPerSecond += l.RowsPerSecond
		s.BytesPerSecond += l.BytesPerSecond
	}
	return s
}
