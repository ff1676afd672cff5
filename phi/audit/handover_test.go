package audit_test

import (
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"golang.org/x/mod/sumdb/note"

	"github.com/carebus/carebus/phi/audit"
)

// A handingOver is a signer that has something done when Open looks at it.
type handingOver struct {
	note.Signer
	do func()
}

func (s handingOver) Name() string {
	s.do()
	return s.Signer.Name()
}

// A writer that takes a log over goes on from where the one before ended, also
// when that began an epoch and let go while the next was opening.
func TestHandover(t *testing.T) {
	f := newFixture(t)
	first := f.open(t)
	handOver := sync.OnceFunc(func() {
		if err := errors.Join(first.Rotate(), first.Close()); err != nil {
			t.Error(err)
		}
	})
	next, err := audit.Open(audit.Config{Dir: f.dir, Signer: handingOver{f.signer, handOver}})
	if errors.Is(err, audit.ErrLocked) {
		handOver()
		next = f.open(t)
	} else if err != nil {
		t.Fatal(err)
	}
	fill(t, next, 3, 1)
	if err := next.Close(); err != nil {
		t.Fatal(err)
	}
	if r, err := f.verify(os.DirFS(f.dir)); err != nil {
		t.Errorf("%+v %v", r, err)
	}
}

// A crash may leave a state that wasn't in its place yet. It holds a key, which
// must not outlive its epoch.
func TestOpenRemovesTornState(t *testing.T) {
	f := newFixture(t)
	torn := filepath.Join(f.dir, "state.json.tmp123")
	if err := os.WriteFile(torn, f.key, 0o600); err != nil {
		t.Fatal(err)
	}
	l := f.open(t)
	if _, err := os.Stat(torn); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the torn state is still there: %v", err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := f.verify(os.DirFS(f.dir)); err != nil {
		t.Error(err)
	}
}
