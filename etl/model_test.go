package etl

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/carebus/carebus/schema"
)

// The model runs the pipeline itself, with every call to a log or a sink held
// until a scheduler lets it go. The scheduler enumerates what can happen: which
// writer's call goes next, and whether a call fails, or its writer dies, before
// or after it took effect. Enumeration is depth first by replay, bounded by the
// number of preemptions (turning from a writer that could go on) and of faults;
// see Musuvathi and Qadeer, "Iterative context bounding", PLDI 2007.

// A fate is what becomes of a call.
type fate int

const (
	proceed    fate = iota
	failBefore      // an error, and nothing happened
	failAfter       // it happened, but the answer is lost
	dieBefore       // the writer dies before the call
	dieAfter        // the writer dies once it happened
	fates
)

func (f fate) String() string {
	return [...]string{"proceed", "fail before", "fail after", "die before", "die after"}[f]
}

// A call is a call that waits for the scheduler.
type call struct {
	writer int
	name   string
	fate   chan fate
}

// A gate holds the calls of all writers.
type gate struct {
	mu      sync.Mutex
	waiting []*call
	dead    map[int]bool
	kill    []context.CancelFunc
}

var (
	errInjected = errors.New("injected")
	errDead     = errors.New("the writer is dead")
)

// pass waits for the scheduler and runs do if it is to happen.
func (g *gate) pass(ctx context.Context, writer int, name string, do func() error) error {
	c := &call{writer, name, make(chan fate, 1)}
	g.mu.Lock()
	if g.dead[writer] {
		g.mu.Unlock()
		return errDead
	}
	g.waiting = append(g.waiting, c)
	g.mu.Unlock()
	var f fate
	select {
	case f = <-c.fate:
	case <-ctx.Done():
		g.mu.Lock()
		g.waiting = slices.DeleteFunc(g.waiting, func(w *call) bool { return w == c })
		g.mu.Unlock()
		return ctx.Err()
	}
	switch f {
	case failBefore:
		return errInjected
	case dieBefore:
		g.die(writer)
		return errDead
	}
	err := do()
	switch f {
	case failAfter:
		return errInjected
	case dieAfter:
		g.die(writer)
		return errDead
	}
	return err
}

func (g *gate) die(writer int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.dead[writer] = true
	g.kill[writer]()
}

type gatedLog struct {
	Log
	g      *gate
	writer int
}

func (l gatedLog) Read(ctx context.Context, after string, limit int) (entries []schema.Entry, err error) {
	err = l.g.pass(ctx, l.writer, "read", func() (err error) {
		entries, err = l.Log.Read(context.Background(), after, limit)
		return err
	})
	return entries, err
}

func (l gatedLog) Cursor(ctx context.Context) (c schema.Cursor, err error) {
	err = l.g.pass(ctx, l.writer, "cursor", func() (err error) {
		c, err = l.Log.Cursor(context.Background())
		return err
	})
	return c, err
}

func (l gatedLog) Commit(ctx context.Context, next schema.Cursor) (ok bool, err error) {
	err = l.g.pass(ctx, l.writer, "commit", func() (err error) {
		ok, err = l.Log.Commit(context.Background(), next)
		return err
	})
	return ok, err
}

// gatedHistory is a gatedLog of a HistoryLog.
type gatedHistory struct {
	gatedLog
	log HistoryLog
}

func gate1(l Log, g *gate, writer int) Log {
	gated := gatedLog{l, g, writer}
	if h, ok := l.(HistoryLog); ok {
		return gatedHistory{gated, h}
	}
	return gated
}

func (l gatedHistory) ReadHistory(ctx context.Context, after string, limit int) (entries []schema.Entry, history string, err error) {
	err = l.g.pass(ctx, l.writer, "read", func() (err error) {
		entries, history, err = l.log.ReadHistory(context.Background(), after, limit)
		return err
	})
	return entries, history, err
}

func (l gatedHistory) Advance(ctx context.Context, history, id string) (ok bool, err error) {
	err = l.g.pass(ctx, l.writer, "advance", func() (err error) {
		ok, err = l.log.Advance(context.Background(), history, id)
		return err
	})
	return ok, err
}

type gatedSink struct {
	Sink
	g      *gate
	writer int
}

func (s gatedSink) PutIfAbsent(ctx context.Context, o Object) error {
	return s.g.pass(ctx, s.writer, "put "+o.Key, func() error { return s.Sink.PutIfAbsent(context.Background(), o) })
}

