package eventbus

import (
	"context"
	"errors"
	"fmt"

	"github.com/carebus/carebus/schema"
)

// A Mux is a [Handler] that gives each event to the function registered for its
// type. Events of other types are acknowledged unseen, so a group reads only
// what it cares about; [Mux.Otherwise] changes that.
//
// Register all functions before the Mux is used. Each event succeeds or fails
// alone. Within a function, events published with its context carry on the
// correlation: see [WithCause].
type Mux struct {
	byType    map[string]func(context.Context, schema.Envelope) error
	otherwise func(context.Context, schema.Envelope) error
}

// NewMux returns a Mux without functions.
func NewMux() *Mux {
	return &Mux{byType: map[string]func(context.Context, schema.Envelope) error{}}
}

// errPayload says that an event's payload isn't of the type its function takes.
var errPayload = errors.New("eventbus: the event's payload has another Go type than its function takes")

// On registers f for an event type whose payload is decoded as T. It panics when
// the type has a function already. An event with another payload becomes a dead
// letter: the registry and the Mux disagree.
func On[T schema.Event](m *Mux, eventType string, f func(context.Context, schema.Envelope, T) error) {
	m.OnAny(eventType, func(ctx context.Context, e schema.Envelope) error {
		payload, ok := e.Event.(T)
		if !ok {
			return Permanent(errPayload)
		}
		return f(ctx, e, payload)
	})
}

// OnAny registers f for an event type, whatever its payload. It panics when the
// type has a function already.
func (m *Mux) OnAny(eventType string, f func(context.Context, schema.Envelope) error) {
	if _, taken := m.byType[eventType]; taken {
		panic(fmt.Sprintf("eventbus: the Mux has a function for %q already", eventType))
	}
	m.byType[eventType] = f
}

// Otherwise registers f for the events of all other types.
func (m *Mux) Otherwise(f func(context.Context, schema.Envelope) error) { m.otherwise = f }

// Handle calls the functions one event after another. When ctx ends, the rest
// fails with its error.
func (m *Mux) Handle(ctx context.Context, events []schema.Envelope) error {
	errs := make(schema.BatchError, len(events))
	for i, e := range events {
		f, ok := m.byType[e.Type()]
		if !ok {
			f = m.otherwise
		}
		switch {
		case f == nil:
		case ctx.Err() != nil:
			errs[i] = ctx.Err()
		default:
			errs[i] = protect(func() error { return f(WithCause(ctx, e), e) })
		}
	}
	return errs.OrNil()
}

// WithCause is [schema.WithCause], at hand for handlers.
func WithCause(ctx context.Context, cause schema.Envelope) context.Context {
	return schema.WithCause(ctx, cause)
}
