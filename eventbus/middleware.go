package eventbus

import (
	"context"
	"sync"
	"time"

	"github.com/carebus/carebus/schema"
)

// A Middleware wraps a handler in another.
type Middleware func(Handler) Handler

// Chain wraps h; the first middleware is the outermost.
func Chain(h Handler, all ...Middleware) Handler {
	for i := len(all) - 1; i >= 0; i-- {
		h = all[i](h)
	}
	return h
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
			free = free.Add(time.Duration(len(events)) * each)
			mu.Unlock()
			if wait > 0 && !pause(ctx, wait) {
				return ctx.Err()
			}
			return h.Handle(ctx, events)
		})
	}
}
