package eventbus

import (
	"context"
	"time"
)

// claims is the reader's memory of the entries that may be taken over.
type claims struct {
	cursor string    // where the scan of the group's pending entries goes on; "" at its start
	next   time.Time // when the next scan is due
}

// A retry is an entry that this consumer put back, and when it may be taken again.
type retry struct {
	id string
	at time.Time
}

// schedule notes when entries that were put back are due, so that they needn't
// wait for the scan.
func (w *worker) schedule(retries []retry) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.due = append(w.due, retries...)
}

// untilClaim returns how long the reader may wait for new entries.
func (w *worker) untilClaim() time.Duration {
	w.mu.Lock()
	defer w.mu.Unlock()
	at := w.claims.next
	for _, r := range w.due {
		if r.at.Before(at) {
			at = r.at
		}
	}
	return time.Until(at)
}

func (w *worker) claimDue() bool { return w.untilClaim() <= 0 }

// takeDue removes the retries that are due and returns the lowest id and their number.
func (w *worker) takeDue() (from string, n int) {
	now := time.Now()
	w.mu.Lock()
	defer w.mu.Unlock()
	rest := w.due[:0]
	for _, r := range w.due {
		if r.at.After(now) {
			rest = append(rest, r)
			continue
		}
		if n == 0 || before(r.id, from) {
			from = r.id
		}
		n++
	}
	w.due = rest
	return from, n
}

// claim takes over entries whose wait is over, or whose consumer fell silent,
// into free slots.
func (w *worker) claim(ctx context.Context, free int) ([]*entry, error) {
	if from, n := w.takeDue(); n > 0 {
		_, entries, err := w.autoclaim(ctx, from, min(n, free))
		return entries, err
	}
	from := w.claims.cursor
	if from == "" {
		from = "0-0"
	}
	next, entries, err := w.autoclaim(ctx, from, free)
	if err != nil {
		return nil, err
	}
	w.claims.cursor = next
	if next == "0-0" { // all were looked at
		every := w.c.config.MinIdle / 2
		w.claims.cursor, w.claims.next = "", time.Now().Add(every-time.Duration(jitter()*float64(every)/4))
	}
	return entries, nil
}

// autoclaim takes over up to count entries that have been idle for MinIdle and
// returns where the scan goes on. Entries that stand in the group but no longer
// in the stream are lost; Redis drops them from the group, and they are counted.
func (w *worker) autoclaim(ctx context.Context, from string, count int) (next string, entries []*entry, err error) {
	c := &w.c.config
	reply, err := w.call(ctx, "claim from", claimScript, []string{w.shard.events}, c.Group, c.Name, c.MinIdle.Milliseconds(), from, count)
	if err != nil {
		return "", nil, err
	}
	parts, _ := reply.([]any)
	if len(parts) != 3 {
		return "0-0", nil, nil
	}
	next, _ = parts[0].(string)
	if vanished, _ := parts[1].([]any); len(vanished) > 0 {
		w.bus.counters.lost.Add(uint64(len(vanished)))
		w.bus.config.Logger.ErrorContext(ctx, "eventbus: entries vanished from the stream before they were handled", "stream", w.shard.events, "group", c.Group, "entries", len(vanished))
	}
	claimed, _ := parts[2].([]any)
	for _, item := range claimed {
		part, _ := item.([]any)
		if len(part) != 3 {
			continue
		}
		e := &entry{}
		e.id, _ = part[0].(string)
		e.deliveries, _ = part[1].(int64)
		e.fields(part[2])
		entries = append(entries, e)
	}
	w.bus.counters.claimed.Add(uint64(len(entries)))
	return next, w.take(entries), nil
}

// hold tells the group every third of MinIdle that the entries in the slots are
// being worked on, until stop is closed.
func (w *worker) hold(stop <-chan struct{}) {
	every := w.c.config.MinIdle / 3
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-stop:
			return
		case now := <-tick.C:
			w.holdOnce(now, every)
		}
	}
}

func (w *worker) holdOnce(now time.Time, every time.Duration) {
	const most = 500
	args := []any{w.c.config.Group, w.c.config.Name}
	flush := func() {
		if len(args) == 2 {
			return
		}
		// A failure is told by the reader and the settler; the next tick tries again.
		_, _ = w.call(context.Background(), "hold", holdScript, []string{w.shard.events}, args...)
		args = args[:2]
	}
	var ids []string
	w.mu.Lock()
	for id, e := range w.inFlight {
		hung := !e.started.IsZero() && now.Sub(e.started) > w.c.config.HandleTimeout
		if now.Sub(e.taken) >= every/2 && !hung {
			ids = append(ids, id)
		}
	}
	w.mu.Unlock()
	for _, id := range ids {
		if args = append(args, id); len(args) == 2+most {
			flush()
		}
	}
	flush()
}
