package etl

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/carebus/carebus/internal/sleep"
)

// Leases shares logs out among the pipelines that carry the same ones, so that
// each log is carried by one of them, and each pipeline carries its share.
//
// A lease saves work; that no event is lost or twice does not rest on it.
type Leases interface {
	// Hold says that member is alive and would carry any of logs, and returns
	// those that are its own for the time ttl: a fair share, those that it held
	// before first. Without logs, it gives up what it holds and leaves. It is
	// one atomic step among all members. An error is taken for an outage: the
	// pipeline asks again, and carries on until ttl is over. One call is made at
	// a time.
	Hold(ctx context.Context, member string, logs []string, ttl time.Duration) ([]string, error)
}

// runLeased carries the logs whose leases the pipeline holds, until ctx is done.
func (p *Pipeline) runLeased(ctx context.Context) {
	running := map[string]func(){} // how to stop carrying a log
	stop := func(keep []string) {
		for name, end := range running {
			if !slices.Contains(keep, name) {
				end()
				delete(running, name)
			}
		}
	}
	until := p.config.Now()
	for ctx.Err() == nil {
		all := p.all()
		names := make([]string, len(all))
		for i, c := range all {
			names[i] = c.log.Name()
		}
		asked := p.config.Now()
		mine, err := p.config.Leases.Hold(ctx, p.config.Member, names, p.config.LeaseTime)
		switch {
		case err == nil:
			until = asked.Add(p.config.LeaseTime)
			stop(mine)
			for _, c := range all {
				name := c.log.Name()
				if _, ok := running[name]; !ok && slices.Contains(mine, name) {
					running[name] = c.start(ctx)
				}
			}
		case ctx.Err() == nil:
			p.config.Logger.WarnContext(ctx, "etl: the leases can't be renewed", slog.Any("error", err))
			if !p.config.Now().Before(until) {
				stop(nil) // others may hold them by now
			}
		}
		sleep.For(ctx, p.config.LeaseTime/4)
		p.follow(ctx, p.config.LeaseTime/4)
	}
	stop(nil)
	leave, cancel := context.WithTimeout(context.WithoutCancel(ctx), p.config.LeaseTime/4)
	defer cancel()
	if _, err := p.config.Leases.Hold(leave, p.config.Member, nil, p.config.LeaseTime); err != nil {
		p.config.Logger.WarnContext(ctx, "etl: the leases can't be given up and will run out", slog.Any("error", err))
	}
}

// start carries the log until the function that it returns is called, which
// waits for the end.
func (c *carrier) start(ctx context.Context) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	var wg sync.WaitGroup
	wg.Go(func() {
		c.run(ctx)
		c.status.update(func(s *LogStatus) { s.State = StateStopped })
	})
	return func() {
		cancel()
		wg.Wait()
	}
}
