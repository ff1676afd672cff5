package eventbus

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/carebus/carebus/internal/output"
	"github.com/carebus/carebus/internal/redistest"
	"github.com/carebus/carebus/schema"
)

func TestPanicIsContained(t *testing.T) {
	var log output.Buffer
	b := open(t, redistest.Start(t), func(c *Config) { c.Logger = logger(&log) })
	r := &recorder{}
	h := HandlerFunc(func(ctx context.Context, events []schema.Envelope) error {
		if err := r.Handle(ctx, events); err != nil {
			return err
		}
		if len(r.ids()) == 1 {
			panic("the patient's SSN is " + canary)
		}
		return nil
	})
	consume(t, b, ConsumerConfig{BackoffMin: time.Millisecond, BackoffMax: 10 * time.Millisecond}, h)
	if err := b.Publish(t.Context(), event("user/1", 1)); err != nil {
		t.Fatal(err)
	}
	until(t, "the second try", func() bool { return b.Stats().Handled == 1 })
	if got := log.String(); !strings.Contains(got, "panicked") || strings.Contains(got, canary) {
		t.Errorf("the log: %s", got)
	}
	if s := b.Stats(); s.Panics != 1 {
		t.Errorf("%+v", s)
	}
}

// A handler whose BatchError has no failure has none: a nil one, which is an error that
// isn't nil, an empty one, and one of nils.
func TestABatchErrorWithoutFailures(t *testing.T) {
	for _, err := range []schema.BatchError{nil, {}, {nil, nil, nil}} {
		if got := schema.BatchError(verdicts(err, 3)).OrNil(); got != nil {
			t.Errorf("%#v: %v", err, got)
		}
	}
	for _, err := range []error{schema.BatchError{nil, nil}, schema.BatchError{nil, nil, nil, nil}, context.Canceled} {
		for i, got := range verdicts(err, 3) {
			if got == nil {
				t.Errorf("%#v: event %d has no error", err, i)
			}
		}
	}
}

// A handler that ends its goroutine, as t.FailNow does, is as one that panics: the
// event is tried again, and the others go on.
func TestGoexitIsContained(t *testing.T) {
	var log output.Buffer
	b := open(t, redistest.Start(t), func(c *Config) { c.Logger = logger(&log) })
	calls := 0
	h := HandlerFunc(func(ctx context.Context, events []schema.Envelope) error {
		if calls++; calls <= 2 {
			runtime.Goexit()
		}
		return nil
	})
	consume(t, b, ConsumerConfig{Concurrency: 1, BackoffMin: time.Millisecond, BackoffMax: 10 * time.Millisecond}, h)
	if err := b.Publish(t.Context(), events("user/1", 5)...); err != nil {
		t.Fatal(err)
	}
	until(t, "all", func() bool { return b.Stats().Handled == 5 })
	if s := b.Stats(); s.Panics != 2 || !strings.Contains(log.String(), "TestGoexitIsContained") {
		t.Errorf("%+v\n%s", s, log.String())
	}
}

// badError panics with a value when it is asked what it wraps, as a nil pointer of
// an error's type does whose methods don't expect that.
type badError struct{ what string }

func (e *badError) Error() string { return e.what }
func (e *badError) Unwrap() error { panic(canary) }

// TestErrorsThatPanic: what a handler returned may panic, too, when it is looked at.
// That is the handler's panic, and neither the process's end nor another event's fault.
func TestErrorsThatPanic(t *testing.T) {
	for name, wrap := range map[string]func(Handler) Handler{
		"alone":      func(h Handler) Handler { return h },
		"with Retry": Retry(2, time.Microsecond),
	} {
		for _, told := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, telemetry %v", name, told), func(t *testing.T) {
				var log output.Buffer
				b := open(t, redistest.Start(t), func(c *Config) {
					c.Logger = logger(&log)
					if told {
						c.Telemetry = newCollector(t).into
					}
				})
				all := events("user/1", 4)
				r := &recorder{fail: func(e schema.Envelope) error {
					switch e.ID {
					case all[1].ID:
						return &badError{}
					case all[2].ID:
						return Permanent(&badError{})
					}
					return nil
				}}
				consume(t, b, ConsumerConfig{MaxDeliver: 2, BackoffMin: time.Millisecond, BackoffMax: time.Millisecond}, wrap(r))
				if err := b.Publish(t.Context(), all...); err != nil {
					t.Fatal(err)
				}
				until(t, "all to be settled", func() bool { s := b.Stats(); return s.Handled+s.DeadLettered == 4 })
				if s := b.Stats(); s.Handled != 2 || s.Retried != 1 || s.Panics != 2 {
					t.Errorf("%d handled, %d retried, %d panics; want 2, 1 and 2", s.Handled, s.Retried, s.Panics)
				}
				if got := log.String(); strings.Contains(got, canary) || !strings.Contains(got, "badError") {
					t.Errorf("the log: %s", got)
				}
			})
		}
	}
}

// TestErrorsOfABatchThatPanic are told once, however many events they are about.
func TestErrorsOfABatchThatPanic(t *testing.T) {
	b := open(t, redistest.Start(t))
	tries := 0
	h := HandlerFunc(func(context.Context, []schema.Envelope) error {
		if tries++; tries == 1 {
			return &badError{}
		}
		return nil
	})
	if err := b.Publish(t.Context(), events("user/1", 5)...); err != nil {
		t.Fatal(err)
	}
	consume(t, b, ConsumerConfig{BackoffMin: time.Millisecond, BackoffMax: time.Millisecond}, h)
	until(t, "all", func() bool { return b.Stats().Handled == 5 })
	if s := b.Stats(); s.Panics != 1 || s.Retried != 5 {
		t.Errorf("%d panics, %d retried; want 1 and 5", s.Panics, s.Retried)
	}
}
