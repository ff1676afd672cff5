package audit

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// A Proof shows that one record is in the log that a checkpoint signs. Checking
// it needs no other record and no secret.
type Proof struct {
	Index      uint64
	Record     []byte // the line without its newline
	Hashes     tlog.RecordProof
	Checkpoint []byte // the signed note
}

// Errors of proofs.
var (
	// ErrNotSigned says that no checkpoint covers the record yet.
	ErrNotSigned = errors.New("audit: no checkpoint covers the record yet")
	errProof     = errors.New("audit: not a proof")
)

// Prove returns a proof of record seq under the newest checkpoint of the log. It
// reads the log once. It doesn't verify the log; a proof from a log that was
// tampered with fails its [Proof.Check].
func Prove(fsys fs.FS, seq uint64) (*Proof, error) {
	firsts, err := segments(fsys)
	if err != nil {
		return nil, err
	}
	msg, err := newestCheckpoint(fsys, firsts)
	if err != nil {
		return nil, err
	}
	c, err := parseCheckpoint(noteText(msg))
	if err != nil {
		return nil, err
	}
	if seq >= c.Size || c.Size > math.MaxInt64 {
		return nil, ErrNotSigned
	}
	p := &Proof{Index: seq, Checkpoint: bytes.Clone(msg)}
	p.Hashes, err = tlog.ProveRecord(int64(c.Size), int64(seq), tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		hashes, record, err := subtrees(fsys, firsts, indexes, seq)
		p.Record = record
		return hashes, err
	}))
	if err == nil && p.Record == nil { // a tree of one record needs no hashes
		_, p.Record, err = subtrees(fsys, firsts, nil, seq)
	}
	if err != nil {
		return nil, err
	}
	return p, nil
}

// newestCheckpoint returns the last checkpoint of the last segment that has one.
func newestCheckpoint(fsys fs.FS, firsts []uint64) ([]byte, error) {
	for _, first := range slices.Backward(firsts) {
		b, err := fs.ReadFile(fsys, segmentName(first)+checkpointExt)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("audit: read checkpoints: %w", err)
		}
		var newest []byte
		for {
			msg, rest, ok := cutNote(b)
			if !ok {
				break
			}
			newest, b = msg, rest
		}
		if newest != nil {
			return newest, nil
		}
	}
	return nil, ErrNotSigned
}

// subtrees computes the hashes of full subtrees by reading the log once, and
// returns the line of record seq.
func subtrees(fsys fs.FS, firsts []uint64, indexes []int64, seq uint64) ([]tlog.Hash, []byte, error) {
	type subtree struct {
		place      int
		start, end uint64
		tree       tree
	}
	subs := make([]subtree, len(indexes))
	for i, index := range indexes {
		level, n := tlog.SplitStoredHashIndex(index)
		subs[i] = subtree{place: i, start: uint64(n) << level, end: uint64(n+1) << level} //nolint:gosec // not negative
	}
	slices.SortFunc(subs, func(a, b subtree) int { return cmp.Compare(a.start, b.start) }) // they don't overlap
	var record []byte
	at := 0
	err := eachLine(fsys, firsts, func(n uint64, line []byte) bool {
		if n == seq {
			record = bytes.Clone(line)
		}
		for at < len(subs) && n >= subs[at].end {
			at++
		}
		if at < len(subs) && n >= subs[at].start {
			subs[at].tree.append(tlog.RecordHash(line))
		}
		return at < len(subs) || n < seq
	})
	hashes := make([]tlog.Hash, len(subs))
	for _, s := range subs {
		if s.tree.size != s.end-s.start && err == nil {
			err = errors.New("audit: the log is shorter than its checkpoint")
		}
		if err == nil {
			hashes[s.place] = s.tree.root()
		}
	}
	if err == nil && record == nil {
		err = errors.New("audit: the log holds no such record")
	}
	return hashes, record, err
}

// eachLine calls f with each whole line of the log while f returns true.
func eachLine(fsys fs.FS, firsts []uint64, f func(n uint64, line []byte) bool) error {
	for _, first := range firsts {
		file, err := fsys.Open(segmentName(first) + segmentExt)
		if err != nil {
			return fmt.Errorf("audit: open a segment: %w", err)
		}
		in := bufio.NewReaderSize(file, 1<<20)
		for n := first; ; n++ {
			line, err := in.ReadSlice('\n')
			if err == io.EOF {
				break
			}
			if err != nil {
				file.Close() //nolint:errcheck // it was only read
				return fmt.Errorf("audit: read a segment: %w", err)
			}
			if !f(n, line[:len(line)-1]) {
				return file.Close()
			}
		}
		file.Close() //nolint:errcheck // it was only read
	}
	return nil
}

// Check reports whether the proof holds: that one of the verifiers' keys signed
// the checkpoint of the log origin, and that the record is in it at its place.
func (p *Proof) Check(origin string, verifiers note.Verifiers) (Record, error) {
	c, err := OpenCheckpoint(p.Checkpoint, verifiers)
	if err != nil {
		return Record{}, err
	}
	if c.Origin != origin || c.Size > math.MaxInt64 || p.Index >= c.Size {
		return Record{}, errors.New("audit: the proof's checkpoint is of another log, or doesn't cover the record")
	}
	if tlog.CheckRecord(p.Hashes, int64(c.Size), c.Root, int64(p.Index), tlog.RecordHash(p.Record)) != nil {
		return Record{}, errors.New("audit: the record is not in the log that the checkpoint signs")
	}
	r, err := ParseRecord(p.Record)
	if err == nil && r.Seq != p.Index {
		err = errForm
	}
	return r, err
}

const proofHeader = "c2sp.org/tlog-proof@v1\n"

// MarshalText returns the proof in the form of https://c2sp.org/tlog-proof, with
// the record as its extra data.
func (p *Proof) MarshalText() ([]byte, error) {
	var b bytes.Buffer
	b.WriteString(proofHeader)
	fmt.Fprintf(&b, "extra %s\nindex %d\n", base64.StdEncoding.EncodeToString(p.Record), p.Index)
	for _, h := range p.Hashes {
		fmt.Fprintln(&b, h)
	}
	b.WriteByte('\n')
	b.Write(p.Checkpoint)
	return b.Bytes(), nil
}

// UnmarshalText parses what MarshalText returned. It doesn't check the proof.
func (p *Proof) UnmarshalText(text []byte) error {
	body, ok := strings.CutPrefix(string(text), proofHeader)
	head, checkpoint, ok2 := strings.Cut(body, "\n\n")
	lines := strings.Split(head, "\n")
	if !ok || !ok2 || len(lines) < 2 || len(lines) > 2+64 {
		return errProof
	}
	extra, ok := strings.CutPrefix(lines[0], "extra ")
	index, ok2 := strings.CutPrefix(lines[1], "index ")
	record, err := base64.StdEncoding.DecodeString(extra)
	n, err2 := strconv.ParseUint(index, 10, 63)
	if !ok || !ok2 || err != nil || err2 != nil {
		return errProof
	}
	q := Proof{Index: n, Record: record, Checkpoint: []byte(checkpoint)}
	for _, line := range lines[2:] {
		h, err := tlog.ParseHash(line)
		if err != nil {
			return errProof
		}
		q.Hashes = append(q.Hashes, h)
	}
	*p = q
	return nil
}
