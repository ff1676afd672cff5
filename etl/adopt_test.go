package etl

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/carebus/carebus/schema"
)

// stopAt is a sink that fails for good from a put on.
type stopAt struct {
	Sink
	key string // part of it
}

var errStopped = fmt.Errorf("%w: stopped by the test", ErrPermanent)

func (s *stopAt) PutIfAbsent(ctx context.Context, o Object) error {
	if strings.Contains(o.Key, s.key) {
		return errStopped
	}
	return s.Sink.PutIfAbsent(ctx, o)
}

// planned returns a lake in which a plan of four events in two objects stands,
// one of the objects too, and the log behind it.
func planned(t *testing.T, change func(*Config)) (*memLog, *MemorySink) {
	t.Helper()
	l := &memLog{name: "0"}
	for i, typ := range []string{"auth.login", "user.created", "auth.login", "user.created"} {
		e := testEvent(fmt.Sprintf("e-%d", i), typ, base)
		e.Subject = fmt.Sprintf("user/%d", i)
		l.add(base, encodeEvent(e))
	}
	sink := Memory()
	config := testConfig(&stopAt{sink, "event_type=user.created"}, l)
	config.Uploads = 1
	if change != nil {
		change(&config)
	}
	if err := mustNew(t, config).Drain(t.Context()); !errors.Is(err, errStopped) {
		t.Fatalf("Drain = %v", err)
	}
	if n := len(sink.Keys()); n != 2 {
		t.Fatalf("%d objects: %q", n, sink.Keys())
	}
	return l, sink
}

var fourEvents = []string{"e-0", "e-1", "e-2", "e-3"}

func amendment(t *testing.T, sink *MemorySink) *Amendment {
	t.Helper()
	raw, err := sink.Get(t.Context(), "plans/test/0/00000000000000000001.amended.json")
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	a := new(Amendment)
	if err := errors.Join(err, json.Unmarshal(raw, a)); err != nil {
		t.Fatal(err)
	}
	return a
}

func TestAdoptByTheSameVersion(t *testing.T) {
	l, sink := planned(t, nil)
	config := testConfig(sink, l)
	config.BatchEvents = 1 // would cut other batches
	config.Encoder = Gzip()
	config.Now = func() time.Time { return base }
	p := mustNew(t, config)
	mustDrain(t, p)
	wantOnce(t, sink, fourEvents)
	if a := amendment(t, sink); a != nil {
		t.Errorf("amended: %+v", a)
	}
	if s := p.Status(); s.Plans != 1 || s.Rows != 4 || s.Found != 2 || s.Objects != 2 || s.RowsPerSecond != 2 {
		t.Errorf("status %+v", s)
	}
}

// What a pipeline stored before an outage is its own once it goes on.
func TestFoundIsAnothers(t *testing.T) {
	l := &memLog{name: "0"}
	for i, typ := range []string{"auth.login", "user.created"} {
		l.add(base, encodeEvent(testEvent(fmt.Sprintf("e-%d", i), typ, base)))
	}
	sink := Memory()
	once := &failOnce{Sink: sink, key: "event_type=user.created"}
	config := testConfig(once, l)
	config.Uploads = 1
	var reports []Commit
	config.OnCommit = func(c Commit) { reports = append(reports, c) }
	p := mustNew(t, config)
	mustDrain(t, p)
	stored := 0
	for _, o := range reports[0].Objects {
		object, err := sink.Object(t.Context(), o.Key)
		if err != nil || o.Bytes != len(object.Body) {
			t.Errorf("%s: %d bytes, %v", o.Key, o.Bytes, err)
		}
		stored += o.Bytes
	}
	if s := p.Status(); !once.failed || !reports[0].Adopted || s.Rows != 2 || s.Found != 0 || s.Bytes != uint64(stored) {
		t.Errorf("status %+v, reports %+v", s, reports)
	}

	// A log that begins anew finds all in the lake.
	l.cursor = schema.Cursor{}
	again := mustNew(t, testConfig(sink, l))
	mustDrain(t, again)
	if s := again.Status(); s.Rows != 2 || s.Found != 2 || s.Bytes != 0 || s.RowsPerSecond != 0 {
		t.Errorf("status %+v", s)
	}
}

