package eventbus

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/carebus/carebus/internal/cputime"
	"github.com/carebus/carebus/internal/redistest"
	"github.com/carebus/carebus/schema"
)

// The benchmarks compare the bus, scrubbing included, with go-redis alone on
// the same bytes:
//
//	go test ./eventbus -run '^$' -bench . -benchtime 2s

// callers is how many goroutines publish one event after another.
const callers = 64

// benchEvent is 530 bytes or so on the wire.
func benchEvent(n int) schema.Envelope {
	return schema.Envelope{
		Source: "pms/scheduling", Subject: fmt.Sprintf("appointment/%d", n%1000), Tenant: "practice-7", Actor: "user/81",
		CorrelationID: "0198c5a2-7d3e-7a52-9c1b-2f6d8a4e9b10",
		Event: schema.CRUD{
			Entity: "appointment", Operation: schema.Updated, EntityID: "apt_81723",
			Data: json.RawMessage(`{"status":"confirmed","room":"B12","duration_minutes":50,"reminder":true,"channel":"portal"}`),
		},
	}
}

// benchServer starts a server and has the benchmark report the processor time
// that each event costs here and there, which says more than the wall clock on
// a busy machine.
func benchServer(b *testing.B) *redistest.Server {
	s := redistest.Real(b, "--appendonly", "no")
	c := s.Client(b)
	here, there := cputime.Used(), cpuThere(c)
	b.Cleanup(func() {
		if calls, d := timeIn(c, "evalsha"); calls > 0 {
			b.ReportMetric(float64(d.Nanoseconds())/float64(calls), "script-ns/call")
		}
		b.ReportMetric(float64((cputime.Used()-here).Nanoseconds())/float64(b.N), "cpu-ns/event")
		b.ReportMetric(float64((cpuThere(c)-there).Nanoseconds())/float64(b.N), "redis-cpu-ns/event")
	})
	slog.SetDefault(slog.New(slog.NewTextHandler(io.Discard, nil)))
	return s
}

func cpuThere(c *redis.Client) (d time.Duration) {
	for line := range strings.Lines(c.Info(context.Background(), "cpu").Val()) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), ":")
		if name == "used_cpu_sys" || name == "used_cpu_user" {
			f, err := strconv.ParseFloat(value, 64)
			if err == nil {
				d += time.Duration(f * float64(time.Second))
			}
		}
	}
	return d
}

// timeIn returns how often a server has run a command and for how long.
func timeIn(c *redis.Client, command string) (calls int, d time.Duration) {
	var µs int
	for line := range strings.Lines(c.Info(context.Background(), "commandstats").Val()) {
		_, _ = fmt.Sscanf(line, "cmdstat_"+command+":calls=%d,usec=%d,", &calls, &µs)
	}
	return calls, time.Duration(µs) * time.Microsecond
}

// latencies reports the median and the 99th percentile of what it is given.
type latencies struct {
	mu  sync.Mutex
	all []time.Duration
}

func (l *latencies) add(d []time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.all = append(l.all, d...)
}

func (l *latencies) report(b *testing.B) {
	slices.Sort(l.all)
	if n := len(l.all); n > 0 {
		b.ReportMetric(float64(l.all[n/2].Microseconds()), "p50-µs")
		b.ReportMetric(float64(l.all[n*99/100].Microseconds()), "p99-µs")
	}
}

// fromCallers calls f from 64 goroutines, b.N times in all.
func fromCallers(b *testing.B, f func(n int) error) {
	var next atomic.Int64
	var wg sync.WaitGroup
	var lat latencies
	b.ResetTimer()
	for range callers {
		wg.Go(func() {
			var mine []time.Duration
			for {
				n := int(next.Add(1))
				if n > b.N {
					break
				}
				began := time.Now()
				if err := f(n); err != nil {
					b.Error(err)
					return
				}
				mine = append(mine, time.Since(began))
			}
			lat.add(mine)
		})
	}
	wg.Wait()
	b.StopTimer()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "events/s")
	lat.report(b)
}

func BenchmarkPublishSync64(b *testing.B) {
	bus := open(b, benchServer(b).URL)
	fromCallers(b, func(n int) error { return bus.Publish(context.Background(), benchEvent(n)) })
}

func BenchmarkRawXAddSync64(b *testing.B) {
	c := redis.NewClient(&redis.Options{Addr: benchServer(b).Addr, PoolSize: callers})
	defer c.Close() //nolint:errcheck // of no use any more
	payload := wire(b, benchEvent(1))
	fromCallers(b, func(int) error {
		return c.XAdd(context.Background(), &redis.XAddArgs{Stream: stream0, Values: []any{"event", payload}}).Err()
	})
}

