package faults

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/carebus/carebus/eventbus"
	"github.com/carebus/carebus/internal/sleep"
	"github.com/carebus/carebus/schema"
)

// What handling an event comes to can be told by its operation.
const (
	fine       = schema.Created
	failing    = schema.Updated // each try fails
	hopeless   = schema.Deleted // no retry helps
	everyNth   = 50             // event of a subject is failing, and one hopeless
	livesApart = 1_000_000      // between the sequence numbers of two processes
)

// publish publishes the events of a few subjects, each subject's one after
// another, until ctx is done.
func (p *player) publish(ctx context.Context, bus *eventbus.Bus) error {
	pace := time.Duration(float64(p.Subjects) / p.Rate * float64(time.Second))
	errs := make([]error, p.Subjects)
	var subjects sync.WaitGroup
	for s := range p.Subjects {
		// The name goes on when the process is another.
		subject := fmt.Sprintf("visit/%s-%d", p.Name, s)
		subjects.Go(func() {
			tick := time.NewTicker(pace)
			defer tick.Stop()
			for n := 0; errs[s] == nil; n++ {
				select {
				case <-ctx.Done():
					return
				case <-tick.C:
				}
				errs[s] = p.publishOne(ctx, bus, subject, n)
			}
		})
	}
	subjects.Wait()
	return errors.Join(errs...)
}

// publishOne publishes the nth event of a subject, again and again with the
// same id until it is acknowledged or ctx is done.
func (p *player) publishOne(ctx context.Context, bus *eventbus.Bus, subject string, n int) error {
	seq := uint64(p.Life*livesApart + n) //nolint:gosec // positive
	if p.Bug == BugDisorder {
		seq ^= 1 // 1 0 3 2 …
	}
	operation := fine
	switch n % everyNth {
	case everyNth / 3:
		operation = failing
	case 2 * everyNth / 3:
		operation = hopeless
	}
	e := schema.Envelope{
		ID: schema.NewID(), Source: "pms/faults", Subject: subject,
		Event: schema.CRUD{Entity: "appointment", Operation: operation, EntityID: fmt.Sprint(n)},
	}
	for {
		// A publish isn't cut short: its outcome would be open.
		receipts, err := bus.PublishBatch(context.WithoutCancel(ctx), []schema.Envelope{e})
		if err == nil {
			return p.ledger.Acked(Ack{receipts[0].ID, subject, seq, receipts[0].StreamID})
		}
		if !errors.Is(err, eventbus.ErrUnavailable) {
			return err
		}
		if !sleep.For(ctx, 5*time.Millisecond) {
			return nil // nobody was told that it is there
		}
		if err := p.ledger.Again(e.ID); err != nil {
			return err
		}
	}
}
