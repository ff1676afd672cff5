package crosstest

import (
	"fmt"
	"testing"
	"time"

	"github.com/carebus/carebus/etl"
	"github.com/carebus/carebus/internal/cputime"
	"github.com/carebus/carebus/internal/redistest"
	"github.com/carebus/carebus/phi"
	"github.com/carebus/carebus/schema"
)

// BenchmarkLake carries a filled stream of a real redis-server into a lake in a
// folder, in Hadoop Snappy. One op is one event of about 530 bytes. Beside the
// rate it reports the events for each second of a processor that this process
// used, which is what counts on a machine that others use too.
//
//	go test ./internal/crosstest -run '^$' -bench Lake -benchtime 200000x
func BenchmarkLake(b *testing.B) {
	for _, c := range []struct {
		name   string
		scrub  bool
		shards int
	}{{"scrub/shards=1", true, 1}, {"scrub/shards=2", true, 2}, {"copy/shards=1", false, 1}} {
		b.Run(c.name, func(b *testing.B) {
			url := redistest.Real(b, "--appendonly", "no").URL
			bus, err := openBus(b.Context(), url, c.shards)
			if err != nil {
				b.Fatal(err)
			}
			defer bus.Close() //nolint:errcheck // of no use any more
			size := fill(b, url, c.shards, b.N)
			scrubber, err := phi.New(phi.Config{Key: scrubKey, Profile: phi.LimitedDataSet})
			if err != nil {
				b.Fatal(err)
			}
			sink, err := etl.Dir(b.TempDir())
			if err != nil {
				b.Fatal(err)
			}
			defer sink.Close() //nolint:errcheck // of no use any more
			config := etl.Config{
				Sink: sink, Environment: environment,
				Scrubber: etl.ScrubFunc(func(dst, event []byte) ([]byte, error) {
					if !c.scrub {
						return append(dst, event...), nil
					}
					dst, _, err := scrubber.ScrubEvent(dst, event)
					return dst, err
				}),
			}
			for _, l := range bus.Logs() {
				config.Logs = append(config.Logs, l)
			}
			p, err := etl.New(config)
			if err != nil {
				b.Fatal(err)
			}
			before := cputime.Used()
			b.ReportAllocs()
			b.ResetTimer()
			if err := p.Drain(b.Context()); err != nil {
				b.Fatal(err)
			}
			b.StopTimer()
			cpu := cputime.Used() - before
			if s := p.Status(); s.Rows != uint64(b.N) {
				b.Fatalf("%d rows, %d in quarantine, want %d", s.Rows, s.Quarantined, b.N)
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "events/s")
			b.ReportMetric(float64(b.N)/cpu.Seconds(), "events/core-s")
			b.ReportMetric(float64(size), "B/event")
		})
	}
}

// fill writes n events to the streams as the bus does, faster than it would, and
// returns how large one is.
func fill(b *testing.B, url string, shards, n int) (size int) {
	b.Helper()
	client := redistest.Client(b, url)
	types := []string{"user.created", "appointment.booked", "auth.login", "note.signed", "payment.received"}
	for i := 0; i < n; {
		pipe := client.Pipeline()
		for end := min(n, i+1000); i < end; i++ {
			e := schema.Envelope{
				ID: schema.NewID(), Source: "pms/bench", Subject: fmt.Sprintf("user/%d", i%1000), Actor: "user/7", Tenant: "practice-1",
				CorrelationID: schema.NewID(), TraceParent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
				Time: time.Now(), Kind: schema.KindCRUD, Severity: schema.SeverityLow, Environment: environment, SchemaVersion: 1,
				DataClass: schema.DataConfidential, Event: schema.Raw{Name: types[i%len(types)], Data: fmt.Appendf(nil,
					`{"entity_id":"%d","status":"active","room":"b%d","changes":["status","room"]}`, i, i%9)},
			}
			data, err := e.AppendJSON(nil)
			if err != nil {
				b.Fatal(err)
			}
			size = len(data)
			pipe.Do(b.Context(), "XADD", fmt.Sprintf("carebus:{%s.%d}:events", environment, i%shards), "*", "event", data)
		}
		if _, err := pipe.Exec(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
	return size
}
