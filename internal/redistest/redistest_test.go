package redistest

import (
	"testing"
	"time"
)

func TestEachAnswers(t *testing.T) {
	Each(t, func(t *testing.T, url string) {
		if err := Client(t, url).Ping(t.Context()).Err(); err != nil {
			t.Fatal(err)
		}
	})
}

func TestDataOutlivesAKill(t *testing.T) {
	s := Real(t)
	c := s.Client(t)
	if err := c.Set(t.Context(), "k", "v", 0).Err(); err != nil {
		t.Fatal(err)
	}
	s.Kill(t)
	s.Restart(t)
	if got, err := c.Get(t.Context(), "k").Result(); err != nil || got != "v" {
		t.Errorf("after the restart: %q, %v", got, err)
	}
}

// TestAnotherServersAnswerIsNotTaken: when a port is taken between its choice and
// the server's start, whoever has it may be a redis-server as well.
func TestAnotherServersAnswerIsNotTaken(t *testing.T) {
	s := Real(t)
	late := &Server{URL: s.URL, Addr: s.Addr, Dir: t.TempDir(), args: s.args}
	if err := late.start(); err == nil {
		late.Close()
		t.Fatal("a server whose port another one has counts as started")
	}
	if err := s.Client(t).Ping(t.Context()).Err(); err != nil {
		t.Error(err)
	}
}

func TestSkewed(t *testing.T) {
	s, ahead := Skewed(t)
	c := s.Client(t)
	for _, d := range []time.Duration{0, 5 * time.Hour, -5 * time.Hour, 0} {
		ahead(d)
		now, err := c.Time(t.Context()).Result()
		if off := time.Until(now) - d; err != nil || off.Abs() > 30*time.Second {
			t.Errorf("ahead by %v: off by %v, %v", d, off, err)
		}
	}
}
