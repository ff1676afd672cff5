package crosstest

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/carebus/carebus/etl"
	"github.com/carebus/carebus/phi"
	"github.com/carebus/carebus/schema"
)

// wire returns an event of a type and version as a publisher of that version
// wrote it.
func wire(typ string, version int, data string) []byte {
	return fmt.Appendf(nil, `{"specversion":"1.0","id":"1","source":"s","type":%q,"time":"2024-01-15T14:00:00Z","kind":"business","severity":"low",`+
		`"environment":"test","schemaversion":%d,"dataclassification":"internal","data":%s}`, typ, version, data)
}

// A log of events in memory, as the bus hands it to the lake.
type memoryLog struct {
	mu      sync.Mutex
	entries []schema.Entry
	cursor  schema.Cursor
}

func (*memoryLog) Name() string { return "test.0" }

func (l *memoryLog) Read(_ context.Context, after string, _ int) ([]schema.Entry, error) {
	if after != "" {
		return nil, nil
	}
	return l.entries, nil
}

func (l *memoryLog) Cursor(context.Context) (schema.Cursor, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.cursor, nil
}

func (l *memoryLog) Commit(_ context.Context, next schema.Cursor) (bool, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.cursor = next
	return true, nil
}

// An event of a type that nobody here knows, or of a version not known yet, is
// carried to consumers and into the lake as it is, but for its PHI.
func TestUnknownTypesReachTheLake(t *testing.T) {
	scrubber, err := phi.New(phi.Config{Key: []byte(strings.Repeat("k", 32)), Profile: phi.Operational})
	if err != nil {
		t.Fatal(err)
	}
	log := &memoryLog{entries: []schema.Entry{
		{ID: "1705327440000-0", Data: wire("spaceship.launched", 7, `{"crew":3,"first_name":"Jane","parts":[{"code":"A1"}]}`)},
		{ID: "1705327440000-1", Data: wire("auth.login", 9, `{"outcome":{"is":"unheard of"},"first_name":"Jane"}`)},
	}}
	for _, entry := range log.entries {
		e, err := schema.Catalogue().Decode(entry.Data)
		raw, ok := e.Event.(schema.Raw)
		if err != nil || !ok || !strings.Contains(string(raw.Data), "first_name") {
			t.Errorf("consumers get %T, %v", e.Event, err)
		}
	}
	sink := etl.Memory()
	p, err := etl.New(etl.Config{Logs: []etl.Log{log}, Sink: sink, Environment: "test",
		Scrubber: etl.ScrubFunc(func(dst, event []byte) ([]byte, error) {
			out, _, err := scrubber.ScrubEvent(dst, event)
			return out, err
		})})
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	rows := map[string]string{}
	for _, key := range sink.Keys() {
		if !strings.Contains(key, "/event_type=") {
			continue
		}
		body, err := sink.Get(t.Context(), key)
		if err != nil {
			t.Fatal(err)
		}
		lines, err := etl.Snappy().Decode(nil, body)
		if err != nil {
			t.Fatal(err)
		}
		var row struct {
			Version int `json:"schema_version"`
			Payload string
		}
		if err := json.Unmarshal(lines, &row); err != nil {
			t.Fatal(err)
		}
		_, typ, _ := strings.Cut(key, "/event_type=")
		typ, _, _ = strings.Cut(typ, "/")
		rows[typ] = row.Payload
		if strings.Contains(row.Payload, "Jane") {
			t.Errorf("%s is in the lake unscrubbed", typ)
		}
	}
	if !strings.Contains(rows["spaceship.launched"], `"crew":3`) || !strings.Contains(rows["spaceship.launched"], `"parts":[{"code":"A1"}]`) {
		t.Errorf("an unknown type became %q", rows["spaceship.launched"])
	}
	if !strings.Contains(rows["auth.login"], `"is":"unheard of"`) {
		t.Errorf("a newer version became %q", rows["auth.login"])
	}
}
