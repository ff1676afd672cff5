package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/carebus/carebus/etl"
	"github.com/carebus/carebus/eventbus"
	"github.com/carebus/carebus/eventbus/busapi"
	"github.com/carebus/carebus/eventbus/httpapi"
	"github.com/carebus/carebus/eventbus/httpapi/apikey"
	"github.com/carebus/carebus/examples/internal/service"
	"github.com/carebus/carebus/examples/internal/setup"
	"github.com/carebus/carebus/phi"
	"github.com/carebus/carebus/phi/audit"
)

// A sink is the service's parts.
type sink struct {
	options
	environment string
	embedded    bool // Redis ends with the process
	bus         *eventbus.Bus
	providers   *providers
	logger      *slog.Logger

	trail      *audit.Log
	replicator *audit.Replicator // nil: none
	temporary  string            // a folder to remove at the end

	lake     etl.Sink
	pipeline *etl.Pipeline
	control  pipelineControl
	handler  *httpapi.Handler
	auth     httpapi.Authenticator
}

// openLake sets up the pipeline from the bus into the lake. The lake has a
// scrubber of its own: whatever stands in Redis may have been written by others.
func (s *sink) openLake(ctx context.Context, cfg phi.Config, getenv func(string) string) error {
	var err error
	if s.options.lake, err = setup.LakePlace(s.options.lake, getenv); err != nil {
		return err
	}
	scrubber, err := phi.New(cfg)
	if err != nil {
		return err
	}
	if s.lake, err = setup.Lake(ctx, s.options.lake); err != nil {
		return err
	}
	if err := setup.CheckLake(ctx, s.lake, s.environment, s.lakeAway); err != nil {
		return err
	}
	logs, err := s.bus.CurrentLogs(ctx)
	if err != nil {
		return err
	}
	s.pipeline, err = etl.New(etl.Config{
		Logs: etl.Logs(logs), MoreLogs: etl.MoreLogs(s.bus.CurrentLogs), Sink: s.lake, Environment: s.environment, BatchAge: s.batchAge, Logger: s.logger,
		Policy: cfg.Profile.String(), Telemetry: s.providers.lake(),
		Scrubber: etl.ScrubFunc(func(dst, event []byte) ([]byte, error) {
			dst, _, err := scrubber.ScrubEvent(dst, event)
			return dst, err
		}),
		OnCommit: s.onCommit,
	})
	if err != nil {
		return err
	}
	s.control = pipelineControl{etl.NewController(s.pipeline)}
	return nil
}

// lakeAway tells that a lake doesn't answer at the start.
func (s *sink) lakeAway(err error) {
	s.logger.Warn("the lake doesn't answer yet and is waited for", "error", err)
}

// tellOfKeys says how to come by an API key where none was printed: nobody can
// use the API without, and a key that was lost can't be shown again.
func (s *sink) tellOfKeys(existing []apikey.Key) {
	active := slices.ContainsFunc(existing, func(k apikey.Key) bool { return k.Status(time.Now()) == "active" })
	const how = "`busctl keys create -scopes publish,read,operate` makes one, called with the same variables as this process"
	switch {
	case s.environment == setup.Development && len(existing) > 0:
		s.logger.Info("there are API keys already, so none was made", "another", how)
	case s.environment != setup.Development && !active && s.oidcIssuer == "" && s.clientCA == "":
		s.logger.Warn("no API key is active, so nobody can use the API", "do", how)
	}
}

// openAPI makes the handler. In development without keys it prints one.
func (s *sink) openAPI(ctx context.Context, getenv func(string) string, redisURL string, stderr io.Writer) error {
	keys, err := s.openKeys(getenv, redisURL)
	if err != nil {
		return err
	}
	existing, err := keys.List(ctx)
	if err != nil {
		return ofKeys(err, getenv)
	}
	if len(existing) == 0 && s.environment == setup.Development {
		key, text, err := apikey.Create(ctx, keys, apikey.Spec{Label: "development", Scopes: httpapi.Scopes, Environment: s.environment}, time.Now())
		if err != nil {
			return ofKeys(err, getenv)
		}
		s.record(audit.Record{Action: audit.KeyCreate, Outcome: audit.OK, Actor: "sink", Object: "key/" + key.ID})
		fmt.Fprintln(stderr, "api key:", text)
	}
	s.tellOfKeys(existing)
	if s.auth, err = s.authenticator(ctx, keys); err != nil {
		return err
	}
	if err := s.watchAudit(); err != nil {
		return fmt.Errorf("set up the metrics of the audit trail: %w", err)
	}
	config := busapi.Config(s.bus)
	config.Auth, config.Audit, config.ETL = s.auth, s.trail, s.control
	config.Metrics, config.Logger = s.providers.handler, s.logger
	s.handler, err = httpapi.New(config)
	return err
}

