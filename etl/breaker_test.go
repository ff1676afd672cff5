package etl

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/carebus/carebus/internal/output"
)

// A panickySink panics with what it is given, at first before it has stored it
// and then after that.
type panickySink struct {
	Sink
	puts, gets int
}

func (s *panickySink) PutIfAbsent(ctx context.Context, o Object) error {
	s.puts++
	if s.puts == 1 {
		panic(string(o.Body))
	}
	err := s.Sink.PutIfAbsent(ctx, o)
	if s.puts == 3 {
		panic(string(o.Body))
	}
	return err
}

func (s *panickySink) Get(ctx context.Context, key string) ([]byte, error) {
	body, err := s.Sink.Get(ctx, key)
	if s.gets++; s.gets == 1 {
		panic(string(body))
	}
	return body, err
}

// TestASinkThatPanics costs a try, not the process, and tells nobody what it was
// given.
func TestASinkThatPanics(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &memLog{name: "0"}
		for _, id := range []string{"e-1", "e-2", "e-3"} {
			l.add(base, encodeEvent(testEvent(id, "user.created", base)))
		}
		memory := Memory()
		sink := &panickySink{Sink: memory}
		var log output.Buffer
		config := testConfig(sink, l)
		config.BatchEvents = 1
		config.Logger = slog.New(slog.NewTextHandler(&log, nil))
		mustDrain(t, mustNew(t, config))
		wantOnce(t, memory, []string{"e-1", "e-2", "e-3"})
		if text := log.String(); !strings.Contains(text, errPanic.Error()) || strings.Contains(text, "e-1") {
			t.Errorf("the log: %s", text)
		}
		if sink.gets == 0 {
			t.Error("nothing was read")
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
