package etl

import (
	"context"
	"errors"
	"fmt"
	"path"
	"slices"
	"time"

	"github.com/carebus/carebus/schema"
)

// adoptNext carries out the plan behind the cursor if there is one in the lake;
// nil says that there is none.
func (c *carrier) adoptNext(ctx context.Context, cursor schema.Cursor, previous link) (*commit, error) {
	n := cursor.Plan + 1
	p, ids, sum, err := c.plan(ctx, n)
	if errors.Is(err, ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if p.After != cursor.Last {
		return nil, fmt.Errorf("%w: %s %d doesn't begin at the cursor", ErrPlan, p.Log, n)
	}
	c.status.update(func(s *LogStatus) { s.State = StateWriting })
	entries, sameHistory, err := c.entriesOf(ctx, p, ids)
	if err != nil {
		return nil, err
	}
	objects, refused, found, err := c.rebuild(p, ids, entries, sameHistory)
	if err != nil {
		return nil, err
	}
	why := toPut
	if len(ids) > 0 && len(entries) == 0 {
		if why, err = c.absence(ctx, cursor, sum); err != nil {
			return nil, err
		}
	}
	results, err := c.putAll(ctx, p, sum, objects, ids, why)
	if err != nil {
		return nil, err
	}
	if err := c.amend(ctx, p, sum, results, refused); err != nil {
		return nil, err
	}
	return c.done(p, sum, results, refused, found, true), nil
}

// othersTime is how long a plan without any entry in the log is left to another
// bus.
const othersTime = 10 * time.Second

// absence says why objects may be missing of the plan behind the cursor, which has
// none of its entries in the log, so that what this writer could put is empty. A
// plan behind that one says that all of them were there: the log begins anew, and
// retention took them. Else the plan may be another bus's. Where the log tells its
// history, what the other then lacks becomes a late plan of its.
func (c *carrier) absence(ctx context.Context, cursor schema.Cursor, sum string) (absence, error) {
	_, err := c.get(ctx, c.layout.plan(c.log.Name(), cursor.Plan+2))
	if !errors.Is(err, ErrNotFound) {
		return expired, err
	}
	history, err := c.history(ctx, cursor)
	if err != nil || history != "" {
		return toPut, err
	}
	now := c.config.Now()
	if c.othersPlan != sum {
		c.othersPlan, c.othersSince = sum, now
	}
	if now.Sub(c.othersSince) < othersTime {
		return others, nil
	}
	return toPut, nil
}

// entriesOf reads the entries of a plan. Those that the log no longer has are
// absent from the result. same says that the log's history is still the plan's,
// so that the entries are those which the plan was made of.
//
// An entry of the plan's range that isn't among the plan's would be passed over
// for good. Where the history is another, and the log tells it, reconcile carries
// what was; else the plan is of a log of the same name elsewhere, and refused.
func (c *carrier) entriesOf(ctx context.Context, p *Plan, ids []entryID) (entries map[entryID]schema.Entry, same bool, err error) {
	entries, same = make(map[entryID]schema.Entry, len(ids)), true
	if len(ids) == 0 {
		return entries, same, nil
	}
	after, foreign := p.After, false
	if p.Late {
		after = ids[0].before().String()
	}
	err = c.scan(ctx, after, ids[len(ids)-1], func(e schema.Entry, id entryID, history string) error {
		entries[id] = e
		same = same && history == p.History
		_, planned := slices.BinarySearchFunc(ids, id, entryID.compare)
		foreign = foreign || !planned && !p.Late && (same || history == "")
		return nil
	})
	if err == nil && foreign {
		err = fmt.Errorf("%w: %s %d passes over entries that the log has: another bus fills this lake, too; give each a lake, or a prefix, of its own", ErrPlan, p.Log, p.Number)
	}
	return entries, same, err
}

// scan reads the log behind the id after up to the id last.
func (c *carrier) scan(ctx context.Context, after string, last entryID, visit func(e schema.Entry, id entryID, history string) error) error {
	at, _ := parseID(after)
	for at.less(last) {
		got, history, err := c.read(ctx, after, maxChunk)
		if err != nil {
			return err
		}
		for _, e := range got {
			id, ok := parseID(e.ID)
			if !ok || after != "" && !at.less(id) {
				return fmt.Errorf("%w: %s", errDisorder, c.log.Name())
			}
			after, at = e.ID, id
			if last.less(id) {
				return nil
			}
			if err := visit(e, id, history); err != nil {
				return err
			}
		}
		if len(got) == 0 {
			break
		}
	}
	return nil
}

// rebuild makes the objects of a plan anew, with the rows and in the order that
// the plan gives them. What can't be made is left out: refused says why, for
// entries that the log still has. found says what was scrubbed in the rows. If
// the log's history is another than the plan's, an entry may be another event by
// now, which must not get into a partition that isn't its own: it is left to a
// late plan.
func (c *carrier) rebuild(p *Plan, ids []entryID, entries map[entryID]schema.Entry, sameHistory bool) (_ []*object, refused map[int]refusal, found map[string]int, _ error) {
	encoder, err := c.encoder(p)
	if err != nil {
		return nil, nil, nil, err
	}
	reasons := p.reasons()
	refused, found = map[int]refusal{}, map[string]int{}
	var text []byte
	objects := make([]*object, len(p.Objects))
	for k := range p.Objects {
		o := &object{}
		quarantine := c.layout.isQuarantine(p.Objects[k].Key)
		for _, i := range p.Objects[k].entries {
			e, ok := entries[ids[i]]
			if !ok {
				continue
			}
			if quarantine {
				row := quarantineRow(ids[i], reasons[i], len(e.Data), c.config.Environment)
				o.lines = row.AppendJSON(o.lines)
				o.entries = append(o.entries, i)
				continue
			}
			var r Record
			var f refusal
			r, text, f = c.build.read(e, ids[i], text[:0])
			if f != (refusal{}) {
				refused[i] = f
				continue
			}
			if !sameHistory && !c.belongs(&r, p.Objects[k].Key) {
				continue
			}
			addCounts(found, r.found)
			row := r.row()
			o.lines = row.AppendJSON(o.lines)
			o.entries = append(o.entries, i)
		}
		if err := o.finish(encoder); err != nil {
			return nil, nil, nil, err
		}
		objects[k] = o
	}
	return objects, refused, found, nil
}

// belongs reports whether a record's row may stand in the object of a key.
func (c *carrier) belongs(r *Record, key string) bool {
	folder := c.build.partition([]byte(c.layout.table(r.Table)), r)
	return path.Dir(key) == string(folder)
}
