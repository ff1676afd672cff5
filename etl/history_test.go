package etl

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/carebus/carebus/schema"
)

// histLog is a HistoryLog in memory: a memLog that can lose its end.
type histLog struct {
	*memLog
	history int
	floor   entryID // ids to come are greater
}

func newHistLog(name string) *histLog { return &histLog{memLog: &memLog{name: name}, history: 1} }

func (l *histLog) ReadHistory(ctx context.Context, after string, limit int) ([]schema.Entry, string, error) {
	entries, err := l.Read(ctx, after, limit)
	l.mu.Lock()
	defer l.mu.Unlock()
	return entries, fmt.Sprintf("history-%d", l.history), err
}

func (l *histLog) Advance(ctx context.Context, history, id string) (bool, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if history != fmt.Sprintf("history-%d", l.history) {
		return false, ctx.Err()
	}
	if to, _ := parseID(id); l.floor.less(to) {
		l.floor = to
	}
	return true, ctx.Err()
}

// publish adds an event right behind the last entry, as a server does whose
// clock is behind.
func (l *histLog) publish(id, typ string) { l.append(encodeEvent(testEvent(id, typ, base))) }

func (l *histLog) append(data []byte) {
	l.mu.Lock()
	defer l.mu.Unlock()
	next := entryID{ms: uint64(base.UnixMilli())}
	last := l.floor
	if n := len(l.entries); n > 0 {
		if id, _ := parseID(l.entries[n-1].ID); last.less(id) {
			last = id
		}
	}
	if !last.less(next) {
		next = entryID{last.ms, last.seq + 1}
	}
	l.entries = append(l.entries, schema.Entry{ID: next.String(), Data: data})
}

// failover replaces the server by one that lacks the last entries, knows an
// older cursor, and has trimmed nothing beyond it.
func (l *histLog) failover(lose int, cursor schema.Cursor) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.history++
	l.entries = l.entries[:max(0, len(l.entries)-lose)]
	if cursor.Plan < l.cursor.Plan {
		l.cursor = cursor
	}
	l.floor = entryID{}
}

func historyPlan(t *testing.T, sink *MemorySink, n int) *Plan {
	t.Helper()
	raw, err := sink.Get(t.Context(), fmt.Sprintf("plans/test/0/%020d.json", n))
	p := new(Plan)
	if err := errors.Join(err, json.Unmarshal(raw, p)); err != nil {
		t.Fatal(err)
	}
	return p
}

// TestLatePlan: events that a new server gave the ids of lost ones are carried,
// the lost ones stay, a second try of one of them is not carried twice.
func TestLatePlan(t *testing.T) {
	l := newHistLog("0")
	for i := range 6 {
		l.publish(fmt.Sprintf("e-%d", i), "user.created")
	}
	sink := Memory()
	config := testConfig(sink, l)
	config.BatchEvents = 3
	p := mustNew(t, config)
	mustDrain(t, p)
	l.failover(2, schema.Cursor{}) // e-4 and e-5 are gone
	l.publish("new-1", "user.created")
	l.publish("e-4", "auth.login") // a publisher that never got an answer
	l.publish("new-2", "user.created")
	mustDrain(t, p)
	l.publish("e-5", "user.created")
	l.publish("new-3", "user.created")
	mustDrain(t, p)
	wantOnce(t, sink, []string{"e-0", "e-1", "e-2", "e-3", "e-4", "e-5", "new-1", "new-2", "new-3"})

	late := historyPlan(t, sink, 3)
	ms := fmt.Sprint(base.UnixMilli())
	if !late.Late || late.History != "history-2" || late.IDs != ms+"-4" || late.Vanished != ms+"-4..5" ||
		late.Guard == nil || late.Guard.From != 2 || late.Guard.To != 2 || late.Last != ms+"-5" {
		t.Errorf("late plan %+v, guard %+v", late, late.Guard)
	}
	next := historyPlan(t, sink, 4)
	if next.Late || next.Guard == nil || next.After != late.Last {
		t.Errorf("plan behind the late one %+v", next)
	}
	fifth := historyPlan(t, sink, 5)
	if len(fifth.Dropped) != 1 || fifth.Dropped[0] != (PlanDropped{DroppedDuplicate, "0"}) {
		t.Errorf("dropped %+v", fifth.Dropped)
	}
	if s := p.Status().Logs[0]; s.HistoryChanges != 1 || s.Late != 1 || s.Dropped != 1 || s.Lost != 0 {
		t.Errorf("status %+v", s)
	}
}

// TestLatePlans: what is too much for one late plan goes into several.
func TestLatePlans(t *testing.T) {
	l := newHistLog("0")
	var ids []string
	for i := range 10 {
		id := fmt.Sprintf("a-%d", i)
		l.publish(id, "user.created")
		ids = append(ids, id)
	}
	sink := Memory()
	config := testConfig(sink, l)
	config.BatchEvents = 4
	mustDrain(t, mustNew(t, config))
	l.failover(9, schema.Cursor{})
	for i := range 15 {
		id := fmt.Sprintf("b-%d", i)
		l.publish(id, "user.created")
		ids = append(ids, id)
	}
	mustDrain(t, mustNew(t, config))
	wantOnce(t, sink, ids)
	for n, want := range map[int]bool{4: true, 5: true, 6: false} {
		if p := historyPlan(t, sink, n); !p.Late || p.More != want {
			t.Errorf("plan %d: late %v, more %v", n, p.Late, p.More)
		}
	}
	l.failover(0, schema.Cursor{}) // a restart that lost nothing
	l.publish("c", "user.created")
	mustDrain(t, mustNew(t, config))
	wantOnce(t, sink, append(ids, "c"))
}

