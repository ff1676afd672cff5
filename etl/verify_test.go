package etl

import (
	"bytes"
	"context"
	"fmt"
	"iter"
	"strings"
	"testing"
	"time"
)

func verify(t *testing.T, sink Sink) Verification {
	t.Helper()
	v, err := Verify(t.Context(), VerifyConfig{Sink: sink, Environment: "test", Log: "0"})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// chained returns a lake of three plans, one of them with a quarantine.
func chained(t *testing.T) *MemorySink {
	l := &memLog{name: "0"}
	for i := range 9 {
		l.add(base, encodeEvent(testEvent(fmt.Sprintf("e-%d", i), []string{"user.created", "auth.login"}[i%2], base)))
	}
	l.entries[4].Data = []byte("no event")
	sink := Memory()
	config := testConfig(sink, l)
	config.BatchEvents = 3
	config.Transforms = []Transform{Filter("no-5", func(r *Record) bool { return r.ID != "e-5" })}
	mustDrain(t, mustNew(t, config))
	return sink
}

func TestVerify(t *testing.T) {
	v := verify(t, chained(t))
	if len(v.Problems) > 0 || v.Plans != 3 || v.Rows != 7 || v.Quarantined != 1 || v.Dropped != 1 || v.Objects != 6 || v.Lost != 0 || len(v.Head) != 64 {
		t.Errorf("%+v", v)
	}
}

func TestVerifyConfigRules(t *testing.T) {
	ok := VerifyConfig{Sink: Memory(), Environment: "test", Log: "0"}
	if _, err := Verify(t.Context(), ok); err != nil {
		t.Error(err)
	}
	for name, change := range map[string]func(*VerifyConfig){
		"no sink":    func(c *VerifyConfig) { c.Sink = nil },
		"no log":     func(c *VerifyConfig) { c.Log = "" },
		"nil reader": func(c *VerifyConfig) { c.Readers = []Encoder{nil} },
	} {
		config := ok
		change(&config)
		if _, err := Verify(t.Context(), config); err == nil {
			t.Errorf("%s is taken", name)
		}
	}
}

// TestVerifyFindsTampering: whatever is changed in a lake behind its back shows.
func TestVerifyFindsTampering(t *testing.T) {
	plan := func(n int) string { return fmt.Sprintf("plans/test/0/%020d.json", n) }
	object := func(sink *MemorySink) string {
		for _, key := range sink.Keys() {
			if strings.HasPrefix(key, "events/") && strings.Contains(key, "00000002-") {
				return key
			}
		}
		return ""
	}
	replace := func(sink *MemorySink, key string, change func([]byte) []byte) {
		o := sink.objects[key]
		o.Body = change(bytes.Clone(o.Body))
		sink.objects[key] = o
	}
	lines := func(change func([]byte) []byte) func([]byte) []byte {
		return func(b []byte) []byte {
			decoded, _ := Snappy().Decode(nil, b)
			b, _ = Snappy().Encode(nil, change(decoded))
			return b
		}
	}
	for _, c := range []struct {
		name   string
		tamper func(*MemorySink)
		plan   uint64
		rule   string
	}{
		{"a plan edited", func(s *MemorySink) {
			replace(s, plan(2), func(b []byte) []byte { return bytes.Replace(b, []byte(`"0"`), []byte(`"0" `), 1) })
		}, 3, "the hash of the plan before"},
		{"a plan taken out", func(s *MemorySink) { s.objects[plan(2)] = s.objects[plan(3)] }, 2, "a valid plan"},
		{"a plan deleted", func(s *MemorySink) { delete(s.objects, plan(2)) }, 2, "be there"},
		{"the first plan deleted", func(s *MemorySink) { delete(s.objects, plan(1)) }, 1, "be there"},
		{"an object deleted", func(s *MemorySink) { delete(s.objects, object(s)) }, 2, "be there"},
		{"an object cut", func(s *MemorySink) { replace(s, object(s), func(b []byte) []byte { return b[:len(b)-1] }) }, 2, "the hash of"},
		{"a row changed", func(s *MemorySink) {
			replace(s, object(s), lines(func(b []byte) []byte { return bytes.Replace(b, []byte("active"), []byte("cancel"), 1) }))
		}, 2, "the hash of"},
		{"a row doubled", func(s *MemorySink) {
			replace(s, object(s), lines(func(b []byte) []byte { return append(b, b...) }))
		}, 2, "the hash of"},
		{"a row and its hash changed", func(s *MemorySink) {
			key := object(s)
			was, _ := Snappy().Decode(nil, s.objects[key].Body)
			is := bytes.Replace(bytes.Clone(was), []byte("active"), []byte("cancel"), 1)
			replace(s, key, lines(func([]byte) []byte { return is }))
			replace(s, plan(2), func(b []byte) []byte { return bytes.Replace(b, []byte(hashHex(was)), []byte(hashHex(is)), 1) })
		}, 2, "Merkle root"},
		{"an amendment made up", func(s *MemorySink) {
			s.objects[strings.Replace(plan(2), ".json", ".amended.json", 1)] = Object{Body: []byte(`{"format":"carebus-amendment/1","plan":"x"}`)}
		}, 2, "valid amendment"},
	} {
		t.Run(c.name, func(t *testing.T) {
			sink := chained(t)
			c.tamper(sink)
			v := verify(t, sink)
			for _, p := range v.Problems {
				if p.Plan == c.plan && strings.Contains(p.Rule, c.rule) {
					return
				}
			}
			t.Errorf("problems %+v, want one of plan %d about %q", v.Problems, c.plan, c.rule)
		})
	}
}

// TestVerifyGap: plans that are missing before others are named, each alone, and
// what stands behind them is verified all the same, also where the gap is long.
func TestVerifyGap(t *testing.T) {
	whole := chained(t)
	dir, err := Dir(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer dir.Close() //nolint:errcheck // a test's
	for _, key := range whole.Keys() {
		if o := whole.objects[key]; key != "plans/test/0/00000000000000000002.json" {
			o.Key = key
			if err := dir.PutIfAbsent(t.Context(), o); err != nil {
				t.Fatal(err)
			}
		}
	}
	v := verify(t, dir)
	if len(v.Problems) != 1 || v.Problems[0].Plan != 2 || v.Plans != 2 || v.Head != verify(t, whole).Head {
		t.Errorf("%+v", v)
	}
	far := Object{Key: "plans/test/0/00000000000000005000.json", Body: []byte("no plan")}
	if err := dir.PutIfAbsent(t.Context(), far); err != nil {
		t.Fatal(err)
	}
	if v = verify(t, dir); len(v.Problems) != maxProblems {
		t.Errorf("%d problems of a lake without thousands of its plans", len(v.Problems))
	}
}

// A countingStore counts how often it is listed.
type countingStore struct {
	*DirSink
	lists int
}

func (s *countingStore) List(ctx context.Context, prefix string) iter.Seq2[ObjectInfo, error] {
	s.lists++
	return s.DirSink.List(ctx, prefix)
}

// TestVerifyListsOnce: however many gaps there are, the plans are listed once.
func TestVerifyListsOnce(t *testing.T) {
	dir, err := Dir(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer dir.Close() //nolint:errcheck // a test's
	for n := 2; n <= 20; n += 2 {
		key := fmt.Sprintf("plans/test/0/%020d.json", n)
		if err := dir.PutIfAbsent(t.Context(), Object{Key: key, Body: []byte("no plan")}); err != nil {
			t.Fatal(err)
		}
	}
	store := &countingStore{DirSink: dir}
	v := verify(t, store)
	missing := 0
	for _, p := range v.Problems {
		if strings.Contains(p.Rule, "must be there") {
			missing++
		}
	}
	if store.lists != 1 || missing != 10 || v.Plans != 10 {
		t.Errorf("%d listings, %d plans missing of 10, %d there of 10", store.lists, missing, v.Plans)
	}
}

func TestVerifyExpired(t *testing.T) {
	sink := chained(t)
	for _, key := range sink.Keys() {
		if strings.HasPrefix(key, "events/") {
			delete(sink.objects, key)
		}
	}
	v, err := Verify(t.Context(), VerifyConfig{Sink: sink, Environment: "test", Log: "0", ExpiredBefore: base.Add(time.Hour)})
	if err != nil || len(v.Problems) > 0 || v.Expired != 5 {
		t.Errorf("%+v, %v", v, err)
	}
}

// TestVerifyAmended: a lake whose plans were carried out otherwise than planned
// is intact, and says what is missing.
func TestVerifyAmended(t *testing.T) {
	l, sink := planned(t, nil)
	l.entries = l.entries[:3]
	mustDrain(t, mustNew(t, testConfig(sink, l)))
	if v := verify(t, sink); len(v.Problems) > 0 || v.Lost != 1 || v.Rows != 3 {
		t.Errorf("%+v", v)
	}
}
