package etl

import (
	"context"
	"crypto/rand"
	"errors"
	"io"
	"io/fs"
	"iter"
	"os"
	"path"
	"strings"
)

var _ Store = (*DirSink)(nil)

// List yields the files whose keys begin with prefix; see [Store].
func (d *DirSink) List(ctx context.Context, prefix string) iter.Seq2[ObjectInfo, error] {
	return func(yield func(ObjectInfo, error) bool) {
		root := strings.TrimSuffix(prefix[:strings.LastIndexByte(prefix, '/')+1], "/")
		if root == "" {
			root = "."
		}
		err := fs.WalkDir(d.root.FS(), root, func(key string, e fs.DirEntry, err error) error {
			switch {
			case ctx.Err() != nil:
				return ctx.Err()
			case errors.Is(err, fs.ErrNotExist):
				return nil // deleted meanwhile, or nothing is there yet
			case err != nil:
				return err
			case e.IsDir() && e.Name() == tempDir:
				return fs.SkipDir
			case e.IsDir() || !strings.HasPrefix(key, prefix) || CheckKey(key) != nil:
				return nil
			}
			info, err := e.Info()
			if errors.Is(err, fs.ErrNotExist) {
				return nil
			}
			if err != nil {
				return err
			}
			if !yield(ObjectInfo{key, info.Size(), info.ModTime()}, nil) {
				return fs.SkipAll
			}
			return nil
		})
		if err != nil {
			yield(ObjectInfo{}, dirError("list", err))
		}
	}
}

// Delete overwrites a file with random bytes, flushes them to the disk, and
// removes it and the folders that it leaves empty; see [Store]. On a file system
// that writes elsewhere than it reads, such as one with snapshots, and on flash,
// the old bytes may outlast that: keep a lake on an encrypted disk.
func (d *DirSink) Delete(ctx context.Context, key string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := CheckKey(key); err != nil {
		return err
	}
	if err := d.overwrite(key); err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		return dirError("overwrite", err)
	}
	if err := d.root.Remove(key); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return dirError("delete", err)
	}
	folder := path.Dir(key)
	for folder != "." && d.root.Remove(folder) == nil {
		folder = path.Dir(folder)
	}
	return d.flush(folder)
}

func (d *DirSink) overwrite(key string) error {
	f, err := d.root.OpenFile(key, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	defer f.Close() //nolint:errcheck // Sync has told
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if _, err := io.CopyN(f, rand.Reader, info.Size()); err != nil {
		return err
	}
	return f.Sync()
}
