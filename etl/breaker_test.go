package etl

import (
	"context"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"

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
