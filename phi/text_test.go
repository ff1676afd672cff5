package phi_test

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/carebus/carebus/phi"
)

// marked is a text in which {category:...} stands around each finding.
type marked string

// plain returns the text without its marks, and what is marked.
func (m marked) plain(t testing.TB) (text string, spans []phi.Span) {
	t.Helper()
	var b strings.Builder
	rest := string(m)
	for {
		before, after, ok := strings.Cut(rest, "{")
		b.WriteString(before)
		if !ok {
			return b.String(), spans
		}
		inner, tail, ok := strings.Cut(after, "}")
		name, value, ok2 := strings.Cut(inner, ":")
		if !ok || !ok2 {
			t.Fatalf("bad marks in %q", string(m))
		}
		cat, err := phi.ParseCategory(name)
		if err != nil {
			t.Fatalf("bad category in %q", string(m))
		}
		spans = append(spans, phi.Span{Start: b.Len(), End: b.Len() + len(value), Category: cat})
		b.WriteString(value)
		rest = tail
	}
}

// mark returns text with marks around spans.
func mark(text string, spans []phi.Span) string {
	var b strings.Builder
	done := 0
	for _, s := range spans {
		b.WriteString(text[done:s.Start] + "{" + s.Category.String() + ":" + text[s.Start:s.End] + "}")
		done = s.End
	}
	return b.String() + text[done:]
}

// checkMarked checks that what is found in each text is what is marked in it.
func checkMarked(t *testing.T, texts []marked) {
	t.Helper()
	s := newScrubber(t, phi.Config{})
	for _, m := range texts {
		text, _ := m.plain(t)
		if got := mark(text, s.Spans(text)); got != string(m) {
			t.Errorf("\n got %s\nwant %s", got, m)
		}
	}
}

// Text that holds nothing costs nothing but time.
func TestNothingFoundAllocatesNothing(t *testing.T) {
	if raceDetector {
		t.Skip("allocations can't be counted under the race detector")
	}
	s := newScrubber(t, phi.Config{Profile: phi.SafeHarbor})
	for _, text := range []string{plainProse, caseProse, "", "ok", strings.Repeat("1 2 ", 500)} {
		if spans := s.Spans(text); len(spans) > 0 {
			t.Fatalf("found %s", mark(text, spans))
		}
		dst := make([]byte, 0, len(text))
		if n := testing.AllocsPerRun(100, func() { s.ScrubText(dst, text) }); n > 0 {
			t.Errorf("%.20q: %v allocations", text, n)
		}
	}
}

// The time for hostile text grows no faster than its size.
func TestHostileText(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	s := newScrubber(t, phi.Config{Profile: phi.SafeHarbor})
	small := hostileInputs(16 << 10)
	for unit, text := range hostileInputs(256 << 10) {
		checkLinear(t, unit, func() { s.ScrubText(nil, small[unit]) }, func() { s.ScrubText(nil, text) })
	}
}

// checkLinear fails a test when large, which does what small does with sixteen times
// as much, takes longer than it should. That is sixteen times as long; what is
// quadratic takes 256 times as long, and a busy machine some times as long as it
// should.
func checkLinear(t *testing.T, name string, small, large func()) {
	t.Helper()
	fastest := func(f func(), times int) time.Duration {
		best := time.Duration(math.MaxInt64)
		for range times {
			start := time.Now()
			f()
			best = min(best, time.Since(start))
		}
		return best
	}
	limit := 64*fastest(small, 3) + 100*time.Millisecond
	d := fastest(large, 1)
	for try := 0; d > limit && try < 20; try++ { // one of them runs undisturbed
		d = min(d, fastest(large, 1))
	}
	if d > limit {
		t.Errorf("%.40q: sixteen times as much takes %v, more than %v", name, d, limit)
	}
}

// A line ends within a value in text that is broken into lines.
func TestBrokenLines(t *testing.T) {
	checkMarked(t, []marked{
		"He was seen on {date:May\n30th, 2022} and on {date:April 4,\n2023} and since {date:June\n2021}.",
		"He was seen on {date:30\nMay 2022}.",
		"It was in {date:May}\n12 of us will go. In {date:May}\n\n2022 was hard.",
		"Call me at {phone:+1\n(510) 770-1030} or {phone:(510)\n770-1030} or {phone:510-770-\n1030}.",
		"minint64+1\n1000000 = minint64",
		"She lives at {address:112 Juniper\nStreet}.",
		"She was seen at {place:St.\nBrigid's} and at {place:Larkspur Valley\nHospital} on {date:5/2/21}.",
	})
}
