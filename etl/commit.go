package etl

import (
	"context"
	"fmt"
	"maps"
	"time"

	"github.com/carebus/carebus/schema"
)

// A commit is what is known of a plan that is carried out.
type commit struct {
	next   schema.Cursor
	report Commit
	at     time.Time // publishing time of the last entry
	link   link
}

// A link is what a plan needs to know of the one before.
type link struct {
	hash    string // of the plan before; "" at the start of a chain
	history string
	more    bool
	guard   *PlanGuard
}

func (p *Plan) link(sum string) link { return link{sum, p.History, p.More, p.Guard} }

// write puts a batch into the lake: its plan, and then its objects.
func (c *carrier) write(ctx context.Context, p *Plan, b *batch) (*commit, error) {
	c.status.update(func(s *LogStatus) { s.State = StateWriting })
	ctx, end := c.telemetry.write(ctx, b)
	defer end()
	raw, sum, err := p.encode()
	if err != nil {
		return nil, err
	}
	key := c.layout.plan(p.Log, p.Number)
	exists, err := c.put(ctx, Object{Key: key, Body: raw, ContentType: "application/json", SHA256: sum})
	if err != nil {
		return nil, err
	}
	if exists { // another writer's plan, or this one's put twice
		winner, err := c.get(ctx, key)
		if err != nil {
			return nil, err
		}
		if hashHex(winner) != sum {
			return nil, errSuperseded
		}
	}
	results, err := c.putAll(ctx, p, sum, b.objects, b.ids, toPut)
	if err != nil {
		return nil, err
	}
	if err := c.amend(ctx, p, sum, results, nil); err != nil {
		return nil, err
	}
	return c.done(p, sum, results, nil, b.found, false), nil
}

// done sums up a plan whose objects are in the lake.
func (c *carrier) done(p *Plan, sum string, results []result, refused map[int]refusal, found map[string]int, adopted bool) *commit {
	d := &commit{
		next: schema.Cursor{Plan: p.Number, Last: p.Last}, link: p.link(sum),
		report: Commit{Log: p.Log, Plan: p.Number, Hash: sum, Last: p.Last, Adopted: adopted, Late: p.Late},
	}
	for _, q := range p.Dropped {
		set, _ := parseSet(q.Entries, p.Entries)
		d.report.Dropped += len(set)
	}
	d.report.Transforms = p.transforms()
	if len(found) > 0 {
		d.report.Scrubbed = maps.Clone(found)
	}
	if last, ok := parseID(p.Last); ok {
		d.at = last.published()
	}
	for i, o := range p.Objects {
		r := results[i]
		for _, m := range r.missing {
			if _, ok := refused[m]; !ok {
				d.report.Lost++
			}
		}
		d.report.Objects = append(d.report.Objects, ObjectStats{Key: o.Key, Rows: r.rows, Bytes: r.bytes})
		if c.layout.isQuarantine(o.Key) {
			d.report.Quarantined += r.rows
			continue
		}
		d.report.Rows += r.rows
		if r.bytes == 0 {
			d.report.Found += r.rows
		}
	}
	return d
}

// commit moves the cursor.
func (c *carrier) commit(ctx context.Context, d *commit) error {
	ok, err := c.log.Commit(ctx, d.next)
	if err != nil {
		c.unsure = d
		return fmt.Errorf("%w: %s: %w", errLog, c.log.Name(), err)
	}
	if !ok {
		return errSuperseded
	}
	c.finish(d)
	return nil
}

// settle finds out about a commit whose answer was lost.
func (c *carrier) settle(cursor schema.Cursor) {
	if d := c.unsure; d != nil && cursor.Plan >= d.next.Plan {
		c.finish(d)
	}
	c.unsure = nil
}

// finish tells status, telemetry and Config.OnCommit of a plan that is committed.
func (c *carrier) finish(d *commit) {
	c.progress, c.carried = true, true
	now := c.config.Now()
	c.status.noteCommit(d.at, now)
	c.status.countTransforms(d.report.Transforms)
	bytes := 0
	c.status.update(func(s *LogStatus) {
		s.Plan, s.Last, s.LastCommit, s.LastError = d.next.Plan, d.next.Last, now, ""
		s.Plans++
		s.Rows += uint64(d.report.Rows)
		s.Found += uint64(d.report.Found)
		s.Quarantined += uint64(d.report.Quarantined)
		s.Dropped += uint64(d.report.Dropped)
		s.Lost += uint64(d.report.Lost)
		if d.report.Late {
			s.HistoryChanges++
			s.Late += uint64(d.report.Rows)
		}
		for _, o := range d.report.Objects {
			if o.Rows > 0 {
				s.Objects++
			}
			s.Bytes += uint64(o.Bytes)
			bytes += o.Bytes
		}
	})
	c.status.countStored(now, d.report.Rows-d.report.Found, bytes)
	c.telemetry.recordCommit(d.report, d.at, now)
	if c.config.OnCommit != nil {
		c.config.OnCommit(d.report)
	}
}
