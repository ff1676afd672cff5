package faults

import (
	"slices"
	"strings"
	"testing"
	"time"
)

const small = "for: 1s\npublishers: {count: 1}\nsinks: {count: 1}\n"

func TestScenarioErrors(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"for: 0s\npublishers: {count: 1}\nsinks: {count: 1}\n", "for must be positive"},
		{"for: 1s\nsinks: {count: 1}\n", "publishers.count"},
		{"for: 1s\npublishers: {count: 1}\n", "sinks.count"},
		{small + "lake: tape\n", "lake must be"},
		{small + "shards: 65\n", "shards must be"},
		{small + "keep: -1s\n", "keep can't be"},
		{small + "weather: bad\n", "weather"},
		{small + "faults: [{do: burn, to: redis, every: 1s}]\n", "faults[0]: there is no fault"},
		{small + "faults: [{do: kill, to: lake, every: 1s}]\n", "faults[0]: kill can be done to"},
		{small + "faults: [{do: kill, to: consumers, every: 1s}]\n", "there are no consumers"},
		{small + "faults: [{do: kill, to: redis}]\n", "every must be positive"},
		{small + "faults: [{do: kill, to: redis, every: 1s, for: 1s}]\n", "for belongs to"},
		{small + "faults: [{do: stop, to: redis, every: 1s}]\n", "for belongs to"},
		{small + "faults: [{do: clock, to: sinks, every: 1s, for: 1s}]\n", "by belongs to"},
		{small + "faults: [{do: errors, to: lake, every: 1s, for: 1s, one_in: 2}]\n", "needs a lake in s3"},
		{small + "lake: s3\nfaults: [{do: errors, to: lake, every: 1s, for: 1s}]\n", "needs one_in"},
		{small + "faults: [{do: full, to: lake, every: 1s, for: 1s}]\n", "in tmpfs can be full"},
		{small + "lake: s3\nfaults: [{do: errors, to: lake, every: 1s, for: 1s, one_in: 2, with: [\"418\"]}]\n", "with must be"},
		{small + "faults: [{do: stop, to: redis, every: 1s, for: 3s-1s}]\n", "range"},
		{small + "faults: [{do: kill, to: resharders, every: 1s}]\n", "there are no resharders"},
		{small + "reshard: {to: [2]}\n", "reshard needs consumers"},
		{small + "reshard: {to: [0]}\n", "reshard.to must be"},
	} {
		if _, err := Parse("a", []byte(c.text)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", c.text, err)
		}
	}
}

func TestScenarioDefaults(t *testing.T) {
	s, err := Parse("a", []byte(small))
	if err != nil {
		t.Fatal(err)
	}
	if s.Lake != "dir" || s.Shards != 1 || s.Publishers.Subjects != 1 || s.Publishers.Rate != 100 || s.Sinks.Batch != 200 || s.Sinks.Age != 200*time.Millisecond {
		t.Errorf("%+v", s)
	}
}

// A schedule repeats, differs by seed, keeps to its length and ranges, and
// begins with the shorter one.
func TestSchedule(t *testing.T) {
	for name, s := range scenarios(t) {
		long, short := s.Schedule(7, time.Minute), s.Schedule(7, 10*time.Second)
		if text(long) != text(s.Schedule(7, time.Minute)) || text(long) == text(s.Schedule(8, time.Minute)) {
			t.Errorf("%s: the seed doesn't make the schedule", name)
		}
		if len(short) == 0 || text(long[:len(short)]) != text(short) {
			t.Errorf("%s: a longer schedule begins otherwise", name)
		}
		for _, f := range s.Faults {
			n := 0
			for _, step := range long {
				if step.Do == f.Do && step.One == f.OneIn && (step.To == string(f.To) || slices.Contains(s.slots(f.To), step.To)) {
					n++
				}
			}
			if n == 0 {
				t.Errorf("%s: in a minute there is no %s to %s", name, f.Do, f.To)
			}
		}
		for _, step := range long {
			if step.At <= 0 || step.At >= time.Minute || (grammar[step.Do].lasts != (step.For > 0)) || (grammar[step.Do].takesBy != (step.By != 0)) {
				t.Errorf("%s: %s", name, step)
			}
		}
	}
}

func TestRange(t *testing.T) {
	var r Range
	if err := r.UnmarshalText([]byte("20ms-400ms")); err != nil || r != (Range{20 * time.Millisecond, 400 * time.Millisecond}) {
		t.Errorf("%v, %v", r, err)
	}
	for _, text := range []string{"", "-", "1s-", "-1s", "2s-1s", "0s", "1"} {
		if r.UnmarshalText([]byte(text)) == nil {
			t.Errorf("%q is taken", text)
		}
	}
}
