package etl

import (
	"crypto/rand"
	"errors"
	"io/fs"
	"os"
)

const tempPrefix = "put-"

// createTemp creates a temporary file of a name that no one else has.
func (d *DirSink) createTemp() (*os.File, string, error) {
	for {
		name := tempDir + "/" + tempPrefix + rand.Text()
		f, err := d.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if errors.Is(err, fs.ErrExist) {
			continue
		}
		if errors.Is(err, fs.ErrNotExist) { // someone removed the folder
			if err := d.root.Mkdir(tempDir, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
				return nil, "", err
			}
			continue
		}
		return f, name, err
	}
}
