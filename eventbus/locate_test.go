package eventbus

import (
	"slices"
	"sync/atomic"
	"testing"

	"github.com/carebus/carebus/internal/redistest"
	"github.com/carebus/carebus/schema"
)

// TestAReceiptOutlastsAnOutage: it names the entry also where that couldn't be
// looked for at once, as when the connection goes that the event was published on.
func TestAReceiptOutlastsAnOutage(t *testing.T) {
	redistest.Each(t, func(t *testing.T, url string) {
		b := open(t, url)
		all := slices.Concat(events("user/1", 3), withIDs("user/2", 3, func(int) string { return schema.NewID() }))
		first, err := b.PublishBatch(t.Context(), all)
		if err != nil {
			t.Fatal(err)
		}
		var reads atomic.Int64
		b.redis.AddHook(loseReads(2, &reads))
		again, err := b.PublishBatch(t.Context(), all)
		if err != nil || reads.Load() <= 2 {
			t.Fatalf("%v, after %d reads", err, reads.Load())
		}
		for i, r := range again {
			if r.StreamID != first[i].StreamID {
				t.Errorf("event %d again: %+v, want entry %s", i, r, first[i].StreamID)
			}
		}
	})
}

// TestAnEntryOfAServerThatStalled is found, seconds behind the id from which on it
// is to be looked for.
func TestAnEntryOfAServerThatStalled(t *testing.T) {
	redistest.Each(t, func(t *testing.T, url string) {
		b := open(t, url)
		all := events("user/1", many)
		receipts, err := b.PublishBatch(t.Context(), all)
		if err != nil {
			t.Fatal(err)
		}
		from := parseStreamID(receipts[0].StreamID)
		from.ms -= 5000
		r := finder{bus: b, shard: b.all()[0], seen: map[identity]string{}}
		for i, e := range all {
			if got := r.find(t.Context(), identify(e.Source, e.ID), from); got != receipts[i].StreamID {
				t.Fatalf("event %d is found as %q, want %s", i, got, receipts[i].StreamID)
			}
		}
	})
}

// A duplicate whose entry is gone has a receipt without it.
func TestADuplicateOfATrimmedEntry(t *testing.T) {
	redistest.Each(t, func(t *testing.T, url string) {
		b := open(t, url)
		if err := b.Publish(t.Context(), events("user/1", 3)...); err != nil {
			t.Fatal(err)
		}
		redistest.Client(t, url).XTrimMaxLen(t.Context(), stream0, 0)
		receipts, err := b.PublishBatch(t.Context(), events("user/1", 4))
		if err != nil {
			t.Fatal(err)
		}
		for i, r := range receipts {
			if i < 3 != r.Duplicate || i < 3 != (r.StreamID == "") {
				t.Errorf("receipt %d: %+v", i, r)
			}
		}
	})
}
