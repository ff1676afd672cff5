package faults

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// A full disk takes nothing more, and something once it isn't full any more.
func TestFullDisk(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "disk")
	unmount, err := mountDisk(dir)
	if err != nil {
		t.Skip(err)
	}
	t.Cleanup(unmount)
	write := func(name string) error {
		return os.WriteFile(filepath.Join(dir, name), bytes.Repeat([]byte("x"), 1<<16), 0o600)
	}
	if err := write("before"); err != nil {
		t.Fatal(err)
	}
	if err := fillDisk(dir, true); err != nil {
		t.Fatal(err)
	}
	if err := write("full"); !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("on a full disk: %v", err)
	}
	if err := errors.Join(fillDisk(dir, false), write("after")); err != nil {
		t.Error(err)
	}
}
