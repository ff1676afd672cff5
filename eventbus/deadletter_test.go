package eventbus

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/carebus/carebus/internal/output"
	"github.com/carebus/carebus/internal/redistest"
	"github.com/carebus/carebus/schema"
)

// One line tells of the dead letters of a batch, and names the first as far as that
// can hold no PHI.
func TestDeadLettersAreLogged(t *testing.T) {
	const uuid7 = "0197f3b0-0000-7000-8000-000000000001"
	named := event("user/2", 1)
	named.ID = uuid7
	for _, c := range []struct {
		name        string
		publish     []schema.Envelope
		has, hasNot []string
	}{
		{"several", events("user/1", 20), []string{"entries=20", "reason=permanent", "deliveries=1", "group=test", "type=user.updated", "entry="}, []string{" id="}},
		{"a UUID", []schema.Envelope{named}, []string{"entries=1", "id=" + uuid7}, nil},
		{"a stranger's type", []schema.Envelope{{ID: "1", Source: "pms/test", Event: schema.Raw{Name: "ann.lee"}}}, []string{"entries=1"}, []string{"ann", "type=", " id="}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var log output.Buffer
			url := redistest.Start(t)
			b := open(t, url, func(c *Config) { c.Logger = logger(&log) })
			for _, e := range c.publish {
				if err := schema.Catalogue().Complete(&e, schema.Defaults{Environment: "test"}); errors.Is(err, schema.ErrUnknownType) {
					e.Environment, e.Time, e.Kind, e.Severity, e.SchemaVersion = "test", time.Now(), schema.KindCRUD, schema.SeverityLow, 1
				}
				data, err := e.AppendJSON(nil)
				if err != nil {
					t.Fatal(err)
				}
				if err := redistest.Client(t, url).XAdd(t.Context(), &redis.XAddArgs{Stream: stream0, Values: []any{"event", data}}).Err(); err != nil {
					t.Fatal(err)
				}
			}
			h := HandlerFunc(func(context.Context, []schema.Envelope) error { return Permanent(errors.New(canary)) })
			consume(t, b, ConsumerConfig{}, h)
			until(t, "the line", func() bool { return strings.Contains(log.String(), "dead letters") })
			got := log.String()
			for _, text := range c.has {
				if !strings.Contains(got, text) {
					t.Errorf("the log lacks %s: %s", text, got)
				}
			}
			for _, text := range append(c.hasNot, canary, "user/") {
				if strings.Contains(got, text) {
					t.Errorf("the log has %s: %s", text, got)
				}
			}
			if n := strings.Count(got, "dead letters"); n != 1 {
				t.Errorf("%d lines: %s", n, got)
			}
		})
	}
}

