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

func TestController(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &memLog{name: "0"}
		sink := Memory()
		config := testConfig(sink, l)
		config.BatchAge = time.Second
		p := mustNew(t, config)
		c := NewController(p)
		if err := c.Stop(t.Context()); err != nil {
			t.Errorf("Stop before Start = %v", err)
		}
		request, end := context.WithCancel(t.Context())
		for range 2 {
			if err := c.Start(request); err != nil {
				t.Errorf("Start = %v", err)
			}
		}
		end() // the request is over; the pipeline goes on
		l.add(time.Now(), encodeEvent(testEvent("e-1", "user.created", time.Now())))
		time.Sleep(3 * time.Second)
		if s := c.Status(); s.State != StateRunning || s.Rows != 1 {
			t.Errorf("status %+v", s)
		}
		if err := p.Run(t.Context()); !errors.Is(err, ErrRunning) {
			t.Errorf("Run = %v, want ErrRunning", err)
		}
		for range 2 {
			if err := c.Stop(t.Context()); err != nil {
				t.Errorf("Stop = %v", err)
			}
		}
		if s := c.Status(); s.State != StateStopped || s.Logs[0].State != StateStopped {
			t.Errorf("status %+v", s)
		}
		l.add(time.Now(), encodeEvent(testEvent("e-2", "user.created", time.Now())))
		time.Sleep(time.Minute)
		if s := c.Status(); s.Rows != 1 {
			t.Errorf("stopped, and yet it carries: %+v", s)
		}
		if err := c.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		time.Sleep(3 * time.Second)
		if err := c.Stop(t.Context()); err != nil {
			t.Fatal(err)
		}
		wantOnce(t, sink, []string{"e-1", "e-2"})
	})
}

// stuckSink answers after a minute, whatever becomes of the context.
type stuckSink struct{ *MemorySink }

func (s stuckSink) PutIfAbsent(ctx context.Context, o Object) error {
	time.Sleep(time.Minute)
	return s.MemorySink.PutIfAbsent(context.WithoutCancel(ctx), o)
}

// TestStartWhileStopping: a start that comes while a stop waits for the sink isn't
// lost.
func TestStartWhileStopping(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &memLog{name: "0"}
		l.add(time.Now(), encodeEvent(testEvent("e-1", "user.created", time.Now())))
		config := testConfig(stuckSink{Memory()}, l)
		config.BatchAge = time.Second
		c := NewController(mustNew(t, config))
		if err := c.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		time.Sleep(5 * time.Second)
		soon, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := c.Stop(soon); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("Stop = %v", err)
		}
		if err := c.Start(soon); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("Start = %v in a time that is over", err)
		}
		if err := c.Start(t.Context()); err != nil {
			t.Errorf("Start = %v", err)
		}
		time.Sleep(5 * time.Minute)
		if s := c.Status(); s.State != StateRunning || s.Rows != 1 {
			t.Errorf("status %+v", s)
		}
		if err := c.Stop(t.Context()); err != nil {
			t.Errorf("Stop = %v", err)
		}
	})
}

// TestBreaker: while the sink is down, the logs together ask it seldom; once it
// is back, everything is carried.
func TestBreaker(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var logs []Log
		var ids []string
		for i := range 8 {
			l := &memLog{name: fmt.Sprint(i)}
			id := fmt.Sprintf("e-%d", i)
			l.add(time.Now(), encodeEvent(testEvent(id, "user.created", time.Now())))
			logs, ids = append(logs, l), append(ids, id)
		}
		sink := Memory()
		counted := &countingSink{Sink: sink}
		counted.down.Store(true)
		config := testConfig(counted, logs...)
		config.Breaker = BreakerRule{Failures: 8, Pause: time.Minute}
		p := mustNew(t, config)
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error)
		go func() { done <- p.Run(ctx) }()
		time.Sleep(time.Hour)
		if n := counted.calls.Load(); n > 8+16+60 {
			t.Errorf("%d calls in an hour of outage", n)
		}
		if s := p.Status(); s.Breaker != BreakerOpen && s.Breaker != BreakerHalfOpen || s.Logs[0].LastError != ErrorSink {
			t.Errorf("status %+v", s)
		}
		counted.down.Store(false)
		time.Sleep(3 * time.Minute)
		if s := p.Status(); s.Breaker != BreakerClosed || s.Rows != 8 {
			t.Errorf("after the outage: status %+v", s)
		}
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
		wantOnce(t, sink, ids)
	})
}

type countingSink struct {
	Sink
	calls atomic.Int64
	down  atomic.Bool
}

func (s *countingSink) PutIfAbsent(ctx context.Context, o Object) error {
	if s.calls.Add(1); s.down.Load() {
		return errors.New("down")
	}
	return s.Sink.PutIfAbsent(ctx, o)
}

func (s *countingSink) Get(ctx context.Context, key string) ([]byte, error) {
	if s.calls.Add(1); s.down.Load() {
		return nil, errors.New("down")
	}
	return s.Sink.Get(ctx, key)
}

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

func TestRate(t *testing.T) {
	var r rate
	at := time.Unix(1_700_000_000, 0)
	if got := r.perSecond(at); got != 0 {
		t.Errorf("before the first count: %v", got)
	}
	for i := range 10 {
		r.add(at.Add(time.Duration(i)*time.Second), 100)
	}
	for _, c := range []struct {
		after time.Duration
		want  float64
	}{{9 * time.Second, 100}, {19 * time.Second, 50}, {59 * time.Second, 1000.0 / 60}, {64 * time.Second, 500.0 / 60}, {time.Hour, 0}} {
		if got := r.perSecond(at.Add(c.after)); got != c.want {
			t.Errorf("after %v: %v, want %v", c.after, got, c.want)
		}
	}
}
