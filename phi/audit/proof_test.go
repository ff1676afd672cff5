package audit_test

import (
	"bytes"
	"errors"
	"os"
	"testing"

	"github.com/carebus/carebus/phi/audit"
)

func TestProofs(t *testing.T) {
	f, m := tampered(t)
	for seq := range uint64(32) {
		p, err := audit.Prove(m, seq)
		if err != nil {
			t.Fatal(err)
		}
		text, err := p.MarshalText()
		if err != nil {
			t.Fatal(err)
		}
		var q audit.Proof
		if err := q.UnmarshalText(text); err != nil {
			t.Fatal(err)
		}
		r, err := q.Check(origin, f.verifiers)
		if err != nil || r.Seq != seq {
			t.Errorf("record %d: %+v, %v", seq, r, err)
		}
		for name, change := range map[string]func(p *audit.Proof){
			"another record":  func(p *audit.Proof) { p.Record = bytes.Replace(p.Record, []byte("ok"), []byte("no"), 1) },
			"another place":   func(p *audit.Proof) { p.Index = (p.Index + 1) % 32 },
			"another hash":    func(p *audit.Proof) { p.Hashes[0][3] ^= 1 },
			"a shorter proof": func(p *audit.Proof) { p.Hashes = p.Hashes[1:] },
			"another root": func(p *audit.Proof) {
				p.Checkpoint = bytes.Replace(p.Checkpoint, []byte("\n32\n"), []byte("\n31\n"), 1)
			},
		} {
			var bad audit.Proof
			if err := bad.UnmarshalText(text); err != nil {
				t.Fatal(err)
			}
			change(&bad)
			if _, err := bad.Check(origin, f.verifiers); err == nil {
				t.Errorf("record %d: %s passes", seq, name)
			}
		}
		if _, err := q.Check("example.com/other", f.verifiers); err == nil {
			t.Error("a proof passes for another log")
		}
	}
	if _, err := audit.Prove(m, 32); !errors.Is(err, audit.ErrNotSigned) {
		t.Errorf("got %v", err)
	}
}

func TestProofOfTheOnlyRecord(t *testing.T) {
	f := newFixture(t)
	f.open(t)
	p, err := audit.Prove(os.DirFS(f.dir), 0)
	if err != nil {
		t.Fatal(err)
	}
	if r, err := p.Check(origin, f.verifiers); err != nil || r.Action != audit.LogOpen {
		t.Errorf("%+v, %v", r, err)
	}
}

func FuzzProof(f *testing.F) {
	f.Add([]byte("c2sp.org/tlog-proof@v1\nextra e30=\nindex 0\n\nx\n1\nAAAA\n\n— x y\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		var p audit.Proof
		if p.UnmarshalText(text) != nil {
			return
		}
		again, err := p.MarshalText()
		if err != nil {
			t.Fatal(err)
		}
		var q audit.Proof
		if err := q.UnmarshalText(again); err != nil || q.Index != p.Index || !bytes.Equal(q.Record, p.Record) {
			t.Errorf("%v", err)
		}
	})
}

func FuzzRecord(f *testing.F) {
	f.Add([]byte(`{"v":1,"seq":0,"epoch":0,"time":"2026-01-02T03:04:05.000006Z","action":"publish","outcome":"ok","count":1,"counts":{"name":2},"mac":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}`))
	f.Add([]byte(`{"v":1,"mac":"`))
	f.Fuzz(func(t *testing.T, line []byte) {
		r, err := audit.ParseRecord(line)
		if err == nil && (r.Action == "" || r.Outcome == "") {
			t.Errorf("%v", r)
		}
	})
}
