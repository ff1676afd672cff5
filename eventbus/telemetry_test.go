package eventbus

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/metric/noop"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.opentelemetry.io/otel/trace"

	"github.com/carebus/carebus/internal/redistest"
	"github.com/carebus/carebus/internal/telemetry"
	"github.com/carebus/carebus/schema"
)

// A collector is what a program would send metrics and spans to.
type collector struct {
	reader *sdkmetric.ManualReader
	spans  *tracetest.SpanRecorder
	into   Telemetry
}

func newCollector(t *testing.T) *collector {
	c := &collector{reader: sdkmetric.NewManualReader(), spans: tracetest.NewSpanRecorder()}
	meters := sdkmetric.NewMeterProvider(sdkmetric.WithReader(c.reader))
	traces := sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(c.spans))
	t.Cleanup(func() {
		if err := errors.Join(meters.Shutdown(context.Background()), traces.Shutdown(context.Background())); err != nil {
			t.Error(err)
		}
	})
	c.into = Telemetry{Meters: meters, Traces: traces}
	return c
}

// collect returns the values of all metrics: of a histogram, how many there are.
func (c *collector) collect(t *testing.T) map[string]float64 {
	t.Helper()
	var all metricdata.ResourceMetrics
	if err := c.reader.Collect(t.Context(), &all); err != nil {
		t.Fatal(err)
	}
	got := map[string]float64{}
	add := func(name string, set attribute.Set, v float64) {
		got[name] += v
		if set.Len() > 0 {
			got[name+set.Encoded(attribute.DefaultEncoder())] += v
		}
	}
	for _, scope := range all.ScopeMetrics {
		for _, m := range scope.Metrics {
			switch d := m.Data.(type) {
			case metricdata.Sum[float64]:
				for _, p := range d.DataPoints {
					add(m.Name, p.Attributes, p.Value)
				}
			case metricdata.Sum[int64]:
				for _, p := range d.DataPoints {
					add(m.Name, p.Attributes, float64(p.Value))
				}
			case metricdata.Gauge[float64]:
				for _, p := range d.DataPoints {
					add(m.Name, p.Attributes, p.Value)
				}
			case metricdata.Histogram[float64]:
				for _, p := range d.DataPoints {
					add(m.Name, p.Attributes, float64(p.Count))
				}
			default:
				t.Errorf("%s is of a kind that nobody expects", m.Name)
			}
		}
	}
	return got
}

// everything returns all that was recorded, as text.
func (c *collector) everything(t *testing.T) string {
	t.Helper()
	var all metricdata.ResourceMetrics
	if err := c.reader.Collect(t.Context(), &all); err != nil {
		t.Fatal(err)
	}
	text := fmt.Sprintf("%+v", all)
	for _, s := range tracetest.SpanStubsFromReadOnlySpans(c.spans.Ended()) {
		b, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		text += string(b)
	}
	return text
}

