package redistest

import "testing"

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
