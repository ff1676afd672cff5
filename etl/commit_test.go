package etl

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/carebus/carebus/schema"
)

// TestCommitAnswerLost: a commit whose answer is lost is reported once.
func TestCommitAnswerLost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &lossy{memLog: memLog{name: "0", trim: true}}
		l.add(base, encodeEvent(testEvent("e", "user.created", base)))
		sink := Memory()
		config := testConfig(sink, l)
		var mu sync.Mutex
		var commits []Commit
		config.OnCommit = func(c Commit) {
			mu.Lock()
			defer mu.Unlock()
			commits = append(commits, c)
		}
		p := mustNew(t, config)
		mustDrain(t, p)
		if len(commits) != 1 || commits[0].Rows != 1 || p.Status().Rows != 1 {
			t.Errorf("commits %+v", commits)
		}
		wantOnce(t, sink, []string{"e"})
	})
}

// lossy loses the answer of its first commit.
type lossy struct {
	memLog
	lost bool
}

func (l *lossy) Commit(ctx context.Context, next schema.Cursor) (bool, error) {
	ok, err := l.memLog.Commit(ctx, next)
	if !l.lost {
		l.lost = true
		return false, errors.New("answer lost")
	}
	return ok, err
}

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