func (s gatedSink) Get(ctx context.Context, key string) (b []byte, err error) {
	err = s.g.pass(ctx, s.writer, "get "+key, func() (err error) {
		b, err = s.Sink.Get(context.Background(), key)
		return err
	})
	return b, err
}

// bounds limit what the scheduler may do in one run.
type bounds struct{ preemptions, faults int }

// A choice is a step of a schedule: which call, and its fate.
type choice struct {
	call  int
	fate  fate
	costP int
	costF int
}

// A world is what a run of the model acts on.
type world struct {
	writers []Config // with Sink and Logs of this world, not gated
	sink    *MemorySink
	log     *memLog
	ids     []string

	failovers []func() // what else may happen once, as a fault
	failed    bool
}

// run follows a schedule as far as it goes, then always takes the first
// choice. It returns the choices that there were at each step.
func (w *world) run(t *testing.T, schedule []int, b bounds) (options [][]choice, trace []string) {
	g := &gate{dead: map[int]bool{}, kill: make([]context.CancelFunc, len(w.writers))}
	finished := make([]bool, len(w.writers))
	var mu sync.Mutex
	for i, c := range w.writers {
		ctx, cancel := context.WithCancel(t.Context())
		g.kill[i] = cancel
		c.Sink = gatedSink{c.Sink, g, i}
		c.Logs = []Log{gate1(c.Logs[0], g, i)}
		p := mustNew(t, c)
		go func() {
			_ = p.Drain(ctx)
			mu.Lock()
			defer mu.Unlock()
			finished[i] = true
		}()
	}
	running := func() int {
		mu.Lock()
		defer mu.Unlock()
		n := 0
		for _, f := range finished {
			if !f {
				n++
			}
		}
		return n
	}
	last := 0
	for idle := 0; ; {
		synctest.Wait()
		if running() == 0 {
			break
		}
		g.mu.Lock()
		waiting := slices.Clone(g.waiting)
		g.mu.Unlock()
		if len(waiting) == 0 {
			if idle++; idle > 20 {
				t.Fatalf("no writer makes progress after %q", trace)
			}
			time.Sleep(time.Minute)
			continue
		}
		idle = 0
		slices.SortFunc(waiting, func(a, b *call) int {
			return cmp.Or(cmp.Compare((a.writer-last+8)%8, (b.writer-last+8)%8), cmp.Compare(a.name, b.name))
		})
		choices := choose(waiting, last, b)
		if !w.failed && b.faults > 0 {
			for i := range w.failovers {
				choices = append(choices, choice{call: -1 - i, costF: 1})
			}
		}
		options = append(options, choices)
		if len(options) > 400 {
			t.Fatalf("a run does not end: %q", trace[:60])
		}
		k := 0
		if step := len(options) - 1; step < len(schedule) {
			k = schedule[step]
		}
		pick := choices[k]
		if pick.call < 0 {
			w.failed = true
			w.failovers[-1-pick.call]()
			b.faults -= pick.costF
			trace = append(trace, fmt.Sprintf("failover %d", -pick.call))
			continue
		}
		c := waiting[pick.call]
		b.preemptions -= pick.costP
		b.faults -= pick.costF
		last = c.writer
		trace = append(trace, fmt.Sprintf("%d %s: %v", c.writer, c.name, pick.fate))
		g.mu.Lock()
		g.waiting = slices.DeleteFunc(g.waiting, func(w *call) bool { return w == c })
		g.mu.Unlock()
		c.fate <- pick.fate
	}
	for _, kill := range g.kill {
		kill()
	}
	return options, trace
}

// choose lists what can happen next within the bounds, the cheapest first.
func choose(waiting []*call, last int, b bounds) []choice {
	var choices []choice
	for i, c := range waiting {
		preempts := 0
		if i > 0 && waiting[0].writer == last {
			preempts = 1
		}
		if preempts > b.preemptions {
			continue
		}
		choices = append(choices, choice{i, proceed, preempts, 0})
		if b.faults > 0 {
			for f := failBefore; f < fates; f++ {
				if read := !strings.HasPrefix(c.name, "put") && c.name != "commit"; read && (f == failAfter || f == dieAfter) {
					continue // a read that took effect is as one that did not
				}
				choices = append(choices, choice{i, f, preempts, 1})
			}
		}
	}
	return choices
}

