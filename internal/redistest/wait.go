package redistest

import (
	"testing"
	"time"
)

// Wait polls until ok holds: nothing tells of what goes on in other processes.
func Wait(t testing.TB, what string, ok func() bool) {
	t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	deadline := time.After(5 * time.Minute) // a busy machine takes long
	for !ok() {
		select {
		case <-deadline:
			t.Fatalf("redistest: waited in vain for %s", what)
		case <-tick.C:
		}
	}
}
