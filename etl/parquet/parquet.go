// Package parquet is an [etl.Encoder] that stores a lake's rows as Apache
// Parquet: columns, compressed with Zstandard, of which Athena reads only those
// that a query asks for.
//
// The columns are those of package etl with the same names and types, as
// STRING, INT64 and INT32; texts that may be empty are optional. Columns of few
// values have dictionaries, and event_id has a Bloom filter. A file is one row
// group. An object decodes to the very lines that were encoded, so that plans
// and their hashes know nothing of Parquet.
//
// It takes 10 to 20 µs an event, many times what [etl.Snappy] takes, and is
// worth it where a lake is read more than it is written. It is a package of its
// own so that others don't compile it.
//
// A table of Athena or Hive reads Parquet or JSON lines, and fails on the other. Whoever
// changes between them sends the events to another table from then on, by an
// [etl.Route]; the quarantine then holds files of both. Between the encoders of JSON
// lines a lake may change as it likes.
package parquet

import (
	"bytes"
	"errors"
	"fmt"
	"time"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress/zstd"

	"github.com/carebus/carebus/etl"
	"github.com/carebus/carebus/schema"
)

// Encoder returns the encoder.
func Encoder() etl.Encoder { return encoder{} }

type encoder struct{}

func (encoder) Name() string        { return "parquet+zstd" }
func (encoder) Extension() string   { return ".parquet" }
func (encoder) ContentType() string { return "application/vnd.apache.parquet" }

// event is a row of a table of events.
type event struct {
	EventID       string `parquet:"event_id"`
	Kind          string `parquet:"kind,dict"`
	Severity      string `parquet:"severity,dict"`
	Environment   string `parquet:"environment,dict"`
	OccurredAt    string `parquet:"occurred_at"`
	OccurredAtMS  int64  `parquet:"occurred_at_ms,delta"`
	PublishedAtMS int64  `parquet:"published_at_ms,delta"`
	Source        string `parquet:"source,dict"`
	Subject       string `parquet:"subject,optional,dict"`
	Actor         string `parquet:"actor,optional,dict"`
	Tenant        string `parquet:"tenant,optional,dict"`
	CorrelationID string `parquet:"correlation_id,optional"`
	CausationID   string `parquet:"causation_id,optional"`
	TraceID       string `parquet:"trace_id,optional"`
	SchemaVersion int32  `parquet:"schema_version"`
	DataClass     string `parquet:"data_class,dict"`
	StreamID      string `parquet:"stream_id"`
	Payload       string `parquet:"payload,optional"`
}

// quarantined is a row of the quarantine.
type quarantined struct {
	StreamID      string `parquet:"stream_id"`
	Reason        string `parquet:"reason,dict"`
	Transform     string `parquet:"transform,optional,dict"`
	Size          int64  `parquet:"size"`
	Environment   string `parquet:"environment,dict"`
	PublishedAtMS int64  `parquet:"published_at_ms,delta"`
}

var isQuarantine = []byte(`{"stream_id":`)

// Encode appends lines as a Parquet file. The lines must be an etl.Pipeline's:
// rows of events or of the quarantine.
func (encoder) Encode(dst, lines []byte) ([]byte, error) {
	if bytes.HasPrefix(lines, isQuarantine) {
		return encode(dst, lines, func(line []byte) (quarantined, error) {
			r, err := etl.ParseQuarantineRow(line)
			return quarantined{r.StreamID, string(r.Reason), r.Transform, int64(r.Size), r.Environment, r.PublishedAt.UnixMilli()}, err
		})
	}
	return encode(dst, lines, func(line []byte) (event, error) {
		r, err := etl.ParseRow(line)
		return event{
			r.EventID, string(r.Kind), string(r.Severity), r.Environment,
			r.OccurredAt.Format(timeLayout), r.OccurredAt.UnixMilli(), r.PublishedAt.UnixMilli(),
			r.Source, r.Subject, r.Actor, r.Tenant, r.CorrelationID, r.CausationID, r.TraceID,
			int32(r.SchemaVersion), string(r.DataClass), r.StreamID, string(r.Payload),
		}, err
	}, parquet.BloomFilters(parquet.SplitBlockFilter(10, "event_id")))
}

