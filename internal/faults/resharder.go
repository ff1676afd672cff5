package faults

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/carebus/carebus/eventbus"
	"github.com/carebus/carebus/internal/sleep"
)

// reshardWithin is how long the groups may take to drain: longer than publishers
// wait, so that the outcome of some events is open while the shards change.
const reshardWithin = 3 * time.Second

// reshard changes the number of shards until ctx is done. A change that failed is
// tried again; the successor of a process that died goes on with another number.
func (p *player) reshard(ctx context.Context, bus *eventbus.Bus) error {
	for i := p.Life - 1; sleep.For(ctx, p.Every); {
		// A group that begins later reads all shards side by side.
		if begun, err := p.look(ctx, bus); err != nil || !begun {
			continue
		}
		within, cancel := context.WithTimeout(ctx, reshardWithin)
		err := bus.Reshard(within, p.To[i%len(p.To)])
		cancel()
		switch {
		case err == nil:
			i++
		case ctx.Err() != nil:
			return nil
		case !errors.Is(err, eventbus.ErrNotDrained) && !errors.Is(err, eventbus.ErrUnavailable):
			return err
		}
		_, _ = p.look(ctx, bus) // else the next one sees it, later
	}
	return nil
}

// look writes down how events are spread, and reports whether there is a group.
func (p *player) look(ctx context.Context, bus *eventbus.Bus) (begun bool, err error) {
	asked := time.Now()
	status, err := bus.Status(ctx)
	if err != nil {
		return false, err
	}
	begun = slices.ContainsFunc(status.Shards, func(s eventbus.ShardStatus) bool { return len(s.Groups) > 0 })
	return begun, p.ledger.Saw(Layout{status.Epoch, status.Spread, asked.UnixMilli(), time.Now().UnixMilli()})
}
