package etl

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/carebus/carebus/schema"
)

// errHistory says that the log's history changed while a session was under
// way: look again.
var errHistory = errors.New("etl: the log's history changed")

// guardAge is how long after a change of history, by the log's clock, entries
// are looked through for second tries at publishing what the lake has.
const guardAge = time.Hour

// read reads the log, and its history if it has one.
func (c *carrier) read(ctx context.Context, after string, limit int) (entries []schema.Entry, history string, err error) {
	if l, ok := c.log.(HistoryLog); ok {
		entries, history, err = l.ReadHistory(ctx, after, limit)
	} else {
		entries, err = c.log.Read(ctx, after, limit)
	}
	if err != nil {
		return nil, "", fmt.Errorf("%w: %s: %w", errLog, c.log.Name(), err)
	}
	return entries, history, nil
}

// history returns the log's history, "" if it has none.
func (c *carrier) history(ctx context.Context, cursor schema.Cursor) (string, error) {
	if _, ok := c.log.(HistoryLog); !ok {
		return "", nil
	}
	_, history, err := c.read(ctx, cursor.Last, 1)
	return history, err
}

// changed reports whether the log must be compared with the lake before the plan
// behind previous is made.
func changed(previous link, history string) bool {
	return previous.hash != "" && history != "" && (previous.history != history || previous.more)
}

// A contents is what some plans put into the lake.
type contents struct {
	// rows says of each row whether it is as planned. Others were rebuilt,
	// perhaps after the history had changed, and so prove nothing about it.
	rows   map[origin]bool
	events map[string]struct{}
}

func newContents() *contents {
	return &contents{map[origin]bool{}, map[string]struct{}{}}
}

// add adds the rows of a plan's objects that are in the lake. Without any
// object there, retention has taken the plan's rows.
func (s *contents) add(ctx context.Context, c *carrier, p *Plan) error {
	encoder, err := c.encoder(p)
	if err != nil {
		return err
	}
	for _, o := range p.Objects {
		body, err := c.get(ctx, o.Key)
		if errors.Is(err, ErrNotFound) {
			continue
		}
		if err != nil {
			return err
		}
		lines, err := decode(encoder, body)
		if err != nil {
			return fmt.Errorf("%w: %s can't be read: %w", ErrPlan, o.Key, err)
		}
		asPlanned := hashHex(lines) == o.SHA256
		rows, err := parseRows(lines)
		if err != nil {
			return fmt.Errorf("%w: %s: %w", ErrPlan, o.Key, err)
		}
		for _, r := range rows {
			s.rows[r] = asPlanned
			if r.event != "" {
				s.events[r.event] = struct{}{}
			}
		}
	}
	return nil
}

// reconcile compares what the log has at and before the cursor with the lake,
// after the history changed, and plans what the lake lacks.
//
// It goes back over the plans until one of them agrees with the log in an event
// as planned: what came before that event came before the histories parted, and
// so was carried. First it makes the ids to come greater than the cursor, so that
// nothing appears in what it has looked at.
func (c *carrier) reconcile(ctx context.Context, cursor schema.Cursor, previous link, history string) (*commit, error) {
	ok, err := c.log.(HistoryLog).Advance(ctx, history, cursor.Last)
	if err != nil {
		return nil, fmt.Errorf("%w: %s: %w", errLog, c.log.Name(), err)
	}
	if !ok {
		return nil, errHistory
	}
	first, holds, err := c.first(ctx, history)
	if err != nil {
		return nil, err
	}
	lake := newContents()
	var left []schema.Entry // candidates, oldest first
	var vanished []entryID
	n := cursor.Plan
	for agreed := false; ; n-- {
		p, ids, _, err := c.plan(ctx, n)
		if errors.Is(err, ErrNotFound) {
			n++
			break // retention took it, and so its entries left the log long ago
		}
		if err != nil {
			return nil, err
		}
		if err := lake.add(ctx, c, p); err != nil {
			return nil, err
		}
		if !p.Late {
			var entries []schema.Entry
			if entries, vanished, agreed, err = c.compare(ctx, p, ids, first, lake, history, vanished); err != nil {
				return nil, err
			}
			left = append(entries, left...)
		}
		last, _ := parseID(p.Last)
		if agreed || n == 1 || !holds || !p.Late && last.less(first) {
			break
		}
	}
	b := <-c.free
	defer func() { c.free <- b }()
	more, err := c.buildLate(b, cursor, left, lake)
	if err != nil {
		return nil, err
	}
	p := c.build.plan(b, c.layout, c.log.Name(), cursor.Plan+1, previous.hash, c.config.Policy)
	p.Late, p.History, p.More, p.Last = true, history, more, p.After
	slices.SortFunc(vanished, entryID.compare)
	p.Vanished = string(appendIDs(nil, slices.Compact(vanished)))
	p.Guard = &PlanGuard{From: n, To: cursor.Plan, Until: cursor.Last}
	if last, ok := parseID(cursor.Last); ok {
		p.Guard.Until = entryID{ms: last.ms + uint64(guardAge.Milliseconds())}.String()
	}
	if g := previous.guard; g != nil && g.From < p.Guard.From {
		p.Guard.From = g.From
	}
	c.logger.WarnContext(ctx, "etl: the log's history changed: its server was replaced or restarted",
		"plan", p.Number, "late", len(b.entries), "vanished", len(vanished), "more", more)
	return c.write(ctx, p, b)
}

