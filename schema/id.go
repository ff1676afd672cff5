package schema

import (
	"encoding/binary"
	"io"
	"sync"
	"time"

	"github.com/google/uuid"
)

// NewID returns a new event id: a UUID version 7 (RFC 9562), which sorts by
// time. Set it before the first Publish to make a retry of that Publish safe.
// It is safe for concurrent use.
func NewID() string { return uuid.Must(uuid.NewV7()).String() }

// IDs returns a source of ids as [NewID] makes them, for [Defaults] in tests:
// the time comes from now, the rest from random. With a clock and a reader that
// repeat, so do the ids. The source is safe for concurrent use when now is. It
// panics when random fails, as an id that isn't unique loses an event.
func IDs(now func() time.Time, random io.Reader) func() string {
	var mu sync.Mutex
	return func() string {
		mu.Lock()
		defer mu.Unlock()
		var id uuid.UUID
		if _, err := io.ReadFull(random, id[6:]); err != nil {
			panic("schema: the source of random bytes failed")
		}
		ms := uint64(now().UnixMilli())
		binary.BigEndian.PutUint16(id[0:], uint16(ms>>32))
		binary.BigEndian.PutUint32(id[2:], uint32(ms))
		id[6] = id[6]&0x0f | 0x70
		id[8] = id[8]&0x3f | 0x80
		return id.String()
	}
}
