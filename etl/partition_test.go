package etl

import (
	"fmt"
	"testing"
	"time"
)

func TestPartitioners(t *testing.T) {
	r := &Record{Envelope: testEvent("e", "user.created", base.Add(-2*time.Hour)), PublishedAt: base}
	for _, c := range []struct {
		p    Partitioner
		want string
	}{
		{ByEventTime(), "year=2024/month=01/day=15/hour=12/event_type=user.created"},
		{ByPublishTime(), "year=2024/month=01/day=15/hour=14/event_type=user.created"},
		{timely{ByEventTime(), TimeRule{LateAfter: time.Hour}}, "year=2024/month=01/day=15/hour=14/event_type=user.created"},
		{timely{ByEventTime(), TimeRule{LateAfter: 2 * time.Hour}}, "year=2024/month=01/day=15/hour=12/event_type=user.created"},
	} {
		if got := string(c.p.AppendPartition(nil, r)); got != c.want {
			t.Errorf("%s, want %s", got, c.want)
		}
	}
	if !r.Time.Equal(base.Add(-2 * time.Hour)) {
		t.Error("the record was changed")
	}
}

func TestTimeRule(t *testing.T) {
	at := func(year int) time.Time { return time.Date(year, 3, 1, 0, 0, 0, 0, time.UTC) }
	p := timely{ByEventTime(), TimeRule{MaxAhead: time.Hour, LateAfter: 20 * 365 * 24 * time.Hour}}
	for _, c := range []struct {
		happened, published time.Time
		want                bool
	}{
		{at(2024), at(2024), true}, {at(2024).Add(time.Hour), at(2024), true}, {at(2024).Add(time.Hour + 1), at(2024), false},
		{at(2005), at(2024), true}, {at(2003), at(2024), false},
		// More than 292 years, the longest duration, apart: a stranger chooses an entry's id.
		{at(1900), at(2400), false}, {at(2024), entryID{ms: maxMS}.published(), false}, {at(9000), at(2024), false},
	} {
		r := &Record{Envelope: testEvent("e", "user.created", c.happened), PublishedAt: c.published}
		of := c.happened
		if !c.want {
			of = c.published
		}
		if got, want := string(p.AppendPartition(nil, r)), string(appendType(appendHour(nil, of), r)); got != want {
			t.Errorf("happened %v, published %v: %s, want %s", c.happened, c.published, got, want)
		}
	}
}

// A partitioner is given the table alone, whatever stands before the event in its
// batch.
func TestPartitionerSeesOneEvent(t *testing.T) {
	l, sink := &memLog{name: "0"}, Memory()
	var want []string
	for i := range 3 * chunkEntries {
		want = append(want, fmt.Sprintf("e-%d", i))
		l.add(base, encodeEvent(testEvent(want[i], "user.created", base)))
	}
	config := testConfig(sink, l)
	config.Partitioner = PartitionFunc(func(dst []byte, r *Record) []byte {
		if string(dst) != EventsTable+"/" {
			t.Errorf("%s is given %q", r.ID, dst)
		}
		return append(dst, "type=a"...)
	})
	mustDrain(t, mustNew(t, config))
	wantOnce(t, sink, want)
}
