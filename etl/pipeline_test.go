package etl

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestDrainCarriesEverythingOnce(t *testing.T) {
	logs := []Log{}
	var ids []string
	for s := range 3 {
		l := &memLog{name: fmt.Sprint(s), trim: true}
		logs = append(logs, l)
		for i := range 2345 {
			id := fmt.Sprintf("e-%d-%d", s, i)
			typ := []string{"user.created", "auth.login", "system.backup"}[i%3]
			l.add(base.Add(time.Duration(i)*time.Second), encodeEvent(testEvent(id, typ, base.Add(time.Duration(i)*time.Second))))
			ids = append(ids, id)
		}
	}
	sink := Memory()
	var mu sync.Mutex
	rows := 0
	config := testConfig(sink, logs...)
	config.OnCommit = func(c Commit) {
		mu.Lock()
		defer mu.Unlock()
		rows += c.Rows
		if raw, err := sink.Get(context.Background(), fmt.Sprintf("plans/test/%s/%020d.json", c.Log, c.Plan)); err != nil || hashHex(raw) != c.Hash {
			t.Errorf("plan %d of log %s has another hash than reported, %v", c.Plan, c.Log, err)
		}
	}
	p := mustNew(t, config)
	mustDrain(t, p)
	wantOnce(t, sink, ids)
	s := p.Status()
	if s.Rows != uint64(len(ids)) || rows != len(ids) || s.Plans != 9 || s.State != StateStopped || s.LagAge != 0 {
		t.Errorf("status %+v, %d rows reported, want %d rows in 9 plans", s, rows, len(ids))
	}
	mustDrain(t, mustNew(t, config)) // nothing is left
	wantOnce(t, sink, ids)
}

func TestKeysAndRow(t *testing.T) {
	l := &memLog{name: "s0"}
	e := testEvent("e-1", "user.created", base.Add(-time.Hour).Add(456*time.Microsecond))
	e.Event = rawData("user.created", `{"note":"a \"quoted\" line\n","n":1}`)
	id := l.add(base, encodeEvent(e))
	sink := Memory()
	config := testConfig(sink, l)
	config.Prefix = "lake/a"
	mustDrain(t, mustNew(t, config))
	want := []string{
		"lake/a/events/test/year=2024/month=01/day=15/hour=13/event_type=user.created/s0-00000000000000000001-0.jsonl.snappy",
		"lake/a/plans/test/s0/00000000000000000001.json",
	}
	if got := sink.Keys(); !slices.Equal(got, want) {
		t.Fatalf("keys %q, want %q", got, want)
	}
	body, _ := sink.Get(t.Context(), want[0])
	line, err := Snappy().Decode(nil, body)
	if err != nil {
		t.Fatal(err)
	}
	wantLine := `{"event_id":"e-1","kind":"crud","severity":"low","environment":"test",` +
		`"occurred_at":"2024-01-15T13:03:22.123456Z","occurred_at_ms":1705323802123,"published_at_ms":1705327402123,` +
		`"source":"pms/test","subject":"user/42","actor":"user/7","tenant":"practice-1","correlation_id":"c-1",` +
		`"causation_id":null,"trace_id":"0af7651916cd43dd8448eb211c80319c","schema_version":1,"data_class":"confidential",` +
		`"stream_id":"` + id + `","payload":"{\"note\":\"a \\\"quoted\\\" line\\n\",\"n\":1}"}` + "\n"
	if string(line) != wantLine {
		t.Errorf("row\n%s\nwant\n%s", line, wantLine)
	}
	raw, _ := sink.Get(t.Context(), want[1])
	var p Plan
	if err := json.Unmarshal(raw, &p); err != nil {
		t.Fatal(err)
	}
	if p.Number != 1 || p.IDs != id || p.Last != id || p.Objects[0].SHA256 != hashHex(line) || p.Objects[0].Key != want[0] ||
		p.Objects[0].Entries != "0" || p.Codec != "jsonl+hadoop-snappy" {
		t.Errorf("plan %s", raw)
	}
	o, _ := sink.Object(t.Context(), want[0])
	if o.Rows != 1 || o.SHA256 != hashHex(line) || o.DataClass != "confidential" {
		t.Errorf("object %d rows, %s, %s", o.Rows, o.SHA256, o.DataClass)
	}
}

