package etl

import (
	"errors"
	"testing"
	"time"
)

func TestHolds(t *testing.T) {
	sink, a := agedLake(t), &auditor{}
	ctx := t.Context()
	h := Hold{ID: "case-17", KeyPrefix: "events/test/year=2024/month=01/day=15/hour=14/event_type=user.created/"}
	if err := PlaceHold(ctx, sink, "lake", "test", h); err != nil {
		t.Fatal(err)
	}
	if err := PlaceHold(ctx, sink, "lake", "test", h); !errors.Is(err, ErrExists) {
		t.Errorf("a second hold of the id: %v", err)
	}
	if err := PlaceHold(ctx, sink, "lake", "test", Hold{ID: "../x"}); err == nil {
		t.Error("an invalid id is taken")
	}
	holds, err := Holds(ctx, sink, "lake", "test")
	if err != nil || len(holds) != 1 || holds[0].KeyPrefix != h.KeyPrefix || holds[0].PlacedAt.IsZero() {
		t.Fatalf("%+v, %v", holds, err)
	}
	got, err := Sweep(ctx, sweepConfig(sink, a))
	if err != nil || got.Held != 1 || got.Deleted != 1 {
		t.Errorf("held: %+v, %v", got, err)
	}
	if err := ReleaseHold(ctx, sink, "lake", "test", "case-18", time.Now()); !errors.Is(err, ErrNotFound) {
		t.Errorf("release of no hold: %v", err)
	}
	if err := ReleaseHold(ctx, sink, "lake", "test", "case-17", time.Now()); err != nil {
		t.Fatal(err)
	}
	if got, err = Sweep(ctx, sweepConfig(sink, a)); err != nil || got.Held != 0 || got.Deleted != 1 {
		t.Errorf("released: %+v, %v", got, err)
	}
}

func TestHoldThatHoldsNothingIsRefused(t *testing.T) {
	for prefix, ok := range map[string]bool{
		"": true, "events": true, "events/": true, "events/te": true, "events/test/": true, "events/test/year=2024/mon": true, "quarantine/test/year=2024/": true,
		"reports/test/year=2024/month=01/": true, "ev": true, "quarantine": true,
		"/events/test/": false, "lake/events/test/": false, "events/production/": false, "s3://bucket/events/test/": false, "events/test/year 2024": false,
		"plans/test/": false, "Events/test/": false, "events/tester/": false,
	} {
		if err := PlaceHold(t.Context(), Memory(), "lake", "test", Hold{ID: "case", KeyPrefix: prefix}); (err == nil) != ok {
			t.Errorf("%q: %v", prefix, err)
		}
	}
}

// TestABrokenHoldHoldsAll: where it can't be told what is held, nothing is deleted.
func TestABrokenHoldHoldsAll(t *testing.T) {
	sink := agedLake(t)
	if err := sink.PutIfAbsent(t.Context(), Object{Key: "lake/holds/test/x.json", Body: []byte("{")}); err != nil {
		t.Fatal(err)
	}
	if got, err := Sweep(t.Context(), sweepConfig(sink, &auditor{})); err == nil || got.Deleted != 0 {
		t.Errorf("%+v, %v", got, err)
	}
}
