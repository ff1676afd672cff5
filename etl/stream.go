package etl

import (
	"cmp"
	"context"
	"sync"

	"github.com/carebus/carebus/schema"
)

// batches is how many batches of a log are in memory: one is written while the
// next is built. The entries of a third may be read by then.
const batches = 2

// stream carries batch after batch. While one is written the next one is built
// and the one after it read.
func (c *carrier) stream(ctx context.Context, cursor schema.Cursor, previous link, history string, drain bool) error {
	if err := c.guard(ctx, cursor, previous.guard); err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	read, built := make(chan stretch), make(chan *batch)
	var readErr, buildErr error
	var wg sync.WaitGroup
	from := newSource(c.config, c.read, &c.status, cursor.Last, history, drain)
	wg.Go(func() {
		defer close(read)
		readErr = from.run(ctx, read)
	})
	wg.Go(func() {
		defer close(built)
		buildErr = c.produce(ctx, read, built)
	})
	err := func() error {
		defer cancel()
		for b := range built {
			p := c.build.plan(b, c.layout, c.log.Name(), cursor.Plan+1, previous.hash, c.config.Policy)
			p.History = history
			if g := previous.guard; g != nil && c.build.seen != nil {
				p.Guard = g
			}
			done, err := c.write(ctx, p, b)
			c.free <- b
			if err == nil {
				err = c.commit(ctx, done)
			}
			if err != nil {
				return err
			}
			cursor, previous = done.next, done.link
		}
		return nil
	}()
	for b := range built {
		c.free <- b
	}
	wg.Wait()
	// A step that ends also ends those before it, whose errors say no more than that.
	return cmp.Or(err, buildErr, readErr)
}

// produce builds a batch of each stretch.
func (c *carrier) produce(ctx context.Context, read <-chan stretch, built chan<- *batch) error {
	for s := range read {
		var b *batch
		select {
		case b = <-c.free:
		case <-ctx.Done():
			return ctx.Err()
		}
		if err := c.build.build(b, s.after, s.entries, s.ids); err != nil {
			c.free <- b
			return err
		}
		select {
		case built <- b:
		case <-ctx.Done():
			c.free <- b
			return ctx.Err()
		}
	}
	return nil
}