// failOnce fails the first put of a key.
type failOnce struct {
	Sink
	key    string // part of it
	failed bool
}

func (f *failOnce) PutIfAbsent(ctx context.Context, o Object) error {
	if strings.Contains(o.Key, f.key) && !f.failed {
		f.failed = true
		return errors.New("away")
	}
	return f.Sink.PutIfAbsent(ctx, o)
}

// TestAdoptByAnotherPolicy: the plan's keys and rows are obeyed, the object
// that is there is taken, and the new one's hash is amended.
func TestAdoptByAnotherPolicy(t *testing.T) {
	l, sink := planned(t, nil)
	config := testConfig(sink, l)
	config.Partitioner = PartitionFunc(func(dst []byte, r *Record) []byte { return append(dst, "elsewhere"...) })
	config.Scrubber = ScrubFunc(func(dst, event []byte) ([]byte, error) {
		return append(dst, strings.ReplaceAll(string(event), "user/", "person/")...), nil
	})
	mustDrain(t, mustNew(t, config))
	wantOnce(t, sink, fourEvents)
	a := amendment(t, sink)
	if a == nil || len(a.Objects) != 1 || a.Objects[0].Rows != 2 || a.Objects[0].Missing != "" || len(a.Refused) != 0 {
		t.Fatalf("amendment %+v", a)
	}
	rows := lakeRows(t, sink, a.Objects[0].Key)[a.Objects[0].Key]
	if len(rows) != 2 || rows[0]["subject"] != "person/1" {
		t.Errorf("rows %v", rows)
	}
	mustDrain(t, mustNew(t, testConfig(sink, l))) // and the chain goes on
}

// TestAdoptRefuses: what a stricter policy refuses stays out and is listed.
func TestAdoptRefuses(t *testing.T) {
	l, sink := planned(t, nil)
	config := testConfig(sink, l)
	config.Scrubber = ScrubFunc(func(dst, event []byte) ([]byte, error) {
		if strings.Contains(string(event), `"e-1"`) {
			return dst, errors.New("refused")
		}
		return append(dst, event...), nil
	})
	mustDrain(t, mustNew(t, config))
	wantOnce(t, sink, []string{"e-0", "e-2", "e-3"})
	a := amendment(t, sink)
	if a == nil || len(a.Objects) != 1 || a.Objects[0].Missing != "1" || len(a.Refused) != 1 || a.Refused[0] != (PlanQuarantined{Reason: ReasonScrub, Entries: "1"}) {
		t.Errorf("amendment %+v", a)
	}
}

// TestAdoptLost: entries that vanished from the log before their object was
// written are listed as missing, and nothing else suffers.
func TestAdoptLost(t *testing.T) {
	l, sink := planned(t, nil)
	l.entries = l.entries[:3]
	mustDrain(t, mustNew(t, testConfig(sink, l)))
	wantOnce(t, sink, []string{"e-0", "e-1", "e-2"})
	if a := amendment(t, sink); a == nil || a.Objects[0].Missing != "3" || a.Objects[0].Rows != 1 {
		t.Errorf("amendment %+v", a)
	}
	synctest.Test(t, func(t *testing.T) {
		l, sink := planned(t, nil)
		l.entries = nil
		mustDrain(t, mustNew(t, testConfig(sink, l)))
		wantOnce(t, sink, []string{"e-0", "e-2"})
		if a := amendment(t, sink); a == nil || a.Objects[0].Missing != "1,3" || a.Objects[0].Rows != 0 {
			t.Errorf("amendment %+v", a)
		}
	})
}

// A plan of which the log has nothing may be another bus's that is being carried
// out: empty objects in its place would cost that bus its rows.
func TestPlanUnderWay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		theirs, sink := planned(t, nil)
		ours := &memLog{name: "0"}
		done := make(chan error)
		go func() { done <- mustNew(t, testConfig(sink, ours)).Drain(t.Context()) }()
		time.Sleep(3 * time.Second)
		mustDrain(t, mustNew(t, testConfig(sink, theirs)))
		if err := <-done; err != nil || ours.cursor.Plan != 1 {
			t.Errorf("Drain = %v; the cursor is %+v", err, ours.cursor)
		}
		wantOnce(t, sink, fourEvents)
	})
}

