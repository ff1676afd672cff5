package audit_test

import (
	"bytes"
	"errors"
	"slices"
	"testing"
	"testing/fstest"
	"time"

	"golang.org/x/mod/sumdb/note"

	"github.com/carebus/carebus/phi/audit"
)

const (
	segment1 = "00000000000000000000"
	segment2 = "00000000000000000021"
)

// tampered is a log of two epochs: records 0 to 20, signed at 1, 6, 11, 16, 21;
// and records 21 to 31, signed at 26, 31 and, by Close, 32.
func tampered(t *testing.T) (*fixture, fstest.MapFS) {
	f := newFixture(t)
	l := f.open(t)
	fill(t, l, 20, 5)
	if err := l.Rotate(); err != nil {
		t.Fatal(err)
	}
	fill(t, l, 10, 5)
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	return f, f.snapshot(t)
}

// lines returns the lines of a file, each with its newline.
func lines(m fstest.MapFS, name string) [][]byte {
	l := bytes.SplitAfter(m[name].Data, []byte("\n"))
	return l[:len(l)-1]
}

// flip changes a line's first old to new.
func flip(line []byte, old, new string) []byte {
	return bytes.Replace(line, []byte(old), []byte(new), 1)
}

func TestTampering(t *testing.T) {
	const s1, s2, c1, c2 = segment1 + ".jsonl", segment2 + ".jsonl", segment1 + ".checkpoints", segment2 + ".checkpoints"
	edit := func(name string, f func(l [][]byte) [][]byte) func(m fstest.MapFS) {
		return func(m fstest.MapFS) { m[name].Data = bytes.Join(f(lines(m, name)), nil) }
	}
	for _, c := range []struct {
		name   string
		tamper func(m fstest.MapFS)
		rule   audit.Rule // with the auditor's key
		seq    uint64
		noKey  audit.Rule // without it
	}{
		{"nothing", func(fstest.MapFS) {}, "", 0, ""},
		{"a flipped bit in a record", edit(s1, func(l [][]byte) [][]byte { l[7] = flip(l[7], `"count":6`, `"count":7`); return l }), audit.RuleMAC, 7, audit.RuleRoot},
		{"a flipped bit in a mac", edit(s1, func(l [][]byte) [][]byte {
			i := bytes.Index(l[9], []byte(`"mac":"`)) + len(`"mac":"`)
			if l[9][i] == 'A' {
				l[9][i] = 'B'
			} else {
				l[9][i] = 'A'
			}
			return l
		}), audit.RuleMAC, 9, audit.RuleRoot},
		{"a flipped bit in a name", edit(s1, func(l [][]byte) [][]byte { l[3] = flip(l[3], `"seq"`, `"sEq"`); return l }), audit.RuleForm, 3, audit.RuleForm},
		{"a changed actor", edit(s2, func(l [][]byte) [][]byte { l[2] = flip(l[2], "key/abc", "key/xyz"); return l }), audit.RuleMAC, 23, audit.RuleRoot},
		{"a changed time", edit(s1, func(l [][]byte) [][]byte {
			i := bytes.Index(l[4], []byte(`Z","action`)) - 1
			l[4][i] ^= 1
			return l
		}), audit.RuleMAC, 4, audit.RuleRoot},
		{"a removed record", edit(s1, func(l [][]byte) [][]byte { return slices.Delete(l, 8, 9) }), audit.RuleSequence, 8, audit.RuleSequence},
		{"the first record removed", edit(s1, func(l [][]byte) [][]byte { return l[1:] }), audit.RuleSequence, 0, audit.RuleSequence},
		{"two swapped records", edit(s1, func(l [][]byte) [][]byte { l[12], l[13] = l[13], l[12]; return l }), audit.RuleSequence, 12, audit.RuleSequence},
		{"two swapped records, numbers put right", edit(s1, func(l [][]byte) [][]byte {
			l[12], l[13] = flip(l[13], `"seq":13`, `"seq":12`), flip(l[12], `"seq":12`, `"seq":13`)
			return l
		}), audit.RuleMAC, 12, audit.RuleRoot},
		{"a replayed record", edit(s2, func(l [][]byte) [][]byte { return append(l, l[3]) }), audit.RuleSequence, 32, audit.RuleSequence},
		{"a replayed record in the middle", edit(s1, func(l [][]byte) [][]byte { return slices.Insert(l, 10, l[2]) }), audit.RuleSequence, 10, audit.RuleSequence},
		{"a replayed record, number put right", edit(s2, func(l [][]byte) [][]byte {
			return append(l, flip(l[3], `"seq":24`, `"seq":32`))
		}), audit.RuleMAC, 32, ""}, // without the key, what no checkpoint covers is not vouched for
		{"an added blank line", edit(s1, func(l [][]byte) [][]byte { return slices.Insert(l, 5, []byte("\n")) }), audit.RuleForm, 5, audit.RuleForm},
		{"a space within a record", edit(s1, func(l [][]byte) [][]byte { l[5] = flip(l[5], `"seq":5`, `"seq": 5`); return l }), audit.RuleForm, 5, audit.RuleForm},
		{"a member of a stranger", edit(s1, func(l [][]byte) [][]byte { l[5] = flip(l[5], `,"mac"`, `,"x":1,"mac"`); return l }), audit.RuleForm, 5, audit.RuleForm},
		{"the end cut off", edit(s2, func(l [][]byte) [][]byte { return l[:6] }), audit.RuleMissing, 27, audit.RuleMissing},
		{"the end cut off in mid-record", func(m fstest.MapFS) { m[s2].Data = m[s2].Data[:len(m[s2].Data)-20] }, audit.RuleMissing, 31, audit.RuleMissing},
		{"a segment removed", func(m fstest.MapFS) { delete(m, s1); delete(m, c1) }, audit.RuleSegment, 0, audit.RuleSegment},
		{"the last segment removed", func(m fstest.MapFS) { delete(m, s2); delete(m, c2) }, "", 0, ""}, // see TestRollback
		{"a segment's end cut off with its checkpoints", func(m fstest.MapFS) {
			m[s1].Data = bytes.Join(lines(m, s1)[:16], nil)
			m[c1].Data = m[c1].Data[:bytes.LastIndex(m[c1].Data[:len(m[c1].Data)-1], []byte(origin+"\n21\n"))]
		}, audit.RuleSegment, 16, audit.RuleSegment},
		{"the checkpoints of an epoch removed", func(m fstest.MapFS) { delete(m, c1) }, audit.RuleUnsigned, 0, audit.RuleUnsigned},
		{"a changed checkpoint", func(m fstest.MapFS) {
			m[c1].Data = bytes.Replace(m[c1].Data, []byte(origin+"\n11\n"), []byte(origin+"\n12\n"), 1)
		}, audit.RuleSignature, 6, audit.RuleSignature},
		{"a replayed checkpoint", func(m fstest.MapFS) {
			m[c2].Data = append(m[c2].Data, m[c2].Data...)
		}, audit.RuleCheckpointForm, 32, audit.RuleCheckpointForm},
		{"records of another epoch", func(m fstest.MapFS) {
			m[s2].Data = bytes.ReplaceAll(m[s2].Data, []byte(`"epoch":1`), []byte(`"epoch":0`))
		}, audit.RuleEpoch, 21, audit.RuleEpoch},
	} {
		t.Run(c.name, func(t *testing.T) {
			f, m := tampered(t)
			c.tamper(m)
			_, err := f.verify(m)
			checkTamper(t, "with the key", err, c.rule, c.seq)
			_, err = f.verify(m, func(v *audit.VerifyConfig) { v.Key = nil })
			var got *audit.TamperError
			if c.noKey == "" != (err == nil) || err != nil && (!errors.As(err, &got) || got.Rule != c.noKey) {
				t.Errorf("without the key: got %v, want %q", err, c.noKey)
			}
			if got != nil && (got.Seq > c.seq || got.Through < c.seq) {
				t.Errorf("without the key: %d to %d doesn't hold %d", got.Seq, got.Through, c.seq)
			}
		})
	}
}

