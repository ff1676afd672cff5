package busapi

import (
	"cmp"
	"context"
	"sync"
	"time"

	"github.com/carebus/carebus/eventbus"
	"github.com/carebus/carebus/eventbus/httpapi"
	"github.com/carebus/carebus/internal/sleep"
)

const (
	feedPoll  = 100 * time.Millisecond
	feedRead  = 64          // entries, each of which may be large
	feedAgain = time.Second // after an error, and how often new shards are looked for
)

// Follow implements [httpapi.Feed]: it reads on behind the last entry of each
// shard, and those that come later from their start.
func (a api) Follow(ctx context.Context, began func(), emit func(httpapi.LiveEvent)) error {
	last := map[string]string{}
	for {
		s, err := a.bus.Status(ctx)
		if err == nil {
			for _, sh := range s.Shards {
				last[sh.Name] = cmp.Or(sh.LastID, "0-0")
			}
			break
		}
		if !sleep.For(ctx, feedAgain) {
			return nil
		}
	}
	began()
	var wg sync.WaitGroup
	defer wg.Wait()
	for followed := map[string]bool{}; ; {
		logs, _ := a.bus.CurrentLogs(ctx) // if Redis is away, later
		for _, log := range logs {
			if after := last[log.Name()]; !followed[log.Name()] {
				followed[log.Name()] = true
				wg.Go(func() { followLog(ctx, log, after, emit) })
			}
		}
		if !sleep.For(ctx, feedAgain) {
			return nil
		}
	}
}

// followLog reads a log behind the id after until ctx is done.
func followLog(ctx context.Context, log *eventbus.Log, after string, emit func(httpapi.LiveEvent)) {
	for ctx.Err() == nil {
		entries, err := log.Read(ctx, after, feedRead)
		wait := feedPoll
		for _, e := range entries {
			emit(httpapi.LiveEvent{Shard: log.Name(), StreamID: e.ID, Data: e.Data})
			after, wait = e.ID, 0
		}
		if err != nil {
			wait = feedAgain
		}
		sleep.For(ctx, wait)
	}
}
