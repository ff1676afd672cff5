package etl

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// A shelf holds the logs that there are by now, and may be out of reach.
type shelf struct {
	mu   sync.Mutex
	logs []Log
	err  error
}

func (s *shelf) put(logs ...Log) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.logs = append(s.logs, logs...)
}

func (s *shelf) fail(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.err = err
}

func (s *shelf) all(context.Context) ([]Log, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.logs), s.err
}

// published returns a log that holds an event.
func published(name, id string) *memLog {
	l := &memLog{name: name}
	l.add(time.Now(), encodeEvent(testEvent(id, "user.created", time.Now())))
	return l
}

// A pipeline that runs carries logs that come later, with leases and without,
// after an outage, too; each log once, however often it is named.
func TestRunFollowsNewLogs(t *testing.T) {
	for name, leases := range map[string]Leases{"alone": nil, "leased": &memLeases{}} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				sink, first := Memory(), published("0", "e-0")
				s := &shelf{logs: []Log{first}}
				config := testConfig(sink, first)
				config.MoreLogs, config.Leases, config.BatchAge = s.all, leases, time.Second
				p := mustNew(t, config)
				ctx, cancel := context.WithCancel(t.Context())
				done := make(chan error)
				go func() { done <- p.Run(ctx) }()
				time.Sleep(10 * time.Second)
				if st := p.Status(); st.Rows != 1 || len(st.Logs) != 1 {
					t.Errorf("before: %+v", st)
				}
				s.fail(errors.New("away"))
				s.put(published("1", "e-1"), published("2", "e-2"))
				time.Sleep(10 * time.Second)
				s.fail(nil)
				time.Sleep(10 * time.Second)
				if st := p.Status(); st.Rows != 3 || len(st.Logs) != 3 || st.Logs[2].Log != "2" || st.Logs[2].State != StateIdle {
					t.Errorf("after: %+v", st)
				}
				cancel()
				if err := <-done; err != nil {
					t.Error(err)
				}
				wantOnce(t, sink, []string{"e-0", "e-1", "e-2"})
			})
		})
	}
}

// Drain carries what stands in logs that came since, and doesn't say that all is
// carried when it can't know.
func TestDrainFollowsNewLogs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sink, first := Memory(), published("0", "e-0")
		s := &shelf{logs: []Log{first, published("1", "e-1")}}
		config := testConfig(sink, first)
		config.MoreLogs = s.all
		p := mustNew(t, config)
		mustDrain(t, p)
		wantOnce(t, sink, []string{"e-0", "e-1"})

		away := errors.New("away")
		s.fail(away)
		go func() {
			time.Sleep(time.Minute)
			s.put(published("2", "e-2"))
			s.fail(nil)
		}()
		mustDrain(t, p)
		wantOnce(t, sink, []string{"e-0", "e-1", "e-2"})

		s.fail(away)
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if err := p.Drain(ctx); !errors.Is(err, away) {
			t.Errorf("Drain = %v, though nobody knows which logs there are", err)
		}
		s.fail(nil)
		s.put(&memLog{name: "a/b"})
		if err := p.Drain(t.Context()); err == nil {
			t.Error("a log of no valid name is passed over in silence")
		}
	})
}
