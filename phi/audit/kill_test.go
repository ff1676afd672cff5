package audit_test

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"sync"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"

	"github.com/carebus/carebus/phi/audit"
)

// TestMain makes the test binary the writer that TestKill kills.
func TestMain(m *testing.M) {
	if dir := os.Getenv("AUDIT_WRITER_DIR"); dir != "" {
		if err := writeUntilKilled(dir, os.Getenv("AUDIT_WRITER_KEY")); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	os.Exit(m.Run())
}

// writeUntilKilled appends as fast as it can and prints a line for each record
// that was acknowledged.
func writeUntilKilled(dir, skey string) error {
	signer, err := note.NewSigner(skey)
	if err != nil {
		return err
	}
	l, err := audit.Open(audit.Config{Dir: dir, Signer: signer, EpochBytes: 30_000})
	if err != nil {
		return err
	}
	var mu sync.Mutex
	out := bufio.NewWriter(os.Stdout)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for i := 0; ; i++ {
				if err := l.Append(audit.Record{Action: audit.Publish, Outcome: audit.OK, Object: "user.created"}); err != nil {
					return
				}
				mu.Lock()
				fmt.Fprintln(out, "x")
				out.Flush() //nolint:errcheck // the reader counts
				mu.Unlock()
				if i%50 == 49 {
					l.Rotate() //nolint:errcheck // Append tells
				} else if i%10 == 9 {
					l.Checkpoint() //nolint:errcheck // as above
				}
			}
		})
	}
	wg.Wait()
	return l.Err()
}

func TestKill(t *testing.T) {
	skey, vkey, err := audit.GenerateSigningKey(origin)
	if err != nil {
		t.Fatal(err)
	}
	v, err := note.NewVerifier(vkey)
	if err != nil {
		t.Fatal(err)
	}
	f := &fixture{dir: t.TempDir(), key: audit.NewKey(), verifiers: note.VerifierList(v)}
	if err := audit.Create(f.dir, origin, f.key); err != nil {
		t.Fatal(err)
	}
	var acknowledged uint64
	const rounds = 12
	for round := range rounds {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), "AUDIT_WRITER_DIR="+f.dir, "AUDIT_WRITER_KEY="+skey)
		cmd.Stderr = os.Stderr
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(out)
		kill := time.AfterFunc(time.Minute, func() { cmd.Process.Kill() }) //nolint:errcheck // it may have ended
		for n := 0; lines.Scan(); n++ {
			acknowledged++
			if n == 50+37*round {
				if err := cmd.Process.Kill(); err != nil {
					t.Fatal(err)
				}
			}
		}
		kill.Stop()
		cmd.Wait() //nolint:errcheck // it was killed
		r, err := f.verify(os.DirFS(f.dir))
		if err != nil {
			t.Fatalf("round %d: after the kill: %v", round, err)
		}
		if r.Actions[audit.Publish] < acknowledged {
			t.Fatalf("round %d: %d records were acknowledged, %d are there", round, acknowledged, r.Actions[audit.Publish])
		}
	}
	f.signer, err = note.NewSigner(skey)
	if err != nil {
		t.Fatal(err)
	}
	if err := f.open(t).Close(); err != nil {
		t.Fatal(err)
	}
	r, err := f.verify(os.DirFS(f.dir))
	if err != nil || r.Torn != 0 || r.Signed != r.Records || r.Actions[audit.LogOpen] != rounds+1 {
		t.Errorf("%+v, %v", r, err)
	}
}
