package main

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/carebus/carebus/internal/telemetry"
)

// consuming lists the metrics that only a process with a consumer has; package
// eventbus tests that they are recorded.
var consuming = []string{telemetry.Consumed.Name, telemetry.ProcessDuration.Name, telemetry.EventAge.Name, telemetry.GroupLag.Name, telemetry.GroupPending.Name, telemetry.GroupOldest.Name}

// TestEveryMetricIsScraped: a sink that has carried an event serves every
// metric that dashboards and alerts are made of, under the name that they use
// and with no other labels.
func TestEveryMetricIsScraped(t *testing.T) {
	r := start(t, noEnv, "-batch-age", "10ms", "-audit-replica", "lake")
	const canary = "412-68-7793"
	body := `{"type":"user.created","kind":"crud","source":"pms/identity","subject":"user/42","data":{"email":"ann@example.com","ssn":"` + canary + `"}}`
	if status, answer := r.call(t, http.MethodPost, "/api/events/publish", body); status != http.StatusAccepted {
		t.Fatalf("%d %s", status, answer)
	}
	var scrape string
	carried := telemetry.LakeRows.Prometheus() + `{messaging_destination_partition_id="0"} 1`
	for deadline := time.Now().Add(time.Minute); !strings.Contains(scrape, carried); {
		if time.Now().After(deadline) {
			t.Fatalf("the event is not carried: %s", scrape)
		}
		_, scrape = r.call(t, http.MethodGet, "/metrics", "")
	}
	for _, m := range slices.Concat(telemetry.Bus, telemetry.Lake, telemetry.Audit) {
		if slices.Contains(consuming, m.Name) {
			continue
		}
		name := m.Prometheus()
		if m.Kind == telemetry.Histogram {
			name += "_count"
		}
		found := regexp.MustCompile(`(?m)^`+name+`(?:\{(.*)\})? [0-9.e+-]+$`).FindAllStringSubmatch(scrape, -1)
		if len(found) == 0 {
			t.Errorf("%s is not served", name)
		}
		for _, series := range found {
			for _, label := range regexp.MustCompile(`([a-z_]+)="`).FindAllStringSubmatch(series[1], -1) {
				if !slices.ContainsFunc(m.Attributes, func(a string) bool { return telemetry.Label(a) == label[1] }) {
					t.Errorf("%s has the label %s", name, label[1])
				}
			}
		}
	}
	for _, value := range []string{canary, "ann@example.com", "user/42"} {
		if strings.Contains(scrape, value) {
			t.Errorf("the scrape holds %s", value)
		}
	}
}

// TestOTLP: with an endpoint in the environment, metrics and spans go there.
func TestOTLP(t *testing.T) {
	var metrics, traces atomic.Int64
	collector := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/v1/metrics":
			metrics.Add(1)
		case "/v1/traces":
			traces.Add(1)
		}
	}))
	defer collector.Close()
	t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", collector.URL)
	r := start(t, env("OTEL_EXPORTER_OTLP_ENDPOINT="+collector.URL))
	if status, answer := r.call(t, http.MethodPost, "/api/events/publish", `{"type":"user.created","source":"pms/identity","subject":"user/42","data":{}}`); status != http.StatusAccepted {
		t.Fatalf("%d %s", status, answer)
	}
	r.stop(t)
	if metrics.Load() == 0 || traces.Load() == 0 {
		t.Errorf("%d times metrics and %d times spans were sent", metrics.Load(), traces.Load())
	}
}
