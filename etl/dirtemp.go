package etl

import (
	"crypto/rand"
	"errors"
	"io/fs"
	"os"
	"path"
	"strings"
	"time"
)

// tempDir holds files that are being written. Readers of a lake pass over names
// that begin with a dot, and no key can name it.
const tempDir = ".carebus-tmp"

// tempAge is how old a file in tempDir is when its writer must be dead.
const tempAge = 24 * time.Hour

const tempPrefix = "put-"

// writeTemp writes a body to a new temporary file and flushes it.
func (d *DirSink) writeTemp(body []byte) (name string, err error) {
	f, name, err := d.createTemp()
	if err != nil {
		return "", err
	}
	defer func() {
		if err != nil {
			f.Close()
			d.root.Remove(name)
		}
	}()
	if _, err := f.Write(body); err != nil {
		return "", err
	}
	if err := f.Sync(); err != nil {
		return "", err
	}
	return name, f.Close()
}

// createTemp creates a temporary file of a name that no one else has.
func (d *DirSink) createTemp() (*os.File, string, error) {
	for made := false; ; {
		name := tempDir + "/" + tempPrefix + rand.Text()
		f, err := d.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if errors.Is(err, fs.ErrExist) {
			continue
		}
		if errors.Is(err, fs.ErrNotExist) && !made { // someone removed the folder
			made = true
			if err := d.root.Mkdir(tempDir, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
				return nil, "", err
			}
			continue
		}
		return f, name, err
	}
}

// sweepTemp removes temporary files that were last written before a time.
func (d *DirSink) sweepTemp(before time.Time) {
	entries, err := fs.ReadDir(d.root.FS(), tempDir)
	if err != nil {
		return
	}
	for _, e := range entries {
		info, err := e.Info()
		if err == nil && info.Mode().IsRegular() && info.ModTime().Before(before) && strings.HasPrefix(e.Name(), tempPrefix) {
			_ = d.root.Remove(path.Join(tempDir, e.Name()))
		}
	}
}