// TestLateAfterALostObject: entries that were planned and vanished before their
// object was written are counted as lost, and the ids they had are used again.
func TestLateAfterALostObject(t *testing.T) {
	l := newHistLog("0")
	for i, typ := range []string{"auth.login", "user.created", "auth.login", "user.created"} {
		l.publish(fmt.Sprintf("e-%d", i), typ)
	}
	sink := Memory()
	config := testConfig(&stopAt{sink, "event_type=user.created"}, l)
	config.Uploads = 1
	if err := mustNew(t, config).Drain(t.Context()); !errors.Is(err, errStopped) {
		t.Fatalf("Drain = %v", err)
	}
	l.failover(3, schema.Cursor{})
	l.publish("new", "user.created") // has the id of e-1, which is not in the lake
	config.Sink = sink
	p := mustNew(t, config)
	mustDrain(t, p)
	wantOnce(t, sink, []string{"e-0", "e-2", "new"})
	if s := p.Status(); s.Lost != 1 {
		t.Errorf("%d lost, want 1: e-3", s.Lost)
	}
	l.publish("more", "user.created")
	mustDrain(t, p)
	wantOnce(t, sink, []string{"e-0", "e-2", "new", "more"})
}

// flapping is a log whose address leads to another server at each read.
type flapping struct {
	*histLog
	reads int
}

func (f *flapping) ReadHistory(ctx context.Context, after string, limit int) ([]schema.Entry, string, error) {
	f.reads++
	f.history = f.reads/5%2 + 1
	return f.histLog.ReadHistory(ctx, after, limit)
}

// TestFlappingHistory: two servers that take turns behind one address cost no
// event, and few plans.
func TestFlappingHistory(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &flapping{histLog: newHistLog("0")}
		l.publish("e-0", "user.created")
		sink := Memory()
		config := testConfig(sink, l)
		config.BatchAge = time.Millisecond
		p := mustNew(t, config)
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error)
		go func() { done <- p.Run(ctx) }()
		time.Sleep(time.Hour)
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
		if n := p.Status().Plans; n > 400 {
			t.Errorf("%d plans in an hour", n)
		}
		wantOnce(t, sink, []string{"e-0"})
	})
}

// failoverWorld is a world in which the server is replaced once.
func failoverWorld() *world {
	l := newHistLog("0")
	w := &world{sink: Memory(), log: l.memLog}
	for i, typ := range []string{"user.created", "auth.login", "user.created"} {
		id := fmt.Sprintf("e-%d", i)
		l.publish(id, typ)
		w.ids = append(w.ids, id)
	}
	for i := range 2 {
		c := testConfig(w.sink, l)
		c.BatchEvents = 2 + i
		w.writers = append(w.writers, c)
	}
	after := func(lose int, cursor schema.Cursor, again bool) func() {
		return func() {
			var kept []string
			entries := l.entries[:max(0, len(l.entries)-lose)]
			for _, e := range entries {
				env, _ := schema.Parse(e.Data)
				kept = append(kept, env.ID)
			}
			l.failover(lose, cursor)
			l.publish("new-1", "user.created")
			if again {
				l.publish("e-2", "auth.login") // the publisher never got an answer, and tries again
				kept = append(kept, "e-2")
			}
			l.publish("new-2", "auth.login")
			w.ids = append(kept, "new-1", "new-2")
		}
	}
	w.failovers = []func(){
		after(1, schema.Cursor{Plan: 1 << 40}, false),
		after(2, schema.Cursor{}, false),
		after(1, schema.Cursor{}, true),
		after(3, schema.Cursor{Plan: 1 << 40}, true),
	}
	return w
}

// survivors checks that what the log kept is in the lake once, and nothing
// twice: what the log lost may be there or not.
func (w *world) survivors() error {
	if err := w.intact(); err != nil {
		return err
	}
	counts := lakeCounts(&testing.T{}, w.sink, "events/", "event_id")
	for id, n := range counts {
		if n > 1 {
			return fmt.Errorf("event %s is in the lake %d times", id, n)
		}
	}
	for _, id := range w.ids {
		if counts[id] != 1 {
			return fmt.Errorf("event %s is in the lake %d times", id, counts[id])
		}
	}
	return nil
}

func TestModelFailover(t *testing.T) {
	model(t, bound(bounds{preemptions: 1, faults: 1}), failoverWorld, (*world).survivors)
}

// TestModelFailoverCanFail: without histories, the same failovers lose events.
func TestModelFailoverCanFail(t *testing.T) {
	_, err := explore(t, bounds{preemptions: 1, faults: 1}, 1_000_000, func() *world {
		w := failoverWorld()
		for i := range w.writers {
			w.writers[i].Logs = []Log{struct{ Log }{w.writers[i].Logs[0]}}
		}
		return w
	}, (*world).survivors)
	if err == nil {
		t.Fatal("a pipeline that knows no histories lost nothing")
	}
}

var _ HistoryLog = (*histLog)(nil)
