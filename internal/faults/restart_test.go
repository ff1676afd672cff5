package faults

import (
	"errors"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"testing"
	"time"

	"github.com/carebus/carebus/internal/redistest"
	"github.com/carebus/carebus/internal/sleep"
)

var onlyDropped = regexp.MustCompile(`^log \d+: 0 lost, 0 refused, 0 in quarantine, \d+ dropped$`)

// TestRedisRestarts: Redis is killed and started again while processes publish,
// consume and carry. With an append-only file that is synced before each answer
// nothing is missing then. One that keeps nothing comes back empty: what was
// acknowledged before and not yet carried is gone, and what is acknowledged behind
// that is handled and in the lake once.
func TestRedisRestarts(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	for name, c := range map[string]struct {
		args  []string
		keeps bool
	}{
		"append-only":         {[]string{"--appendfsync", "always"}, true},
		"without persistence": {[]string{"--appendonly", "no"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := redistest.Real(t, c.args...)
			dir := t.TempDir()
			role := Role{
				Redis: server.URL, Shards: 3, Subjects: 6, Rate: 300, Ledger: filepath.Join(dir, "ledger"),
				Lake: Place{Dir: filepath.Join(dir, "lake")}, Batch: 100, Age: 200 * time.Millisecond, Lease: time.Second,
			}
			bus, err := openBus(t.Context(), role.Redis, role.Shards, time.Now)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { bus.Close() }) //nolint:errcheck // the test is over
			var publishers, others []*Process
			for _, name := range []string{"publisher-0", "publisher-1", "consumer-0", "consumer-1", "sink-0", "sink-1"} {
				role.Name = name
				role.Kind = name[:len(name)-2]
				p := StartProcess(t, role, nil, t.Output())
				if role.Kind == publisher {
					publishers = append(publishers, p)
				} else {
					others = append(others, p)
				}
			}
			acked := func() []Ack {
				entries, err := ReadLedger(role.Ledger)
				if err != nil && !errors.Is(err, fs.ErrNotExist) {
					t.Fatal(err)
				}
				return entries.Acked
			}
			before := 0 // acknowledged before the last restart
			for range 3 {
				n := before
				redistest.Wait(t, "acknowledgements", func() bool { return len(acked()) > n+50 })
				sleep.For(t.Context(), 700*time.Millisecond)
				server.Kill(t)
				sleep.For(t.Context(), 300*time.Millisecond) // until what was acknowledged is in the ledger
				before = len(acked())
				server.Restart(t)
			}
			redistest.Wait(t, "acknowledgements", func() bool { return len(acked()) > before+50 })
			sleep.For(t.Context(), 2*time.Second)
			end := func(processes []*Process) {
				t.Helper()
				for _, p := range processes {
					if err := errors.Join(p.Revive(), p.Terminate()); err != nil {
						t.Error(err)
					}
					for _, text := range p.EndedAlone() {
						t.Errorf("a process ended by itself: %s", text)
					}
				}
			}
			end(publishers)
			r := &Run{Scenario: Scenario{Consumers: Consumers{Count: 2}}, Bus: bus, t: t}
			redistest.Wait(t, "all to be handled and carried", func() bool { return r.settled(t.Context()) })
			end(others)

			e := Evidence{MaxDeliver: group.MaxDeliver}
			if e.Entries, err = ReadLedger(role.Ledger); err != nil {
				t.Fatal(err)
			}
			store, err := role.Lake.Open(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if err := errors.Join(e.takeLayout(t.Context(), bus), e.takeLake(t.Context(), store, bus), e.takeLetters(t.Context(), bus)); err != nil {
				t.Fatal(err)
			}
			all := len(e.Acked)
			if !c.keeps {
				e.Acked = e.Acked[before:]
			}
			v := e.Judge()
			if !c.keeps {
				delete(v.Charges, NoLetter) // they are gone, too
				// What was carried before a restart that cut off its answer is
				// published once more: the lake keeps the first, and drops the second.
				delete(v.Charges, Moved)
				if !slices.ContainsFunc(v.Charges[BadPlan], func(c string) bool { return !onlyDropped.MatchString(c) }) {
					delete(v.Charges, BadPlan)
				}
			}
			t.Logf("%d acknowledged before the last restart, %d in all; %v", before, all, v)
			for _, charge := range v.Guilty() {
				t.Errorf("%s: %d", charge, len(v.Charges[charge]))
			}
		})
	}
}