// first returns the id of the log's first entry; holds is false when there is none.
func (c *carrier) first(ctx context.Context, history string) (id entryID, holds bool, err error) {
	got, h, err := c.read(ctx, "", 1)
	switch {
	case err != nil:
		return entryID{}, false, err
	case h != history:
		return entryID{}, false, errHistory
	case len(got) == 0:
		return entryID{}, false, nil
	}
	id, ok := parseID(got[0].ID)
	if !ok {
		return entryID{}, false, fmt.Errorf("%w: %s", errDisorder, c.log.Name())
	}
	return id, true, nil
}

// compare returns the entries in the range of a plan that have no row in the
// lake, adds to vanished those of the plan that the log has not and didn't
// trim, and reports whether log and lake agree in an event.
func (c *carrier) compare(ctx context.Context, p *Plan, ids []entryID, first entryID, lake *contents, history string, vanished []entryID) (
	left []schema.Entry, _ []entryID, agreed bool, err error,
) {
	last, _ := parseID(p.Last)
	there := map[entryID]bool{}
	err = c.scan(ctx, p.After, last, func(e schema.Entry, id entryID, h string) error {
		if h != history {
			return errHistory
		}
		r, _, f := c.build.read(e, id, nil)
		if f.reason != "" {
			r.ID = ""
		}
		asPlanned, found := lake.rows[origin{id, r.ID}]
		if f.reason == "" && f.transform != "" || found {
			there[id] = true
			agreed = agreed || asPlanned && r.ID != ""
			return nil
		}
		left = append(left, e)
		return nil
	})
	for _, id := range ids {
		if !there[id] && !id.less(first) {
			vanished = append(vanished, id)
		}
	}
	return left, vanished, agreed, err
}

// buildLate builds a batch of what is left over, and reports whether that is
// more than one batch takes.
func (c *carrier) buildLate(b *batch, cursor schema.Cursor, left []schema.Entry, lake *contents) (more bool, err error) {
	var entries []schema.Entry
	var ids []entryID
	size := 0
	for _, e := range left {
		id, _ := parseID(e.ID)
		r, _, f := c.build.read(e, id, nil)
		if f.reason == "" {
			if _, dup := lake.events[r.ID]; dup {
				continue // published again, or carried by a plan before
			}
		} else if _, found := lake.rows[origin{id: id}]; found {
			continue
		}
		size += len(e.Data)
		if len(entries) == c.config.BatchEvents || len(entries) > 0 && size > c.config.BatchBytes {
			more = true
			break
		}
		entries, ids = append(entries, e), append(ids, id)
	}
	c.build.seen = nil
	return more, c.build.build(b, cursor.Last, entries, ids)
}

// guard loads what the plans of a guard hold, as long as it is of use.
func (c *carrier) guard(ctx context.Context, cursor schema.Cursor, g *PlanGuard) error {
	c.build.seen, c.build.until = nil, entryID{}
	if g == nil {
		return nil
	}
	until, _ := parseID(g.Until)
	if last, _ := parseID(cursor.Last); until.less(last) {
		return nil
	}
	lake := newContents()
	for n := g.From; n <= g.To; n++ {
		p, _, _, err := c.plan(ctx, n)
		if errors.Is(err, ErrNotFound) {
			continue
		}
		if err != nil {
			return err
		}
		if err := lake.add(ctx, c, p); err != nil {
			return err
		}
	}
	c.build.seen, c.build.until = lake.events, until
	return nil
}
