package eventbus

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/carebus/carebus/internal/redistest"
	"github.com/carebus/carebus/schema"
)

// idKinds are the ids that callers give: those of one slot of the dedupe, those
// of many, and those that belong in a hash.
func idKinds(now time.Time) map[string]func(i int) string {
	v7 := func(ms int64, i int) string {
		return fmt.Sprintf("%08x-%04x-7000-8000-%012x", ms>>16, ms&0xffff, i)
	}
	return map[string]func(i int) string{
		"of one slot":   func(i int) string { return v7(now.UnixMilli()&^7, i) },
		"of many slots": func(i int) string { return v7(now.UnixMilli()-int64(i)*1000, i) },
		"in a hash":     func(i int) string { return fmt.Sprintf("order-%d", i) },
		"mixed": func(i int) string {
			if i%3 == 0 {
				return fmt.Sprintf("order-%d", i)
			}
			return v7(now.UnixMilli()-int64(i%3)*100, i)
		},
	}
}

// TestWhatIsKnownIsWrittenOnce: few and many events, alone and among others, by
// the same and by another bus, each once and in order; receipts name the entry.
func TestWhatIsKnownIsWrittenOnce(t *testing.T) {
	for kind, id := range idKinds(time.Now()) {
		for _, n := range []int{3, many, batchEvents + many} {
			t.Run(fmt.Sprintf("%d %s", n, kind), func(t *testing.T) {
				redistest.Each(t, func(t *testing.T, url string) {
					all := withIDs("user/1", n, id)
					b := open(t, url, oneAttempt)
					// The odd ones first; then all, with each odd one once more.
					var odd []schema.Envelope
					for i := 1; i < n; i += 2 {
						odd = append(odd, all[i])
					}
					first, err := b.PublishBatch(t.Context(), odd)
					if err != nil {
						t.Fatal(err)
					}
					receipts, err := open(t, url, oneAttempt).PublishBatch(t.Context(), slices.Concat(all, all[:1], odd))
					if err != nil {
						t.Fatal(err)
					}
					entries, err := b.Logs()[0].Read(t.Context(), "", 2*n)
					if err != nil || len(entries) != n {
						t.Fatalf("%d entries, %v; want %d", len(entries), err, n)
					}
					where := map[string]string{}
					for i, entry := range entries {
						e, err := schema.Parse(entry.Data)
						if err != nil {
							t.Fatal(err)
						}
						where[e.ID] = entry.ID
						want := 0
						if i < len(odd) {
							want = 2*i + 1
						} else {
							want = 2 * (i - len(odd))
						}
						if e.ID != id(want) {
							t.Fatalf("entry %d is event %s, want %s", i, e.ID, id(want))
						}
					}
					for i, r := range receipts {
						duplicate := i >= n || i%2 == 1
						if r.Duplicate != duplicate || r.StreamID == "" || r.StreamID != where[r.ID] {
							t.Errorf("receipt %d: %+v, want entry %s and duplicate %v", i, r, where[r.ID], duplicate)
						}
					}
					for i, r := range first {
						if r.Duplicate || r.StreamID != where[odd[i].ID] {
							t.Errorf("first receipt %d: %+v", i, r)
						}
					}
					noTrace(t, redistest.Client(t, url))
				})
			})
		}
	}
}

// TestAnIDThatTheBusMadeIsKnown: whoever publishes again with the id of a receipt
// publishes nothing new.
func TestAnIDThatTheBusMadeIsKnown(t *testing.T) {
	redistest.Each(t, func(t *testing.T, url string) {
		b := open(t, url)
		for _, n := range []int{1, many} {
			all := withIDs("user/1", n, func(int) string { return "" })
			made, err := b.PublishBatch(t.Context(), all)
			if err != nil {
				t.Fatal(err)
			}
			for i := range all {
				all[i].ID = made[i].ID
			}
			again, err := b.PublishBatch(t.Context(), all)
			if err != nil {
				t.Fatal(err)
			}
			for i, r := range again {
				if !r.Duplicate || r.StreamID != made[i].StreamID {
					t.Errorf("again: %+v, at first %+v", r, made[i])
				}
			}
		}
	})
}

// TestWhatMayNotBeAppendedIsNot: what the script refuses, or where it can't run,
// the commands behind it append nothing, and publishing goes on when it can.
func TestWhatMayNotBeAppendedIsNot(t *testing.T) {
	t.Parallel()
	for _, size := range []int{1, many} {
		t.Run(fmt.Sprint(size), func(t *testing.T) {
			t.Parallel()
			mayNotBeAppended(t, size)
		})
	}
}

