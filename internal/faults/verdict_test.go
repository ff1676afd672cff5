package faults

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/carebus/carebus/etl"
)

// sound is the evidence of a run that did what it should: a fine event, and a
// poisonous one of the same subject.
func sound() *Evidence {
	return &Evidence{
		Entries: Entries{
			Acked:   []Ack{{"a", "visit/1", 1, "9-0"}, {"b", "visit/1", 2, "10-0"}, {"p", "visit/1", 3, "10-1"}},
			Handled: []string{"a", "b", "a", "nobody-told"}, Failed: []string{"p", "p"},
		},
		Rows:    []Row{{"a", "9-0", "0"}, {"b", "10-0", "0"}, {"p", "10-1", "0"}, {"nobody-told", "11-0", "0"}},
		Letters: []Letter{{ID: "p", Entry: "10-1", Log: "0"}},
		Cursors: map[string]uint64{"0": 2}, Plans: map[string]etl.Verification{"0": {Plans: 2, Rows: 4}},
		Trails:     []Trail{{Name: "sink-0", Plans: map[string]uint64{"0/1": 3}, Rows: map[string]uint64{"0/1": 3}}},
		MaxDeliver: 2,
	}
}

// TestJudge: each charge is raised by what it names, and by nothing else.
func TestJudge(t *testing.T) {
	if v := sound().Judge(); len(v.Charges) > 0 || v.Handled != 3 || v.Deliveries != 6 {
		t.Fatal(v)
	}
	unnamed := sound() // as when another attempt's entry is trimmed
	unnamed.Acked[1].Entry = ""
	if v := unnamed.Judge(); len(v.Charges) > 0 {
		t.Fatal(v)
	}
	for _, c := range []struct {
		spoil func(*Evidence)
		want  []Charge
	}{
		{func(e *Evidence) { e.Acked[1].Entry, e.Rows = "", slices.Delete(e.Rows, 1, 2) }, []Charge{NotInLake, BadPlan}},
		{func(e *Evidence) { e.Rows = e.Rows[1:] }, []Charge{NotInLake, BadPlan}},
		{func(e *Evidence) { e.Rows = append(e.Rows, e.Rows[3]) }, []Charge{TwiceInLake, BadPlan}},
		{func(e *Evidence) { e.Rows[0].Entry = "9-1" }, []Charge{Moved}},
		{func(e *Evidence) { e.Handled = e.Handled[1:2] }, []Charge{NotHandled}},
		{func(e *Evidence) { e.Acked[0].Entry, e.Rows[0].Entry = "10-2", "10-2" }, []Charge{Disordered}},
		{func(e *Evidence) { e.Handled = []string{"b", "a"} }, []Charge{Overtaken}},
		{func(e *Evidence) { e.Failed = append(e.Failed, "p") }, []Charge{Looped}},
		{func(e *Evidence) { e.Failed = append(e.Failed, "q") }, []Charge{NoLetter}},
		{func(e *Evidence) { e.Letters = append(e.Letters, Letter{ID: "a"}) }, []Charge{Innocent}},
		{func(e *Evidence) { e.Letters = append(e.Letters, e.Letters[0]) }, []Charge{TwiceDead}},
		{func(e *Evidence) { e.Cursors["0"]++ }, []Charge{LostPlan}},
		{func(e *Evidence) {
			e.Plans["0"] = etl.Verification{Plans: 2, Rows: 4, Problems: []etl.Problem{{Plan: 1}}}
		}, []Charge{BadPlan}},
		{func(e *Evidence) { e.Plans["0"] = etl.Verification{Plans: 2, Rows: 4, Quarantined: 1} }, []Charge{BadPlan}},
		{func(e *Evidence) { e.Trails[0].Broken = errors.New("changed") }, []Charge{BadTrail}},
		{func(e *Evidence) { e.Trails[0].Plans["0/1"]++ }, []Charge{FalseTrail}},
		{func(e *Evidence) { e.Trails[0].Plans["0/9"] = 0 }, []Charge{FalseTrail}},
		{func(e *Evidence) { e.Trails[0].Plans = nil }, []Charge{Idle}},
		{func(e *Evidence) { e.EndedAlone = []string{"sink-0: exit status 1"} }, []Charge{Died}},
		{func(e *Evidence) { *e = Evidence{} }, []Charge{Idle}},
		{func(e *Evidence) { e.Reshards = true }, []Charge{NeverMoved}},
	} {
		e := sound()
		c.spoil(e)
		v := e.Judge()
		slices.Sort(c.want)
		if got := v.Guilty(); !slices.Equal(got, c.want) {
			t.Errorf("want %q, got %v", c.want, v)
		}
	}
}

