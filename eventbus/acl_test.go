package eventbus

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/carebus/carebus/internal/redistest"
	"github.com/carebus/carebus/schema"
)

// TestTheDocumentedACLIsEnough uses all of the bus as a user who may do only
// what the package documentation lists, on a server that hides its settings.
func TestTheDocumentedACLIsEnough(t *testing.T) {
	doc, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	rule := regexp.MustCompile(`(?s)ACL SETUSER carebus (.*?)\n//\n`).FindStringSubmatch(string(doc))
	if rule == nil {
		t.Fatal("doc.go names no ACL")
	}
	words := strings.Fields("ACL SETUSER carebus " + strings.ReplaceAll(rule[1], "//", ""))
	readme, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(strings.Join(strings.Fields(string(readme)), " "), strings.Join(words, " ")) {
		t.Error("README.md lists other commands than doc.go")
	}
	var args []any
	for _, word := range words {
		args = append(args, strings.ReplaceAll(word, "<password>", "secret"))
	}
	server := redistest.Real(t)
	c := server.Client(t)
	if err := c.Do(t.Context(), args...).Err(); err != nil {
		t.Fatal(err)
	}
	b := open(t, "redis://carebus:secret@"+server.Addr)
	r := &recorder{fail: func(schema.Envelope) error { return Permanent(errors.New("no")) }}
	stop := consume(t, b, ConsumerConfig{FromNow: true, MinIdle: 100 * time.Millisecond, BackoffMax: 50 * time.Millisecond}, r)
	until(t, "the group", func() bool { return len(c.XInfoGroups(t.Context(), stream0).Val()) == 1 })
	receipts, err := b.PublishBatch(t.Context(), events("user/1", 3))
	if err != nil {
		t.Fatal(err)
	}
	d := b.DeadLetters()[0]
	until(t, "the letters", func() bool { return b.Stats().DeadLettered == 3 })
	r.mu.Lock()
	r.fail = nil
	r.mu.Unlock()
	if got, err := d.Redrive(t.Context(), RedriveConfig{DeadLetterFilter: DeadLetterFilter{All: true}}); err != nil || got.Redriven != 3 {
		t.Errorf("redrive: %+v, %v", got, err)
	}
	until(t, "the redriven", func() bool { return b.Stats().Handled == 3 })
	stop()
	if _, err := d.Purge(t.Context(), DeadLetterFilter{All: true}); err != nil {
		t.Error(err)
	}
	if err := b.Publish(t.Context(), withIDs("user/2", many, func(int) string { return "" })...); err != nil || !b.multi.Load() {
		t.Errorf("in a transaction: %v", err)
	}
	if ok, err := b.Logs()[0].Commit(t.Context(), schema.Cursor{Plan: 1, Last: receipts[2].StreamID}); err != nil || !ok {
		t.Errorf("commit: %v, %v", ok, err)
	}
	_, history, err := b.Logs()[0].ReadHistory(t.Context(), "", 1)
	if err != nil || history == "" {
		t.Errorf("history %q, %v", history, err)
	}
	if ok, err := b.Logs()[0].Advance(t.Context(), history, "99999999999999-0"); err != nil || !ok {
		t.Errorf("advance: %v, %v", ok, err)
	}
	if got, err := b.Leases().Hold(t.Context(), "a", []string{"0"}, time.Second); err != nil || len(got) != 1 {
		t.Errorf("leases %q, %v", got, err)
	}
	if got, err := b.Trim(t.Context(), RetentionConfig{KeepFor: time.Millisecond}); err != nil || got[0].Removed == 0 {
		t.Errorf("trim: %+v, %v", got, err)
	}
	if s, err := b.Status(t.Context()); err != nil || s.Eviction != "noeviction" || s.Version == "" {
		t.Errorf("status: %+v, %v", s, err)
	}
}

// Whose user lacks a right is told where the rights are listed, and no more.
func TestErrorOfALackingRight(t *testing.T) {
	for _, lacks := range [][]any{{"-evalsha", "-eval"}, {"-hset"}} { // of a call, and of what a script does
		server := redistest.Real(t)
		if err := server.Client(t).Do(t.Context(), append([]any{"ACL", "SETUSER", "weak", "on", ">secret", "~carebus:*", "+@all", "-get", "-hgetall"}, lacks...)...).Err(); err != nil {
			t.Fatal(err)
		}
		_, err := Open(t.Context(), Config{URL: "redis://weak:secret@" + server.Addr, Environment: "test", Scrubber: newScrubber(t)})
		if err == nil || !strings.Contains(err.Error(), "documentation of package eventbus") || strings.Contains(err.Error(), "weak") {
			t.Errorf("%v: %v", lacks, err)
		}
	}
}

