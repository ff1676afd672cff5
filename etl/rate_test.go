package etl

import (
	"testing"
	"time"
)

func TestRate(t *testing.T) {
	var r rate
	at := time.Unix(1_700_000_000, 0)
	if got := r.perSecond(at); got != 0 {
		t.Errorf("before the first count: %v", got)
	}
	for i := range 10 {
		r.add(at.Add(time.Duration(i)*time.Second), 100)
	}
	for _, c := range []struct {
		after time.Duration
		want  float64
	}{{9 * time.Second, 100}, {19 * time.Second, 50}, {59 * time.Second, 1000.0 / 60}, {64 * time.Second, 500.0 / 60}, {time.Hour, 0}} {
		if got := r.perSecond(at.Add(c.after)); got != c.want {
			t.Errorf("after %v: %v, want %v", c.after, got, c.want)
		}
	}
}
