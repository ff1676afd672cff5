package eventbus

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/carebus/carebus/internal/output"
	"github.com/carebus/carebus/internal/redistest"
	"github.com/carebus/carebus/schema"
)

func TestConsumeEachEventOnceInOrder(t *testing.T) {
	redistest.Each(t, func(t *testing.T, url string) {
		for _, concurrency := range []int{1, 4} {
			t.Run(fmt.Sprint(concurrency), func(t *testing.T) {
				b := open(t, url, func(c *Config) { c.Environment = fmt.Sprintf("c%d", concurrency); c.Shards = 2 })
				for s := range 10 {
					if err := b.Publish(t.Context(), events(fmt.Sprintf("user/%d", s), 200)...); err != nil {
						t.Fatal(err)
					}
				}
				r := &recorder{}
				stop := consume(t, b, ConsumerConfig{Concurrency: concurrency}, r)
				until(t, "all events", func() bool { return len(r.ids()) >= 2000 })
				stop()
				last := map[string]string{}
				for _, id := range r.ids() {
					subject := strings.Split(id, "_")[1]
					if id <= last[subject] {
						t.Fatalf("%s after %s", id, last[subject])
					}
					last[subject] = id
				}
				if s := b.Stats(); s.Handled != 2000 || s.Retried != 0 {
					t.Errorf("%+v", s)
				}
			})
		}
	})
}

func TestGroupsSeeEverything(t *testing.T) {
	b := open(t, redistest.Start(t))
	one, two, late := &recorder{}, &recorder{}, &recorder{}
	consume(t, b, ConsumerConfig{Group: "one"}, one)
	if err := b.Publish(t.Context(), events("user/1", 50)...); err != nil {
		t.Fatal(err)
	}
	consume(t, b, ConsumerConfig{Group: "two"}, two)
	until(t, "both groups", func() bool { return len(one.ids()) == 50 && len(two.ids()) == 50 })
	stop := consume(t, b, ConsumerConfig{Group: "late", FromNow: true}, late)
	until(t, "the late group", func() bool {
		s, err := b.Status(t.Context())
		return err == nil && len(s.Shards[0].Groups) == 3
	})
	if err := b.Publish(t.Context(), event("user/2", 1)); err != nil {
		t.Fatal(err)
	}
	until(t, "the event after", func() bool { return len(late.ids()) > 0 })
	stop()
	if got := late.ids(); !slices.Equal(got, []string{event("user/2", 1).ID}) {
		t.Errorf("the late group saw %v", got)
	}
}

func TestRetriesThenDeadLetter(t *testing.T) {
	redistest.Each(t, func(t *testing.T, url string) {
		b := open(t, url)
		all := events("user/1", 6)
		bad, permanent, flaky := all[1].ID, all[3].ID, all[4].ID
		tries := map[string]int{}
		r := &recorder{fail: func(e schema.Envelope) error {
			tries[e.ID]++
			switch {
			case e.ID == bad, e.ID == flaky && tries[e.ID] < 3:
				return errors.New("no")
			case e.ID == permanent:
				return Permanent(errors.New("never"))
			}
			return nil
		}}
		stop := consume(t, b, ConsumerConfig{MaxDeliver: 4, BackoffMin: time.Millisecond, BackoffMax: 20 * time.Millisecond}, r)
		if err := b.Publish(t.Context(), all...); err != nil {
			t.Fatal(err)
		}
		c := redistest.Client(t, url)
		until(t, "the dead letters", func() bool { return c.XLen(t.Context(), dead0).Val() == 2 && r.count(flaky) == 3 })
		until(t, "nothing pending", func() bool { return pending(t, c) == 0 })
		stop()
		want := map[string]int{bad: 4, permanent: 1, flaky: 3, all[0].ID: 1, all[2].ID: 1, all[5].ID: 1}
		for id, n := range want {
			if got := r.count(id); got != n {
				t.Errorf("%s was delivered %d times, want %d", id, got, n)
			}
		}
		letters := c.XRange(t.Context(), dead0, "-", "+").Val()
		for i, want := range []struct {
			reason, deliveries string
			id                 string
		}{{"permanent", "1", permanent}, {"max_deliver", "4", bad}} {
			got := letters[i].Values
			e, err := schema.Parse([]byte(fmt.Sprint(got["event"])))
			if err != nil || e.ID != want.id || got["reason"] != want.reason || got["deliveries"] != want.deliveries || got["group"] != "test" || got["entry"] == "" {
				t.Errorf("letter %d: %v, %v", i, got, err)
			}
		}
		if s := b.Stats(); s.DeadLettered != 2 || s.Handled != 4 || s.Retried != 5 {
			t.Errorf("%+v", s)
		}
	})
}

