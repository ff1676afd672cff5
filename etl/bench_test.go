package etl

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/carebus/carebus/internal/cputime"
	"github.com/carebus/carebus/schema"
)

// sliceLog is a filled Log that costs next to nothing to read.
type sliceLog struct {
	name    string
	entries []schema.Entry
	cursor  schema.Cursor
	at      int
}

func (l *sliceLog) Name() string { return l.name }

func (l *sliceLog) Read(_ context.Context, after string, limit int) ([]schema.Entry, error) {
	if l.at > 0 && l.entries[l.at-1].ID != after {
		return nil, fmt.Errorf("read out of order")
	}
	got := l.entries[l.at:min(len(l.entries), l.at+limit)]
	l.at += len(got)
	return got, nil
}

func (l *sliceLog) Cursor(context.Context) (schema.Cursor, error) { return l.cursor, nil }

func (l *sliceLog) Commit(_ context.Context, next schema.Cursor) (bool, error) {
	l.cursor = next
	return true, nil
}

// benchEntries returns n events of about 530 bytes, of several types, over an hour.
func benchEntries(n int) []schema.Entry {
	types := []string{"user.created", "appointment.booked", "auth.login", "note.signed", "payment.received"}
	entries := make([]schema.Entry, n)
	for i := range entries {
		at := base.Add(time.Duration(i) * 3600 * time.Second / time.Duration(n))
		e := testEvent(schema.NewID(), types[i%len(types)], at)
		e.Event = schema.Raw{Name: types[i%len(types)], Data: json.RawMessage(fmt.Sprintf(
			`{"entity_id":"%d","status":"active","changes":[{"field":"status"}],"note":"%s"}`, i, strings.Repeat("x", 60)))}
		entries[i] = schema.Entry{ID: fmt.Sprintf("%d-%d", at.UnixMilli(), i), Data: encodeEvent(e)}
	}
	return entries
}

// BenchmarkPipeline carries a filled log into a sink, in batches of 1,000. One
// op is one event; the scrubber copies.
func BenchmarkPipeline(b *testing.B) {
	entries := benchEntries(100_000)
	b.Logf("%d bytes per event", len(entries[0].Data))
	for _, sink := range []string{"memory", "dir"} {
		for _, logs := range []int{1, 4} {
			b.Run(fmt.Sprintf("%s/logs=%d", sink, logs), func(b *testing.B) {
				b.ReportAllocs()
				var cpu time.Duration
				for left := b.N; left > 0; left -= len(entries) {
					b.StopTimer()
					var all []Log
					n := min(left, len(entries))
					for i := range logs {
						all = append(all, &sliceLog{name: fmt.Sprint(i), entries: entries[n*i/logs : n*(i+1)/logs]})
					}
					var s Sink = Memory()
					if sink == "dir" {
						s = openDir(b, b.TempDir())
					}
					p := mustNew(b, testConfig(s, all...))
					b.StartTimer()
					before := cputime.Used()
					mustDrain(b, p)
					cpu += cputime.Used() - before
				}
				b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "events/s")
				b.ReportMetric(float64(b.N)/cpu.Seconds(), "events/core-s")
			})
		}
	}
}

// BenchmarkBuild is the pure core alone: 1,000 entries into objects.
func BenchmarkBuild(b *testing.B) {
	entries := benchEntries(1000)
	ids := make([]entryID, len(entries))
	for i, e := range entries {
		ids[i], _ = parseID(e.ID)
	}
	config := testConfig(Memory(), &memLog{name: "0"})
	d := mustNew(b, config).carriers[0].build
	batch := newBatch()
	b.ReportAllocs()
	before := cputime.Used()
	for b.Loop() {
		if err := d.build(batch, "", entries, ids); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N*len(entries))/(cputime.Used()-before).Seconds(), "events/core-s")
}