// explore runs every schedule within the bounds until check fails. It returns
// the number of runs and the first failure with its trace.
func explore(t *testing.T, b bounds, limit int, newWorld func() *world, check func(*world) error) (runs int, failure error) {
	var schedule []int
	for runs < limit {
		var options [][]choice
		var trace []string
		synctest.Test(t, func(t *testing.T) {
			w := newWorld()
			options, trace = w.run(t, schedule, b)
			recovery := w.writers[0]
			mustDrain(t, mustNew(t, recovery))
			failure = check(w)
		})
		runs++
		if failure != nil {
			return runs, fmt.Errorf("%w\nafter:\n%s", failure, strings.Join(trace, "\n"))
		}
		for len(schedule) < len(options) {
			schedule = append(schedule, 0)
		}
		schedule = schedule[:len(options)]
		for len(schedule) > 0 {
			k := len(schedule) - 1
			if schedule[k]++; schedule[k] < len(options[k]) {
				break
			}
			schedule = schedule[:k]
		}
		if len(schedule) == 0 {
			return runs, nil
		}
	}
	return runs, nil
}

// twoWriters is a world in which two writers cut different batches of one log.
func twoWriters() *world {
	w := &world{sink: Memory(), log: &memLog{name: "0", trim: true}}
	for i, typ := range []string{"user.created", "auth.login", "user.created"} {
		id := fmt.Sprintf("e-%d", i)
		w.log.add(base, encodeEvent(testEvent(id, typ, base)))
		w.ids = append(w.ids, id)
	}
	for i := range 2 {
		c := testConfig(w.sink, w.log)
		c.BatchEvents = 2 + i
		w.writers = append(w.writers, c)
	}
	return w
}

// intact checks that the lake is what its plans and amendments say.
func (w *world) intact() error {
	v, err := Verify(context.Background(), VerifyConfig{Sink: w.sink, Environment: "test", Log: "0"})
	if err == nil && len(v.Problems) > 0 {
		err = fmt.Errorf("the lake has problems: %+v", v.Problems)
	}
	return err
}

func (w *world) once() error {
	if err := w.intact(); err != nil {
		return err
	}
	return checkOnce(lakeCounts(&testing.T{}, w.sink, "events/", "event_id"), w.ids)
}

var (
	preemptions = flag.Int("model.preemptions", 0, "explore the models with up to so many preemptions in place of their own bound")
	faults      = flag.Int("model.faults", 0, "explore the models with up to so many faults in place of their own bound")
)

// bound returns bounds as the flags have them.
func bound(b bounds) bounds {
	if testing.Short() || raceDetector {
		b = bounds{preemptions: 0, faults: 1}
	}
	return bounds{cmp.Or(*preemptions, b.preemptions), cmp.Or(*faults, b.faults)}
}

func model(t *testing.T, b bounds, newWorld func() *world, check func(*world) error) {
	t.Helper()
	start := time.Now()
	runs, err := explore(t, b, math.MaxInt, newWorld, check)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d schedules with up to %d preemptions and %d faults in %v", runs, b.preemptions, b.faults, time.Since(start))
}

func TestModelTwoWriters(t *testing.T) {
	model(t, bound(bounds{preemptions: 1, faults: 1}), twoWriters, (*world).once)
}

// TestModelTwoPolicies: writers whose scrubbers and encoders differ rebuild
// each other's plans otherwise than planned, and still nothing is lost or twice.
func TestModelTwoPolicies(t *testing.T) {
	model(t, bound(bounds{preemptions: 1, faults: 1}), func() *world {
		w := twoWriters()
		w.writers[1].Scrubber = ScrubFunc(func(dst, event []byte) ([]byte, error) {
			return append(dst, bytes.ReplaceAll(event, []byte("user/42"), []byte("person/1"))...), nil
		})
		w.writers[1].Encoder = Gzip()
		return w
	}, (*world).once)
}

// planless is a sink that forgets plans: what would be left of the protocol
// without its first step.
type planless struct{ *MemorySink }

func (s planless) PutIfAbsent(ctx context.Context, o Object) error {
	if strings.HasPrefix(o.Key, "plans/") {
		return nil
	}
	return s.MemorySink.PutIfAbsent(ctx, o)
}

// TestModelFindsThePlantedBug shows that the model can fail.
func TestModelFindsThePlantedBug(t *testing.T) {
	runs, err := explore(t, bounds{preemptions: 1, faults: 1}, 1_000_000, func() *world {
		w := twoWriters()
		for i := range w.writers {
			w.writers[i].Sink = planless{w.sink}
		}
		return w
	}, (*world).once)
	if err == nil {
		t.Fatalf("%d schedules without the plan step, and none lost or doubled an event", runs)
	}
	t.Logf("found after %d schedules: %.80s…", runs, err)
}
