package etl

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"sync/atomic"
	"testing"
	"testing/synctest"
)

// TestScrubbedIsCountedOnce: what is found in an event is counted once, however
// often the store has its batch scrubbed again, and by whoever commits it.
func TestScrubbedIsCountedOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const n = 300
		var calls atomic.Int64
		for seed := range uint64(4) {
			l := &memLog{name: "0", trim: true}
			for i := range n {
				l.add(base, encodeEvent(testEvent(fmt.Sprintf("e-%d", i), "user.created", base)))
			}
			l.add(base, []byte("no event")) // in quarantine
			config := testConfig(&poorSink{Sink: Memory(), random: rand.New(rand.NewPCG(seed, 2))}, l)
			config.BatchEvents = 25
			config.Scrubber = CountFunc(func(dst, event []byte) ([]byte, map[string]int, error) {
				calls.Add(1)
				return append(dst, event...), map[string]int{"name": 2, "phone": 1}, nil
			})
			got := map[string]int{}
			config.OnCommit = func(c Commit) { addCounts(got, c.Scrubbed) }
			mustDrain(t, mustNew(t, config))
			if want := map[string]int{"name": 2 * n, "phone": n}; !maps.Equal(got, want) {
				t.Errorf("seed %d: %v, want %v", seed, got, want)
			}
		}
		if calls.Load() <= 4*(n+1) {
			t.Error("nothing was scrubbed again: the test shows nothing")
		}
	})
}
