package etl

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"github.com/carebus/carebus/internal/telemetry"
)

// TestTelemetry: every metric of the pipeline is recorded, spans are linked to
// the events' and nothing of an event is in either.
func TestTelemetry(t *testing.T) {
	const canary = "412-68-7793"
	reader, spans := sdkmetric.NewManualReader(), tracetest.NewSpanRecorder()
	meters := sdkmetric.NewMeterProvider(sdkmetric.WithReader(reader))
	traces := sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(spans))
	defer func() {
		if err := errors.Join(meters.Shutdown(context.Background()), traces.Shutdown(context.Background())); err != nil {
			t.Error(err)
		}
	}()
	l := &memLog{name: "0"}
	for i := range 150 {
		e := testEvent(fmt.Sprint("e-", i), "user.created", base)
		e.Subject = "user/" + canary
		e.TraceParent = fmt.Sprintf("00-%032x-%016x-01", i+1, i+1)
		e.Event = rawData("user.created", `{"ssn":"`+canary+`","traceparent":"Ann Lee, born 1 May 1980, of 12 Elm Street, Springfield"}`)
		l.add(base, encodeEvent(e))
	}
	config := testConfig(Memory(), l)
	config.Telemetry = Telemetry{Meters: meters, Traces: traces}
	config.Now = func() time.Time { return base.Add(time.Minute) }
	mustDrain(t, mustNew(t, config))

	var all metricdata.ResourceMetrics
	if err := reader.Collect(t.Context(), &all); err != nil {
		t.Fatal(err)
	}
	recorded := map[string]metricdata.Aggregation{}
	for _, scope := range all.ScopeMetrics {
		for _, m := range scope.Metrics {
			recorded[m.Name] = m.Data
		}
	}
	for _, m := range telemetry.Lake {
		if recorded[m.Name] == nil {
			t.Errorf("%s was not recorded", m.Name)
		}
	}
	if rows, ok := recorded[telemetry.LakeRows.Name].(metricdata.Sum[float64]); !ok || rows.DataPoints[0].Value != 150 {
		t.Errorf("rows: %+v", rows)
	}
	if puts, ok := recorded[telemetry.UploadDuration.Name].(metricdata.Histogram[float64]); !ok || puts.DataPoints[0].Count != 2 { // a plan and an object
		t.Errorf("puts: %+v", puts)
	}
	if delay, ok := recorded[telemetry.LakeDelay.Name].(metricdata.Histogram[float64]); !ok || delay.DataPoints[0].Sum != 60 {
		t.Errorf("delay: %+v", delay)
	}
	ended := spans.Ended()
	if len(ended) != 1 || ended[0].Name() != telemetry.SpanWrite || len(ended[0].Links()) != telemetry.MaxLinks {
		t.Fatalf("%d spans", len(ended))
	}
	b, err := json.Marshal(tracetest.SpanStubsFromReadOnlySpans(ended))
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{canary, "user/", "Ann Lee", "Elm"} {
		if strings.Contains(fmt.Sprintf("%+v", all)+string(b), secret) {
			t.Errorf("telemetry holds %q", secret)
		}
	}
}

func TestOutcomesAreClosed(t *testing.T) {
	for _, c := range []struct {
		err  error
		want string
	}{
		{nil, telemetry.OutcomeStored}, {fmt.Errorf("x: %w", ErrExists), telemetry.OutcomeExists}, {ErrPermanent, telemetry.OutcomePermanent},
		{context.Canceled, telemetry.OutcomeCanceled}, {errors.New("503"), telemetry.OutcomeFailed},
	} {
		if got := outcome(c.err); got != c.want || outcomes[got] == nil {
			t.Errorf("%v: %q, want %q", c.err, got, c.want)
		}
	}
}
