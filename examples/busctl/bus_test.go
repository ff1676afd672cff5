package main

import (
	"errors"
	"strings"
	"testing"

	"github.com/carebus/carebus/eventbus"
	"github.com/carebus/carebus/internal/redistest"
)

// An operator's look neither makes an environment nor needs to know its shards.
func TestLookingMakesNoBus(t *testing.T) {
	redistest.Each(t, func(t *testing.T, url string) {
		s := newShell(t, url)
		if text := s.ok(t, "status"); !strings.Contains(text, "nothing has opened the bus of environment development") {
			t.Error(text)
		}
		scrubber, err := newScrubber()
		if err != nil {
			t.Fatal(err)
		}
		bus, err := eventbus.Open(t.Context(), eventbus.Config{URL: url, Environment: "development", Scrubber: scrubber, Shards: 3})
		if err != nil {
			t.Fatal(err)
		}
		defer bus.Close() //nolint:errcheck // the test is over
		var status struct{ Shards []struct{ Name string } }
		if s.into(t, &status, "status"); len(status.Shards) != 3 {
			t.Errorf("%+v", status)
		}
		for letter, known := range map[string]bool{"2:1-1": true, "3:1-1": false, "2:x": true} {
			if _, _, err := s.call(t, "dlq", "redrive", letter); errors.Is(err, eventbus.ErrNoDeadLetter) != known || err == nil {
				t.Errorf("%s: %v", letter, err)
			}
		}
	})
}
