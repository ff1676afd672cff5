package etl

import (
	"context"
	"errors"
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
