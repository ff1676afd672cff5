package schema_test

import (
	"bytes"
	"crypto/rand"
	"regexp"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/carebus/carebus/schema"
)

var uuid7 = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)

func TestIDs(t *testing.T) {
	at := time.UnixMilli(1705327402123)
	source := func() func() string {
		return schema.IDs(func() time.Time { return at }, bytes.NewReader(bytes.Repeat([]byte{0xff, 1, 2}, 100)))
	}
	a, b := source(), source()
	first := a()
	if want := "018d0d6f-1c8b-7f01-82ff-0102ff0102ff"; first != want {
		t.Errorf("got %s, want %s", first, want)
	}
	if b() != first || a() == first {
		t.Error("equal sources give other ids, or one source the same twice")
	}
	if !uuid7.MatchString(schema.NewID()) || !uuid7.MatchString(schema.IDs(time.Now, rand.Reader)()) {
		t.Error("an id is no UUID version 7")
	}
	defer func() {
		if recover() == nil {
			t.Error("a source without random bytes goes on")
		}
	}()
	schema.IDs(time.Now, bytes.NewReader(nil))()
}

// Ids sort by time and stay apart when many make them at once.
func TestNewIDConcurrently(t *testing.T) {
	const each = 1000
	source := schema.IDs(time.Now, rand.Reader)
	var mu sync.Mutex
	var all []string
	var workers sync.WaitGroup
	for range 4 {
		workers.Go(func() {
			var own []string
			for range each {
				own = append(own, schema.NewID(), source())
			}
			mu.Lock()
			defer mu.Unlock()
			all = append(all, own...)
		})
	}
	workers.Wait()
	slices.Sort(all)
	if n := len(slices.Compact(all)); n != 4*each*2 {
		t.Errorf("%d different ids of %d", n, 4*each*2)
	}
}