func mayNotBeAppended(t *testing.T, size int) {
	server := redistest.Real(t)
	c := server.Client(t)
	ctx := t.Context()
	b := open(t, server.URL, func(c *Config) { c.Timeout = 2 * time.Second }) // what is refused for so long fails
	layout := strings.TrimSuffix(stream0, "events") + "layout"
	do := func(args ...any) {
		t.Helper()
		if err := c.Do(ctx, args...).Err(); err != nil {
			t.Fatal(err)
		}
	}
	// What nothing hinders is published, though a busy machine may need more time.
	publish := func(all []schema.Envelope) (err error) {
		until(t, "an answer in time", func() bool {
			err = b.Publish(ctx, all...)
			return !errors.Is(err, ErrUnavailable)
		})
		return err
	}
	published := 0
	for n, step := range []struct {
		name   string
		change func() (undo func())
		is     error // nil: nothing hinders
	}{
		{"the script was forgotten", func() func() { do("SCRIPT", "FLUSH"); return func() {} }, nil},
		{"sealed", func() func() {
			do("HSET", layout, "until", time.Now().Add(50*time.Second).UnixMilli())
			return func() { do("HDEL", layout, "until") }
		}, ErrUnavailable},
		{"all data is gone", func() func() { do("FLUSHALL"); published = 0; return func() {} }, nil},
		{"no memory", func() func() {
			do("CONFIG", "SET", "maxmemory", "1")
			return func() { do("CONFIG", "SET", "maxmemory", "0") }
		}, ErrBusFull},
		{"too few replicas", func() func() {
			do("CONFIG", "SET", "min-replicas-to-write", "1")
			return func() { do("CONFIG", "SET", "min-replicas-to-write", "0") }
		}, ErrUnavailable},
		{"a replica", func() func() {
			do("REPLICAOF", "127.0.0.1", "1")
			return func() { do("REPLICAOF", "NO", "ONE") }
		}, ErrUnavailable},
	} {
		all := events(fmt.Sprintf("user/%d", n), size)
		undo := step.change()
		var err error
		if step.is == nil {
			err = publish(all)
		} else {
			err = b.Publish(ctx, all...)
		}
		if batch, ok := errors.AsType[schema.BatchError](err); ok {
			err = batch[0]
		}
		if !errors.Is(err, step.is) || (err == nil) != (step.is == nil) {
			t.Errorf("%s: %v", step.name, err)
		}
		want := published
		if err == nil {
			want += size
		}
		noTrace(t, c)
		if got := c.XLen(ctx, stream0).Val(); got != int64(want) {
			t.Fatalf("%s: %d entries, want %d", step.name, got, want)
		}
		undo()
		// What failed can be published again; what didn't is known.
		if err := publish(all); err != nil {
			t.Fatalf("%s, again: %v", step.name, err)
		}
		if published += size; c.XLen(ctx, stream0).Val() != int64(published) {
			t.Fatalf("%s, again: %d entries, want %d", step.name, c.XLen(ctx, stream0).Val(), published)
		}
	}
}

// TestAStreamOfAnotherType is none that events go to; they aren't known then.
func TestAStreamOfAnotherType(t *testing.T) {
	for _, key := range []string{"events", "dedupe:a"} {
		for _, n := range []int{1, many} {
			server := redistest.Real(t)
			b := open(t, server.URL)
			c := server.Client(t)
			key := strings.TrimSuffix(stream0, "events") + key
			c.Set(t.Context(), key, "a string", 0)
			if err := b.Publish(t.Context(), events("user/1", n)...); err == nil {
				t.Errorf("%d events were published though %s is a string", n, key)
			}
			c.Del(t.Context(), key)
			if err := b.Publish(t.Context(), events("user/1", n)...); err != nil {
				t.Fatal(err)
			}
			wantOnce(t, b, n)
		}
	}
}

// TestATornTransaction: a stream that was left under its other name is taken back,
// whatever is published next, and none is written over.
func TestATornTransaction(t *testing.T) {
	redistest.Each(t, func(t *testing.T, url string) {
		for _, n := range []int{1, many} {
			b := open(t, url)
			c := redistest.Client(t, url)
			c.FlushAll(t.Context())
			// More than goes along with the script, so that the name is known. A slow
			// caller's events may leave a few at a time.
			appending := func() string {
				return c.HGet(t.Context(), strings.TrimSuffix(stream0, "events")+"layout", "appending").Val()
			}
			before := 0
			for before == 0 || appending() == "" {
				if err := b.Publish(t.Context(), withoutIDs("user/1", many)...); err != nil {
					t.Fatal(err)
				}
				before += many
			}
			other := appending()
			c.Rename(t.Context(), stream0, other)
			if err := b.Publish(t.Context(), events("user/3", n)...); err != nil {
				t.Error(err)
			}
			wantOnce(t, b, before+n)
			noTrace(t, c)
			// Somebody makes another stream meanwhile: that is for people to judge.
			other = appending()
			c.Rename(t.Context(), stream0, other)
			c.XAdd(t.Context(), &redis.XAddArgs{Stream: stream0, Values: []any{"event", "{}"}})
			if err := b.Publish(t.Context(), events("user/4", n)...); err == nil || !strings.Contains(err.Error(), "TORN") {
				t.Errorf("with two streams: %v", err)
			}
			if got := []int64{c.XLen(t.Context(), stream0).Val(), c.XLen(t.Context(), other).Val()}; !slices.Equal(got, []int64{1, int64(before + n)}) {
				t.Errorf("the streams have %d entries", got)
			}
		}
	})
}

