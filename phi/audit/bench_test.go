package audit_test

import (
	"os"
	"testing"

	"github.com/carebus/carebus/phi/audit"
)

// BenchmarkAppend appends from 1,024 goroutines on two cores, each record in a call of its own.
func BenchmarkAppend(b *testing.B) {
	for name, policy := range map[string]audit.SyncPolicy{"always": audit.SyncAlways, "checkpoint": audit.SyncCheckpoint} {
		b.Run(name, func(b *testing.B) {
			l := newFixture(b).open(b, func(c *audit.Config) { c.Sync = policy })
			b.SetParallelism(512)
			b.ReportAllocs()
			b.RunParallel(func(pb *testing.PB) {
				r := audit.Record{Action: audit.Publish, Outcome: audit.OK, Actor: "key/k2v9mqtb7xwa", Object: "user.created", Count: 1}
				for pb.Next() {
					if err := l.Append(r); err != nil {
						b.Error(err)
						return
					}
				}
			})
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "records/s")
		})
	}
}

// BenchmarkAppendBatch appends 64 records a call from one goroutine.
func BenchmarkAppendBatch(b *testing.B) {
	l := newFixture(b).open(b)
	batch := make([]audit.Record, 64)
	for i := range batch {
		batch[i] = audit.Record{Action: audit.Publish, Outcome: audit.OK, Actor: "key/k2v9mqtb7xwa", Object: "user.created", Count: 1}
	}
	for b.Loop() {
		if err := l.Append(batch...); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)*64/b.Elapsed().Seconds(), "records/s")
}

func BenchmarkVerify(b *testing.B) {
	f := newFixture(b)
	l := f.open(b, func(c *audit.Config) { c.Sync = audit.SyncCheckpoint })
	fill(b, l, 20_000, 0)
	if err := l.Close(); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := f.verify(os.DirFS(f.dir)); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)*20_002/b.Elapsed().Seconds(), "records/s")
}
