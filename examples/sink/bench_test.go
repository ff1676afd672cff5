package main

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/carebus/carebus/internal/redistest"
)

// BenchmarkPublish publishes single events over HTTP with 64 connections, each
// acknowledged by Redis and in the audit trail before it is answered.
func BenchmarkPublish(b *testing.B) {
	r := start(b, env("REDIS_URL="+redistest.Start(b)))
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}}
	b.SetParallelism(32)
	b.ReportAllocs()
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			request, err := http.NewRequest(http.MethodPost, r.url+"/api/events/publish", strings.NewReader(patient))
			if err != nil {
				b.Error(err)
				return
			}
			request.Header.Set("Authorization", "Bearer "+r.key)
			request.Header.Set("Content-Type", "application/json")
			answer, err := client.Do(request)
			if err != nil {
				b.Error(err)
				return
			}
			io.Copy(io.Discard, answer.Body) //nolint:errcheck // it is small
			answer.Body.Close()              //nolint:errcheck // it is read
			if answer.StatusCode != http.StatusAccepted && answer.StatusCode != http.StatusTooManyRequests {
				b.Errorf("status %d", answer.StatusCode)
				return
			}
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "events/s")
}
