package audit_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"
	"testing/synctest"
	"time"

	"github.com/carebus/carebus/phi/audit"
)

// shelf is a replica in memory that can fail before or after it stored.
type shelf struct {
	batches             []audit.Batch
	failFirst, failLate bool
}

func (s *shelf) Store(_ context.Context, b audit.Batch) error {
	if s.failFirst {
		return errors.New("away")
	}
	b.Records, b.Checkpoint = bytes.Clone(b.Records), bytes.Clone(b.Checkpoint)
	s.batches = append(s.batches, b)
	if s.failLate {
		return errors.New("the answer was lost")
	}
	return nil
}

// records puts the batches together, later ones over earlier ones.
func (s *shelf) records(t *testing.T) []byte {
	var all [][]byte
	for _, b := range s.batches {
		if b.First > uint64(len(all)) {
			t.Fatalf("a gap before record %d", b.First)
		}
		l := bytes.SplitAfter(b.Records, []byte("\n"))
		l = l[:len(l)-1]
		if b.First+uint64(len(l)) != b.Size {
			t.Fatalf("%d records from %d are not %d", len(l), b.First, b.Size)
		}
		all = append(all[:b.First], l...)
	}
	return bytes.Join(all, nil)
}

func TestReplicate(t *testing.T) {
	f := newFixture(t)
	l := f.open(t)
	var s shelf
	replicator := func() *audit.Replicator {
		r, err := audit.NewReplicator(f.dir, "shelf", &s, nil)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	r := replicator()
	for round := range 6 {
		fill(t, l, 7, 3)
		if round%2 == 1 {
			if err := l.Rotate(); err != nil {
				t.Fatal(err)
			}
		}
		s.failFirst, s.failLate = round == 1, round == 3
		if err := r.Pass(t.Context()); (err != nil) != (s.failFirst || s.failLate) {
			t.Fatal(err)
		}
		if round == 4 {
			r = replicator() // a new process goes on from the position on the disk
		}
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	s.failFirst, s.failLate = false, false
	if err := r.Pass(t.Context()); err != nil {
		t.Fatal(err)
	}
	m := f.snapshot(t)
	var want []byte
	for _, name := range []string{segment1, "00000000000000000015", "00000000000000000029", "00000000000000000043"} {
		want = append(want, m[name+".jsonl"].Data...)
	}
	if !bytes.Equal(s.records(t), want) || r.Size() != l.Size() {
		t.Errorf("the replica holds other records; %d of %d", r.Size(), l.Size())
	}

	// What the replica holds pins the log.
	last := s.batches[len(s.batches)-1].Checkpoint
	trust := func(v *audit.VerifyConfig) { v.Trusted = [][]byte{last} }
	if _, err := f.verify(os.DirFS(f.dir), trust); err != nil {
		t.Error(err)
	}
	cut := fstest.MapFS{segment1 + ".jsonl": m[segment1+".jsonl"], segment1 + ".checkpoints": m[segment1+".checkpoints"]}
	if _, err := f.verify(cut, trust); err == nil {
		t.Error("a log that was cut off passes")
	}
}

// TestReplicateALogPutBack: whatever takes records from a log that are in the replica,
// also if it is written again and by then is longer, nothing is added to the replica.
func TestReplicateALogPutBack(t *testing.T) {
	const last = "00000000000000000005"
	for name, c := range map[string]struct {
		remove []string // files
		again  int      // records that are written then
		intact bool
	}{
		"nothing":               {nil, 20, true},
		"the last segment":      {[]string{last + ".jsonl", last + ".checkpoints"}, 0, false},
		"and written again":     {[]string{last + ".jsonl", last + ".checkpoints"}, 20, false},
		"as much written again": {[]string{last + ".jsonl", last + ".checkpoints"}, 5, false},
		"all":                   {[]string{segment1 + ".jsonl", segment1 + ".checkpoints", last + ".jsonl", last + ".checkpoints"}, 0, false},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t)
			var s shelf
			pass := func() error {
				r, err := audit.NewReplicator(f.dir, "shelf", &s, nil)
				if err != nil {
					t.Fatal(err)
				}
				return r.Pass(t.Context())
			}
			l := f.open(t)
			fill(t, l, 4, 0)
			if err := errors.Join(l.Rotate(), pass()); err != nil { // the position is between two segments
				t.Fatal(err)
			}
			fill(t, l, 5, 0)
			if err := errors.Join(l.Close(), pass()); err != nil {
				t.Fatal(err)
			}
			stored := len(s.batches)
			for _, name := range c.remove {
				if err := os.Remove(filepath.Join(f.dir, name)); err != nil {
					t.Fatal(err)
				}
			}
			if c.again > 0 {
				l := f.open(t)
				fill(t, l, c.again, 2)
				if err := l.Close(); err != nil {
					t.Fatal(err)
				}
			}
			err := pass()
			var tampered *audit.TamperError
			if c.intact != (err == nil) || !c.intact && (!errors.As(err, &tampered) || tampered.Rule != audit.RuleReplica) {
				t.Errorf("Pass = %v", err)
			}
			if !c.intact && len(s.batches) > stored {
				t.Error("the replica got more records")
			}
		})
	}
}

// A position of a version that kept no record goes on.
func TestPositionWithoutARecord(t *testing.T) {
	f := newFixture(t)
	l := f.open(t)
	fill(t, l, 5, 5)
	if err := os.WriteFile(filepath.Join(f.dir, "replica-shelf.json"), []byte(`{"size":2}`), 0o600); err != nil {
		t.Fatal(err)
	}
	var s shelf
	r, err := audit.NewReplicator(f.dir, "shelf", &s, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Pass(t.Context()); err != nil || r.Size() != l.Size() || s.batches[0].First != 2 {
		t.Errorf("%v; %d records of %d, the first %+v", err, r.Size(), l.Size(), s.batches)
	}
}

// Run needs no interval, and refuses one that can't be kept.
func TestReplicatorInterval(t *testing.T) {
	f := newFixture(t)
	synctest.Test(t, func(t *testing.T) {
		l := f.open(t)
		fill(t, l, 3, 3)
		stored := make(chan time.Time, 2)
		r, err := audit.NewReplicator(f.dir, "shelf", audit.ReplicaFunc(func(context.Context, audit.Batch) error {
			stored <- time.Now()
			return nil
		}), nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := r.Run(t.Context(), -time.Second); err == nil {
			t.Error("a negative interval is taken")
		}
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan error)
		go func() { done <- r.Run(ctx, 0) }()
		first := <-stored
		fill(t, l, 3, 3)
		if d := (<-stored).Sub(first); d != 10*time.Second {
			t.Errorf("the next pass came after %v", d)
		}
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}