func TestTelemetry(t *testing.T) {
	redistest.Each(t, func(t *testing.T, url string) {
		c := newCollector(t)
		b := open(t, url, func(config *Config) { config.Telemetry = c.into })
		r := &recorder{}
		r.fail = func(e schema.Envelope) error {
			if e.Subject == "user/bad" {
				return Permanent(errors.New(canary))
			}
			return nil
		}
		stop := consume(t, b, ConsumerConfig{Group: "reminders"}, r)
		secret := schema.CRUD{Entity: "user", Operation: schema.Created, EntityID: "1", Data: json.RawMessage(`{"ssn":"` + canary + `"}`)}
		if err := b.Publish(t.Context(), schema.Envelope{Source: "pms/identity", Subject: "user/1", Event: secret}); err != nil {
			t.Fatal(err)
		}
		if err := b.Publish(t.Context(), event("user/bad", 1)); err != nil {
			t.Fatal(err)
		}
		if _, err := b.PublishBatch(t.Context(), events("user/2", 3)); err != nil {
			t.Fatal(err)
		}
		if err := b.Publish(t.Context(), schema.Envelope{Source: "pms/identity", Subject: "user/" + canary}); err == nil {
			t.Fatal("an event without an event was published")
		}
		until(t, "all", func() bool { s := b.Stats(); return s.Handled == 4 && s.DeadLettered == 1 })
		got := c.collect(t)
		stop()
		for name, want := range map[string]float64{
			telemetry.PublishDuration.Name: 4, telemetry.Sent.Name: 6, telemetry.Consumed.Name: 5, telemetry.EventAge.Name: 5,
			telemetry.Handled.Name: 4, telemetry.DeadLettered.Name: 1, telemetry.RedisUp.Name: 1, telemetry.StreamLength.Name: 5,
			telemetry.DeadLetters.Name: 1, telemetry.GroupPending.Name: 0,
			telemetry.Sent.Name + "error.type=rejected,messaging.operation.name=xadd,messaging.system=redis":                 1,
			telemetry.Consumed.Name + telemetry.Group + "=reminders,messaging.operation.name=process,messaging.system=redis": 5,
		} {
			if v, ok := got[name]; !ok || v != want {
				t.Errorf("%s is %v, want %v", name, v, want)
			}
		}
		if got[telemetry.Findings.Name+telemetry.Category+"=ssn,"+telemetry.Policy+"=operational"] < 1 {
			t.Errorf("no findings of the scrubber's policy: %v", got)
		}
		for _, m := range telemetry.Bus {
			if _, ok := got[m.Name]; !ok && m.Name != telemetry.GroupLag.Name { // miniredis may not tell it
				t.Errorf("%s was not recorded", m.Name)
			}
		}
		if text := c.everything(t); strings.Contains(text, canary) || strings.Contains(text, "user/") {
			t.Error("telemetry holds a value of an event")
		}
		b.telemetry.close()
		if got := c.collect(t); got[telemetry.RedisUp.Name] != 0 {
			t.Error("a closed bus is still asked")
		}
	})
}

// TestTracesCrossTheStream: what a handler does is linked to the publish.
func TestTracesCrossTheStream(t *testing.T) {
	c := newCollector(t)
	b := open(t, redistest.Mini(t), func(config *Config) { config.Telemetry = c.into })
	r := &recorder{}
	stop := consume(t, b, ConsumerConfig{}, r)
	ctx, parent := c.into.Traces.Tracer("test").Start(t.Context(), "request")
	if err := b.Publish(ctx, event("user/1", 1)); err != nil {
		t.Fatal(err)
	}
	const own = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
	given := event("user/1", 2)
	given.TraceParent = own
	if err := b.Publish(ctx, given); err != nil {
		t.Fatal(err)
	}
	parent.End()
	until(t, "both", func() bool { return b.Stats().Handled == 2 })
	stop()
	var published []string
	var links []string
	for _, s := range c.spans.Ended() {
		switch s.Name() {
		case telemetry.SpanPublish:
			if s.Parent().SpanID() != parent.SpanContext().SpanID() {
				t.Error("a publish is not part of the request")
			}
			if !slices.ContainsFunc(s.Attributes(), func(a attribute.KeyValue) bool {
				return string(a.Key) == telemetry.MessageID && parseStreamID(a.Value.AsString()) != (streamID{})
			}) {
				t.Error("a publish doesn't name its entry")
			}
			published = append(published, telemetry.TraceParent(s.SpanContext()))
		case telemetry.SpanProcess:
			if s.Parent().IsValid() {
				t.Error("processing has a parent; it may be of many events")
			}
			for _, l := range s.Links() {
				links = append(links, telemetry.TraceParent(l.SpanContext))
			}
		}
	}
	if len(published) != 2 || !slices.Contains(links, published[0]) || !slices.Contains(links, own) || slices.Contains(links, published[1]) {
		t.Errorf("links %q, published %q", links, published)
	}
}

