package canary

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"sync/atomic"
	"time"

	"github.com/redis/go-redis/v9/logging"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlpmetric/otlpmetrichttp"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/metric"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"

	"github.com/carebus/carebus/etl"
	"github.com/carebus/carebus/eventbus"
	"github.com/carebus/carebus/phi"
	"github.com/carebus/carebus/schema"
)

const (
	environment    = "development"
	workerVariable = "CAREBUS_CANARY_WORKER"
	mark           = "canary-mark" // harmless, and to be found wherever the worker leaves something
)

// key is for tests alone.
var key = []byte("a key of thirty-two bytes or more")

// A worker is a program that uses the library without care for what its errors
// say. Careless workers don't even scrub, and print, record and carry what they
// shouldn't.
type worker struct {
	Redis    string
	Publish  bool // else it only consumes
	Careless bool
	Lake     string // of a careless one

	bus    *eventbus.Bus
	tracer *sdktrace.TracerProvider
	meter  *sdkmetric.MeterProvider
	log    *slog.Logger // through the scrubber
}

// playWorker plays the worker if this process is one.
func playWorker() (played bool) {
	text, ok := os.LookupEnv(workerVariable)
	if !ok {
		return false
	}
	go func() { // not to outlive the test
		_, _ = os.Stdin.Read(make([]byte, 1))
		os.Exit(3)
	}()
	var w worker
	err := json.Unmarshal([]byte(text), &w)
	if err == nil {
		err = w.run(context.Background())
	}
	fmt.Fprintln(os.Stderr, "the worker ended:", err)
	return true
}

// identity is the scrubber of the careless.
type identity struct{}

func (identity) ScrubEvent(dst, src []byte) ([]byte, phi.Report, error) {
	return append(dst, src...), phi.Report{}, nil
}

func (w *worker) run(ctx context.Context) error {
	logging.Disable() // what the Redis client would print: errors say enough
	scrubber, err := phi.New(phi.Config{Key: key, Profile: phi.Operational})
	if err != nil {
		return err
	}
	if err := w.telemetry(ctx); err != nil {
		return err
	}
	raw := slog.NewJSONHandler(os.Stderr, nil)
	config := eventbus.Config{
		URL: w.Redis, Environment: environment, Scrubber: scrubber, Logger: slog.New(raw),
		Telemetry: eventbus.Telemetry{Meters: w.meter, Traces: w.tracer},
	}
	w.log = slog.New(scrubber.LogHandler(raw))
	if w.Careless {
		config.Scrubber, w.log = identity{}, config.Logger
	}
	if w.bus, err = eventbus.Open(ctx, config); err != nil {
		return err
	}
	if w.Publish {
		w.publishAll(ctx)
	}
	if w.Careless {
		if err := w.carry(ctx); err != nil {
			return err
		}
	}
	return w.consume(ctx)
}

// telemetry sends to where the environment says, as the sink does.
func (w *worker) telemetry(ctx context.Context) error {
	metrics, err1 := otlpmetrichttp.New(ctx)
	spans, err2 := otlptracehttp.New(ctx)
	if err := errors.Join(err1, err2); err != nil {
		return err
	}
	w.meter = sdkmetric.NewMeterProvider(sdkmetric.WithReader(sdkmetric.NewPeriodicReader(metrics)))
	w.tracer = sdktrace.NewTracerProvider(sdktrace.WithBatcher(spans))
	if w.Careless {
		counter, err := w.meter.Meter("careless").Int64Counter("careless")
		if err != nil {
			return err
		}
		counter.Add(ctx, 1, metric.WithAttributes(attribute.String("error", everything())))
		_, span := w.tracer.Tracer("careless").Start(ctx, everything())
		span.End()
	}
	return nil
}

// publishAll publishes every canary in every way that a Go program can.
func (w *worker) publishAll(ctx context.Context) {
	publish := func(e schema.Envelope) {
		e.Source = "pms/" + mark
		if err := w.bus.Publish(ctx, e); err != nil {
			fmt.Fprintf(os.Stderr, "publish: %v %+v %#v\n", err, err, err)
		}
	}
	crud := func(data string) schema.CRUD {
		return schema.CRUD{Entity: "patient", Operation: schema.Created, EntityID: "p-1", Data: json.RawMessage(data)}
	}
	for _, c := range canaries {
		for _, data := range c.payloads() {
			publish(schema.Envelope{Subject: "patient/p-1", Event: crud(data)})
		}
		publish(schema.Envelope{Event: schema.Business{Process: "appointment", Step: "booked", Data: json.RawMessage(object(c.field, c.value))}})
		publish(schema.Envelope{Event: schema.Raw{Name: "patient.updated", Data: []byte(object(c.field, c.value))}})
		// What is refused says why.
		publish(schema.Envelope{Event: crud("{" + c.value)})
		publish(schema.Envelope{Event: crud(object(c.field, c.value)), Environment: strings.ToLower(c.value), Severity: schema.Severity(c.value), Kind: schema.Kind(c.value)})
		publish(schema.Envelope{Event: schema.Raw{Name: c.value, Data: []byte(object(c.field, c.value))}})
		publish(schema.Envelope{Event: schema.CRUD{Entity: c.value, Operation: schema.Operation(c.value)}})
	}
	for _, c := range plain() {
		publish(schema.Envelope{Subject: "patient/" + c.value, Actor: c.value, Tenant: c.value, CorrelationID: c.value, CausationID: c.value, Event: crud(`{}`)})
		publish(schema.Envelope{ID: strings.ReplaceAll(c.value, " ", ""), Event: crud(`{}`)})
		publish(schema.Envelope{TraceParent: c.value, Event: crud(`{}`)})
	}
}

