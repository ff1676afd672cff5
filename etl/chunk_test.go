package etl

import (
	"bytes"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/carebus/carebus/schema"
)

// TestRowsOnAnyProcessors: a batch is the same to the byte however many
// goroutines make its rows, and when its buffers were used before.
func TestRowsOnAnyProcessors(t *testing.T) {
	types := []string{"user.created", "patient.updated", "visit.booked"}
	var entries []schema.Entry
	var ids []entryID
	for i := range 10*chunkEntries + 1 {
		e := testEvent(fmt.Sprintf("e-%d", i), types[i%len(types)], base.Add(time.Duration(i)*time.Minute))
		switch i % 97 {
		case 5:
			e.Environment = "production" // refused
		case 6:
			e.Severity = schema.SeverityHigh // dropped
		case 7:
			e.Event = rawData(types[i%len(types)], `{"text":"`+strings.Repeat("x", chunkBytes+i)+`"}`)
		}
		id := entryID{uint64(base.UnixMilli()), uint64(i)}
		entries, ids = append(entries, schema.Entry{ID: id.String(), Data: encodeEvent(e)}), append(ids, id)
	}
	config := testConfig(Memory(), &memLog{name: "0"})
	config.Transforms = []Transform{Filter("calm", func(r *Record) bool { return r.Severity != schema.SeverityHigh })}
	p := mustNew(t, config)
	build := newCarrier(&p.config, config.Logs[0]).build

	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	var want string
	reused := newBatch()
	for _, processors := range []int{1, 2, 7, 1} {
		runtime.GOMAXPROCS(processors)
		for _, b := range []*batch{newBatch(), reused} {
			if err := build.build(b, "", entries, ids); err != nil {
				t.Fatal(err)
			}
			plan, _, err := build.plan(b, layout{"", "test"}, "0", 1, "", "").encode()
			if err != nil {
				t.Fatal(err)
			}
			if want == "" {
				want = string(plan)
			}
			if string(plan) != want { // which holds the hash of each object and the root of all rows
				t.Errorf("with %d processors the plan is another", processors)
			}
			for _, o := range b.objects {
				n := 0
				for line := range bytes.Lines(o.lines) {
					if id := `"` + ids[o.entries[n]].String() + `"`; !bytes.Contains(line, []byte(id)) {
						t.Fatalf("row %d of %s/%s isn't that of entry %s", n, o.folder, o.partition, id)
					}
					n++
				}
				if n != len(o.entries) {
					t.Errorf("%s/%s has %d rows of %d entries", o.folder, o.partition, n, len(o.entries))
				}
			}
		}
	}
}

// The buffers of a batch stay as small as batches are, whatever partition the most
// events go to: each object that a batch ever had could grow to a whole one.
func TestBatchKeepsNoMoreThanItUses(t *testing.T) {
	const kinds, size = 40, 1 << 20
	d := mustNew(t, testConfig(Memory(), &memLog{name: "0"})).carriers[0].build
	b := newBatch()
	large := strings.Repeat("x", size/2)
	for round := range 3 * kinds {
		var entries []schema.Entry
		var ids []entryID
		for i := range kinds + 1 {
			e := testEvent(schema.NewID(), "user.created", base.Add(-time.Duration(i)*time.Hour))
			if i == kinds {
				e.Time = base.Add(-time.Duration(round*7%kinds) * time.Hour)
				e.Event = rawData("user.created", `{"entity_id":"42","note":"`+large+`"}`)
			}
			id := entryID{uint64(base.UnixMilli()), uint64(i)} //nolint:gosec // a time
			entries, ids = append(entries, schema.Entry{ID: id.String(), Data: encodeEvent(e)}), append(ids, id)
		}
		if err := d.build(b, "", entries, ids); err != nil {
			t.Fatal(err)
		}
		if len(b.objects) < kinds {
			t.Fatalf("%d objects", len(b.objects))
		}
	}
	kept := 0
	for _, o := range append(b.objects, b.spare...) {
		kept += cap(o.lines) + cap(o.body)
	}
	if kept > 8*size {
		t.Errorf("%d bytes are kept for batches of %d", kept, size)
	}
}