// What is written, but can't be waited for, isn't told as if it wasn't there.
func TestARefusedWaitLeavesTheOutcomeOpen(t *testing.T) {
	server := redistest.Real(t)
	url, may := producer(t, server)
	may("-wait")
	b := open(t, url, func(c *Config) { c.MinReplicas, c.Timeout = 1, time.Second })
	err := b.Publish(t.Context(), event("user/1", 1))
	if !errors.Is(err, ErrUnavailable) || !strings.Contains(err.Error(), "NOPERM") {
		t.Error(err)
	}
	if n := server.Client(t).XLen(t.Context(), stream0).Val(); n != 1 {
		t.Errorf("%d entries", n)
	}
}

// TestAUserWithTooFewRights gets errors, and appends nothing; where it may not use
// transactions, it does without.
func TestAUserWithTooFewRights(t *testing.T) {
	for _, c := range []struct {
		lacks []any
		works bool
	}{
		{[]any{"-@transaction"}, true},
		{[]any{"-renamenx"}, true},
		{[]any{"-exec"}, true},
		{[]any{"-append"}, false},
		{[]any{"-append", "-xdel"}, false},
		{[]any{"-strlen"}, false},
		{[]any{"-evalsha"}, false},
	} {
		for _, at := range []string{"first", "later"} {
			if at == "first" && slices.Contains(c.lacks, any("-evalsha")) {
				continue // a bus doesn't open
			}
			server := redistest.Real(t)
			admin := server.Client(t)
			user := []any{"ACL", "SETUSER", "producer", "on", ">secret", "~*", "+@all"}
			change := append([]any{"ACL", "SETUSER", "producer"}, c.lacks...)
			do := func(args []any) {
				t.Helper()
				if err := admin.Do(t.Context(), args...).Err(); err != nil {
					t.Fatal(err)
				}
			}
			do(user)
			seed := open(t, server.URL)
			if err := seed.Publish(t.Context(), events("user/1", many)...); err != nil {
				t.Fatal(err)
			}
			if at == "first" {
				do(change)
			}
			b := open(t, "redis://producer:secret@"+server.Addr)
			if at == "later" {
				do(change)
			}
			want := many
			for n, all := range [][]schema.Envelope{withoutIDs("user/2", 1), withoutIDs("user/2", many), withIDs("user/3", many, func(int) string { return schema.NewID() })} {
				err := b.Publish(t.Context(), all...)
				if err == nil {
					want += len(all)
				}
				// What can't be taken back isn't told as if it wasn't there. Of many, some may
				// leave a few at a time.
				open, may := errors.Is(firstError(err), ErrUnavailable), len(c.lacks) == 2
				if c.works != (err == nil) || may && n == 0 && !open || open && !may {
					t.Errorf("without %v, %s, %d: %v", c.lacks, at, n, err)
				}
			}
			if len(c.lacks) == 1 { // without XDEL nothing can be undone
				wantOnce(t, seed, want)
			}
			noTrace(t, admin)
			// Its entries are still there.
			if n := admin.XLen(t.Context(), stream0).Val(); n < int64(want) {
				t.Errorf("without %v, %s: %d entries, want %d", c.lacks, at, n, want)
			}
		}
	}
}

// TestWhatIsKnownIsThere also where only a part of the identities could be noted.
func TestWhatIsKnownIsThere(t *testing.T) {
	for _, n := range []int{2, many} {
		server := redistest.Real(t)
		admin := server.Client(t)
		if err := admin.Do(t.Context(), "ACL", "SETUSER", "producer", "on", ">secret", "~*", "+@all").Err(); err != nil {
			t.Fatal(err)
		}
		b := open(t, "redis://producer:secret@"+server.Addr)
		if err := b.Publish(t.Context(), events("user/1", many)...); err != nil {
			t.Fatal(err)
		}
		if err := admin.Do(t.Context(), "ACL", "SETUSER", "producer", "-hset").Err(); err != nil {
			t.Fatal(err)
		}
		all := withIDs("user/2", n, idKinds(time.Now())["mixed"])
		_, err := b.PublishBatch(t.Context(), all)
		errs, _ := err.(schema.BatchError) //nolint:errorlint // PublishBatch returns it as it is
		entries, err := b.Logs()[0].Read(t.Context(), "", 10_000)
		if err != nil || len(errs) != n {
			t.Fatalf("%v, %d errors", err, len(errs))
		}
		there := map[string]bool{}
		for _, entry := range entries {
			e, err := schema.Parse(entry.Data)
			if err != nil {
				t.Fatal(err)
			}
			there[e.ID] = true
		}
		for i, e := range all {
			if errs[i] != nil && !errors.Is(errs[i], ErrUnavailable) && there[e.ID] {
				t.Errorf("event %d of %d is there and told is %v", i, n, errs[i])
			}
		}
		if err := admin.Do(t.Context(), "ACL", "SETUSER", "producer", "+hset").Err(); err != nil {
			t.Fatal(err)
		}
		receipts, err := b.PublishBatch(t.Context(), all)
		if err != nil {
			t.Fatal(err)
		}
		for i, r := range receipts {
			if r.StreamID == "" {
				t.Errorf("event %d of %d is acknowledged and isn't there", i, n)
			}
		}
	}
}

