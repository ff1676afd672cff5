package eventbus

import (
	"context"
	"sync"
	"time"

	"github.com/carebus/carebus/internal/sleep"
	"github.com/carebus/carebus/schema"
)

// A Middleware wraps a handler in another.
type Middleware func(Handler) Handler

// Chain wraps h; the first middleware is the outermost. [Consumer.Run] checks a [Mux]
// within as it does one without.
func Chain(h Handler, all ...Middleware) Handler {
	within, ok := h.(checker)
	for i := len(all) - 1; i >= 0; i-- {
		h = all[i](h)
	}
	if ok {
		return chained{h, within}
	}
	return h
}

// A checker is a handler that can tell whether a registry fits it.
type checker interface {
	Check(*schema.Registry) error
}

// A chained handler is wrapped in others and checked as it is.
type chained struct {
	Handler
	checker
}

// Timeout ends the context of each call of a handler after d. A handler that
// heeds its context then fails, and its events are tried again.
func Timeout(d time.Duration) Middleware {
	return func(h Handler) Handler {
		return HandlerFunc(func(ctx context.Context, events []schema.Envelope) error {
			ctx, cancel := context.WithTimeout(ctx, d)
			defer cancel()
			return h.Handle(ctx, events)
		})
	}
}

// Throttle lets at most perSecond events a second through to a handler, over all
// its concurrent calls; a batch waits until it is its turn as a whole. It panics
// when perSecond isn't positive.
func Throttle(perSecond float64) Middleware {
	if !(perSecond > 0) {
		panic("eventbus: Throttle needs a positive rate")
	}
	each := time.Duration(float64(time.Second) / perSecond)
	return func(h Handler) Handler {
		var mu sync.Mutex
		var free time.Time // when the next event may pass
		return HandlerFunc(func(ctx context.Context, events []schema.Envelope) error {
			mu.Lock()
			now := time.Now()
			if free.Before(now) {
				free = now
			}
			wait := free.Sub(now)
			turn := time.Duration(len(events)) * each
			free = free.Add(turn)
			mu.Unlock()
			if wait > 0 && !sleep.For(ctx, wait) {
				mu.Lock()
				free = free.Add(-turn) // nothing passed
				mu.Unlock()
				return ctx.Err()
			}
			return h.Handle(ctx, events)
		})
	}
}

// Each makes a handler of a function for one event. Each event succeeds or
// fails alone, and what the function publishes with its context carries on the
// event's correlation: see [WithCause]. When ctx ends, the rest of a batch fails
// with its error.
func Each(f func(context.Context, schema.Envelope) error) Handler {
	return HandlerFunc(func(ctx context.Context, events []schema.Envelope) error {
		errs := make(schema.BatchError, len(events))
		for i, e := range events {
			if errs[i] = ctx.Err(); errs[i] == nil {
				errs[i] = protect(func() error { return f(WithCause(ctx, e), e) })
			}
		}
		return errs.OrNil()
	})
}

// Retry calls a handler again, up to tries times in all, for the events that
// failed: for faults that pass within moments, before Redis hears of them. It
// waits between wait and twice as long each time as the time before, at random,
// and stops when the context ends. Permanent errors aren't tried again. It
// panics unless tries is 1 or more.
func Retry(tries int, wait time.Duration) Middleware {
	if tries < 1 {
		panic("eventbus: Retry needs one try or more")
	}
	return func(h Handler) Handler {
		return HandlerFunc(func(ctx context.Context, events []schema.Envelope) error {
			result := make(schema.BatchError, len(events))
			places := make([]int, len(events)) // of the events that are open
			for i := range places {
				places[i] = i
			}
			for try, d := 1, wait; ; try, d = try+1, 2*d {
				errs := verdicts(protect(func() error { return h.Handle(ctx, events) }), len(events))
				var again []schema.Envelope
				var open []int
				for i, err := range errs {
					result[places[i]] = err
					if err != nil && !isPermanent(err) {
						again, open = append(again, events[i]), append(open, places[i])
					}
				}
				if len(again) == 0 || try == tries || !sleep.For(ctx, d+time.Duration(jitter()*float64(d))) {
					return result.OrNil()
				}
				events, places = again, open
			}
		})
	}
}

// Deduplicate spares a handler the events that it has handled in this process
// before, by source and id, among the last size of them. It saves work where
// events come again; it is no promise, since another process doesn't know of
// them. It panics unless size is positive.
func Deduplicate(size int) Middleware {
	if size < 1 {
		panic("eventbus: Deduplicate needs a positive size")
	}
	return func(h Handler) Handler {
		var mu sync.Mutex
		known := make(map[identity]bool, size)
		ring := make([]identity, 0, size)
		oldest := 0
		return HandlerFunc(func(ctx context.Context, events []schema.Envelope) error {
			ids := make([]identity, len(events))
			var fresh []schema.Envelope
			var places []int
			mu.Lock()
			for i, e := range events {
				if ids[i] = identify(e.Source, e.ID); !known[ids[i]] {
					fresh, places = append(fresh, e), append(places, i)
				}
			}
			mu.Unlock()
			if len(fresh) == 0 {
				return nil
			}
			errs := verdicts(h.Handle(ctx, fresh), len(fresh))
			result := make(schema.BatchError, len(events))
			mu.Lock()
			defer mu.Unlock()
			for i, err := range errs {
				id := ids[places[i]]
				if result[places[i]] = err; err != nil || known[id] {
					continue
				}
				known[id] = true
				if len(ring) < size {
					ring = append(ring, id)
					continue
				}
				delete(known, ring[oldest])
				ring[oldest] = id
				oldest = (oldest + 1) % size
			}
			return result.OrNil()
		})
	}
}

// Observe calls begin before a handler and what begin returns after it, such as
// for spans and durations. The handler gets begin's context. Events hold what
// the handler gets: scrubbed, and still not for logs. A panic becomes an error,
// as it would anyway.
func Observe(begin func(context.Context, []schema.Envelope) (context.Context, func(error))) Middleware {
	return func(h Handler) Handler {
		return HandlerFunc(func(ctx context.Context, events []schema.Envelope) error {
			ctx, end := begin(ctx, events)
			err := protect(func() error { return h.Handle(ctx, events) })
			end(err)
			return err
		})
	}
}
