package etl

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"slices"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/carebus/carebus/schema"
)

// A result is what became of an object of a plan.
type result struct {
	sum     string // SHA-256 of the rows that are in the lake, in hex
	rows    int
	bytes   int   // as stored by this writer; 0 if by another
	missing []int // entries of the plan without a row
}

// An absence is why an object of a plan may not be in the lake.
type absence int

const (
	toPut   absence = iota // nobody has put it yet
	others                 // it is another bus's to put
	expired                // it was there, and retention took it
)

// putAll puts the objects of a plan, whose JSON has the hash sum, and says what is
// in the lake then. objects stand in the order of p.Objects. Objects never change:
// what became of one is known for as long as its plan is tried, so that a store
// which fails often keeps a plan from its end only for so long.
func (c *carrier) putAll(ctx context.Context, p *Plan, sum string, objects []*object, ids []entryID, why absence) ([]result, error) {
	if c.settledOf != sum {
		c.settled, c.settledOf = make([]*result, len(objects)), sum
	}
	var g errgroup.Group
	g.SetLimit(c.config.Uploads)
	var failed atomic.Bool // begin no more; what has begun may succeed
	var settled atomic.Bool
	for i, o := range objects {
		if c.settled[i] != nil {
			continue
		}
		g.Go(func() error {
			if failed.Load() {
				return nil
			}
			r, err := c.putOne(ctx, p, &p.Objects[i], o, ids, why)
			if err != nil {
				failed.Store(true)
				return err
			}
			c.settled[i] = &r
			settled.Store(true)
			return nil
		})
	}
	err := g.Wait()
	c.progress = c.progress || settled.Load()
	if err != nil {
		return nil, err
	}
	results := make([]result, len(objects))
	for i, r := range c.settled {
		results[i] = *r
	}
	return results, nil
}

// putOne puts one object if it is toPut, or finds that it is there.
func (c *carrier) putOne(ctx context.Context, p *Plan, planned *PlanObject, o *object, ids []entryID, why absence) (result, error) {
	encoder, err := c.encoder(p)
	if err != nil {
		return result{}, err
	}
	// An object without rows is put too: it keeps a writer that had stopped
	// from putting the planned one later, behind the back of the amendment.
	exists := why != toPut
	if !exists {
		exists, err = c.put(ctx, Object{
			Key: planned.Key, Body: o.body, ContentType: encoder.ContentType(),
			Rows: len(o.entries), SHA256: o.sum, DataClass: planned.DataClass,
		})
	}
	if err != nil {
		return result{}, err
	}
	if !exists {
		return result{sum: o.sum, rows: len(o.entries), bytes: len(o.body), missing: without(planned.entries, o.entries)}, nil
	}
	body, err := c.get(ctx, planned.Key)
	switch {
	case errors.Is(err, ErrNotFound) && why == expired:
		return result{sum: planned.SHA256}, nil
	case errors.Is(err, ErrNotFound) && why == others:
		return result{}, fmt.Errorf("%w: %s: it has no entry of plan %d, which another bus may be carrying out", errLog, p.Log, p.Number)
	case err != nil:
		return result{}, err
	}
	return inspect(encoder, body, planned, ids)
}

// inspect says what an object holds that was in the lake before: the planned
// bytes, or the same rows as another writer made them.
func inspect(encoder Encoder, body []byte, planned *PlanObject, ids []entryID) (result, error) {
	lines, err := decode(encoder, body)
	if err != nil {
		return result{}, fmt.Errorf("%w: %s can't be read: %w", ErrPlan, planned.Key, err)
	}
	r := result{sum: hashHex(lines)}
	if r.sum == planned.SHA256 {
		r.rows = planned.Rows
		return r, nil
	}
	found, err := parseRows(lines)
	if err != nil {
		return result{}, fmt.Errorf("%w: %s holds other rows than planned", ErrPlan, planned.Key)
	}
	r.rows = len(found)
	for _, i := range planned.entries {
		if len(found) > 0 && found[0].id == ids[i] {
			found = found[1:]
		} else {
			r.missing = append(r.missing, i)
		}
	}
	if len(found) > 0 {
		return result{}, fmt.Errorf("%w: %s holds other rows than planned", ErrPlan, planned.Key)
	}
	return r, nil
}

// An origin says where a row came from. After a change of history an entry's id
// may be given twice, to different events.
type origin struct {
	id    entryID
	event string // "" in quarantine
}

// parseRows returns the origin of each line.
func parseRows(lines []byte) ([]origin, error) {
	var rows []origin
	for line := range bytes.Lines(lines) {
		var members struct {
			EventID  string `json:"event_id"`
			StreamID string `json:"stream_id"`
		}
		if err := json.Unmarshal(line, &members); err != nil {
			return nil, errors.New("a row is not JSON")
		}
		id, ok := parseID(members.StreamID)
		if !ok {
			return nil, errors.New("a row has no stream id")
		}
		rows = append(rows, origin{id, members.EventID})
	}
	return rows, nil
}

// without returns the elements of all that are not in some; both ascend, and
// some is part of all.
func without(all, some []int) []int {
	var rest []int
	for _, i := range all {
		if len(some) > 0 && some[0] == i {
			some = some[1:]
		} else {
			rest = append(rest, i)
		}
	}
	return rest
}

// encoder returns the Encoder of a plan's objects.
func (c *carrier) encoder(p *Plan) (Encoder, error) {
	for _, e := range slices.Concat([]Encoder{c.config.Encoder}, c.config.Readers, encoders) {
		if e.Name() == p.Codec {
			return e, nil
		}
	}
	return nil, fmt.Errorf("%w: %s %d has a codec that this pipeline doesn't know", ErrPlan, p.Log, p.Number)
}

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
