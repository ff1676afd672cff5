package main

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"
)

// testReport has one metric of three contenders, two samples each.
func testReport() report {
	timed := func(ms ...int) []sample {
		var all []sample
		for _, m := range ms {
			all = append(all, sample{events: 100, elapsed: time.Duration(m) * time.Millisecond, note: "checked"})
		}
		return all
	}
	r := report{Machine: machine{CPU: "test"}}
	r.add(scenario{metrics: []metric{eventsPerSecond("consume"), p99("unwanted")}}, []outcome{
		{carebusName, timed(100, 100)}, {"redis", timed(50, 50)}, {"watermill", timed(400, 400)},
	}, func(name string) bool { return name == "consume" })
	return r
}

// The JSON form is read by tools: a change here breaks them.
func TestJSONForm(t *testing.T) {
	r := testReport()
	var b bytes.Buffer
	if err := r.write(&b, formJSON); err != nil {
		t.Fatal(err)
	}
	var got map[string]json.RawMessage
	if err := json.Unmarshal(b.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	var results bytes.Buffer
	if err := json.Compact(&results, got["results"]); err != nil {
		t.Fatal(err)
	}
	const want = `[{"name":"consume","unit":"events/s","carebus":1000,"peers":{"redis":2000,"watermill":250},"ratio":{"redis":0.5,"watermill":4}}]`
	if results.String() != want {
		t.Errorf("results are\n%s, want\n%s", &results, want)
	}
	if _, there := got["curves"]; there {
		t.Error("there are curves that nobody asked for")
	}
}

func TestTextForms(t *testing.T) {
	for _, form := range []string{formText, formMarkdown} {
		r := testReport()
		c := curve{Name: "batches", X: "events"}
		c.add(16, eventsPerSecond(""), []outcome{{carebusName, []sample{{events: 5, elapsed: time.Second}}}})
		r.Curves, r.args = []curve{c}, []string{"-quick"}
		var b bytes.Buffer
		if err := r.write(&b, form); err != nil {
			t.Fatal(err)
		}
		if head := strings.HasPrefix(b.String(), "# Performance") && strings.Contains(b.String(), "go run . -quick\n"); head != (form == formMarkdown) {
			t.Errorf("%s begins\n%s", form, b.String())
		}
		for _, want := range []string{"consume, events/s", "2,000", "0.50 ×", "4.00 ×", "checked", "batches, events/s", "16", "5.00"} {
			if !strings.Contains(b.String(), want) {
				t.Errorf("%s: no %q in\n%s", form, want, b.String())
			}
		}
	}
}
