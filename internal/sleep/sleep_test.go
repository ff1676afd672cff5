package sleep

import (
	"context"
	"testing"
	"testing/synctest"
	"time"
)

func TestFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if !For(ctx, time.Second) || time.Since(began) != time.Second {
			t.Errorf("it took %v", time.Since(began))
		}
		if For(ctx, time.Hour) || time.Since(began) != time.Minute {
			t.Errorf("with a context that ends it took %v", time.Since(began))
		}
		if For(ctx, 0) || For(ctx, -1) {
			t.Error("a context that is done is on")
		}
	})
}
