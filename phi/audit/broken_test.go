package audit

import (
	"errors"
	"path/filepath"
	"testing"

	"golang.org/x/mod/sumdb/note"
)

// TestBroken takes the file from under a log: no record is acknowledged, the
// error stays, and opening the log again mends it.
func TestBroken(t *testing.T) {
	dir := t.TempDir()
	skey, _, err := GenerateSigningKey("example.com/broken")
	if err != nil {
		t.Fatal(err)
	}
	signer, err := note.NewSigner(skey)
	if err != nil {
		t.Fatal(err)
	}
	if err := Create(dir, "example.com/broken", NewKey()); err != nil {
		t.Fatal(err)
	}
	for name, damage := range map[string]func(*Log){
		"segment":     func(l *Log) { l.segment.Close() },     //nolint:errcheck // to break it
		"checkpoints": func(l *Log) { l.checkpoints.Close() }, //nolint:errcheck // as above
		"folder":      func(l *Log) { l.config.Dir = filepath.Join(dir, "gone") },
	} {
		t.Run(name, func(t *testing.T) {
			l, err := Open(Config{Dir: dir, Signer: signer})
			if err != nil {
				t.Fatal(err)
			}
			before := l.Size()
			damage(l)
			record := Record{Action: Publish, Outcome: OK}
			err = l.Append(record)
			if name != "segment" && err != nil {
				t.Error(err)
			}
			if err == nil {
				err = l.Rotate()
			}
			if !errors.Is(err, ErrBroken) {
				t.Errorf("got %v", err)
			}
			for range 2 {
				if err := l.Append(record); !errors.Is(err, ErrBroken) {
					t.Errorf("got %v", err)
				}
			}
			l.Close() //nolint:errcheck // it is broken
			again, err := Open(Config{Dir: dir, Signer: signer})
			if err != nil {
				t.Fatal(err)
			}
			if again.Size() < before {
				t.Errorf("%d records of %d", again.Size(), before)
			}
			if err := again.Close(); err != nil {
				t.Error(err)
			}
		})
	}
}
