package eventbus

import (
	"context"
	"errors"
	"time"
)

// A DeadLetterFilter chooses dead letters: those that fit every field that is set.
// The zero filter chooses none; All chooses all.
type DeadLetterFilter struct {
	All    bool
	IDs    []string // those of them that there are; none is ErrNoDeadLetter
	Type   string
	Group  string
	Reason Reason
	Before time.Time // given up before
}

func (f *DeadLetterFilter) none() bool {
	return !f.All && len(f.IDs) == 0 && f.Type == "" && f.Group == "" && f.Reason == "" && f.Before.IsZero()
}

// Fits reports whether a letter fits all fields but All and IDs.
func (f *DeadLetterFilter) Fits(l DeadLetter) bool {
	return (f.Type == "" || f.Type == l.Type) && (f.Group == "" || f.Group == l.Group) &&
		(f.Reason == "" || f.Reason == l.Reason) && (f.Before.IsZero() || l.Time.Before(f.Before))
}

// A RedriveConfig says what to redrive and how fast.
type RedriveConfig struct {
	DeadLetterFilter
	// PerSecond bounds the rate. Default: no bound.
	PerSecond int
	// DryRun counts and changes nothing. Default false.
	DryRun bool
}

// A Redriven is what a redrive did.
type Redriven struct {
	Redriven int // letters given back to their groups
	Gone     int // letters that hold no event and whose entry was trimmed; they stay
	NoGroup  int // letters of consumer groups that aren't there, or of none; they stay
}

// redrivenIdle is for how long a redriven entry counts as idle: longer than any
// MinIdle, so that the next scan takes it.
const redrivenIdle = 24 * time.Hour

// Redrive gives the entries of dead letters back to the groups that gave them
// up, to be tried MaxDeliver times anew. Nobody else sees them again: neither
// another group nor the lake gets one twice. They are redelivered within
// ConsumerConfig.MinIdle (default 1 minute). An entry that retention has removed
// meanwhile is written again from the letter, for its group alone.
//
// Letters written after the call began are left. A letter's removal and its
// entry's return are one step, so a redrive that ends half-way can be repeated.
func (d *DeadLetters) Redrive(ctx context.Context, config RedriveConfig) (Redriven, error) {
	var done Redriven
	var letters []string
	var tick *time.Ticker
	if config.PerSecond > 0 {
		tick = time.NewTicker(max(1, time.Second/time.Duration(config.PerSecond)))
		defer tick.Stop()
	}
	err := d.each(ctx, config.DeadLetterFilter, func(l DeadLetter) error {
		if config.DryRun {
			done.Redriven++
			return nil
		}
		if tick != nil && done.Redriven > 0 {
			select {
			case <-ctx.Done():
				return ctx.Err()
			case <-tick.C:
			}
		}
		if l.Group == "" || l.Entry == "" { // a stranger's
			done.NoGroup++
			return nil
		}
		n, err := redriveScript.Run(ctx, d.bus.redis, []string{d.shard.events, d.shard.dead}, l.ID, l.Group, l.Entry, redrivenIdle.Milliseconds(), waiting).Int()
		switch {
		case containsNoGroup(err):
			done.NoGroup++ // the others mustn't wait for it
		case err != nil:
			return redisError("redrive "+d.shard.dead, err)
		case n > 0:
			done.Redriven++
			letters = append(letters, l.ID)
		case n < 0:
			done.Gone++
		}
		return nil
	})
	if !config.DryRun {
		d.bus.audit(ctx, Action{Name: "redrive", Shard: d.shard.name, DeadLetters: letters, Count: done.Redriven, Gone: done.Gone + done.NoGroup, Failed: err != nil})
	}
	return done, err
}

// Purge deletes dead letters for good and returns how many.
func (d *DeadLetters) Purge(ctx context.Context, filter DeadLetterFilter) (int, error) {
	n := 0
	var letters []string
	err := d.each(ctx, filter, func(l DeadLetter) error {
		deleted, err := d.bus.redis.XDel(ctx, d.shard.dead, l.ID).Result()
		if deleted > 0 {
			n++
			letters = append(letters, l.ID)
		}
		return redisError("purge "+d.shard.dead, err)
	})
	d.bus.audit(ctx, Action{Name: "purge", Shard: d.shard.name, DeadLetters: letters, Count: n, Failed: err != nil})
	return n, err
}

// each calls f for each letter that filter chooses, of those there are now.
func (d *DeadLetters) each(ctx context.Context, filter DeadLetterFilter, f func(DeadLetter) error) error {
	if filter.none() {
		return errors.New("eventbus: the filter chooses no dead letters; set All for all")
	}
	if len(filter.IDs) > 0 {
		found := false
		for _, id := range filter.IDs {
			l, err := d.Get(ctx, id)
			if errors.Is(err, ErrNoDeadLetter) {
				continue // such as one of a call before
			}
			if err != nil {
				return err
			}
			found = true
			if filter.Fits(l) {
				if err := f(l); err != nil {
					return err
				}
			}
		}
		if !found {
			return ErrNoDeadLetter
		}
		return nil
	}
	newest, err := d.bus.redis.XRevRangeN(ctx, d.shard.dead, "+", "-", 1).Result()
	if err != nil {
		return redisError("read "+d.shard.dead, err)
	}
	if len(newest) == 0 {
		return nil
	}
	for start := "-"; ; {
		letters, err := d.rangeOf(ctx, start, newest[0].ID, 100)
		if err != nil || len(letters) == 0 {
			return err
		}
		for _, l := range letters {
			if filter.Fits(l) {
				if err := f(l); err != nil {
					return err
				}
			}
		}
		start = "(" + letters[len(letters)-1].ID
	}
}
