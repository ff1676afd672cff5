package etl

import (
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/carebus/carebus/schema"
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

// TestLongestKey: whatever a configuration and a partitioner may say makes keys that
// are valid behind a sink's prefix, too.
func TestLongestKey(t *testing.T) {
	name := func(n int) string { return strings.Repeat("x", n) }
	prefix := name(maxPrefixLen-1) + "/"
	table, environment, log, extension := name(64), name(32), name(64), "."+name(31)
	partition := strings.Repeat(name(127)+"/", maxPartitionLen/128-1) + name(128)
	if !validTable(table) || !schema.ValidEnvironment(environment) || !validLogName(log) || !validExtension(extension) || !validPartition([]byte(partition)) ||
		validTable(table+"x") || schema.ValidEnvironment(environment+"x") || validLogName(log+"x") || validExtension(extension+"x") || validPartition([]byte(partition+"x")) {
		t.Fatal("these aren't the longest names")
	}
	key := newLayout(prefix, environment).object(table, partition, log, math.MaxUint64, maxBatchEvents-1, extension)
	if err := CheckKey(prefix + key); err != nil {
		t.Errorf("a key of %d bytes behind a prefix of %d: %v", len(key), len(prefix), err)
	}
}
