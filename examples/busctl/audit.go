package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"golang.org/x/mod/sumdb/note"

	"github.com/carebus/carebus/examples/internal/service"
	"github.com/carebus/carebus/phi/audit"
)

type auditFlags struct {
	origin  string
	trusted string
	maxAge  time.Duration
}

var auditInit = command{
	name: "audit init", summary: "make an audit trail with new keys", uses: "audit",
	help: "Writes the key that signs checkpoints (signing.key) and the public key (verifier.pub) beside the\ntrail and prints the auditor's key, once: keep it away from this machine. CAREBUS_AUDIT_SIGNING_KEY\nmay hold the signing key instead of the file.",
	flags: func(c *call, fs *flag.FlagSet) {
		f := &auditFlags{}
		c.own = f
		fs.StringVar(&f.origin, "origin", "", "`name` of the trail for good: a host name and path of your own, such as example.com/carebus/production")
	},
	run: func(_ context.Context, c *call) error {
		f := c.own.(*auditFlags)
		if f.origin == "" {
			return c.usage("-origin is required")
		}
		dir := service.AuditDir(c.audit, c.getenv)
		keys, err := service.CreateAudit(dir, f.origin)
		if err != nil {
			return err
		}
		if c.json {
			return c.value(map[string]string{"folder": dir, "origin": f.origin, "auditor_key": keys.Auditor, "verifier": keys.Verifier})
		}
		fmt.Fprintf(c.stderr, "made the audit trail %s in %s\npublic key   %s\nauditor's key, shown this once; `busctl audit verify` takes it as CAREBUS_AUDIT_KEY:\n", f.origin, dir, keys.Verifier)
		c.print("%s", keys.Auditor)
		return nil
	},
}

// trailVerifier returns the trail's folder and public key.
func (c *call) trailVerifier() (string, note.Verifier, error) {
	dir := service.AuditDir(c.audit, c.getenv)
	v, err := service.AuditVerifier(dir, c.getenv)
	return dir, v, err
}

var auditVerify = command{
	name: "audit verify", summary: "verify an audit trail, and name its first bad record", uses: "audit",
	help: "Reads the whole trail; it may be written meanwhile. CAREBUS_AUDIT_KEY, the auditor's key, lets it name\nthe bad record; without, the range between two checkpoints. CAREBUS_AUDIT_VERIFIER is the public key, else\nverifier.pub beside the trail: don't trust that file on a machine that may have been taken over.",
	flags: func(c *call, fs *flag.FlagSet) {
		f := &auditFlags{}
		c.own = f
		fs.StringVar(&f.trusted, "trusted", "", "`file` of a checkpoint that was kept elsewhere: the trail must hold what it covers")
		fs.DurationVar(&f.maxAge, "max-age", 0, "how old the last signed record may be, such as 3m for a trail that runs (default: any age)")
	},
	run: func(ctx context.Context, c *call) error {
		f := c.own.(*auditFlags)
		dir, verifier, err := c.trailVerifier()
		if err != nil {
			return err
		}
		key, err := service.AuditorKey(dir, c.getenv)
		if err != nil {
			return err
		}
		config := audit.VerifyConfig{Origin: verifier.Name(), Verifiers: note.VerifierList(verifier), Key: key, MaxAge: f.maxAge}
		if f.trusted != "" {
			msg, err := os.ReadFile(f.trusted)
			if err != nil {
				return err
			}
			config.Trusted = [][]byte{msg}
		}
		report, err := audit.Verify(ctx, os.DirFS(dir), config)
		var tampered *audit.TamperError
		if err != nil && !errors.As(err, &tampered) {
			return err
		}
		return c.printVerified(verifier.Name(), report, tampered, key != nil)
	},
}

