package eventbus

import (
	"context"
	"errors"
	"fmt"
	"strings"
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

func TestNoLetterOfAnOddName(t *testing.T) {
	redistest.Each(t, func(t *testing.T, url string) {
		d := open(t, url).DeadLetters()[0]
		for _, id := range []string{"", "x", "-", "+", "1", "1-", "(1-1", "1-1"} {
			if _, err := d.Get(t.Context(), id); !errors.Is(err, ErrNoDeadLetter) {
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
		got, err := d.Redrive(t.Context(), RedriveConfig{DeadLetterFilter: DeadLetterFilter{All: true}})
		if want := (Redriven{Redriven: 1, NoGroup: 4}); err != nil || got != want {
			t.Errorf("%+v, %v; want %+v", got, err, want)
		}
		if left, err := d.List(t.Context(), "", 10); err != nil || len(left) != 4 {
			t.Errorf("%d letters are left, %v", len(left), err)
		}
	})
}

func TestListAndGet(t *testing.T) {
	redistest.Each(t, func(t *testing.T, url string) {
		d, letters := giveUp(t, open(t, url), newMendable(), 5)
		first, err := d.List(t.Context(), "", 3)
		if err != nil || len(first) != 3 {
			t.Fatalf("%d letters, %v", len(first), err)
		}
		if rest, err := d.List(t.Context(), first[2].ID, 10); err != nil || len(rest) != 2 || rest[0].ID != letters[3].ID {
			t.Errorf("%d letters, %v", len(rest), err)
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
	})
}
