package audit

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// A Checkpoint is a statement about a log at one size.
type Checkpoint struct {
	Origin string // names the log
	Size   uint64 // records that it covers
	Root   tlog.Hash
}

// text is the note's text; see the package documentation.
func (c Checkpoint) text() string {
	return fmt.Sprintf("%s\n%d\n%s\n", c.Origin, c.Size, c.Root)
}

var errCheckpoint = errors.New("audit: not a checkpoint")

// parseCheckpoint parses a note's text without looking at signatures.
func parseCheckpoint(text string) (Checkpoint, error) {
	lines := strings.SplitN(text, "\n", 4)
	if len(lines) != 4 || lines[0] == "" {
		return Checkpoint{}, errCheckpoint
	}
	c := Checkpoint{Origin: lines[0]}
	if _, err := fmt.Sscanf(lines[1], "%d", &c.Size); err != nil {
		return Checkpoint{}, errCheckpoint
	}
	var err error
	if c.Root, err = tlog.ParseHash(lines[2]); err != nil || c.text() != text {
		return Checkpoint{}, errCheckpoint
	}
	return c, nil
}

// OpenCheckpoint parses a signed checkpoint and makes sure that one of the
// verifiers' keys has signed it.
func OpenCheckpoint(msg []byte, verifiers note.Verifiers) (Checkpoint, error) {
	n, err := note.Open(msg, verifiers)
	if err != nil {
		return Checkpoint{}, fmt.Errorf("audit: the checkpoint's signature: %w", err)
	}
	return parseCheckpoint(n.Text)
}

// GenerateSigningKey returns a new Ed25519 key pair for checkpoints in the
// encoding of package note: skey for the writer, vkey for everyone. The name is
// the log's origin: a host name and path of your own, such as
// "example.com/carebus/production", without spaces and plus signs.
func GenerateSigningKey(name string) (skey, vkey string, err error) {
	if !validOrigin(name) {
		return "", "", errOrigin
	}
	return note.GenerateKey(rand.Reader, name)
}

var errOrigin = errors.New(`audit: the origin must be letters, digits and "._:/@-", 128 at most, beginning with a letter or digit`)

func validOrigin(s string) bool { return s != "" && isText(s) }

const signatureLine = "— "

// cutNote returns the first note of b and what follows it; ok is false when b
// doesn't begin with a whole note. A note ends behind its signature lines, and
// an origin can't begin like one.
func cutNote(b []byte) (msg, rest []byte, ok bool) {
	i := bytes.Index(b, []byte("\n\n"+signatureLine))
	if i < 0 {
		return nil, b, false
	}
	end := i + 2
	for bytes.HasPrefix(b[end:], []byte(signatureLine)) {
		n := bytes.IndexByte(b[end:], '\n')
		if n < 0 {
			return nil, b, false
		}
		end += n + 1
	}
	return b[:end], b[end:], true
}

// noteText returns the text of a note whose signatures don't matter here.
func noteText(msg []byte) string {
	i := bytes.Index(msg, []byte("\n\n"+signatureLine))
	if i < 0 {
		return ""
	}
	return string(msg[:i+1])
}
