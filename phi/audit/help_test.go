package audit_test

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"

	"golang.org/x/mod/sumdb/note"

	"github.com/carebus/carebus/phi/audit"
)

const origin = "example.com/carebus/test"

// A bench is a log's folder and all the keys.
type fixture struct {
	dir       string
	key       []byte
	signer    note.Signer
	verifiers note.Verifiers
}

func newFixture(t testing.TB) *fixture {
	t.Helper()
	f := &fixture{dir: t.TempDir(), key: audit.NewKey()}
	skey, vkey, err := audit.GenerateSigningKey(origin)
	if err != nil {
		t.Fatal(err)
	}
	if f.signer, err = note.NewSigner(skey); err != nil {
		t.Fatal(err)
	}
	v, err := note.NewVerifier(vkey)
	if err != nil {
		t.Fatal(err)
	}
	f.verifiers = note.VerifierList(v)
	if err := audit.Create(f.dir, origin, f.key); err != nil {
		t.Fatal(err)
	}
	return f
}

func (f *fixture) open(t testing.TB, change ...func(*audit.Config)) *audit.Log {
	t.Helper()
	c := audit.Config{Dir: f.dir, Signer: f.signer}
	for _, ch := range change {
		ch(&c)
	}
	l, err := audit.Open(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() }) //nolint:errcheck // the test is over
	return l
}

// fill appends n records, each in a call of its own, and signs after every step.
func fill(t testing.TB, l *audit.Log, n, step int) {
	t.Helper()
	for i := range n {
		if err := l.Append(audit.Record{Action: audit.Publish, Outcome: audit.OK, Actor: "key/abc", Object: "user.created", Count: i}); err != nil {
			t.Fatal(err)
		}
		if step > 0 && i%step == step-1 {
			if err := l.Checkpoint(); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func (f *fixture) verify(fsys fs.FS, change ...func(*audit.VerifyConfig)) (audit.Report, error) {
	c := audit.VerifyConfig{Origin: origin, Verifiers: f.verifiers, Key: f.key}
	for _, ch := range change {
		ch(&c)
	}
	return audit.Verify(context.Background(), fsys, c)
}

// snapshot reads the files of a log into memory, to tamper with.
func (f *fixture) snapshot(t testing.TB) fstest.MapFS {
	t.Helper()
	entries, err := os.ReadDir(f.dir)
	if err != nil {
		t.Fatal(err)
	}
	m := fstest.MapFS{}
	for _, e := range entries {
		b, err := os.ReadFile(filepath.Join(f.dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		m[e.Name()] = &fstest.MapFile{Data: b}
	}
	return m
}