func TestDeadLettersListRedriveAndPurge(t *testing.T) {
	redistest.Each(t, func(t *testing.T, url string) {
		var actions []Action
		b := open(t, url, func(c *Config) {
			c.Audit = func(_ context.Context, a Action) { actions = append(actions, a) }
		})
		other := &recorder{}
		consume(t, b, ConsumerConfig{Group: "other"}, other)
		var mended atomic.Bool
		r := &recorder{fail: func(schema.Envelope) error {
			if mended.Load() {
				return nil
			}
			return Permanent(errors.New("no"))
		}}
		consume(t, b, ConsumerConfig{MinIdle: 200 * time.Millisecond, BackoffMax: 100 * time.Millisecond}, r)
		if err := b.Publish(t.Context(), events("user/1", 5)...); err != nil {
			t.Fatal(err)
		}
		d := b.DeadLetters()[0]
		until(t, "five letters", func() bool { return b.Stats().DeadLettered == 5 && len(other.ids()) == 5 })
		letters, err := d.List(t.Context(), "", 3)
		if err != nil || len(letters) != 3 {
			t.Fatalf("%d letters, %v", len(letters), err)
		}
		rest, err := d.List(t.Context(), letters[2].ID, 10)
		if err != nil || len(rest) != 2 {
			t.Fatalf("%d letters, %v", len(rest), err)
		}
		one, err := d.Get(t.Context(), letters[1].ID)
		if err != nil || one.Type != "user.updated" || one.Reason != ReasonPermanent || one.Group != "test" || one.Deliveries != 1 || one.Time.IsZero() || one.Size == 0 {
			t.Errorf("%+v, %v", one, err)
		}
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%d", "%x"} {
			text := fmt.Sprintf(verb, one)
			if strings.Contains(text, "user/1") || !strings.Contains(text, "user.updated test, permanent after 1 deliveries") {
				t.Errorf("a letter as %s: %s", verb, text)
			}
		}
		if _, err := d.Get(t.Context(), "1-1"); !errors.Is(err, ErrNoLetter) {
			t.Errorf("a letter that isn't there: %v", err)
		}
		if _, err := d.Purge(t.Context(), LetterFilter{}); err == nil {
			t.Error("the zero filter purged")
		}
		if n, err := d.Purge(t.Context(), LetterFilter{IDs: []string{one.ID}}); err != nil || n != 1 {
			t.Errorf("purged %d, %v", n, err)
		}
		if got, err := d.Redrive(t.Context(), RedriveConfig{LetterFilter: LetterFilter{Type: "user.created"}}); err != nil || got.Redriven != 0 {
			t.Errorf("another type: %+v, %v", got, err)
		}
		if got, err := d.Redrive(t.Context(), RedriveConfig{LetterFilter: LetterFilter{All: true}, DryRun: true}); err != nil || got.Redriven != 4 {
			t.Errorf("dry run: %+v, %v", got, err)
		}
		mended.Store(true)
		if got, err := d.Redrive(t.Context(), RedriveConfig{LetterFilter: LetterFilter{Type: "user.updated", Group: "test"}, PerSecond: 1000}); err != nil || got.Redriven != 4 {
			t.Errorf("redrive: %+v, %v", got, err)
		}
		if len(actions) != 4 || !actions[0].Failed || actions[1].Name != "purge" || actions[1].Letters[0] != one.ID || actions[3].Name != "redrive" || actions[3].Count != 4 || len(actions[3].Letters) != 4 {
			t.Errorf("audit: %+v", actions)
		}
		until(t, "four events handled", func() bool { return r.count(letters[0].ID) == 0 && len(r.ids()) == 9 && b.Stats().Handled == 5+4 })
		if n := len(other.ids()); n != 5 {
			t.Errorf("the other group saw %d events, want 5", n)
		}
		if left, err := d.List(t.Context(), "", 10); err != nil || len(left) != 0 {
			t.Errorf("%d letters left, %v", len(left), err)
		}
	})
}

// TestLettersByIDsAgain: a call that names letters can be repeated, and does what is left.
func TestLettersByIDsAgain(t *testing.T) {
	redistest.Each(t, func(t *testing.T, url string) {
		b := open(t, url)
		stop := consume(t, b, ConsumerConfig{}, HandlerFunc(func(context.Context, []schema.Envelope) error { return Permanent(errors.New("no")) }))
		if err := b.Publish(t.Context(), events("user/1", 4)...); err != nil {
			t.Fatal(err)
		}
		until(t, "the letters", func() bool { return b.Stats().DeadLettered == 4 })
		stop()
		d := b.DeadLetters()[0]
		letters, err := d.List(t.Context(), "", 10)
		if err != nil || len(letters) != 4 {
			t.Fatalf("%d letters, %v", len(letters), err)
		}
		filter := LetterFilter{}
		redrive := func() (int, error) {
			got, err := d.Redrive(t.Context(), RedriveConfig{LetterFilter: filter})
			return got.Redriven, err
		}
		purge := func() (int, error) { return d.Purge(t.Context(), filter) }
		for _, step := range []struct {
			what    string
			letters []DeadLetter
			do      func() (int, error)
			want    int
			err     error
		}{
			{"redrive one", letters[:1], redrive, 1, nil},
			{"redrive it and another", letters[:2], redrive, 1, nil},
			{"purge these and another", letters[:3], purge, 1, nil},
			{"purge all", letters, purge, 1, nil},
			{"purge all again", letters, purge, 0, ErrNoLetter},
			{"redrive all again", letters, redrive, 0, ErrNoLetter},
		} {
			filter.IDs = nil
			for _, l := range step.letters {
				filter.IDs = append(filter.IDs, l.ID)
			}
			if n, err := step.do(); n != step.want || !errors.Is(err, step.err) {
				t.Errorf("%s: %d, %v, want %d, %v", step.what, n, err, step.want, step.err)
			}
		}
	})
}

func TestNoLetterOfAnOddName(t *testing.T) {
	redistest.Each(t, func(t *testing.T, url string) {
		d := open(t, url).DeadLetters()[0]
		for _, id := range []string{"", "x", "-", "+", "1", "1-", "(1-1", "1-1"} {
			if _, err := d.Get(t.Context(), id); !errors.Is(err, ErrNoLetter) {
				t.Errorf("%q: %v", id, err)
			}
		}
	})
}

