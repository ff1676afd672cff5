package etl

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"math"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/carebus/carebus/schema"
)

func TestIDs(t *testing.T) {
	for _, c := range []struct {
		ids  []entryID
		want string
	}{
		{nil, ""},
		{[]entryID{{1705327402123, 0}}, "1705327402123-0"},
		{[]entryID{{1705327402123, 0}, {1705327402123, 1}, {1705327402123, 2}, {1705327402123, 3}, {1705327402125, 0}, {1705327402125, 5}}, "1705327402123-0..3 2-0 0-5"},
		{[]entryID{{0, 1}, {math.MaxUint64, math.MaxUint64 - 1}, {math.MaxUint64, math.MaxUint64}}, "0-1 18446744073709551615-18446744073709551614..18446744073709551615"},
	} {
		got := string(appendIDs(nil, c.ids))
		if got != c.want {
			t.Errorf("appendIDs = %q, want %q", got, c.want)
		}
		if ids, ok := parseIDs(got); !ok || !slices.Equal(ids, c.ids) {
			t.Errorf("parseIDs(%q) = %v, %v", got, ids, ok)
		}
	}
	for _, bad := range []string{
		" ", "1", "1-", "-1", "1-1 ", "1-1  1-1", "1-1 0-1", "1-2 0-1", "1-2..1", "01-1", "1-01", "1-1..", "1-1..2..3", "+1-1",
		"18446744073709551615-0 1-0", "1-0..99999999999", "0-0..18446744073709551615", "1-1 0-0", "x-1",
	} {
		if ids, ok := parseIDs(bad); ok {
			t.Errorf("parseIDs(%q) = %v", bad, ids)
		}
	}
}

func FuzzIDs(f *testing.F) {
	f.Add("1705327402123-0..3 2-0 0-5")
	f.Add("0-1 18446744073709551615-18446744073709551614..18446744073709551615")
	f.Fuzz(func(t *testing.T, s string) {
		if len(s) > 100 {
			return
		}
		ids, ok := parseIDs(s)
		if !ok {
			return
		}
		again, ok := parseIDs(string(appendIDs(nil, ids)))
		if !ok || !slices.Equal(again, ids) {
			t.Fatalf("%q", s)
		}
	})
}

func TestSets(t *testing.T) {
	for _, c := range []struct {
		set  []int
		want string
	}{
		{nil, ""}, {[]int{0}, "0"}, {[]int{0, 1, 2, 5}, "0-2,5"}, {[]int{1, 3, 4}, "1,3-4"},
	} {
		got := string(appendSet(nil, c.set))
		if got != c.want {
			t.Errorf("appendSet = %q, want %q", got, c.want)
		}
		if set, ok := parseSet(got, 6); !ok || !slices.Equal(set, c.set) {
			t.Errorf("parseSet(%q) = %v, %v", got, set, ok)
		}
	}
	for _, bad := range []string{",", "1,", "6", "0-6", "2-1", "1,1", "2,1", "0-2,2", "-1", "1-", "x", "00", "18446744073709551615"} {
		if set, ok := parseSet(bad, 6); ok {
			t.Errorf("parseSet(%q) = %v", bad, set)
		}
	}
}

func TestMerkleRoot(t *testing.T) {
	// By the definition of RFC 6962, section 2.1, by recursion.
	var define func(leaves []hash) hash
	define = func(leaves []hash) hash {
		switch len(leaves) {
		case 0:
			return sha256.Sum256(nil)
		case 1:
			return leaves[0]
		}
		k := 1
		for 2*k < len(leaves) {
			k *= 2
		}
		l, r := define(leaves[:k]), define(leaves[k:])
		return sha256.Sum256(slices.Concat([]byte{1}, l[:], r[:]))
	}
	var leaves []hash
	for n := range 70 {
		if want, got := define(leaves), merkleRoot(slices.Clone(leaves)); got != want {
			t.Fatalf("the root of %d leaves is %x, want %x", n, got, want)
		}
		leaves = append(leaves, sha256.Sum256([]byte{0, byte(n)}))
	}
}

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

