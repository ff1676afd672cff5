package faults

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"

	"github.com/carebus/carebus/etl"
	"github.com/carebus/carebus/eventbus"
	"github.com/carebus/carebus/phi/audit"
	"github.com/carebus/carebus/schema"
)

// takeLake reads the lake: each row of its events, and each log against its plans.
func (e *Evidence) takeLake(ctx context.Context, store lake, bus *eventbus.Bus) error {
	for o, err := range store.List(ctx, "events/") {
		if err != nil {
			return err
		}
		body, err := store.Get(ctx, o.Key)
		if err != nil {
			return err
		}
		lines, err := etl.Snappy().Decode(nil, body)
		if err != nil {
			return err
		}
		log, _, _ := strings.Cut(filepath.Base(o.Key), "-")
		for line := range bytes.Lines(lines) {
			row := Row{Log: log}
			if err := json.Unmarshal(line, &row); err != nil {
				return err
			}
			e.Rows = append(e.Rows, row)
		}
	}
	e.Plans, e.Cursors = map[string]etl.Verification{}, map[string]uint64{}
	logs, err := bus.CurrentLogs(ctx)
	if err != nil {
		return err
	}
	for _, l := range logs {
		cursor, err := l.Cursor(ctx)
		if err != nil {
			return err
		}
		e.Cursors[l.Name()] = cursor.Plan
		if e.Plans[l.Name()], err = etl.Verify(ctx, etl.VerifyConfig{Sink: store, Environment: Environment, Log: l.Name()}); err != nil {
			return err
		}
	}
	return nil
}

// takeLayout asks how events are spread at the end.
func (e *Evidence) takeLayout(ctx context.Context, bus *eventbus.Bus) error {
	asked := time.Now().UnixMilli()
	status, err := bus.Status(ctx)
	e.Layouts = append(e.Layouts, Layout{status.Epoch, status.Spread, asked, time.Now().UnixMilli()})
	return err
}

// takeLetters reads the dead letters.
func (e *Evidence) takeLetters(ctx context.Context, bus *eventbus.Bus) error {
	for _, d := range bus.DeadLetters() {
		for after := ""; ; {
			letters, err := d.List(ctx, after, 1000)
			if err != nil {
				return err
			}
			if len(letters) == 0 {
				break
			}
			for _, l := range letters {
				after = l.ID
				event, _ := schema.Parse(l.Event) // without one the id is ""
				e.Letters = append(e.Letters, Letter{event.ID, l.Reason, l.Entry, d.Name()})
			}
		}
	}
	return nil
}

// A keyring is what the auditor of a trail has.
type keyring struct {
	origin, verifier string
	key              []byte
}

// takeTrail reads and verifies a sink's audit trail, and looks up in the lake
// what it tells of.
func (e *Evidence) takeTrail(ctx context.Context, name, dir string, keys keyring, store etl.Sink) error {
	verifier, err := note.NewVerifier(keys.verifier)
	if err != nil {
		return err
	}
	t := Trail{Name: name, Plans: map[string]uint64{}, Rows: map[string]uint64{}}
	_, t.Broken = audit.Verify(ctx, os.DirFS(dir), audit.VerifyConfig{Origin: keys.origin, Verifiers: note.VerifierList(verifier), Key: keys.key})
	segments, err := filepath.Glob(filepath.Join(dir, "*.jsonl"))
	if err != nil {
		return err
	}
	for _, segment := range segments {
		text, err := os.ReadFile(segment)
		if err != nil {
			return err
		}
		for line := range bytes.Lines(text) {
			r, err := audit.ParseRecord(bytes.TrimSuffix(line, []byte("\n")))
			if err != nil || r.Action != audit.ETLCommit {
				continue // Verify has told
			}
			log, number, _ := strings.Cut(strings.TrimPrefix(r.Object, "shard/"), "/plan/")
			plan := log + "/" + number
			t.Plans[plan] = uint64(r.Count) //nolint:gosec // not negative
			n, _ := strconv.ParseUint(number, 10, 64)
			if body, err := store.Get(ctx, etl.PlanKey("", Environment, log, n)); err == nil {
				var p etl.Plan
				if err := json.Unmarshal(body, &p); err != nil {
					return err
				}
				rows := uint64(0)
				for _, o := range p.Objects {
					rows += uint64(o.Rows) //nolint:gosec // not negative
				}
				t.Rows[plan] = rows
			}
		}
	}
	e.Trails = append(e.Trails, t)
	return nil
}