func checkTamper(t *testing.T, what string, err error, rule audit.Rule, seq uint64) {
	t.Helper()
	if rule == "" {
		if err != nil {
			t.Errorf("%s: %v", what, err)
		}
		return
	}
	var got *audit.TamperError
	if !errors.As(err, &got) || got.Rule != rule || got.Seq != seq {
		t.Errorf("%s: got %v, want %q at %d", what, err, rule, seq)
	}
}

// TestEveryBit flips each bit of a record: none goes unseen, and the record is named.
func TestEveryBit(t *testing.T) {
	f := newFixture(t)
	l := f.open(t)
	fill(t, l, 1, 0)
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	m := f.snapshot(t)
	all := lines(m, segment1+".jsonl")
	start := len(all[0])
	data := m[segment1+".jsonl"].Data
	for i := start; i < start+len(all[1])-1; i++ {
		for bit := range 8 {
			data[i] ^= 1 << bit
			_, err := f.verify(m)
			var got *audit.TamperError
			if !errors.As(err, &got) || got.Seq != 1 {
				t.Fatalf("bit %d of byte %d: %v", bit, i-start, err)
			}
			data[i] ^= 1 << bit
		}
	}
}

// TestRollback shows what pins a log that was put back as a whole.
func TestRollback(t *testing.T) {
	f := newFixture(t)
	l := f.open(t)
	fill(t, l, 10, 5)
	old := f.snapshot(t)
	fill(t, l, 10, 5)
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	now := f.snapshot(t)
	i := bytes.LastIndex(now[segment1+".checkpoints"].Data, []byte(origin+"\n"))
	kept := now[segment1+".checkpoints"].Data[i:]
	trust := func(v *audit.VerifyConfig) { v.Trusted = [][]byte{kept} }

	if _, err := f.verify(now, trust); err != nil {
		t.Error(err)
	}
	if _, err := f.verify(old); err != nil {
		t.Errorf("nothing shows in the log alone: %v", err)
	}
	_, err := f.verify(old, trust)
	checkTamper(t, "a checkpoint kept elsewhere", err, audit.RuleMissing, 11)
	_, err = f.verify(old, func(v *audit.VerifyConfig) {
		v.MaxAge = 3 * time.Minute
		v.Now = func() time.Time { return time.Now().Add(4 * time.Minute) }
	})
	checkTamper(t, "its age", err, audit.RuleStale, 11)
}

