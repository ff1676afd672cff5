package phi

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// remembered returns the heads that a scrubber has met.
func remembered(s *Scrubber) (all []*head) {
	for i := range s.heads.buckets {
		for k := range s.heads.buckets[i] {
			if h := s.heads.buckets[i][k].Load(); h != nil {
				all = append(all, h)
			}
		}
	}
	return all
}

// TestWhatIsRemembered of events: their common attributes, never a finding, nor
// what tells one event from another.
func TestWhatIsRemembered(t *testing.T) {
	s, err := New(Config{Key: make([]byte, 32)})
	if err != nil {
		t.Fatal(err)
	}
	event := func(id, source, typ, subject, tenant, actor string) []byte {
		return fmt.Appendf(nil, `{"specversion":"1.0","id":%q,"source":%q,"type":%q,"subject":%q,"kind":"crud","tenant":%q,"actor":%q,"data":{"name":"Maria Kowalski"}}`, id, source, typ, subject, tenant, actor)
	}
	first := event("e1", "pms/notes", "note.created", "patient/42", "practice-1", "user/81")
	for _, src := range [][]byte{
		first, first, event("e2", "pms/notes", "note.created", "patient/43", "practice-2", "user/82"),
		event("e3", "617-555-0143", "note.created", "patient/42", "practice-1", "user/81"), event("e4", "Maria Kowalski wrote", "note.created", "patient/42", "practice-1", "user/81"),
		event("e5", "jane.roe@example.com", "078-05-1120", "patient/42", "practice-1", "user/81"),
		event("e6", "pms/notes", "note.created", "Maria Kowalski", "Maria Kowalski", "jane.roe@example.com"),
	} {
		if _, _, err := s.ScrubEvent(nil, src); err != nil {
			t.Fatal(err)
		}
	}
	all := remembered(s)
	for _, h := range all {
		text := h.rest
		for _, p := range h.parts {
			text += p.before
		}
		for _, canary := range []string{"Maria", "Kowalski", "555", "078", "jane", "42", "practice", "81", "e1"} {
			if strings.Contains(text, canary) {
				t.Errorf("%s is remembered in %s", canary, text)
			}
		}
	}
	if nodes, h := s.heads.parse(nil, first); h == nil || len(nodes) >= 20 || len(all) > 4 {
		t.Errorf("%d heads, %d nodes, known %v", len(all), len(nodes), h != nil)
	}
}

// Of heads a bounded part is remembered.
func TestHeadsAreBounded(t *testing.T) {
	s, err := New(Config{Key: make([]byte, 32)})
	if err != nil {
		t.Fatal(err)
	}
	for n := range 5000 {
		src := fmt.Appendf(nil, `{"specversion":"1.0","source":"%s","type":"t%d.x","data"%s:{}}`, strings.Repeat("x", n%1200), n, strings.Repeat(" ", n%3*maxHead))
		if _, _, err := s.ScrubEvent(nil, src); err != nil {
			t.Fatal(err)
		}
	}
	all := remembered(s)
	for _, h := range all {
		size := len(h.rest)
		for _, p := range h.parts {
			size += len(p.before)
		}
		if size > maxHead {
			t.Errorf("a head of %d bytes", size)
		}
	}
	if len(all) == 0 || len(all) > 256 {
		t.Errorf("%d heads", len(all))
	}
}

// TestLookingPays: heads that aren't there are seldom looked for, and heads that come
// late are learned still.
func TestLookingPays(t *testing.T) {
	s, err := New(Config{Key: make([]byte, 32)})
	if err != nil {
		t.Fatal(err)
	}
	scrub := func(src string, times int) {
		for range times {
			if _, _, err := s.ScrubEvent(nil, []byte(src)); err != nil {
				t.Fatal(err)
			}
		}
	}
	looks := func() (n int) {
		for range 1000 {
			if s.heads.pay() {
				n++
			}
		}
		return n
	}
	const late = `{"source":"pms/notes","type":"note.created","data":{}}`
	for _, src := range []string{`{"source":"pms/notes","type":"note.created","extra":1,"data":{}}`, `{"source": "pms/notes", "type": "note.created", "data": {}}`, `{"data":{},"type":"note.created"}`, `[]`} {
		scrub(src, 300)
		if n := looks(); n > 200 {
			t.Errorf("%d of 1000 heads are looked for behind %s", n, src)
		}
	}
	scrub(late, 30*lookEvery*learnEvery) // by then it is remembered, but for one chance in e^30
	if n := looks(); len(remembered(s)) == 0 || n < 1000 {
		t.Errorf("%d heads, %d of 1000 looked for", len(remembered(s)), n)
	}
}

// The short check of times accepts nothing that time.Parse refuses.
func TestIsUTC(t *testing.T) {
	for text, want := range map[string]bool{
		"2026-11-24T10:00:00Z": true, "2026-02-28T23:59:59.999999999Z": true, "0000-01-01T00:00:00.0Z": true, "2026-11-30T10:00:00Z": true, "2026-12-31T10:00:00Z": true,
		"2026-11-31T10:00:00Z": false, "2026-02-30T10:00:00Z": false, "2026-12-32T10:00:00Z": false,
		"2026-02-29T10:00:00Z": false, "2026-00-24T10:00:00Z": false, "2026-13-24T10:00:00Z": false, "2026-11-00T10:00:00Z": false,
		"2026-11-24T24:00:00Z": false, "2026-11-24T10:60:00Z": false, "2026-11-24T10:00:60Z": false, "2026-11-24T10:00:00.Z": false,
		"2026-11-24T10:00:00.1zZ": false, "2026-11-24t10:00:00Z": false, "2026-11-24T10:00:00+00:00": false, "2026-11-24T10:00:00.123": false,
	} {
		got := isUTC([]byte(text))
		if got != want {
			t.Errorf("%s: %v", text, got)
		}
		if _, err := time.Parse(time.RFC3339Nano, text); got && err != nil {
			t.Errorf("%s is accepted, and isn't a time: %v", text, err)
		}
	}
}
