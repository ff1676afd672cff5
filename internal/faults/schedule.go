package faults

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"
)

// A Step is one fault of a schedule.
type Step struct {
	At   time.Duration // since the beginning
	Do   Verb
	To   string        // a process, such as "sink-1", redis or lake
	For  time.Duration // 0: it is over at once
	By   time.Duration
	With []Answer // of Errors
	One  int      // of Errors: in so many requests
}

func (s Step) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%9.3fs %s %s", s.At.Seconds(), s.Do, s.To)
	if s.For > 0 {
		fmt.Fprintf(&b, " for %v", s.For)
	}
	if s.By != 0 {
		fmt.Fprintf(&b, " by %v", s.By)
	}
	if s.One > 0 {
		fmt.Fprintf(&b, " one in %d", s.One)
	}
	return b.String()
}

// Schedule returns the steps of a length of time, in their order. It is a
// function of its arguments alone: the same seed gives the same steps, and a
// longer schedule begins with the shorter one's.
func (s *Scenario) Schedule(seed uint64, length time.Duration) []Step {
	var steps []Step
	for i, f := range s.Faults {
		random := rand.New(rand.NewPCG(seed, uint64(i))) //nolint:gosec // it is to repeat
		slots := s.slots(f.To)
		for at := wait(random, f.Every); at < length; at += wait(random, f.Every) {
			step := Step{At: at, Do: f.Do, To: string(f.To), For: f.For.pick(random), By: f.By.pick(random), With: f.With, One: f.OneIn}
			if len(slots) > 0 {
				step.To = slots[random.IntN(len(slots))]
			}
			if f.Do == Clock && random.IntN(2) == 0 {
				step.By = -step.By
			}
			steps = append(steps, step)
		}
	}
	slices.SortStableFunc(steps, func(a, b Step) int { return cmp.Compare(a.At, b.At) })
	return steps
}

// wait is exponentially distributed: faults come independently of each other.
func wait(random *rand.Rand, mean time.Duration) time.Duration {
	return max(time.Millisecond, time.Duration(random.ExpFloat64()*float64(mean)).Round(time.Millisecond))
}

func (r Range) pick(random *rand.Rand) time.Duration {
	if r.Max == r.Min {
		return r.Min
	}
	return (r.Min + time.Duration(random.Int64N(int64(r.Max-r.Min)+1))).Round(time.Millisecond)
}
