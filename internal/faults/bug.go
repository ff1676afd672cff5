package faults

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/carebus/carebus/etl"
	"github.com/carebus/carebus/eventbus"
	"github.com/carebus/carebus/internal/sleep"
)

// A Bug is planted in the processes of a run, to see it found. The zero Bug is
// none.
type Bug string

// The bugs, each a promise that is broken.
const (
	BugEarlyAck   Bug = "early ack"   // consumers acknowledge first and work later
	BugNoAck      Bug = "no ack"      // consumers do their work and don't acknowledge some of it
	BugDisorder   Bug = "disorder"    // publishers swap events of a subject
	BugTwice      Bug = "twice"       // sinks store some objects twice
	BugLostObject Bug = "lost object" // sinks don't store some objects, and say that they did
	BugLostPlan   Bug = "lost plan"   // the same of a plan
	BugLostLetter Bug = "lost letter" // some dead letters are deleted
	BugLoop       Bug = "loop"        // dead letters are given back again and again
	BugTamper     Bug = "tamper"      // an audit trail is rewritten
)

// put stores an object, with the bugs of sinks.
func (b Bug) put(ctx context.Context, s etl.Sink, o etl.Object) error {
	plan := strings.HasPrefix(o.Key, "plans/")
	switch {
	case b == BugLostPlan && plan && strings.HasSuffix(o.Key, "0002.json"),
		b == BugLostObject && !plan && strings.HasSuffix(o.Key, "2-0.jsonl.snappy"):
		return nil
	case b == BugTwice && !plan && strings.HasSuffix(o.Key, "2-0.jsonl.snappy"):
		again := o
		again.Key = filepath.Dir(o.Key) + "/again-" + filepath.Base(o.Key)
		if err := s.PutIfAbsent(ctx, again); err != nil {
			return err
		}
	}
	return s.PutIfAbsent(ctx, o)
}

// spoilLetters deletes a dead letter, or gives a good many back.
func (p *player) spoilLetters(ctx context.Context, bus *eventbus.Bus) {
	if p.Bug != BugLostLetter && p.Bug != BugLoop {
		return
	}
	for spoiled := 0; spoiled < 40 && sleep.For(ctx, 50*time.Millisecond); {
		for _, d := range bus.DeadLetters() {
			if p.Bug == BugLoop {
				done, _ := d.Redrive(ctx, eventbus.RedriveConfig{DeadLetterFilter: eventbus.DeadLetterFilter{All: true}}) // next time
				spoiled += done.Redriven
			} else if letters, err := d.List(ctx, "", 1); err == nil && len(letters) > 0 {
				_, _ = d.Purge(ctx, eventbus.DeadLetterFilter{IDs: []string{letters[0].ID}}) // next time
				return
			}
		}
	}
}

// tamper changes a letter of an audit trail's first record that tells of a commit.
func (b Bug) tamper(trail string) error {
	if b != BugTamper {
		return nil
	}
	path := filepath.Join(trail, "00000000000000000000.jsonl")
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	return os.WriteFile(path, bytes.Replace(text, []byte("/plan/1"), []byte("/plan/7"), 1), 0o600)
}
