package eventbus

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/carebus/carebus/internal/redistest"
	"github.com/carebus/carebus/schema"
)

func TestFullBusRefusesAndLosesNothing(t *testing.T) {
	t.Parallel()
	server := redistest.Real(t, "--maxmemory", "8mb")
	b := open(t, server.URL)
	big := func(n int) schema.Envelope {
		e := event("user/1", n)
		e.Event = schema.CRUD{Entity: "user", Operation: schema.Updated, Data: json.RawMessage(`{"a":"` + strings.Repeat("lorem ipsum ", 5000) + `"}`)}
		return e
	}
	n := 0
	var err error
	for ; n < 1000 && err == nil; n++ {
		err = b.Publish(t.Context(), big(n))
	}
	if !errors.Is(err, ErrBusFull) {
		t.Fatalf("after %d events: %v", n, err)
	}
	if got := server.Client(t).XLen(t.Context(), stream0).Val(); got != int64(n-1) {
		t.Errorf("%d entries of %d acknowledged", got, n-1)
	}
	// Consumers still work, and what they free can be used again.
	r := &recorder{}
	stop := consume(t, b, ConsumerConfig{}, r)
	until(t, "all events", func() bool { return b.Stats().Handled == uint64(n-1) })
	stop()
	if err := server.Client(t).XTrimMinID(t.Context(), stream0, fmt.Sprint(time.Now().Add(time.Hour).UnixMilli())).Err(); err != nil {
		t.Fatal(err)
	}
	until(t, "room", func() bool { return b.Publish(t.Context(), big(n-1)) == nil })
}

// TestALakeThatWasAwayEmptiesAFullBus: what it has carried when Redis is full can be
// committed, or nothing could ever be removed.
func TestALakeThatWasAwayEmptiesAFullBus(t *testing.T) {
	server := redistest.Real(t)
	b, admin := open(t, server.URL), server.Client(t)
	if err := b.Publish(t.Context(), events("user/1", 100)...); err != nil {
		t.Fatal(err)
	}
	if err := admin.ConfigSet(t.Context(), "maxmemory", "1").Err(); err != nil {
		t.Fatal(err)
	}
	if err := b.Publish(t.Context(), event("user/2", 1)); !errors.Is(err, ErrBusFull) {
		t.Fatalf("a bus that is full: %v", err)
	}
	if !open(t, server.URL).multi.Load() {
		t.Error("a bus that is opened now appends one by one for good")
	}
	logs, err := b.Leases().Hold(t.Context(), "one", []string{"0"}, time.Minute)
	if err != nil || !slices.Equal(logs, []string{"0"}) {
		t.Errorf("leases: %v, %v", logs, err)
	}
	log := b.Logs()[0]
	entries, history, err := log.ReadHistory(t.Context(), "", 1000)
	if err != nil || len(entries) != 100 {
		t.Fatalf("%d entries, %v", len(entries), err)
	}
	last := entries[99].ID
	if ok, err := log.Advance(t.Context(), history, fmt.Sprintf("%d-0", parseStreamID(last).ms+1000)); !ok || err != nil {
		t.Errorf("advance: %v, %v", ok, err)
	}
	if ok, err := log.Commit(t.Context(), schema.Cursor{Plan: 1, Last: last}); !ok || err != nil {
		t.Errorf("commit: %v, %v", ok, err)
	}
	trimmed, err := b.Trim(t.Context(), RetentionConfig{MaxBytes: 1})
	if err != nil || trimmed[0].Removed != 99 {
		t.Errorf("%+v, %v", trimmed, err)
	}
}

// TestDeadEventsLeaveAFullBus: the oldest pending entry holds back trimming, so that
// it must become a dead letter also where Redis is full.
func TestDeadEventsLeaveAFullBus(t *testing.T) {
	server := redistest.Real(t)
	b, admin := open(t, server.URL), server.Client(t)
	all := events("user/1", 20)
	if err := b.Publish(t.Context(), all...); err != nil {
		t.Fatal(err)
	}
	if err := admin.ConfigSet(t.Context(), "maxmemory", "1").Err(); err != nil {
		t.Fatal(err)
	}
	r := &recorder{fail: func(e schema.Envelope) error {
		if e.ID < all[10].ID {
			return Permanent(errors.New("no"))
		}
		return nil
	}}
	stop := consume(t, b, ConsumerConfig{BackoffMin: time.Millisecond, BackoffMax: time.Millisecond, MinIdle: time.Second}, r)
	until(t, "all to be settled", func() bool { s := b.Stats(); return s.Handled == 10 && s.DeadLettered == 10 })
	stop()
	trimmed, err := b.Trim(t.Context(), RetentionConfig{MaxBytes: 1, WithoutLake: true})
	if err != nil || trimmed[0].Removed != 19 || admin.XLen(t.Context(), b.all()[0].dead).Val() != 10 {
		t.Errorf("%+v, %v", trimmed, err)
	}
}
