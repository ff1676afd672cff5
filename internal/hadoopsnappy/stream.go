package hadoopsnappy

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"
)

// A Writer encodes what is written to it. Close it to write the last block.
type Writer struct {
	w       io.Writer
	content []byte // less than a block
	block   []byte // scratch
	err     error
}

// NewWriter returns a Writer of encoded blocks to w.
func NewWriter(w io.Writer) *Writer { return &Writer{w: w} }

// Write encodes p. Blocks are written as they fill.
func (w *Writer) Write(p []byte) (n int, err error) {
	for len(p) > 0 && w.err == nil {
		k := min(len(p), BlockSize-len(w.content))
		w.content = append(w.content, p[:k]...)
		p, n = p[k:], n+k
		if len(w.content) == BlockSize {
			w.flush()
		}
	}
	return n, w.err
}

func (w *Writer) flush() {
	if len(w.content) == 0 || w.err != nil {
		return
	}
	w.block = appendBlock(w.block[:0], w.content)
	w.content = w.content[:0]
	_, w.err = w.w.Write(w.block)
}

var errClosed = errors.New("hadoopsnappy: the writer is closed")

// Close writes the last block. It doesn't close the underlying writer.
func (w *Writer) Close() error {
	if w.err == errClosed {
		return nil
	}
	w.flush()
	err := w.err
	w.err = errClosed
	return err
}

// A Reader decodes what it reads.
type Reader struct {
	r     *bufio.Reader
	any   bool // whether a block was read
	left  int  // content of the block still to come in further chunks
	data  []byte
	chunk []byte
	out   []byte // the part of chunk that is not yet read
	err   error
}

// NewReader returns a Reader of the encoded blocks of r.
func NewReader(r io.Reader) *Reader { return &Reader{r: bufio.NewReader(r)} }

// Read reads content.
func (r *Reader) Read(p []byte) (int, error) {
	for len(r.out) == 0 {
		if r.err == nil {
			r.err = r.next()
		}
		if r.err != nil {
			return 0, r.err
		}
	}
	n := copy(p, r.out)
	r.out = r.out[n:]
	return n, nil
}

// next decodes the next chunk.
func (r *Reader) next() error {
	if r.left == 0 {
		n, err := r.length()
		if err == ErrCorrupt && n == 0 && !r.any {
			if _, end := r.r.ReadByte(); end == io.EOF {
				return io.EOF // Hadoop's empty file
			}
		}
		if err != nil {
			return err
		}
		r.left, r.any = n, true
	}
	size, err := r.length()
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	if err != nil {
		return err
	}
	// The length is a stranger's: memory grows with what really comes.
	r.data = r.data[:0]
	for len(r.data) < size {
		start := len(r.data)
		k := min(size-start, 1<<20)
		r.data = append(r.data, make([]byte, k)...)
		if _, err := io.ReadFull(r.r, r.data[start:]); err != nil {
			return unexpected(err)
		}
	}
	if r.chunk, err = appendChunk(r.chunk[:0], r.data, r.left); err != nil {
		return err
	}
	r.left -= len(r.chunk)
	r.out = r.chunk
	return nil
}

// length reads a block's or a chunk's length; io.EOF says that nothing is left.
func (r *Reader) length() (int, error) {
	var b [4]byte
	if _, err := io.ReadFull(r.r, b[:]); err != nil {
		return 0, err
	}
	n, _, err := takeLength(b[:])
	if err != nil && binary.BigEndian.Uint32(b[:]) != 0 {
		n = -1
	}
	return n, err
}

func unexpected(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}
