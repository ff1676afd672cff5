package faults

import (
	"context"
	"errors"
	"math/rand/v2"
	"strings"
	"sync"
	"time"

	"github.com/carebus/carebus/eventbus"
	"github.com/carebus/carebus/internal/sleep"
	"github.com/carebus/carebus/schema"
)

// group is every consumer's. Its times are short, so that much happens.
var group = eventbus.ConsumerConfig{
	Group: "faults", Concurrency: 2, BatchSize: 32, MaxInFlight: 128, Lease: 1500 * time.Millisecond, Block: 100 * time.Millisecond,
	MaxDeliver: 8, MinIdle: time.Second, BackoffMin: 5 * time.Millisecond, BackoffMax: 50 * time.Millisecond, StopTimeout: 5 * time.Second,
}

var errMeant = errors.New("as it was meant to")

// consume handles events until ctx is done.
func (p *player) consume(ctx context.Context, bus *eventbus.Bus) error {
	c, err := bus.Subscribe(group)
	if err != nil {
		return err
	}
	var spoiling sync.WaitGroup
	defer spoiling.Wait()
	spoiling.Go(func() { p.spoilLetters(ctx, bus) })
	if err := c.Run(ctx, eventbus.HandlerFunc(p.handle)); !errors.Is(err, eventbus.ErrStopTimeout) {
		return err
	}
	return nil
}

func (p *player) handle(ctx context.Context, events []schema.Envelope) error {
	errs := make(schema.BatchError, len(events))
	ids, failed := make([]string, len(events)), make([]bool, len(events))
	for i, e := range events {
		crud, _ := e.Event.(schema.CRUD)
		ids[i], failed[i] = e.ID, crud.Operation != fine
		switch crud.Operation {
		case failing:
			errs[i] = errMeant
		case hopeless:
			errs[i] = eventbus.Permanent(errMeant)
		}
	}
	if p.Bug == BugEarlyAck {
		time.AfterFunc(time.Minute, func() { // longer than the process is there
			_ = p.ledger.Handled(ids, failed) // nobody is left to tell
		})
		return errs.OrNil()
	}
	if err := p.ledger.Handled(ids, failed); err != nil {
		return err
	}
	sleep.For(ctx, rand.N(3*time.Millisecond)) // the work, in which to be killed
	if p.Bug == BugNoAck {
		for i, e := range events {
			if strings.HasSuffix(e.ID, "0") {
				errs[i] = errMeant
			}
		}
	}
	return errs.OrNil()
}
