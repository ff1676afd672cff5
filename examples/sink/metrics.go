package main

import (
	"context"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// metrics serves what the bus and the pipeline tell, asked at each scrape.
func (s *sink) metrics() http.Handler {
	r := prometheus.NewRegistry()
	r.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}), &collector{sink: s})
	return promhttp.HandlerFor(r, promhttp.HandlerOpts{})
}

// A collector turns statuses into metrics. Their labels are names of shards,
// groups and categories, whose number is bounded.
type collector struct{ sink *sink }

func metric(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc("carebus_"+name, help, labels, nil)
}

var (
	descUp          = metric("bus_up", "1 while Redis answers.")
	descLatency     = metric("bus_latency_seconds", "One round trip to Redis.")
	descPublished   = metric("published_events_total", "Events that Redis acknowledged.")
	descRejected    = metric("rejected_events_total", "Events refused: invalid, too large or not to be scrubbed.")
	descFailed      = metric("failed_events_total", "Events whose publish failed or was given up.")
	descScrubbed    = metric("scrubbed_findings_total", "Findings of the scrubber.", "category")
	descLength      = metric("stream_entries", "Entries in a stream.", "shard")
	descDead        = metric("dead_letters", "Dead letters of a shard.", "shard")
	descLakeAge     = metric("lake_age_seconds", "Age of the oldest entry that isn't in the lake.", "shard")
	descLag         = metric("group_lag_entries", "Entries that a consumer group has not been given.", "shard", "group")
	descPending     = metric("group_pending_entries", "Entries given to a consumer group and not settled.", "shard", "group")
	descRunning     = metric("etl_running", "1 while the pipeline runs.")
	descRows        = metric("etl_rows_total", "Events written to the lake.")
	descObjects     = metric("etl_objects_total", "Objects written to the lake.")
	descBytes       = metric("etl_stored_bytes_total", "Bytes written to the lake.")
	descQuarantined = metric("etl_quarantined_total", "Entries put into quarantine.")
	descAudit       = metric("audit_records", "Records of the audit trail.")
	descAuditUp     = metric("audit_up", "1 while the audit trail can be written.")
)

// Describe implements [prometheus.Collector].
func (c *collector) Describe(ch chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{
		descUp, descLatency, descPublished, descRejected, descFailed, descScrubbed, descLength, descDead, descLakeAge,
		descLag, descPending, descRunning, descRows, descObjects, descBytes, descQuarantined, descAudit, descAuditUp,
	} {
		ch <- d
	}
}

// Collect implements [prometheus.Collector].
func (c *collector) Collect(ch chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	gauge := func(d *prometheus.Desc, v float64, labels ...string) {
		ch <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, labels...)
	}
	counter := func(d *prometheus.Desc, v float64, labels ...string) {
		ch <- prometheus.MustNewConstMetric(d, prometheus.CounterValue, v, labels...)
	}
	bus, err := busAPI{bus: c.sink.bus, environment: c.sink.environment}.BusStatus(ctx)
	gauge(descUp, truth(err == nil && bus.Connected))
	counter(descPublished, float64(bus.Published))
	counter(descRejected, float64(bus.Rejected))
	counter(descFailed, float64(bus.Failed))
	for category, n := range bus.Scrubbed {
		counter(descScrubbed, float64(n), category)
	}
	if err == nil {
		gauge(descLatency, bus.LatencyMS/1000)
	}
	for _, sh := range bus.Shards {
		gauge(descLength, float64(sh.Length), sh.Name)
		gauge(descDead, float64(sh.DeadLetters), sh.Name)
		gauge(descLakeAge, float64(sh.LakeAgeMS)/1000, sh.Name)
		for _, g := range sh.Groups {
			gauge(descPending, float64(g.Pending), sh.Name, g.Name)
			if g.Lag != nil {
				gauge(descLag, float64(*g.Lag), sh.Name, g.Name)
			}
		}
	}
	etl := c.sink.control.ETLStatus(ctx)
	gauge(descRunning, truth(etl.State == "running"))
	counter(descRows, float64(etl.Rows))
	counter(descObjects, float64(etl.Objects))
	counter(descBytes, float64(etl.Bytes))
	counter(descQuarantined, float64(etl.Quarantined))
	gauge(descAudit, float64(c.sink.trail.Size()))
	gauge(descAuditUp, truth(c.sink.trail.Err() == nil))
}

func truth(b bool) float64 {
	if b {
		return 1
	}
	return 0
}
