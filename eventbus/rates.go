package eventbus

import (
	"sync"
	"time"
)

// Rates are what a Bus did in this process per second, over the last minute at
// most.
type Rates struct {
	Over         time.Duration // how long the rates look back
	Published    float64
	Failed       float64 // publishes that failed or were given up
	Rejected     float64 // events refused
	Handled      float64
	Retried      float64
	DeadLettered float64
}

// sampleFor is how far back rates look.
const sampleFor = time.Minute

// samples remembers the counters of the last minute.
type samples struct {
	mu  sync.Mutex
	all []sample // oldest first
}

type sample struct {
	at    time.Time
	stats Stats
}

// note remembers a sample, and forgets those that are too old.
func (s *samples) note(now time.Time, stats Stats) {
	stats.Scrubbed = nil
	s.mu.Lock()
	defer s.mu.Unlock()
	old := 0
	for old < len(s.all) && now.Sub(s.all[old].at) > sampleFor {
		old++
	}
	s.all = append(append(s.all[:0], s.all[old:]...), sample{now, stats})
}

// rates compares the counters with the oldest sample.
func (s *samples) rates(now time.Time, stats Stats) Rates {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.all) == 0 || !now.After(s.all[0].at) {
		return Rates{}
	}
	then, over := s.all[0].stats, now.Sub(s.all[0].at)
	per := func(now, then uint64) float64 { return float64(now-then) / over.Seconds() }
	return Rates{
		Over: over, Published: per(stats.Published, then.Published), Failed: per(stats.Failed, then.Failed),
		Rejected: per(stats.Rejected, then.Rejected), Handled: per(stats.Handled, then.Handled),
		Retried: per(stats.Retried, then.Retried), DeadLettered: per(stats.DeadLettered, then.DeadLettered),
	}
}
