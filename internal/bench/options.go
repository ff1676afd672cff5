package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"regexp"
	"slices"
	"time"
)

// The forms that results are printed in.
const (
	formText     = "text"
	formJSON     = "json"
	formMarkdown = "markdown"
)

// options are what the command line asks for.
type options struct {
	rounds int           // samples of each contender
	sample time.Duration // how long one is aimed to take
	only   *regexp.Regexp
	curves bool
	form   string

	cpuProfile, memProfile string
}

// parseOptions reads the command line.
func parseOptions(args []string, stderr io.Writer) (options, error) {
	o := options{form: formText}
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.SetOutput(stderr)
	quick := flags.Bool("quick", false, "short samples and few of them: under a minute on two idle cores")
	asJSON := flags.Bool("json", false, "print one JSON object")
	markdown := flags.Bool("markdown", false, "print a page in Markdown")
	only := flags.String("only", "", "measure only names that match this `regexp`")
	flags.BoolVar(&o.curves, "curves", false, "also measure how figures change with shards, sizes, batches and load")
	flags.IntVar(&o.rounds, "rounds", 0, "samples of each contender (default 7, quick 3)")
	flags.DurationVar(&o.sample, "sample", 0, "how long a sample is aimed to take (default 2s, quick 250ms)")
	flags.StringVar(&o.cpuProfile, "cpuprofile", "", "write a CPU profile to this `file`")
	flags.StringVar(&o.memProfile, "memprofile", "", "write a profile of allocations to this `file`")
	if err := flags.Parse(args); err != nil {
		return o, err
	}
	if flags.NArg() > 0 {
		return o, fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	if o.rounds < 0 || o.sample < 0 {
		return o, errors.New("-rounds and -sample must be positive")
	}
	if *asJSON && *markdown {
		return o, errors.New("-json and -markdown exclude each other")
	}
	switch {
	case *asJSON:
		o.form = formJSON
	case *markdown:
		o.form = formMarkdown
	}
	rounds, sample := 7, 2*time.Second
	if *quick {
		rounds, sample = 3, 250*time.Millisecond
	}
	if o.rounds == 0 {
		o.rounds = rounds
	}
	if o.sample == 0 {
		o.sample = sample
	}
	return o, o.setOnly(*only)
}

func (o *options) setOnly(expr string) error {
	if expr == "" {
		return nil
	}
	var err error
	if o.only, err = regexp.Compile(expr); err != nil {
		return fmt.Errorf("-only: %w", err)
	}
	if !slices.ContainsFunc(metricNames, o.wantsMetric) {
		return fmt.Errorf("-only %s matches none of %v", expr, metricNames)
	}
	return nil
}

// wantsMetric reports whether a name is to be reported.
func (o *options) wantsMetric(name string) bool { return o.only == nil || o.only.MatchString(name) }

// wants reports whether any of a scenario's metrics is.
func (o *options) wants(s scenario) bool {
	return slices.ContainsFunc(s.metrics, func(m metric) bool { return o.wantsMetric(m.name) })
}
