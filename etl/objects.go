package etl

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"

	"golang.org/x/sync/errgroup"
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
