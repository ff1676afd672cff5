package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
)

// A report is what a run found. Its JSON form is a contract: results and their
// members stay as they are.
type report struct {
	Machine machine  `json:"machine"`
	Results []result `json:"results"`
	// Spreads are the lowest and highest figures beside the medians, by name and
	// contender.
	Spreads map[string]map[string]spread `json:"spreads,omitempty"`
	Curves  []curve                      `json:"curves,omitempty"`

	args   []string // of the command that made it
	tables []table
}

// A result is one metric: medians of carebus and its peers.
type result struct {
	Name    string             `json:"name"`
	Unit    string             `json:"unit"`
	Carebus float64            `json:"carebus"`
	Peers   map[string]float64 `json:"peers"`
	Ratio   map[string]float64 `json:"ratio"` // carebus / peer
}

// A table is a metric's figures for readers.
type table struct {
	title string
	head  []string
	rows  [][]string
}

// add takes in the outcomes of a scenario, for those of its metrics that are
// wanted. Without carebus there is nothing to compare.
func (r *report) add(s scenario, outcomes []outcome, wanted func(string) bool) {
	for _, m := range s.metrics {
		if wanted(m.name) {
			r.addMetric(m, outcomes)
		}
	}
}

func (r *report) addMetric(m metric, outcomes []outcome) {
	res := result{Name: m.name, Unit: m.unit, Peers: map[string]float64{}, Ratio: map[string]float64{}}
	title := m.name + ", " + m.unit
	if m.lowerIsBetter {
		title += " (lower is better)"
	}
	t := table{title: title, head: []string{"", "median", "lowest", "highest", "carebus is", ""}}
	spreads := map[string]spread{}
	for _, o := range outcomes {
		at := spreadOfSamples(m, o.samples)
		spreads[o.contender] = at
		ratio := ""
		if o.contender == carebusName {
			res.Carebus = at.Median
		} else {
			res.Peers[o.contender] = at.Median
			res.Ratio[o.contender] = res.Carebus / at.Median
			ratio = fmt.Sprintf("%.2f ×", res.Ratio[o.contender])
		}
		note := o.samples[len(o.samples)-1].note
		t.rows = append(t.rows, []string{o.contender, figure(at.Median), figure(at.Low), figure(at.High), ratio, note})
	}
	r.Results = append(r.Results, res)
	r.tables = append(r.tables, t)
	if r.Spreads == nil {
		r.Spreads = map[string]map[string]spread{}
	}
	r.Spreads[m.name] = spreads
}

// figure prints a number with three digits or so, and thousands apart.
func figure(v float64) string {
	switch {
	case v < 10:
		return fmt.Sprintf("%.2f", v)
	case v < 100:
		return fmt.Sprintf("%.1f", v)
	}
	digits := fmt.Sprintf("%.0f", v)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}

// pageHead begins the report in Markdown.
const pageHead = `# Performance

carebus beside what people use today, medians of one run of

    cd internal/bench && go run . %s

which writes this page. [README.md](README.md) says what each name measures and how the comparison is kept fair. Believe
the ratios: figures are this machine's.

`

// write prints the report in one of the forms.
func (r *report) write(w io.Writer, form string) error {
	if form == formJSON {
		e := json.NewEncoder(w)
		e.SetIndent("", "  ")
		return e.Encode(r)
	}
	tables := r.tables
	for _, c := range r.Curves {
		tables = append(tables, c.table())
	}
	var b strings.Builder
	if form == formMarkdown {
		fmt.Fprintf(&b, pageHead, strings.Join(r.args, " "))
	}
	fmt.Fprintf(&b, "%s\n", r.Machine)
	for _, t := range tables {
		if form == formMarkdown {
			t.markdown(&b)
		} else {
			t.text(&b)
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func (t table) text(b *strings.Builder) {
	fmt.Fprintf(b, "\n%s\n", t.title)
	w := tabwriter.NewWriter(b, 0, 0, 2, ' ', 0)
	for _, row := range append([][]string{t.head}, t.rows...) {
		fmt.Fprintf(w, "  %s\n", strings.TrimRight(strings.Join(row, "\t"), "\t"))
	}
	_ = w.Flush() // a strings.Builder takes everything
}

func (t table) markdown(b *strings.Builder) {
	fmt.Fprintf(b, "\n**%s**\n\n| %s |\n|%s\n", t.title, strings.Join(t.head, " | "), strings.Repeat("---|", len(t.head)))
	for _, row := range t.rows {
		fmt.Fprintf(b, "| %s |\n", strings.Join(row, " | "))
	}
}
