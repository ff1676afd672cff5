package audit

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"
)

const brokenOrigin = "example.com/broken"

// A breakable log's files can be taken from under it.
type breakable struct {
	*Log
	dir       string
	key       []byte
	signer    note.Signer
	verifiers note.Verifiers
}

func newBreakable(t *testing.T) *breakable {
	t.Helper()
	b := &breakable{dir: filepath.Join(t.TempDir(), "log"), key: NewKey()}
	skey, vkey, err := GenerateSigningKey(brokenOrigin)
	if err != nil {
		t.Fatal(err)
	}
	if b.signer, err = note.NewSigner(skey); err != nil {
		t.Fatal(err)
	}
	verifier, err := note.NewVerifier(vkey)
	if err != nil {
		t.Fatal(err)
	}
	b.verifiers = note.VerifierList(verifier)
	if err := Create(b.dir, brokenOrigin, b.key); err != nil {
		t.Fatal(err)
	}
	b.open(t)
	return b
}

func (b *breakable) open(t *testing.T) {
	t.Helper()
	var err error
	if b.Log, err = Open(Config{Dir: b.dir, Signer: b.signer, CheckpointEvery: time.Millisecond}); err != nil {
		t.Fatal(err)
	}
}

func (b *breakable) verify(t *testing.T) Report {
	t.Helper()
	r, err := Verify(t.Context(), os.DirFS(b.dir), VerifyConfig{Origin: brokenOrigin, Verifiers: b.verifiers, Key: b.key})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// full puts a full disk in the place of a file, on which half of something stands.
func full(t *testing.T, f **os.File, half string) {
	t.Helper()
	disk, err := os.OpenFile("/dev/full", os.O_RDWR, 0)
	if err != nil {
		t.Skip(err)
	}
	if _, err := (*f).WriteString(half); err != nil {
		t.Fatal(err)
	}
	(*f).Close() //nolint:errcheck // to break it
	*f = disk
}

var damages = []struct {
	name string
	do   func(t *testing.T, b *breakable) (undo func())
}{
	{"segment", func(_ *testing.T, b *breakable) func() { b.segment.Close(); return func() {} }},         //nolint:errcheck // to break it
	{"checkpoints", func(_ *testing.T, b *breakable) func() { b.checkpoints.Close(); return func() {} }}, //nolint:errcheck // as above
	{"full segment", func(t *testing.T, b *breakable) func() {
		full(t, &b.segment, `{"v":1,"seq":`)
		return func() {}
	}},
	{"full checkpoints", func(t *testing.T, b *breakable) func() {
		full(t, &b.checkpoints, brokenOrigin+"\n")
		return func() {}
	}},
	{"folder", func(t *testing.T, b *breakable) func() {
		move := func(from, to string) {
			if err := os.Rename(from, to); err != nil {
				t.Fatal(err)
			}
		}
		move(b.dir, b.dir+".gone")
		return func() { move(b.dir+".gone", b.dir) }
	}},
}

var published = Record{Action: Publish, Outcome: OK}

// fail appends until no record is acknowledged any more.
func (b *breakable) fail(t *testing.T) {
	t.Helper()
	err := b.Append(published)
	if err == nil {
		err = b.Rotate()
	}
	for range 3 {
		if !errors.Is(err, ErrBroken) || b.Err() == nil {
			t.Errorf("got %v", err)
		}
		err = b.Append(published)
	}
}

// TestBroken takes the files from under a log: no record is acknowledged until it
// is opened again.
func TestBroken(t *testing.T) {
	for _, damage := range damages {
		t.Run(damage.name, func(t *testing.T) {
			b := newBreakable(t)
			before := b.Size()
			undo := damage.do(t, b)
			b.fail(t)
			undo()
			b.Close() //nolint:errcheck // it is broken
			b.open(t)
			if b.Size() < before {
				t.Errorf("%d records of %d", b.Size(), before)
			}
			if err := b.Close(); err != nil {
				t.Error(err)
			}
			b.verify(t)
		})
	}
}

// TestResume does the same to a log that runs: it goes on once it can be written,
// says so, and holds all that was acknowledged.
func TestResume(t *testing.T) {
	for _, damage := range damages {
		t.Run(damage.name, func(t *testing.T) {
			b := newBreakable(t)
			acknowledged := 10
			for range acknowledged {
				if err := b.Append(published); err != nil {
					t.Fatal(err)
				}
			}
			undo := damage.do(t, b)
			b.fail(t)
			ctx, cancel := context.WithCancel(t.Context())
			ended := make(chan error, 1)
			go func() { ended <- b.Run(ctx) }()
			undo()
			tick := time.NewTicker(time.Millisecond)
			defer tick.Stop()
			for b.Err() != nil {
				select {
				case err := <-ended:
					t.Fatalf("Run: %v", err)
				case <-t.Context().Done():
					t.Fatal(b.Err())
				case <-tick.C:
				}
			}
			if err := b.Append(published); err != nil {
				t.Error(err)
			}
			cancel()
			if err := <-ended; err != nil {
				t.Error(err)
			}
			if err := errors.Join(b.Rotate(), b.Append(published), b.Close()); err != nil {
				t.Error(err)
			}
			r := b.verify(t)
			if r.Actions[Publish] < uint64(acknowledged)+2 || r.Actions[LogResume] != 1 || r.Torn != 0 || r.Signed != r.Records { //nolint:gosec // positive
				t.Errorf("%+v", r)
			}
		})
	}
}

// TestResumeAfterTries: what tries to go on have left isn't taken for another's.
func TestResumeAfterTries(t *testing.T) {
	b := newBreakable(t)
	b.checkpoints.Close() //nolint:errcheck // to break it
	b.fail(t)
	for range 3 {
		next, err := b.reopen()
		if err != nil {
			t.Fatal(err)
		}
		closeAll(next.segment, next.checkpoints) //nolint:errcheck // as if no checkpoint could be written
	}
	if err := b.resume(); err != nil {
		t.Fatal(err)
	}
	if err := b.Append(published); err != nil {
		t.Error(err)
	}
	if err := b.Close(); err != nil {
		t.Error(err)
	}
	if r := b.verify(t); r.Actions[LogResume] != 4 {
		t.Errorf("%+v", r)
	}
}

// TestResumeNoticesTampering: while a log is broken nobody may take from it what
// was acknowledged, though no checkpoint covers that yet and it looks like a torn end.
func TestResumeNoticesTampering(t *testing.T) {
	for _, rotated := range []bool{false, true} {
		b := newBreakable(t)
		if rotated {
			if err := b.Rotate(); err != nil {
				t.Fatal(err)
			}
		}
		size := b.segmentSize
		for range 3 {
			if err := b.Append(published); err != nil {
				t.Fatal(err)
			}
		}
		b.segment.Close() //nolint:errcheck // to break it
		b.fail(t)
		if err := os.Truncate(filepath.Join(b.dir, segmentName(b.first)+segmentExt), size+20); err != nil {
			t.Fatal(err)
		}
		var tampered *TamperError
		if err := b.Run(t.Context()); !errors.As(err, &tampered) || tampered.Rule != RuleMissing {
			t.Errorf("%v", err)
		}
		if err := b.Append(published); !errors.Is(err, ErrBroken) || !errors.As(err, &tampered) {
			t.Errorf("%v", err)
		}
		b.Close() //nolint:errcheck // it is broken
	}
}

// TestResumeNoticesForgery: nor may anybody add to it, or put another state in the
// place of its own, though whoever reads the state can make records that fit.
func TestResumeNoticesForgery(t *testing.T) {
	for name, forge := range map[string]func(t *testing.T, b *breakable) error{
		"records": func(t *testing.T, b *breakable) error {
			b.lock.Close() //nolint:errcheck // who forges asks nobody
			l, err := Open(Config{Dir: b.dir, Signer: b.signer})
			if err != nil {
				return err
			}
			return errors.Join(l.Append(published, published, published, published, published), l.Close())
		},
		"state": func(t *testing.T, b *breakable) error {
			s, err := loadState(b.dir)
			if err != nil {
				return err
			}
			b.tree.append([32]byte{1})
			s.Size, s.Tree = b.tree.size, b.tree.edges
			return s.save(b.dir)
		},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBreakable(t)
			b.segment.Close() //nolint:errcheck // to break it
			b.fail(t)
			if err := forge(t, b); err != nil {
				t.Fatal(err)
			}
			var tampered *TamperError
			if err := b.Run(t.Context()); !errors.As(err, &tampered) {
				t.Errorf("%v", err)
			}
			b.Close() //nolint:errcheck // it is broken
		})
	}
}

