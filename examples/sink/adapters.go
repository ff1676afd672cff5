package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/carebus/carebus/etl"
	"github.com/carebus/carebus/eventbus"
	"github.com/carebus/carebus/eventbus/httpapi"
	"github.com/carebus/carebus/examples/internal/service"
	"github.com/carebus/carebus/internal/sleep"
	"github.com/carebus/carebus/phi"
	"github.com/carebus/carebus/phi/audit"
	"github.com/carebus/carebus/schema"
)

// The parts know each other through these lines and the adapters below alone.
var (
	_ eventbus.Scrubber  = (*phi.Scrubber)(nil)
	_ etl.Log            = (*eventbus.Log)(nil)
	_ httpapi.Auditor    = (*audit.Log)(nil)
	_ httpapi.Publisher  = busAPI{}
	_ httpapi.BusMonitor = busAPI{}
	_ httpapi.Feed       = busAPI{}
	_ httpapi.Scrubber   = busAPI{}
	_ httpapi.ETL        = pipelineControl{}
)

// A busAPI is a bus as the HTTP API wants it.
type busAPI struct {
	bus         *eventbus.Bus
	scrubber    *phi.Scrubber
	environment string
}

// PublishBatch implements [httpapi.Publisher].
func (b busAPI) PublishBatch(ctx context.Context, events []schema.Envelope) ([]httpapi.Receipt, error) {
	got, err := b.bus.PublishBatch(ctx, events)
	receipts := make([]httpapi.Receipt, len(got))
	for i, r := range got {
		receipts[i] = httpapi.Receipt{ID: r.ID, StreamID: r.StreamID, Duplicate: r.Duplicate}
	}
	var each schema.BatchError
	if !errors.As(err, &each) {
		return receipts, translate(err)
	}
	errs := make(schema.BatchError, len(each))
	for i, e := range each {
		errs[i] = translate(e)
	}
	return receipts, errs.OrNil()
}

// translate puts the API's error beside the bus's.
func translate(err error) error {
	for bus, api := range map[error]error{
		eventbus.ErrUnavailable: httpapi.ErrUnavailable, eventbus.ErrClosed: httpapi.ErrUnavailable,
		eventbus.ErrBusFull: httpapi.ErrFull, eventbus.ErrTooLarge: httpapi.ErrTooLarge, eventbus.ErrScrub: httpapi.ErrUnscrubbable,
	} {
		if errors.Is(err, bus) {
			return fmt.Errorf("%w: %w", api, err)
		}
	}
	return err
}

// BusStatus implements [httpapi.BusMonitor].
func (b busAPI) BusStatus(ctx context.Context) (httpapi.BusStatus, error) {
	s, err := b.bus.Status(ctx)
	return service.BusStatus(s, b.environment), err
}

const (
	feedPoll  = 100 * time.Millisecond
	feedRead  = 64          // entries, each of which may be large
	feedAgain = time.Second // after an error, and how often new shards are looked for
)

// Follow implements [httpapi.Feed]: it reads on behind the last entry of each
// shard, and those that come later from their start.
func (b busAPI) Follow(ctx context.Context, began func(), emit func(httpapi.LiveEvent)) error {
	last := map[string]string{}
	for {
		s, err := b.bus.Status(ctx)
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
		logs, _ := b.bus.CurrentLogs(ctx) // if Redis is away, later
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

// Scrub implements [httpapi.Scrubber].
func (b busAPI) Scrub(dst, event []byte) ([]byte, error) {
	dst, _, err := b.scrubber.ScrubEvent(dst, event)
	return dst, err
}

// A pipelineControl is a pipeline's controller as the HTTP API wants it.
type pipelineControl struct{ *etl.Controller }

// ETLStatus implements [httpapi.ETL].
func (p pipelineControl) ETLStatus(context.Context) httpapi.ETLStatus {
	s := p.Status()
	out := httpapi.ETLStatus{
		State: string(s.State), Environment: s.Environment, Rows: s.Rows, Found: s.Found, Objects: s.Objects, Bytes: s.Bytes,
		Quarantined: s.Quarantined, Plans: s.Plans, LagMS: s.LagAge.Milliseconds(), Logs: []httpapi.LogStatus{},
	}
	for _, l := range s.Logs {
		out.Logs = append(out.Logs, httpapi.LogStatus{
			Log: l.Log, State: string(l.State), Plan: l.Plan, Rows: l.Rows, Found: l.Found, Retries: l.Retries,
			Watermark: l.Watermark, LastCommit: l.LastCommit, LastError: string(l.LastError), LastErrorAt: l.LastErrorAt,
		})
	}
	return out
}
