package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"os"
	"path"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// maxPartitions is how many partitions the summary lists.
const maxPartitions = 24

// A summary is what a run did.
type summary struct {
	Published   int            `json:"published"`
	Duplicates  int            `json:"duplicates"` // of those published, what the bus had already
	Rejected    int            `json:"rejected"`
	Handled     int            `json:"handled"`
	Written     int            `json:"written"`     // rows that this run carried into the lake, whoever published them
	Quarantined int            `json:"quarantined"` // the same of rows in quarantine
	Objects     int            `json:"objects"`
	Scrubbed    map[string]int `json:"scrubbed"`
	Seconds     float64        `json:"seconds"`

	simulated  bool
	partitions map[string]partition
}

// A partition is one folder of the lake.
type partition struct{ objects, rows int }

// summary adds up what the run did.
func (j *job) summary() summary {
	j.mu.Lock()
	defer j.mu.Unlock()
	s := summary{
		Published:  j.published,
		Duplicates: j.duplicates,
		Rejected:   j.rejected,
		Handled:    int(j.handled.Load()),
		Scrubbed:   map[string]int{},
		Seconds:    time.Since(j.began).Round(time.Millisecond).Seconds(),
		simulated:  j.input.simulated,
		partitions: map[string]partition{},
	}
	for category, n := range j.bus.Stats().Scrubbed {
		s.Scrubbed[category] += n
	}
	for _, c := range j.commits {
		for category, n := range c.Scrubbed {
			s.Scrubbed[category] += n
		}
		for _, o := range c.Objects {
			if o.Bytes == 0 { // a run before stored it: the plans of its lake are gone through again on an empty Redis
				continue
			}
			s.Objects++
			if strings.HasPrefix(o.Key, "quarantine/") {
				s.Quarantined += o.Rows
			} else {
				s.Written += o.Rows
			}
			p := s.partitions[path.Dir(o.Key)]
			p.objects++
			p.rows += o.Rows
			s.partitions[path.Dir(o.Key)] = p
		}
	}
	return s
}

// A reporter tells a person, or a program, how a run goes. It is safe for
// concurrent use.
type reporter struct {
	stdout, stderr io.Writer
	json           bool

	mu   sync.Mutex
	bar  *progressbar.ProgressBar // nil where stderr is no terminal
	lake string
}

func newReporter(stdout, stderr io.Writer, asJSON bool, total int64) *reporter {
	r := &reporter{stdout: stdout, stderr: stderr, json: asJSON}
	if f, ok := stderr.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		r.bar = progressbar.NewOptions64(total,
			progressbar.OptionSetWriter(stderr),
			progressbar.OptionSetDescription("publishing"),
			progressbar.OptionThrottle(100*time.Millisecond),
			progressbar.OptionClearOnFinish(),
		)
	}
	return r
}

// begin says what is about to happen.
func (r *reporter) begin(o options, embedded bool, environment string) {
	r.lake = o.lake
	if r.json {
		return
	}
	where := "Redis"
	if embedded {
		where = "an embedded Redis"
	}
	what := "a simulated practice day"
	if o.input == "-" {
		what = "standard input"
	} else if o.input != "" {
		what = o.input
	}
	fmt.Fprintf(r.stdout, "carebus: %s → scrub → %s → lake %s (environment %s, lake profile %s)\n", what, where, o.lake, environment, o.profile)
}

// progress moves the bar to done.
func (r *reporter) progress(done int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.bar != nil {
		r.bar.Set64(done) //nolint:errcheck // a bar that can't be drawn is no failure
	}
}

// note prints a line on stderr.
func (r *reporter) note(format string, args ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.bar != nil {
		r.bar.Clear() //nolint:errcheck // as above
	}
	fmt.Fprintf(r.stderr, format+"\n", args...)
}

// logger returns what tells a person, in lines of its own, what the lake is hampered
// by.
func (r *reporter) logger() *slog.Logger {
	return slog.New(slog.NewTextHandler(noteWriter{r}, &slog.HandlerOptions{Level: slog.LevelWarn}))
}

// A noteWriter notes each line that is written.
type noteWriter struct{ r *reporter }

func (w noteWriter) Write(line []byte) (int, error) {
	w.r.note("%s", bytes.TrimSuffix(line, []byte("\n")))
	return len(line), nil
}

// end prints the summary.
func (r *reporter) end(s summary) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.bar != nil {
		r.bar.Finish() //nolint:errcheck // as above
	}
	if r.json {
		return json.NewEncoder(r.stdout).Encode(s)
	}
	var b strings.Builder
	duplicates := ""
	if s.Duplicates > 0 {
		duplicates = fmt.Sprintf(" (%d of them before)", s.Duplicates)
	}
	fmt.Fprintf(&b, "\npublished %d%s   rejected %d   written %d   quarantined %d   objects %d   in %.1f s\n",
		s.Published, duplicates, s.Rejected, s.Written, s.Quarantined, s.Objects, s.Seconds)
	if s.Written+s.Quarantined != s.Published-s.Duplicates {
		b.WriteString("written and quarantined count what this run carried into the lake, whoever published it\n")
	}
	if s.simulated {
		fmt.Fprintf(&b, "handled %d in the consumer group practice-desk\n", s.Handled)
	}
	writeScrubbed(&b, s.Scrubbed)
	writeTree(&b, r.lake, s.partitions)
	_, err := io.WriteString(r.stdout, b.String())
	return err
}

// writeScrubbed lists the categories, most frequent first.
func writeScrubbed(b *strings.Builder, counts map[string]int) {
	names := slices.SortedFunc(maps.Keys(counts), func(a, c string) int {
		if counts[a] != counts[c] {
			return counts[c] - counts[a]
		}
		return strings.Compare(a, c)
	})
	b.WriteString("\nscrubbed before anything left the process:\n")
	if len(names) == 0 {
		b.WriteString("  nothing was found\n")
	}
	for _, name := range names {
		fmt.Fprintf(b, "  %-14s %6d\n", name, counts[name])
	}
}

// writeTree lists the partitions by path.
func writeTree(b *strings.Builder, lake string, partitions map[string]partition) {
	fmt.Fprintf(b, "\n%s\n", strings.TrimSuffix(lake, "/")+"/")
	for i, key := range slices.Sorted(maps.Keys(partitions)) {
		if i == maxPartitions {
			fmt.Fprintf(b, "  … and %d more partitions\n", len(partitions)-maxPartitions)
			break
		}
		p := partitions[key]
		fmt.Fprintf(b, "  %-100s %s, %s\n", key+"/", count(p.objects, "object"), count(p.rows, "row"))
	}
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
