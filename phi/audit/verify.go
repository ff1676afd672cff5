package audit

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// A Rule is what a log breaks.
type Rule string

// The rules.
const (
	RuleForm           Rule = "the line is no record in its one form"
	RuleSequence       Rule = "the record's number does not follow the one before: records were removed, added, moved or replayed"
	RuleEpoch          Rule = "the record belongs to another epoch"
	RuleMAC            Rule = "the record was changed, or the one before it was: its mac does not fit"
	RuleMissing        Rule = "records that a signed checkpoint covers are missing"
	RuleSegment        Rule = "a segment is missing"
	RuleRoot           Rule = "the records are not those that were signed"
	RuleCheckpointForm Rule = "a checkpoint is damaged, or out of order"
	RuleSignature      Rule = "a checkpoint is not signed by a known key"
	RuleUnsigned       Rule = "an epoch that ended is not covered by its last checkpoint"
	RuleReplica        Rule = "the record is not the one that a replica holds: the log was put back to an older state"
	RuleStale          Rule = "the last signed record is too old: the end was cut off, or the log stands still"
)

// A TamperError names the first bad record of a log, or the range that holds it.
type TamperError struct {
	Seq     uint64 // first record that can't be trusted
	Through uint64 // last record that the fault may lie in
	Segment string // its file, without extension
	Line    int    // in the segment, from 1; 0: not known
	Rule    Rule
}

func (e *TamperError) Error() string {
	where := fmt.Sprintf("record %d", e.Seq)
	if e.Through > e.Seq {
		where = fmt.Sprintf("records %d to %d", e.Seq, e.Through)
	}
	line := ""
	if e.Line > 0 {
		line = fmt.Sprintf(", line %d", e.Line)
	}
	return fmt.Sprintf("audit: %s (segment %s%s): %s", where, e.Segment, line, e.Rule)
}

// A scanner follows the records of one segment.
type scanner struct {
	segment string
	line    int
	chain   *chain // nil: MACs are not checked
	epoch   uint64 // used without a chain
	tree    *tree
}

// next checks one line and moves on to it.
func (s *scanner) next(line []byte) (Record, error) {
	s.line++
	want := s.tree.size
	r, body, mac, err := parseLine(line)
	if err != nil {
		return r, s.tampered(want, RuleForm)
	}
	epoch := s.epoch
	if s.chain != nil {
		epoch = s.chain.epoch
	}
	switch {
	case r.Seq != want:
		return r, s.tampered(want, RuleSequence)
	case r.Epoch != epoch:
		return r, s.tampered(want, RuleEpoch)
	case s.chain != nil && *s.chain.next(body) != mac:
		return r, s.tampered(want, RuleMAC)
	}
	s.tree.append(tlog.RecordHash(line))
	return r, nil
}

func (s *scanner) tampered(seq uint64, rule Rule) *TamperError {
	return &TamperError{Seq: seq, Through: seq, Segment: s.segment, Line: s.line, Rule: rule}
}

// VerifyConfig says what a log is checked against. The more is given, the more
// is seen.
type VerifyConfig struct {
	// Origin is the log's. Required.
	Origin string
	// Verifiers know the public keys that sign checkpoints. Required.
	Verifiers note.Verifiers
	// Key is K(0), the auditor's key. With it the first bad record is named,
	// and records that no checkpoint covers yet are checked. Default: none.
	Key []byte
	// Trusted are signed checkpoints of this log that were kept elsewhere. The
	// log must hold what they cover. Default: none.
	Trusted [][]byte
	// MaxAge is how old the last signed record may be. Default: any age, which
	// is right for a log that was closed; for one that runs, three times its
	// heartbeat.
	MaxAge time.Duration
	// Now is the clock. Default [time.Now].
	Now func() time.Time
}

// A Report says what was verified. It is complete only when Verify returns no
// error; else it tells how far the log was good.
type Report struct {
	Records     uint64 // that are good
	Epochs      int
	Checkpoints int
	Signed      uint64    // records that a checkpoint covers
	First, Last time.Time // of the records
	LastSigned  time.Time
	Torn        int // bytes of a torn line at the end: a crash, or a write under way
	Actions     map[Action]uint64
}

// Verify reads a whole log, in order, and returns a [*TamperError] for the first
// thing that is wrong with it. Other errors say that it could not be read.
//
// A log may be verified while it is written, and from a copy. What Verify can't
// see without Trusted and MaxAge is a log that was put back as a whole to an
// older state; once that has been written again, MaxAge doesn't show it either.
func Verify(ctx context.Context, fsys fs.FS, config VerifyConfig) (Report, error) {
	if !validOrigin(config.Origin) || config.Verifiers == nil {
		return Report{}, errors.New("audit: VerifyConfig.Origin and VerifyConfig.Verifiers are required")
	}
	if config.Key != nil && len(config.Key) < minKey {
		return Report{}, fmt.Errorf("audit: VerifyConfig.Key must have %d bytes or more", minKey)
	}
	if config.Now == nil {
		config.Now = time.Now
	}
	v := verifier{config: config, fsys: fsys, trusted: map[uint64][]tlog.Hash{}, report: Report{Actions: map[Action]uint64{}}}
	for _, msg := range config.Trusted {
		c, err := OpenCheckpoint(msg, config.Verifiers)
		if err != nil {
			return v.report, err
		}
		if c.Origin != config.Origin {
			return v.report, errors.New("audit: a trusted checkpoint is of another log")
		}
		v.trusted[c.Size] = append(v.trusted[c.Size], c.Root)
		v.mustReach = max(v.mustReach, c.Size)
	}
	err := v.run(ctx)
	v.report.Records = v.tree.size
	return v.report, err
}

