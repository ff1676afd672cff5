package audit

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/carebus/carebus/internal/durable"
)

// Open opens the log in config.Dir for writing. It reads the last segment and
// checks its records and checkpoints; what a crash has torn is cut off, and what
// no crash explains is a [*TamperError]. The first record that it appends says
// that the log was opened. One process can write a log at a time.
func Open(config Config) (*Log, error) {
	if err := config.complete(); err != nil {
		return nil, err
	}
	l := &Log{config: config, began: config.Now()}
	torn, err := l.recover()
	if err != nil {
		l.release() //nolint:errcheck // the first error is the one to tell
		return nil, err
	}
	err = l.Append(Record{Action: LogOpen, Outcome: OK, Count: torn})
	if err == nil {
		err = l.Checkpoint()
	}
	if err != nil {
		l.release() //nolint:errcheck // as above
		return nil, err
	}
	return l, nil
}

// recover takes the lock, reads the state and the last segment, and removes what
// is torn.
func (l *Log) recover() (torn int, err error) {
	if _, err := os.Stat(filepath.Join(l.config.Dir, stateName)); errors.Is(err, os.ErrNotExist) {
		return 0, ErrNoLog // and leave no lock there
	}
	if l.lock, err = os.OpenFile(filepath.Join(l.config.Dir, lockName), os.O_CREATE|os.O_RDWR, 0o600); err != nil {
		return 0, fmt.Errorf("audit: open the lock: %w", err)
	}
	if lockFile(l.lock) != nil {
		return 0, ErrLocked
	}
	s, err := loadState(l.config.Dir) // not before: the writer before may have begun an epoch until then
	if err != nil {
		return 0, err
	}
	if l.config.Signer.Name() != s.Origin {
		return 0, fmt.Errorf("audit: the signer is named %q but the log's origin is %q", l.config.Signer.Name(), s.Origin)
	}
	if err := durable.RemoveTorn(l.config.Dir, stateName); err != nil {
		return 0, fmt.Errorf("audit: remove a torn state: %w", err)
	}
	l.origin, l.first, l.tree = s.Origin, s.Size, tree{s.Size, s.Tree}
	l.chain = newChain(s.Epoch, s.Key, digest(s.MAC))
	if err := l.openSegment(); err != nil {
		return 0, fmt.Errorf("audit: open the segment: %w", err)
	}
	signed, err := l.recoverCheckpoints()
	if err != nil {
		return 0, err
	}
	return l.recoverRecords(signed)
}

// recoverCheckpoints returns the checkpoints of the last segment by size.
func (l *Log) recoverCheckpoints() (map[uint64]tlog.Hash, error) {
	b, err := io.ReadAll(l.checkpoints)
	if err != nil {
		return nil, fmt.Errorf("audit: read the checkpoints: %w", err)
	}
	signed, rest := map[uint64]tlog.Hash{}, b
	l.signed = l.first
	for {
		msg, tail, ok := cutNote(rest)
		if !ok {
			break
		}
		c, err := parseCheckpoint(noteText(msg))
		if err != nil || c.Origin != l.origin || c.Size <= l.signed {
			return nil, &TamperError{Seq: l.first, Through: l.first, Segment: segmentName(l.first), Rule: RuleCheckpointForm}
		}
		signed[c.Size], l.signed, rest = c.Root, c.Size, tail
	}
	if len(rest) > 0 {
		if err := cut(l.checkpoints, len(b)-len(rest)); err != nil {
			return nil, err
		}
	}
	return signed, nil
}

// recoverRecords reads the records of the last segment into the chain and tree.
func (l *Log) recoverRecords(signed map[uint64]tlog.Hash) (torn int, err error) {
	b, err := io.ReadAll(l.segment)
	if err != nil {
		return 0, fmt.Errorf("audit: read the segment: %w", err)
	}
	s := scanner{segment: segmentName(l.first), chain: l.chain, tree: &l.tree}
	rest := b
	for {
		line, tail, ok := bytes.Cut(rest, []byte("\n"))
		if !ok {
			break
		}
		r, err := s.next(line)
		if err != nil {
			return 0, err
		}
		if root, ok := signed[l.tree.size]; ok && root != l.tree.root() {
			return 0, s.tampered(r.Seq, RuleRoot)
		}
		l.last, rest = r.Time, tail
	}
	if l.tree.size < l.signed {
		return 0, &TamperError{Seq: l.tree.size, Through: l.signed - 1, Segment: s.segment, Rule: RuleMissing}
	}
	if len(rest) > 0 {
		if err := cut(l.segment, len(b)-len(rest)); err != nil {
			return 0, err
		}
	}
	l.segmentSize = int64(len(b) - len(rest))
	return len(rest), nil
}

// cut removes what follows the first n bytes of f.
func cut(f *os.File, n int) error {
	err := errors.Join(f.Truncate(int64(n)), f.Sync())
	if err != nil {
		return fmt.Errorf("audit: cut off a torn end: %w", err)
	}
	return nil
}
