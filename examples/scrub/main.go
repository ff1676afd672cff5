// Command scrub removes protected health information from lines of JSON.
//
//	scrub [-profile operational|limited_data_set|safe_harbor] [-policy FILE] [-text [-spans]] < in > out
//
// Standard input holds one JSON value a line. Each becomes one line of
// standard output, in order: the value without PHI. With -text, lines are
// {"id","text"} and the text is scrubbed as free text. With -text -spans, a
// line becomes {"id","spans":[{"start","end","label"}]}: byte offsets of what
// was found in the text.
//
// A line that can't be scrubbed becomes null. Standard error says which line
// and why, never what it holds, and the command ends with status 1.
//
// A policy file, in the form that package phi documents, names a profile of its
// own and overrides it. CAREBUS_KEY, base64 of 32 bytes or more, is the key of
// pseudonyms. In development it may be unset; the key is then random, and
// pseudonyms of two runs don't match.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Getenv, os.Stdin, os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "scrub:", err)
		os.Exit(1)
	}
}

var _ func(context.Context, []string, func(string) string, io.Reader, io.Writer, io.Writer) error = run