// timeLayout is how a row of package etl writes a time.
const timeLayout = "2006-01-02T15:04:05.000000Z"

func parseTime(s string) (time.Time, error) {
	t, err := time.Parse(timeLayout, s)
	return t.UTC(), err
}

func millis(ms int64) time.Time { return time.UnixMilli(ms).UTC() }

func encode[T any](dst, lines []byte, parse func([]byte) (T, error), options ...parquet.WriterOption) ([]byte, error) {
	var rows []T
	for line := range bytes.Lines(lines) {
		r, err := parse(line)
		if err != nil {
			return dst, err
		}
		rows = append(rows, r)
	}
	buf := bytes.NewBuffer(dst)
	w := parquet.NewGenericWriter[T](buf, append(options, parquet.Compression(&zstd.Codec{Level: zstd.SpeedDefault}))...)
	if _, err := w.Write(rows); err != nil {
		return dst, fmt.Errorf("parquet: %w", err)
	}
	if err := w.Close(); err != nil {
		return dst, fmt.Errorf("parquet: %w", err)
	}
	return buf.Bytes(), nil
}

// Decode appends the lines of a file that Encode made.
func (encoder) Decode(dst, body []byte) (lines []byte, err error) {
	defer func() {
		// The library panics on some files that are broken on purpose.
		if recover() != nil {
			lines, err = dst, errBroken
		}
	}()
	f, err := parquet.OpenFile(bytes.NewReader(body), int64(len(body)))
	if err != nil {
		return dst, errBroken
	}
	if f.NumRows() > maxRows {
		return dst, errors.New("parquet: too many rows")
	}
	if f.Schema().Fields()[0].Name() == "stream_id" {
		return decode(dst, f, func(dst []byte, q *quarantined) ([]byte, error) {
			r := etl.QuarantineRow{
				StreamID: q.StreamID, Reason: etl.Reason(q.Reason), Transform: q.Transform, Size: int(q.Size),
				Environment: q.Environment, PublishedAt: millis(q.PublishedAtMS),
			}
			return r.AppendJSON(dst), nil
		})
	}
	return decode(dst, f, func(dst []byte, e *event) ([]byte, error) {
		occurred, err := parseTime(e.OccurredAt)
		if err != nil {
			return dst, errBroken
		}
		r := etl.Row{
			EventID: e.EventID, Kind: schema.Kind(e.Kind), Severity: schema.Severity(e.Severity), Environment: e.Environment,
			OccurredAt: occurred, PublishedAt: millis(e.PublishedAtMS),
			Source: e.Source, Subject: e.Subject, Actor: e.Actor, Tenant: e.Tenant,
			CorrelationID: e.CorrelationID, CausationID: e.CausationID, TraceID: e.TraceID,
			SchemaVersion: int(e.SchemaVersion), DataClass: schema.DataClass(e.DataClass), StreamID: e.StreamID, Payload: []byte(e.Payload),
		}
		return r.AppendJSON(dst), nil
	})
}

// maxRows bounds what a file may ask of memory.
const maxRows = 1 << 22

var errBroken = errors.New("parquet: not a file of this encoder, or a broken one")

func decode[T any](dst []byte, f *parquet.File, appendLine func([]byte, *T) ([]byte, error)) ([]byte, error) {
	r := parquet.NewGenericReader[T](f)
	defer r.Close() //nolint:errcheck // it reads memory
	rows := make([]T, 256)
	left := f.NumRows()
	for left > 0 {
		n, err := r.Read(rows)
		if n == 0 && err != nil {
			return dst, errBroken
		}
		for i := range rows[:n] {
			if dst, err = appendLine(dst, &rows[i]); err != nil {
				return dst, err
			}
		}
		left -= int64(n)
		clear(rows)
	}
	return dst, nil
}