// consume handles events for good. Whatever is not yet given back fails, each
// event in another careless way; then all dead letters are given back, once, and
// fail again.
func (w *worker) consume(ctx context.Context) error {
	c, err := w.bus.Subscribe(eventbus.ConsumerConfig{
		Group: mark, MaxDeliver: 2, MinIdle: 200 * time.Millisecond, BackoffMin: time.Millisecond, BackoffMax: 20 * time.Millisecond,
		Block: 50 * time.Millisecond, BatchSize: 10,
	})
	if err != nil {
		return err
	}
	var calls atomic.Int64
	text := everything()
	handler := eventbus.HandlerFunc(func(ctx context.Context, events []schema.Envelope) error {
		n := calls.Add(1)
		if n <= 20 {
			w.tell(ctx, events[0])
		}
		switch n % 6 {
		case 0:
			return errors.New(text)
		case 1:
			return eventbus.Permanent(errors.New(text))
		case 2:
			panic(text)
		case 3:
			panic(fmt.Errorf("panic: %s", text))
		case 4:
			errs := make(schema.BatchError, len(events))
			for i := range errs {
				errs[i] = errors.New(text)
			}
			return errs
		default:
			return append(make(schema.BatchError, len(events)), errors.New(text)) // of another length
		}
	})
	go w.redrive(ctx)
	go hold(ctx, everything())
	return c.Run(ctx, eventbus.Chain(handler, eventbus.Retry(2, time.Millisecond), eventbus.Timeout(time.Second)))
}

// tell logs what a careless program would, through the scrubber.
func (w *worker) tell(ctx context.Context, e schema.Envelope) {
	attributes := []any{"error", errors.New(prose()), "event", fmt.Sprintf("%+v", e)}
	for _, c := range canaries {
		attributes = append(attributes, c.field, c.value)
	}
	w.log.ErrorContext(ctx, "careless: "+prose(), attributes...)
}

// redrive gives all dead letters back once there are some and no more come, and
// says so when they have failed again.
func (w *worker) redrive(ctx context.Context) {
	w.calm(ctx)
	for _, d := range w.bus.DeadLetters() {
		done, err := d.Redrive(ctx, eventbus.RedriveConfig{DeadLetterFilter: eventbus.DeadLetterFilter{All: true}})
		fmt.Fprintf(os.Stderr, "redrive: %+v %v\n", done, err)
	}
	w.calm(ctx)
	_ = w.tracer.ForceFlush(ctx) // the search will tell
	_ = w.meter.ForceFlush(ctx)
	fmt.Fprintln(os.Stdout, "done")
}

// calm waits until nothing is pending and no dead letter has come for a while.
func (w *worker) calm(ctx context.Context) {
	for since, dead := time.Now(), uint64(0); time.Since(since) < 400*time.Millisecond; {
		time.Sleep(50 * time.Millisecond) // nothing tells
		s, err := w.bus.Status(ctx)
		busy := err != nil
		for _, sh := range s.Shards {
			for _, g := range sh.Groups {
				busy = busy || g.Pending > 0 || g.LastDelivered != sh.LastID
			}
		}
		if now := w.bus.Stats().DeadLettered; busy || now != dead {
			since, dead = time.Now(), now
		}
	}
}

// hold keeps a text on a goroutine's stack, to be there when the process is
// brought down.
//
//go:noinline
func hold(ctx context.Context, text string) {
	<-ctx.Done()
	fmt.Fprint(os.Stderr, text)
}

// carry carries everything unscrubbed, which no lake should see.
func (w *worker) carry(ctx context.Context) error {
	sink, err := etl.Dir(w.Lake)
	if err != nil {
		return err
	}
	config := etl.Config{Sink: sink, Environment: environment, Scrubber: etl.ScrubFunc(func(dst, event []byte) ([]byte, error) {
		return append(dst, event...), nil
	})}
	for _, l := range w.bus.Logs() {
		config.Logs = append(config.Logs, l)
	}
	p, err := etl.New(config)
	if err != nil {
		return err
	}
	return p.Drain(ctx)
}