// TestAdoptQuarantine: what the plan put into quarantine stays there, though
// the successor could read it.
func TestAdoptQuarantine(t *testing.T) {
	l, sink := planned(t, func(c *Config) {
		c.Scrubber = ScrubFunc(func(dst, event []byte) ([]byte, error) {
			if strings.Contains(string(event), `"e-3"`) {
				return dst, errors.New("refused")
			}
			return append(dst, event...), nil
		})
		c.Sink = &stopAt{c.Sink, "quarantine/"}
	})
	mustDrain(t, mustNew(t, testConfig(sink, l)))
	wantOnce(t, sink, []string{"e-0", "e-1", "e-2"})
	if got := lakeCounts(t, sink, "quarantine/", "reason"); got["scrub"] != 1 {
		t.Errorf("quarantine %v", got)
	}
	if a := amendment(t, sink); a != nil {
		t.Errorf("amended: %+v", a)
	}
}

// TestForeignObject: an object of other rows under a planned key is never taken
// for the plan's, and never overwritten.
func TestForeignObject(t *testing.T) {
	for _, lines := range []string{`{"stream_id":"5-5"}` + "\n", "x\n", `{"event_id":"e"}` + "\n"} {
		l := &memLog{name: "0"}
		l.add(base, encodeEvent(testEvent("e", "user.created", base)))
		sink := Memory()
		body, _ := Snappy().Encode(nil, []byte(lines))
		key := "events/test/year=2024/month=01/day=15/hour=14/event_type=user.created/0-00000000000000000001-0.jsonl.snappy"
		if err := sink.PutIfAbsent(t.Context(), Object{Key: key, Body: body}); err != nil {
			t.Fatal(err)
		}
		p := mustNew(t, testConfig(sink, l))
		if err := p.Drain(t.Context()); !errors.Is(err, ErrPlan) {
			t.Errorf("Drain = %v, want ErrPlan", err)
		}
		if c, _ := l.Cursor(t.Context()); c != (schema.Cursor{}) {
			t.Errorf("the cursor moved: %v", c)
		}
	}
}

// TestNewLogOldLake: a log that begins anew behind a lake that has plans of its
// name goes on behind them.
func TestNewLogOldLake(t *testing.T) {
	sink := Memory()
	old := &memLog{name: "0"}
	old.add(base, encodeEvent(testEvent("old", "user.created", base)))
	mustDrain(t, mustNew(t, testConfig(sink, old)))
	fresh := &memLog{name: "0"}
	fresh.add(base.AddDate(0, 0, 1), encodeEvent(testEvent("new", "user.created", base)))
	mustDrain(t, mustNew(t, testConfig(sink, fresh)))
	wantOnce(t, sink, []string{"old", "new"})
}

// TestNewLogAfterRetention: where a log begins anew, what retention took of the plans
// that others stand behind is neither put again, nor amended, nor lost. Of the last
// plan nobody knows whether its objects were ever there.
func TestNewLogAfterRetention(t *testing.T) {
	for name, fresh := range map[string]Log{
		"log":         &memLog{name: "0"},
		"history log": &histLog{memLog: &memLog{name: "0"}, history: 2},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				sink := Memory()
				old := newHistLog("0")
				for i := range 9 {
					old.publish(fmt.Sprintf("e-%d", i), []string{"auth.login", "user.created"}[i%2])
				}
				config := testConfig(sink, old)
				config.BatchEvents = 3
				mustDrain(t, mustNew(t, config))
				expire(sink, "event_type=user.created")
				before := len(sink.Keys())

				config.Logs = []Log{fresh}
				p := mustNew(t, config)
				mustDrain(t, p)
				if s := p.Status(); s.Lost != 1 || s.Rows != 5 || s.Found != 5 || s.Plans < 3 {
					t.Errorf("status %+v", s)
				}
				late := int(p.Status().Plans) - 3
				if n := len(sink.Keys()) - late; n != before+2 { // an empty object of the last plan, and its amendment
					t.Errorf("%d objects, want %d: %q", n, before+2, sink.Keys())
				}
				v, err := Verify(t.Context(), VerifyConfig{Sink: sink, Environment: "test", Log: "0", ExpiredBefore: base.AddDate(0, 0, 1)})
				if err != nil || len(v.Problems) > 0 || v.Expired != 2 || v.Lost != 1 || v.Rows != 5 {
					t.Errorf("%+v, %v", v, err)
				}
			})
		})
	}
}

