package eventbus

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"time"

	"github.com/carebus/carebus/internal/sleep"
	"github.com/carebus/carebus/schema"
)

// A lane calls the handler for one event after another, or one batch.
type lane struct {
	w *worker

	began time.Time // when the handler at work was called, zero for none; guarded by worker.mu

	mu     sync.Mutex
	queue  []*entry
	closed bool
	wake   chan struct{} // holds a token when queue or closed changed
}

func newLane(w *worker) *lane { return &lane{w: w, wake: make(chan struct{}, 1)} }

func (l *lane) add(entries []*entry) {
	if len(entries) == 0 {
		return
	}
	l.mu.Lock()
	l.queue = append(l.queue, entries...)
	l.mu.Unlock()
	l.signal()
}

func (l *lane) close() {
	l.mu.Lock()
	l.closed = true
	l.mu.Unlock()
	l.signal()
}

func (l *lane) signal() {
	select {
	case l.wake <- struct{}{}:
	default:
	}
}

// each calls f for the entries that wait for the handler.
func (l *lane) each(f func(*entry)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, e := range l.queue {
		f(e)
	}
}

// next waits for entries and returns a batch; nil when the lane is closed and
// empty. An entry that is tried again comes alone.
func (l *lane) next(most int) []*entry {
	for {
		l.mu.Lock()
		n := 0
		for n < len(l.queue) && n < most && (n == 0 || l.queue[0].deliveries <= 1 && l.queue[n].deliveries <= 1) {
			n++
		}
		if n > 0 {
			batch := l.queue[:n:n]
			l.queue = l.queue[n:]
			l.mu.Unlock()
			return batch
		}
		closed := l.closed
		l.mu.Unlock()
		if closed {
			return nil
		}
		<-l.wake
	}
}

// start runs the lane in a goroutine, and in another when the handler ends that.
func (l *lane) start(ctx, work context.Context, running *sync.WaitGroup) {
	running.Go(func() {
		returned := false
		defer func() {
			if !returned {
				l.start(ctx, work, running)
			}
		}()
		l.run(ctx, work)
		returned = true
	})
}

// run handles batches until the lane is closed. Once ctx is done, or the lease
// has run out, it gives back what it hasn't begun.
func (l *lane) run(ctx, work context.Context) {
	for batch := l.next(l.w.c.config.BatchSize); batch != nil; batch = l.next(l.w.c.config.BatchSize) {
		if !l.w.lease.valid() {
			l.w.lease.lose() // for good: what is behind mustn't overtake what is given back now
		}
		batch, begun := l.begin(ctx, batch)
		if !begun {
			results := make([]result, len(batch))
			for i, e := range batch {
				results[i] = result{entry: e, fate: fateRelease}
			}
			l.w.settler.add(results)
			continue
		}
		if batch = l.decode(batch); len(batch) > 0 {
			l.handle(work, batch)
		}
	}
}

// decode decodes the events that were claimed, see worker.open, and returns those
// that can be handled.
func (l *lane) decode(batch []*entry) []*entry {
	kept := batch[:0]
	var dead []result
	for _, e := range batch {
		if e.claimed {
			if reason := l.w.decodeEvent(e); reason != "" {
				dead = append(dead, result{entry: e, fate: fateDead, reason: reason})
				continue
			}
		}
		kept = append(kept, e)
	}
	l.w.settler.add(dead)
	return kept
}

// begin counts the delivery of entries that were claimed, in Redis, so that it
// is known even if the handler brings the process down. It returns those that
// are still the worker's, and false when the worker is to stop. While Redis is
// away it waits: what is behind mustn't overtake them.
func (l *lane) begin(ctx context.Context, batch []*entry) ([]*entry, bool) {
	args := []any{l.w.c.config.Group, l.w.c.config.Name}
	var claimed []*entry
	for _, e := range batch {
		if e.claimed {
			claimed = append(claimed, e)
			args = append(args, e.id, e.deliveries)
		}
	}
	var reply any
	for try := 0; len(claimed) > 0 && ctx.Err() == nil; try++ {
		var err error
		reply, err = l.w.call(ctx, "begin", beginScript, []string{l.w.shard.events}, args...)
		if err == nil {
			break
		}
		if isNoGroup(err) { // nobody's any more; the group's checkpoint brings them again
			reply = make([]any, len(claimed))
			break
		}
		sleep.For(ctx, min(time.Second, 10*time.Millisecond<<min(try, 10)))
	}
	if ctx.Err() != nil {
		return batch, false
	}
	if len(claimed) == 0 {
		return batch, true
	}
	ours, _ := reply.([]any)
	var gone []result
	lost := map[*entry]bool{}
	for i, e := range claimed {
		if i >= len(ours) || ours[i] != int64(1) { // settled or taken over meanwhile
			lost[e] = true
			gone = append(gone, result{entry: e})
		}
	}
	if len(gone) == 0 {
		return batch, true
	}
	l.w.release(gone)
	var kept []*entry
	for _, e := range batch {
		if !lost[e] {
			kept = append(kept, e)
		}
	}
	return kept, true
}

