package etl

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/carebus/carebus/schema"
)

func TestTransforms(t *testing.T) {
	l := &memLog{name: "0"}
	kinds := map[string]string{} // entry id by event
	for _, typ := range []string{"user.created", "auth.login", "system.backup", "user.failed", "user.panics", "user.broken", "user.escapes"} {
		kinds[typ] = l.add(base, encodeEvent(testEvent("e-"+typ, typ, base)))
	}
	sink := Memory()
	config := testConfig(sink, l)
	config.Transforms = []Transform{
		Map("tag", func(r *Record) error {
			switch r.Type() {
			case "user.failed":
				return errors.New("a secret")
			case "user.panics":
				panic("a secret")
			case "user.broken":
				r.Severity = "none"
			}
			r.Event = rawData(r.Type(), `{"seen":true}`)
			r.ID, r.Environment = "x", "x" // must not stick
			return nil
		}),
		Filter("no-backups", func(r *Record) bool { return r.Type() != "system.backup" }),
		Route("by-type", func(r *Record) string {
			switch {
			case r.Type() == "user.escapes":
				return "../plans"
			case strings.HasPrefix(r.Type(), "auth."):
				return "logins"
			}
			return ""
		}),
	}
	p := mustNew(t, config)
	mustDrain(t, p)

	const partition = "test/year=2024/month=01/day=15/hour="
	want := []string{
		"events/" + partition + "14/event_type=user.created/0-00000000000000000001-0.jsonl.snappy",
		"logins/" + partition + "14/event_type=auth.login/0-00000000000000000001-0.jsonl.snappy",
		"plans/test/0/00000000000000000001.json",
		"quarantine/" + partition + "14/0-00000000000000000001-0.jsonl.snappy",
	}
	if got := sink.Keys(); !slices.Equal(got, want) {
		t.Fatalf("keys %q, want %q", got, want)
	}
	for _, row := range lakeRows(t, sink, "events/")[want[0]] {
		if row["event_id"] != "e-user.created" || row["payload"] != `{"seen":true}` || row["environment"] != "test" {
			t.Errorf("row %v", row)
		}
	}
	for _, row := range lakeRows(t, sink, "quarantine/")[want[3]] {
		name := map[any]string{
			kinds["user.failed"]: "tag", kinds["user.panics"]: "tag", kinds["user.broken"]: "tag", kinds["user.escapes"]: "by-type",
		}[row["stream_id"]]
		if name == "" || row["transform"] != name || row["reason"] != "transform" {
			t.Errorf("quarantine %v, want one of transform %q", row, name)
		}
	}
	stats := p.Status().Transforms
	if want := []TransformStats{{"tag", 0, 3}, {"no-backups", 1, 0}, {"by-type", 0, 1}}; !slices.Equal(stats, want) {
		t.Errorf("stats %v, want %v", stats, want)
	}
	if s := p.Status(); s.Rows != 2 || s.Quarantined != 4 || s.Dropped != 1 {
		t.Errorf("status %+v", s)
	}
}

