package etl

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/carebus/carebus/schema"
)

// TestBatchAge: a partial batch waits for BatchAge from its first event on.
func TestBatchAge(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &memLog{name: "0"}
		sink := Memory()
		p := mustNew(t, testConfig(sink, l))
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error)
		go func() { done <- p.Run(ctx) }()

		time.Sleep(time.Minute)
		synctest.Wait()
		if s := p.Status().Logs[0]; s.State != StateIdle || time.Since(s.Watermark) > time.Second {
			t.Errorf("idle: status %+v", s)
		}
		at := time.Now()
		l.add(at, encodeEvent(testEvent("e-1", "user.created", at)))
		time.Sleep(3 * time.Minute)
		l.add(time.Now(), encodeEvent(testEvent("e-2", "user.created", at)))
		time.Sleep(2*time.Minute - time.Second)
		synctest.Wait()
		s := p.Status().Logs[0]
		if s.Plans != 0 || s.State != StateFilling || s.LagAge != 5*time.Minute-time.Second || !s.Watermark.Equal(at) {
			t.Errorf("a second before its age: status %+v", s)
		}
		time.Sleep(time.Second)
		synctest.Wait()
		s = p.Status().Logs[0]
		if s.Plans != 1 || s.Rows != 2 || s.LagAge != 0 {
			t.Errorf("at its age: status %+v", s)
		}
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
		wantOnce(t, sink, []string{"e-1", "e-2"})
	})
}

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

// TestBatchAgeSurvivesARestart: events that are old by their publishing wait no
// second time.
func TestBatchAgeSurvivesARestart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &memLog{name: "0"}
		l.add(time.Now().Add(-4*time.Minute), encodeEvent(testEvent("e-1", "user.created", time.Now())))
		p := mustNew(t, testConfig(Memory(), l))
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		done := make(chan error)
		go func() { done <- p.Run(ctx) }()
		time.Sleep(time.Minute - time.Second)
		synctest.Wait()
		if n := p.Status().Plans; n != 0 {
			t.Errorf("%d plans before the age", n)
		}
		time.Sleep(time.Second)
		synctest.Wait()
		if n := p.Status().Plans; n != 1 {
			t.Errorf("%d plans at the age, want 1", n)
		}
		cancel()
		<-done
	})
}

// TestBatchLimits: batches end at BatchEvents and at BatchBytes.
func TestBatchLimits(t *testing.T) {
	big := encodeEvent(testEvent(strings.Repeat("x", 100), "user.created", base))
	for _, c := range []struct {
		name              string
		events, bytes     int
		entries, plans    int
		largestPlanWanted int
	}{
		{"by events", 10, 1 << 20, 95, 10, 10},
		{"by bytes", 1000, 3*len(big) + 1, 10, 4, 3},
		{"one larger than the limit", 1000, 1, 5, 5, 1},
		{"exactly full", 10, 1 << 20, 20, 2, 10},
	} {
		l := &memLog{name: "0"}
		for range c.entries {
			l.add(base, big)
		}
		config := testConfig(Memory(), l)
		config.BatchEvents, config.BatchBytes = c.events, c.bytes
		largest := 0
		config.OnCommit = func(c Commit) { largest = max(largest, c.Rows) }
		p := mustNew(t, config)
		mustDrain(t, p)
		if s := p.Status(); s.Plans != uint64(c.plans) || largest != c.largestPlanWanted || s.Rows != uint64(c.entries) {
			t.Errorf("%s: %d plans, the largest of %d rows, %d rows; want %d plans, largest %d", c.name, s.Plans, largest, s.Rows, c.plans, c.largestPlanWanted)
		}
	}
}

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

var errPoor = errors.New("slow down")

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

var errNoTime = errors.New("no answer in time")

func (l hurriedLog) Cursor(ctx context.Context) (schema.Cursor, error) {
	if ctx.Err() != nil {
		return schema.Cursor{}, errNoTime
	}
	return l.memLog.Cursor(ctx)
}

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

// brokenLog gives entries as it is told.
type brokenLog struct {
	memLog
	give []schema.Entry
}

func (l *brokenLog) Read(context.Context, string, int) ([]schema.Entry, error) { return l.give, nil }

func TestDisorder(t *testing.T) {
	for _, give := range [][]schema.Entry{
		{{ID: "x"}}, {{ID: ""}}, {{ID: "1"}}, {{ID: "1-01"}}, {{ID: "-1-1"}}, {{ID: "+1-1"}},
		{{ID: "2-0"}, {ID: "1-0"}}, {{ID: "1-0"}, {ID: "1-0"}}, {{ID: "10-0"}, {ID: "9-0"}},
	} {
		l := &brokenLog{memLog: memLog{name: "0"}, give: give}
		p := mustNew(t, testConfig(Memory(), l))
		if err := p.Drain(t.Context()); !errors.Is(err, errDisorder) || p.Status().Logs[0].LastError != ErrorDisorder {
			t.Errorf("%v: Drain = %v", give, err)
		}
	}
}

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
