package apikey

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/carebus/carebus/internal/durable"
)

// A File is a [Store] in two files: keys as JSON at its path, mode 0600, and
// beside it, with ".used" added, when they were last used. Each change replaces
// the file in one step, under a lock that other processes honour, and outlives a
// power cut once it is answered; a change by another process is seen at the next
// Get.
type File struct {
	path string

	mu   sync.Mutex
	seen os.FileInfo // of the file that keys came from
	keys map[string]Key
}

var _ Store = (*File)(nil)

// NewFile returns the store at a path. The file need not exist yet.
func NewFile(path string) *File { return &File{path: path} }

type keysFile struct {
	Format string `json:"format"`
	Keys   []Key  `json:"keys"`
}

const fileFormat = "carebus-api-keys/1"

// load reads the file unless it is the one that was read last.
func (f *File) load() error {
	info, err := os.Stat(f.path)
	if errors.Is(err, os.ErrNotExist) {
		f.keys, f.seen = map[string]Key{}, nil
		return nil
	}
	if err != nil {
		return fmt.Errorf("apikey: %w", err)
	}
	if f.seen != nil && os.SameFile(f.seen, info) && f.seen.ModTime().Equal(info.ModTime()) && f.seen.Size() == info.Size() {
		return nil
	}
	b, err := os.ReadFile(f.path)
	if err != nil {
		return fmt.Errorf("apikey: %w", err)
	}
	var file keysFile
	if json.Unmarshal(b, &file) != nil || file.Format != fileFormat {
		return errors.New("apikey: the file of keys is damaged")
	}
	keys := map[string]Key{}
	for _, k := range file.Keys {
		keys[k.ID] = k
	}
	f.keys, f.seen = keys, info
	return nil
}

// Get implements [Store].
func (f *File) Get(_ context.Context, id string) (Key, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := f.load(); err != nil {
		return Key{}, err
	}
	k, ok := f.keys[id]
	if !ok {
		return Key{}, ErrNoKey
	}
	return k, nil
}

// List implements [Store].
func (f *File) List(context.Context) ([]Key, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := f.load(); err != nil {
		return nil, err
	}
	return sorted(f.keys), nil
}

func sorted(keys map[string]Key) []Key {
	return slices.SortedFunc(maps.Values(keys), func(a, b Key) int {
		if c := a.Created.Compare(b.Created); c != 0 {
			return c
		}
		if a.ID < b.ID {
			return -1
		}
		return 1
	})
}

// Put implements [Store].
func (f *File) Put(_ context.Context, k Key) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	return locked(f.path+".lock", func() error {
		f.seen = nil // whatever was seen, read again under the lock
		if err := f.load(); err != nil {
			return err
		}
		f.keys[k.ID] = k
		f.seen = nil
		return replace(f.path, keysFile{fileFormat, sorted(f.keys)})
	})
}

// Used implements [Store].
func (f *File) Used(_ context.Context, id string, at time.Time) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	return locked(f.path+".lock", func() error {
		used, err := f.lastUsed()
		if err != nil {
			return err
		}
		used[id] = at.UTC().Truncate(time.Second)
		return replace(f.path+".used", used)
	})
}

// LastUsed implements [Store].
func (f *File) LastUsed(context.Context) (map[string]time.Time, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.lastUsed()
}

func (f *File) lastUsed() (map[string]time.Time, error) {
	used := map[string]time.Time{}
	b, err := os.ReadFile(f.path + ".used")
	if errors.Is(err, os.ErrNotExist) {
		return used, nil
	}
	if err != nil {
		return nil, fmt.Errorf("apikey: %w", err)
	}
	if json.Unmarshal(b, &used) != nil {
		return map[string]time.Time{}, nil // it is of no weight and is begun anew
	}
	return used, nil
}

// locked calls do while holding the lock of a file.
func locked(path string, do func() error) error {
	lock, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return fmt.Errorf("apikey: %w", err)
	}
	defer lock.Close() //nolint:errcheck // that is what unlocks it
	if err := lockFile(lock); err != nil {
		return fmt.Errorf("apikey: lock the keys: %w", err)
	}
	return do()
}

// replace writes v as JSON to path in one step, which outlives a power cut.
func replace(path string, v any) error {
	b, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return fmt.Errorf("apikey: encode: %w", err)
	}
	if err := durable.WriteFile(filepath.Dir(path), filepath.Base(path), append(b, '\n')); err != nil {
		return fmt.Errorf("apikey: %w", err)
	}
	return nil
}
