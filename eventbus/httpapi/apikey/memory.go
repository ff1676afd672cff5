package apikey

import (
	"context"
	"maps"
	"sync"
	"time"
)

// A Memory is a [Store] that lives as long as the process.
type Memory struct {
	mu   sync.Mutex
	keys map[string]Key
	used map[string]time.Time
}

var _ Store = (*Memory)(nil)

// NewMemory returns an empty store.
func NewMemory() *Memory { return &Memory{keys: map[string]Key{}, used: map[string]time.Time{}} }

// Get implements [Store].
func (m *Memory) Get(_ context.Context, id string) (Key, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	k, ok := m.keys[id]
	if !ok {
		return Key{}, ErrNoKey
	}
	return k, nil
}

// Put implements [Store].
func (m *Memory) Put(_ context.Context, k Key) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.keys[k.ID] = k
	return nil
}

// List implements [Store].
func (m *Memory) List(context.Context) ([]Key, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return sorted(m.keys), nil
}

// Used implements [Store].
func (m *Memory) Used(_ context.Context, id string, at time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.used[id] = at.UTC().Truncate(time.Second)
	return nil
}

// LastUsed implements [Store].
func (m *Memory) LastUsed(context.Context) (map[string]time.Time, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return maps.Clone(m.used), nil
}
