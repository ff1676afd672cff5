package etl

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"runtime"
	"syscall"
	"time"
)

// A DirSink is a [Sink] in a folder of a file system: a key is a path below it.
// Make one with [Dir].
type DirSink struct {
	root *os.Root
}

// Dir returns a sink in the folder at path, which it makes when it isn't there.
//
// A body is written to a temporary file, flushed to the disk, and then linked
// to its name, which fails when the name is taken: so no name is ever
// overwritten, nor seen with half a body, through crashes and by other
// processes too. The file system must have hard links and, for several
// machines, be coherent between them.
//
// Files are readable by their owner alone. Temporary files that a crash left
// are removed by the next Dir once they are a day old. Close the sink to give
// up its handle on the folder.
func Dir(path string) (*DirSink, error) {
	if err := os.MkdirAll(path, 0o700); err != nil {
		return nil, dirError("create the folder", err)
	}
	root, err := os.OpenRoot(path)
	if err != nil {
		return nil, dirError("open the folder", err)
	}
	d := &DirSink{root}
	if err := root.Mkdir(tempDir, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		root.Close()
		return nil, dirError("write to the folder", err)
	}
	d.sweepTemp(time.Now().Add(-tempAge))
	return d, nil
}

// Check finds out whether the folder can be written to, so that a program can
// refuse to start with a clear error: [Dir] doesn't ask for that of a lake that is
// there already, which may be for reading alone.
func (d *DirSink) Check(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	temp, err := d.writeTemp([]byte("carebus"))
	if err != nil {
		return dirError("write to the folder", err)
	}
	if err := d.root.Remove(temp); err != nil {
		return dirError("write to the folder", err)
	}
	return nil
}

// Close gives up the handle on the folder.
func (d *DirSink) Close() error { return d.root.Close() }

// PutIfAbsent stores o as a file; see [Sink].
func (d *DirSink) PutIfAbsent(ctx context.Context, o Object) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := CheckKey(o.Key); err != nil {
		return err
	}
	folder := path.Dir(o.Key)
	if _, err := d.root.Lstat(o.Key); err == nil {
		return d.exists(folder)
	}
	temp, err := d.writeTemp(o.Body)
	if err != nil {
		return dirError("write", err)
	}
	defer d.root.Remove(temp)
	err = d.root.Link(temp, o.Key)
	if errors.Is(err, fs.ErrNotExist) {
		if err := d.makeFolder(folder); err != nil {
			return dirError("create a folder", err)
		}
		err = d.root.Link(temp, o.Key)
	}
	switch {
	case errors.Is(err, fs.ErrExist):
		return d.exists(folder)
	case err != nil:
		return dirError("link", err)
	}
	return d.flush(folder)
}

// exists answers that a name is taken, once that is durable: its writer may
// have crashed before it flushed the folder.
func (d *DirSink) exists(folder string) error {
	if err := d.flush(folder); err != nil {
		return err
	}
	return ErrExists
}

// makeFolder makes a folder and those above it, and flushes each new name.
func (d *DirSink) makeFolder(folder string) error {
	if folder == "." {
		return nil
	}
	err := d.root.Mkdir(folder, 0o700)
	if errors.Is(err, fs.ErrNotExist) {
		if err := d.makeFolder(path.Dir(folder)); err != nil {
			return err
		}
		err = d.root.Mkdir(folder, 0o700)
	}
	if err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return d.flush(path.Dir(folder))
}

// flush makes the names in a folder durable. Windows, which refuses to, keeps them
// in its journal.
func (d *DirSink) flush(folder string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	f, err := d.root.Open(folder)
	if err != nil {
		return dirError("open a folder", err)
	}
	defer f.Close()
	if err := f.Sync(); err != nil {
		return dirError("flush a folder", err)
	}
	return nil
}

// Get returns a file's content; see [Sink].
func (d *DirSink) Get(ctx context.Context, key string) ([]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if err := CheckKey(key); err != nil {
		return nil, err
	}
	b, err := d.root.ReadFile(key)
	switch {
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, syscall.ENOTDIR):
		return nil, ErrNotFound
	case err != nil:
		return nil, dirError("read", err)
	}
	return b, nil
}

// dirError wraps an error of the file system. What a disk or an administrator
// must mend is permanent.
func dirError(doing string, err error) error {
	for _, target := range []error{
		fs.ErrPermission, syscall.EROFS, syscall.ENOTDIR, syscall.EISDIR, syscall.ENOTSUP, syscall.ENAMETOOLONG, fs.ErrClosed,
	} {
		if errors.Is(err, target) {
			return fmt.Errorf("%w: directory sink: %s: %w", ErrPermanent, doing, err)
		}
	}
	return fmt.Errorf("etl: directory sink: %s: %w", doing, err)
}
