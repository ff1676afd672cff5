package audit

import (
	"errors"
	"fmt"
	"log/slog"
	"time"
)

// resumeEvery is how seldom Run may come to try to go on with a log that is
// broken: it reads the last segment each time.
const resumeEvery = 15 * time.Second

// resume goes on with a log that is broken, if it can be written again.
func (l *Log) resume() error {
	l.io.Lock()
	defer l.io.Unlock()
	next, err := l.reopen()
	if err == nil {
		if err = next.Checkpoint(); !errors.Is(err, ErrBroken) {
			err = nil // a signer may be away
		}
	}
	if err != nil {
		closeAll(next.segment, next.checkpoints) //nolint:errcheck // the first error is the one to tell
		return l.tampered(err)
	}
	closeAll(l.segment, l.checkpoints) //nolint:errcheck // of no use any more
	l.segment, l.checkpoints, l.segmentSize = next.segment, next.checkpoints, next.segmentSize
	l.first, l.began, l.signed, l.written, l.reopened = next.first, next.began, next.signed, next.written, 0
	l.mu.Lock()
	defer l.mu.Unlock()
	l.chain, l.tree, l.last, l.refused = next.chain, next.tree, next.last, 0
	if !errors.Is(l.err, ErrClosed) {
		l.err = nil
	}
	l.config.Logger.Info("audit: the log can be written again", "records", l.tree.size)
	return nil
}

// reopen opens the files once more and appends a record that says so. As Open
// does, it checks what is on the disk and cuts off what is torn. Unlike Open it
// knows what was acknowledged, signed or not: all of that must be there, and no
// more than what was tried to be written. The caller holds io.
func (l *Log) reopen() (*Log, error) {
	next := &Log{config: l.config, began: l.config.Now(), written: l.written}
	next.config.Logger = slog.New(slog.DiscardHandler) // that the log is broken is known
	torn, err := next.reload()
	if err != nil {
		return next, err
	}
	l.mu.Lock()
	made, missing := l.tree.size, l.refused
	l.mu.Unlock()
	if most := made + l.reopened; next.tree.size > most {
		return next, &TamperError{Seq: most, Through: next.tree.size - 1, Segment: segmentName(next.first), Rule: RuleSequence}
	}
	if made > next.tree.size {
		missing += int(made - next.tree.size) //nolint:gosec // at most those under way
	}
	l.reopened++
	return next, next.Append(Record{Action: LogResume, Outcome: OK, Count: torn, Counts: map[string]int{"missing": missing}})
}

// tampered makes a [*TamperError] the reason why the log is broken.
func (l *Log) tampered(err error) error {
	var t *TamperError
	if errors.As(err, &t) {
		l.config.Logger.Error("audit: the log is not what was written, and stays broken", "error", err)
		l.mu.Lock()
		defer l.mu.Unlock()
		l.err = fmt.Errorf("%w: %w", ErrBroken, err)
	}
	return err
}
