package setup

import (
	"errors"
	"flag"
	"fmt"
	"io"
)

// ErrUsage says that a program was called wrongly, which has been told already.
var ErrUsage = errors.New("usage")

// Parse parses a program's flags and then checks what they say. What is wrong is
// told on fs's output, and the error is [ErrUsage]; a call for help is
// [flag.ErrHelp].
func Parse(fs *flag.FlagSet, args []string, check func() error) error {
	if err := fs.Parse(args); errors.Is(err, flag.ErrHelp) {
		return err
	} else if err != nil {
		return ErrUsage
	}
	if err := check(); err != nil {
		fmt.Fprintf(fs.Output(), "%s: %v\n", fs.Name(), err)
		return ErrUsage
	}
	return nil
}

// Status returns the exit status of a program that ends with err, which it tells
// on stderr unless that has been done: 0, 2 when it was called wrongly, else 1.
func Status(name string, err error, stderr io.Writer) int {
	switch {
	case err == nil, errors.Is(err, flag.ErrHelp):
		return 0
	case errors.Is(err, ErrUsage):
		return 2
	}
	fmt.Fprintf(stderr, "%s: %v\n", name, err)
	return 1
}
