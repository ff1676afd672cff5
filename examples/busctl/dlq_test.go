package main

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/carebus/carebus/eventbus"
	"github.com/carebus/carebus/internal/redistest"
	"github.com/carebus/carebus/phi/audit"
	"github.com/carebus/carebus/schema"
)

// deadLetters publishes events that a group gives up.
func deadLetters(t *testing.T, bus *eventbus.Bus, types ...string) {
	t.Helper()
	publish(t, bus, types...)
	consumer, err := bus.Subscribe(eventbus.ConsumerConfig{Group: "reminders", Block: 10 * time.Millisecond, MinIdle: 200 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithTimeout(t.Context(), 2*time.Minute)
	defer stop()
	seen := 0
	err = consumer.Run(ctx, eventbus.HandlerFunc(func(_ context.Context, events []schema.Envelope) error {
		if seen += len(events); seen >= len(types) {
			stop()
		}
		return eventbus.Permanent(errors.New("no"))
	}))
	if err != nil || seen != len(types) {
		t.Fatalf("%d of %d, %v", seen, len(types), err)
	}
}

func TestDeadLetters(t *testing.T) {
	redistest.Each(t, func(t *testing.T, url string) {
		s, bus := newShell(t, url), openBus(t, url)
		if text := s.ok(t, "dlq", "list"); text != "no dead letters\n" {
			t.Error(text)
		}
		deadLetters(t, bus, "user.created", "user.created", "note.signed")
		var list []letterJSON
		if s.into(t, &list, "dlq", "list"); len(list) != 3 || list[0].Group != "reminders" || list[0].Reason != eventbus.ReasonPermanent {
			t.Fatalf("%+v", list)
		}
		if text := s.ok(t, "dlq", "list", "-type", "note.signed", "-n", "9"); strings.Count(text, "\n") != 2 || !strings.Contains(text, list[2].ID) {
			t.Error(text)
		}
		if text := s.ok(t, "dlq", "show", list[0].ID); !strings.Contains(text, "permanent") || !strings.Contains(text, `"type":"user.created"`) || strings.Contains(text, "Ann") {
			t.Error(text)
		}
		var shown letterJSON
		if s.into(t, &shown, "dlq", "show", list[0].ID); shown.Event == nil || shown.ID != list[0].ID {
			t.Errorf("%+v", shown)
		}
		if _, _, err := s.call(t, "dlq", "show", "0:1-1"); !errors.Is(err, eventbus.ErrNoDeadLetter) {
			t.Errorf("got %v", err)
		}
		if _, _, err := s.call(t, "dlq", "redrive", "7:1-1"); err == nil {
			t.Error("a shard that isn't there")
		}

		var redriven struct{ Redriven, Gone int }
		if s.into(t, &redriven, "dlq", "redrive", "-all", "-dry-run"); redriven.Redriven != 3 {
			t.Errorf("%+v", redriven)
		}
		if s.into(t, &redriven, "dlq", "redrive", list[0].ID); redriven.Redriven != 1 {
			t.Errorf("%+v", redriven)
		}
		if s.into(t, &redriven, "dlq", "redrive", "-type", "note.signed"); redriven.Redriven != 1 {
			t.Errorf("%+v", redriven)
		}
		var purged struct{ Purged int }
		if s.into(t, &purged, "dlq", "purge", "-older", "1h", "-yes"); purged.Purged != 0 {
			t.Errorf("%+v", purged)
		}
		if s.into(t, &purged, "dlq", "purge", "-type", "note.signed", "-older", "1h", "-yes"); purged.Purged != 0 {
			t.Errorf("%+v", purged)
		}
		if s.into(t, &purged, "dlq", "purge", "-group", "reminders", "-yes"); purged.Purged != 1 {
			t.Errorf("%+v", purged)
		}

		// A name that the trail refuses doesn't keep the change out of it.
		if s.into(t, &purged, "dlq", "purge", "-group", "phi_reports", "-yes"); purged.Purged != 0 {
			t.Errorf("%+v", purged)
		}

		// A purge by age is no purge of all, nor one of all of a type.
		var text []byte
		files, _ := filepath.Glob(filepath.Join(s.env["CAREBUS_AUDIT_DIR"], "operator", "*"))
		for _, name := range files {
			b, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			text = append(text, b...)
		}
		if !bytes.Contains(text, []byte(`"object":"older/1h0m0s"`)) || !bytes.Contains(text, []byte(`"object":"type/note.signed/older/1h0m0s"`)) || bytes.Contains(text, []byte(`"object":"all"`)) {
			t.Errorf("%s", text)
		}

		// What was changed is in the operators' trail; what was only tried is not.
		var trail struct {
			OK      bool
			Actions map[audit.Action]int
		}
		if s.into(t, &trail, "audit", "verify", "-audit", filepath.Join(s.env["CAREBUS_AUDIT_DIR"], "operator")); !trail.OK || trail.Actions[audit.Redrive] != 2 || trail.Actions[audit.Purge] != 4 {
			t.Errorf("%+v", trail)
		}
	})
}
