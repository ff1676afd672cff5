package main

import (
	"errors"
	"strings"
	"testing"

	"github.com/carebus/carebus/eventbus"
	"github.com/carebus/carebus/examples/internal/setup"
	"github.com/carebus/carebus/internal/redistest"
)

// A consumer group may be a stranger's: its name isn't told, and so moves no cursor.
func TestStrangersGroup(t *testing.T) {
	redistest.Each(t, func(t *testing.T, url string) {
		s, bus := newShell(t, url), openBus(t, url)
		publish(t, bus, "user.created")
		c := redistest.Client(t, url)
		for _, group := range []string{"\x1b[2J", "two\nlines", "Ann Lee"} {
			if err := c.XGroupCreate(t.Context(), "carebus:{development.0}:events", group, "0").Err(); err != nil {
				t.Fatal(err)
			}
		}
		if text := s.ok(t, "status"); strings.Count(text, eventbus.Foreign) != 3 || strings.ContainsAny(text, "\x1b") || strings.Contains(text, "Ann") {
			t.Errorf("%q", text)
		}
	})
}

func TestGroupRemove(t *testing.T) {
	redistest.Each(t, func(t *testing.T, url string) {
		s, bus := newShell(t, url), openBus(t, url)
		publish(t, bus, "user.created")
		if err := redistest.Client(t, url).XGroupCreate(t.Context(), "carebus:{development.0}:events", "reports", "0").Err(); err != nil {
			t.Fatal(err)
		}
		if _, _, err := s.call(t, "group", "remove", "reports"); !errors.Is(err, setup.ErrUsage) {
			t.Errorf("without -yes: %v", err)
		}
		s.ok(t, "group", "remove", "reports", "-yes")
		if text := s.ok(t, "status"); strings.Contains(text, "reports") {
			t.Error(text)
		}
		if _, _, err := s.call(t, "group", "remove", "reports", "-yes"); !errors.Is(err, eventbus.ErrNoGroup) {
			t.Errorf("again: %v", err)
		}
	})
}