// What a stranger wrote among the dead letters is told scrubbed or not at all,
// and holds up nobody's redrive; nor does a letter of a group that is gone.
func TestStrangersLetters(t *testing.T) {
	redistest.Each(t, func(t *testing.T, url string) {
		b := open(t, url)
		c := redistest.Client(t, url)
		letter := func(group, entry, event string) {
			t.Helper()
			err := c.XAdd(t.Context(), &redis.XAddArgs{Stream: dead0, Values: []any{
				"reason", canary, "group", group, "consumer", "\x1b[2J" + canary, "entry", entry, "event", event,
			}}).Err()
			if err != nil {
				t.Fatal(err)
			}
		}
		e := event("user/1", 1)
		e.Event = schema.Raw{Name: "user.updated", Data: []byte(`{"ssn":"` + canary + `"}`)}
		if err := schema.Catalogue().Complete(&e, schema.Defaults{Environment: "test"}); err != nil {
			t.Fatal(err)
		}
		known, err := e.AppendJSON(nil)
		if err != nil {
			t.Fatal(err)
		}
		letter("nobody "+canary, canary, canary)
		letter("gone", "1-1", string(known))
		letter("gone", "1-1", `{"type":"`+canary+`"}`)
		if err := c.XAdd(t.Context(), &redis.XAddArgs{Stream: dead0, Values: []any{"consumer", "of ssn " + canary}}).Err(); err != nil {
			t.Fatal(err)
		}

		r := &recorder{fail: func(schema.Envelope) error { return Permanent(errors.New("no")) }}
		stop := consume(t, b, ConsumerConfig{}, r)
		if err := b.Publish(t.Context(), event("user/2", 2)); err != nil {
			t.Fatal(err)
		}
		until(t, "a letter", func() bool { return b.Stats().DeadLettered == 1 })
		stop()

		d := b.DeadLetters()[0]
		letters, err := d.List(t.Context(), "", 10)
		if err != nil || len(letters) != 5 {
			t.Fatalf("%d letters, %v", len(letters), err)
		}
		one, err := d.Get(t.Context(), letters[1].ID)
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range append(letters, one) {
			if told := fmt.Sprintf("%+v %s", l, l.Event); strings.Contains(told, canary) || strings.Contains(told, "\x1b") {
				t.Errorf("it is told: %q", told)
			}
		}
		if one.Type != "user.updated" || one.Event == nil || one.Group != "gone" || one.Entry != "1-1" {
			t.Errorf("what is in its form is left out: %+v", one)
		}
		got, err := d.Redrive(t.Context(), RedriveConfig{LetterFilter: LetterFilter{All: true}})
		if want := (Redriven{Redriven: 1, NoGroup: 4}); err != nil || got != want {
			t.Errorf("%+v, %v; want %+v", got, err, want)
		}
		if left, err := d.List(t.Context(), "", 10); err != nil || len(left) != 4 {
			t.Errorf("%d letters are left, %v", len(left), err)
		}
	})
}

// A dead letter outlives its entry's retention and can be redriven all the same.
func TestRedriveAfterTrimming(t *testing.T) {
	redistest.Each(t, func(t *testing.T, url string) {
		b := open(t, url)
		other := &recorder{}
		consume(t, b, ConsumerConfig{Group: "other"}, other)
		var mended atomic.Bool
		r := &recorder{fail: func(schema.Envelope) error {
			if mended.Load() {
				return nil
			}
			return Permanent(errors.New("no"))
		}}
		consume(t, b, ConsumerConfig{}, r)
		receipts, err := b.PublishBatch(t.Context(), events("user/1", 1))
		if err != nil {
			t.Fatal(err)
		}
		c := redistest.Client(t, url)
		// One that no letter could keep the event of.
		broken, err := c.XAdd(t.Context(), &redis.XAddArgs{Stream: stream0, Values: []any{"event", "{"}}).Result()
		if err != nil {
			t.Fatal(err)
		}
		until(t, "the letters", func() bool { return b.Stats().DeadLettered == 3 && len(other.ids()) == 1 })
		if err := c.XDel(t.Context(), stream0, receipts[0].StreamID, broken).Err(); err != nil {
			t.Fatal(err)
		}
		mended.Store(true)
		got, err := b.DeadLetters()[0].Redrive(t.Context(), RedriveConfig{
			LetterFilter: LetterFilter{Group: "test"}, PerSecond: 2_000_000_000, // faster than clocks tell apart
		})
		if err != nil || got.Gone != 1 || got.Redriven != 1 {
			t.Errorf("%+v, %v", got, err)
		}
		until(t, "the redriven event", func() bool { return r.count(receipts[0].ID) == 2 })
		if err := b.Publish(t.Context(), event("user/2", 1)); err != nil {
			t.Fatal(err)
		}
		until(t, "the event behind", func() bool { return len(other.ids()) == 2 })
		if n := other.count(receipts[0].ID); n != 1 {
			t.Errorf("the other group saw it %d times", n)
		}
		entries, err := b.Logs()[0].Read(t.Context(), "", 1)
		if err != nil || len(entries) != 0 && strings.Contains(string(entries[0].Data), receipts[0].ID) {
			t.Errorf("the log has it: %v, %v", entries, err)
		}
	})
}

