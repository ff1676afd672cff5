package main

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestSchema(t *testing.T) {
	s := newShell(t, "")
	dir := t.TempDir()
	released := filepath.Join(dir, "released.json")
	set := s.ok(t, "schema", "export")
	if err := os.WriteFile(released, []byte(set), 0o600); err != nil {
		t.Fatal(err)
	}
	if out := s.ok(t, "schema", "check", "-mode", "full", released); !strings.Contains(out, "full compatible") {
		t.Errorf("against itself: %s", out)
	}
	changed := filepath.Join(dir, "changed.json")
	without := strings.Replace(set, `"user.created"`, `"user.invented"`, 1)
	if err := os.WriteFile(changed, []byte(without), 0o600); err != nil {
		t.Fatal(err)
	}
	out, _, err := s.call(t, "schema", "check", "-json", released, changed)
	if !errors.Is(err, errNotWell) || !strings.Contains(out, `"user.created"`) {
		t.Errorf("a type that is gone: %v, %s", err, out)
	}
	for _, args := range [][]string{{"schema", "check"}, {"schema", "check", "-mode", "sideways", released}, {"schema", "check", filepath.Join(dir, "none")}} {
		if _, _, err := s.call(t, args...); err == nil {
			t.Errorf("%v is accepted", args)
		}
	}
	s.ok(t, "schema", "export", filepath.Join(dir, "documents"))
	if files, err := filepath.Glob(filepath.Join(dir, "documents", "*")); err != nil || len(files) == 0 {
		t.Errorf("no documents, %v", err)
	}
}