type verifier struct {
	config    VerifyConfig
	fsys      fs.FS
	tree      tree
	chain     *chain
	trusted   map[uint64][]tlog.Hash
	mustReach uint64
	report    Report
}

func (v *verifier) run(ctx context.Context) error {
	// The list of segments comes first and checkpoints before records: what a
	// writer adds meanwhile is then only ever more than expected.
	firsts, err := segments(v.fsys)
	if err != nil {
		return err
	}
	if v.config.Key != nil {
		v.chain = newChain(0, v.config.Key, digest{})
	}
	for i, first := range firsts {
		if i > 0 && v.chain != nil {
			v.chain = v.chain.ratchet()
		}
		if first != v.tree.size {
			return &TamperError{Seq: v.tree.size, Through: max(first, v.tree.size+1) - 1, Segment: segmentName(first), Rule: RuleSegment}
		}
		if err := v.segment(ctx, uint64(i), first, i == len(firsts)-1); err != nil {
			return err
		}
		v.report.Epochs++
	}
	end := segmentName(0)
	if n := len(firsts); n > 0 {
		end = segmentName(firsts[n-1])
	}
	if v.tree.size < v.mustReach {
		return &TamperError{Seq: v.tree.size, Through: v.mustReach - 1, Segment: end, Rule: RuleMissing}
	}
	if v.config.MaxAge > 0 && v.config.Now().Sub(v.report.LastSigned) > v.config.MaxAge {
		return &TamperError{Seq: v.report.Signed, Through: v.report.Signed, Segment: end, Rule: RuleStale}
	}
	return nil
}

// segment verifies one segment with its checkpoints.
func (v *verifier) segment(ctx context.Context, epoch, first uint64, last bool) error {
	name := segmentName(first)
	signed, sizes, err := v.checkpoints(name, first)
	if err != nil {
		return err
	}
	f, err := v.fsys.Open(name + segmentExt)
	if err != nil {
		return fmt.Errorf("audit: open a segment: %w", err)
	}
	defer f.Close() //nolint:errcheck // it was only read
	s := scanner{segment: name, chain: v.chain, epoch: epoch, tree: &v.tree}
	checked := first // records before it have been checked against a root
	in := bufio.NewReaderSize(f, 1<<20)
	for {
		line, err := in.ReadSlice('\n')
		if err == io.EOF {
			v.report.Torn = len(line)
			break
		}
		if err == bufio.ErrBufferFull {
			return s.tampered(v.tree.size, RuleForm)
		}
		if err != nil {
			return fmt.Errorf("audit: read a segment: %w", err)
		}
		if v.tree.size%4096 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		r, err := s.next(line[:len(line)-1])
		if err != nil {
			return v.widen(err, checked, sizes)
		}
		if err := v.roots(&s, signed, checked, r); err != nil {
			return err
		}
		if _, ok := signed[v.tree.size]; ok {
			checked = v.tree.size
		}
		if v.report.First.IsZero() {
			v.report.First = r.Time
		}
		v.report.Last = r.Time
		v.report.Actions[r.Action]++
	}
	switch {
	case len(sizes) > 0 && sizes[len(sizes)-1] > v.tree.size:
		return &TamperError{Seq: v.tree.size, Through: sizes[len(sizes)-1] - 1, Segment: name, Rule: RuleMissing}
	case !last && (v.report.Torn > 0 || checked != v.tree.size):
		return &TamperError{Seq: checked, Through: max(checked, v.tree.size-1), Segment: name, Rule: RuleUnsigned}
	}
	return nil
}

// roots compares the tree with what was signed at its size.
func (v *verifier) roots(s *scanner, signed map[uint64]tlog.Hash, checked uint64, r Record) error {
	want := v.trusted[v.tree.size]
	if root, ok := signed[v.tree.size]; ok {
		want = append(want[:len(want):len(want)], root)
		v.report.Checkpoints++
		v.report.Signed, v.report.LastSigned = v.tree.size, r.Time
	}
	if len(want) == 0 {
		return nil
	}
	root := v.tree.root()
	for _, w := range want {
		if w != root {
			return &TamperError{Seq: checked, Through: r.Seq, Segment: s.segment, Rule: RuleRoot}
		}
	}
	return nil
}

// widen turns the place of a fault into a range where no MAC has vouched for the
// records before it: a line that doesn't fit may be the wrong one of two.
func (v *verifier) widen(err error, checked uint64, sizes []uint64) error {
	var t *TamperError
	if v.chain == nil && errors.As(err, &t) && t.Rule != RuleForm {
		t.Seq = min(t.Seq, checked)
		for _, size := range sizes {
			if size > t.Through {
				t.Through = size - 1
				break
			}
		}
	}
	return err
}

// checkpoints returns the roots that were signed in a segment, by size, and the
// sizes in order.
func (v *verifier) checkpoints(name string, first uint64) (map[uint64]tlog.Hash, []uint64, error) {
	b, err := fs.ReadFile(v.fsys, name+checkpointExt)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, nil, fmt.Errorf("audit: read checkpoints: %w", err)
	}
	signed := map[uint64]tlog.Hash{}
	var sizes []uint64
	before := first
	for {
		msg, rest, ok := cutNote(b)
		if !ok { // an end that is torn: a crash, or a write under way
			return signed, sizes, nil
		}
		c, err := OpenCheckpoint(msg, v.config.Verifiers)
		rule := RuleSignature
		if err == nil {
			rule = RuleCheckpointForm
		}
		if err != nil || c.Origin != v.config.Origin || c.Size <= before {
			return nil, nil, &TamperError{Seq: before, Through: before, Segment: name, Rule: rule}
		}
		signed[c.Size], sizes, before, b = c.Root, append(sizes, c.Size), c.Size, rest
	}
}
