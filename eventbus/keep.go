package eventbus

import (
	"context"
	"time"
)

// keep tells the group every third of MinIdle that the entries in the slots are
// being worked on, until stop is closed. Those that a handler hangs over, or that
// wait behind it, are left to others.
func (w *worker) keep(stop <-chan struct{}) {
	every := w.c.config.MinIdle / 3
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-stop:
			return
		case now := <-tick.C:
			w.keepOnce(now, every)
		}
	}
}

func (w *worker) keepOnce(now time.Time, every time.Duration) {
	const most = 500
	args := []any{w.c.config.Group, w.c.config.Name}
	flush := func() {
		if len(args) == 2 {
			return
		}
		// A failure is told by the reader and the settler; the next tick tries again.
		_, _ = w.call(context.Background(), "keep", keepScript, []string{w.shard.events}, args...)
		args = args[:2]
	}
	var ids []string
	stuck := 0
	tooLong := func(began time.Time) bool { return !began.IsZero() && now.Sub(began) > w.c.config.HandleTimeout }
	behind := map[string]bool{} // waits behind a handler that hangs
	hangs := false
	w.mu.Lock()
	for _, l := range w.lanes {
		if tooLong(l.began) {
			hangs = true
			l.each(func(e *entry) { behind[e.id] = true })
		}
	}
	for id, e := range w.inFlight {
		hung := tooLong(e.started)
		if hung && !e.hung {
			e.hung = true
			stuck++
		}
		if now.Sub(e.taken) >= every/2 && !hung && !behind[id] {
			ids = append(ids, id)
		}
	}
	w.mu.Unlock()
	if w.lease != nil {
		w.lease.hung.Store(hangs)
	}
	if stuck > 0 {
		w.bus.counters.hung.Add(uint64(stuck))
		w.bus.config.Logger.Error("eventbus: a handler goes on after its time and heeds no context; its events are no longer held", "stream", w.shard.events, "group", w.c.config.Group, "entries", stuck)
	}
	for _, id := range ids {
		if args = append(args, id); len(args) == 2+most {
			flush()
		}
	}
	flush()
}