// TestWhereIDsHaveComeToTheirEnd: what can't be appended isn't known as published,
// neither while a stranger's entry stands at the end of all ids nor when it is gone.
func TestWhereIDsHaveComeToTheirEnd(t *testing.T) {
	const end = "18446744073709551615-18446744073709551615"
	for kind, id := range idKinds(time.Now()) {
		for _, n := range []int{1, many} {
			t.Run(fmt.Sprintf("%d %s", n, kind), func(t *testing.T) {
				t.Parallel()
				server := redistest.Real(t)
				b := open(t, server.URL)
				if err := b.Publish(t.Context(), event("user/0", 0)); err != nil {
					t.Fatal(err)
				}
				c := server.Client(t)
				last := c.XRevRangeN(t.Context(), stream0, "+", "-", 1).Val()[0].ID
				if err := c.XAdd(t.Context(), &redis.XAddArgs{Stream: stream0, ID: end, Values: []any{"event", "{}"}}).Err(); err != nil {
					t.Fatal(err)
				}
				all := withIDs("user/1", n, id)
				for _, mend := range [][]any{{"XDEL", stream0, end}, {"XSETID", stream0, last}} {
					if err := b.Publish(t.Context(), all...); err == nil {
						t.Fatal("published where there are no more ids")
					}
					if err := c.Do(t.Context(), mend...).Err(); err != nil {
						t.Fatal(err)
					}
				}
				receipts, err := b.PublishBatch(t.Context(), all)
				if err != nil {
					t.Fatal(err)
				}
				for i, r := range receipts {
					if r.Duplicate || r.StreamID == "" {
						t.Errorf("receipt %d: %+v", i, r)
					}
				}
				if got := c.XLen(t.Context(), stream0).Val(); got != int64(1+n) {
					t.Errorf("%d entries, want %d", got, 1+n)
				}
				noTrace(t, c)
			})
		}
	}
}

// TestRefusedAtTheEnd: the server has queued a transaction and can't run it any more.
func TestRefusedAtTheEnd(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		is       error
		do, undo []any
	}{
		{ErrUnavailable, []any{"REPLICAOF", "127.0.0.1", "1"}, []any{"REPLICAOF", "NO", "ONE"}},
		{ErrBusFull, []any{"CONFIG", "SET", "maxmemory", "1"}, []any{"CONFIG", "SET", "maxmemory", "0"}},
		{ErrUnavailable, []any{"CONFIG", "SET", "min-replicas-to-write", "1"}, []any{"CONFIG", "SET", "min-replicas-to-write", "0"}},
	} {
		t.Run(fmt.Sprint(c.do...), func(t *testing.T) {
			t.Parallel()
			server := redistest.Real(t)
			s := newDelayProxy(t, server.Addr)
			b, admin := open(t, "redis://"+s.addr, func(c *Config) { c.Timeout = 6 * time.Second }), server.Client(t)
			if err := b.Publish(t.Context(), events("user/1", many)...); err != nil {
				t.Fatal(err)
			}
			// What is held must come while the first attempt lasts: the outcome of a
			// later one is open.
			s.hold("*1\r\n$4\r\nexec")
			failed := make(chan error, 1)
			all := withoutIDs("user/2", 4*many) // some leave in small batches
			var receipts []Receipt
			go func() {
				var err error
				receipts, err = b.PublishBatch(t.Context(), all)
				failed <- err
			}()
			select {
			case <-s.held:
			case err := <-failed:
				t.Fatalf("there was no transaction to hold: %v", err)
			}
			if err := admin.Do(t.Context(), c.do...).Err(); err != nil {
				t.Fatal(err)
			}
			s.release()
			err := <-failed
			batch, ok := errors.AsType[schema.BatchError](err)
			if !ok {
				t.Fatalf("after %v: %v", c.do, err)
			}
			there := many // and what left in a batch of its own before
			for _, err := range batch {
				if err == nil {
					there++
				} else if !errors.Is(err, c.is) {
					t.Errorf("after %v: %v", c.do, err)
				}
			}
			// A last attempt may be on its way still, and arrive when the server takes
			// events again.
			wantOnce(t, b, there)
			if err := admin.Do(t.Context(), c.undo...).Err(); err != nil {
				t.Fatal(err)
			}
			for i := range all {
				all[i].ID = receipts[i].ID
			}
			if err := b.Publish(t.Context(), all...); err != nil {
				t.Error(err)
			}
			wantOnce(t, b, 5*many)
		})
	}
}
