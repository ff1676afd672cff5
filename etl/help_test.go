package etl

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/carebus/carebus/schema"
)

// base is the time that tests publish at: 2024-01-15T14:03:22.123Z.
var base = time.UnixMilli(1705327402123).UTC()

// memLog is a Log in memory.
type memLog struct {
	name string
	trim bool // on commit, forget what may be forgotten

	mu      sync.Mutex
	entries []schema.Entry
	cursor  schema.Cursor
	seq     uint64
}

func (l *memLog) Name() string { return l.name }

func (l *memLog) Read(ctx context.Context, after string, limit int) ([]schema.Entry, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	from, _ := parseID(after)
	i := 0
	for after != "" && i < len(l.entries) {
		if id, _ := parseID(l.entries[i].ID); from.less(id) {
			break
		}
		i++
	}
	entries := slices.Clone(l.entries[i:min(len(l.entries), i+limit)])
	for i := range entries {
		entries[i].Data = bytes.Clone(entries[i].Data)
	}
	return entries, ctx.Err()
}

func (l *memLog) Cursor(ctx context.Context) (schema.Cursor, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.cursor, ctx.Err()
}

func (l *memLog) Commit(ctx context.Context, next schema.Cursor) (bool, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return false, err
	}
	if l.cursor.Plan != next.Plan-1 {
		return false, nil
	}
	l.cursor = next
	if l.trim {
		last, _ := parseID(next.Last)
		l.entries = slices.DeleteFunc(l.entries, func(e schema.Entry) bool {
			id, _ := parseID(e.ID)
			return !last.less(id)
		})
	}
	return true, nil
}

// add publishes data at a time and returns the entry's id.
func (l *memLog) add(at time.Time, data []byte) string {
	l.mu.Lock()
	defer l.mu.Unlock()
	id := fmt.Sprintf("%d-%d", at.UnixMilli(), l.seq)
	l.seq++
	l.entries = append(l.entries, schema.Entry{ID: id, Data: data})
	return id
}

// testEvent returns an event of an id and a type, at a time.
func testEvent(id, typ string, at time.Time) schema.Envelope {
	return schema.Envelope{
		ID: id, Source: "pms/test", Subject: "user/42", Actor: "user/7", Tenant: "practice-1",
		CorrelationID: "c-1", TraceParent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
		Time: at, Kind: schema.KindCRUD, Severity: schema.SeverityLow, Environment: "test",
		SchemaVersion: 1, DataClass: schema.DataConfidential,
		Event: schema.Raw{Name: typ, Data: json.RawMessage(`{"entity_id":"42","status":"active"}`)},
	}
}

func encodeEvent(e schema.Envelope) []byte {
	b, err := e.AppendJSON(nil)
	if err != nil {
		panic(err)
	}
	return b
}

// asIs is a scrubber of data that is clean.
var asIs = ScrubFunc(func(dst, event []byte) ([]byte, error) { return append(dst, event...), nil })

func testConfig(sink Sink, logs ...Log) Config {
	return Config{Logs: logs, Sink: sink, Scrubber: asIs, Environment: "test"}
}

func mustNew(t testing.TB, c Config) *Pipeline {
	t.Helper()
	p, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func mustDrain(t testing.TB, p *Pipeline) {
	t.Helper()
	if err := p.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// lakeRows returns the rows of all objects of a lake whose keys begin with
// prefix, by key.
func lakeRows(t testing.TB, sink *MemorySink, prefix string) map[string][]map[string]any {
	t.Helper()
	rows := map[string][]map[string]any{}
	for _, key := range sink.Keys() {
		if !strings.HasPrefix(key, prefix) {
			continue
		}
		body, err := sink.Get(context.Background(), key)
		if err != nil {
			t.Fatal(err)
		}
		encoder, _ := EncoderFor(key)
		lines, err := encoder.Decode(nil, body)
		if err != nil {
			t.Fatalf("%s: %v", key, err)
		}
		for line := range bytes.Lines(lines) {
			var row map[string]any
			if err := json.Unmarshal(line, &row); err != nil {
				t.Fatalf("%s: %v", key, err)
			}
			rows[key] = append(rows[key], row)
		}
	}
	return rows
}

// lakeCounts returns how often each value of a column is in the lake.
func lakeCounts(t testing.TB, sink *MemorySink, prefix, column string) map[string]int {
	counts := map[string]int{}
	for _, rows := range lakeRows(t, sink, prefix) {
		for _, row := range rows {
			counts[fmt.Sprint(row[column])]++
		}
	}
	return counts
}

// wantOnce fails t unless each id is in the lake exactly once and no other is.
func wantOnce(t testing.TB, sink *MemorySink, ids []string) {
	t.Helper()
	if err := checkOnce(lakeCounts(t, sink, "events/", "event_id"), ids); err != nil {
		t.Fatal(err)
	}
}

func checkOnce(counts map[string]int, ids []string) error {
	counts = maps.Clone(counts)
	for _, id := range ids {
		if counts[id] != 1 {
			return fmt.Errorf("event %s is in the lake %d times", id, counts[id])
		}
		delete(counts, id)
	}
	if len(counts) > 0 {
		return fmt.Errorf("the lake holds %d events that nobody published", len(counts))
	}
	return nil
}

func rawData(typ, data string) schema.Event {
	return schema.Raw{Name: typ, Data: json.RawMessage(data)}
}

// memLeases is a Leases in memory. The zero value is ready for use.
type memLeases struct {
	mu      sync.Mutex
	members map[string]time.Time // until when each is alive
	owners  map[string]string    // by log
}

func (m *memLeases) Hold(_ context.Context, member string, logs []string, ttl time.Duration) ([]string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.members == nil {
		m.members, m.owners = map[string]time.Time{}, map[string]string{}
	}
	now := time.Now()
	m.members[member] = now.Add(ttl)
	if len(logs) == 0 {
		delete(m.members, member)
	}
	maps.DeleteFunc(m.members, func(_ string, until time.Time) bool { return !now.Before(until) })
	var own, free []string
	for _, log := range logs {
		if m.owners[log] == member {
			own = append(own, log)
		} else if _, alive := m.members[m.owners[log]]; !alive {
			free = append(free, log)
		}
	}
	mine := append(own, free...)
	if alive := len(m.members); alive > 0 {
		mine = mine[:min(len(mine), (len(logs)+alive-1)/alive)]
	}
	maps.DeleteFunc(m.owners, func(log, name string) bool { return name == member && !slices.Contains(mine, log) })
	for _, log := range mine {
		m.owners[log] = member
	}
	return mine, nil
}
