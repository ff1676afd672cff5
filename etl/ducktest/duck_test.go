package ducktest

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	_ "github.com/duckdb/duckdb-go/v2"

	"github.com/carebus/carebus/etl"
	"github.com/carebus/carebus/etl/parquet"
	"github.com/carebus/carebus/schema"
)

// sliceLog is a Log of entries that are there from the start.
type sliceLog struct {
	entries []schema.Entry
	cursor  schema.Cursor
}

func (l *sliceLog) Name() string { return "0" }

func (l *sliceLog) Read(_ context.Context, after string, limit int) ([]schema.Entry, error) {
	i := slices.IndexFunc(l.entries, func(e schema.Entry) bool { return e.ID == after }) + 1
	return l.entries[i:min(len(l.entries), i+limit)], nil
}

func (l *sliceLog) Cursor(context.Context) (schema.Cursor, error) { return l.cursor, nil }

func (l *sliceLog) Commit(_ context.Context, next schema.Cursor) (bool, error) {
	l.cursor = next
	return true, nil
}

const events = 5000

// entries are events of several types and hours, some without subject, with
// text that needs escaping.
func entries(t *testing.T) []schema.Entry {
	t.Helper()
	var all []schema.Entry
	base := time.Date(2024, 1, 15, 22, 30, 0, 123456000, time.UTC)
	for i := range events {
		at := base.Add(time.Duration(i) * 2 * time.Second)
		e := schema.Envelope{
			ID: fmt.Sprintf("e-%05d", i), Source: "pms/test", Time: at, Kind: schema.KindCRUD, Severity: schema.SeverityLow,
			Environment: "test", SchemaVersion: 1, DataClass: schema.DataConfidential,
		}
		if i%3 > 0 {
			e.Subject, e.Tenant = fmt.Sprintf("user/%d", i%7), "practice-1"
		}
		e.Event = schema.Raw{
			Name: []string{"user.created", "appointment.booked", "auth.login"}[i%3],
			Data: json.RawMessage(fmt.Sprintf(`{"n":%d,"text":"a \"quoted\"\n <é> \u2028 %s"}`, i, strings.Repeat("x", i%50))),
		}
		data, err := e.AppendJSON(nil)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, schema.Entry{ID: fmt.Sprintf("%d-%d", at.UnixMilli(), i), Data: data})
	}
	return all
}