// TestForgedEnd is an intruder who has the state, and so the running epoch's
// key, but not the key that signs: what was signed stays pinned.
func TestForgedEnd(t *testing.T) {
	f := newFixture(t)
	l := f.open(t)
	fill(t, l, 10, 5)
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	// Another log under the same K(0) but with another history has MACs that are right.
	g := newFixture(t)
	g.dir = t.TempDir()
	if err := audit.Create(g.dir, origin, f.key); err != nil {
		t.Fatal(err)
	}
	other := g.open(t)
	fill(t, other, 11, 0)
	if err := other.Close(); err != nil {
		t.Fatal(err)
	}
	forged := g.snapshot(t)
	forged[segment1+".checkpoints"] = f.snapshot(t)[segment1+".checkpoints"]
	_, err := f.verify(forged)
	var got *audit.TamperError
	if !errors.As(err, &got) || got.Rule != audit.RuleRoot {
		t.Errorf("got %v", err)
	}
	_, err = f.verify(g.snapshot(t)) // signed by a stranger
	if !errors.As(err, &got) || got.Rule != audit.RuleSignature {
		t.Errorf("got %v", err)
	}
	_, err = f.verify(f.snapshot(t), func(v *audit.VerifyConfig) { v.Verifiers = note.VerifierList() })
	if !errors.As(err, &got) || got.Rule != audit.RuleSignature {
		t.Errorf("got %v", err)
	}
}
