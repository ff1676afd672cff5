package etl

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestLakeWithinALake: a lake whose prefix begins as another's folders do, such as
// carebus/test beside a lake without a prefix in the environment test, has rules and
// plans of its own. Neither it nor others' files are swept or strays.
func TestLakeWithinALake(t *testing.T) {
	dir := t.TempDir()
	sink := openDir(t, dir)
	for _, prefix := range []string{"", "carebus/test"} {
		l := &memLog{name: "0"}
		for range 2 {
			l.add(base, encodeEvent(testEvent("e-"+strings.TrimSuffix(prefix, "/test"), "user.created", base)))
		}
		l.add(base, []byte("no event"))
		config := testConfig(sink, l)
		config.Prefix, config.BatchEvents = prefix, 1
		mustDrain(t, mustNew(t, config))
	}
	if err := sink.PutIfAbsent(t.Context(), Object{Key: "exports/test/january.csv", Body: []byte("x")}); err != nil {
		t.Fatal(err)
	}
	all := keysOf(t, sink)
	old := time.Now().AddDate(-2, 0, 0)
	for _, key := range all {
		if err := os.Chtimes(filepath.Join(dir, key), old, old); err != nil {
			t.Fatal(err)
		}
	}
	if found, err := Strays(t.Context(), StraysConfig{Store: sink, Environment: "test"}); err != nil || len(found) > 0 {
		t.Errorf("strays %+v, %v", found, err)
	}
	config := sweepConfig(sink, &auditor{})
	config.Prefix = ""
	report, err := Sweep(t.Context(), config)
	if err != nil || report.Deleted != 3 || report.Examined != 3 {
		t.Errorf("%+v, %v", report, err)
	}
	want := slices.DeleteFunc(all, func(key string) bool {
		return strings.HasPrefix(key, "events/") || strings.HasPrefix(key, "quarantine/")
	})
	if got := keysOf(t, sink); !slices.Equal(got, want) {
		t.Errorf("%q are left, want %q", got, want)
	}
}
