package parquet

import (
	"bytes"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/parquet-go/parquet-go"

	"github.com/carebus/carebus/etl"
	"github.com/carebus/carebus/schema"
)

// rows returns the lines of n events, some of whose texts are empty.
func rows(n int) []byte {
	var lines []byte
	for i := range n {
		r := etl.Row{
			EventID: fmt.Sprintf("e-%d", i), Kind: schema.KindCRUD, Severity: schema.SeverityLow, Environment: "test",
			OccurredAt:  time.Date(2024, 1, 15, 14, 3, 22, 123456000, time.UTC).Add(time.Duration(i) * time.Second),
			PublishedAt: time.UnixMilli(1705327402123).UTC(), Source: "pms/test", SchemaVersion: 1,
			DataClass: schema.DataRestricted, StreamID: fmt.Sprintf("1705327402123-%d", i),
			Payload: json.RawMessage(`{"note":"a \"quoted\" line\n<é>","n":1}`),
		}
		if i%2 == 0 {
			r.Subject, r.Actor, r.Tenant, r.CorrelationID, r.CausationID, r.TraceID = "user/42", "user/7", "practice-1", "c", "d", "0af7651916cd43dd8448eb211c80319c"
		}
		lines = r.AppendJSON(lines)
	}
	return lines
}

func quarantine(n int) []byte {
	var lines []byte
	for i := range n {
		r := etl.QuarantineRow{StreamID: fmt.Sprintf("1-%d", i), Reason: etl.ReasonTransform, Transform: "t", Size: i, Environment: "test", PublishedAt: time.UnixMilli(1).UTC()}
		if i%2 == 0 {
			r.Reason, r.Transform = etl.ReasonScrub, ""
		}
		lines = r.AppendJSON(lines)
	}
	return lines
}

func TestRoundTrip(t *testing.T) {
	for name, lines := range map[string][]byte{"events": rows(1000), "one": rows(1), "quarantine": quarantine(3), "none": nil} {
		body, err := Encoder().Encode([]byte("x"), lines)
		if err != nil || body[0] != 'x' {
			t.Fatalf("%s: %v", name, err)
		}
		got, err := Encoder().Decode([]byte("y"), body[1:])
		if err != nil || string(got) != "y"+string(lines) {
			t.Errorf("%s: %d bytes of lines became %d, %v", name, len(lines), len(got), err)
		}
		if _, err := Encoder().Decode(nil, body[1:len(body)-3]); err == nil {
			t.Errorf("%s: a cut file decodes", name)
		}
	}
}

// TestColumns reads a file as a stranger would, who knows only Parquet.
func TestColumns(t *testing.T) {
	body, err := Encoder().Encode(nil, rows(3))
	if err != nil {
		t.Fatal(err)
	}
	f, err := parquet.OpenFile(bytes.NewReader(body), int64(len(body)))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, c := range f.Schema().Columns() {
		names = append(names, c[0])
	}
	want := "[event_id kind severity environment occurred_at occurred_at_ms published_at_ms source subject actor tenant " +
		"correlation_id causation_id trace_id schema_version data_class stream_id payload]"
	if got := fmt.Sprint(names); got != want {
		t.Errorf("columns %s, want %s", got, want)
	}
	type few struct {
		EventID string  `parquet:"event_id"`
		Subject *string `parquet:"subject,optional"`
		Payload string  `parquet:"payload,optional"`
	}
	got, err := parquet.Read[few](bytes.NewReader(body), int64(len(body)))
	if err != nil || len(got) != 3 || got[1].Subject != nil || *got[2].Subject != "user/42" || got[0].EventID != "e-0" ||
		got[0].Payload != `{"note":"a \"quoted\" line\n<é>","n":1}` {
		t.Errorf("%d rows, %v", len(got), err)
	}
	if f.RowGroups()[0].ColumnChunks()[0].BloomFilter() == nil {
		t.Error("event_id has no Bloom filter")
	}
}

func TestEncodeRefusesOtherLines(t *testing.T) {
	for _, lines := range []string{"x\n", "{}\n", `{"event_id":"e"}` + "\n", `{"stream_id":"1-1"}` + "\n"} {
		if _, err := Encoder().Encode(nil, []byte(lines)); err == nil {
			t.Errorf("%q is encoded", lines)
		}
	}
}

func FuzzDecode(f *testing.F) {
	for _, lines := range [][]byte{rows(3), quarantine(2), nil} {
		body, err := Encoder().Encode(nil, lines)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		if len(body) > 1<<16 {
			return
		}
		_, _ = Encoder().Decode(nil, body) // must not panic
	})
}

func BenchmarkEncode(b *testing.B) {
	lines := rows(1000)
	b.SetBytes(int64(len(lines)))
	b.ReportAllocs()
	var body []byte
	for b.Loop() {
		var err error
		if body, err = Encoder().Encode(body[:0], lines); err != nil {
			b.Fatal(err)
		}
	}
}
