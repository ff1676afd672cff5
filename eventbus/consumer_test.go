package eventbus

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/carebus/carebus/internal/output"
	"github.com/carebus/carebus/internal/redistest"
	"github.com/carebus/carebus/internal/sleep"
	"github.com/carebus/carebus/schema"
)

const dead0 = "carebus:{test.0}:dead"

// pending returns how many entries of the group test are unsettled.
func pending(t testing.TB, c *redis.Client) int64 {
	t.Helper()
	p, err := c.XPending(t.Context(), stream0, "test").Result()
	if err != nil {
		t.Fatal(err)
	}
	return p.Count
}

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

// TestARetryBehindASlowSettlement comes when it is due, and isn't left to the scan
// for what other consumers left behind, which comes much later.
func TestARetryBehindASlowSettlement(t *testing.T) {
	redistest.Each(t, func(t *testing.T, url string) {
		client := redistest.Client(t, url)
		client.AddHook(beforeScript{settleScript.Hash(), 1, func() { sleep.For(t.Context(), time.Second) }})
		b := open(t, "", func(c *Config) { c.Client = client })
		r := &recorder{}
		r.fail = func(e schema.Envelope) error {
			if len(r.seen) == 1 {
				return errors.New("no")
			}
			return nil
		}
		consume(t, b, ConsumerConfig{MinIdle: time.Hour, BackoffMin: 500 * time.Millisecond, BackoffMax: 500 * time.Millisecond}, r)
		if err := b.Publish(t.Context(), event("user/1", 1)); err != nil {
			t.Fatal(err)
		}
		until(t, "the second try", func() bool { return b.Stats().Handled == 1 })
	})
}

// TestManyRetriesAtATime: all come, though more are due than there are slots.
func TestManyRetriesAtATime(t *testing.T) {
	redistest.Each(t, func(t *testing.T, url string) {
		b := open(t, url)
		const n = 200
		if err := b.Publish(t.Context(), events("user/1", n)...); err != nil {
			t.Fatal(err)
		}
		tries := map[string]int{}
		r := &recorder{fail: func(e schema.Envelope) error {
			if tries[e.ID]++; tries[e.ID] == 1 {
				return errors.New("no")
			}
			return nil
		}}
		consume(t, b, ConsumerConfig{BatchSize: 5, MaxInFlight: 10, MinIdle: time.Hour, BackoffMin: 300 * time.Millisecond, BackoffMax: 300 * time.Millisecond}, r)
		until(t, "all second tries", func() bool { return b.Stats().Handled == n })
	})
}

func TestOnePoisonedEventSparesItsNeighbours(t *testing.T) {
	b := open(t, redistest.Start(t))
	all := events("user/1", 20)
	r := &recorder{}
	h := HandlerFunc(func(ctx context.Context, events []schema.Envelope) error {
		for _, e := range events {
			if e.ID == all[7].ID {
				return errors.New("no") // of the whole batch
			}
		}
		return r.Handle(ctx, events)
	})
	if err := b.Publish(t.Context(), all...); err != nil {
		t.Fatal(err)
	}
	consume(t, b, ConsumerConfig{MaxDeliver: 3, BackoffMin: time.Millisecond, BackoffMax: 10 * time.Millisecond}, h)
	until(t, "the others", func() bool { return len(r.ids()) == 19 && b.Stats().DeadLettered == 1 })
}

func TestPanicIsContained(t *testing.T) {
	var log output.Buffer
	b := open(t, redistest.Start(t), func(c *Config) { c.Logger = logger(&log) })
	r := &recorder{}
	h := HandlerFunc(func(ctx context.Context, events []schema.Envelope) error {
		if err := r.Handle(ctx, events); err != nil {
			return err
		}
		if len(r.ids()) == 1 {
			panic("the patient's SSN is " + canary)
		}
		return nil
	})
	consume(t, b, ConsumerConfig{BackoffMin: time.Millisecond, BackoffMax: 10 * time.Millisecond}, h)
	if err := b.Publish(t.Context(), event("user/1", 1)); err != nil {
		t.Fatal(err)
	}
	until(t, "the second try", func() bool { return b.Stats().Handled == 1 })
	if got := log.String(); !strings.Contains(got, "panicked") || strings.Contains(got, canary) {
		t.Errorf("the log: %s", got)
	}
	if s := b.Stats(); s.Panics != 1 {
		t.Errorf("%+v", s)
	}
}