// expire deletes the objects whose keys contain part.
func expire(sink *MemorySink, part string) {
	for _, key := range sink.Keys() {
		if strings.HasPrefix(key, "events/") && strings.Contains(key, part) {
			delete(sink.objects, key)
		}
	}
}

// TestModelNewLogAfterRetention: whenever that happens while two writers are at work,
// no plan with another behind it is amended, and no event is twice.
func TestModelNewLogAfterRetention(t *testing.T) {
	var gone []string // keys of what retention took
	model(t, bound(bounds{preemptions: 1, faults: 1}), func() *world {
		gone = nil
		l := newHistLog("0")
		w := &world{sink: Memory(), log: l.memLog}
		for i := range 3 {
			l.publish(fmt.Sprintf("e-%d", i), "user.created")
		}
		for i := range 2 {
			c := testConfig(w.sink, l)
			c.BatchEvents = 1 + i
			w.writers = append(w.writers, c)
		}
		w.failovers = []func(){func() {
			for n := 1; w.sink.objects[PlanKey("", "test", "0", uint64(n+1))].Body != nil; n++ {
				for _, o := range historyPlan(t, w.sink, n).Objects {
					gone = append(gone, o.Key)
					delete(w.sink.objects, o.Key)
				}
			}
			l.failover(len(l.entries), schema.Cursor{})
			l.add(base.Add(time.Second), encodeEvent(testEvent("new", "user.created", base)))
			w.ids = []string{"new"}
		}}
		return w
	}, func(w *world) error {
		v, err := Verify(context.Background(), VerifyConfig{Sink: w.sink, Environment: "test", Log: "0", ExpiredBefore: base.AddDate(0, 0, 1)})
		if err != nil || len(v.Problems) > 0 {
			return fmt.Errorf("%+v, %w", v, err)
		}
		for key, o := range w.sink.objects {
			for _, k := range gone {
				if strings.Contains(key, ".amended.") && strings.Contains(string(o.Body), k) {
					return fmt.Errorf("%s amends %s", key, k)
				}
			}
		}
		counts := lakeCounts(t, w.sink, "events/", "event_id")
		for id, n := range counts {
			if n > 1 {
				return fmt.Errorf("event %s is in the lake %d times", id, n)
			}
		}
		if len(w.ids) == 1 && counts["new"] != 1 {
			return errors.New("the new event is not in the lake")
		}
		return nil
	})
}

// Two buses that fill one lake give their entries ids out of one range. What a
// plan of the other would pass over must not be lost unseen.
func TestPlanOfAnotherBus(t *testing.T) {
	sink := Memory()
	ours, theirs := &memLog{name: "0"}, &memLog{name: "0"}
	for i := range 3 {
		at := base.Add(time.Duration(i) * 10 * time.Millisecond)
		theirs.add(at, encodeEvent(testEvent(fmt.Sprintf("theirs-%d", i), "auth.login", base)))
		ours.add(at.Add(time.Millisecond), encodeEvent(testEvent(fmt.Sprintf("ours-%d", i), "auth.login", base)))
	}
	mustDrain(t, mustNew(t, testConfig(sink, theirs)))
	config := testConfig(sink, ours)
	err := mustNew(t, config).Drain(t.Context())
	if !errors.Is(err, ErrPlan) || !strings.Contains(err.Error(), "another bus") || ours.cursor.Plan != 0 {
		t.Fatalf("Drain = %v; the cursor is %+v", err, ours.cursor)
	}
	config.Prefix = "ours"
	mustDrain(t, mustNew(t, config))
	if ours.cursor.Plan != 1 {
		t.Errorf("the cursor in a lake of its own is %+v", ours.cursor)
	}
	// Behind what the other has carried there is nothing to pass over.
	later := &memLog{name: "0"}
	later.add(base.Add(time.Second), encodeEvent(testEvent("later", "auth.login", base)))
	mustDrain(t, mustNew(t, testConfig(sink, later)))
	if later.cursor.Plan != 2 {
		t.Errorf("the cursor of the later bus is %+v", later.cursor)
	}
}
