// Package sleep is [time.Sleep] that heeds a context.
package sleep

import (
	"context"
	"time"
)

// For waits for d, or until ctx is done, and reports whether ctx is still on.
func For(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	}
	return ctx.Err() == nil
}