// TestARefusedLetterHoldsUpNothing: where dead letters can't be written, all else is
// settled, and they are once they can be.
func TestARefusedLetterHoldsUpNothing(t *testing.T) {
	redistest.Each(t, func(t *testing.T, url string) {
		b := open(t, url)
		c := redistest.Client(t, url)
		dead := strings.TrimSuffix(stream0, "events") + "dead"
		c.Set(t.Context(), dead, "a stranger's", 0)
		all := events("user/1", 10)
		r := &recorder{fail: func(e schema.Envelope) error {
			if e.ID == all[3].ID {
				return Permanent(errors.New("no"))
			}
			return nil
		}}
		consume(t, b, ConsumerConfig{BackoffMin: time.Millisecond, BackoffMax: time.Millisecond, MinIdle: time.Second}, r)
		if err := b.Publish(t.Context(), all...); err != nil {
			t.Fatal(err)
		}
		until(t, "the others to be settled", func() bool { return b.Stats().Handled == 9 })
		c.Del(t.Context(), dead)
		until(t, "the letter", func() bool { return b.Stats().DeadLettered == 1 })
	})
}

// TestAnActionIsToldWhenItsCallEnded: whoever writes it down mustn't be stopped by that.
func TestAnActionIsToldWhenItsCallEnded(t *testing.T) {
	redistest.Each(t, func(t *testing.T, url string) {
		var told []Action
		b := open(t, url, func(c *Config) {
			c.Audit = func(ctx context.Context, a Action) {
				told = append(told, a)
				if ctx.Err() != nil {
					t.Errorf("%s: %v", a.Name, ctx.Err())
				}
			}
		})
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		letters, all := b.DeadLetters()[0], LetterFilter{All: true}
		if _, err := letters.Redrive(ctx, RedriveConfig{LetterFilter: all}); err == nil {
			t.Error("a redrive without time")
		}
		if _, err := letters.Purge(ctx, all); err == nil {
			t.Error("a purge without time")
		}
		if err := b.Publish(t.Context(), event("user/1", 1)); err != nil {
			t.Fatal(err)
		}
		redistest.Client(t, url).XGroupCreate(t.Context(), stream0, "behind", "0")
		short, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := b.Reshard(short, 3); !errors.Is(err, ErrNotDrained) {
			t.Errorf("Reshard: %v", err)
		}
		if len(told) != 3 || !told[0].Failed || !told[1].Failed || !told[2].Failed || told[2].Name != "reshard" {
			t.Errorf("%+v", told)
		}
	})
}

// TestDeadEventsLeaveAFullBus: the oldest pending entry holds back trimming, so that
// it must become a dead letter also where Redis is full.
func TestDeadEventsLeaveAFullBus(t *testing.T) {
	server := redistest.Real(t)
	b, admin := open(t, server.URL), server.Client(t)
	all := events("user/1", 20)
	if err := b.Publish(t.Context(), all...); err != nil {
		t.Fatal(err)
	}
	if err := admin.ConfigSet(t.Context(), "maxmemory", "1").Err(); err != nil {
		t.Fatal(err)
	}
	r := &recorder{fail: func(e schema.Envelope) error {
		if e.ID < all[10].ID {
			return Permanent(errors.New("no"))
		}
		return nil
	}}
	stop := consume(t, b, ConsumerConfig{BackoffMin: time.Millisecond, BackoffMax: time.Millisecond, MinIdle: time.Second}, r)
	until(t, "all to be settled", func() bool { s := b.Stats(); return s.Handled == 10 && s.DeadLettered == 10 })
	stop()
	trimmed, err := b.Trim(t.Context(), RetentionConfig{MaxBytes: 1, WithoutLake: true})
	if err != nil || trimmed[0].Removed != 19 || admin.XLen(t.Context(), b.all()[0].dead).Val() != 10 {
		t.Errorf("%+v, %v", trimmed, err)
	}
}
