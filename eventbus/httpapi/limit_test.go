package httpapi

import (
	"fmt"
	"testing"
	"time"
)

// TestABatchIsAllowedInTime: one of any size is, when its sender comes again after the
// time that it was told, and takes no more than the burst.
func TestABatchIsAllowedInTime(t *testing.T) {
	for _, rate := range []float64{0.5, 10} {
		for _, burst := range []int{1, 2, 20} {
			for _, n := range []int{1, 2, 19, 20, 21, 100} {
				t.Run(fmt.Sprintf("%v, %d of %d", rate, n, burst), func(t *testing.T) {
					now := time.Now()
					config := &Config{Now: func() time.Time { return now }}
					p := &Principal{Name: "key/a", Rate: rate, Burst: burst}
					var l limits
					request := func() (time.Duration, bool) {
						if wait, ok := l.allow(config, p, 0, 1); !ok || n == 1 {
							return wait, ok
						}
						return l.allow(config, p, 1, n-1)
					}
					if _, ok := request(); !ok {
						t.Error("refused by a full bucket")
					}
					wait, ok := request()
					if n >= burst && ok {
						t.Error("allowed by an empty bucket")
					}
					for tries := 0; !ok; tries++ {
						if tries > 1 {
							t.Fatalf("refused %d times", tries)
						}
						now = now.Add(wait + time.Millisecond)
						wait, ok = request()
					}
				})
			}
		}
	}
}

// TestOneKeyLeavesStreamsToOthers: it may have its part of them, and what it
// gives back is there again.
func TestOneKeyLeavesStreamsToOthers(t *testing.T) {
	config := &Config{MaxStreams: 3, MaxStreamsEach: 2}
	var o openStreams
	for i, step := range []struct {
		name string
		ok   bool
	}{{"a", true}, {"a", true}, {"a", false}, {"b", true}, {"c", false}} {
		if ok := o.enter(config, step.name); ok != step.ok {
			t.Errorf("stream %d, of %s: %v, want %v", i, step.name, ok, step.ok)
		}
	}
	o.leave("a")
	if !o.enter(config, "c") {
		t.Error("a stream that was closed isn't there again")
	}
	for _, name := range []string{"a", "b", "c"} {
		o.leave(name)
	}
	if o.all != 0 || len(o.by) != 0 {
		t.Errorf("%d open, of %v", o.all, o.by)
	}
}
