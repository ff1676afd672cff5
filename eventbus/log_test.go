package eventbus

import (
	"testing"

	"github.com/carebus/carebus/internal/redistest"
	"github.com/carebus/carebus/schema"
)

func TestLogReadsNoMoreThanItIsAskedFor(t *testing.T) {
	redistest.Each(t, func(t *testing.T, url string) {
		b := open(t, url)
		if err := b.Publish(t.Context(), events("user/1", 3)...); err != nil {
			t.Fatal(err)
		}
		for max, want := range map[int]int{-1: 0, 0: 0, 2: 2} {
			if got, err := b.Logs()[0].Read(t.Context(), "", max); err != nil || len(got) != want {
				t.Errorf("Read of %d: %d entries, %v", max, len(got), err)
			}
		}
	})
}

func TestLogReadsInOrderAndCommitsOnce(t *testing.T) {
	redistest.Each(t, func(t *testing.T, url string) {
		b := open(t, url)
		if err := b.Publish(t.Context(), events("user/1", 10)...); err != nil {
			t.Fatal(err)
		}
		one, other := b.Logs()[0], b.Logs()[0]
		if one.Name() != "0" {
			t.Errorf("name %q", one.Name())
		}
		cursor, err := one.Cursor(t.Context())
		if err != nil || cursor != (schema.Cursor{}) {
			t.Fatalf("cursor at first: %+v, %v", cursor, err)
		}
		first, err := one.Read(t.Context(), "", 4)
		if err != nil || len(first) != 4 {
			t.Fatalf("%d entries, %v", len(first), err)
		}
		rest, err := one.Read(t.Context(), first[3].ID, 100)
		if err != nil || len(rest) != 6 {
			t.Fatalf("%d entries, %v", len(rest), err)
		}
		if none, err := one.Read(t.Context(), rest[5].ID, 100); err != nil || len(none) != 0 {
			t.Fatalf("behind the last: %d entries, %v", len(none), err)
		}
		next := schema.Cursor{Plan: 1, Last: first[3].ID}
		if ok, err := one.Commit(t.Context(), next); err != nil || !ok {
			t.Fatalf("commit: %v, %v", ok, err)
		}
		for _, fenced := range []schema.Cursor{{Plan: 1, Last: rest[5].ID}, {Plan: 3, Last: rest[5].ID}} {
			if ok, err := other.Commit(t.Context(), fenced); err != nil || ok {
				t.Errorf("commit of plan %d after plan 1: %v, %v", fenced.Plan, ok, err)
			}
		}
		if got, err := other.Cursor(t.Context()); err != nil || got != next {
			t.Errorf("cursor %+v, %v", got, err)
		}
		s, err := b.Status(t.Context())
		if err != nil || s.Shards[0].Lake.Plan != 1 || s.Shards[0].Length != 10 || len(s.Shards[0].Groups) != 0 {
			t.Errorf("%+v, %v", s, err)
		}
	})
}

func TestLakeGroupShowsLag(t *testing.T) {
	server := redistest.Real(t)
	b := open(t, server.URL)
	if err := b.Publish(t.Context(), events("user/1", 10)...); err != nil {
		t.Fatal(err)
	}
	l, c := b.Logs()[0], server.Client(t)
	after := ""
	for plan, n := range []int{4, 3, 3} {
		entries, err := l.Read(t.Context(), after, 10)
		if err != nil {
			t.Fatal(err)
		}
		after = entries[n-1].ID
		if ok, err := l.Commit(t.Context(), schema.Cursor{Plan: uint64(plan) + 1, Last: after}); err != nil || !ok {
			t.Fatalf("commit: %v, %v", ok, err)
		}
		g := c.XInfoGroups(t.Context(), stream0).Val()
		if want := int64(len(entries) - n); len(g) != 1 || g[0].Name != "lake" || g[0].Lag != want || g[0].LastDeliveredID != after {
			t.Errorf("after plan %d: %+v, want lag %d", plan+1, g, want)
		}
	}
}

func TestLogBefore(t *testing.T) {
	redistest.Each(t, func(t *testing.T, url string) {
		b := open(t, url)
		log := b.Logs()[0]
		if at, err := log.Before(t.Context(), 0); err != nil || at != "" {
			t.Errorf("of no entries: %q, %v", at, err)
		}
		const all = 2500 // several pages
		if err := b.Publish(t.Context(), withoutIDs("user/1", all)...); err != nil {
			t.Fatal(err)
		}
		for _, n := range []int{-1, 0, 1, 999, 1000, 1001, 2000, all - 1, all, all + 1} {
			at, err := log.Before(t.Context(), n)
			if err != nil {
				t.Fatal(err)
			}
			if got, err := log.Read(t.Context(), at, all); err != nil || len(got) != max(0, min(n, all)) {
				t.Errorf("behind the place before the last %d stand %d entries, %v", n, len(got), err)
			}
		}
	})
}
