package telemetry

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"go.opentelemetry.io/otel/trace"
)

func TestMetricsAreNamedOnceAndBounded(t *testing.T) {
	seen := map[string]bool{}
	// What an attribute may be: anything else might hold what an event holds.
	allowed := []string{System, OperationName, ErrorType, Group, Partition, Category, Policy, Outcome}
	for _, m := range slices.Concat(Bus, Lake, Audit) {
		if seen[m.Name] || seen[m.Prometheus()] {
			t.Errorf("%s is named twice", m.Name)
		}
		seen[m.Name], seen[m.Prometheus()] = true, true
		if m.Help == "" || m.Unit == "" {
			t.Errorf("%s needs a unit and a description", m.Name)
		}
		if (m.Kind == Histogram) != (len(m.Buckets) > 0) || !slices.IsSorted(m.Buckets) {
			t.Errorf("%s: buckets", m.Name)
		}
		for _, a := range m.Attributes {
			if !slices.Contains(allowed, a) {
				t.Errorf("%s has the attribute %s", m.Name, a)
			}
		}
	}
}

func TestPrometheusNames(t *testing.T) {
	for _, c := range []struct {
		m    Metric
		want string
	}{
		{PublishDuration, "messaging_client_operation_duration_seconds"},
		{Sent, "messaging_client_sent_messages_total"},
		{LakeBytes, "carebus_lake_written_bytes_total"},
		{RedisMemory, "carebus_redis_memory_used_bytes"},
		{GroupOldest, "carebus_group_oldest_pending_seconds"},
	} {
		if got := c.m.Prometheus(); got != c.want {
			t.Errorf("%s is %s, want %s", c.m.Name, got, c.want)
		}
	}
}

func TestNamesAreBounded(t *testing.T) {
	var n Names
	for i := range MaxNames + 6 {
		want := fmt.Sprint("g", i)
		if i >= MaxNames {
			want = Other
		}
		if got := n.Bound(fmt.Sprint("g", i)); got != want {
			t.Errorf("%d: %q", i, got)
		}
	}
	if n.Bound("g1") != "g1" {
		t.Error("a known name is forgotten")
	}
	for _, s := range []string{"", "Ann Lee", "a@b.example", strings.Repeat("a", 65), "a\nb"} {
		if got := new(Names).Bound(s); got != Other {
			t.Errorf("%q passes", s)
		}
	}
}

func TestTraceParent(t *testing.T) {
	const s = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
	if got := TraceParent(ParseTraceParent(s)); got != s {
		t.Errorf("%q", got)
	}
	if TraceParent(trace.SpanContext{}) != "" {
		t.Error("no span has a traceparent")
	}
	many := func(yield func(string) bool) {
		for i := range 200 {
			if !yield(fmt.Sprintf("00-%032x-%016x-01", i+1, i+1)) {
				return
			}
		}
	}
	if got := Links(many); len(got) != MaxLinks {
		t.Errorf("%d links", len(got))
	}
	if got := Links(slices.Values([]string{s, s, "", "Ann Lee"})); len(got) != 1 {
		t.Errorf("%d links", len(got))
	}
}

func FuzzParseTraceParent(f *testing.F) {
	for _, s := range []string{"", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "00-00000000000000000000000000000000-0000000000000000-00", "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if sc := ParseTraceParent(s); sc.IsValid() && TraceParent(sc) != strings.ToLower(s) {
			t.Errorf("%q became %q", s, TraceParent(sc))
		}
	})
}