// FuzzPlan: no bytes in a lake make the reader of plans panic or accept what it
// must not.
func FuzzPlan(f *testing.F) {
	l := layout{"", "test"}
	good := `{"format":"carebus-plan/1","environment":"test","log":"0","plan":1,"last":"5-0","entries":3,"ids":"1-0 0-1 4-0",` +
		`"codec":"jsonl","root":"","objects":[{"key":"events/test/a/b","rows":2,"sha256":"","entries":"0,2"},{"key":"quarantine/test/a/b","rows":1,"sha256":"","entries":"1"}]}`
	f.Add(good)
	f.Add(strings.Replace(good, `"0,2"`, `"0-2"`, 1))
	f.Add(strings.Replace(good, "events/test", "events/../plans", 1))
	if _, _, err := l.parsePlan([]byte(good), "0", 1); err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, s string) {
		p, ids, err := l.parsePlan([]byte(s), "0", 1)
		if err != nil {
			return
		}
		rows := 0
		for _, o := range p.Objects {
			if CheckKey(o.Key) != nil {
				t.Fatalf("key %q", o.Key)
			}
			rows += o.Rows
		}
		if rows > len(ids) {
			t.Fatalf("%d rows of %d entries", rows, len(ids))
		}
	})
}

func TestPlanRules(t *testing.T) {
	l := layout{"", "test"}
	good := `{"format":"carebus-plan/1","environment":"test","log":"0","plan":1,"last":"5-0","entries":3,"ids":"1-0 0-1 4-0",` +
		`"codec":"jsonl","root":"","objects":[{"key":"events/test/a/b","rows":3,"sha256":"","entries":"0-2"}]}`
	for _, c := range []struct{ old, new string }{
		{good, "x"}, {good, "[]"}, {"plan/1", "plan/2"}, {`"test"`, `"production"`}, {`"log":"0"`, `"log":"1"`}, {`"plan":1`, `"plan":2`},
		{`"entries":3`, `"entries":4`}, {"4-0", "0-1"}, {`"last":"5-0"`, `"last":"4-0"`}, {`"last":"5-0"`, `"last":""`},
		{"events/test/a/b", "plans/test/a/b"}, {"events/test/a/b", "events/test/../b"}, {"events/test/a/b", "events/production/a"},
		{`"0-2"`, `"0-1"`}, {`"0-2"`, `"0-3"`}, {`"rows":3`, `"rows":2`},
	} {
		if _, _, err := l.parsePlan([]byte(strings.Replace(good, c.old, c.new, 1)), "0", 1); err == nil {
			t.Errorf("a plan with %s for %s is taken", c.new, c.old)
		}
	}
}

func TestEncoders(t *testing.T) {
	lines := []byte(strings.Repeat(`{"event_id":"0198c5a2"}`+"\n", 1000))
	for _, e := range encoders {
		for _, content := range [][]byte{lines, lines[:24], nil} {
			body, err := e.Encode([]byte("x"), content)
			if err != nil || body[0] != 'x' {
				t.Fatalf("%s: %v", e.Name(), err)
			}
			got, err := e.Decode([]byte("y"), body[1:])
			if err != nil || string(got) != "y"+string(content) {
				t.Errorf("%s: %d lines bytes became %d, %v", e.Name(), len(content), len(got), err)
			}
		}
		body, _ := e.Encode(nil, lines)
		if _, err := e.Decode(nil, body[:len(body)-3]); err == nil && e.Name() != Plain().Name() {
			t.Errorf("%s: a cut body decodes", e.Name())
		}
		if !strings.HasPrefix(e.Extension(), ".jsonl") || e.ContentType() == "" {
			t.Errorf("%s: %s %s", e.Name(), e.Extension(), e.ContentType())
		}
	}
}

// FuzzEncoders: what is encoded decodes to the same, and what is not an encoding
// is an error or some lines, but never a panic.
func FuzzEncoders(f *testing.F) {
	for _, e := range encoders {
		body, err := e.Encode(nil, []byte(strings.Repeat(`{"event_id":"0198c5a2"}`+"\n", 100)))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(body)
	}
	f.Add([]byte{})
	f.Add([]byte{0, 0, 0, 0})
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, e := range encoders {
			body, err := e.Encode(nil, data)
			if err != nil {
				t.Fatal(err)
			}
			got, err := e.Decode(nil, body)
			if err != nil || !bytes.Equal(got, data) {
				t.Fatalf("%s: %d bytes became %d, %v", e.Name(), len(data), len(got), err)
			}
			_, _ = e.Decode(nil, data)
		}
	})
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
