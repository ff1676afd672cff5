package main

import (
	"context"
	"encoding/json"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/carebus/carebus/internal/output"
	"github.com/carebus/carebus/internal/redistest"
)

func TestTail(t *testing.T) {
	redistest.Each(t, func(t *testing.T, url string) {
		s, bus := newShell(t, url), openBus(t, url)
		publish(t, bus, "user.created", "auth.lockout", "note.signed")
		text := s.ok(t, "tail", "-last", "3", "-n", "2")
		if !strings.Contains(text, "user.created") || !strings.Contains(text, "auth.lockout") || strings.Contains(text, "note.signed") || strings.Contains(text, "Ann") {
			t.Error(text)
		}
		if text := s.ok(t, "tail", "-last", "2", "-n", "1"); !strings.Contains(text, "auth.lockout") {
			t.Error(text)
		}
		if text := s.ok(t, "tail", "-last", "3", "-n", "1", "-severity", "high", "-full"); !strings.Contains(text, "auth.lockout") {
			t.Error(text)
		}
		if text := s.ok(t, "tail", "-last", "3", "-n", "1", "-type", "note.*", "-json"); !json.Valid([]byte(text)) || !strings.Contains(text, "note.signed") {
			t.Error(text)
		}
	})
}

// A stranger's event, which nobody has scrubbed, is scrubbed before it is shown.
func TestTailScrubs(t *testing.T) {
	url := redistest.Start(t)
	s, bus := newShell(t, url), openBus(t, url)
	publish(t, bus, "user.created")
	client := redistest.Client(t, url)
	entry := client.XRange(t.Context(), "carebus:{development.0}:events", "-", "+").Val()[0].Values["event"].(string)
	stranger := strings.Replace(entry, `"data":{`, `"data":{"ssn":"078-05-1120",`, 1)
	if err := client.XAdd(t.Context(), &redis.XAddArgs{Stream: "carebus:{development.0}:events", Values: []any{"event", stranger}}).Err(); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"-full"}, {"-json"}} {
		text := s.ok(t, append([]string{"tail", "-last", "1", "-n", "1"}, args...)...)
		if !strings.Contains(text, `"ssn"`) || strings.Contains(text, "078-05-1120") {
			t.Error(text)
		}
	}
}

// What is published to shards that came while it runs is shown, too.
func TestTailFollowsAReshard(t *testing.T) {
	redistest.Each(t, func(t *testing.T, url string) {
		s, bus := newShell(t, url), openBus(t, url)
		publish(t, bus, "user.created")
		var out output.Buffer
		ctx, stop := context.WithTimeout(t.Context(), time.Minute)
		defer stop()
		done := make(chan error, 1)
		go func() {
			done <- run(ctx, []string{"tail", "-last", "1", "-n", "9"}, func(name string) string { return s.env[name] }, nil, &out, io.Discard)
		}()
		redistest.Wait(t, "the first event", func() bool { return strings.Contains(out.String(), "user.created") })
		if err := bus.Reshard(t.Context(), 4); err != nil {
			t.Fatal(err)
		}
		publish(t, bus, slices.Repeat([]string{"note.signed"}, 8)...)
		if err := <-done; err != nil {
			t.Fatal(err)
		}
		if status, err := bus.Status(t.Context()); err != nil || strings.Count(out.String(), "note.signed") != 8 || status.Shards[0].Length > 7 {
			t.Errorf("%v\n%s", err, out.String())
		}
	})
}