// What a consumer asks of Redis is seen beside what its handlers do: reads that
// brought events, and settlements, each linked to the events' publishes.
func TestReceiveAndSettleAreSpans(t *testing.T) {
	redistest.Each(t, func(t *testing.T, url string) {
		c := newCollector(t)
		b := open(t, url, func(config *Config) { config.Telemetry = c.into })
		if err := b.Publish(t.Context(), event("user/1", 1)); err != nil {
			t.Fatal(err)
		}
		if err := b.Publish(t.Context(), event("user/2", 2)); err != nil {
			t.Fatal(err)
		}
		for _, config := range []ConsumerConfig{{Group: "apart"}, {Group: "shared", Shared: true}} {
			handled := b.Stats().Handled
			stop := consume(t, b, config, &recorder{})
			until(t, "both", func() bool { return b.Stats().Handled == handled+2 })
			stop()
		}
		published := map[trace.SpanID]bool{}
		for _, s := range c.spans.Ended() {
			if s.Name() == telemetry.SpanPublish {
				published[s.SpanContext().SpanID()] = true
			}
		}
		linked := map[string]int{}
		for _, s := range c.spans.Ended() {
			kind := map[string]string{telemetry.SpanReceive: telemetry.TypeReceive, telemetry.SpanSettle: telemetry.TypeSettle}[s.Name()]
			if kind == "" {
				continue
			}
			attributes := attribute.NewSet(s.Attributes()...)
			get := func(name string) string { v, _ := attributes.Value(attribute.Key(name)); return v.AsString() }
			if s.SpanKind() != trace.SpanKindClient || get(telemetry.OperationType) != kind || get(telemetry.Partition) != "0" || s.EndTime().Before(s.StartTime()) {
				t.Errorf("%s: %v %v", s.Name(), s.SpanKind(), s.Attributes())
			}
			for _, l := range s.Links() {
				if published[l.SpanContext.SpanID()] {
					linked[kind+" "+get(telemetry.Group)]++
				}
			}
		}
		want := map[string]int{"receive apart": 2, "settle apart": 2, "receive shared": 2, "settle shared": 2}
		if !maps.Equal(linked, want) {
			t.Errorf("links to publishes: %v, want %v", linked, want)
		}
	})
}