// doubled is sound evidence of a run in which events were published again across
// a change of the shards: one that was fine and one that was poisonous.
func doubled() *Evidence {
	e := sound()
	e.Reshards = true
	e.Layouts = []Layout{{1, 1, 5, 6}, {1, 1, 11, 12}, {2, 3, 14, 15}}
	e.Again = []string{"b", "b", "p"}
	e.Rows = append(e.Rows, Row{"b", "16-0", "2"}, Row{"p", "17-0", "2"})
	e.Acked[1].Entry, e.Acked[2].Entry = "16-0", "17-0"
	e.Failed = append(e.Failed, "p", "p")
	e.Letters = append(e.Letters, Letter{ID: "p", Entry: "17-0", Log: "2"})
	e.Plans["2"] = etl.Verification{Plans: 1, Rows: 2}
	return e
}

// TestJudgeApart: what Reshard says may be written twice is no charge, and nothing
// beyond it goes through.
func TestJudgeApart(t *testing.T) {
	if v := doubled().Judge(); len(v.Charges) > 0 || v.Changes != 1 || v.Apart != 2 {
		t.Fatal(v)
	}
	for name, c := range map[string]struct {
		spoil func(*Evidence)
		want  []Charge
	}{
		"never published again": {func(e *Evidence) { e.Again = []string{"p"} }, []Charge{TwiceInLake, Moved}},
		"more copies than tries": {func(e *Evidence) {
			e.Rows = append(e.Rows, Row{"p", "18-0", "3"})
			e.Layouts = append(e.Layouts, Layout{3, 4, 17, 18})
		}, []Charge{TwiceInLake, Moved, BadPlan, Looped, TwiceDead}},
		"no change":             {func(e *Evidence) { e.Layouts[2].Epoch = 1 }, []Charge{TwiceInLake, Moved, Looped, TwiceDead, NeverMoved}},
		"changed before both":   {func(e *Evidence) { e.Layouts = []Layout{{1, 1, 5, 6}, {2, 3, 8, 9}} }, []Charge{TwiceInLake, Moved, Looped, TwiceDead}},
		"changed after both":    {func(e *Evidence) { e.Layouts[1].Asked = 18 }, []Charge{TwiceInLake, Moved, Looped, TwiceDead}},
		"twice in one shard":    {func(e *Evidence) { e.Rows[4].Log = "0" }, []Charge{TwiceInLake, Moved}},
		"acknowledged as none":  {func(e *Evidence) { e.Acked[1].Entry = "15-0" }, []Charge{Moved}},
		"one copy has a letter": {func(e *Evidence) { e.Letters = e.Letters[:1] }, []Charge{NoLetter}},
		"two letters of a copy": {func(e *Evidence) { e.Letters[1].Log = "0" }, []Charge{TwiceDead}},
		"one copy is tried on":  {func(e *Evidence) { e.Failed = append(e.Failed, "p") }, []Charge{Looped}},
	} {
		e := doubled()
		c.spoil(e)
		v := e.Judge()
		slices.Sort(c.want)
		if got := v.Guilty(); !slices.Equal(got, c.want) {
			t.Errorf("%s: want %q, got %v", name, c.want, v)
		}
	}
}

func TestLedger(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ledger")
	l, err := OpenLedger(path)
	if err != nil {
		t.Fatal(err)
	}
	err = errors.Join(
		l.Acked(Ack{"id-1", "visit/1", 1000001, "1-0"}),
		l.Handled([]string{"id-1", "id-2"}, []bool{false, true}),
		l.Again("id-1"), l.Saw(Layout{2, 3, 14, 15}),
		l.Close(),
	)
	if err != nil {
		t.Fatal(err)
	}
	e, err := ReadLedger(path)
	if err != nil || len(e.Acked) != 1 || e.Acked[0] != (Ack{"id-1", "visit/1", 1000001, "1-0"}) ||
		!slices.Equal(e.Again, []string{"id-1"}) || !slices.Equal(e.Layouts, []Layout{{2, 3, 14, 15}}) ||
		!slices.Equal(e.Handled, []string{"id-1"}) || !slices.Equal(e.Failed, []string{"id-2"}) {
		t.Errorf("%+v, %v", e, err)
	}
	for _, line := range []string{"A id subject x 1-0\n", "A id\n", "L 1 2 3 x\n", "Z id\n", "\n"} {
		if err := os.WriteFile(path, []byte(line), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := ReadLedger(path); err == nil {
			t.Errorf("%q is taken", line)
		}
	}
}
