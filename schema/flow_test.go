package schema_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"regexp"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/carebus/carebus/schema"
)

const (
	trace      = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
	otherTrace = "00-0af7651916cd43dd8448eb211c80319c-00f067aa0ba902b7-00"
)

func TestInherit(t *testing.T) {
	cause := schema.Envelope{ID: "e-1", CorrelationID: "c-1", TraceParent: trace}
	first := schema.Envelope{ID: "e-0"}
	background := t.Context()
	for _, c := range []struct {
		name                   string
		ctx                    context.Context
		in                     schema.Envelope
		correlation, causation string
		trace                  string
	}{
		{"nothing", background, schema.Envelope{}, "", "", ""},
		{"a cause", schema.WithCause(background, cause), schema.Envelope{}, "c-1", "e-1", trace},
		{"the first of a flow", schema.WithCause(background, first), schema.Envelope{}, "e-0", "e-0", ""},
		{"what the event says wins", schema.WithCause(background, cause), schema.Envelope{CorrelationID: "own", CausationID: "own", TraceParent: otherTrace}, "own", "own", otherTrace},
		{"a request", schema.WithTraceParent(schema.WithCorrelation(background, "r-1"), trace), schema.Envelope{}, "r-1", "", trace},
		{"a span within a cause", schema.WithTraceParent(schema.WithCause(background, cause), otherTrace), schema.Envelope{}, "c-1", "e-1", otherTrace},
		{"a broken header", schema.WithTraceParent(schema.WithCause(background, cause), "00-Jane"), schema.Envelope{}, "c-1", "e-1", trace},
		{"a cause within a cause", schema.WithCause(schema.WithCause(background, cause), schema.Envelope{ID: "e-2", CorrelationID: "c-2"}), schema.Envelope{}, "c-2", "e-2", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			e := c.in
			schema.Inherit(c.ctx, &e)
			if e.CorrelationID != c.correlation || e.CausationID != c.causation || e.TraceParent != c.trace {
				t.Errorf("got %q, %q, %q", e.CorrelationID, e.CausationID, e.TraceParent)
			}
			if got := schema.CorrelationID(c.ctx); c.in.CorrelationID == "" && got != c.correlation {
				t.Errorf("CorrelationID is %q", got)
			}
		})
	}
}

// The cases are those of the W3C recommendation's "traceparent Header Field Values".
func TestParseTraceParent(t *testing.T) {
	for s, want := range map[string]bool{
		trace: true, otherTrace: true,
		"cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01":            true,
		"cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-what-comes": true,
		"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-what-comes": false,
		"cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01what":        false,
		"cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-Jane Doe":   false,
		"ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01":            false,
		"00-00000000000000000000000000000000-b7ad6b7169203331-01":            false,
		"00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01":            false,
		"00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01":            false,
		"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331":               false,
		"00_0af7651916cd43dd8448eb211c80319c_b7ad6b7169203331_01":            false,
		"": false,
	} {
		got, ok := schema.ParseTraceParent(s)
		if ok != want {
			t.Errorf("%s: ok is %v", s, ok)
		}
		if ok && s[:2] == "00" && got.String() != s {
			t.Errorf("%s became %s", s, got)
		}
	}
	got, _ := schema.ParseTraceParent(trace)
	if got.TraceID[0] != 0x0a || got.ParentID[7] != 0x31 || !got.Sampled {
		t.Errorf("got %v", got)
	}
}

func FuzzParseTraceParent(f *testing.F) {
	f.Add(trace)
	f.Add("cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-x")
	f.Fuzz(func(t *testing.T, s string) {
		if p, ok := schema.ParseTraceParent(s); ok {
			if again, ok := schema.ParseTraceParent(p.String()); !ok || again != p {
				t.Errorf("%q is not stable", s)
			}
		}
	})
}

var uuid7 = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)

func TestIDs(t *testing.T) {
	at := time.UnixMilli(1705327402123)
	source := func() func() string {
		return schema.IDs(func() time.Time { return at }, bytes.NewReader(bytes.Repeat([]byte{0xff, 1, 2}, 100)))
	}
	a, b := source(), source()
	first := a()
	if want := "018d0d6f-1c8b-7f01-82ff-0102ff0102ff"; first != want {
		t.Errorf("got %s, want %s", first, want)
	}
	if b() != first || a() == first {
		t.Error("equal sources give other ids, or one source the same twice")
	}
	if !uuid7.MatchString(schema.NewID()) || !uuid7.MatchString(schema.IDs(time.Now, rand.Reader)()) {
		t.Error("an id is no UUID version 7")
	}
	defer func() {
		if recover() == nil {
			t.Error("a source without random bytes goes on")
		}
	}()
	schema.IDs(time.Now, bytes.NewReader(nil))()
}

// Ids sort by time and stay apart when many make them at once.
func TestNewIDConcurrently(t *testing.T) {
	const each = 1000
	source := schema.IDs(time.Now, rand.Reader)
	var mu sync.Mutex
	var all []string
	var workers sync.WaitGroup
	for range 4 {
		workers.Go(func() {
			var own []string
			for range each {
				own = append(own, schema.NewID(), source())
			}
			mu.Lock()
			defer mu.Unlock()
			all = append(all, own...)
		})
	}
	workers.Wait()
	slices.Sort(all)
	if n := len(slices.Compact(all)); n != 4*each*2 {
		t.Errorf("%d different ids of %d", n, 4*each*2)
	}
}
