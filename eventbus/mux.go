package eventbus

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"

	"github.com/carebus/carebus/schema"
)

// A Mux is a [Handler] that gives each event to the function registered for its
// type. Events of other types are acknowledged unseen, so a group reads only
// what it cares about; [Mux.Otherwise] changes that.
//
// Each event succeeds or fails alone. Within a function, events published with
// its context carry on the correlation: see [WithCause].
//
// Register all functions before the Mux is used. [Consumer.Run] refuses a Mux
// with functions that no event can reach, such as for a misspelt type; call
// [Mux.Check] for a Mux within other handlers than those of [Chain].
type Mux struct {
	byType    map[string]func(context.Context, schema.Envelope) error
	payloads  map[string]reflect.Type // that the functions of On take
	otherwise func(context.Context, schema.Envelope) error
}

// NewMux returns a Mux without functions.
func NewMux() *Mux {
	return &Mux{byType: map[string]func(context.Context, schema.Envelope) error{}, payloads: map[string]reflect.Type{}}
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
	m.payloads[eventType] = reflect.TypeFor[T]()
}

// Check reports every function that no event of a registry can reach: one of [On]
// whose type isn't registered, unless it takes [schema.Raw], or is decoded as
// another Go type; and one whose type is only an alias, since events come under
// the name that took its place.
func (m *Mux) Check(r *schema.Registry) error {
	var errs []error
	for _, name := range slices.Sorted(maps.Keys(m.byType)) {
		info, known := r.Lookup(name)
		takes, typed := m.payloads[name]
		gets := reflect.TypeFor[schema.Raw]()
		if known {
			gets, _ = r.PayloadType(name)
		}
		switch {
		case known && info.Name != name:
			errs = append(errs, fmt.Errorf("eventbus: the Mux has a function for %q, which is an alias: its events come as %q", name, info.Name))
		case typed && !gets.AssignableTo(takes) && !known:
			errs = append(errs, fmt.Errorf("eventbus: the Mux has a function for %q, which the registry doesn't know", name))
		case typed && !gets.AssignableTo(takes) && takes != reflect.TypeFor[schema.Raw](): // newer versions come as Raw
			errs = append(errs, fmt.Errorf("eventbus: the Mux's function for %q takes %v, but the registry decodes %v", name, takes, gets))
		}
	}
	return errors.Join(errs...)
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