// BenchmarkPublishAlone is one caller, as most services have most of the time.
func BenchmarkPublishAlone(b *testing.B) {
	bus := open(b, benchServer(b).URL)
	b.ResetTimer()
	for n := range b.N {
		if err := bus.Publish(context.Background(), benchEvent(n)); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkRawXAddAlone(b *testing.B) {
	c := redis.NewClient(&redis.Options{Addr: benchServer(b).Addr})
	defer c.Close() //nolint:errcheck // of no use any more
	payload := wire(b, benchEvent(1))
	b.ResetTimer()
	for range b.N {
		if err := c.XAdd(context.Background(), &redis.XAddArgs{Stream: stream0, Values: []any{"event", payload}}).Err(); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkPublishBatch256(b *testing.B) {
	bus := open(b, benchServer(b).URL)
	b.ResetTimer()
	var next atomic.Int64
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			for next.Add(256) < int64(b.N)+256 {
				batch := make([]schema.Envelope, 256)
				for i := range batch {
					batch[i] = benchEvent(i)
				}
				if err := bus.Publish(context.Background(), batch...); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "events/s")
}

func BenchmarkRawXAddPipeline256(b *testing.B) {
	c := redis.NewClient(&redis.Options{Addr: benchServer(b).Addr})
	defer c.Close() //nolint:errcheck // of no use any more
	payload := wire(b, benchEvent(1))
	b.ResetTimer()
	var next atomic.Int64
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			for next.Add(256) < int64(b.N)+256 {
				pipe := c.Pipeline()
				for range 256 {
					pipe.XAdd(context.Background(), &redis.XAddArgs{Stream: stream0, Values: []any{"event", payload}})
				}
				if _, err := pipe.Exec(context.Background()); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "events/s")
}

// BenchmarkPublishPaced offers 10,000 events a second.
func BenchmarkPublishPaced10k(b *testing.B) {
	bus := open(b, benchServer(b).URL)
	paced(b, func(n int) error { return bus.Publish(context.Background(), benchEvent(n)) })
}

func BenchmarkRawXAddPaced10k(b *testing.B) {
	c := redis.NewClient(&redis.Options{Addr: benchServer(b).Addr, PoolSize: callers})
	defer c.Close() //nolint:errcheck // of no use any more
	payload := wire(b, benchEvent(1))
	paced(b, func(int) error {
		return c.XAdd(context.Background(), &redis.XAddArgs{Stream: stream0, Values: []any{"event", payload}}).Err()
	})
}

func paced(b *testing.B, f func(n int) error) {
	var lat latencies
	var wg sync.WaitGroup
	b.ResetTimer()
	began := time.Now()
	for w := range callers {
		wg.Go(func() {
			var mine []time.Duration
			for n := w; n < b.N; n += callers {
				due := began.Add(time.Duration(n) * 100 * time.Microsecond)
				time.Sleep(time.Until(due))
				at := time.Now()
				if err := f(n); err != nil {
					b.Error(err)
					return
				}
				mine = append(mine, time.Since(at))
			}
			lat.add(mine)
		})
	}
	wg.Wait()
	lat.report(b)
}

func BenchmarkConsume(b *testing.B) {
	bus := open(b, benchServer(b).URL)
	fill(b, bus, b.N)
	done := make(chan struct{})
	var n atomic.Int64
	ctx, cancel := context.WithCancel(context.Background())
	c, err := bus.Subscribe(ConsumerConfig{Group: "bench", Block: 20 * time.Millisecond})
	if err != nil {
		b.Fatal(err)
	}
	b.ResetTimer()
	ended := make(chan error, 1)
	go func() {
		ended <- c.Run(ctx, HandlerFunc(func(_ context.Context, events []schema.Envelope) error {
			if n.Add(int64(len(events))) == int64(b.N) {
				close(done)
			}
			return nil
		}))
	}()
	<-done
	for bus.Stats().Handled < uint64(b.N) {
		time.Sleep(100 * time.Microsecond)
	}
	b.StopTimer()
	cancel()
	if err := <-ended; err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "events/s")
}

func BenchmarkRawReadGroupAck(b *testing.B) {
	server := benchServer(b)
	bus := open(b, server.URL)
	fill(b, bus, b.N)
	c := server.Client(b)
	ctx := context.Background()
	if err := c.XGroupCreateMkStream(ctx, stream0, "bench", "0").Err(); err != nil {
		b.Fatal(err)
	}
	b.ResetTimer()
	for n := 0; n < b.N; {
		streams, err := c.XReadGroup(ctx, &redis.XReadGroupArgs{Group: "bench", Consumer: "c", Streams: []string{stream0, ">"}, Count: 1000}).Result()
		if err != nil {
			b.Fatal(err)
		}
		ids := make([]string, len(streams[0].Messages))
		for i, m := range streams[0].Messages {
			ids[i] = m.ID
		}
		if err := c.XAck(ctx, stream0, "bench", ids...).Err(); err != nil {
			b.Fatal(err)
		}
		n += len(ids)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "events/s")
}

func BenchmarkLogRead(b *testing.B) {
	bus := open(b, benchServer(b).URL)
	fill(b, bus, b.N)
	l := bus.Logs()[0]
	b.ResetTimer()
	after := ""
	for n := 0; n < b.N; {
		entries, err := l.Read(context.Background(), after, 1000)
		if err != nil {
			b.Fatal(err)
		}
		after = entries[len(entries)-1].ID
		n += len(entries)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "events/s")
}

func BenchmarkPublishMiniredis64(b *testing.B) {
	bus := open(b, redistest.Mini(b))
	fromCallers(b, func(n int) error { return bus.Publish(context.Background(), benchEvent(n)) })
}

// wire returns an event as it stands in the stream.
func wire(b *testing.B, e schema.Envelope) string {
	if err := schema.Catalogue().Complete(&e, schema.Defaults{Environment: "test"}); err != nil {
		b.Fatal(err)
	}
	data, err := e.AppendJSON(nil)
	if err != nil {
		b.Fatal(err)
	}
	return strings.Clone(string(data))
}

func fill(b *testing.B, bus *Bus, n int) {
	for n > 0 {
		batch := make([]schema.Envelope, min(n, 1000))
		for i := range batch {
			batch[i] = benchEvent(i)
		}
		if err := bus.Publish(context.Background(), batch...); err != nil {
			b.Fatal(err)
		}
		n -= len(batch)
	}
}
