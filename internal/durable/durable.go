// Package durable writes files so that they outlive a crash and a power cut.
package durable

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
)

// tornExt is added to the name of a file that isn't in its place yet; a number follows.
const tornExt = ".tmp"

// sync is replaced by tests, which see what is forced to the disk, and when.
var sync = (*os.File).Sync

// WriteFile replaces a file in one step: whoever reads sees the old content or
// the new one, and after it has returned nil the new one, also after a power
// cut. The file's mode is 0600. Writers of one file must take turns.
func WriteFile(dir, name string, data []byte) error {
	tmp, err := os.CreateTemp(dir, name+tornExt)
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name()) //nolint:errcheck // it was renamed if all went well
	_, err = tmp.Write(data)
	if err == nil {
		err = sync(tmp)
	}
	if cerr := tmp.Close(); err == nil {
		err = cerr
	}
	if err == nil {
		err = os.Rename(tmp.Name(), filepath.Join(dir, name))
	}
	if err != nil {
		return err
	}
	return SyncDir(dir)
}

// RemoveTorn removes what WriteFile left of a file where a crash ended it.
func RemoveTorn(dir, name string) error {
	torn, err := fs.Glob(os.DirFS(dir), name+tornExt+"*")
	for _, t := range torn {
		err = errors.Join(err, os.Remove(filepath.Join(dir, t)))
	}
	return err
}

// SyncDir makes the names in a folder durable: those of files that were made,
// renamed or removed. Windows, which refuses to, keeps them in its journal.
func SyncDir(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close() //nolint:errcheck // it was only read
	return sync(d)
}
