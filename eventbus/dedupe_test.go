package eventbus

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/carebus/carebus/internal/redistest"
	"github.com/carebus/carebus/schema"
)

// Where the dedupe keeps an identity is a contract between versions.
func TestSlotOf(t *testing.T) {
	for id, want := range map[string]slot{
		"017f22e2-79b0-7cc3-98c4-dc0c0c07398f": 0x017f22e279b0 >> 3, // RFC 9562, A.6
		"017f22e2-79b7-7cc3-98c4-dc0c0c07398f": 0x017f22e279b0 >> 3,
		"017f22e2-79b8-7cc3-98c4-dc0c0c07398f": 0x017f22e279b8 >> 3,
		"017F22E2-79B0-7CC3-98C4-DC0C0C07398F": 0x017f22e279b0 >> 3,
		"ffffffff-ffff-7fff-bfff-ffffffffffff": 1<<45 - 1,
		"919108f7-52d1-4320-9bac-f847db4148a8": noSlot, // version 4, A.3
		"017f22e279b07cc398c4dc0c0c07398f":     noSlot,
		"017f22e2-79b0-7cc3-98c4-dc0c0c07398":  noSlot,
		"017f22e2x79b0-7cc3-98c4-dc0c0c07398f": noSlot,
		"+17f22e2-79b0-7cc3-98c4-dc0c0c07398f": noSlot,
		"017f22e2--9b0-7cc3-98c4-dc0c0c07398f": noSlot,
		"":                                     noSlot,
	} {
		if got := slotOf(id); got != want {
			t.Errorf("slot of %q: %#x, want %#x", id, got, want)
		}
	}
	ids := schema.IDs(func() time.Time { return time.UnixMilli(1795881608750) }, strings.NewReader(strings.Repeat("x", 100)))
	if got, want := slotOf(ids()), slot(1795881608750>>3); got != want {
		t.Errorf("slot of an id that schema makes: %d, want %d", got, want)
	}
}

func TestParseSlot(t *testing.T) {
	a, b, c := identify("s", "1"), identify("s", "2"), identify("s", "3")
	data := "0001795881608750" + string(a[:]) + string(b[:]) + "0001795881608757" + string(c[:]) + string(a[:]) + "torn"
	want := map[identity]string{a: "1795881608750-0", b: "1795881608750-0", c: "1795881608757-0"}
	if got := parseSlot(data); !maps.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	if got := parseSlot(""); len(got) != 0 {
		t.Errorf("an empty slot holds %v", got)
	}
}

// TestAnIdentityIsFoundWhole: not across two records, also where those beside it
// hold its bytes.
func TestAnIdentityIsFoundWhole(t *testing.T) {
	redistest.Each(t, func(t *testing.T, url string) {
		b := open(t, url)
		c := redistest.Client(t, url)
		e := event("user/1", 1)
		e.ID = "017f22e2-79b0-7cc3-98c4-dc0c0c07398f"
		key := identify(e.Source, e.ID)
		slot := b.all()[0].lookedKey(slotOf(e.ID))
		shifted := string(key[5:]) + string(key[:]) + string(key[:5])
		c.Set(t.Context(), slot, "0001795881608750"+shifted, time.Minute)
		r, err := b.PublishBatch(t.Context(), []schema.Envelope{e})
		if err != nil || r[0].Duplicate {
			t.Fatalf("%+v, %v", r, err)
		}
		if got := c.Get(t.Context(), slot).Val(); !strings.HasSuffix(got, shifted+got[48:64]+string(key[:])) || len(got) != 80 {
			t.Errorf("the slot has %d bytes", len(got))
		}
		if r, err := b.PublishBatch(t.Context(), []schema.Envelope{e}); err != nil || !r[0].Duplicate {
			t.Errorf("again: %+v, %v", r, err)
		}
	})
}

// TestSlotsExpire a window after the last of their events, and not before.
func TestSlotsExpire(t *testing.T) {
	url := redistest.Mini(t)
	b := open(t, url, func(c *Config) { c.DedupeWindow = time.Minute })
	e := event("user/1", 1)
	e.ID = schema.NewID()
	publish := func() bool {
		t.Helper()
		r, err := b.PublishBatch(t.Context(), []schema.Envelope{e})
		if err != nil {
			t.Fatal(err)
		}
		return r[0].Duplicate
	}
	got := []bool{publish()}
	for _, d := range []time.Duration{59 * time.Second, 3 * time.Minute} {
		redistest.Pass(url, d)
		got = append(got, publish())
	}
	if want := []bool{false, true, false}; !slices.Equal(got, want) {
		t.Errorf("known at once, before the window's end and long after: %v, want %v", got, want)
	}
}

