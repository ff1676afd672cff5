package audit_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"testing/synctest"
	"time"

	"golang.org/x/mod/sumdb/note"

	"github.com/carebus/carebus/phi/audit"
)

func TestConcurrentAppends(t *testing.T) {
	f := newFixture(t)
	l := f.open(t, func(c *audit.Config) { c.EpochBytes = 20_000; c.CheckpointEvery = time.Millisecond })
	ctx, stop := context.WithCancel(t.Context())
	var run, writers sync.WaitGroup
	run.Go(func() {
		if err := l.Run(ctx); err != nil {
			t.Error(err)
		}
	})
	const n, each = 16, 100
	for range n {
		writers.Go(func() {
			for range each {
				err := l.Append(
					audit.Record{Action: audit.Publish, Outcome: audit.OK, Object: "user.created", Counts: map[string]int{"name": 2, "email": 1}},
					audit.Record{Action: audit.Scrub, Outcome: audit.OK, Count: 3})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	writers.Wait()
	stop()
	run.Wait()
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	r, err := f.verify(os.DirFS(f.dir))
	if err != nil {
		t.Fatal(err)
	}
	if r.Actions[audit.Publish] != n*each || r.Actions[audit.Scrub] != n*each || r.Signed != r.Records || r.Epochs < 2 {
		t.Errorf("%+v", r)
	}
}

func TestReopen(t *testing.T) {
	f := newFixture(t)
	for range 3 {
		l := f.open(t)
		if _, err := audit.Open(audit.Config{Dir: f.dir, Signer: f.signer}); !errors.Is(err, audit.ErrLocked) {
			t.Errorf("a second writer: %v", err)
		}
		fill(t, l, 3, 0)
		if err := l.Rotate(); err != nil {
			t.Fatal(err)
		}
		if err := l.Rotate(); err != nil { // of an empty epoch
			t.Fatal(err)
		}
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
		if err := l.Append(audit.Record{Action: audit.Publish, Outcome: audit.OK}); !errors.Is(err, audit.ErrClosed) {
			t.Errorf("after Close: %v", err)
		}
		if err := l.Close(); err != nil {
			t.Errorf("a second Close: %v", err)
		}
	}
	r, err := f.verify(os.DirFS(f.dir))
	if err != nil || r.Epochs != 4 || r.Records != 15 {
		t.Errorf("%+v, %v", r, err)
	}
}

// TestTornEnds cuts a log's files at every byte of their last record and
// checkpoint, as a crash may, and opens it.
func TestTornEnds(t *testing.T) {
	f := newFixture(t)
	l := f.open(t)
	fill(t, l, 3, 0)
	before := f.snapshot(t) // signed at 1, three records behind it
	name := segment1 + ".jsonl"
	size := len(before[name].Data)
	start := bytes.LastIndexByte(before[name].Data[:size-1], '\n') + 1
	for cut := start; cut < size; cut++ {
		g := *f
		g.dir = t.TempDir()
		restore(t, g.dir, before)
		if err := os.Truncate(filepath.Join(g.dir, name), int64(cut)); err != nil {
			t.Fatal(err)
		}
		l := g.open(t)
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
		r, err := g.verify(os.DirFS(g.dir))
		if err != nil || r.Records != 5 || r.Torn != 0 {
			t.Fatalf("cut at %d: %+v, %v", cut-start, r, err)
		}
	}
	// Torn checkpoints go the same way; but a record that one covers must be there.
	if err := l.Checkpoint(); err != nil {
		t.Fatal(err)
	}
	after := f.snapshot(t)
	name = segment1 + ".checkpoints"
	for cut := len(before[name].Data); cut < len(after[name].Data); cut++ {
		g := *f
		g.dir = t.TempDir()
		restore(t, g.dir, after)
		if err := os.Truncate(filepath.Join(g.dir, name), int64(cut)); err != nil {
			t.Fatal(err)
		}
		g.open(t)
		if r, err := g.verify(os.DirFS(g.dir)); err != nil || r.Records != 5 {
			t.Fatalf("cut at %d: %+v, %v", cut, r, err)
		}
	}
	g := *f
	g.dir = t.TempDir()
	restore(t, g.dir, after)
	if err := os.Truncate(filepath.Join(g.dir, segment1+".jsonl"), int64(size-1)); err != nil {
		t.Fatal(err)
	}
	var tampered *audit.TamperError
	if _, err := audit.Open(audit.Config{Dir: g.dir, Signer: f.signer}); !errors.As(err, &tampered) || tampered.Rule != audit.RuleMissing {
		t.Errorf("a signed record is gone: %v", err)
	}
}

func restore(t *testing.T, dir string, m fstest.MapFS) {
	t.Helper()
	for name, file := range m {
		if err := os.WriteFile(filepath.Join(dir, name), file.Data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func TestOpenRefusesATamperedLog(t *testing.T) {
	f := newFixture(t)
	l := f.open(t)
	fill(t, l, 5, 0)
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	m := f.snapshot(t)
	m[segment1+".jsonl"].Data = bytes.Replace(m[segment1+".jsonl"].Data, []byte(`"count":2`), []byte(`"count":9`), 1)
	restore(t, f.dir, m)
	var tampered *audit.TamperError
	if _, err := audit.Open(audit.Config{Dir: f.dir, Signer: f.signer}); !errors.As(err, &tampered) || tampered.Seq != 3 {
		t.Errorf("got %v", err)
	}
}

func TestRecordsHoldNoValues(t *testing.T) {
	f := newFixture(t)
	l := f.open(t)
	ok := audit.Record{Action: audit.Publish, Outcome: audit.OK}
	for name, change := range map[string]func(*audit.Record){
		"no action":            func(r *audit.Record) { r.Action = "" },
		"text as action":       func(r *audit.Record) { r.Action = "Ann Lee" },
		"no outcome":           func(r *audit.Record) { r.Outcome = "" },
		"a name as actor":      func(r *audit.Record) { r.Actor = "Ann Lee" },
		"a quote":              func(r *audit.Record) { r.Object = `x","mac":"` },
		"a pseudonym":          func(r *audit.Record) { r.Object = "user/phi_k1_name_abcdefghijklmnopqrstuvwxyz" },
		"a sentence as reason": func(r *audit.Record) { r.Reason = "did not come" },
		"a long text":          func(r *audit.Record) { r.Object = strings.Repeat("a", 129) },
		"a value as a count":   func(r *audit.Record) { r.Counts = map[string]int{"Ann Lee": 1} },
		"a year too early":     func(r *audit.Record) { r.Time = time.Date(1970, 1, 1, 0, 0, 0, 0, time.FixedZone("", 3600)) }, // 1969 in UTC
		"a year too late":      func(r *audit.Record) { r.Time = time.Date(9999, 12, 31, 23, 59, 0, 0, time.FixedZone("", -3600)) },
		"a negative count":     func(r *audit.Record) { r.Count = -1 },
	} {
		r := ok
		change(&r)
		err := l.Append(ok, r)
		if err == nil {
			t.Errorf("%s was accepted", name)
		} else if strings.Contains(err.Error(), "Ann") || strings.Contains(err.Error(), "phi_") {
			t.Errorf("%s: the error quotes it", name)
		}
	}
	if l.Size() != 1 {
		t.Errorf("a refused call left %d records", l.Size()-1)
	}
}

func TestHeartbeatsAndEpochs(t *testing.T) {
	f := newFixture(t)
	synctest.Test(t, func(t *testing.T) {
		l, err := audit.Open(audit.Config{Dir: f.dir, Signer: f.signer, EpochAge: 10 * time.Minute})
		if err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithCancel(context.Background())
		done := make(chan error)
		go func() { done <- l.Run(ctx) }()
		time.Sleep(25*time.Minute + time.Second) // of the bubble's clock
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
		r, err := f.verify(os.DirFS(f.dir), func(v *audit.VerifyConfig) { v.MaxAge = 3 * time.Minute })
		if err != nil {
			t.Error(err)
		}
		if n := r.Actions[audit.Heartbeat]; n < 22 || n > 26 || r.Epochs != 3 || r.Actions[audit.LogEpoch] != 2 || r.Signed != r.Records {
			t.Errorf("%+v", r)
		}
		time.Sleep(4 * time.Minute)
		if _, err := f.verify(os.DirFS(f.dir), func(v *audit.VerifyConfig) { v.MaxAge = 3 * time.Minute }); err == nil {
			t.Error("a log that stands still looks fresh")
		}
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	})
}

// failing is a signer that fails while told to.
type failing struct {
	note.Signer
	fail bool
}

func (f *failing) Sign(msg []byte) ([]byte, error) {
	if f.fail {
		return nil, errors.New("no answer")
	}
	return f.Signer.Sign(msg)
}

func TestSignerAway(t *testing.T) {
	f := newFixture(t)
	s := &failing{Signer: f.signer}
	l := f.open(t, func(c *audit.Config) { c.Signer = s })
	s.fail = true
	fill(t, l, 5, 0)
	if err := l.Checkpoint(); err == nil {
		t.Error("nothing was signed, and no error")
	}
	if err := l.Rotate(); err == nil {
		t.Error("an epoch ended unsigned")
	}
	s.fail = false
	fill(t, l, 5, 0)
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	if r, err := f.verify(os.DirFS(f.dir)); err != nil || r.Signed != 12 {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestConfig(t *testing.T) {
	f := newFixture(t)
	if _, err := audit.Open(audit.Config{}); err == nil {
		t.Error("the zero Config was accepted")
	}
	if _, err := audit.Open(audit.Config{Dir: t.TempDir(), Signer: f.signer}); !errors.Is(err, audit.ErrNoLog) {
		t.Errorf("got %v", err)
	}
	if err := audit.Create(f.dir, origin, f.key); err == nil {
		t.Error("a log was overwritten")
	}
	if err := audit.Create(t.TempDir(), origin, f.key[:31]); err == nil {
		t.Error("a short key was accepted")
	}
	if err := audit.Create(t.TempDir(), "two words", f.key); err == nil {
		t.Error("an origin with a space was accepted")
	}
	skey, _, err := audit.GenerateSigningKey("example.com/other")
	if err != nil {
		t.Fatal(err)
	}
	s, err := note.NewSigner(skey)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := audit.Open(audit.Config{Dir: f.dir, Signer: s}); err == nil {
		t.Error("a signer of another name was accepted")
	}
}

func ExampleLog() {
	dir, _ := os.MkdirTemp("", "audit")
	defer os.RemoveAll(dir)
	skey, vkey, _ := audit.GenerateSigningKey("example.com/practice")
	signer, _ := note.NewSigner(skey)
	auditorsKey := audit.NewKey() // kept away from the machine that writes
	if err := audit.Create(dir, "example.com/practice", auditorsKey); err != nil {
		fmt.Println(err)
		return
	}

	log, err := audit.Open(audit.Config{Dir: dir, Signer: signer})
	if err != nil {
		fmt.Println(err)
		return
	}
	err = log.Append(audit.Record{Action: audit.KeyRevoke, Outcome: audit.OK, Actor: "operator/7", Object: "key/k2v9mqtb7xwa"})
	fmt.Println(err, log.Close())

	verifier, _ := note.NewVerifier(vkey)
	report, err := audit.Verify(context.Background(), os.DirFS(dir), audit.VerifyConfig{
		Origin: "example.com/practice", Verifiers: note.VerifierList(verifier), Key: auditorsKey,
	})
	fmt.Println(report.Records, report.Signed, err)
	// Output:
	// <nil> <nil>
	// 3 3 <nil>
}
