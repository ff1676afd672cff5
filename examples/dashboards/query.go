package main

import (
	"fmt"
	"strings"

	"github.com/carebus/carebus/internal/telemetry"
)

// A query builds PromQL of a metric. With variables it is for a dashboard:
// limited to the jobs and instances that are chosen there, and with rates over
// the interval that Grafana thinks best; else over window.
type query struct {
	variables bool
	window    string
}

var onPanel = query{variables: true, window: "$__rate_interval"}

// over is for rules.
func over(window string) query { return query{window: window} }

// series selects a metric's series; suffix is one of a histogram's, matchers
// are such as error_type="failed".
func (q query) series(m telemetry.Metric, suffix string, matchers ...string) string {
	if q.variables {
		matchers = append([]string{`job=~"$job"`, `instance=~"$instance"`}, matchers...)
	}
	s := m.Prometheus() + suffix
	if len(matchers) > 0 {
		s += "{" + strings.Join(matchers, ",") + "}"
	}
	return s
}

// by is " by (labels)" of attributes, "" without.
func by(attributes ...string) string {
	if len(attributes) == 0 {
		return ""
	}
	labels := make([]string, len(attributes))
	for i, a := range attributes {
		labels[i] = telemetry.Label(a)
	}
	return " by (" + strings.Join(labels, ", ") + ") "
}

// rate is how much a counter grows in a second.
func (q query) rate(m telemetry.Metric, attributes ...string) string {
	return fmt.Sprintf("sum%s(rate(%s[%s]))", by(attributes...), q.series(m, suffixOf(m)), q.window)
}

// suffixOf returns what the count of a metric is called by.
func suffixOf(m telemetry.Metric) string {
	if m.Kind == telemetry.Histogram {
		return "_count"
	}
	return ""
}

// rateOf is rate of the series that match.
func (q query) rateOf(m telemetry.Metric, matchers ...string) string {
	return fmt.Sprintf("sum(rate(%s[%s]))", q.series(m, suffixOf(m), matchers...), q.window)
}

// increaseOf is how much a counter has grown.
func (q query) increaseOf(m telemetry.Metric, matchers ...string) string {
	return fmt.Sprintf("sum(increase(%s[%s]))", q.series(m, suffixOf(m), matchers...), q.window)
}

// grown holds when a counter has grown, or has appeared: one that is only there
// once something happened doesn't grow by that.
func (q query) grown(m telemetry.Metric, matchers ...string) string {
	s := q.series(m, suffixOf(m), matchers...)
	return fmt.Sprintf("%s > 0 or (sum(%s) unless sum(%s offset %s)) > 0", q.increaseOf(m, matchers...), s, s, q.window)
}

// quantile is one of a histogram.
func (q query) quantile(p float64, m telemetry.Metric, attributes ...string) string {
	return fmt.Sprintf("histogram_quantile(%g, sum%s(rate(%s[%s])))", p, by(append([]string{"le"}, attributes...)...), q.series(m, "_bucket"), q.window)
}

// mean is that of a histogram.
func (q query) mean(m telemetry.Metric) string {
	return fmt.Sprintf("sum(rate(%s[%s])) / sum(rate(%s[%s]))", q.series(m, "_sum"), q.window, q.series(m, "_count"), q.window)
}

// most and total are of a gauge.
func (q query) most(m telemetry.Metric, attributes ...string) string {
	return fmt.Sprintf("max%s(%s)", by(attributes...), q.series(m, ""))
}

func (q query) least(m telemetry.Metric) string { return fmt.Sprintf("min(%s)", q.series(m, "")) }

// summed adds up what is of one shard each. Every process tells it of all
// shards, so the processes' values are not added.
func (q query) summed(m telemetry.Metric, attributes ...string) string {
	return fmt.Sprintf("sum%s(max%s(%s))", by(attributes...), by(append([]string{telemetry.Partition}, attributes...)...), q.series(m, ""))
}

// under is the share of a histogram's values at or under a bucket's bound, which
// Prometheus may write with a fraction.
func (q query) under(m telemetry.Metric, bound int) string {
	bucket := fmt.Sprintf(`le=~"%d(\\.0)?"`, bound)
	return fmt.Sprintf("sum(rate(%s[%s])) / sum(rate(%s[%s]))", q.series(m, "_bucket", bucket), q.window, q.series(m, "_count"), q.window)
}

// is matches a label.
func is(attribute, value string) string {
	return fmt.Sprintf("%s=%q", telemetry.Label(attribute), value)
}
