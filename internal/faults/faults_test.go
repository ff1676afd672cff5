package faults

import (
	"embed"
	"flag"
	"fmt"
	"maps"
	"os"
	"path"
	"slices"
	"strings"
	"testing"
	"time"
)

var (
	forFlag  = flag.Duration("faults.for", 0, "how long each scenario goes on (default: as its file says)")
	seedFlag = flag.Uint64("faults.seed", 0, "the seed of the schedules (default: another each time)")
)

func TestMain(m *testing.M) {
	if Main() {
		return
	}
	os.Exit(m.Run())
}

//go:embed scenarios/*.yaml
var files embed.FS

// scenarios returns all scenarios by name.
func scenarios(t testing.TB) map[string]Scenario {
	t.Helper()
	all := map[string]Scenario{}
	entries, err := files.ReadDir("scenarios")
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		text, err := files.ReadFile(path.Join("scenarios", entry.Name()))
		if err != nil {
			t.Fatal(err)
		}
		name := strings.TrimSuffix(entry.Name(), ".yaml")
		if all[name], err = Parse(name, text); err != nil {
			t.Fatal(err)
		}
	}
	return all
}

func seed() uint64 {
	if *seedFlag != 0 {
		return *seedFlag
	}
	return uint64(time.Now().UnixNano()) //nolint:gosec // positive
}

// TestScenarios: whatever happens, nothing is lost, twice, or out of order.
func TestScenarios(t *testing.T) {
	if testing.Short() {
		t.Skip("takes the better part of a minute")
	}
	all := scenarios(t)
	for _, name := range slices.Sorted(maps.Keys(all)) {
		s := all[name]
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			length, seed := s.For, seed()
			if *forFlag > 0 {
				length = *forFlag
			}
			t.Logf("again with: go test ./internal/faults -v -run TestScenarios/%s -faults.for %v -faults.seed %d", name, length, seed)
			steps := s.Schedule(seed, length)
			r := Start(t, s, "")
			r.Suffer(steps, length)
			r.Settle()
			v := r.Evidence().Judge()
			t.Logf("%v: %s\n%v", length, r.faults(), v)
			if len(v.Charges) > 0 {
				t.Errorf("guilty; the schedule was\n%s", text(steps))
			}
		})
	}
}

// faults tells what happened.
func (r *Run) faults() string {
	var list []string
	for _, verb := range slices.Sorted(maps.Keys(r.did)) {
		list = append(list, fmt.Sprintf("%d × %s", r.did[verb], verb))
	}
	if r.Store != nil {
		list = append(list, fmt.Sprintf("%d requests to S3 went wrong", r.Store.Failed()))
	}
	return strings.Join(list, ", ")
}

func text(steps []Step) string {
	var b strings.Builder
	for _, s := range steps {
		b.WriteString(s.String() + "\n")
	}
	return b.String()
}
