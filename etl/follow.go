package etl

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/carebus/carebus/internal/sleep"
)

// lookEvery is how often Config.MoreLogs is asked, and how long an answer may take.
const lookEvery = 2 * time.Second

// all returns a carrier for each log that is known by now.
func (p *Pipeline) all() []*carrier {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.carriers)
}

// look asks for the logs that there are, for a time at most, and adds a carrier
// for each new one.
func (p *Pipeline) look(ctx context.Context, within time.Duration) error {
	if p.config.MoreLogs == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	logs, err := p.config.MoreLogs(ctx)
	if err != nil {
		return fmt.Errorf("%w: look for more logs: %w", errLog, err)
	}
	for i, l := range logs {
		if err := checkLog(l); err != nil {
			return fmt.Errorf("etl: of Config.MoreLogs, the log at %d %w", i, err)
		}
		if p.addNew(l) {
			p.config.Logger.InfoContext(ctx, "etl: a new log is carried, too", "log", l.Name())
		}
	}
	return nil
}

// addNew has a log carried unless one of its name is.
func (p *Pipeline) addNew(l Log) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if slices.ContainsFunc(p.carriers, func(c *carrier) bool { return c.log.Name() == l.Name() }) {
		return false
	}
	p.add(l)
	return true
}

// follow looks while the pipeline runs. A failure is told once, and mended by the
// next look.
func (p *Pipeline) follow(ctx context.Context, within time.Duration) {
	err := p.look(ctx, within)
	if err != nil && ctx.Err() == nil && !p.blind {
		p.config.Logger.WarnContext(ctx, "etl: can't look for new logs and goes on trying", "error", err)
	}
	p.blind = err != nil
}

// lookAround looks until that has succeeded, or ctx is done.
func (p *Pipeline) lookAround(ctx context.Context) error {
	pause := newPause()
	for {
		err := p.look(ctx, lookEvery)
		if !errors.Is(err, errLog) || !sleep.For(ctx, pause.NextBackOff()) {
			return err
		}
	}
}