// handle calls the handler and settles what became of each entry, also when the
// handler ends the goroutine.
func (l *lane) handle(work context.Context, batch []*entry) {
	events := make([]schema.Envelope, len(batch))
	began := func(now time.Time) {
		l.w.mu.Lock()
		defer l.w.mu.Unlock()
		l.began = now
		for _, e := range batch {
			e.started = now
		}
	}
	for i, e := range batch {
		events[i] = e.envelope
	}
	began(time.Now())
	defer began(time.Time{}) // what waits to be settled then is no handler's fault
	ctx, cancel := context.WithTimeout(work, l.w.c.config.HandleTimeout)
	defer cancel()
	var err error
	returned := false
	defer func() {
		if !returned { // by runtime.Goexit, which t.FailNow calls in tests
			err = &panicError{stack()}
		}
		errs := verdicts(err, len(batch))
		l.tellPanics(ctx, errs)
		results := make([]result, len(batch))
		for i, e := range batch {
			results[i] = l.w.judge(e, errs[i], work.Err() != nil)
		}
		l.w.settler.add(results)
	}()
	err = protect(func() error { return l.w.handler.Handle(ctx, events) })
	returned = true
}

// A panicError stands for what a handler panicked with, which may hold PHI and
// is dropped, or for its goroutine's end. The stack is functions and lines: the
// runtime's own print of it would show arguments.
type panicError struct{ stack string }

func (*panicError) Error() string { return "eventbus: the handler panicked" }

// protect calls f and turns a panic into an error.
func protect(f func() error) (err error) {
	defer func() {
		if recover() != nil {
			err = &panicError{stack()}
		}
	}()
	return f()
}

// stack returns where a panic happened.
func stack() string {
	pcs := make([]uintptr, 32)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(4, pcs)]) // past Callers, stack, the deferred function and panic
	var b strings.Builder
	for {
		f, more := frames.Next()
		fmt.Fprintf(&b, "%s %s:%d\n", f.Function, f.File, f.Line)
		if !more {
			return b.String()
		}
	}
}

// tellPanics counts and logs each panic once, and of errors that panic when they are
// looked at the first.
func (l *lane) tellPanics(ctx context.Context, errs []error) {
	var told *panicError
	tell := func(p *panicError) {
		told = p
		l.w.bus.counters.panics.Add(1)
		l.w.bus.config.Logger.ErrorContext(ctx, "eventbus: a handler panicked", "stream", l.w.shard.events, "group", l.w.c.config.Group, "stack", p.stack)
	}
	looked := false
	for _, err := range errs {
		var p *panicError
		// An error's methods are the handler's code as well: those of a nil pointer may panic.
		bad := protect(func() error { errors.As(err, &p); return nil })
		if b, ok := bad.(*panicError); ok && !looked { //nolint:errorlint // it is protect's own
			looked = true
			tell(b)
		} else if p != nil && p != told {
			tell(p)
		}
	}
}

// judge decides what becomes of an entry that was handled. Where its handler was cut
// short, that is no try.
func (w *worker) judge(e *entry, err error, cut bool) result {
	switch {
	case err == nil:
		return result{entry: e, fate: fateAck}
	case cut && isCanceled(err):
		return result{entry: e, fate: fateRelease}
	case isPermanent(err):
		return result{entry: e, fate: fateDead, reason: ReasonPermanent}
	case e.deliveries >= int64(w.c.config.MaxDeliver):
		return result{entry: e, fate: fateDead, reason: ReasonMaxDeliver}
	}
	return result{entry: e, fate: fateRetry}
}
