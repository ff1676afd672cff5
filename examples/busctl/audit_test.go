package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/carebus/carebus/examples/internal/service"
	"github.com/carebus/carebus/phi/audit"
)

func TestAudit(t *testing.T) {
	s := newShell(t, "")
	dir := s.env["CAREBUS_AUDIT_DIR"]
	var made struct {
		AuditorKey string `json:"auditor_key"`
		Verifier   string
	}
	s.into(t, &made, "audit", "init", "-origin", "example.com/practice")
	if _, _, err := s.call(t, "audit", "init", "-origin", "example.com/practice"); err == nil {
		t.Error("a trail was overwritten")
	}
	empty := func() {
		t.Helper()
		for _, args := range [][]string{{"audit", "verify"}, {"audit", "verify", "-json"}} {
			if stdout, _, err := s.call(t, args...); !errors.Is(err, errNotWell) || strings.Contains(stdout, "intact") || strings.Contains(stdout, `"ok":true`) {
				t.Errorf("a trail without records: %v\n%s", err, stdout)
			}
		}
	}
	empty()
	signer, err := service.AuditSigner(dir, func(string) string { return "" })
	if err != nil {
		t.Fatal(err)
	}
	l, err := audit.Open(audit.Config{Dir: dir, Signer: signer})
	if err != nil {
		t.Fatal(err)
	}
	for range 9 {
		if err := l.Append(audit.Record{Action: audit.Publish, Outcome: audit.OK, Object: "user.created"}); err != nil {
			t.Fatal(err)
		}
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	if text := s.ok(t, "audit", "verify"); !strings.Contains(text, "intact") || !strings.Contains(text, "CAREBUS_AUDIT_KEY") || !strings.Contains(text, "records 11 (11 signed)") {
		t.Error(text)
	}
	s.env["CAREBUS_AUDIT_KEY"] = made.AuditorKey
	s.env["CAREBUS_AUDIT_VERIFIER"] = made.Verifier
	if text := s.ok(t, "audit", "verify", "-max-age", "1h"); !strings.Contains(text, "with the auditor's key") {
		t.Error(text)
	}

	s.stdin = s.ok(t, "audit", "prove", "4")
	if text := s.ok(t, "audit", "check"); !strings.Contains(text, "in the trail example.com/practice: 4 ") {
		t.Error(text)
	}
	s.stdin = strings.Replace(s.stdin, "index 4", "index 5", 1)
	if _, _, err := s.call(t, "audit", "check"); err == nil {
		t.Error("a forged proof passes")
	}

	segment := filepath.Join(dir, "00000000000000000000.jsonl")
	b, err := os.ReadFile(segment)
	if err != nil {
		t.Fatal(err)
	}
	lines := bytes.SplitAfter(b, []byte("\n"))
	lines[6] = bytes.Replace(lines[6], []byte("user.created"), []byte("user.deleted"), 1)
	if err := os.WriteFile(segment, bytes.Join(lines, nil), 0o600); err != nil {
		t.Fatal(err)
	}
	stdout, _, err := s.call(t, "audit", "verify")
	if !errors.Is(err, errNotWell) || !strings.Contains(stdout, "TAMPERED: audit: record 6 ") {
		t.Errorf("%v\n%s", err, stdout)
	}
	stdout, _, err = s.call(t, "audit", "verify", "-json")
	var report struct {
		OK  bool
		Bad struct{ Seq, Line int }
	}
	if jerr := json.Unmarshal([]byte(stdout), &report); jerr != nil || !errors.Is(err, errNotWell) || report.OK || report.Bad.Seq != 6 || report.Bad.Line != 7 {
		t.Errorf("%v, %v\n%s", err, jerr, stdout)
	}
	if err := errors.Join(os.Remove(segment), os.Remove(strings.TrimSuffix(segment, ".jsonl")+".checkpoints")); err != nil {
		t.Fatal(err)
	}
	empty()
}
