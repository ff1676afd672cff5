// Command sink runs the service around the library: the HTTP API with its
// dashboard, the pipeline into the lake, the audit trail and metrics.
//
// Without REDIS_URL, in development, it embeds a Redis, fills ./carebus-lake and
// prints an API key with all scopes on standard error. It runs until SIGTERM,
// then drains and exits 0.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/redis/go-redis/v9/logging"

	"github.com/carebus/carebus/eventbus"
	"github.com/carebus/carebus/examples/internal/setup"
	"github.com/carebus/carebus/phi"
	"github.com/carebus/carebus/schema"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // the second signal ends the process at once
	err := run(ctx, os.Args[1:], os.Getenv, os.Stdin, os.Stdout, os.Stderr)
	os.Exit(setup.Status("sink", err, os.Stderr))
}

type options struct {
	addr, lake, redis, audit string
	profile                  phi.Profile
	shards                   int
	batchAge, keep, drain    time.Duration
	stopped                  bool

	tlsCert, tlsKey, clientCA string
	oidcIssuer, oidcAudience  string
	auditReplica              string
	onListen                  func(net.Listener) // for tests
}

func parseFlags(args []string, stderr io.Writer) (options, error) {
	var o options
	profile := phi.LimitedDataSet.String()
	fs := flag.NewFlagSet("sink", flag.ContinueOnError)
	fs.SetOutput(stderr)
	fs.StringVar(&o.addr, "addr", "127.0.0.1:8000", "`address` to listen on")
	fs.StringVar(&o.lake, "lake", "", "`place` of the lake: a directory or s3://bucket/prefix (default: s3://$S3_BUCKET, else in development carebus-lake)")
	fs.StringVar(&o.redis, "redis", "", "`URL` of Redis (default: $REDIS_URL, else one embedded in this process)")
	fs.StringVar(&o.audit, "audit", "", "`folder` of the audit trail (default: $CAREBUS_AUDIT_DIR, else carebus-audit)")
	fs.StringVar(&o.auditReplica, "audit-replica", "", "where the audit trail is copied to: redis, lake or a `place` like that of -lake (default: nowhere)")
	fs.StringVar(&profile, "profile", profile, "`profile` of the lake: operational, limited_data_set or safe_harbor")
	fs.IntVar(&o.shards, "shards", 0, "`streams` that events of a new environment are spread over (default: as the environment has it, or 1)")
	fs.DurationVar(&o.batchAge, "batch-age", 5*time.Minute, "how long the first event of a batch waits for others")
	fs.DurationVar(&o.keep, "keep", 24*time.Hour, "how long events stay on the bus once everybody has them, unless Redis has little memory left")
	fs.DurationVar(&o.drain, "drain", 30*time.Second, "how long stopping may take")
	fs.BoolVar(&o.stopped, "stopped", false, "don't start the pipeline: wait for POST /api/events/etl/start")
	fs.StringVar(&o.tlsCert, "tls-cert", "", "`file` of the server's certificate, in PEM (default: no TLS)")
	fs.StringVar(&o.tlsKey, "tls-key", "", "`file` of the certificate's key")
	fs.StringVar(&o.clientCA, "client-ca", "", "`file` of the authority whose client certificates may publish and read")
	fs.StringVar(&o.oidcIssuer, "oidc-issuer", "", "`URL` of an OpenID Connect issuer whose tokens are taken (default: none)")
	fs.StringVar(&o.oidcAudience, "oidc-audience", "carebus", "`audience` that its tokens must have")
	err := setup.Parse(fs, args, func() (err error) {
		o.profile, err = phi.ParseProfile(profile)
		switch {
		case err != nil:
		case fs.NArg() > 0:
			err = errors.New("no arguments are taken beside flags")
		case (o.tlsCert == "") != (o.tlsKey == ""):
			err = errors.New("-tls-cert and -tls-key belong together")
		case o.batchAge <= 0 || o.keep <= 0 || o.drain <= 0:
			err = errors.New("-batch-age, -keep and -drain must be positive")
		case o.clientCA != "" && o.tlsCert == "":
			err = errors.New("-client-ca needs -tls-cert")
		}
		return err
	})
	return o, err
}

// run serves until ctx is done; then it drains and returns nil.
func run(ctx context.Context, args []string, getenv func(string) string, _ io.Reader, _, stderr io.Writer) error {
	o, err := parseFlags(args, stderr)
	if err != nil {
		return err
	}
	return serve(ctx, o, getenv, stderr)
}

func serve(ctx context.Context, o options, getenv func(string) string, stderr io.Writer) (err error) {
	logger := slog.New(slog.NewJSONHandler(stderr, nil))
	logging.Disable() // what the Redis client would print: errors say enough
	logTelemetry(logger)
	starting := true
	defer func() {
		if starting && err != nil && ctx.Err() != nil { // whatever the signal cut short
			logger.Info("the sink was stopped while it started")
			err = nil
		}
	}()
	environment := setup.Environment(getenv)
	if err := setup.CheckEnvironment(getenv); err != nil {
		return err
	}
	key, err := setup.Key(getenv)
	if err != nil {
		return err
	}
	registry := schema.Catalogue() // the scrubbers go by the tags of its types' fields, too
	scrubber, err := phi.New(phi.Config{Key: key, Profile: phi.Operational, Registry: registry})
	if err != nil {
		return err
	}
	listener, err := o.listen() // before anything is made, or a key is shown
	if err != nil {
		return err
	}
	defer listener.Close() //nolint:errcheck // the server has done so
	redisURL, embedded, stopRedis, err := setup.Redis(o.redis, getenv)
	if err != nil {
		return err
	}
	defer stopRedis()
	providers, err := newProviders(ctx, getenv)
	if err != nil {
		return err
	}
	defer providers.close()
	bus, err := eventbus.Open(ctx, eventbus.Config{
		URL: redisURL, Environment: environment, Scrubber: scrubber, Registry: registry, Shards: o.shards, Logger: logger,
		Telemetry: providers.bus(),
	})
	if err != nil {
		return fmt.Errorf("the bus at -redis or REDIS_URL: %w", err)
	}
	defer bus.Close() //nolint:errcheck // all was acknowledged by then

	s := &sink{options: o, environment: environment, embedded: embedded, bus: bus, providers: providers, logger: logger}
	if err := s.openAudit(ctx, getenv, redisURL); err != nil {
		return err
	}
	defer s.closeAudit()
	if err := s.openLake(ctx, phi.Config{Key: key, Profile: o.profile, Registry: registry}, getenv); err != nil {
		return err
	}
	if err := s.openAPI(ctx, getenv, redisURL, stderr); err != nil {
		return err
	}
	starting = false
	return s.run(ctx, listener)
}
