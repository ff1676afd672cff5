package eventbus

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/carebus/carebus/schema"
)

func TestRetryTriesWhatFailed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var calls [][]string
		h := Retry(3, time.Second)(HandlerFunc(func(_ context.Context, events []schema.Envelope) error {
			errs := make(schema.BatchError, len(events))
			var ids []string
			for i, e := range events {
				ids = append(ids, e.ID[len(e.ID)-1:])
				switch e.ID {
				case event("user/1", 1).ID:
					errs[i] = errors.New("no")
				case event("user/1", 2).ID:
					if len(calls) == 0 {
						errs[i] = errors.New("not yet")
					}
				case event("user/1", 3).ID:
					errs[i] = Permanent(errors.New("never"))
				}
			}
			calls = append(calls, ids)
			return errs.OrNil()
		}))
		began := time.Now()
		errs := verdicts(h.Handle(t.Context(), events("user/1", 4)), 4)
		if errs[0] != nil || errs[1] == nil || errs[2] != nil || !isPermanent(errs[3]) {
			t.Errorf("%v", errs)
		}
		if want := [][]string{{"0", "1", "2", "3"}, {"1", "2"}, {"1"}}; !slices.EqualFunc(calls, want, slices.Equal[[]string]) {
			t.Errorf("calls %v, want %v", calls, want)
		}
		if took := time.Since(began); took < 3*time.Second || took > 6*time.Second {
			t.Errorf("the waits took %v", took)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
		defer cancel()
		calls = nil
		if err := h.Handle(ctx, events("user/1", 2)[1:]); err == nil || len(calls) != 1 {
			t.Errorf("after the context ended: %d calls, %v", len(calls), err)
		}
	})
}

func TestDeduplicate(t *testing.T) {
	r := &recorder{}
	h := Deduplicate(3)(r)
	all := events("user/1", 5)
	give := func(want int, events ...schema.Envelope) {
		t.Helper()
		before := len(r.ids())
		err := h.Handle(t.Context(), events)
		if got := len(r.ids()) - before; got != want {
			t.Errorf("%d handled, want %d; %v", got, want, err)
		}
	}
	give(2, all[0], all[1])
	give(1, all[0], all[1], all[2])
	other := all[0]
	other.Source = "pms/other"
	give(1, other) // another event; the first is forgotten
	give(1, all[0], all[2])
	r.fail = func(schema.Envelope) error { return errors.New("no") }
	give(1, all[4])
	give(1, all[4]) // it failed
}

func TestEachAndObserve(t *testing.T) {
	var told []error
	m := Observe(func(ctx context.Context, events []schema.Envelope) (context.Context, func(error)) {
		if len(events) != 2 {
			t.Errorf("%d events", len(events))
		}
		return ctx, func(err error) { told = append(told, err) }
	})
	h := m(Each(func(ctx context.Context, e schema.Envelope) error {
		if e.ID == event("user/1", 1).ID {
			panic(canary)
		}
		return nil
	}))
	errs := verdicts(h.Handle(t.Context(), events("user/1", 2)), 2)
	if errs[0] != nil || errs[1] == nil || len(told) != 1 || told[0] == nil {
		t.Errorf("%v, told %v", errs, told)
	}
}

// TestThrottleForgetsWhatGaveUp: else a batch that waits longer than it may would have
// those behind it wait longer, each time it is tried again.
func TestThrottleForgetsWhatGaveUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := Throttle(1)(HandlerFunc(func(context.Context, []schema.Envelope) error { return nil }))
		if err := h.Handle(t.Context(), events("user/1", 10)); err != nil {
			t.Fatal(err)
		}
		for range 5 {
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			if err := h.Handle(ctx, events("user/1", 10)); err == nil {
				t.Error("passed")
			}
			cancel()
		}
		began := time.Now()
		if err := h.Handle(t.Context(), events("user/1", 1)); err != nil || time.Since(began) != 5*time.Second {
			t.Errorf("%v after %v", err, time.Since(began))
		}
	})
}

func TestMiddleware(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var order []string
		mark := func(name string) Middleware {
			return func(h Handler) Handler {
				return HandlerFunc(func(ctx context.Context, events []schema.Envelope) error {
					order = append(order, name)
					return h.Handle(ctx, events)
				})
			}
		}
		hang := HandlerFunc(func(ctx context.Context, _ []schema.Envelope) error { <-ctx.Done(); return ctx.Err() })
		began := time.Now()
		err := Chain(hang, mark("a"), Timeout(time.Second), mark("b")).Handle(t.Context(), make([]schema.Envelope, 1))
		if !errors.Is(err, context.DeadlineExceeded) || time.Since(began) != time.Second || strings.Join(order, "") != "ab" {
			t.Errorf("%v after %v in order %v", err, time.Since(began), order)
		}

		h := Chain(HandlerFunc(func(context.Context, []schema.Envelope) error { return nil }), Throttle(100))
		began = time.Now()
		for range 11 {
			if err := h.Handle(t.Context(), make([]schema.Envelope, 10)); err != nil {
				t.Fatal(err)
			}
		}
		if took := time.Since(began); took != time.Second {
			t.Errorf("110 events at 100 a second took %v, want 1s until the last batch", took)
		}
	})
}
