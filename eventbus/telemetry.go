package eventbus

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/trace"

	"github.com/carebus/carebus/internal/telemetry"
	"github.com/carebus/carebus/schema"
)

// Telemetry says where metrics and spans go. Its zero value sends none, and
// costs nothing.
//
// Metrics are those of OpenTelemetry's messaging conventions and others that
// begin with carebus; what Redis tells is asked for when metrics are collected.
// A publish is a span of kind producer; its context becomes the traceparent of
// events that have none. A handler's call is a span of kind consumer; a read
// that brought events and their settlement are spans of kind client. These
// three have a link to the span of each event, 128 at most. No attribute holds
// anything of an event: they are numbers of shards, names of consumer groups
// (64 at most) and values of closed sets. Baggage and trace state are not
// carried.
type Telemetry struct {
	Meters metric.MeterProvider // default none
	Traces trace.TracerProvider // default none
	// Policy names the scrubber's policy on what it found, such as
	// "operational/key-3". It must not be secret. Default: what a *[phi.Scrubber]
	// calls its own, see [phi.Scrubber.PolicyName].
	Policy string
}

// instruments are what a bus records with. nil records nothing.
type instruments struct {
	tracer   trace.Tracer // nil: no spans
	publish  metric.Float64Histogram
	process  metric.Float64Histogram
	age      metric.Float64Histogram
	consumed metric.Int64Counter
	groups   telemetry.Names
	policy   string
	stop     func() // ends the asking

	asking sync.Mutex // guards what follows
	told   time.Time  // when status was
	status Status
	whole  bool // status is
}

// statusTimeout bounds what collecting metrics asks of Redis, and statusFor is how
// long the answer, or that there was none, is also that to others: they come one
// after the other, and many must not wait, or ask, as often.
const (
	statusTimeout = 2 * time.Second
	statusFor     = time.Second
)

// instrument sets up b.telemetry, nil when nothing is sent.
func (b *Bus) instrument() error {
	c := b.config.Telemetry
	if c.Meters == nil && c.Traces == nil {
		return nil
	}
	t := &instruments{policy: c.Policy, stop: func() {}}
	if c.Traces != nil {
		t.tracer = c.Traces.Tracer(telemetry.Scope)
	}
	if c.Meters == nil {
		b.telemetry = t
		return nil
	}
	meter := c.Meters.Meter(telemetry.Scope)
	var errs [5]error
	var observing metric.Registration
	t.publish, errs[0] = telemetry.PublishDuration.Float(meter)
	t.process, errs[1] = telemetry.ProcessDuration.Float(meter)
	t.age, errs[2] = telemetry.EventAge.Float(meter)
	t.consumed, errs[3] = telemetry.Consumed.Adds(meter)
	observing, errs[4] = telemetry.Observe(meter, telemetry.Bus, []telemetry.Metric{telemetry.Consumed}, func(ctx context.Context, o telemetry.Observer) {
		b.observe(ctx, t, o)
	})
	if err := errors.Join(errs[:]...); err != nil {
		if observing != nil {
			observing.Unregister() //nolint:errcheck // the first error is the one to tell
		}
		return fmt.Errorf("eventbus: register metrics: %w", err)
	}
	t.stop = func() { observing.Unregister() } //nolint:errcheck // it only fails for foreign registrations
	b.telemetry = t
	return nil
}

func (t *instruments) close() {
	if t != nil {
		t.stop()
	}
}

// observe reports the counters of this process and what Redis tells.
func (b *Bus) observe(ctx context.Context, t *instruments, o telemetry.Observer) {
	s := b.Stats()
	o.Observe(telemetry.Sent, float64(s.Published), sending...)
	o.Observe(telemetry.Sent, float64(s.Rejected), append(sending, attribute.String(telemetry.ErrorType, "rejected"))...)
	o.Observe(telemetry.Sent, float64(s.Failed), append(sending, attribute.String(telemetry.ErrorType, "failed"))...)
	for m, n := range map[*telemetry.Metric]uint64{
		&telemetry.Duplicates: s.Duplicates, &telemetry.Handled: s.Handled, &telemetry.Retries: s.Retried, &telemetry.Claims: s.Claimed,
		&telemetry.DeadLettered: s.DeadLettered, &telemetry.Lost: s.Lost, &telemetry.Vanished: s.Vanished,
		&telemetry.Failovers: s.Failovers, &telemetry.Hung: s.Hung, &telemetry.Panics: s.Panics,
	} {
		o.Observe(*m, float64(n))
	}
	for category, n := range s.Scrubbed {
		o.Observe(telemetry.Findings, float64(n), attribute.String(telemetry.Category, category), attribute.String(telemetry.Policy, t.policy))
	}

	status, whole := t.ask(ctx, b)
	if !status.Connected {
		o.Observe(telemetry.RedisUp, 0)
		return
	}
	o.Observe(telemetry.RedisUp, 1)
	if !whole { // it answers, but slowly
		return
	}
	o.Observe(telemetry.RedisLatency, status.Latency.Seconds())
	o.Observe(telemetry.RedisMemory, float64(status.MemoryUsed))
	o.Observe(telemetry.RedisLimit, float64(status.MemoryLimit))
	evicting := 0.
	if evicts(status.Eviction) {
		evicting = 1
	}
	o.Observe(telemetry.RedisEvicts, evicting)
	o.Observe(telemetry.RedisReplicas, float64(status.Replicas))
	for _, sh := range status.Shards {
		shard := attribute.String(telemetry.Partition, sh.Name)
		o.Observe(telemetry.StreamLength, float64(sh.Length), shard)
		o.Observe(telemetry.DeadLetters, float64(sh.DeadLetters), shard)
		o.Observe(telemetry.LakeAge, sh.Lake.Age.Seconds(), shard)
		for _, g := range sh.Groups {
			group := attribute.String(telemetry.Group, t.groups.Bound(g.Name))
			o.Observe(telemetry.GroupPending, float64(g.Pending), shard, group)
			o.Observe(telemetry.GroupOldest, g.OldestPending.Seconds(), shard, group)
			if g.Lag >= 0 {
				o.Observe(telemetry.GroupLag, float64(g.Lag), shard, group)
			}
		}
	}
}