// What a transform puts into an event is scrubbed, by whatever way it does so; what it
// leaves as it is isn't scrubbed again.
func TestTransformsAreScrubbed(t *testing.T) {
	const ssn = "078-05-1120"
	calls := 0
	scrubber := countFunc(func(dst, event []byte) ([]byte, map[string]int, error) {
		calls++
		if strings.Contains(string(event), "unscrubbable") {
			return dst, nil, errors.New("no")
		}
		n := strings.Count(string(event), ssn)
		return append(dst, strings.ReplaceAll(string(event), ssn, "[SSN]")...), map[string]int{"ssn": n}, nil
	})
	for _, c := range []struct {
		name      string
		transform Transform
		again     bool
		payload   string // "" where the event is in quarantine
	}{
		{"Raw", Map("t", func(r *Record) error { r.Event = rawData(r.Type(), `{"x":"`+ssn+`"}`); return nil }), true, `{"x":"[SSN]"}`},
		{"typed", Map("t", func(r *Record) error {
			r.Event = schema.CRUD{Entity: "user", Operation: schema.Created, EntityID: ssn}
			return nil
		}), true, `{"entity_id":"[SSN]"}`},
		{"attribute", Map("t", func(r *Record) error { r.Subject = "user/" + ssn; return nil }), true, `{"entity_id":"1"}`},
		{"in place", Map("t", func(r *Record) error { r.Payload()[14] = '2'; return nil }), true, `{"entity_id":"2"}`},
		{"unscrubbable", Map("t", func(r *Record) error { r.Actor = "unscrubbable"; return nil }), true, ""},
		{"no event", Map("t", func(r *Record) error { r.Event = nil; return nil }), false, ""},
		{"nothing", Filter("t", func(*Record) bool { return true }), false, `{"entity_id":"1"}`},
	} {
		l := &memLog{name: "0"}
		e := testEvent("e-1", "user.created", base)
		e.Event = rawData("user.created", `{"entity_id":"1"}`)
		l.add(base, encodeEvent(e))
		sink := Memory()
		config := testConfig(sink, l)
		config.Scrubber, config.Transforms = scrubber, []Transform{c.transform}
		calls = 0
		p := mustNew(t, config)
		mustDrain(t, p)
		payload := ""
		for key, rows := range lakeRows(t, sink, "events/") {
			for _, row := range rows {
				if text := fmt.Sprint(row); strings.Contains(text, ssn) {
					t.Errorf("%s: %s in %s", c.name, text, key)
				}
				payload = fmt.Sprint(row["payload"])
			}
		}
		if payload != c.payload || (calls == 2) != c.again {
			t.Errorf("%s: payload %s, want %s; scrubbed %d times", c.name, payload, c.payload, calls)
		}
	}
}

type countFunc func(dst, event []byte) ([]byte, map[string]int, error)

func (f countFunc) ScrubCount(dst, event []byte) ([]byte, map[string]int, error) {
	return f(dst, event)
}
func (f countFunc) Scrub(dst, event []byte) ([]byte, error) {
	dst, _, err := f(dst, event)
	return dst, err
}

// TestPanicsAreRefusals: a scrubber or a partitioner that panics on an event
// costs that event its row, and nothing else.
func TestPanicsAreRefusals(t *testing.T) {
	l := &memLog{name: "0"}
	for _, typ := range []string{"user.created", "user.scrub", "user.partition"} {
		l.add(base, encodeEvent(testEvent("e-"+typ, typ, base)))
	}
	sink := Memory()
	config := testConfig(sink, l)
	config.Scrubber = ScrubFunc(func(dst, event []byte) ([]byte, error) {
		if strings.Contains(string(event), "user.scrub") {
			panic("a secret")
		}
		return append(dst, event...), nil
	})
	config.Partitioner = PartitionFunc(func(dst []byte, r *Record) []byte {
		if r.Type() == "user.partition" {
			panic("a secret")
		}
		return ByEventTime().AppendPartition(dst, r)
	})
	mustDrain(t, mustNew(t, config))
	wantOnce(t, sink, []string{"e-user.created"})
	if got := lakeCounts(t, sink, "quarantine/", "reason"); got["scrub"] != 1 || got["partition"] != 1 {
		t.Errorf("quarantine %v", got)
	}
}

func TestTransformRules(t *testing.T) {
	apply := func(*Record) (bool, error) { return true, nil }
	for _, c := range [][]Transform{
		{{"", apply}}, {{"a/b", apply}}, {{DroppedDuplicate, apply}}, {{"a", nil}}, {{"a", apply}, {"a", apply}},
	} {
		config := testConfig(Memory(), &memLog{name: "0"})
		config.Transforms = c
		if _, err := New(config); err == nil || !strings.Contains(err.Error(), "Transforms") {
			t.Errorf("%v: New = %v", c, err)
		}
	}
}