// A Run that ends by its context's deadline says nothing: that no answer came in time
// for it is no outage.
func TestDeadlineIsNoOutage(t *testing.T) {
	redistest.Each(t, func(t *testing.T, url string) {
		var log output.Buffer
		b := open(t, url, func(c *Config) { c.Logger = logger(&log) })
		var runs sync.WaitGroup
		for i := range 20 {
			c, err := b.Subscribe(ConsumerConfig{Group: fmt.Sprintf("g%d", i)})
			if err != nil {
				t.Fatal(err)
			}
			runs.Go(func() {
				ctx, cancel := context.WithTimeout(t.Context(), time.Duration(300+10*i)*time.Millisecond)
				defer cancel()
				if err := c.Run(ctx, &recorder{}); err != nil {
					t.Error(err)
				}
			})
		}
		runs.Wait()
		if got := log.String(); strings.Contains(got, "no answer in time") {
			t.Errorf("the log: %s", got)
		}
	})
}

func TestStrangersEntriesBecomeDeadLetters(t *testing.T) {
	redistest.Each(t, func(t *testing.T, url string) {
		b := open(t, url)
		c := redistest.Client(t, url)
		wrong := event("user/1", 1)
		if err := schema.Catalogue().Complete(&wrong, schema.Defaults{Environment: "production"}); err != nil {
			t.Fatal(err)
		}
		data, _ := wrong.AppendJSON(nil)
		for _, values := range [][]any{
			{"event", `{"ssn":"` + canary},            // not JSON: can't be scrubbed
			{"event", `{"ssn":"` + canary + `"}`},     // JSON, but no event
			{"payload", canary},                       // another field
			{"event", string(data)},                   // another environment
			{"event", "\xff\xfe", "more", "than one"}, // no text
			{"event", strings.Replace(string(data), "user.updated", "MRN-8842917", 1)}, // a type that is no type's name
			{"event", strings.Replace(strings.Replace(string(data), "production", "test", 1), `"kind":"crud",`, ``, 1)},
		} {
			if err := c.XAdd(t.Context(), &redis.XAddArgs{Stream: stream0, Values: values}).Err(); err != nil {
				t.Fatal(err)
			}
		}
		good := event("user/2", 1)
		if err := b.Publish(t.Context(), good); err != nil {
			t.Fatal(err)
		}
		r := &recorder{}
		consume(t, b, ConsumerConfig{}, r)
		until(t, "the good one and seven letters", func() bool { s := b.Stats(); return s.Handled == 1 && s.DeadLettered == 7 })
		letters := c.XRange(t.Context(), dead0, "-", "+").Val()
		reasons := []string{"undecodable", "undecodable", "undecodable", "environment", "undecodable", "undecodable", "invalid"}
		for i, l := range letters {
			text, _ := json.Marshal(l.Values)
			if strings.Contains(string(text), canary) || strings.Contains(string(text), "8842917") {
				t.Errorf("letter %d holds PHI", i)
			}
			if _, kept := l.Values["event"]; kept != (reasons[i] == "environment") {
				t.Errorf("letter %d: that it holds the event is %v", i, kept)
			}
			if l.Values["reason"] != reasons[i] {
				t.Errorf("letter %d: %v, want %s", i, l.Values["reason"], reasons[i])
			}
		}
	})
}

func TestStopDrains(t *testing.T) {
	redistest.Each(t, func(t *testing.T, url string) {
		b := open(t, url)
		c := redistest.Client(t, url)
		if err := b.Publish(t.Context(), events("user/1", 30)...); err != nil {
			t.Fatal(err)
		}
		consumer, err := b.Subscribe(ConsumerConfig{Group: "test", BatchSize: 10, Block: 20 * time.Millisecond})
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		r := &recorder{}
		err = consumer.Run(ctx, HandlerFunc(func(ctx context.Context, events []schema.Envelope) error {
			cancel() // while this batch is at work and others wait
			if ctx.Err() != nil {
				t.Error("the handler's context ended with Run's")
			}
			return r.Handle(ctx, events)
		}))
		if err != nil {
			t.Fatal(err)
		}
		if len(r.ids()) != 10 {
			t.Errorf("%d events handled, want the 10 at work", len(r.ids()))
		}
		// The rest is free for the next consumer at once, and not counted as tried.
		next := &recorder{}
		consume(t, b, ConsumerConfig{MaxDeliver: 1}, next)
		until(t, "the rest", func() bool { return len(next.ids()) == 20 })
		until(t, "nothing pending", func() bool { return pending(t, c) == 0 })
		if s := b.Stats(); s.DeadLettered != 0 {
			t.Errorf("%+v", s)
		}
	})
}

