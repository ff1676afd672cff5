// Package output collects what tests are told. It is for tests alone.
package output

import (
	"bytes"
	"sync"
)

// A Buffer collects what a process or a logger writes, and can be read
// meanwhile. Its zero value is empty and ready. It is safe for concurrent use.
type Buffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

// Write appends p; it never fails.
func (b *Buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

// String returns what was written so far.
func (b *Buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}
