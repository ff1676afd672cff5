package etl

import (
	"context"
	"errors"
	"time"

	"github.com/sony/gobreaker/v2"
)

// A BreakerRule says when a pipeline leaves a failing sink alone. The logs share
// one sink, and so do their retries: while the breaker is open, calls fail at
// once in place of each log's trying for itself; then one call tries, and
// either closes it or leaves it open for another while.
type BreakerRule struct {
	// Failures is how many calls in a row must fail to open it. Default 8.
	Failures int
	// Pause is how long it stays open. Default 5 s.
	Pause time.Duration
}

// BreakerState is a state of the circuit breaker before the sink.
type BreakerState string

// The states of the breaker.
const (
	BreakerClosed   BreakerState = "closed"    // calls go through
	BreakerOpen     BreakerState = "open"      // calls fail at once
	BreakerHalfOpen BreakerState = "half_open" // one call tries
)

// errBreaker says that a call was not made.
var errBreaker = errors.New("etl: the sink has failed too often and is left alone for a while")

// A breakerSink is a Sink behind a circuit breaker.
type breakerSink struct {
	sink    Sink
	breaker *gobreaker.CircuitBreaker[[]byte]
}

func newBreakerSink(sink Sink, rule BreakerRule, changed func(from, to BreakerState)) *breakerSink {
	return &breakerSink{sink, gobreaker.NewCircuitBreaker[[]byte](gobreaker.Settings{
		MaxRequests: 1, Timeout: rule.Pause,
		ReadyToTrip:  func(c gobreaker.Counts) bool { return c.ConsecutiveFailures >= uint32(rule.Failures) },
		IsSuccessful: sinkAnswered,
		IsExcluded:   func(err error) bool { return errors.Is(err, context.Canceled) },
		OnStateChange: func(_ string, from, to gobreaker.State) {
			changed(breakerState(from), breakerState(to))
		},
	})}
}

// sinkAnswered reports whether an error is an answer of a sink that works.
func sinkAnswered(err error) bool {
	return err == nil || errors.Is(err, ErrExists) || errors.Is(err, ErrNotFound) || errors.Is(err, ErrKey)
}

func breakerState(s gobreaker.State) BreakerState {
	switch s {
	case gobreaker.StateOpen:
		return BreakerOpen
	case gobreaker.StateHalfOpen:
		return BreakerHalfOpen
	}
	return BreakerClosed
}

func (b *breakerSink) state() BreakerState { return breakerState(b.breaker.State()) }

func (b *breakerSink) PutIfAbsent(ctx context.Context, o Object) error {
	_, err := b.call(func() ([]byte, error) { return nil, b.sink.PutIfAbsent(ctx, o) })
	return err
}

func (b *breakerSink) Get(ctx context.Context, key string) ([]byte, error) {
	return b.call(func() ([]byte, error) { return b.sink.Get(ctx, key) })
}

// errPanic says that a Sink panicked. The panic's value could hold anything, a body
// too, and is not kept.
var errPanic = errors.New("etl: the sink panicked")

// call calls the sink unless it is left alone, and takes a panic for an error.
func (b *breakerSink) call(do func() ([]byte, error)) ([]byte, error) {
	body, err := b.breaker.Execute(func() (body []byte, err error) {
		defer func() {
			if recover() != nil {
				body, err = nil, errPanic
			}
		}()
		return do()
	})
	if errors.Is(err, gobreaker.ErrOpenState) || errors.Is(err, gobreaker.ErrTooManyRequests) {
		return nil, errBreaker
	}
	return body, err
}
