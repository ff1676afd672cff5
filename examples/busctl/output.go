package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/term"
)

// An out prints for people or, with -json, for programs.
type out struct {
	stdout, stderr io.Writer
	json           bool
	colours        bool
}

// newOut uses colours on a terminal only, and not where NO_COLOR is set
// (https://no-color.org).
func newOut(stdout, stderr io.Writer, getenv func(string) string) out {
	f, ok := stdout.(*os.File)
	return out{stdout: stdout, stderr: stderr, colours: ok && getenv("NO_COLOR") == "" && term.IsTerminal(int(f.Fd()))}
}

// A colour is the number of a terminal's colour.
type colour int

const (
	red    colour = 31
	green  colour = 32
	yellow colour = 33
	blue   colour = 34
	grey   colour = 90
)

func (o *out) paint(c colour, s string) string {
	if !o.colours || s == "" {
		return s
	}
	return fmt.Sprintf("\x1b[%dm%s\x1b[0m", c, s)
}

// print prints a line for people.
func (o *out) print(format string, args ...any) { fmt.Fprintf(o.stdout, format+"\n", args...) }

// value prints JSON on one line.
func (o *out) value(v any) error {
	return json.NewEncoder(o.stdout).Encode(v)
}

// table prints rows under a head, columns aligned.
func (o *out) table(head []string, rows [][]string) {
	widths := make([]int, len(head))
	for _, row := range append([][]string{head}, rows...) {
		for i, cell := range row {
			widths[i] = max(widths[i], width(cell))
		}
	}
	line := func(row []string, paint func(string) string) {
		var b strings.Builder
		for i, cell := range row {
			b.WriteString(paint(cell))
			if i < len(row)-1 {
				b.WriteString(strings.Repeat(" ", widths[i]-width(cell)+2))
			}
		}
		o.print("%s", strings.TrimRight(b.String(), " "))
	}
	line(head, func(s string) string { return o.paint(grey, s) })
	for _, row := range rows {
		line(row, func(s string) string { return s })
	}
}

// width is how many columns a cell takes, its colours aside.
func width(s string) int {
	for {
		i := strings.Index(s, "\x1b[")
		if i < 0 {
			return utf8.RuneCountInString(s)
		}
		j := strings.IndexByte(s[i:], 'm')
		if j < 0 {
			return utf8.RuneCountInString(s)
		}
		s = s[:i] + s[i+j+1:]
	}
}

// span prints a duration as people say it.
func span(d time.Duration) string {
	switch {
	case d <= 0:
		return "0 s"
	case d < time.Millisecond:
		return fmt.Sprintf("%d µs", d.Microseconds())
	case d < time.Second:
		return fmt.Sprintf("%d ms", d.Milliseconds())
	case d < time.Minute:
		return fmt.Sprintf("%.1f s", d.Seconds())
	case d < time.Hour:
		return fmt.Sprintf("%.0f min", d.Minutes())
	case d < 48*time.Hour:
		return fmt.Sprintf("%.1f h", d.Hours())
	}
	return fmt.Sprintf("%.0f d", d.Hours()/24)
}

// size prints bytes as people say them.
func size(n int64) string {
	f, unit := float64(n), 0
	for f >= 1024 && unit < 4 {
		f, unit = f/1024, unit+1
	}
	if unit == 0 {
		return fmt.Sprintf("%d B", n)
	}
	return fmt.Sprintf("%.1f %s", f, []string{"B", "KiB", "MiB", "GiB", "TiB"}[unit])
}

// when prints a time, "never" for none.
func when(t time.Time) string {
	if t.IsZero() {
		return "never"
	}
	return t.UTC().Format(time.RFC3339)
}
