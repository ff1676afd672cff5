package eventbus

import (
	"context"
	"errors"

	"github.com/carebus/carebus/schema"
)

// A Handler does a consumer group's work.
type Handler interface {
	// Handle handles events, one or more, in the order of their shard. Its
	// return value settles them:
	//
	//	nil                   all are acknowledged; a schema.BatchError that is nil or empty means the same
	//	schema.BatchError     those with a nil entry are acknowledged, the others tried again
	//	Permanent(err)        dead letters at once, as a whole or as an entry of a BatchError
	//	any other error       all are tried again
	//
	// An event that is tried again comes alone, so that it can't fail its
	// neighbours. A panic counts as an error, also one of an error's own methods, and
	// so does the end of the goroutine (t.FailNow, in tests). The error is used to branch on and then
	// dropped: its text is neither logged nor stored.
	//
	// Events may come more than once: a handler should be idempotent by Source
	// and ID. With Concurrency above 1 Handle is called concurrently, for one
	// subject at a time. The slice is the handler's to keep.
	//
	// The context is not the one of Run: it stays on while Run drains, until
	// StopTimeout, and ends after HandleTimeout.
	Handle(context.Context, []schema.Envelope) error
}

// HandlerFunc makes a [Handler] of a function.
type HandlerFunc func(context.Context, []schema.Envelope) error

// Handle calls f.
func (f HandlerFunc) Handle(ctx context.Context, events []schema.Envelope) error {
	return f(ctx, events)
}

// Permanent marks a handler's error as one that no retry mends: the events
// become dead letters at once. Permanent(nil) is nil.
func Permanent(err error) error {
	if err == nil {
		return nil
	}
	return &permanentError{err}
}

type permanentError struct{ err error }

func (e *permanentError) Error() string { return e.err.Error() }
func (e *permanentError) Unwrap() error { return e.err }

// isPermanent reports whether an error is marked so. One whose own methods panic,
// as those of a nil pointer may, isn't.
func isPermanent(err error) (is bool) {
	defer func() { _ = recover() }() // what it says may hold a value
	var p *permanentError
	return errors.As(err, &p)
}

// isCanceled reports whether an error is of a context that was canceled; see
// isPermanent.
func isCanceled(err error) (is bool) {
	defer func() { _ = recover() }()
	return errors.Is(err, context.Canceled)
}

// errBatchLength stands for a BatchError that doesn't fit the batch.
var errBatchLength = errors.New("eventbus: the handler's BatchError has another length than its batch")

// verdicts spreads a handler's result over the n events it was given.
func verdicts(err error, n int) []error {
	b, ok := err.(schema.BatchError) //nolint:errorlint // a wrapped one is about something else
	switch {
	case ok && len(b) == n:
		return b
	case ok && len(b) == 0: // as where failures are appended to one
		err = nil
	case ok:
		err = errBatchLength // nobody knows which event it means
	}
	errs := make([]error, n)
	for i := range errs {
		errs[i] = err
	}
	return errs
}
