package etl

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/carebus/carebus/schema"
)

// flaky fails while down is set.
type flaky struct {
	Sink
	down atomic.Bool
	err  error
}

func (f *flaky) PutIfAbsent(ctx context.Context, o Object) error {
	if f.down.Load() {
		return f.err
	}
	return f.Sink.PutIfAbsent(ctx, o)
}

func (f *flaky) Get(ctx context.Context, key string) ([]byte, error) {
	if f.down.Load() {
		return nil, f.err
	}
	return f.Sink.Get(ctx, key)
}

// TestOutage: an hour without a sink, and then everything goes on by itself.
func TestOutage(t *testing.T) {
	for _, class := range []ErrorClass{ErrorSink, ErrorPermanent} {
		synctest.Test(t, func(t *testing.T) {
			l := &memLog{name: "0", trim: true}
			memory := Memory()
			sink := &flaky{Sink: memory, err: errors.New("refused")}
			if class == ErrorPermanent {
				sink.err = fmt.Errorf("%w: refused", ErrPermanent)
			}
			config := testConfig(sink, l)
			config.BatchEvents = 1
			p := mustNew(t, config)
			ctx, cancel := context.WithCancel(t.Context())
			done := make(chan error)
			go func() { done <- p.Run(ctx) }()
			var ids []string
			publish := func() {
				id := fmt.Sprintf("e-%d", len(ids))
				l.add(time.Now(), encodeEvent(testEvent(id, "user.created", time.Now())))
				ids = append(ids, id)
			}
			publish()
			time.Sleep(time.Second)
			sink.down.Store(true)
			publish()
			time.Sleep(time.Hour)
			publish()
			s := p.Status().Logs[0]
			if s.State != StateRetrying || s.LastError != class || s.Retries == 0 || s.Plan != 1 || s.LagAge < time.Hour {
				t.Errorf("during the outage: status %+v", s)
			}
			sink.down.Store(false)
			time.Sleep(time.Minute)
			synctest.Wait()
			if s := p.Status().Logs[0]; s.LastError != "" || s.Plan != 3 || s.LagAge != 0 || s.State != StateIdle {
				t.Errorf("after the outage: status %+v", s)
			}
			cancel()
			if err := <-done; err != nil {
				t.Error(err)
			}
			wantOnce(t, memory, ids)
		})
	}
}

// TestDrainGivesUp: transient errors are retried until the context is done,
// permanent ones are returned at once.
func TestDrainGivesUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &memLog{name: "0"}
		l.add(base, encodeEvent(testEvent("e", "user.created", base)))
		refused := errors.New("refused")
		sink := &flaky{Sink: Memory(), err: refused}
		sink.down.Store(true)
		p := mustNew(t, testConfig(sink, l))
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		start := time.Now()
		if err := p.Drain(ctx); !errors.Is(err, context.DeadlineExceeded) || time.Since(start) != time.Hour {
			t.Errorf("Drain = %v after %v", err, time.Since(start))
		}
		sink.err = fmt.Errorf("%w: refused", ErrPermanent)
		time.Sleep(time.Minute) // of the bubble: until the sink is asked again
		start = time.Now()
		if err := p.Drain(t.Context()); !errors.Is(err, ErrPermanent) || time.Since(start) != 0 {
			t.Errorf("Drain = %v after %v", err, time.Since(start))
		}
	})
}

// A poorSink fails every fourth call, at random, some of them after it has stored.
type poorSink struct {
	Sink
	mu     sync.Mutex
	random *rand.Rand
}

func (f *poorSink) fails() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.random.IntN(4) == 0
}

func (f *poorSink) PutIfAbsent(ctx context.Context, o Object) error {
	if f.fails() {
		return errPoor
	}
	if err := f.Sink.PutIfAbsent(ctx, o); err != nil || !f.fails() {
		return err
	}
	return errPoor
}

func (f *poorSink) Get(ctx context.Context, key string) ([]byte, error) {
	if f.fails() {
		return nil, errPoor
	}
	return f.Sink.Get(ctx, key)
}

var errPoor = errors.New("slow down")

// TestPoorStore: a store that fails often slows the lake down, but a plan of many
// objects, of which one fails in every session, ends.
func TestPoorStore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &memLog{name: "0"}
		var ids []string
		for i := range 200 {
			id := fmt.Sprintf("e-%d", i)
			ids = append(ids, id)
			l.add(base, encodeEvent(testEvent(id, "user.created", base.Add(-time.Duration(i)*time.Hour))))
		}
		memory := Memory()
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		p := mustNew(t, testConfig(&poorSink{Sink: memory, random: rand.New(rand.NewPCG(1, 2))}, l))
		if err := p.Drain(ctx); err != nil {
			t.Fatal(err)
		}
		wantOnce(t, memory, ids)
	})
}

// A hurriedLog tells of a server that is away when it is asked with a context that
// is done, as a client does that finds no time for a question.
type hurriedLog struct{ *memLog }

func (l hurriedLog) Cursor(ctx context.Context) (schema.Cursor, error) {
	if ctx.Err() != nil {
		return schema.Cursor{}, errNoTime
	}
	return l.memLog.Cursor(ctx)
}

var errNoTime = errors.New("no answer in time")

// TestDrainTellsTheOutage: when ctx is done, what was away is told, and not what
// there was no time for.
func TestDrainTellsTheOutage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &memLog{name: "0"}
		l.add(base, encodeEvent(testEvent("e", "user.created", base)))
		refused := errors.New("refused")
		sink := &flaky{Sink: Memory(), err: refused}
		sink.down.Store(true)
		config := testConfig(sink, hurriedLog{l})
		config.MoreLogs = func(ctx context.Context) ([]Log, error) {
			if ctx.Err() != nil {
				return nil, errNoTime
			}
			return nil, nil
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		err := mustNew(t, config).Drain(ctx)
		if !errors.Is(err, context.DeadlineExceeded) || !errors.Is(err, refused) || errors.Is(err, errNoTime) {
			t.Errorf("Drain = %v, want the deadline and what the sink said", err)
		}
	})
}
