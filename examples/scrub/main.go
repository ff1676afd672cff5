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
// and why, never what it holds, and the command ends with status 1. It ends with
// status 2 when it was called wrongly.
//
// A policy file, in the form that package phi documents, names a profile of its
// own and overrides it. CAREBUS_KEY, base64 of 32 bytes or more, is the key of
// pseudonyms. In development it may be unset; the key is then random, and
// pseudonyms of two runs don't match.
package main

import (
	"context"
	"os"

	"github.com/carebus/carebus/examples/internal/setup"
)

func main() {
	// A signal ends it as it ends any filter: there is nothing to drain.
	err := run(context.Background(), os.Args[1:], os.Getenv, os.Stdin, os.Stdout, os.Stderr)
	os.Exit(setup.Status("scrub", err, os.Stderr))
}
