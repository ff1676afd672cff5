package faults

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"strconv"
	"strings"
)

// A Ledger is the file into which the processes of a run write what they know,
// each line with one write to the file's end, so that a line is whole or isn't
// there and lines stand in the order of the writes. A line's words are parted by
// blanks:
//
//	A id subject seq entry   a publisher: Redis has acknowledged the event, as that entry of its stream
//	H id                     a consumer: the event was handled; the acknowledgement follows
//	F id                     a consumer: handling the event failed, as it was meant to
//	O id                     a publisher: the event's outcome is open; it is published again
//	L epoch shards from to   a resharder: how events were spread at some time between two, in Unix milliseconds
//
// A subject's seq grows with each event that is published on it. A Ledger is
// safe for concurrent use.
type Ledger struct{ file *os.File }

// OpenLedger opens a ledger to write to. It is made if there is none.
func OpenLedger(path string) (*Ledger, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	return &Ledger{f}, nil
}

// An Ack is an event that was acknowledged.
type Ack struct {
	ID, Subject string
	Seq         uint64
	Entry       string // its shard's stream's; "" when the receipt couldn't name it any more
}

// Acked writes an acknowledgement.
func (l *Ledger) Acked(a Ack) error {
	_, err := fmt.Fprintf(l.file, "A %s %s %d %s\n", a.ID, a.Subject, a.Seq, a.Entry)
	return err
}

// Handled writes which events were handled and which failed, in their order.
func (l *Ledger) Handled(ids []string, failed []bool) error {
	var lines bytes.Buffer
	for i, id := range ids {
		word := "H"
		if failed[i] {
			word = "F"
		}
		fmt.Fprintf(&lines, "%s %s\n", word, id)
	}
	_, err := l.file.Write(lines.Bytes())
	return err
}

// Again writes that an event is published again since its outcome is open.
func (l *Ledger) Again(id string) error {
	_, err := fmt.Fprintf(l.file, "O %s\n", id)
	return err
}

// Saw writes how events were spread.
func (l *Ledger) Saw(s Layout) error {
	_, err := fmt.Fprintf(l.file, "L %d %d %d %d\n", s.Epoch, s.Shards, s.Asked, s.Answered)
	return err
}

// Close closes the file.
func (l *Ledger) Close() error { return l.file.Close() }

// Entries are what a ledger holds, in its order.
type Entries struct {
	Acked   []Ack
	Handled []string // ids; an event that came again is there again
	Failed  []string
	Again   []string // ids, once for each time that the event was published again
	Layouts []Layout
}

// ReadLedger reads a ledger.
func ReadLedger(path string) (Entries, error) {
	var all Entries
	f, err := os.Open(path)
	if err != nil {
		return all, err
	}
	defer f.Close() //nolint:errcheck // only read
	lines := bufio.NewScanner(f)
	for n := 1; lines.Scan(); n++ {
		words := strings.Split(lines.Text(), " ")
		switch {
		case words[0] == "A" && len(words) == 5:
			seq, err := strconv.ParseUint(words[3], 10, 64)
			if err != nil {
				return all, fmt.Errorf("faults: line %d of the ledger has no sequence number", n)
			}
			all.Acked = append(all.Acked, Ack{words[1], words[2], seq, words[4]})
		case words[0] == "H" && len(words) == 2:
			all.Handled = append(all.Handled, words[1])
		case words[0] == "F" && len(words) == 2:
			all.Failed = append(all.Failed, words[1])
		case words[0] == "O" && len(words) == 2:
			all.Again = append(all.Again, words[1])
		case words[0] == "L" && len(words) == 5:
			var s Layout
			if _, err := fmt.Sscanf(lines.Text(), "L %d %d %d %d", &s.Epoch, &s.Shards, &s.Asked, &s.Answered); err != nil {
				return all, fmt.Errorf("faults: line %d of the ledger has no layout", n)
			}
			all.Layouts = append(all.Layouts, s)
		default:
			return all, fmt.Errorf("faults: line %d of the ledger is none", n)
		}
	}
	return all, lines.Err()
}