// lake carries the events into a folder.
func lake(t *testing.T, e etl.Encoder) string {
	t.Helper()
	dir := t.TempDir()
	sink, err := etl.Dir(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer sink.Close()
	p, err := etl.New(etl.Config{
		Logs: []etl.Log{&sliceLog{entries: entries(t)}}, Sink: sink, Environment: "test", Encoder: e,
		Scrubber: etl.ScrubFunc(func(dst, event []byte) ([]byte, error) { return append(dst, event...), nil }),
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	return dir
}

const jsonColumns = `columns = {event_id: 'VARCHAR', kind: 'VARCHAR', severity: 'VARCHAR', environment: 'VARCHAR', occurred_at: 'VARCHAR',
	occurred_at_ms: 'BIGINT', published_at_ms: 'BIGINT', source: 'VARCHAR', subject: 'VARCHAR', actor: 'VARCHAR', tenant: 'VARCHAR',
	correlation_id: 'VARCHAR', causation_id: 'VARCHAR', trace_id: 'VARCHAR', schema_version: 'INTEGER', data_class: 'VARCHAR',
	stream_id: 'VARCHAR', payload: 'VARCHAR'}`

// A line is a row as text, with the partition that it is in.
func duckLines(t *testing.T, dir string, e etl.Encoder) []string {
	t.Helper()
	db, err := sql.Open("duckdb", "")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	files := filepath.Join(dir, "events/test/*/*/*/*/*/*"+e.Extension())
	from := fmt.Sprintf("read_parquet('%s', hive_partitioning = true, hive_types_autocast = false)", files)
	if strings.HasPrefix(e.Extension(), ".jsonl") {
		from = fmt.Sprintf("read_json('%s', format = 'newline_delimited', hive_partitioning = true, hive_types_autocast = false, %s)", files, jsonColumns)
	}
	rows, err := db.QueryContext(t.Context(), `SELECT event_id, kind, severity, environment, occurred_at, occurred_at_ms, published_at_ms, source,
		coalesce(subject, ''), coalesce(actor, ''), coalesce(tenant, ''), coalesce(correlation_id, ''), coalesce(causation_id, ''),
		coalesce(trace_id, ''), schema_version, data_class, stream_id, payload,
		'year=' || year || '/month=' || month || '/day=' || day || '/hour=' || hour || '/event_type=' || event_type FROM `+from)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var lines []string
	for rows.Next() {
		var r etl.Row
		var occurred, payload, partition string
		var occurredMS, publishedMS int64
		if err := rows.Scan(&r.EventID, &r.Kind, &r.Severity, &r.Environment, &occurred, &occurredMS, &publishedMS, &r.Source,
			&r.Subject, &r.Actor, &r.Tenant, &r.CorrelationID, &r.CausationID, &r.TraceID, &r.SchemaVersion, &r.DataClass,
			&r.StreamID, &payload, &partition); err != nil {
			t.Fatal(err)
		}
		if r.OccurredAt, err = time.Parse(time.RFC3339Nano, occurred); err != nil || r.OccurredAt.UnixMilli() != occurredMS {
			t.Fatalf("event %s: its times differ, %v", r.EventID, err)
		}
		r.PublishedAt, r.Payload = time.UnixMilli(publishedMS).UTC(), json.RawMessage(payload)
		lines = append(lines, partition+" "+string(r.AppendJSON(nil)))
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	slices.Sort(lines)
	return lines
}

// unpack decompresses a Hadoop Snappy file to standard output.
const unpack = `import sys
from snappy.hadoop_snappy import StreamDecompressor
for name in sys.stdin.read().split("\n"):
    if name:
        data = StreamDecompressor().decompress(open(name, "rb").read())
        for line in data.decode("utf-8").split("\n")[:-1]:
            sys.stdout.buffer.write((name + "\t" + line + "\n").encode("utf-8"))
`

// pythonLines reads a lake in Hadoop Snappy.
func pythonLines(t *testing.T, dir string) []string {
	t.Helper()
	const python = "/usr/bin/python3"
	if err := exec.Command(python, "-c", "import snappy.hadoop_snappy").Run(); err != nil {
		const missing = "python3-snappy is not installed: apt-get install python3-snappy"
		if os.Getenv("CAREBUS_REQUIRE_REAL") == "1" {
			t.Fatal(missing)
		}
		t.Skip(missing)
	}
	root := filepath.Join(dir, "events/test")
	var names []string
	if err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			names = append(names, path)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(python, "-c", unpack)
	cmd.Stdin = strings.NewReader(strings.Join(names, "\n"))
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for line := range bytes.Lines(out) {
		name, row, _ := strings.Cut(string(line), "\t")
		partition, _ := filepath.Rel(root, filepath.Dir(name))
		lines = append(lines, partition+" "+row)
	}
	slices.Sort(lines)
	return lines
}

// TestReadersAgree: whoever reads the lake, in whatever format, finds each
// event once, with the same columns, in the same partition.
func TestReadersAgree(t *testing.T) {
	want := pythonLines(t, lake(t, etl.Snappy()))
	if len(want) != events {
		t.Fatalf("python3-snappy finds %d rows, want %d", len(want), events)
	}
	ids := map[string]bool{}
	for _, line := range want {
		_, row, _ := strings.Cut(line, " ")
		r, err := etl.ParseRow([]byte(row))
		if err != nil || ids[r.EventID] {
			t.Fatalf("event %s: %v", r.EventID, err)
		}
		ids[r.EventID] = true
	}
	for _, e := range []etl.Encoder{etl.Gzip(), etl.Zstd(), etl.Plain(), parquet.Encoder()} {
		t.Run(e.Name(), func(t *testing.T) {
			got := duckLines(t, lake(t, e), e)
			if len(got) != len(want) {
				t.Fatalf("DuckDB finds %d rows, want %d", len(got), len(want))
			}
			for i := range got {
				if got[i] != want[i] {
					t.Fatalf("row %d:\n%s\nwant\n%s", i, got[i], want[i])
				}
			}
		})
	}
}
