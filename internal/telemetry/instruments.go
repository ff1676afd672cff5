package telemetry

import (
	"context"
	"errors"
	"regexp"
	"slices"
	"sync"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
)

// Float returns the histogram of m.
func (m Metric) Float(meter metric.Meter) (metric.Float64Histogram, error) {
	return meter.Float64Histogram(m.Name, metric.WithUnit(m.Unit), metric.WithDescription(m.Help), metric.WithExplicitBucketBoundaries(m.Buckets...))
}

// Adds returns the counter of m.
func (m Metric) Adds(meter metric.Meter) (metric.Int64Counter, error) {
	return meter.Int64Counter(m.Name, metric.WithUnit(m.Unit), metric.WithDescription(m.Help))
}

// An Observer takes values at a scrape.
type Observer struct {
	o           metric.Observer
	instruments map[string]metric.Float64Observable
}

// Observe reports a value of m, which must be among those of [Observe].
func (o Observer) Observe(m Metric, value float64, attributes ...attribute.KeyValue) {
	if i, ok := o.instruments[m.Name]; ok {
		o.o.ObserveFloat64(i, value, metric.WithAttributes(attributes...))
	}
}

// Observe has report called at each scrape, for those of the metrics that are
// counters or gauges and not in except.
func Observe(meter metric.Meter, metrics, except []Metric, report func(context.Context, Observer)) (metric.Registration, error) {
	instruments := map[string]metric.Float64Observable{}
	var all []metric.Observable
	var errs []error
	for _, m := range metrics {
		if m.Kind == Histogram || slices.ContainsFunc(except, func(e Metric) bool { return e.Name == m.Name }) {
			continue
		}
		var i metric.Float64Observable
		var err error
		if m.Kind == Counter {
			i, err = meter.Float64ObservableCounter(m.Name, metric.WithUnit(m.Unit), metric.WithDescription(m.Help))
		} else {
			i, err = meter.Float64ObservableGauge(m.Name, metric.WithUnit(m.Unit), metric.WithDescription(m.Help))
		}
		instruments[m.Name], all, errs = i, append(all, i), append(errs, err)
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	return meter.RegisterCallback(func(ctx context.Context, o metric.Observer) error {
		report(ctx, Observer{o, instruments})
		return nil
	}, all...)
}

// MaxNames is how many names a [Names] lets through.
const MaxNames = 64

// Names lets a bounded number of names through, the first that come, and turns
// all others into "other". It is safe for concurrent use.
type Names struct {
	mu   sync.Mutex
	seen map[string]bool
}

// Other stands for a name that is one too many, or none.
const Other = "other"

var nameGrammar = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._/-]{0,63}$`)

// Bound returns name or [Other].
func (n *Names) Bound(name string) string {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.seen[name] {
		return name
	}
	if len(n.seen) >= MaxNames || !nameGrammar.MatchString(name) {
		return Other
	}
	if n.seen == nil {
		n.seen = map[string]bool{}
	}
	n.seen[name] = true
	return name
}