func TestStopTimeout(t *testing.T) {
	t.Parallel()
	b := open(t, redistest.Start(t))
	if err := b.Publish(t.Context(), event("user/1", 1)); err != nil {
		t.Fatal(err)
	}
	consumer, err := b.Subscribe(ConsumerConfig{Group: "test", Block: 20 * time.Millisecond, StopTimeout: 30 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	err = consumer.Run(ctx, HandlerFunc(func(ctx context.Context, _ []schema.Envelope) error {
		cancel()
		<-ctx.Done()
		return ctx.Err()
	}))
	if !errors.Is(err, ErrStopTimeout) {
		t.Errorf("%v", err)
	}
}

func TestConsumerConfigRules(t *testing.T) {
	b := open(t, redistest.Mini(t))
	for _, c := range []struct {
		rule   string
		config ConsumerConfig
	}{
		{"Group must be", ConsumerConfig{}},
		{"Group must be", ConsumerConfig{Group: "a b"}},
		{`can't be "lake"`, ConsumerConfig{Group: "lake"}},
		{"BatchSize", ConsumerConfig{Group: "g", BatchSize: -1}},
		{"BackoffMax can't be longer", ConsumerConfig{Group: "g", BackoffMax: time.Hour}},
		{"Block must be", ConsumerConfig{Group: "g", Block: time.Hour}},
	} {
		if _, err := b.Subscribe(c.config); err == nil || !strings.Contains(err.Error(), c.rule) {
			t.Errorf("%s: %v", c.rule, err)
		}
	}
}

// A consumer's name stands where no text may that could tell of a person.
func TestConsumerNames(t *testing.T) {
	b := open(t, redistest.Mini(t))
	for _, name := range []string{"one", "pms-worker-7f9c.local", "A_1", strings.Repeat("a", 256)} {
		if _, err := b.Subscribe(ConsumerConfig{Group: "g", Name: name}); err != nil {
			t.Errorf("%q is refused: %v", name, err)
		}
	}
	for _, name := range []string{"ssn " + canary, "mary@" + canary, canary + "\n", "~" + canary, canary + "/é", "\x1b" + canary, canary + "\xff", canary + strings.Repeat("a", 256)} {
		_, err := b.Subscribe(ConsumerConfig{Group: "g", Name: name})
		if err == nil || !strings.Contains(err.Error(), "Name must be 1 to 256 letters, digits") || strings.Contains(err.Error(), canary) {
			t.Errorf("%q: %v", name, err)
		}
	}
	for _, host := range []string{"", "pms-1", "mary's mac", "\xff\x00~", strings.Repeat("é", 300)} {
		if name := defaultName(host); !validConsumer(name) {
			t.Errorf("on %q it is %q", host, name)
		}
	}
}

// Without one, every event would fail until it is a dead letter.
func TestRunNeedsAHandler(t *testing.T) {
	c, err := open(t, redistest.Mini(t)).Subscribe(ConsumerConfig{Group: "g"})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for name, h := range map[string]Handler{"nil": nil, "a nil function": HandlerFunc(nil)} {
		if err := c.Run(ctx, h); err == nil {
			t.Errorf("it runs with %s", name)
		}
	}
}

func TestBackoff(t *testing.T) {
	c := ConsumerConfig{BackoffMin: 100 * time.Millisecond, BackoffMax: time.Second}
	for n, want := range map[int64]time.Duration{1: 100, 2: 200, 3: 400, 4: 800, 5: 1000, 100: 1000} {
		want *= time.Millisecond
		if got := c.backoff(n, 0); got != want {
			t.Errorf("backoff(%d) = %v, want %v", n, got, want)
		}
		if got := c.backoff(n, 0.999); got < want/2 || got > want*51/100 {
			t.Errorf("backoff(%d) with jitter = %v", n, got)
		}
	}
}

func TestLeavingConsumerLosesNothing(t *testing.T) {
	redistest.Each(t, func(t *testing.T, url string) {
		b := open(t, url)
		c := redistest.Client(t, url)
		if err := b.Publish(t.Context(), events("user/1", 2)...); err != nil {
			t.Fatal(err)
		}
		r := &recorder{fail: func(e schema.Envelope) error {
			if strings.HasSuffix(e.ID, "1") {
				return errors.New("no")
			}
			return nil
		}}
		config := ConsumerConfig{Name: "first", MinIdle: time.Minute, BackoffMin: 30 * time.Second}
		stop := consume(t, b, config, r)
		until(t, "one handled, one to retry", func() bool { s := b.Stats(); return s.Handled == 1 && s.Retried == 1 })
		stop()
		// What it left behind outlives it.
		if got := consumers(t, c); got != waiting {
			t.Errorf("consumers %q, want %q", got, waiting)
		}
		if pending(t, c) != 1 {
			t.Errorf("%d pending", pending(t, c))
		}
		stop = consume(t, b, ConsumerConfig{Name: "second"}, r)
		if err := b.Publish(t.Context(), event("user/2", 2)); err != nil {
			t.Fatal(err)
		}
		until(t, "the second", func() bool { return b.Stats().Handled == 2 && strings.Contains(consumers(t, c), "second") })
		stop()
		if got := consumers(t, c); got != waiting {
			t.Errorf("consumers %q, want %q", got, waiting)
		}
		// A consumer with unsettled entries isn't removed.
		if err := c.XClaimJustID(t.Context(), &redis.XClaimArgs{Stream: stream0, Group: "test", Consumer: "third", Messages: []string{
			c.XPending(t.Context(), stream0, "test").Val().Lower,
		}}).Err(); err != nil {
			t.Fatal(err)
		}
		if n, err := leaveScript.Run(t.Context(), c, []string{stream0}, "test", "third").Int(); err != nil || n != 0 || pending(t, c) != 1 {
			t.Errorf("leave: %d, %v; %d pending", n, err, pending(t, c))
		}
	})
}
