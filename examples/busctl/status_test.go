package main

import (
	"strings"
	"testing"

	"github.com/carebus/carebus/internal/redistest"
)

func TestStatus(t *testing.T) {
	redistest.Each(t, func(t *testing.T, url string) {
		s, bus := newShell(t, url), openBus(t, url)
		publish(t, bus, "user.created", "auth.lockout", "note.signed")
		if text := s.ok(t, "status"); !strings.Contains(text, "SHARD") || !strings.Contains(text, "no consumer groups") {
			t.Error(text)
		}
		var status struct {
			Connected bool
			Shards    []struct{ Length int }
		}
		if s.into(t, &status, "status"); !status.Connected || status.Shards[0].Length != 3 {
			t.Errorf("%+v", status)
		}
	})
}