// TestNothingIsWrittenBehindATornRecord, also if it came in before the log was
// known to be broken.
func TestNothingIsWrittenBehindATornRecord(t *testing.T) {
	b := newBreakable(t)
	defer b.Close() //nolint:errcheck // it is broken
	g, err := b.enqueue([]Record{published})
	if err != nil {
		t.Fatal(err)
	}
	size := b.segmentSize
	b.mu.Lock()
	b.broken(ErrBroken) //nolint:errcheck // it is its own
	b.mu.Unlock()
	b.io.Lock()
	defer b.io.Unlock()
	if _, err := b.flush(true); !errors.Is(err, ErrBroken) || !g.done || !errors.Is(g.err, ErrBroken) || b.segmentSize != size {
		t.Errorf("%v, %+v, %d bytes were written", err, g, b.segmentSize-size)
	}
}

// A hookedSigner calls hook before it signs.
type hookedSigner struct {
	note.Signer
	hook func()
}

func (s hookedSigner) Sign(msg []byte) ([]byte, error) {
	s.hook()
	return s.Signer.Sign(msg)
}

// TestNothingUnforcedIsAcknowledged, also where a checkpoint or the end of an epoch
// writes what an Append waits for.
func TestNothingUnforcedIsAcknowledged(t *testing.T) {
	for name, write := range map[string]func(b *breakable, wait func()) error{
		"checkpoint": func(b *breakable, wait func()) error {
			wait()
			return b.Checkpoint()
		},
		"rotation": func(b *breakable, wait func()) error {
			if err := b.Append(published); err != nil {
				return err
			}
			b.config.Signer = hookedSigner{b.signer, wait} // behind the first of its two writes
			return b.Rotate()
		},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBreakable(t)
			r, w, err := os.Pipe() // takes writes, but can't force them
			if err != nil {
				t.Fatal(err)
			}
			defer r.Close() //nolint:errcheck // nothing reads it
			var g *group
			err = write(b, func() {
				if g, err = b.enqueue([]Record{published}); err != nil {
					t.Fatal(err)
				}
				b.segment.Close() //nolint:errcheck // to break it
				b.segment = w
			})
			if !errors.Is(err, ErrBroken) || !g.done || !errors.Is(g.err, ErrBroken) {
				t.Errorf("%v; the record that waited was answered %v", err, g.err)
			}
			b.Close() //nolint:errcheck // it is broken
		})
	}
}
