package main

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func TestFromCallersCallsEachOnce(t *testing.T) {
	var mu sync.Mutex
	seen := map[int]int{}
	s, err := fromCallers(t.Context(), 8, 1000, 0, func(_ context.Context, i int) error {
		mu.Lock()
		defer mu.Unlock()
		seen[i]++
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(seen) != 1000 || s.events != 1000 || s.latency.TotalCount() != 1000 {
		t.Errorf("%d events, %d in the sample, %d latencies", len(seen), s.events, s.latency.TotalCount())
	}
	for i, n := range seen {
		if n != 1 || i < 0 || i >= 1000 {
			t.Errorf("event %d came %d times", i, n)
		}
	}
}

func TestFromCallersFails(t *testing.T) {
	broken := errors.New("broken")
	_, err := fromCallers(t.Context(), 4, 100, 0, func(_ context.Context, i int) error {
		if i == 17 {
			return broken
		}
		return nil
	})
	if !errors.Is(err, broken) {
		t.Errorf("error %v", err)
	}
}

// The latency of what is due during a stall counts from when it was due. A
// benchmark that only measures calls would see one slow event of 1,000.
func TestPacedOmitsNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const rate, stall = 1000, 100 * time.Millisecond
		s, err := fromCallers(t.Context(), 1, 1000, rate, func(_ context.Context, i int) error {
			if i == 0 {
				time.Sleep(stall)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		// 100 events were due in the stall: the last tenth waited 0 to 100 ms.
		for _, c := range []struct {
			quantile float64
			want     time.Duration
		}{{89, 0}, {95, 50 * time.Millisecond}, {99, 90 * time.Millisecond}, {100, 100 * time.Millisecond}} {
			got := time.Duration(s.latency.ValueAtQuantile(c.quantile))
			if got < c.want-2*time.Millisecond || got > c.want+2*time.Millisecond {
				t.Errorf("quantile %v: %v, want about %v", c.quantile, got, c.want)
			}
		}
		if s.elapsed != 999*time.Millisecond {
			t.Errorf("took %v: the rate was not kept", s.elapsed)
		}
	})
}

func TestInBatchesCoversAll(t *testing.T) {
	for _, n := range []int{1, 255, 256, 257, 5000} {
		p := &countingPublisher{}
		s, err := inBatches(t.Context(), p, n, 256)
		if err != nil {
			t.Fatal(err)
		}
		if p.events != n || s.events != n {
			t.Errorf("%d events published, %d in the sample, want %d", p.events, s.events, n)
		}
	}
}

// countingPublisher counts what it is given.
type countingPublisher struct {
	mu     sync.Mutex
	events int
}

func (p *countingPublisher) publish(ctx context.Context, i int) error {
	return p.publishBatch(ctx, i, 1)
}

func (p *countingPublisher) publishBatch(_ context.Context, _, n int) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.events += n
	return nil
}

func (p *countingPublisher) close() error { return nil }
