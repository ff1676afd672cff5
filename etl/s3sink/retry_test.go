package s3sink

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/carebus/carebus/internal/s3test"
)

// TestRetryBudget: once the budget is spent, a store that is down gets one try
// of each call; successes fill it again.
func TestRetryBudget(t *testing.T) {
	down, tries := true, 0
	server := s3test.Fake(t, func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			tries++
			if down {
				w.WriteHeader(http.StatusServiceUnavailable)
				return
			}
			next.ServeHTTP(w, r)
		})
	})
	s := open(t, server, func(c *Config) { c.Attempts, c.RetryBudget, c.MaxPause = 4, 5, time.Millisecond })
	count := func() int {
		tries = 0
		if _, err := s.Get(t.Context(), "k"); err == nil {
			t.Error("Get = nil")
		}
		return tries
	}
	for i, want := range []int{4, 3, 1, 1} {
		if got := count(); got != want {
			t.Errorf("call %d made %d tries, want %d", i, got, want)
		}
	}
	down = false
	for range 10 {
		count() // a key that is not there is an answer, too
	}
	down = true
	if got := count(); got != 2 {
		t.Errorf("after ten answers, a call made %d tries, want 2", got)
	}
}

func TestContextEndsRetries(t *testing.T) {
	var tries atomic.Int64
	server := s3test.Fake(t, faulty(&tries, slices.Repeat([]answer{answer{status: 503}}, 100)...))
	s := open(t, server, func(c *Config) { c.MinPause, c.MaxPause, c.Attempts = time.Hour, time.Hour, 100 })
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	if _, err := s.Get(ctx, "k"); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Get = %v, want context.DeadlineExceeded", err)
	}
}

// patience makes a sink wait for an answer no longer than it must where there is
// none, and otherwise longer than a busy machine needs to give one.
func patience(answers []answer) func(*Config) {
	return func(c *Config) {
		c.Attempts, c.Timeout = 4, time.Minute
		if slices.ContainsFunc(answers, func(a answer) bool { return a.hang }) {
			c.Timeout = 2 * time.Second
		}
	}
}
