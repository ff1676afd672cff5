package eventbus

import (
	"context"
	"errors"
	"slices"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/trace"

	"github.com/carebus/carebus/internal/telemetry"
	"github.com/carebus/carebus/schema"
)

// handler records the calls of h.
func (t *instruments) handler(h Handler, group string) Handler {
	if t == nil {
		return h
	}
	group = t.groups.Bound(group)
	ofGroup := metric.WithAttributeSet(attribute.NewSet(attribute.String(telemetry.Group, group)))
	called := append(processing, attribute.String(telemetry.Group, group))
	ofCall := metric.WithAttributeSet(attribute.NewSet(slices.Clone(called)...))
	return HandlerFunc(func(ctx context.Context, events []schema.Envelope) error {
		began := time.Now()
		var span trace.Span
		if t.tracer != nil {
			ctx, span = t.tracer.Start(ctx, telemetry.SpanProcess, trace.WithSpanKind(trace.SpanKindConsumer),
				trace.WithLinks(telemetry.Links(traceParents(events))...), trace.WithAttributes(called...), trace.WithAttributes(
					attribute.String(telemetry.OperationType, telemetry.TypeProcess),
					attribute.String(telemetry.Destination, telemetry.Events),
					attribute.Int(telemetry.BatchCount, len(events)),
				))
		}
		if t.consumed != nil {
			t.consumed.Add(ctx, int64(len(events)), ofCall)
			for i := range events {
				t.age.Record(ctx, max(0, began.Sub(events[i].Time).Seconds()), ofGroup)
			}
		}
		kind := "panic"
		defer func() {
			if t.process != nil {
				set := ofCall
				if kind != "" {
					set = metric.WithAttributes(append(slices.Clip(called), attribute.String(telemetry.ErrorType, kind))...)
				}
				t.process.Record(ctx, time.Since(began).Seconds(), set)
			}
			endSpan(span, kind)
		}()
		err := h.Handle(ctx, events)
		kind = handlerError(err, len(events))
		return err
	})
}

// handlerError classes what a handler returned for n events. An error's own methods
// are the handler's code, too.
func handlerError(err error, n int) (kind string) {
	defer func() {
		if recover() != nil {
			kind = "panic"
		}
	}()
	var each schema.BatchError
	switch {
	case err == nil, schema.BatchError(verdicts(err, n)).OrNil() == nil:
		return ""
	case isPermanent(err):
		return "permanent"
	case errors.As(err, &each):
		return "partial"
	case errors.Is(err, context.DeadlineExceeded):
		return "timeout"
	}
	return "retry"
}

func traceParents(events []schema.Envelope) func(func(string) bool) {
	return func(yield func(string) bool) {
		for i := range events {
			if !yield(events[i].TraceParent) {
				return
			}
		}
	}
}

// client begins the span of a call to Redis that has to do with entries of w,
// nil where no spans are sent.
func (t *instruments) client(w *worker, name, operationName, operationType string, began time.Time, entries []*entry) trace.Span {
	if t == nil || t.tracer == nil {
		return nil
	}
	parents := func(yield func(string) bool) {
		for _, e := range entries {
			if !yield(e.envelope.TraceParent) {
				return
			}
		}
	}
	_, span := t.tracer.Start(context.Background(), name, trace.WithSpanKind(trace.SpanKindClient), trace.WithTimestamp(began),
		trace.WithLinks(telemetry.Links(parents)...), trace.WithAttributes(operation(operationName)...), trace.WithAttributes(
			attribute.String(telemetry.OperationType, operationType),
			attribute.String(telemetry.Destination, telemetry.Events),
			attribute.String(telemetry.Partition, w.shard.name),
			attribute.String(telemetry.Group, t.groups.Bound(w.c.config.Group)),
			attribute.Int(telemetry.BatchCount, len(entries)),
		))
	return span
}

// recordReceive tells of a delivery, once its events are decoded.
func (t *instruments) recordReceive(w *worker, d delivery) {
	if span := t.client(w, telemetry.SpanReceive, telemetry.OpReceive, telemetry.TypeReceive, d.began, d.entries); span != nil {
		span.End(trace.WithTimestamp(d.ended))
	}
}

// recordSettle tells of a settlement that began at a time and ended with err.
func (t *instruments) recordSettle(w *worker, began time.Time, results []result, err error) {
	if t == nil || t.tracer == nil {
		return
	}
	entries := make([]*entry, len(results))
	for i, r := range results {
		entries[i] = r.entry
	}
	endSpan(t.client(w, telemetry.SpanSettle, telemetry.OpSettle, telemetry.TypeSettle, began, entries), publishError(err))
}
