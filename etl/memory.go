package etl

import (
	"context"
	"maps"
	"slices"
	"sync"
)

// A MemorySink is a [Sink] in memory, for tests. Make one with [Memory].
type MemorySink struct {
	mu      sync.RWMutex
	objects map[string]Object
}

// Memory returns an empty sink in memory.
func Memory() *MemorySink { return &MemorySink{objects: map[string]Object{}} }

// PutIfAbsent stores a copy of o; see [Sink].
func (m *MemorySink) PutIfAbsent(ctx context.Context, o Object) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := CheckKey(o.Key); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, taken := m.objects[o.Key]; taken {
		return ErrExists
	}
	o.Body = slices.Clone(o.Body)
	m.objects[o.Key] = o
	return nil
}

// Get returns a copy of the body; see [Sink].
func (m *MemorySink) Get(ctx context.Context, key string) ([]byte, error) {
	o, err := m.Object(ctx, key)
	return o.Body, err
}

// Object returns the object with what describes it, or ErrNotFound.
func (m *MemorySink) Object(ctx context.Context, key string) (Object, error) {
	if err := ctx.Err(); err != nil {
		return Object{}, err
	}
	if err := CheckKey(key); err != nil {
		return Object{}, err
	}
	m.mu.RLock()
	defer m.mu.RUnlock()
	o, ok := m.objects[key]
	if !ok {
		return Object{}, ErrNotFound
	}
	o.Body = slices.Clone(o.Body)
	return o, nil
}

// Keys returns all keys in order.
func (m *MemorySink) Keys() []string {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return slices.Sorted(maps.Keys(m.objects))
}
