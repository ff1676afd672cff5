package etl

import (
	"context"
	"fmt"
	"math"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/carebus/carebus/schema"
)

// endlessLog makes its entries as they are read.
type endlessLog struct {
	data   []byte
	n      int // entries in all
	small  int // the first of them hold one byte
	most   int // bytes that one read brought
	cursor schema.Cursor
}

func (l *endlessLog) Name() string { return "0" }

func (l *endlessLog) Read(_ context.Context, after string, limit int) ([]schema.Entry, error) {
	from := 0
	if id, ok := parseID(after); ok {
		from = int(id.seq) + 1
	}
	var entries []schema.Entry
	size := 0
	for i := from; i < min(l.n, from+limit); i++ {
		data := append([]byte(nil), l.data...)
		if i < l.small {
			data = data[:1:1]
		}
		size += len(data)
		entries = append(entries, schema.Entry{ID: fmt.Sprintf("%d-%d", base.UnixMilli(), i), Data: data})
	}
	l.most = max(l.most, size)
	return entries, nil
}

func (l *endlessLog) Cursor(context.Context) (schema.Cursor, error) { return l.cursor, nil }

func (l *endlessLog) Commit(_ context.Context, next schema.Cursor) (bool, error) {
	l.cursor = next
	return true, nil
}

// discard is a sink that keeps nothing.
type discard struct{}

func (discard) PutIfAbsent(context.Context, Object) error   { return nil }
func (discard) Get(context.Context, string) ([]byte, error) { return nil, ErrNotFound }

// TestMemoryIsBounded: a log of 96 MiB in events of 64 KiB goes through in a
// heap that BatchBytes bounds, as the package documentation says.
func TestMemoryIsBounded(t *testing.T) {
	e := testEvent("e", "user.created", base)
	e.Event = rawData("user.created", `{"text":"`+strings.Repeat("x", 64<<10)+`"}`)
	l := &endlessLog{data: encodeEvent(e), n: 1536}
	config := testConfig(discard{}, l)
	config.BatchBytes = 4 << 20
	var before runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	var peak uint64
	config.OnCommit = func(Commit) {
		time.Sleep(10 * time.Millisecond) // lets the log be read as far ahead as it may
		held := uint64(math.MaxUint64)
		for range 4 { // what is garbage is not held, and neither is what became garbage meanwhile
			var m runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&m)
			held = min(held, m.HeapAlloc)
		}
		peak = max(peak, held)
	}
	p := mustNew(t, config)
	mustDrain(t, p)
	if s := p.Status(); s.Rows != 1536 {
		t.Fatalf("%d rows", s.Rows)
	}
	held := (int64(peak) - int64(before.HeapAlloc)) >> 20
	t.Logf("%d MiB held at most", held)
	if limit := int64(8*4 + 2*runtime.GOMAXPROCS(0)); held > limit {
		t.Errorf("%d MiB held with batches of 4 MiB, want %d at most", held, limit)
	}
}

// TestLargeEventsBehindSmallOnes: however many small events came before, a read
// brings no more large ones than the package documentation says.
func TestLargeEventsBehindSmallOnes(t *testing.T) {
	const large = 16 << 10
	l := &endlessLog{data: make([]byte, large), n: 4000, small: 3000}
	p := mustNew(t, testConfig(discard{}, l))
	mustDrain(t, p)
	if s := p.Status(); s.Quarantined != 4000 {
		t.Fatalf("%d entries", s.Quarantined)
	}
	if l.most > 128*large {
		t.Errorf("a read brought %d events of the largest size, want %d at most", l.most/large, 128)
	}
}
