package etl

import (
	"context"
	"errors"
	"strings"
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