// TestAFullSlot grows no more, and what comes to it is known all the same, for
// its own window.
func TestAFullSlot(t *testing.T) {
	for _, looked := range []bool{false, true} {
		url := redistest.Mini(t)
		b := open(t, url, func(c *Config) { c.DedupeWindow = time.Minute })
		c := redistest.Client(t, url)
		const full = 64 << 10
		now := time.Now().UnixMilli()
		for ms := now; ms < now+10_000; ms += 8 {
			key := b.all()[0].slotKey(slot(ms >> 3))
			if looked {
				key = b.all()[0].lookedKey(slot(ms >> 3))
			}
			c.Set(t.Context(), key, strings.Repeat("sixteen bytes...", full/16), time.Minute)
		}
		all := withIDs("user/1", many, func(int) string { return "" })
		if looked {
			all = withIDs("user/1", many, func(int) string { return schema.NewID() })
		}
		redistest.Pass(url, 50*time.Second)
		for n := range 3 {
			receipts, err := b.PublishBatch(t.Context(), all)
			if err != nil {
				t.Fatal(err)
			}
			for i, r := range receipts {
				if r.Duplicate != (n > 0) || r.StreamID == "" {
					t.Fatalf("looked for %v, time %d, receipt %d: %+v", looked, n, i, r)
				}
				all[i].ID = r.ID
			}
			redistest.Pass(url, 15*time.Second)
		}
		for _, key := range c.Keys(t.Context(), "*dedupe:*").Val() {
			if n := c.Type(t.Context(), key).Val(); n == "string" && c.StrLen(t.Context(), key).Val() > full {
				t.Errorf("a slot has %d bytes", c.StrLen(t.Context(), key).Val())
			}
		}
		e := all[0]
		from, err := b.findRecords(t.Context(), b.all()[0], []item{{identity: identify(e.Source, e.ID), slot: slotOf(e.ID)}})
		if err != nil || from[0] == "" {
			t.Errorf("recorded from %q on, %v", from, err)
		}
	}
}

func TestRecorded(t *testing.T) {
	redistest.Each(t, func(t *testing.T, url string) {
		b := open(t, url)
		all := slices.Concat(events("user/1", 3), withIDs("user/1", 3, func(int) string { return schema.NewID() }))
		receipts, err := b.PublishBatch(t.Context(), all)
		if err != nil {
			t.Fatal(err)
		}
		var items []item
		for _, e := range append(all, event("user/2", 1), withIDs("user/2", 1, func(int) string { return schema.NewID() })[0]) {
			items = append(items, item{identity: identify(e.Source, e.ID), slot: slotOf(e.ID)})
		}
		from, err := b.findRecords(t.Context(), b.all()[0], items)
		if err != nil {
			t.Fatal(err)
		}
		for i, id := range from {
			if i >= len(all) != (id == "") || id != "" && before(receipts[i].StreamID, id) {
				t.Errorf("event %d is to be looked for from %q on", i, id)
			}
		}
	})
}

// TestTheWindowAfterAClockThatWasAhead ends in time, or the hash would grow until then.
func TestTheWindowAfterAClockThatWasAhead(t *testing.T) {
	redistest.Each(t, func(t *testing.T, url string) {
		b := open(t, url)
		c := redistest.Client(t, url)
		if err := b.Publish(t.Context(), events("user/1", 3)...); err != nil {
			t.Fatal(err)
		}
		s := b.all()[0]
		c.HSet(t.Context(), s.dedupeA, "born", "99999999999999")
		if err := b.Publish(t.Context(), events("user/2", 3)...); err != nil {
			t.Fatal(err)
		}
		if born := c.HGet(t.Context(), s.dedupeA, "born").Val(); born == "99999999999999" {
			t.Error("never rotates")
		}
	})
}

// TestTheIdentityOfAScrubbedSource is that of what stands in the stream: a hash of what
// was scrubbed would tell it to whoever tries all there may be.
func TestTheIdentityOfAScrubbedSource(t *testing.T) {
	b := open(t, redistest.Mini(t))
	e := event("user/1", 1)
	e.Source = "pms/" + canary
	p, err := b.prepare(t.Context(), &e)
	if err != nil {
		t.Fatal(err)
	}
	got, err := schema.Parse(p.item.event)
	if err != nil || got.Source == e.Source || p.item.identity != identify(got.Source, got.ID) {
		t.Errorf("the identity isn't that of %q, %v", got.Source, err)
	}
	for range 2 {
		receipts, err := b.PublishBatch(t.Context(), []schema.Envelope{e})
		if err != nil || receipts[0].StreamID == "" {
			t.Errorf("%+v, %v", receipts, err)
		}
	}
}

func TestDedupeWindowRotates(t *testing.T) {
	t.Parallel()
	server := redistest.Real(t)
	b, client := open(t, server.URL, func(c *Config) { c.DedupeWindow = time.Second }), server.Client(t)
	publish := func(n int) bool {
		t.Helper()
		r, err := b.PublishBatch(t.Context(), []schema.Envelope{event("user/1", n)})
		if err != nil {
			t.Fatal(err)
		}
		return r[0].Duplicate
	}
	// A window ends with the first event behind it, however late that comes.
	rotations, born := -1, ""
	for n := 0; rotations < 2; n++ {
		first := time.Now()
		publish(n)
		if !publish(n) && time.Since(first) < time.Second {
			t.Fatalf("event %d was written twice within the window", n)
		}
		now, err := client.HGet(t.Context(), b.all()[0].dedupeA, "born").Result()
		if err != nil && !errors.Is(err, redis.Nil) { // nothing came for long
			t.Fatal(err)
		}
		if err == nil && now != born {
			rotations, born = rotations+1, now
		}
	}
	if publish(0) {
		t.Error("an identity is known for longer than two windows")
	}
}
