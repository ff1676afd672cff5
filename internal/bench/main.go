package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"runtime/pprof"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	switch err := run(ctx, os.Args[1:], os.Stdout, os.Stderr); {
	case err == nil:
	case errors.Is(err, flag.ErrHelp):
		os.Exit(2)
	default:
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// run measures what args ask for. Results go to stdout, progress and what was
// left out to stderr.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) (err error) {
	o, err := parseOptions(args, stderr)
	if err != nil {
		return err
	}
	stopProfiles, err := startProfiles(o)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stopProfiles()) }()

	env, err := newTestbed()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, env.close()) }()

	r := &runner{options: o, log: stderr}
	report := report{Machine: describeMachine(ctx, env), Results: []result{}, args: args}
	for _, s := range scenarios(env, o) {
		if !o.wants(s) {
			continue
		}
		outcomes, err := r.measure(ctx, s)
		if err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
		report.add(s, outcomes, o.wantsMetric)
	}
	if o.curves {
		if report.Curves, err = curves(ctx, env, r); err != nil {
			return err
		}
	}
	return report.write(stdout, o.form)
}

// startProfiles begins the profiles that o asks for; the function it returns
// ends and writes them.
func startProfiles(o options) (stop func() error, err error) {
	var cpu *os.File
	if o.cpuProfile != "" {
		if cpu, err = os.Create(o.cpuProfile); err != nil {
			return nil, err
		}
		if err := pprof.StartCPUProfile(cpu); err != nil {
			return nil, errors.Join(err, cpu.Close())
		}
	}
	return func() error {
		var errs []error
		if cpu != nil {
			pprof.StopCPUProfile()
			errs = append(errs, cpu.Close())
		}
		if o.memProfile != "" {
			errs = append(errs, writeMemProfile(o.memProfile))
		}
		return errors.Join(errs...)
	}, nil
}

// writeMemProfile writes what was allocated since the program began.
func writeMemProfile(name string) error {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	runtime.GC()
	return errors.Join(pprof.Lookup("allocs").WriteTo(f, 0), f.Close())
}
