package eventbus

import (
	"errors"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

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
	if got, err := d.Redrive(t.Context(), RedriveConfig{LetterFilter: LetterFilter{All: true}}); err != nil || got.Redriven != 3 {
		t.Errorf("redrive: %+v, %v", got, err)
	}
	until(t, "the redriven", func() bool { return b.Stats().Handled == 3 })
	stop()
	if _, err := d.Purge(t.Context(), LetterFilter{All: true}); err != nil {
		t.Error(err)
	}
	if err := b.Publish(t.Context(), large("user/2", many, func(int) string { return "" })...); err != nil || !b.multi.Load() {
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
	if s, err := b.Status(t.Context()); err != nil || s.Eviction != "unknown" || s.Version == "" {
		t.Errorf("status: %+v, %v", s, err)
	}
}

// Whose user lacks a right is told where the rights are listed, and no more.
func TestErrorOfALackingRight(t *testing.T) {
	server := redistest.Real(t)
	if err := server.Client(t).Do(t.Context(), "ACL", "SETUSER", "weak", "on", ">secret", "~carebus:*", "+@all", "-get", "-hgetall", "-evalsha", "-eval").Err(); err != nil {
		t.Fatal(err)
	}
	_, err := Open(t.Context(), Config{URL: "redis://weak:secret@" + server.Addr, Environment: "test", Scrubber: newScrubber(t)})
	if err == nil || !strings.Contains(err.Error(), "documentation of package eventbus") || strings.Contains(err.Error(), "weak") {
		t.Errorf("%v", err)
	}
}
