package audit_test

import (
	"bytes"
	"context"
	"errors"
	"os"
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
