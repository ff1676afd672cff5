package main

import (
	"io"
	"strings"
	"testing"
	"time"
)

func TestParseOptions(t *testing.T) {
	for _, c := range []struct {
		args   string
		rounds int
		sample time.Duration
		form   string
	}{
		{"", 7, 2 * time.Second, formText},
		{"-quick", 3, 250 * time.Millisecond, formText},
		{"-quick -json", 3, 250 * time.Millisecond, formJSON},
		{"-quick -rounds 5 -markdown", 5, 250 * time.Millisecond, formMarkdown},
		{"-sample 1s", 7, time.Second, formText},
	} {
		o, err := parseOptions(strings.Fields(c.args), io.Discard)
		if err != nil {
			t.Errorf("%q: %v", c.args, err)
			continue
		}
		if o.rounds != c.rounds || o.sample != c.sample || o.form != c.form {
			t.Errorf("%q: %d rounds of %v as %s", c.args, o.rounds, o.sample, o.form)
		}
	}
}

func TestParseOptionsRefuses(t *testing.T) {
	for _, args := range []string{"-only nothing_of_the_kind", "-only (", "-json -markdown", "-rounds -1", "-sample -1s", "quick", "-nope"} {
		if _, err := parseOptions(strings.Fields(args), io.Discard); err == nil {
			t.Errorf("%q is taken", args)
		}
	}
}

func TestOnly(t *testing.T) {
	o, err := parseOptions([]string{"-only", "p99"}, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	var wanted []string
	for _, name := range metricNames {
		if o.wantsMetric(name) {
			wanted = append(wanted, name)
		}
	}
	if got := strings.Join(wanted, " "); got != "publish_sync_64_p99 publish_10k_p99" {
		t.Errorf("-only p99 wants %q", got)
	}
	for _, s := range scenarios(nil, o) {
		if got, want := o.wants(s), s.name == "publish_sync_64" || s.name == "publish_10k"; got != want {
			t.Errorf("-only p99 wants %s: %v", s.name, got)
		}
	}
}

// Reports hold the names that tools read, each once, in their order but for
// one: the CPU comes with the publishes that it is measured by.
func TestScenariosMeasureEveryName(t *testing.T) {
	measured := map[string]int{}
	for _, s := range scenarios(nil, options{sample: time.Second}) {
		for _, m := range s.metrics {
			measured[m.name]++
		}
		if first := s.contenders[0].name(); first != carebusName {
			t.Errorf("%s begins with %s", s.name, first)
		}
	}
	for _, name := range metricNames {
		if measured[name] != 1 {
			t.Errorf("%s is measured %d times", name, measured[name])
		}
	}
	if len(measured) != len(metricNames) {
		t.Errorf("%d names are measured, not %d", len(measured), len(metricNames))
	}
}
