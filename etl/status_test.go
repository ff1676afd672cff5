package etl

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// A slowSink doesn't answer until it is opened.
type slowSink struct {
	Sink
	open chan struct{}
}

func (s slowSink) PutIfAbsent(ctx context.Context, o Object) error {
	select {
	case <-s.open:
		return s.Sink.PutIfAbsent(ctx, o)
	case <-ctx.Done():
		return ctx.Err()
	}
}

// TestStateOfASlowSink: a log is read ahead, and is no idler for that while a
// batch is on its way.
func TestStateOfASlowSink(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &memLog{name: "0"}
		sink := slowSink{Memory(), make(chan struct{})}
		p := mustNew(t, testConfig(sink, l))
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error)
		go func() { done <- p.Run(ctx) }()
		l.add(time.Now(), encodeEvent(testEvent("e-1", "user.created", time.Now())))
		time.Sleep(6 * time.Minute)
		if s := p.Status().Logs[0]; s.State != StateWriting || s.LagAge != 6*time.Minute {
			t.Errorf("while the sink doesn't answer: %+v", s)
		}
		l.add(time.Now(), encodeEvent(testEvent("e-2", "user.created", time.Now())))
		time.Sleep(time.Minute)
		if s := p.Status().Logs[0]; s.State != StateWriting {
			t.Errorf("with another batch that fills: %+v", s)
		}
		close(sink.open)
		time.Sleep(time.Minute)
		if s := p.Status().Logs[0]; s.State != StateFilling || s.Rows != 1 {
			t.Errorf("once it answers: %+v", s)
		}
		time.Sleep(5 * time.Minute)
		if s := p.Status().Logs[0]; s.State != StateIdle || s.Rows != 2 {
			t.Errorf("at the end: %+v", s)
		}
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}

// full takes no puts while down is set.
type full struct {
	Sink
	down atomic.Bool
}

func (f *full) PutIfAbsent(ctx context.Context, o Object) error {
	if f.down.Load() {
		return errors.New("no space")
	}
	return f.Sink.PutIfAbsent(ctx, o)
}

// TestLagOfAClockAhead: what a log gave the ids of a clock that was hours ahead, or a
// stranger any ids, lags like all else, also when it is read again and again.
func TestLagOfAClockAhead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &memLog{name: "0"}
		sink := &full{Sink: Memory()}
		config := testConfig(sink, l)
		config.BatchAge = time.Second
		p := mustNew(t, config)
		ctx, cancel := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		wg.Go(func() { _ = p.Run(ctx) })
		time.Sleep(time.Minute)
		sink.down.Store(true)
		l.add(time.Now().Add(10*time.Hour), encodeEvent(testEvent("e-1", "user.created", time.Now())))
		time.Sleep(time.Hour)
		if s := p.Status().Logs[0]; s.LagAge < 59*time.Minute || s.Watermark.After(time.Now().Add(-59*time.Minute)) {
			t.Errorf("after an hour: lag %v, watermark %v", s.LagAge, s.Watermark)
		}
		sink.down.Store(false)
		time.Sleep(time.Hour)
		if s := p.Status().Logs[0]; s.LagAge != 0 || s.Rows != 1 || s.Watermark.After(time.Now()) || time.Since(s.Watermark) > time.Second {
			t.Errorf("in the end: lag %v, watermark %v, %d rows", s.LagAge, s.Watermark, s.Rows)
		}
		cancel()
		wg.Wait()
	})
}
