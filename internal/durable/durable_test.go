package durable

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// The content is forced to the disk before it gets its name, and the name before
// the caller is told; what fails leaves the old content and nothing beside it.
func TestWriteFile(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "keys")
	disk := errors.New("the disk is full")
	real := sync
	defer func() { sync = real }()
	for _, c := range []struct {
		name string
		data string
		fail int // which sync fails, counted from 1; 0: none
		want string
	}{
		{"new", "a", 0, "a"},
		{"replaced", "b", 0, "b"},
		{"content not on the disk", "c", 1, "b"},
		{"name not on the disk", "d", 2, "d"}, // it may be there after a power cut, or not
	} {
		var seen []string // for each sync the file, and what has the name by then
		sync = func(f *os.File) error {
			what := "content"
			if info, err := f.Stat(); err == nil && info.IsDir() {
				what = "folder"
			}
			now, _ := os.ReadFile(path)
			if seen = append(seen, what+" "+string(now)); len(seen) == c.fail {
				return disk
			}
			return real(f)
		}
		before, _ := os.ReadFile(path)
		err := WriteFile(dir, "keys", []byte(c.data))
		if (c.fail > 0) != errors.Is(err, disk) {
			t.Errorf("%s: %v", c.name, err)
		}
		if want := []string{"content " + string(before), "folder " + c.data}; c.fail != 1 && !slices.Equal(seen, want) {
			t.Errorf("%s: forced to the disk: %q, want %q", c.name, seen, want)
		}
		if got, _ := os.ReadFile(path); string(got) != c.want {
			t.Errorf("%s: the file holds %q", c.name, got)
		}
		if files, _ := os.ReadDir(dir); len(files) != 1 {
			t.Errorf("%s: %d files", c.name, len(files))
		}
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
}

func TestRemoveTorn(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"keys", "keys.tmp123", "other.tmp4"} {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := RemoveTorn(dir, "keys"); err != nil {
		t.Fatal(err)
	}
	var left []string
	files, _ := os.ReadDir(dir)
	for _, f := range files {
		left = append(left, f.Name())
	}
	if !slices.Equal(left, []string{"keys", "other.tmp4"}) {
		t.Errorf("left: %q", left)
	}
}
