package etl

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/trace"

	"github.com/carebus/carebus/internal/telemetry"
)

// Telemetry says where metrics and spans go. Its zero value sends none, and
// costs nothing.
//
// Metrics begin with carebus.lake. The writing of a batch is a span with links
// to the spans of its events, 128 at most. No attribute holds anything of an
// event: they are names of logs (64 at most) and values of closed sets.
type Telemetry struct {
	Meters metric.MeterProvider // default none
	Traces trace.TracerProvider // default none
}

// instruments are what a pipeline records with. nil records nothing.
type instruments struct {
	tracer                              trace.Tracer // nil: no spans
	rows, size, duration, delay, upload metric.Float64Histogram
	logs                                telemetry.Names
}

// newInstruments returns nil when c sends nothing.
func newInstruments(c Telemetry) (*instruments, error) {
	if c.Meters == nil && c.Traces == nil {
		return nil, nil
	}
	t := &instruments{}
	if c.Traces != nil {
		t.tracer = c.Traces.Tracer(telemetry.Scope)
	}
	if c.Meters == nil {
		return t, nil
	}
	meter := c.Meters.Meter(telemetry.Scope)
	var errs [5]error
	t.rows, errs[0] = telemetry.BatchRows.Float(meter)
	t.size, errs[1] = telemetry.BatchBytes.Float(meter)
	t.duration, errs[2] = telemetry.BatchDuration.Float(meter)
	t.delay, errs[3] = telemetry.LakeDelay.Float(meter)
	t.upload, errs[4] = telemetry.UploadDuration.Float(meter)
	if err := errors.Join(errs[:]...); err != nil {
		return nil, fmt.Errorf("etl: register metrics: %w", err)
	}
	return t, nil
}

// watch has the status of p collected for as long as the provider lives.
func (t *instruments) watch(p *Pipeline) error {
	if t == nil || t.rows == nil {
		return nil
	}
	_, err := telemetry.Observe(p.config.Telemetry.Meters.Meter(telemetry.Scope), telemetry.Lake, nil, func(_ context.Context, o telemetry.Observer) { p.observe(t, o) })
	if err != nil {
		return fmt.Errorf("etl: register metrics: %w", err)
	}
	return nil
}

// observe reports the pipeline's status.
func (p *Pipeline) observe(t *instruments, o telemetry.Observer) {
	s := p.Status()
	o.Observe(telemetry.PipelineRunning, truth(s.State != StateStopped))
	o.Observe(telemetry.BreakerOpen, truth(s.Breaker != BreakerClosed))
	now := p.config.Now()
	for _, l := range s.Logs {
		log := attribute.String(telemetry.Partition, t.logs.Bound(l.Log))
		for m, n := range map[*telemetry.Metric]uint64{
			&telemetry.LakeRows: l.Rows, &telemetry.LakeObjects: l.Objects, &telemetry.LakeBytes: l.Bytes, &telemetry.LakeQuarantined: l.Quarantined,
			&telemetry.LakeDropped: l.Dropped, &telemetry.LakeLost: l.Lost, &telemetry.LakePlans: l.Plans, &telemetry.LakeRetries: l.Retries,
		} {
			o.Observe(*m, float64(n), log)
		}
		o.Observe(telemetry.LagAge, l.LagAge.Seconds(), log)
		if !l.Watermark.IsZero() {
			o.Observe(telemetry.WatermarkDelay, max(0, now.Sub(l.Watermark).Seconds()), log)
		}
	}
}

func truth(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// write begins the writing of a batch; call end when it is done.
func (t *instruments) write(ctx context.Context, b *batch) (_ context.Context, end func()) {
	if t == nil {
		return ctx, func() {}
	}
	began := time.Now()
	var span trace.Span
	if t.tracer != nil {
		ctx, span = t.tracer.Start(ctx, telemetry.SpanWrite, trace.WithSpanKind(trace.SpanKindConsumer),
			trace.WithLinks(telemetry.Links(traceParents(b))...), trace.WithAttributes(attribute.Int(telemetry.BatchCount, len(b.entries))))
	}
	return ctx, func() {
		if t.duration != nil {
			t.duration.Record(ctx, time.Since(began).Seconds())
		}
		if span != nil {
			span.End()
		}
	}
}

// traceParents yields what may be the traceparents of a batch's events; they
// need no decoding for that, since nothing but a traceparent passes as one.
func traceParents(b *batch) func(func(string) bool) {
	const length = 55
	member := []byte(`"traceparent":"`)
	return func(yield func(string) bool) {
		for _, e := range b.entries {
			_, rest, ok := bytes.Cut(e.Data, member)
			if ok && len(rest) > length && !yield(string(rest[:length])) {
				return
			}
		}
	}
}

// recordCommit records a batch whose last event was published at at.
func (t *instruments) recordCommit(c Commit, at, now time.Time) {
	if t == nil || t.rows == nil {
		return
	}
	ctx, size := context.Background(), 0
	for _, o := range c.Objects {
		size += o.Bytes
	}
	t.rows.Record(ctx, float64(c.Rows))
	t.size.Record(ctx, float64(size))
	if !at.IsZero() {
		t.delay.Record(ctx, max(0, now.Sub(at).Seconds()))
	}
}

// sink records the puts of s.
func (t *instruments) sink(s Sink) Sink {
	if t == nil || t.upload == nil {
		return s
	}
	return recordedSink{s, t.upload}
}

// A recordedSink records how long each put took and what became of it.
type recordedSink struct {
	Sink
	upload metric.Float64Histogram
}

func (r recordedSink) PutIfAbsent(ctx context.Context, o Object) error {
	began := time.Now()
	err := r.Sink.PutIfAbsent(ctx, o)
	r.upload.Record(ctx, time.Since(began).Seconds(), outcomes[outcome(err)])
	return err
}

// outcomes holds the attributes of a put by what became of it, made once.
var outcomes = func() map[string]metric.MeasurementOption {
	sets := map[string]metric.MeasurementOption{}
	for _, o := range []string{telemetry.OutcomeStored, telemetry.OutcomeExists, telemetry.OutcomePermanent, telemetry.OutcomeCanceled, telemetry.OutcomeFailed} {
		sets[o] = metric.WithAttributeSet(attribute.NewSet(attribute.String(telemetry.Outcome, o)))
	}
	return sets
}()

func outcome(err error) string {
	switch {
	case err == nil:
		return telemetry.OutcomeStored
	case errors.Is(err, ErrExists):
		return telemetry.OutcomeExists
	case errors.Is(err, ErrPermanent):
		return telemetry.OutcomePermanent
	case errors.Is(err, context.Canceled):
		return telemetry.OutcomeCanceled
	}
	return telemetry.OutcomeFailed
}