func TestQuarantine(t *testing.T) {
	l := &memLog{name: "0"}
	good := []string{"g-1", "g-2"}
	l.add(base, encodeEvent(testEvent("g-1", "user.created", base)))
	want := map[string]Reason{}
	bad := func(reason Reason, data []byte) { want[l.add(base, data)] = reason }
	bad(ReasonEmpty, nil)
	bad(ReasonTooLarge, encodeEvent(testEvent(strings.Repeat("x", 5000), "user.created", base)))
	bad(ReasonMalformed, []byte(`{"specversion":`))
	bad(ReasonMalformed, []byte("\xff\xfe"))
	bad(ReasonInvalid, []byte(`[1]`))
	bad(ReasonInvalid, []byte(`{"specversion":"1.0"}`))
	bad(ReasonInvalid, encodeEvent(testEvent("no good id", "user.created", base)))
	vast := testEvent("v", "user.created", base)
	vast.SchemaVersion = math.MaxInt // a row with it can't be read: its column is an int
	bad(ReasonInvalid, encodeEvent(vast))
	bad(ReasonScrub, []byte(`{"refuse":"me"}`))
	other := testEvent("o", "user.created", base)
	other.Environment = "production"
	bad(ReasonEnvironment, encodeEvent(other))
	bad(ReasonPartition, encodeEvent(testEvent("p1", "user.escaped", base)))
	l.add(base, encodeEvent(testEvent("g-2", "user.created", base)))

	sink := Memory()
	config := testConfig(sink, l)
	config.EventBytes = 4096
	config.Scrubber = ScrubFunc(func(dst, event []byte) ([]byte, error) {
		if strings.Contains(string(event), "refuse") {
			return dst, errors.New("refused")
		}
		return append(dst, event...), nil
	})
	config.Partitioner = PartitionFunc(func(dst []byte, r *Record) []byte {
		if r.Type() == "user.escaped" {
			return append(dst, "../../etc"...)
		}
		return ByEventTime().AppendPartition(dst, r)
	})
	p := mustNew(t, config)
	mustDrain(t, p)
	wantOnce(t, sink, good)
	got := map[string]Reason{}
	for key, rows := range lakeRows(t, sink, "quarantine/test/year=2024/month=01/day=15/hour=14/") {
		for _, row := range rows {
			got[row["stream_id"].(string)] = Reason(row["reason"].(string))
			if len(row) != 6 {
				t.Errorf("%s: a row has %d members", key, len(row))
			}
		}
	}
	for id, reason := range want {
		if got[id] != reason {
			t.Errorf("entry %s is in quarantine for %q, want %q", id, got[id], reason)
		}
	}
	if len(got) != len(want) || p.Status().Quarantined != uint64(len(want)) || p.Status().Rows != 2 {
		t.Errorf("%d in quarantine, status %+v", len(got), p.Status())
	}
}

// A clock that is wrong, or an event of long ago, costs no event its place.
func TestTimesThatCannotBe(t *testing.T) {
	l := &memLog{name: "0"}
	times := map[string]time.Time{"ahead": base.Add(26 * time.Hour), "old": base.AddDate(-30, 0, 0), "now": base}
	for id, at := range times {
		l.add(base, encodeEvent(testEvent(id, "user.created", at)))
	}
	sink := Memory()
	mustDrain(t, mustNew(t, testConfig(sink, l)))
	wantOnce(t, sink, []string{"ahead", "old", "now"})
	if keys := sink.Keys(); len(keys) != 2 || !strings.Contains(keys[0], "year=2024/month=01/day=15/hour=14/") {
		t.Errorf("%q", keys)
	}
	for id, at := range times {
		if n := lakeCounts(t, sink, "events/", "occurred_at")[at.Format(timeLayout)]; n != 1 {
			t.Errorf("%d rows have the time of %s", n, id)
		}
	}
}

func TestRunEndsCleanly(t *testing.T) {
	l := &memLog{name: "0"}
	l.add(base, encodeEvent(testEvent("e", "user.created", base)))
	p := mustNew(t, testConfig(Memory(), l))
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- p.Run(ctx) }()
	for p.Status().Rows == 0 { // 2024 is long ago: the batch is due
		select {
		case <-time.After(time.Millisecond):
		case <-done:
			t.Fatal("Run ended")
		}
	}
	if err := p.Drain(ctx); !errors.Is(err, ErrRunning) {
		t.Errorf("Drain during Run = %v, want ErrRunning", err)
	}
	cancel()
	if err := <-done; err != nil {
		t.Errorf("Run = %v, want nil", err)
	}
}

// Two pipelines that carry one log into different lakes divide the events between
// them: the log says so, louder than of a lake that is new.
func TestTwoLakesOfOneLog(t *testing.T) {
	log := &memLog{name: "0"}
	var told [2]bytes.Buffer
	var pipelines [2]*Pipeline
	for i := range pipelines {
		c := testConfig(Memory(), log)
		c.Logger = slog.New(slog.NewTextHandler(&told[i], nil))
		pipelines[i] = mustNew(t, c)
	}
	for i, p := range []*Pipeline{pipelines[0], pipelines[1], pipelines[0]} {
		log.add(base, encodeEvent(testEvent(fmt.Sprint("e", i), "user.created", base)))
		mustDrain(t, p)
	}
	const louder, new = "another pipeline carries this log", "a new chain of plans begins"
	if s := told[0].String(); !strings.Contains(s, louder) || !strings.Contains(s, "ERROR") || strings.Contains(s, new) {
		t.Errorf("the first was told: %s", s)
	}
	if s := told[1].String(); !strings.Contains(s, new) || strings.Contains(s, louder) {
		t.Errorf("the second was told: %s", s)
	}
}
