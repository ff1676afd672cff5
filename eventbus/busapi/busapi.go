// Package busapi serves a bus by the HTTP API.
//
// Package httpapi knows no bus, and package eventbus no HTTP; [Config] connects
// them.
package busapi

import (
	"context"
	"errors"
	"fmt"

	"github.com/carebus/carebus/eventbus"
	"github.com/carebus/carebus/eventbus/httpapi"
	"github.com/carebus/carebus/schema"
)

// Config returns what a handler needs of a bus: Environment, Registry,
// Publisher, Bus, Feed and Scrubber are set. Auth and Audit are yours to set,
// and are required. Close the bus after the handler's Run has returned.
func Config(bus *eventbus.Bus) httpapi.Config {
	a := api{bus}
	return httpapi.Config{
		Environment: bus.Environment(), Registry: bus.Registry(), Publisher: a, Bus: a, Feed: a, Scrubber: a,
	}
}

// An api is a bus as the HTTP API wants it.
type api struct{ bus *eventbus.Bus }

// PublishBatch implements [httpapi.Publisher].
func (a api) PublishBatch(ctx context.Context, events []schema.Envelope) ([]httpapi.Receipt, error) {
	got, err := a.bus.PublishBatch(ctx, events)
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

// answers are the API's errors for the bus's. The first that fits counts: an error
// that leaves the outcome open must say so, whatever else it wraps.
var answers = []struct{ bus, api error }{
	{eventbus.ErrUnavailable, httpapi.ErrUnavailable},
	{eventbus.ErrClosed, httpapi.ErrUnavailable},
	{eventbus.ErrBusFull, httpapi.ErrFull},
	{eventbus.ErrTooLarge, httpapi.ErrTooLarge},
	{eventbus.ErrScrub, httpapi.ErrUnscrubbable},
}

// translate puts the API's error beside the bus's.
func translate(err error) error {
	for _, a := range answers {
		if errors.Is(err, a.bus) {
			return fmt.Errorf("%w: %w", a.api, err)
		}
	}
	return err
}

// Scrub implements [httpapi.Scrubber].
func (a api) Scrub(dst, event []byte) ([]byte, error) {
	dst, _, err := a.bus.Scrubber().ScrubEvent(dst, event)
	return dst, err
}