// TestRightsLostWithinATransaction: what is told and what is in the stream agree
// where a user loses a right before a transaction or in its midst, and events
// that are published again are there once.
func TestRightsLostWithinATransaction(t *testing.T) {
	for _, c := range []struct {
		lacks []any
		works bool // without a transaction
	}{
		{[]any{"-multi"}, true}, {[]any{"-exec"}, true}, {[]any{"-@transaction"}, true}, {[]any{"-renamenx"}, true},
		{[]any{"-xadd"}, false}, {[]any{"-evalsha", "-eval"}, false}, {[]any{"-append"}, false},
		{[]any{"resetkeys", "~carebus:{test.0}:[del]*"}, false},
	} {
		for _, before := range []string{"", "nomkstream", "exec"} {
			t.Run(fmt.Sprint(c.lacks, before), func(t *testing.T) {
				t.Parallel()
				server := redistest.Real(t)
				_, may := producer(t, server)
				admin := server.Client(t)
				b, halts := haltingProducer(t, server)
				want := many
				if err := b.Publish(t.Context(), events("user/1", many)...); err != nil {
					t.Fatal(err)
				}
				lose := func() { may(c.lacks...) }
				if before != "" {
					halts.Store(&halt{before, func() {
						inTransaction(t, admin)
						lose()
					}})
				} else {
					lose()
				}
				// A slow caller's events may leave a few at a time, and then without a transaction.
				var all []schema.Envelope
				acked := 0
				for len(all) == 0 || halts.Load() != nil {
					some := withIDs("user/2", many, func(int) string { return schema.NewID() })
					all = append(all, some...)
					_, err := b.PublishBatch(t.Context(), some)
					errs, _ := err.(schema.BatchError) //nolint:errorlint // PublishBatch returns it as it is
					acked += len(some)
					for _, err := range errs {
						if err != nil {
							acked--
						}
						if err != nil && (c.works && before != "exec" || errors.Is(err, ErrUnavailable)) {
							t.Fatal(err)
						}
					}
				}
				want += acked
				// Whoever has the rights may come first.
				if err := open(t, server.URL).Publish(t.Context(), withoutIDs("user/3", many)...); err != nil {
					t.Error(err)
				}
				want += many
				wantOnce(t, b, want)
				noTrace(t, admin)
				may("~*", "+@all")
				if err := b.Publish(t.Context(), all...); err != nil {
					t.Fatal(err)
				}
				wantOnce(t, b, want+len(all)-acked)
			})
		}
	}
}

// TestARightLostBesidesATransaction: what a transaction has appended isn't appended again
// because a command was refused that has no part in that.
func TestARightLostBesidesATransaction(t *testing.T) {
	server := redistest.Real(t)
	_, may := producer(t, server)
	admin := server.Client(t)
	b, halts := haltingProducer(t, server)
	b.once = true // as if the bus had made the client
	if err := b.Publish(t.Context(), events("user/1", many)...); err != nil {
		t.Fatal(err)
	}
	halts.Store(&halt{"exec", func() {
		inTransaction(t, admin)
		may("-xread")
	}})
	want := many
	for halts.Load() != nil { // a slow caller's events may leave a few at a time
		if err := b.Publish(t.Context(), withoutIDs("user/2", many)...); err != nil {
			t.Fatal(err)
		}
		want += many
	}
	wantOnce(t, b, want)
	noTrace(t, admin)
}

// haltingProducer opens a bus of the user producer, whose connections halt where they are
// told to.
func haltingProducer(t *testing.T, server *redistest.Server) (*Bus, *atomic.Pointer[halt]) {
	t.Helper()
	var halts atomic.Pointer[halt]
	client := redis.NewClient(&redis.Options{
		Addr: server.Addr, Username: "producer", Password: "secret", MaxRetries: -1, ContextTimeoutEnabled: true,
		Dialer: func(ctx context.Context, network, addr string) (net.Conn, error) {
			conn, err := (&net.Dialer{}).DialContext(ctx, network, addr)
			return halting{conn, &halts}, err
		},
	})
	t.Cleanup(func() { _ = client.Close() })
	return open(t, "", func(c *Config) { c.Client, c.Timeout = client, 20*time.Second }), &halts
}

// inTransaction waits until a client has commands in a transaction.
func inTransaction(t *testing.T, admin *redis.Client) {
	t.Helper()
	until(t, "commands in the transaction", func() bool {
		clients, err := admin.ClientList(t.Context()).Result()
		return err == nil && strings.Count(clients, " multi=-1 ") < strings.Count(clients, " multi=")
	})
}

// producer makes a user with all rights, and returns what takes some and gives them back.
func producer(t *testing.T, server *redistest.Server) (url string, may func(rules ...any)) {
	admin := server.Client(t)
	may = func(rules ...any) {
		if err := admin.Do(context.WithoutCancel(t.Context()), append([]any{"ACL", "SETUSER", "producer"}, rules...)...).Err(); err != nil {
			t.Error(err)
		}
	}
	may("on", ">secret", "~*", "+@all")
	return "redis://producer:secret@" + server.Addr, may
}
