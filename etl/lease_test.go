package etl

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// TestLeases: pipelines share the logs evenly; one that joins takes its share,
// one that leaves gives it up at once, one that dies within the time of a lease.
func TestLeases(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var leases memLeases
		var logs []*memLog
		var ids []string
		for i := range 8 {
			logs = append(logs, &memLog{name: fmt.Sprint(i), trim: true})
		}
		sink := Memory()
		type member struct {
			p    *Pipeline
			stop func()
		}
		start := func(name string, leases Leases) member {
			config := testConfig(sink)
			for _, l := range logs {
				config.Logs = append(config.Logs, l)
			}
			config.Leases, config.Member, config.BatchAge = leases, name, time.Second
			p := mustNew(t, config)
			ctx, cancel := context.WithCancel(t.Context())
			done := make(chan error)
			go func() { done <- p.Run(ctx) }()
			return member{p, sync.OnceFunc(func() {
				cancel()
				if err := <-done; err != nil {
					t.Error(err)
				}
			})}
		}
		carried := func(m member) (n int) {
			for _, l := range m.p.Status().Logs {
				if l.State != StateStopped {
					n++
				}
			}
			return n
		}
		publish := func() {
			for _, l := range logs {
				id := fmt.Sprintf("e-%d", len(ids))
				l.add(time.Now(), encodeEvent(testEvent(id, "user.created", time.Now())))
				ids = append(ids, id)
			}
		}
		want := func(when string, members []member, shares ...int) {
			t.Helper()
			publish()
			time.Sleep(20 * time.Second)
			for i, m := range members {
				if got := carried(m); got != shares[i] {
					t.Errorf("%s: member %d carries %d logs, want %d", when, i, got, shares[i])
				}
			}
		}
		a := start("a", &leases)
		want("one", []member{a}, 8)
		b := start("b", &leases)
		want("two", []member{a, b}, 4, 4)
		mortal := &mortalLeases{Leases: &leases}
		c := start("c", mortal)
		want("three", []member{a, b, c}, 3, 3, 2)
		mortal.dead.Store(true)
		want("one has died", []member{a, b, c}, 4, 4, 0)
		b.stop()
		want("one has left", []member{a}, 8)
		a.stop()
		c.stop()
		wantOnce(t, sink, ids)
	})
}

// mortalLeases fails once its member is dead.
type mortalLeases struct {
	Leases
	dead atomic.Bool
}

func (m *mortalLeases) Hold(ctx context.Context, member string, logs []string, ttl time.Duration) ([]string, error) {
	if m.dead.Load() {
		return nil, errors.New("dead")
	}
	return m.Leases.Hold(ctx, member, logs, ttl)
}
