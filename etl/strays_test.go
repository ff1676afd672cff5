package etl

import (
	"context"
	"iter"
	"maps"
	"path"
	"slices"
	"strings"
	"testing"
)

// A listed is a lake in memory whose objects can be listed.
type listed struct{ *MemorySink }

func (l listed) List(_ context.Context, prefix string) iter.Seq2[ObjectInfo, error] {
	return func(yield func(ObjectInfo, error) bool) {
		for _, key := range slices.Sorted(maps.Keys(l.objects)) {
			if strings.HasPrefix(key, prefix) && !yield(ObjectInfo{Key: key}, nil) {
				return
			}
		}
	}
}

func (l listed) Delete(context.Context, string) error { return nil }

// TestStrays: an object that no plan lists is found, wherever queries read it.
func TestStrays(t *testing.T) {
	for _, prefix := range []string{"", "lakes/a/"} {
		sink := Memory()
		l := &memLog{name: "0-b"}
		l.add(base, encodeEvent(testEvent("e-1", "user.created", base)))
		l.add(base, []byte("no event"))
		config := testConfig(sink, l)
		config.Prefix = prefix
		mustDrain(t, mustNew(t, config))
		strays := func() []Stray {
			t.Helper()
			found, err := Strays(t.Context(), StraysConfig{Store: listed{sink}, Environment: "test", Prefix: prefix})
			if err != nil {
				t.Fatal(err)
			}
			return found
		}
		if found := strays(); len(found) != 0 {
			t.Fatalf("an intact lake: %+v", found)
		}
		var object string
		for key := range sink.objects {
			if strings.HasPrefix(key, prefix+"events/") {
				object = key
			}
		}
		const hour = "year=2024/month=01/day=15/hour=14/event_type=user.created/"
		for _, c := range []struct{ key, place, rule string }{
			{path.Dir(object) + "/0-b-00000000000000000001-9.jsonl.snappy", "", "by its plan"},
			{path.Dir(object) + "/0-b-00000000000000000007-0.jsonl.snappy", "", "by its plan"},
			{path.Dir(object) + "/9-00000000000000000001-0.jsonl.snappy", "", "by its plan"},
			{prefix + "quarantine/test/" + hour + "copy.jsonl.snappy", "", "named after a log"},
			{prefix + "another_table/test/" + hour + path.Base(object), "", "by its plan"},
			{prefix + "events/test/Ann Lee/x.jsonl", prefix + "events/test", "named after a log"},
			{path.Dir(object) + "/_SUCCESS", "-", ""},
			{path.Dir(object) + "/.hidden", "-", ""},
			{prefix + "events/prod/" + hour + path.Base(object), "-", ""},
			{prefix + "plans/test/0/notes.json", "-", ""},
			{prefix + "doctor/probe.txt", "-", ""},
			{prefix + "events/test/" + hour, "-", ""},
		} {
			sink.objects[c.key] = sink.objects[object]
			found := strays()
			delete(sink.objects, c.key)
			switch {
			case c.place == "-" && len(found) > 0:
				t.Errorf("%s is no stray: %+v", c.key, found)
			case c.place == "-":
			case c.place == "" && (len(found) != 1 || found[0].Key != c.key || !strings.Contains(found[0].Rule, c.rule)),
				c.place != "" && (len(found) != 1 || found[0].Key != c.place || !strings.Contains(found[0].Rule, c.rule)):
				t.Errorf("%s: %+v", c.key, found)
			}
		}
		delete(sink.objects, prefix+"plans/test/0-b/00000000000000000001.json")
		if found := strays(); len(found) != 2 {
			t.Errorf("without the plan: %+v", found)
		}
	}
	if _, err := Strays(t.Context(), StraysConfig{Environment: "test"}); err == nil {
		t.Error("a lake without a store is taken")
	}
}
