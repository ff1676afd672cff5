package main

import (
	"context"
	"fmt"
)

// A curve is how figures change with one thing.
type curve struct {
	Name   string  `json:"name"`
	X      string  `json:"x"` // what changes
	Unit   string  `json:"unit"`
	Points []point `json:"points"`
}

// A point is the medians at one value.
type point struct {
	X       int                `json:"x"`
	Figures map[string]float64 `json:"figures"` // by contender
	order   []string
}

// curves measures all of them.
func curves(ctx context.Context, env *testbed, r *runner) ([]curve, error) {
	var all []curve
	for _, measure := range []func(context.Context, *testbed, *runner) ([]curve, error){shardCurves, sizeCurve, batchCurve, loadCurves, memoryCurve} {
		c, err := measure(ctx, env, r)
		if err != nil {
			return nil, err
		}
		all = append(all, c...)
	}
	return all, nil
}

// at measures a scenario at a value of a curve.
func (c *curve) at(ctx context.Context, r *runner, x int, m metric, s scenario) error {
	s.name = fmt.Sprintf("%s at %s %d", c.Name, c.X, x)
	outcomes, err := r.measure(ctx, s)
	if err != nil {
		return fmt.Errorf("%s: %w", s.name, err)
	}
	c.add(x, m, outcomes)
	return nil
}

func (c *curve) add(x int, m metric, outcomes []outcome) {
	p := point{X: x, Figures: map[string]float64{}}
	for _, o := range outcomes {
		p.Figures[o.contender] = spreadOfSamples(m, o.samples).Median
		p.order = append(p.order, o.contender)
	}
	c.Unit = m.unit
	c.Points = append(c.Points, p)
}

// shardCurves publish over 1 to 8 shards of one server.
func shardCurves(ctx context.Context, env *testbed, r *runner) ([]curve, error) {
	single := curve{Name: "publish_sync_64 by shards", X: "shards"}
	batch := curve{Name: "publish_batch by shards", X: "shards"}
	m := eventsPerSecond("")
	for _, shards := range []int{1, 2, 4, 8} {
		contenders := func(callers int, work func(context.Context, publisher, int) (sample, error)) scenario {
			return scenario{contenders: []contender{newContender(carebusName, func(ctx context.Context, n int) (sample, error) {
				return measurePublish(ctx, env, n, callers, work, func() (publisher, error) { return openCarebus(ctx, env, env.work, shards) })
			})}}
		}
		err := single.at(ctx, r, shards, m, contenders(syncCallers, func(ctx context.Context, p publisher, n int) (sample, error) {
			return fromCallers(ctx, syncCallers, n, 0, p.publish)
		}))
		if err != nil {
			return nil, err
		}
		err = batch.at(ctx, r, shards, m, contenders(batchCallers, func(ctx context.Context, p publisher, n int) (sample, error) {
			return inBatches(ctx, p, n, batchEvents)
		}))
		if err != nil {
			return nil, err
		}
	}
	return []curve{single, batch}, nil
}

// sizeBudget bounds what a sample of large events takes in Redis.
const sizeBudget = 256 << 20

// sizeCurve publishes events whose data has several sizes; their attributes add
// the same to each. What makes them large is prose, which is scrubbed as such.
func sizeCurve(ctx context.Context, env *testbed, r *runner) ([]curve, error) {
	c := curve{Name: "publish_batch by size", X: "bytes of data"}
	for _, data := range []int{100, 1 << 10, 8 << 10, 64 << 10} {
		size := env.work.attributeBytes() + data
		w, err := newWorkload(size)
		if err != nil {
			return nil, err
		}
		sized := *env
		sized.work = w
		s := publishBatchScenario(&sized)
		s.maxEvents = min(defaultMaxEvents, sizeBudget/size)
		if err := c.at(ctx, r, data, eventsPerSecond(""), s); err != nil {
			return nil, err
		}
	}
	return []curve{c}, nil
}

// batchCurve publishes batches of several sizes.
func batchCurve(ctx context.Context, env *testbed, r *runner) ([]curve, error) {
	c := curve{Name: "publish_batch by events in a batch", X: "events"}
	for _, size := range []int{1, 16, 64, 256, 1000} {
		s := scenario{contenders: publishContenders(env, batchCallers, func(ctx context.Context, p publisher, n int) (sample, error) {
			return inBatches(ctx, p, n, size)
		})}
		if err := c.at(ctx, r, size, eventsPerSecond(""), s); err != nil {
			return nil, err
		}
	}
	return []curve{c}, nil
}

// table is the curve for readers: a row for each point.
func (c curve) table() table {
	t := table{title: c.Name + ", " + c.Unit, head: []string{c.X}}
	if len(c.Points) == 0 {
		return t
	}
	t.head = append(t.head, c.Points[0].order...)
	for _, p := range c.Points {
		row := []string{fmt.Sprint(p.X)}
		for _, name := range p.order {
			row = append(row, figure(p.Figures[name]))
		}
		t.rows = append(t.rows, row)
	}
	return t
}