func (c *call) printVerified(origin string, r audit.Report, bad *audit.TamperError, keyed bool) error {
	empty := bad == nil && r.Records == 0 // whoever opens a trail records it
	if c.json {
		v := map[string]any{
			"origin": origin, "ok": bad == nil && !empty, "records": r.Records, "signed": r.Signed, "epochs": r.Epochs, "checkpoints": r.Checkpoints,
			"first": r.First, "last": r.Last, "last_signed": r.LastSigned, "torn_bytes": r.Torn, "actions": r.Actions, "with_auditor_key": keyed,
		}
		if bad != nil {
			v["bad"] = map[string]any{"seq": bad.Seq, "through": bad.Through, "segment": bad.Segment, "line": bad.Line, "rule": bad.Rule}
		}
		if err := c.value(v); err != nil {
			return err
		}
	} else {
		how := "with the auditor's key"
		if !keyed {
			how = "by checkpoints alone: set CAREBUS_AUDIT_KEY to check each record"
		}
		c.print("%s, %s", origin, how)
		c.print("records %d (%d signed)   epochs %d   checkpoints %d   %s to %s", r.Records, r.Signed, r.Epochs, r.Checkpoints, when(r.First), when(r.Last))
		for _, action := range slices.Sorted(maps.Keys(r.Actions)) {
			c.print("  %-18s %d", action, r.Actions[action])
		}
		if r.Torn > 0 {
			c.print("%s", c.paint(yellow, fmt.Sprintf("%d bytes at the end are torn: a crash, or a write under way", r.Torn)))
		}
		switch {
		case bad != nil:
			c.print("%s", c.paint(red, "TAMPERED: "+bad.Error()))
		case empty:
			c.print("%s", c.paint(red, "EMPTY: nothing has written this trail yet, or all records were removed"))
		default:
			c.print("%s", c.paint(green, "intact"))
		}
	}
	if bad != nil || empty {
		return errNotWell
	}
	return nil
}

var auditProve = command{
	name: "audit prove", args: "RECORD", summary: "print a proof that one record is in the trail", uses: "audit",
	help: "The proof has the form of c2sp.org/tlog-proof and holds the record; `busctl audit check` checks it without the trail.",
	run: func(_ context.Context, c *call) error {
		if len(c.args) == 0 {
			return c.usage("which record? Give its number")
		}
		seq, err := strconv.ParseUint(c.args[0], 10, 63)
		if err != nil {
			return c.usage("a record is named by its number")
		}
		p, err := audit.Prove(os.DirFS(service.AuditDir(c.audit, c.getenv)), seq)
		if err != nil {
			return err
		}
		text, err := p.MarshalText()
		if err != nil {
			return err
		}
		if c.json {
			return c.value(map[string]string{"proof": string(text)})
		}
		_, err = c.stdout.Write(text)
		return err
	},
}

var auditCheck = command{
	name: "audit check", args: "[FILE]", summary: "check a proof, from a file or standard input", uses: "audit",
	run: func(_ context.Context, c *call) error {
		_, verifier, err := c.trailVerifier()
		if err != nil {
			return err
		}
		in := c.stdin
		if len(c.args) > 0 {
			f, err := os.Open(filepath.Clean(c.args[0]))
			if err != nil {
				return err
			}
			defer f.Close() //nolint:errcheck // it was only read
			in = f
		}
		text, err := io.ReadAll(io.LimitReader(in, 1<<20))
		if err != nil {
			return err
		}
		var p audit.Proof
		if err := p.UnmarshalText(text); err != nil {
			return err
		}
		r, err := p.Check(verifier.Name(), note.VerifierList(verifier))
		if err != nil {
			return err
		}
		if c.json {
			return c.value(map[string]any{"seq": r.Seq, "time": r.Time, "action": r.Action, "outcome": r.Outcome, "actor": r.Actor, "object": r.Object, "reason": r.Reason, "count": r.Count})
		}
		c.print("%s: %s", c.paint(green, "in the trail "+verifier.Name()), r)
		return nil
	},
}
