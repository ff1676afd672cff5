package eventbus

import (
	"cmp"
	"context"
	"time"
)

// claims is the reader's memory of the entries that may be taken over.
type claims struct {
	tookOver bool   // all that others left behind has been taken
	left     string // where taking that goes on; "" at its start
	given    string // the last entry that the group was given, once all has been taken

	cursor string    // where the scan of the group's pending entries goes on; "" at its start
	next   time.Time // when the next scan is due
	sweep  time.Time // when consumers that died are looked for next

	// Of looks, see look.
	lookNext time.Time // when the next one is due
	lookFrom string    // where it goes on; "" at its start
	looks    int       // so many came to their end
}

// The names that entries wait under which no consumer works on.
const (
	waiting = "~retry" // until their next try
	unbegun = "~free"  // given back by a consumer that stopped
)

// claimMost is how many retries one call asks for, so that the server isn't held up.
const claimMost = 1000

// schedule notes when entries are due that wait for their next try, so that they
// needn't wait for the scan.
func (w *worker) schedule(all []retry) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, r := range all {
		w.retries.add(r)
	}
}

// untilClaim returns how long the reader may wait for new entries.
func (w *worker) untilClaim() time.Duration {
	wait := time.Until(w.claims.next)
	if w.mustLook() {
		wait = min(wait, time.Until(w.claims.lookNext))
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if at, ok := w.retries.next(); ok {
		wait = min(wait, at-time.Since(clockStart))
	}
	return wait
}

// takeDue removes up to most of the retries that are due, those with the lowest
// ids. The others stay due.
func (w *worker) takeDue(most int) []retry {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.retries.take(time.Since(clockStart), most)
}

// claim takes over entries whose consumer fell silent, or else whose wait is over,
// into free slots.
func (w *worker) claim(ctx context.Context, free int) ([]*entry, error) {
	if time.Until(w.claims.next) <= 0 {
		if entries, err := w.scan(ctx, free); err != nil || len(entries) > 0 {
			return entries, err
		}
	}
	if w.mustLook() && time.Until(w.claims.lookNext) <= 0 {
		if entries, err := w.look(ctx, free); err != nil || len(entries) > 0 {
			return entries, err
		}
	}
	due := w.takeDue(min(free, claimMost))
	if len(due) == 0 {
		return nil, nil
	}
	ids := make([]any, len(due))
	for i, r := range due {
		ids[i] = r.id.String()
	}
	_, entries, err := w.take(ctx, claiming{count: free, idle: w.c.config.MinIdle, ids: ids})
	if err != nil {
		w.schedule(due)
	}
	return entries, err
}

// scan goes on looking through the group's pending entries.
func (w *worker) scan(ctx context.Context, free int) ([]*entry, error) {
	next, entries, err := w.take(ctx, claiming{from: w.claims.cursor, count: free, idle: w.c.config.MinIdle})
	if err != nil {
		return nil, err
	}
	w.claims.cursor = next
	if next == "" { // all were looked at
		w.claims.next = soon(w.c.config.MinIdle / 2)
		if time.Until(w.claims.sweep) <= 0 {
			w.claims.sweep = soon(sweepAfter)
			w.sweep(ctx, sweepAfter)
		}
	}
	return entries, nil
}

// sweepAfter is how long nothing has been heard of a consumer whose name is removed.
const sweepAfter = time.Hour

// sweep removes the names of consumers that died. A failure is none: they only take
// up room, and another sweep comes.
func (w *worker) sweep(ctx context.Context, after time.Duration) {
	_, _ = w.call(ctx, "sweep", sweepScript, []string{w.shard.events}, w.c.config.Group, after.Milliseconds())
}

// soon returns the time after so long, or up to a quarter less, so that consumers
// don't meet.
func soon(every time.Duration) time.Time {
	return time.Now().Add(every - time.Duration(jitter()*float64(every)/4))
}

// look takes what waits under one of the names that no consumer works under, and is
// due. Where consumers share a shard, none but the scan would find what one of them
// put there that has gone since.
func (w *worker) look(ctx context.Context, free int) ([]*entry, error) {
	of := [...]string{unbegun, waiting}[w.claims.looks%2]
	next, entries, err := w.take(ctx, claiming{from: w.claims.lookFrom, count: free, idle: w.c.config.MinIdle, of: of})
	if err != nil {
		return nil, err
	}
	w.claims.lookFrom = next
	if next == "" { // all were looked at
		w.claims.looks++
	}
	if next == "" || len(entries) == 0 { // else there may be more
		w.claims.lookNext = soon(w.lookEvery())
	}
	return entries, nil
}

// lookEvery is how often a worker looks: beside one of four reads at most.
func (w *worker) lookEvery() time.Duration { return max(2*time.Second, 4*w.c.config.Block) }

// mustLook reports whether others may put entries back, and the scan comes so
// seldom that looks find them before it.
func (w *worker) mustLook() bool { return w.lease == nil && w.lookEvery() < w.c.config.MinIdle/2 }

// takeOver takes up to count entries that other consumers of the group, or this
// one in an earlier life, held and didn't settle. What waits for its next try
// is left to its time.
func (w *worker) takeOver(ctx context.Context, count int) ([]*entry, error) {
	next, entries, err := w.take(ctx, claiming{from: w.claims.left, count: count, except: waiting})
	if err != nil {
		return nil, err
	}
	w.claims.left, w.claims.tookOver = next, next == ""
	return entries, nil
}

// A claiming says which pending entries to take over.
type claiming struct {
	from   string        // behind this id; "" for all
	count  int           // so many at most
	idle   time.Duration // that have been idle for so long
	except string        // but none of this name
	of     string        // of this name alone; "" for all
	ids    []any         // these alone; none for all
}

// take takes over pending entries. It returns where to go on, "" at the end. Those
// that wait for their next try are scheduled. Entries that stand in the group but no
// longer in the stream are lost; they are dropped from the group, and counted.
func (w *worker) take(ctx context.Context, what claiming) (next string, entries []*entry, err error) {
	keys := []string{w.shard.events}
	if w.lease != nil {
		keys = append(keys, w.lease.key)
	}
	tell := waiting
	if w.lease == nil && len(what.ids) == 0 {
		tell = "" // what others put back they schedule themselves, and all would ask for it
	}
	largest := 0
	if w.stuck {
		largest = 8 * w.bus.config.MaxEventBytes
	}
	args := []any{w.c.config.Group, w.c.config.Name, cmp.Or(what.from, "-"), what.count, what.idle.Milliseconds(), what.except, tell, what.of, readBytes, largest}
	reply, err := w.call(ctx, "claim from", claimScript, keys, append(args, what.ids...)...)
	if err != nil {
		return "", nil, err
	}
	parts, _ := reply.([]any)
	if len(parts) != 5 {
		return "", nil, errLeaseLost
	}
	next, _ = parts[0].(string)
	if !w.claims.tookOver {
		w.claims.given, _ = parts[3].(string)
	}
	if gone, _ := parts[1].([]any); len(gone) > 0 {
		w.bus.counters.lost.Add(uint64(len(gone)))
		w.bus.config.Logger.ErrorContext(ctx, "eventbus: entries were gone from the stream before they were handled", "stream", w.shard.events, "group", w.c.config.Group, "entries", len(gone))
	}
	w.scheduleWaiting(parts[4])
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
		e.size, _ = part[2].(int64)
		entries = append(entries, e)
	}
	entries = w.seat(entries)
	w.bus.counters.claimed.Add(uint64(len(entries)))
	return next, entries, nil
}

// scheduleWaiting schedules entries of which Redis told that they wait, each with how
// long it has been idle, in milliseconds.
func (w *worker) scheduleWaiting(list any) {
	found, _ := list.([]any)
	now := time.Since(clockStart)
	all := make([]retry, 0, len(found)/2)
	for i := 0; i+1 < len(found); i += 2 {
		id, _ := found[i].(string)
		idle, _ := found[i+1].(int64)
		lacks := w.c.config.MinIdle - time.Duration(idle)*time.Millisecond
		all = append(all, retry{parseStreamID(id), now + lacks + time.Millisecond})
	}
	w.schedule(all)
}
