// Command pipeline sends events all the way: validated, scrubbed, through Redis
// Streams, into a data lake of Hive partitions, and tells what it did.
//
// Without flags it simulates a day in a practice, with an embedded Redis and a
// lake in ./carebus-lake.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/redis/go-redis/v9/logging"

	"github.com/carebus/carebus/eventbus"
	"github.com/carebus/carebus/examples/internal/setup"
	"github.com/carebus/carebus/phi"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // the second signal ends the process at once
	err := run(ctx, os.Args[1:], os.Getenv, os.Stdin, os.Stdout, os.Stderr)
	os.Exit(setup.Status("pipeline", err, os.Stderr))
}

type options struct {
	input, format, lake, redis string
	n                          int // -1: no limit was said
	profile                    phi.Profile
	json, strict               bool
}

func parseFlags(args []string, stderr io.Writer) (options, error) {
	var o options
	profile := phi.LimitedDataSet.String()
	fs := flag.NewFlagSet("pipeline", flag.ContinueOnError)
	fs.SetOutput(stderr)
	fs.StringVar(&o.input, "input", "", "NDJSON `file` to publish, or - for standard input (default: a simulated practice day)")
	fs.StringVar(&o.format, "format", "events", "what a line of the input holds: events (CloudEvents JSON or publish bodies) or fhir (resources of FHIR Bulk Data)")
	fs.IntVar(&o.n, "n", 0, "publish at most `N` events (default: all of the input; 2,000 of the practice day)")
	fs.StringVar(&o.lake, "lake", "", "`place` of the lake: a directory or s3://bucket/prefix (default: s3://$S3_BUCKET, else in development carebus-lake)")
	fs.StringVar(&o.redis, "redis", "", "`URL` of Redis (default: $REDIS_URL, else one embedded in this process)")
	fs.StringVar(&profile, "profile", profile, "`profile` of the lake: operational, limited_data_set or safe_harbor")
	fs.BoolVar(&o.json, "json", false, "print the summary as one JSON object on the last line")
	fs.BoolVar(&o.strict, "strict", false, "stop at the first bad line and fail; lines are published one by one, which takes longer")
	err := setup.Parse(fs, args, func() (err error) {
		o.profile, err = phi.ParseProfile(profile)
		switch {
		case err != nil:
		case fs.NArg() > 0:
			err = errors.New("no arguments are taken beside flags")
		case o.format != "events" && o.format != "fhir":
			err = errors.New("-format must be events or fhir")
		case o.format == "fhir" && o.input == "":
			err = errors.New("-format fhir needs -input")
		case o.n < 0:
			err = errors.New("-n must not be negative")
		}
		return err
	})
	limited := false
	fs.Visit(func(f *flag.Flag) { limited = limited || f.Name == "n" })
	if !limited {
		o.n = -1
	}
	return o, err
}

// run publishes the input, carries it into the lake and prints the summary.
// When ctx is done it stops publishing, drains what was acknowledged, and
// returns nil.
func run(ctx context.Context, args []string, getenv func(string) string, stdin io.Reader, stdout, stderr io.Writer) error {
	opts, err := parseFlags(args, stderr)
	if err != nil {
		return err
	}
	if err := setup.CheckEnvironment(getenv); err != nil {
		return err
	}
	key, err := setup.Key(getenv)
	if err != nil {
		return err
	}
	in, err := openInput(opts, stdin)
	if err != nil {
		return err
	}
	defer in.close()
	scrubber, err := phi.New(phi.Config{Key: key, Profile: phi.Operational, Registry: in.registry})
	if err != nil {
		return err
	}

	logging.Disable() // what the Redis client would print: errors say enough
	redisURL, embedded, stopRedis, err := setup.Redis(opts.redis, getenv)
	if err != nil {
		return err
	}
	defer stopRedis()
	if opts.lake, err = setup.LakePlace(opts.lake, getenv); err != nil {
		return err
	}
	if opts.input == "" && opts.n < 0 && setup.Environment(getenv) != setup.Development {
		return errors.New("-input must say what to publish: outside development a simulated practice day, whose patients are made up, is published only with -n, which says how much of it")
	}
	sink, err := setup.Lake(ctx, opts.lake)
	if err != nil {
		return err
	}
	away := func(err error) {
		fmt.Fprintf(stderr, "the lake doesn't answer yet and is waited for: %v\n", err)
	}
	if err := setup.CheckLake(ctx, sink, setup.Environment(getenv), away); err != nil {
		return err
	}
	bus, err := eventbus.Open(ctx, eventbus.Config{
		URL:         redisURL,
		Environment: setup.Environment(getenv),
		Scrubber:    scrubber,
		Registry:    in.registry,
	})
	if err != nil {
		return fmt.Errorf("the bus at -redis or REDIS_URL: %w", err)
	}
	defer bus.Close() //nolint:errcheck // all was acknowledged by then

	job := &job{
		bus: bus, input: in, strict: opts.strict,
		out: newReporter(stdout, stderr, opts.json, in.total),
	}
	job.out.begin(opts, embedded, setup.Environment(getenv))
	if err := job.openLake(ctx, sink, phi.Config{Key: key, Profile: opts.profile, Registry: in.registry}, setup.Environment(getenv)); err != nil {
		return err
	}
	runErr := job.run(ctx)
	return errors.Join(runErr, job.out.end(job.summary()))
}