// TestNoTelemetryCostsNothing: a bus that sends none allocates nothing for it.
func TestNoTelemetryCostsNothing(t *testing.T) {
	var none *instruments
	if n := testing.AllocsPerRun(100, func() {
		_, p := none.publishing(context.Background(), 1)
		p.end(nil)
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
	h := HandlerFunc(func(context.Context, []schema.Envelope) error { return nil })
	if got := none.handler(h, "g"); fmt.Sprintf("%p", got) != fmt.Sprintf("%p", h) {
		t.Error("a handler is wrapped for nothing")
	}
}

func TestErrorTypesAreClosed(t *testing.T) {
	for _, c := range []struct {
		err  error
		want string
	}{
		{nil, ""}, {fmt.Errorf("%w: x", ErrUnavailable), "unavailable"}, {ErrBusFull, "full"}, {ErrTooLarge, "too_large"}, {ErrScrub, "unscrubbable"},
		{ErrClosed, "closed"}, {context.Canceled, "canceled"}, {&schema.ValidationError{}, "invalid"}, {errors.New(canary), telemetry.ErrorOther},
	} {
		if got := publishError(c.err); got != c.want || got != "" && got != telemetry.ErrorOther && !slices.Contains(publishErrors, got) {
			t.Errorf("%v: %q, want %q", c.err, got, c.want)
		}
	}
	for _, c := range []struct {
		err  error
		want string
	}{
		{nil, ""}, {Permanent(errors.New(canary)), "permanent"}, {schema.BatchError{nil, errors.New(canary)}, "partial"},
		{context.DeadlineExceeded, "timeout"}, {errors.New(canary), "retry"},
		{schema.BatchError(nil), ""}, {schema.BatchError{nil, nil}, ""}, {schema.BatchError{nil}, "partial"}, // of two events
	} {
		if got := handlerError(c.err, 2); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}

// A partlyBroken meter has no histograms, and counts the callbacks that are registered.
type (
	partlyBroken struct {
		noop.Meter
		callbacks *int
	}
	partlyBrokenProvider struct {
		noop.MeterProvider
		meter partlyBroken
	}
	countedCallback struct {
		noop.Registration
		callbacks *int
	}
)

func (p partlyBrokenProvider) Meter(string, ...metric.MeterOption) metric.Meter { return p.meter }

func (partlyBroken) Float64Histogram(string, ...metric.Float64HistogramOption) (metric.Float64Histogram, error) {
	return nil, errors.New("no histograms")
}

func (p partlyBroken) RegisterCallback(metric.Callback, ...metric.Observable) (metric.Registration, error) {
	*p.callbacks++
	return countedCallback{callbacks: p.callbacks}, nil
}

func (c countedCallback) Unregister() error {
	*c.callbacks--
	return nil
}

// TestABusWithoutItsMetricsLeavesNothing: it isn't opened, and is asked for none.
func TestABusWithoutItsMetricsLeavesNothing(t *testing.T) {
	callbacks := 0
	_, err := Open(t.Context(), Config{
		URL: redistest.Mini(t), Environment: "test", Scrubber: newScrubber(t), Telemetry: Telemetry{Meters: partlyBrokenProvider{meter: partlyBroken{callbacks: &callbacks}}},
	})
	if err == nil || callbacks != 0 {
		t.Errorf("%v, %d callbacks", err, callbacks)
	}
}

// TestCollectingIsBounded: a server that is far away is none that doesn't answer,
// and one that doesn't answer keeps those who collect for one time-out, not each
// for one behind the others.
func TestCollectingIsBounded(t *testing.T) {
	server := redistest.Real(t)
	proxy := redistest.NewProxy(t, server.Addr)
	c := newCollector(t)
	const shards, groups = 8, 5
	b := open(t, "redis://"+proxy.Addr, func(config *Config) { config.Telemetry, config.Shards = c.into, shards })
	for i := range 8 * shards {
		if err := b.Publish(t.Context(), event(fmt.Sprintf("user/%d", i), i)); err != nil {
			t.Fatal(err)
		}
	}
	client := server.Client(t)
	for _, s := range b.all() {
		for g := range groups {
			name := fmt.Sprintf("group-%d", g)
			client.XGroupCreate(t.Context(), s.events, name, "0")
			client.XReadGroup(t.Context(), &redis.XReadGroupArgs{Group: name, Consumer: "c", Streams: []string{s.events, ">"}, Count: 1})
		}
	}
	proxy.Slow(10 * time.Millisecond)
	if got := c.collect(t); got[telemetry.RedisUp.Name] != 1 || got[telemetry.GroupPending.Name] != shards*groups || got[telemetry.StreamLength.Name] != 8*shards {
		t.Errorf("far away: up %v, %v pending, %v entries", got[telemetry.RedisUp.Name], got[telemetry.GroupPending.Name], got[telemetry.StreamLength.Name])
	}
	proxy.Slow(0)
	server.Pause(t)
	defer server.Resume(t)
	b.telemetry.asking.Lock()
	b.telemetry.told = time.Time{}
	b.telemetry.asking.Unlock()
	began := time.Now()
	var collecting sync.WaitGroup
	for range 5 {
		collecting.Go(func() {
			if got := c.collect(t); got[telemetry.RedisUp.Name] != 0 {
				t.Error("it is up")
			}
		})
	}
	collecting.Wait()
	if took := time.Since(began); took > 2*statusTimeout {
		t.Errorf("five took %v", took)
	}
}
