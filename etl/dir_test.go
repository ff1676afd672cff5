package etl

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

func openDir(t testing.TB, path string) *DirSink {
	t.Helper()
	d, err := Dir(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return d
}

func TestDirLeavesNoTemporaryFiles(t *testing.T) {
	path := t.TempDir()
	d := openDir(t, path)
	for range 2 {
		_ = d.PutIfAbsent(t.Context(), Object{Key: "a/b/c", Body: []byte("x")})
	}
	var files []string
	_ = filepath.WalkDir(path, func(p string, e fs.DirEntry, err error) error {
		if e.Type().IsRegular() {
			files = append(files, strings.TrimPrefix(p, path))
		}
		return err
	})
	if len(files) != 1 || files[0] != "/a/b/c" {
		t.Errorf("files %q", files)
	}
}

// TestDirSweepsOldTemporaryFiles: those of a writer that is dead, and nothing else.
func TestDirSweepsOldTemporaryFiles(t *testing.T) {
	path := t.TempDir()
	openDir(t, path)
	temp := filepath.Join(path, tempDir)
	old := time.Now().Add(-25 * time.Hour)
	for name, at := range map[string]time.Time{"put-old": old, "put-new": time.Now(), "other-old": old} {
		if err := os.WriteFile(filepath.Join(temp, name), []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(filepath.Join(temp, name), at, at); err != nil {
			t.Fatal(err)
		}
	}
	openDir(t, path)
	for name, want := range map[string]bool{"put-old": false, "put-new": true, "other-old": true} {
		if _, err := os.Stat(filepath.Join(temp, name)); (err == nil) != want {
			t.Errorf("%s: %v, want it there: %v", name, err, want)
		}
	}
}

// TestDirSurvivesALostTemporaryFolder: someone tidied up.
func TestDirSurvivesALostTemporaryFolder(t *testing.T) {
	path := t.TempDir()
	d := openDir(t, path)
	if err := os.RemoveAll(filepath.Join(path, tempDir)); err != nil {
		t.Fatal(err)
	}
	if err := d.PutIfAbsent(t.Context(), Object{Key: "a", Body: []byte("x")}); err != nil {
		t.Error(err)
	}
}

// TestDirFollowsNoLinkOut: a symbolic link in the lake leads nowhere else.
func TestDirFollowsNoLinkOut(t *testing.T) {
	path, outside := t.TempDir(), t.TempDir()
	d := openDir(t, path)
	if err := os.Symlink(outside, filepath.Join(path, "events")); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(outside, "secret"), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := d.PutIfAbsent(t.Context(), Object{Key: "events/k", Body: []byte("x")}); err == nil {
		t.Error("PutIfAbsent went through a symbolic link")
	}
	if b, err := d.Get(t.Context(), "events/secret"); err == nil {
		t.Errorf("Get went through a symbolic link: %q", b)
	}
	if entries, _ := os.ReadDir(outside); len(entries) != 1 {
		t.Errorf("%d files outside", len(entries))
	}
}

func TestDirFilesAreTheOwnersAlone(t *testing.T) {
	path := t.TempDir()
	d := openDir(t, path)
	if err := d.PutIfAbsent(t.Context(), Object{Key: "a/b", Body: []byte("x")}); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]fs.FileMode{"a": 0o700, "a/b": 0o600} {
		if info, err := os.Stat(filepath.Join(path, name)); err != nil || info.Mode().Perm() != want {
			t.Errorf("%s: %v, %v, want %v", name, info.Mode().Perm(), err, want)
		}
	}
}

func TestDirOfNoFolder(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{file, filepath.Join(file, "below")} {
		if _, err := Dir(path); !errors.Is(err, ErrPermanent) {
			t.Errorf("Dir(%s) = %v, want ErrPermanent", filepath.Base(path), err)
		}
	}
	d := openDir(t, t.TempDir())
	d.Close()
	if err := d.PutIfAbsent(t.Context(), Object{Key: "a"}); !errors.Is(err, ErrPermanent) {
		t.Errorf("PutIfAbsent after Close = %v", err)
	}
}

// A folder that can't be written to is told at once; a link in the place of the
// temporary files that leads nowhere is no reason to try for ever.
func TestDirChecks(t *testing.T) {
	path := t.TempDir()
	d := openDir(t, path)
	if err := d.Check(t.Context()); err != nil {
		t.Fatal(err)
	}
	temp := filepath.Join(path, tempDir)
	if left, err := os.ReadDir(temp); err != nil || len(left) > 0 {
		t.Errorf("it left %v, %v", left, err)
	}
	if err := os.Remove(temp); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(temp, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := d.Check(t.Context()); !errors.Is(err, ErrPermanent) {
		t.Errorf("no folder: %v", err)
	}
	if err := os.Remove(temp); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("nowhere", temp); err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- d.Check(t.Context()) }()
	select {
	case err := <-done:
		if err == nil {
			t.Error("a link that leads nowhere is taken")
		}
	case <-time.After(10 * time.Second):
		t.Error("it tries for ever")
	}
}

func TestDirDelete(t *testing.T) {
	dir := t.TempDir()
	sink := openDir(t, dir)
	ctx := t.Context()
	for _, key := range []string{"a/b/one", "a/two"} {
		if err := sink.PutIfAbsent(ctx, Object{Key: key, Body: []byte("a secret")}); err != nil {
			t.Fatal(err)
		}
	}
	// What another name of the file shows is what stays on the disk.
	other := filepath.Join(t.TempDir(), "other")
	if err := os.Link(filepath.Join(dir, "a/b/one"), other); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := sink.Delete(ctx, "a/b/one"); err != nil {
			t.Fatal(err)
		}
	}
	if b, err := os.ReadFile(other); err != nil || string(b) == "a secret" || len(b) != 8 {
		t.Errorf("the bytes are %q, %v", b, err)
	}
	if _, err := os.Stat(filepath.Join(dir, "a/b")); !errors.Is(err, os.ErrNotExist) {
		t.Error("an empty folder is left")
	}
	if got := keysOf(t, sink); !slices.Equal(got, []string{"a/two"}) {
		t.Errorf("keys %q", got)
	}
	if err := sink.Delete(ctx, "../x"); !errors.Is(err, ErrKey) {
		t.Errorf("Delete of an invalid key = %v", err)
	}
	if err := sink.PutIfAbsent(ctx, Object{Key: "a/b/one", Body: []byte("again")}); err != nil {
		t.Error(err)
	}
}
