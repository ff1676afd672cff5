package etl

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/carebus/carebus/schema"
)

func TestSweep(t *testing.T) {
	sink, a := agedLake(t), &auditor{}
	before := keysOf(t, sink)
	config := sweepConfig(sink, a)
	config.DryRun = true
	want := SweepReport{Examined: 5, Deleted: 2, Kept: 3}
	got, err := Sweep(t.Context(), config)
	want.Bytes = got.Bytes
	if err != nil || got != want || got.Bytes == 0 || len(a.deletions) > 0 || !slices.Equal(keysOf(t, sink), before) {
		t.Fatalf("dry run: %+v, %v, %d deletions", got, err, len(a.deletions))
	}
	config.DryRun = false
	if got, err := Sweep(t.Context(), config); err != nil || got != want {
		t.Fatalf("%+v, %v", got, err)
	}
	if len(a.deletions) != 4 {
		t.Fatalf("%d records, want 4", len(a.deletions))
	}
	for i, d := range a.deletions {
		if d.Done != (i%2 == 1) || d.Rows != 2 || len(d.SHA256) != 64 || d.DataClass == "" || d.Days != 365 {
			t.Errorf("record %d: %+v", i, d)
		}
		if _, err := sink.Get(t.Context(), d.Key); !errors.Is(err, ErrNotFound) {
			t.Errorf("%s is still there", d.Key)
		}
	}
	if got, err := Sweep(t.Context(), config); err != nil || got.Deleted != 0 || got.Examined != 3 {
		t.Errorf("a second time: %+v, %v", got, err)
	}
	v, err := Verify(t.Context(), VerifyConfig{Sink: sink, Environment: "test", Log: "shard.0", Prefix: "lake", ExpiredBefore: base.Add(time.Hour)})
	if err != nil || len(v.Problems) > 0 || v.Expired != 2 {
		t.Errorf("verify: %+v, %v", v, err)
	}
}

func TestSweepByClass(t *testing.T) {
	sink, a := agedLake(t), &auditor{}
	config := sweepConfig(sink, a)
	config.Rules = []RetentionRule{{Days: SevenYears}, {DataClass: schema.DataPublic, Days: 100}}
	got, err := Sweep(t.Context(), config)
	if err != nil || got.Deleted != 1 || len(a.deletions) == 0 || a.deletions[0].DataClass != schema.DataPublic {
		t.Errorf("%+v, %v, %+v", got, err, a.deletions)
	}
}

// TestSweepKeepsForLong: as long as a rule can say is not a time that has passed.
func TestSweepKeepsForLong(t *testing.T) {
	for _, days := range []int{MaxRetentionDays, 106_752, 999_999} { // 106,751 days are the longest duration
		sink := agedLake(t)
		config := sweepConfig(sink, &auditor{})
		config.Rules[0].Days = days
		if got, err := Sweep(t.Context(), config); got.Deleted > 0 || days <= MaxRetentionDays && err != nil {
			t.Errorf("%d days: %+v, %v", days, got, err)
		}
	}
}

// TestSweepFailsClosed: what can't be audited is not deleted.
func TestSweepFailsClosed(t *testing.T) {
	sink := agedLake(t)
	before := keysOf(t, sink)
	if _, err := Sweep(t.Context(), sweepConfig(sink, &auditor{err: errors.New("the trail is full")})); err == nil {
		t.Error("Sweep = nil")
	}
	if !slices.Equal(keysOf(t, sink), before) {
		t.Error("something was deleted")
	}
}

// TestHoldWhileSweeping: a hold counts from when it is placed, for a sweep under
// way too.
func TestHoldWhileSweeping(t *testing.T) {
	got, err := Sweep(t.Context(), sweepConfig(holdsUp{agedLake(t), t}, &auditor{}))
	if err != nil || got.Deleted != 1 || got.Held != 1 {
		t.Errorf("%+v, %v", got, err)
	}
}

// TestSweepBesideALock: an object that the store keeps keeps no other.
func TestSweepBesideALock(t *testing.T) {
	for _, typ := range []string{"auth.login", "user.created"} {
		a := &auditor{}
		got, err := Sweep(t.Context(), sweepConfig(locked{agedLake(t), typ}, a))
		if !errors.Is(err, ErrPermanent) || got.Deleted != 1 || got.Refused != 1 || len(a.deletions) != 3 {
			t.Errorf("%+v, %v, %d records", got, err, len(a.deletions))
		}
	}
}

// auditor keeps deletions, or fails.
type auditor struct {
	deletions []Deletion
	err       error
}

func (a *auditor) Deletion(_ context.Context, d Deletion) error {
	a.deletions = append(a.deletions, d)
	return a.err
}

// agedLake is a lake of two plans in a folder. The first plan's objects were
// written two years ago. Events of auth.login are public, the others confidential.
func agedLake(t *testing.T) *DirSink {
	t.Helper()
	dir := t.TempDir()
	sink, err := Dir(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { sink.Close() })
	l := &memLog{name: "shard.0"}
	for i := range 8 {
		typ := []string{"user.created", "auth.login"}[i%2]
		e := testEvent(fmt.Sprintf("e-%d", i), typ, base)
		if i%2 == 1 {
			e.DataClass = schema.DataPublic
		}
		l.add(base, encodeEvent(e))
	}
	l.add(base, []byte("no event"))
	config := testConfig(sink, l)
	config.BatchEvents, config.Prefix = 4, "lake"
	mustDrain(t, mustNew(t, config))
	for o, err := range sink.List(t.Context(), "lake/") {
		if err != nil {
			t.Fatal(err)
		}
		if _, n, ok := planOf(o.Key); ok && n == 1 {
			old := time.Now().AddDate(-2, 0, 0)
			if err := os.Chtimes(filepath.Join(dir, o.Key), old, old); err != nil {
				t.Fatal(err)
			}
		}
	}
	return sink
}

func keysOf(t *testing.T, s Store) []string {
	t.Helper()
	var keys []string
	for o, err := range s.List(t.Context(), "") {
		if err != nil {
			t.Fatal(err)
		}
		keys = append(keys, o.Key)
	}
	slices.Sort(keys)
	return keys
}

func sweepConfig(s Store, a DeletionAuditor) SweepConfig {
	return SweepConfig{
		Store: s, Auditor: a, Environment: "test", Prefix: "lake",
		Rules: []RetentionRule{{Environment: "test", Days: 365}},
	}
}

// holdsUp places a hold on everything once an object is deleted.
type holdsUp struct {
	*DirSink
	t *testing.T
}

func (s holdsUp) Delete(ctx context.Context, key string) error {
	err := PlaceHold(ctx, s.DirSink, "lake", "test", Hold{ID: "late"})
	if err != nil && !errors.Is(err, ErrExists) {
		s.t.Error(err)
	}
	return s.DirSink.Delete(ctx, key)
}

// locked refuses to delete the objects of one type, as S3 does with those that are
// locked.
type locked struct {
	*DirSink
	typ string
}

func (s locked) Delete(ctx context.Context, key string) error {
	if strings.Contains(key, s.typ) {
		return fmt.Errorf("%w: access denied", ErrPermanent)
	}
	return s.DirSink.Delete(ctx, key)
}