// ofKeys says where keys that can't be used are from.
func ofKeys(err error, getenv func(string) string) error {
	if getenv("CAREBUS_API_KEYS_FILE") == "" {
		return err
	}
	return fmt.Errorf("CAREBUS_API_KEYS_FILE must name a file of `busctl keys`, in a folder that is there: %w", err)
}

// openKeys returns the store of API keys: $CAREBUS_API_KEYS_FILE, else Redis,
// else, with an embedded Redis, the process.
func (s *sink) openKeys(getenv func(string) string, redisURL string) (apikey.Store, error) {
	if path := getenv("CAREBUS_API_KEYS_FILE"); path != "" {
		return apikey.NewFile(path), nil
	}
	if s.embedded {
		return apikey.NewMemory(), nil
	}
	client, err := service.Client(redisURL)
	if err != nil {
		return nil, err
	}
	return service.NewRedisKeys(client, s.environment), nil
}

// run serves until ctx is done, then drains.
func (s *sink) run(ctx context.Context, listener net.Listener) error {
	ctx, end := context.WithCancel(ctx) // which also a server that fails does
	defer end()
	background, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	var helpers sync.WaitGroup
	defer helpers.Wait()
	defer stop()
	helpers.Go(func() { s.housekeeping(background) })
	helpers.Go(func() { s.trail.Run(background) }) //nolint:errcheck // told to the log, and /readyz says so
	if s.replicator != nil {
		helpers.Go(func() { s.replicator.Run(background, 0) }) //nolint:errcheck // it returns nil
	}

	// The live streams end with ctx, so that the server can end.
	var streams sync.WaitGroup
	streams.Go(func() { s.handler.Run(ctx) }) //nolint:errcheck // it returns nil
	server := &http.Server{
		Handler: s.handler, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 32 << 10,
		ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelInfo), // it may quote requests
	}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	if !s.stopped {
		if err := s.control.Start(background); err != nil {
			return err
		}
	}
	s.logger.Info("the sink serves", "address", listener.Addr().String(), "environment", s.environment, "embedded_redis", s.embedded, "lake", s.options.lake)
	if s.onListen != nil {
		s.onListen(listener)
	}
	var err error
	select {
	case err = <-failed:
		err = fmt.Errorf("serve: %w", err)
		end()
	case <-ctx.Done():
	}
	s.logger.Info("the sink drains")
	return errors.Join(err, s.drainAll(server, &streams))
}

// drainAll stops taking events, then carries what was acknowledged into the
// lake. With a Redis of its own the process must get all of it there; from
// another the next process goes on.
func (s *sink) drainAll(server *http.Server, streams *sync.WaitGroup) error {
	ctx, cancel := context.WithTimeout(context.Background(), s.drain)
	defer cancel()
	streams.Wait()
	requests, done := context.WithTimeout(ctx, s.drain/2) // a slow one mustn't take the events' time
	defer done()
	if err := server.Shutdown(requests); err != nil {
		server.Close() //nolint:errcheck // those who are late are cut off
		s.logger.Warn("requests were cut off", "error", err)
	}
	running := s.pipeline.Status().State != etl.StateStopped
	if err := s.control.Stop(ctx); err != nil {
		return fmt.Errorf("stop the pipeline: %w", err)
	}
	if !running && !s.embedded {
		return nil
	}
	err := s.pipeline.Drain(ctx)
	switch {
	case err != nil && s.embedded:
		return fmt.Errorf("the lake doesn't have all events, and the embedded Redis ends with this process: %w", err)
	case err != nil:
		s.logger.Warn("what is left on the bus is for the next sink", "error", err)
	}
	return nil
}
