package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"go.opentelemetry.io/otel/exporters/otlp/otlpmetric/otlpmetrichttp"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	otelprometheus "go.opentelemetry.io/otel/exporters/prometheus"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"

	"github.com/carebus/carebus/etl"
	"github.com/carebus/carebus/eventbus"
	"github.com/carebus/carebus/internal/telemetry"
)

// providers take the metrics and spans of the bus and the pipeline. Metrics are
// served at /metrics. With an OTLP endpoint in the environment, as
// OpenTelemetry specifies it, they and spans are sent there as well; the SDK
// reads its other OTEL_ variables itself.
type providers struct {
	meters  *sdkmetric.MeterProvider
	traces  *sdktrace.TracerProvider // nil: nobody takes them
	handler http.Handler
}

func newProviders(ctx context.Context, getenv func(string) string) (*providers, error) {
	if err := checkOTLP(getenv); err != nil {
		return nil, err
	}
	registry := prometheus.NewRegistry()
	registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	scraped, err := otelprometheus.New(otelprometheus.WithRegisterer(registry), otelprometheus.WithoutScopeInfo(), otelprometheus.WithoutTargetInfo())
	if err != nil {
		return nil, fmt.Errorf("set up metrics: %w", err)
	}
	p := &providers{handler: promhttp.HandlerFor(registry, promhttp.HandlerOpts{})}
	options := []sdkmetric.Option{sdkmetric.WithReader(scraped)}
	is := func(signal string) bool {
		return getenv("OTEL_EXPORTER_OTLP_ENDPOINT") != "" || getenv("OTEL_EXPORTER_OTLP_"+signal+"_ENDPOINT") != ""
	}
	if is("METRICS") {
		exporter, err := otlpmetrichttp.New(ctx)
		if err != nil {
			return nil, errors.New("set up OTLP metrics: the OTEL_EXPORTER_OTLP variables can't be used") // they may hold secrets
		}
		options = append(options, sdkmetric.WithReader(sdkmetric.NewPeriodicReader(exporter)))
	}
	p.meters = sdkmetric.NewMeterProvider(options...)
	if is("TRACES") {
		exporter, err := otlptracehttp.New(ctx)
		if err != nil {
			return nil, errors.New("set up OTLP traces: the OTEL_EXPORTER_OTLP variables can't be used")
		}
		p.traces = sdktrace.NewTracerProvider(sdktrace.WithBatcher(exporter))
	}
	return p, nil
}

// flushTimeout bounds the sending of what is left at the end.
const flushTimeout = 5 * time.Second

// bus and lake are where the library sends to.
func (p *providers) bus() eventbus.Telemetry {
	t := eventbus.Telemetry{Meters: p.meters}
	if p.traces != nil {
		t.Traces = p.traces
	}
	return t
}

func (p *providers) lake() etl.Telemetry {
	t := p.bus()
	return etl.Telemetry{Meters: t.Meters, Traces: t.Traces}
}

// close sends what is left.
func (p *providers) close() {
	ctx, cancel := context.WithTimeout(context.Background(), flushTimeout)
	defer cancel()
	p.meters.Shutdown(ctx) //nolint:errcheck // whoever takes them is away
	if p.traces != nil {
		p.traces.Shutdown(ctx) //nolint:errcheck // the same
	}
}

// watchAudit has the state of the audit trail collected.
func (s *sink) watchAudit() error {
	_, err := telemetry.Observe(s.providers.meters.Meter(telemetry.Scope), telemetry.Audit, nil, func(_ context.Context, o telemetry.Observer) {
		up := 1.0
		if s.trail.Err() != nil {
			up = 0
		}
		o.Observe(telemetry.AuditUp, up)
		o.Observe(telemetry.AuditRecords, float64(s.trail.Size()))
		if s.replicator != nil {
			o.Observe(telemetry.AuditCopied, float64(s.replicator.Size()))
		}
	})
	return err
}
