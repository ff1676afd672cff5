package etl

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/carebus/carebus/schema"
)

func FuzzEscaped(f *testing.F) {
	for _, s := range []string{"", "plain", "a\"b\\c\n\r\t\x00\x1f\x7f", "é\u2028\U0001f600", "\xff\xc3(", "\xed\xa0\x80"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		b := append(appendEscaped([]byte{'"'}, s), '"')
		if !bytes.Equal(b, append(appendEscaped([]byte{'"'}, []byte(s)), '"')) {
			t.Fatal("a string and its bytes differ")
		}
		var got string
		if err := json.Unmarshal(b, &got); err != nil {
			t.Fatalf("%q: %v", b, err)
		}
		if want := strings.ToValidUTF8(s, "\ufffd"); utf8.ValidString(s) && got != want {
			t.Fatalf("%q, want %q", got, want)
		}
		if bytes.ContainsAny(b, "\n\r") {
			t.Fatal("a row would break")
		}
	})
}

func TestAppendTime(t *testing.T) {
	for _, c := range []struct{ t, want string }{
		{"2024-01-15T14:03:22.123456Z", "2024-01-15T14:03:22.123456Z"},
		{"2024-12-31T23:59:59.999999999Z", "2024-12-31T23:59:59.999999Z"},
		{"1900-01-01T00:00:00Z", "1900-01-01T00:00:00.000000Z"},
		{"9999-12-31T23:59:59.000001Z", "9999-12-31T23:59:59.000001Z"},
	} {
		at, err := time.Parse(time.RFC3339Nano, c.t)
		if err != nil {
			t.Fatal(err)
		}
		if got := string(appendTime(nil, at)); got != c.want {
			t.Errorf("%s: %s, want %s", c.t, got, c.want)
		}
	}
}

// FuzzParseRow: a row that parses is written as it is read.
func FuzzParseRow(f *testing.F) {
	r := Row{
		EventID: "e", Kind: schema.KindCRUD, Severity: schema.SeverityLow, Environment: "test", OccurredAt: base, PublishedAt: base,
		Source: "s", SchemaVersion: 1, DataClass: schema.DataPublic, StreamID: "1-1", Payload: []byte(`{"a":"\u00e9\n"}`),
	}
	f.Add(r.AppendJSON(nil))
	q := QuarantineRow{StreamID: "1-1", Reason: ReasonScrub, Size: 3, Environment: "test", PublishedAt: base}
	f.Add(q.AppendJSON(nil))
	f.Fuzz(func(t *testing.T, line []byte) {
		if r, err := ParseRow(line); err == nil && r.PublishedAt.Year() < 10000 && r.PublishedAt.Year() > 0 {
			once := r.AppendJSON(nil)
			again, err := ParseRow(once)
			if err != nil || !bytes.Equal(again.AppendJSON(nil), once) {
				t.Fatalf("a row that was written doesn't parse to itself: %v", err)
			}
		}
		if q, err := ParseQuarantineRow(line); err == nil {
			if again, err := ParseQuarantineRow(q.AppendJSON(nil)); err != nil || again.StreamID != q.StreamID {
				t.Fatal("a row of the quarantine that was written doesn't parse")
			}
		}
	})
}
