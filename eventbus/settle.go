package eventbus

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/cenkalti/backoff/v5"
)

// A fate is what becomes of an entry.
type fate int

const (
	fateAck     fate = iota // handled
	fateRetry               // to be tried again after a wait
	fateDead                // to be moved to the dead letters
	fateRelease             // not begun: for anyone to take at once
	fateSkip                // of no concern to the group
)

// A result is an entry and its fate.
type result struct {
	entry  *entry
	fate   fate
	reason Reason // of fateDead
}

// A settler tells Redis the fate of entries, as many at once as have come in
// since the call before.
type settler struct {
	w *worker

	mu      sync.Mutex
	results []result
	closed  bool
	closing chan struct{} // closed by close
	end     time.Time     // when trying has an end; set before closing is closed
	wake    chan struct{} // holds a token when results or closed changed
}

// settleMost is how many entries one call settles, and settleBytes how large the events
// of its dead ones are in sum, so that a slow network carries it in callTimeout.
const (
	settleMost  = 1000
	settleBytes = 1 << 20
)

// settleLast is how long a settler tries to tell Redis the last fates when its
// consumer stops. What it can't tell is delivered again.
const settleLast = 5 * time.Second

func newSettler(w *worker) *settler {
	return &settler{w: w, closing: make(chan struct{}), wake: make(chan struct{}, 1)}
}

func (s *settler) add(results []result) {
	if len(results) == 0 {
		return
	}
	s.mu.Lock()
	s.results = append(s.results, results...)
	s.mu.Unlock()
	s.signal()
}

func (s *settler) close() {
	s.mu.Lock()
	s.closed = true
	s.end = time.Now().Add(settleLast)
	s.mu.Unlock()
	close(s.closing)
	s.signal()
}

func (s *settler) signal() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

func (s *settler) run() {
	unsettled := 0
	for {
		s.mu.Lock()
		n := few(s.results)
		results := s.results[:n:n]
		s.results = s.results[n:]
		closed := s.closed
		s.mu.Unlock()
		switch {
		case n > 0:
			// What one call couldn't tell to the end the next ones can't.
			if unsettled > 0 || !s.settle(results) {
				unsettled += n
			}
			s.w.release(results)
		case closed:
			if unsettled > 0 {
				s.w.bus.config.Logger.Warn("eventbus: the consumer stops with entries unsettled; they will be delivered again", "stream", s.w.shard.events, "group", s.w.c.config.Group, "entries", unsettled)
			}
			return
		default:
			<-s.wake
		}
	}
}

// few returns how many results one call tells.
func few(results []result) int {
	n, bytes := min(len(results), settleMost), 0
	for i, r := range results[:n] {
		if r.fate != fateDead {
			continue
		}
		if bytes += len(r.entry.event); bytes > settleBytes {
			return max(1, i)
		}
	}
	return n
}

// settle tells Redis the fates, again and again while it is away. It reports false when
// it has come to the end.
func (s *settler) settle(results []result) bool {
	wait := backoff.ExponentialBackOff{InitialInterval: 10 * time.Millisecond, RandomizationFactor: 0.5, Multiplier: 2, MaxInterval: time.Second}
	wait.Reset()
	var last <-chan time.Time
	closing := s.closing
	full := false
	for try := 1; ; try++ {
		err := s.tell(results, full)
		switch {
		case err == nil:
			return true
		case isNoGroup(err):
			return true // the group will be made anew at its checkpoint and deliver them again
		case errors.Is(err, ErrBusFull) && !full:
			// One takes little memory, and trimming waits for what isn't settled.
			full = true
			keepDead(results, 1)
		case !errors.Is(err, ErrUnavailable):
			keepDead(results, 0)
		}
		if try == 1 { // tell of a change, not of every try
			s.w.bus.config.Logger.Warn("eventbus: consumer can't settle and goes on trying", "stream", s.w.shard.events, "group", s.w.c.config.Group, "error", err)
		}
		t := time.NewTimer(wait.NextBackOff())
		select {
		case <-t.C:
		case <-closing: // once: from now on there is an end
			closing, last = nil, time.After(time.Until(s.end))
			t.Stop()
		case <-last:
			t.Stop()
			return false
		}
	}
}

// keepDead turns dead entries into retries, but for the first so many: Redis has no
// memory for letters, or won't take them, which mustn't hold up the others.
func keepDead(results []result, but int) {
	for i := range results {
		switch {
		case results[i].fate != fateDead:
		case but > 0:
			but--
		default:
			results[i].fate = fateRetry
		}
	}
}

// tell makes one call for all results and counts them. Where Redis is full it takes
// letters only if it is told so.
func (s *settler) tell(results []result, full bool) error {
	w, c := s.w, &s.w.c.config
	var acks, retries, dead []any
	var again []retry
	var n [5]uint64
	now := time.Now()
	for _, r := range results {
		e := r.entry
		n[r.fate]++
		switch r.fate {
		case fateAck, fateSkip:
			acks = append(acks, e.id)
		case fateRetry:
			wait := c.backoff(e.deliveries, jitter())
			retries = append(retries, e.id, (c.MinIdle - wait).Milliseconds(), e.deliveries, waiting, e.deliveries)
			again = append(again, retry{parseStreamID(e.id), now.Sub(clockStart) + wait + time.Millisecond})
		case fateRelease:
			retries = append(retries, e.id, c.MinIdle.Milliseconds(), e.deliveries-1, unbegun, e.deliveries)
		case fateDead:
			fields := w.deadLetter(r, now)
			dead = append(dead, e.id, len(fields))
			dead = append(dead, fields...)
		}
	}
	args := []any{c.Group, c.Name, *w.lastRead.Load(), n[fateAck] + n[fateSkip], n[fateRetry] + n[fateRelease], n[fateDead], full}
	args = append(append(append(args, acks...), retries...), dead...)
	began := time.Now()
	_, err := w.call(context.Background(), "settle", settleScript, []string{w.shard.events, w.shard.dead, w.shard.checkpoints}, args...)
	w.bus.telemetry.recordSettle(w, began, results, err)
	if err != nil {
		return err
	}
	// Redis has begun to count when the call came there: before it answered.
	took := time.Since(now)
	for i := range again {
		again[i].at += took
	}
	w.schedule(again)
	w.bus.counters.handled.Add(n[fateAck])
	w.bus.counters.retried.Add(n[fateRetry])
	w.bus.counters.deadLettered.Add(n[fateDead])
	w.logDead(results, n[fateDead])
	return nil
}
