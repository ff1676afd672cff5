package httpapi

import "testing"

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
