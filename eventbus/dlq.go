package eventbus

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/redis/go-redis/v9"

	"github.com/carebus/carebus/schema"
)

// A DeadLetter is an event that a consumer group gave up on. Anyone who reaches
// Redis may have written it: its event is scrubbed when it is read, too, and a
// field that isn't in its form is left empty.
type DeadLetter struct {
	ID         string // the letter's, unique in its shard
	Event      []byte // the event, scrubbed again; nil when it could not be
	Type       string // the event's type; "" when it can't be decoded
	Reason     Reason
	Deliveries int64  // how often it was tried
	Group      string // which group gave it up
	Consumer   string
	Entry      string    // the entry's id in the shard's stream
	Time       time.Time // when it was given up
	Size       int       // of the event as it stood in the stream, in bytes
}

// DeadLetters are the dead letters of one shard. It is safe for concurrent use.
type DeadLetters struct {
	bus   *Bus
	shard *shard
}

// DeadLetters returns the dead letters of all shards, in the shards' order.
func (b *Bus) DeadLetters() []*DeadLetters {
	all := make([]*DeadLetters, len(b.all()))
	for i, s := range b.all() {
		all[i] = &DeadLetters{bus: b, shard: s}
	}
	return all
}

// ErrNoLetter says that there is no dead letter of that id.
var ErrNoLetter = errors.New("eventbus: there is no such dead letter")

// Name returns the shard's number, such as "0".
func (d *DeadLetters) Name() string { return d.shard.name }

// List returns up to max letters behind the letter after, oldest first; after
// "" it begins with the oldest.
func (d *DeadLetters) List(ctx context.Context, after string, max int) ([]DeadLetter, error) {
	start := "-"
	if after != "" {
		start = "(" + after
	}
	letters, err := d.rangeOf(ctx, start, "+", max)
	for i := range letters {
		d.scrub(&letters[i])
	}
	return letters, err
}

// scrub scrubs a letter's event, and drops what can't be, or is no event then.
func (d *DeadLetters) scrub(l *DeadLetter) {
	if l.Event == nil {
		return
	}
	event, _, err := d.bus.config.Scrubber.ScrubEvent(nil, l.Event)
	if err != nil || !isEnvelope(event) {
		event, l.Type = nil, ""
	}
	l.Event = event
}

// Get returns one letter, or [ErrNoLetter].
func (d *DeadLetters) Get(ctx context.Context, id string) (DeadLetter, error) {
	if !isStreamID(id) { // Redis would answer with an error
		return DeadLetter{}, ErrNoLetter
	}
	letters, err := d.rangeOf(ctx, id, id, 1)
	if err == nil && len(letters) == 0 {
		err = ErrNoLetter
	}
	if err != nil {
		return DeadLetter{}, err
	}
	d.scrub(&letters[0])
	return letters[0], nil
}

func (d *DeadLetters) rangeOf(ctx context.Context, start, stop string, max int) ([]DeadLetter, error) {
	messages, err := d.bus.redis.XRangeN(ctx, d.shard.dead, start, stop, int64(max)).Result()
	if err != nil {
		return nil, redisError("read "+d.shard.dead, err)
	}
	letters := make([]DeadLetter, len(messages))
	for i, m := range messages {
		letters[i] = readLetter(m)
	}
	return letters, nil
}

func readLetter(m redis.XMessage) DeadLetter {
	text := func(name string) string { s, _ := m.Values[name].(string); return s }
	l := DeadLetter{ID: m.ID, Deliveries: number(text("deliveries"))}
	if r := Reason(text("reason")); r.Valid() {
		l.Reason = r
	}
	if group := text("group"); validGroup(group) {
		l.Group = group
	}
	if name := text("consumer"); utf8.ValidString(name) && !strings.ContainsFunc(name, func(c rune) bool { return !unicode.IsPrint(c) }) {
		l.Consumer = name
	}
	if entry := text("entry"); isStreamID(entry) {
		l.Entry = entry
	}
	l.Size, _ = strconv.Atoi(text("size"))
	l.Time, _ = time.Parse(time.RFC3339Nano, text("time"))
	if event, ok := m.Values["event"].(string); ok {
		l.Event = []byte(event)
		if e, err := schema.Parse(l.Event); err == nil && schema.ValidType(e.Type()) {
			l.Type = e.Type()
		}
	}
	return l
}

// A LetterFilter chooses dead letters: those that fit every field that is set.
// The zero filter chooses none; All chooses all.
type LetterFilter struct {
	All    bool
	IDs    []string
	Type   string
	Group  string
	Reason Reason
	Before time.Time // given up before
}

func (f *LetterFilter) none() bool {
	return !f.All && len(f.IDs) == 0 && f.Type == "" && f.Group == "" && f.Reason == "" && f.Before.IsZero()
}

func (f *LetterFilter) fits(l *DeadLetter) bool {
	return (f.Type == "" || f.Type == l.Type) && (f.Group == "" || f.Group == l.Group) &&
		(f.Reason == "" || f.Reason == l.Reason) && (f.Before.IsZero() || l.Time.Before(f.Before))
}

// A RedriveConfig says what to redrive and how fast.
type RedriveConfig struct {
	LetterFilter
	// PerSecond bounds the rate. Default: no bound.
	PerSecond int
	// DryRun counts and changes nothing.
	DryRun bool
}

// A Redriven is what a redrive did.
type Redriven struct {
	Redriven int // letters given back to their groups
	Gone     int // letters that hold no event and whose entry was trimmed; they stay
	NoGroup  int // letters of consumer groups that aren't there, or of none; they stay
}

// Redrive gives the entries of dead letters back to the groups that gave them
// up, to be tried MaxDeliver times anew. Nobody else sees them again: neither
// another group nor the lake gets one twice. Consumers take them with their
// next scan, within MinIdle. An entry that retention has removed meanwhile is
// written again from the letter, for its group alone.
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
	err := d.each(ctx, config.LetterFilter, func(l DeadLetter) error {
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
		n, err := redriveScript.Run(ctx, d.bus.redis, []string{d.shard.events, d.shard.dead}, l.ID, l.Group, l.Entry, (24 * time.Hour).Milliseconds(), waiting).Int()
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
		d.bus.audit(ctx, Action{Name: "redrive", Shard: d.shard.name, Letters: letters, Count: done.Redriven, Gone: done.Gone + done.NoGroup, Failed: err != nil})
	}
	return done, err
}

// Purge deletes dead letters for good and returns how many.
func (d *DeadLetters) Purge(ctx context.Context, filter LetterFilter) (int, error) {
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
	d.bus.audit(ctx, Action{Name: "purge", Shard: d.shard.name, Letters: letters, Count: n, Failed: err != nil})
	return n, err
}

// each calls f for each letter that filter chooses, of those there are now.
func (d *DeadLetters) each(ctx context.Context, filter LetterFilter, f func(DeadLetter) error) error {
	if filter.none() {
		return fmt.Errorf("eventbus: the filter chooses no dead letters; set All for all")
	}
	if len(filter.IDs) > 0 {
		for _, id := range filter.IDs {
			l, err := d.Get(ctx, id)
			if err != nil {
				return err
			}
			if filter.fits(&l) {
				if err := f(l); err != nil {
					return err
				}
			}
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
			if filter.fits(&l) {
				if err := f(l); err != nil {
					return err
				}
			}
		}
		start = "(" + letters[len(letters)-1].ID
	}
}
