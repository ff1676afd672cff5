package etl

import (
	"strings"
	"testing"
)

// FuzzPlan: no bytes in a lake make the reader of plans panic or accept what it
// must not.
func FuzzPlan(f *testing.F) {
	l := layout{"", "test"}
	good := `{"format":"carebus-plan/1","environment":"test","log":"0","plan":1,"last":"5-0","entries":3,"ids":"1-0 0-1 4-0",` +
		`"codec":"jsonl","root":"","objects":[{"key":"events/test/a/b","rows":2,"sha256":"","entries":"0,2"},{"key":"quarantine/test/a/b","rows":1,"sha256":"","entries":"1"}]}`
	f.Add(good)
	f.Add(strings.Replace(good, `"0,2"`, `"0-2"`, 1))
	f.Add(strings.Replace(good, "events/test", "events/../plans", 1))
	if _, _, err := l.parsePlan([]byte(good), "0", 1); err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, s string) {
		p, ids, err := l.parsePlan([]byte(s), "0", 1)
		if err != nil {
			return
		}
		rows := 0
		for _, o := range p.Objects {
			if CheckKey(o.Key) != nil {
				t.Fatalf("key %q", o.Key)
			}
			rows += o.Rows
		}
		if rows > len(ids) {
			t.Fatalf("%d rows of %d entries", rows, len(ids))
		}
	})
}

func TestPlanRules(t *testing.T) {
	l := layout{"", "test"}
	good := `{"format":"carebus-plan/1","environment":"test","log":"0","plan":1,"last":"5-0","entries":3,"ids":"1-0 0-1 4-0",` +
		`"codec":"jsonl","root":"","objects":[{"key":"events/test/a/b","rows":3,"sha256":"","entries":"0-2"}]}`
	for _, c := range []struct{ old, new string }{
		{good, "x"}, {good, "[]"}, {"plan/1", "plan/2"}, {`"test"`, `"production"`}, {`"log":"0"`, `"log":"1"`}, {`"plan":1`, `"plan":2`},
		{`"entries":3`, `"entries":4`}, {"4-0", "0-1"}, {`"last":"5-0"`, `"last":"4-0"`}, {`"last":"5-0"`, `"last":""`},
		{"events/test/a/b", "plans/test/a/b"}, {"events/test/a/b", "events/test/../b"}, {"events/test/a/b", "events/production/a"},
		{`"0-2"`, `"0-1"`}, {`"0-2"`, `"0-3"`}, {`"rows":3`, `"rows":2`},
	} {
		if _, _, err := l.parsePlan([]byte(strings.Replace(good, c.old, c.new, 1)), "0", 1); err == nil {
			t.Errorf("a plan with %s for %s is taken", c.new, c.old)
		}
	}
}