// ask returns what Redis tells, or has told a moment ago, and whether that is all.
func (t *instruments) ask(ctx context.Context, b *Bus) (s Status, whole bool) {
	t.asking.Lock()
	defer t.asking.Unlock()
	if time.Since(t.told) < statusFor {
		return t.status, t.whole
	}
	ctx, cancel := context.WithTimeout(ctx, statusTimeout)
	defer cancel()
	s, err := b.Status(ctx)
	t.status, t.whole, t.told = s, err == nil, time.Now()
	return s, err == nil
}

// A publishing is a publish that is under way.
type publishing struct {
	t     *instruments
	ctx   context.Context
	span  trace.Span // nil: none
	began time.Time
}

// publishing begins the publish of n events; the context that it returns is for
// their encoding.
func (t *instruments) publishing(ctx context.Context, n int) (context.Context, publishing) {
	if t == nil {
		return ctx, publishing{}
	}
	p := publishing{t: t, began: time.Now()}
	if t.tracer != nil {
		ctx, p.span = t.tracer.Start(ctx, telemetry.SpanPublish, trace.WithSpanKind(trace.SpanKindProducer), trace.WithAttributes(sending...), trace.WithAttributes(
			attribute.String(telemetry.OperationType, telemetry.TypeSend),
			attribute.String(telemetry.Destination, telemetry.Events),
			attribute.Int(telemetry.BatchCount, n),
		))
	}
	p.ctx = ctx
	return ctx, p
}

// What is the same of every publish and of every call of a handler.
var (
	sending    = operation(telemetry.OpPublish)
	processing = operation(telemetry.OpProcess)
)

func operation(name string) []attribute.KeyValue {
	return slices.Clip([]attribute.KeyValue{attribute.String(telemetry.System, telemetry.SystemRedis), attribute.String(telemetry.OperationName, name)})
}

// publishSets holds the attributes of a publish by what became of it, made once.
var publishSets = func() map[string]metric.MeasurementOption {
	sets := map[string]metric.MeasurementOption{}
	for _, kind := range append(slices.Clone(publishErrors), telemetry.ErrorOther, "") {
		set := sending
		if kind != "" {
			set = append(set, attribute.String(telemetry.ErrorType, kind))
		}
		sets[kind] = metric.WithAttributeSet(attribute.NewSet(set...))
	}
	return sets
}()

// publishErrors are the types of a publish's errors.
var publishErrors = []string{"unavailable", "full", "too_large", "unscrubbable", "closed", "canceled", "invalid"}

// publishError classes an error of a publish.
func publishError(err error) string {
	var invalid *schema.ValidationError
	switch {
	case err == nil:
		return ""
	case errors.Is(err, ErrUnavailable):
		return "unavailable"
	case errors.Is(err, ErrBusFull):
		return "full"
	case errors.Is(err, ErrTooLarge):
		return "too_large"
	case errors.Is(err, ErrScrub):
		return "unscrubbable"
	case errors.Is(err, ErrClosed):
		return "closed"
	case errors.Is(err, context.Canceled):
		return "canceled"
	case errors.As(err, &invalid):
		return "invalid"
	}
	return telemetry.ErrorOther
}

// end tells what became of the publish; the first error stands for all.
func (p publishing) end(errs ...error) {
	if p.t == nil {
		return
	}
	kind := ""
	for _, err := range errs {
		if kind = publishError(err); kind != "" {
			break
		}
	}
	if p.t.publish != nil {
		p.t.publish.Record(p.ctx, time.Since(p.began).Seconds(), publishSets[kind])
	}
	endSpan(p.span, kind)
}

// endOne is end for one event, whose entry has this id in its stream.
func (p publishing) endOne(entry string, err error) {
	if p.span != nil && entry != "" {
		p.span.SetAttributes(attribute.String(telemetry.MessageID, entry))
	}
	p.end(err)
}

// endBatch is end for a deferred call: errs is filled in by then.
func (p publishing) endBatch(errs schema.BatchError) { p.end(errs...) }

// endSpan ends a span, if there is one. An error's text is never part of it.
func endSpan(span trace.Span, kind string) {
	if span == nil {
		return
	}
	if kind != "" {
		span.SetStatus(codes.Error, "")
		span.SetAttributes(attribute.String(telemetry.ErrorType, kind))
	}
	span.End()
}

// stampTrace gives an event without a traceparent that of the span in ctx.
func stampTrace(ctx context.Context, e *schema.Envelope) {
	if e.TraceParent == "" {
		e.TraceParent = telemetry.TraceParent(trace.SpanContextFromContext(ctx))
	}
}
