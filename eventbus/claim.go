package eventbus

import (
	"cmp"
	"context"
	"slices"
	"time"
)

// claims is the reader's memory of the entries that may be taken over.
type claims struct {
	tookOver bool   // all that others left behind has been taken
	left     string // where taking that goes on; "" at its start
	given    string // the last entry that the group was given, once all has been taken

	cursor string    // where the scan of the group's pending entries goes on; "" at its start
	next   time.Time // when the next scan is due
}

// The names that entries wait under which no consumer works on.
const (
	waiting = "~retry" // until their next try
	unbegun = "~free"  // given back by a consumer that stopped
)

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

// takeDue removes up to most of the retries that are due, those with the lowest
// ids, and returns the lowest id and their number. The others stay due.
func (w *worker) takeDue(most int) (from string, n int) {
	now := time.Now()
	w.mu.Lock()
	defer w.mu.Unlock()
	var due []retry
	rest := w.due[:0]
	for _, r := range w.due {
		if r.at.After(now) {
			rest = append(rest, r)
		} else {
			due = append(due, r)
		}
	}
	if len(due) == 0 {
		return "", 0
	}
	slices.SortFunc(due, func(a, b retry) int { return parseStreamID(a.id).compare(parseStreamID(b.id)) })
	n = min(most, len(due))
	w.due = append(rest, due[n:]...)
	return due[0].id, n
}

// claim takes over entries whose wait is over, or whose consumer fell silent,
// into free slots.
func (w *worker) claim(ctx context.Context, free int) ([]*entry, error) {
	if from, n := w.takeDue(free); n > 0 {
		_, entries, err := w.take(ctx, predecessor(from), n, w.c.config.MinIdle, "")
		return entries, err
	}
	next, entries, err := w.take(ctx, w.claims.cursor, free, w.c.config.MinIdle, "")
	if err != nil {
		return nil, err
	}
	w.claims.cursor = next
	if next == "" { // all were looked at
		every := w.c.config.MinIdle / 2
		w.claims.next = time.Now().Add(every - time.Duration(jitter()*float64(every)/4))
	}
	return entries, nil
}

// takeOver takes up to count entries that other consumers of the group, or this
// one in an earlier life, held and didn't settle. What waits for its next try
// is left to its time.
func (w *worker) takeOver(ctx context.Context, count int) ([]*entry, error) {
	next, entries, err := w.take(ctx, w.claims.left, count, 0, waiting)
	if err != nil {
		return nil, err
	}
	w.claims.left, w.claims.tookOver = next, next == ""
	return entries, nil
}

// take takes over up to count pending entries that have been idle for a time
// and aren't left to a consumer's name, and returns where to go on, "" at the
// end. Entries that stand in the group but no longer in the stream are lost;
// they are dropped from the group, and counted.
func (w *worker) take(ctx context.Context, from string, count int, idle time.Duration, except string) (next string, entries []*entry, err error) {
	keys := []string{w.shard.events}
	if w.hold != nil {
		keys = append(keys, w.hold.key)
	}
	reply, err := w.call(ctx, "claim from", claimScript, keys, w.c.config.Group, w.c.config.Name, cmp.Or(from, "-"), count, idle.Milliseconds(), except)
	if err != nil {
		return "", nil, err
	}
	parts, _ := reply.([]any)
	if len(parts) != 4 {
		return "", nil, errLeaseLost
	}
	next, _ = parts[0].(string)
	if !w.claims.tookOver {
		w.claims.given, _ = parts[3].(string)
	}
	if vanished, _ := parts[1].([]any); len(vanished) > 0 {
		w.bus.counters.lost.Add(uint64(len(vanished)))
		w.bus.config.Logger.ErrorContext(ctx, "eventbus: entries vanished from the stream before they were handled", "stream", w.shard.events, "group", w.c.config.Group, "entries", len(vanished))
	}
	claimed, _ := parts[2].([]any)
	for _, item := range claimed {
		part, _ := item.([]any)
		if len(part) != 3 {
			continue
		}
		e := &entry{claimed: true}
		e.id, _ = part[0].(string)
		e.deliveries, _ = part[1].(int64)
		e.deliveries++
		e.fields(part[2])
		entries = append(entries, e)
	}
	entries = w.seat(entries)
	w.bus.counters.claimed.Add(uint64(len(entries)))
	return next, entries, nil
}

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
		_, _ = w.call(context.Background(), "hold", holdScript, []string{w.shard.events}, args...)
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
	if w.hold != nil {
		w.hold.hung.Store(hangs)
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
