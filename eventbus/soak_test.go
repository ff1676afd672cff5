package eventbus

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"testing"
	"time"

	"github.com/carebus/carebus/internal/redistest"
	"github.com/carebus/carebus/schema"
)

// A publisher and a consumer need no more memory and goroutines after many
// events than after some.
//
//	CAREBUS_SOAK=5000000 go test ./eventbus -run TestMemoryIsFlat -v -timeout 30m
func TestMemoryIsFlat(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	total, err := strconv.Atoi(cmp.Or(os.Getenv("CAREBUS_SOAK"), "120000"))
	if err != nil {
		t.Fatal(err)
	}
	server := redistest.Real(t, "--appendonly", "no")
	b := open(t, server.URL, func(c *Config) { c.DedupeWindow = time.Second })
	consume(t, b, ConsumerConfig{}, HandlerFunc(func(context.Context, []schema.Envelope) error { return nil }))
	// Trimming spares what a group hasn't handled, once there is one.
	client := server.Client(t)
	until(t, "the group", func() bool { return len(client.XInfoGroups(t.Context(), stream0).Val()) == 1 })
	publish := func(upTo int) (heap uint64, goroutines int) {
		batch := make([]schema.Envelope, 500)
		for published := int(b.Stats().Published); published < upTo; published += len(batch) { //nolint:gosec // it fits
			for i := range batch {
				batch[i] = event(fmt.Sprintf("user/%d", i%50), published+i)
			}
			if err := b.Publish(t.Context(), batch...); err != nil {
				t.Fatal(err)
			}
			if published%5000 == 0 {
				if _, err := b.Trim(t.Context(), RetentionConfig{KeepFor: time.Millisecond, WithoutLake: true}); err != nil {
					t.Fatal(err)
				}
			}
		}
		until(t, "all to be handled", func() bool { return b.Stats().Handled >= uint64(upTo) }) //nolint:gosec // it fits
		runtime.GC()
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc, runtime.NumGoroutine()
	}
	// By then all that is bounded is full, such as the memory of acknowledgements.
	some := max(80_000, total/5)
	before, few := publish(some)
	after, many := publish(total)
	t.Logf("%d events: %d KiB, %d goroutines; %d events: %d KiB, %d goroutines", some, before>>10, few, total, after>>10, many)
	if after > before+4<<20 {
		t.Errorf("the heap grew from %d to %d KiB", before>>10, after>>10)
	}
	if many > few+5 {
		t.Errorf("%d goroutines became %d", few, many)
	}
}
