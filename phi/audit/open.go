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

// recover takes the lock and reads the files.
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
	return l.reload()
}

// reload reads the state and the last segment, and removes what is torn. The
// records of l.written must be there.
func (l *Log) reload() (torn int, err error) {
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
	if l.written.size > 0 {
		if l.first > l.written.size {
			return 0, &TamperError{Seq: l.written.size, Through: l.first - 1, Segment: segmentName(l.first), Rule: RuleSegment}
		}
		signed[l.written.size] = l.written.root()
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
	if root, ok := signed[l.tree.size]; ok && root != l.tree.root() {
		return 0, s.tampered(l.tree.size, RuleRoot)
	}
	rest, signedTo := b, 0
	for {
		if l.tree.size == l.signed {
			signedTo = len(b) - len(rest)
		}
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
	if least := max(l.signed, l.written.size); l.tree.size < least {
		return 0, &TamperError{Seq: l.tree.size, Through: least - 1, Segment: s.segment, Rule: RuleMissing}
	}
	if len(rest) > 0 {
		if err := cut(l.segment, len(b)-len(rest)); err != nil {
			return 0, err
		}
	}
	end := len(b) - len(rest)
	l.segmentSize, l.written = int64(end), l.tree.clone()
	return len(rest), l.writeAgain(b[signedTo:end], int64(signedTo))
}

// writeAgain writes what stands in the segment once more, and forces it to the
// disk: where a force failed it may be in memory alone, and would be a hole after a
// power cut.
func (l *Log) writeAgain(b []byte, at int64) error {
	if len(b) == 0 {
		return nil
	}
	f, err := os.OpenFile(l.segment.Name(), os.O_WRONLY, 0) // l.segment only appends
	if err == nil {
		if _, err = f.WriteAt(b, at); err == nil {
			err = f.Sync()
		}
		err = errors.Join(err, f.Close())
	}
	if err != nil {
		return fmt.Errorf("%w: force records to the disk: %w", ErrBroken, err)
	}
	return nil
}

// cut removes what follows the first n bytes of f.
func cut(f *os.File, n int) error {
	err := errors.Join(f.Truncate(int64(n)), f.Sync())
	if err != nil {
		return fmt.Errorf("audit: cut off a torn end: %w", err)
	}
	return nil
}
