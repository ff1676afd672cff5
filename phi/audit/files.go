package audit

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

const (
	segmentExt    = ".jsonl"
	checkpointExt = ".checkpoints"
	stateName     = "state.json"
	lockName      = "lock"
	tornExt       = ".tmp" // of a file that isn't in its place yet; a number follows
)

// segmentName returns a segment's name without its extension.
func segmentName(first uint64) string { return fmt.Sprintf("%020d", first) }

// segments returns the first records' numbers of the segments, in order.
func segments(fsys fs.FS) ([]uint64, error) {
	entries, err := fs.ReadDir(fsys, ".")
	if err != nil {
		return nil, fmt.Errorf("audit: list the segments: %w", err)
	}
	var firsts []uint64
	for _, e := range entries {
		name, ok := strings.CutSuffix(e.Name(), segmentExt)
		if first, err := strconv.ParseUint(name, 10, 64); ok && err == nil && segmentName(first) == name {
			firsts = append(firsts, first)
		}
	}
	slices.Sort(firsts)
	return firsts, nil
}

// writeFile replaces a file in one step that survives a crash.
func writeFile(dir, name string, data []byte) error {
	tmp, err := os.CreateTemp(dir, name+tornExt)
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name()) //nolint:errcheck // it was renamed if all went well
	_, err = tmp.Write(data)
	if err == nil {
		err = tmp.Sync()
	}
	if cerr := tmp.Close(); err == nil {
		err = cerr
	}
	if err == nil {
		err = os.Rename(tmp.Name(), dir+string(os.PathSeparator)+name)
	}
	if err != nil {
		return err
	}
	return syncDir(dir)
}

// removeTorn removes what writeFile left of a file where a crash ended it.
func removeTorn(dir, name string) error {
	torn, err := fs.Glob(os.DirFS(dir), name+tornExt+"*")
	for _, t := range torn {
		err = errors.Join(err, os.Remove(filepath.Join(dir, t)))
	}
	return err
}

// syncDir makes the names in a folder durable.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close() //nolint:errcheck // it was only read
	return d.Sync()
}