// A handler that ends its goroutine, as t.FailNow does, is as one that panics: the
// event is tried again, and the others go on.
func TestGoexitIsContained(t *testing.T) {
	var log output.Buffer
	b := open(t, redistest.Start(t), func(c *Config) { c.Logger = logger(&log) })
	calls := 0
	h := HandlerFunc(func(ctx context.Context, events []schema.Envelope) error {
		if calls++; calls <= 2 {
			runtime.Goexit()
		}
		return nil
	})
	consume(t, b, ConsumerConfig{Concurrency: 1, BackoffMin: time.Millisecond, BackoffMax: 10 * time.Millisecond}, h)
	if err := b.Publish(t.Context(), events("user/1", 5)...); err != nil {
		t.Fatal(err)
	}
	until(t, "all", func() bool { return b.Stats().Handled == 5 })
	if s := b.Stats(); s.Panics != 2 || !strings.Contains(log.String(), "TestGoexitIsContained") {
		t.Errorf("%+v\n%s", s, log.String())
	}
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

func TestAnotherConsumerTakesOver(t *testing.T) {
	redistest.Each(t, func(t *testing.T, url string) {
		b := open(t, url)
		c := redistest.Client(t, url)
		if err := b.Publish(t.Context(), events("user/1", 10)...); err != nil {
			t.Fatal(err)
		}
		// A consumer reads and dies.
		if err := c.XGroupCreate(t.Context(), stream0, "test", "0").Err(); err != nil {
			t.Fatal(err)
		}
		if err := c.XReadGroup(t.Context(), &redis.XReadGroupArgs{Group: "test", Consumer: "gone", Streams: []string{stream0, ">"}, Count: 6}).Err(); err != nil {
			t.Fatal(err)
		}
		r := &recorder{}
		consume(t, b, ConsumerConfig{MinIdle: 200 * time.Millisecond, BackoffMax: 100 * time.Millisecond}, r)
		until(t, "all events", func() bool { return b.Stats().Handled == 10 })
		if s := b.Stats(); s.Claimed != 6 {
			t.Errorf("%+v", s)
		}
	})
}

func TestSlowHandlersKeepTheirEntries(t *testing.T) {
	t.Parallel()
	b := open(t, redistest.Start(t))
	if err := b.Publish(t.Context(), events("user/1", 3)...); err != nil {
		t.Fatal(err)
	}
	config := ConsumerConfig{Shared: true, MinIdle: 6 * time.Second, BackoffMax: 100 * time.Millisecond}
	started, release := make(chan struct{}), make(chan struct{})
	slow := HandlerFunc(func(context.Context, []schema.Envelope) error {
		close(started)
		<-release
		return nil
	})
	consume(t, b, config, slow)
	<-started
	other := &recorder{}
	consume(t, b, config, other)
	// The other sees none of them in the time in which it looked several times.
	sleep.For(t.Context(), 11*time.Second)
	if got := other.ids(); len(got) != 0 {
		t.Errorf("a handler at work was robbed of %v", got)
	}
	close(release)
	until(t, "the slow handler", func() bool { return b.Stats().Handled >= 3 })
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

// TestOneEndForAllThatIsUnsettled: however much that is, a consumer that stops while
// Redis is away gives up after settleLast, and tells how much once.
func TestOneEndForAllThatIsUnsettled(t *testing.T) {
	t.Parallel()
	proxy := redistest.NewProxy(t, strings.TrimPrefix(redistest.Mini(t), "redis://"))
	var log output.Buffer
	b := open(t, "redis://"+proxy.Addr, func(c *Config) { c.Logger = logger(&log) })
	c, err := b.Subscribe(ConsumerConfig{Group: "test"})
	if err != nil {
		t.Fatal(err)
	}
	s := newWorker(c, b.all()[0], &recorder{}, nil).settler
	const n = 4 * settleMost
	for i := range n {
		s.add([]result{{entry: &entry{id: fmt.Sprintf("1-%d", i+1)}}})
	}
	proxy.To("127.0.0.1:1")
	s.close()
	began := time.Now()
	s.run()
	if took := time.Since(began); took >= 2*settleLast {
		t.Errorf("it took %v", took)
	}
	if out := log.String(); strings.Count(out, "unsettled") != 1 || !strings.Contains(out, fmt.Sprintf("entries=%d", n)) {
		t.Error(out)
	}
}

func TestLostGroupGoesOnAtItsCheckpoint(t *testing.T) {
	redistest.Each(t, func(t *testing.T, url string) {
		b := open(t, url)
		c := redistest.Client(t, url)
		r := &recorder{}
		consume(t, b, ConsumerConfig{}, r)
		if err := b.Publish(t.Context(), events("user/1", 10)...); err != nil {
			t.Fatal(err)
		}
		until(t, "the first events", func() bool { return b.Stats().Handled == 10 })
		if err := c.XGroupDestroy(t.Context(), stream0, "test").Err(); err != nil {
			t.Fatal(err)
		}
		if err := b.Publish(t.Context(), events("user/2", 10)...); err != nil {
			t.Fatal(err)
		}
		until(t, "the events after", func() bool { return len(r.ids()) >= 20 })
		if got := r.ids(); len(got) != 20 {
			t.Errorf("%d deliveries of 20 events", len(got))
		}
	})
}

func TestVanishedEntriesAreCounted(t *testing.T) {
	server := redistest.Real(t)
	b := open(t, server.URL)
	c := server.Client(t)
	receipts, err := b.PublishBatch(t.Context(), events("user/1", 5))
	if err != nil {
		t.Fatal(err)
	}
	if err := c.XGroupCreate(t.Context(), stream0, "test", "0").Err(); err != nil {
		t.Fatal(err)
	}
	if err := c.XReadGroup(t.Context(), &redis.XReadGroupArgs{Group: "test", Consumer: "gone", Streams: []string{stream0, ">"}, Count: 5}).Err(); err != nil {
		t.Fatal(err)
	}
	if err := c.XDel(t.Context(), stream0, receipts[1].StreamID, receipts[2].StreamID).Err(); err != nil {
		t.Fatal(err)
	}
	r := &recorder{}
	consume(t, b, ConsumerConfig{MinIdle: 100 * time.Millisecond, BackoffMax: 50 * time.Millisecond}, r)
	until(t, "the rest", func() bool { s := b.Stats(); return s.Handled == 3 && s.Lost == 2 })
	until(t, "nothing pending", func() bool { return pending(t, c) == 0 })
}

func TestConsumerSurvivesARestart(t *testing.T) {
	var log output.Buffer
	server := redistest.Real(t)
	b := open(t, server.URL, func(c *Config) { c.Logger = logger(&log); c.Timeout = 30 * time.Second })
	r := &recorder{}
	consume(t, b, ConsumerConfig{}, r)
	if err := b.Publish(t.Context(), events("user/1", 5)...); err != nil {
		t.Fatal(err)
	}
	until(t, "the first events", func() bool { return b.Stats().Handled == 5 })
	server.Kill(t)
	until(t, "the consumer to notice", func() bool { return strings.Contains(log.String(), "can't read and goes on trying") })
	server.Restart(t)
	if err := b.Publish(t.Context(), events("user/2", 5)...); err != nil {
		t.Fatal(err)
	}
	until(t, "the others", func() bool { return b.Stats().Handled == 10 })
	// A long one is also noticed by who looks after the lease, once a second.
	for _, what := range []string{"can't read", "can't see its group"} {
		if n := strings.Count(log.String(), what+" and goes on trying"); n > 1 {
			t.Errorf("%d lines about one outage: consumer %s", n, what)
		}
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
	if err := c.Run(ctx, nil); err == nil {
		t.Error("it runs without a handler")
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

// A stream that was replaced by one with lower ids is read from its start.
func TestReplacedStreamIsReadFromItsStart(t *testing.T) {
	redistest.Each(t, func(t *testing.T, url string) {
		publisher, b := open(t, url), open(t, url)
		c := redistest.Client(t, url)
		r := &recorder{}
		consume(t, b, ConsumerConfig{}, r)
		future := event("user/1", 1)
		if err := schema.Catalogue().Complete(&future, schema.Defaults{Environment: "test"}); err != nil {
			t.Fatal(err)
		}
		data, err := future.AppendJSON(nil)
		if err != nil {
			t.Fatal(err)
		}
		id := fmt.Sprintf("%d-0", time.Now().Add(time.Hour).UnixMilli())
		if err := c.XAdd(t.Context(), &redis.XAddArgs{Stream: stream0, ID: id, Values: []any{"event", data}}).Err(); err != nil {
			t.Fatal(err)
		}
		until(t, "the first", func() bool { return b.Stats().Handled == 1 })
		if got := c.HGet(t.Context(), "carebus:{test.0}:checkpoints", "test").Val(); got != id {
			t.Fatalf("checkpoint %s, want %s", got, id)
		}
		if err := c.Del(t.Context(), stream0).Err(); err != nil {
			t.Fatal(err)
		}
		if err := publisher.Publish(t.Context(), event("user/1", 2)); err != nil {
			t.Fatal(err)
		}
		until(t, "the event with a lower id", func() bool { return r.count(event("user/1", 2).ID) == 1 })
	})
}

// A group that began with what was new doesn't begin so again when all is lost.
func TestLostDataDoesNotMakeAGroupNew(t *testing.T) {
	redistest.Each(t, func(t *testing.T, url string) {
		b := open(t, url)
		c := redistest.Client(t, url)
		r := &recorder{}
		consume(t, b, ConsumerConfig{FromNow: true, Block: 300 * time.Millisecond}, r)
		until(t, "the group", func() bool { return len(c.XInfoGroups(t.Context(), stream0).Val()) == 1 })
		if err := b.Publish(t.Context(), event("user/1", 1)); err != nil {
			t.Fatal(err)
		}
		until(t, "the first", func() bool { return b.Stats().Handled == 1 })
		pipe := c.TxPipeline() // all is gone, and an event there before the group
		pipe.FlushAll(t.Context())
		lost := event("user/1", 2)
		if err := schema.Catalogue().Complete(&lost, schema.Defaults{Environment: "test"}); err != nil {
			t.Fatal(err)
		}
		data, err := lost.AppendJSON(nil)
		if err != nil {
			t.Fatal(err)
		}
		pipe.XAdd(t.Context(), &redis.XAddArgs{Stream: stream0, Values: []any{"event", data}})
		if _, err := pipe.Exec(t.Context()); err != nil {
			t.Fatal(err)
		}
		until(t, "the event", func() bool { return r.count(lost.ID) == 1 })
	})
}

// A handler that heeds no context is told of, and another consumer takes over,
// the shard too, whichever of them comes first in the group's order.
func TestHungHandlersAreTold(t *testing.T) {
	t.Parallel()
	for _, shared := range []bool{false, true} {
		for _, names := range [][2]string{{"a", "b"}, {"b", "a"}} {
			t.Run(fmt.Sprintf("shared %v, %s hangs", shared, names[0]), func(t *testing.T) {
				t.Parallel()
				b := open(t, redistest.Start(t))
				release := make(chan struct{})
				hangs := HandlerFunc(func(context.Context, []schema.Envelope) error {
					<-release
					return nil
				})
				config := ConsumerConfig{
					Name: names[0], Shared: shared, Lease: 2 * time.Second, MinIdle: 150 * time.Millisecond, BackoffMax: 50 * time.Millisecond,
					HandleTimeout: 10 * time.Millisecond,
				}
				stop := consume(t, b, config, hangs)
				defer stop()
				freed := sync.OnceFunc(func() { close(release) })
				defer freed()
				if err := b.Publish(t.Context(), event("user/1", 1)); err != nil {
					t.Fatal(err)
				}
				until(t, "it to be told", func() bool { return b.Stats().Hung == 1 })
				config.Name, config.HandleTimeout = names[1], time.Minute
				r := &recorder{}
				consume(t, b, config, r)
				until(t, "another to take over", func() bool { return len(r.ids()) > 0 })
				if err := b.Publish(t.Context(), event("user/1", 2)); err != nil {
					t.Fatal(err)
				}
				until(t, "the next event", func() bool { return r.count(event("user/1", 2).ID) > 0 })
			})
		}
	}
}

// Once its handler returns after all, a consumer takes part again.
func TestHungConsumerComesBack(t *testing.T) {
	t.Parallel()
	b := open(t, redistest.Start(t))
	release := make(chan struct{})
	r := &recorder{}
	first := true
	h := HandlerFunc(func(ctx context.Context, events []schema.Envelope) error {
		if first {
			first = false
			<-release
		}
		return r.Handle(ctx, events)
	})
	stop := consume(t, b, ConsumerConfig{Lease: time.Second, MinIdle: 150 * time.Millisecond, BackoffMax: 50 * time.Millisecond, HandleTimeout: 10 * time.Millisecond}, h)
	defer stop()
	if err := b.Publish(t.Context(), event("user/1", 1)); err != nil {
		t.Fatal(err)
	}
	until(t, "it to be told", func() bool { return b.Stats().Hung == 1 })
	close(release)
	if err := b.Publish(t.Context(), event("user/1", 2)); err != nil {
		t.Fatal(err)
	}
	until(t, "the next event", func() bool { return r.count(event("user/1", 2).ID) > 0 })
}

// TestANilHandlerFunc would have every event given up.
func TestANilHandlerFunc(t *testing.T) {
	b := open(t, redistest.Mini(t))
	c, err := b.Subscribe(ConsumerConfig{Group: "g"})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	if err := c.Run(ctx, HandlerFunc(nil)); err == nil {
		t.Error("it runs")
	}
}
