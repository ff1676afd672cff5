// Package hadoopsnappy reads and writes the block framing that Hadoop's
// SnappyCodec puts around Snappy: what Athena, Trino, Hive and Spark take a
// file with the extension .snappy for. It is neither raw Snappy nor the framing
// format of .sz files.
//
// # Format
//
// All integers are unsigned, 32 bits, big-endian.
//
//	file  = { block }
//	block = length , chunk { chunk }    length: of the block's content; the
//	                                    chunks' contents add up to it
//	chunk = size , data                 size: of data in bytes
//	data  = raw Snappy: a varint of the content's length, then elements
//
// There is no header, trailer, magic number or checksum, and files may be
// concatenated. The content "carebus\n" is the file
//
//	00 00 00 08                                  8 bytes of content
//	00 00 00 0a                                  10 bytes of data
//	08 1c 63 61 72 65 62 75 73 0a                raw Snappy: one literal
//
// # Writing
//
// Hadoop's decompressor has buffers of 256 KiB for a chunk, before and behind,
// so that blocks are cut at [BlockSize] bytes: the most that fits for any
// content. A block holds one chunk. An empty block or chunk is never written:
// one in the middle of a file ends it, in silence, for Hadoop or for Trino.
// The empty content is the empty file.
//
// # Reading
//
// [Decode] takes blocks of several chunks, as others write them, and the file of
// one empty block, which is how Hadoop writes the empty content. Everything else
// that isn't as above is [ErrCorrupt], and a file that ends within a block is
// [io.ErrUnexpectedEOF]. A file cut between two blocks can't be told from a shorter
// one: whoever must know keeps a count or a hash.
package hadoopsnappy

import (
	"encoding/binary"
	"errors"
	"io"

	"github.com/golang/snappy"
)

// BlockSize is the most content in a block that is written: a buffer of 256 KiB
// less Hadoop's reserve for content that doesn't compress, a sixth and 32 bytes.
const BlockSize = 256<<10 - (256<<10/6 + 32)

// maxBlock is the most content in a block that is read. Lengths in a file are
// not to be trusted with memory.
const maxBlock = 64 << 20

// ErrCorrupt says that a file is not in the format.
var ErrCorrupt = errors.New("hadoopsnappy: corrupt file")

// Encode appends src to dst in encoded form.
func Encode(dst, src []byte) []byte {
	for len(src) > 0 {
		n := min(len(src), BlockSize)
		dst = appendBlock(dst, src[:n])
		src = src[n:]
	}
	return dst
}

// appendBlock appends a block of one chunk. Its content must not be empty.
func appendBlock(dst, content []byte) []byte {
	const header = 8
	start := len(dst)
	need := header + snappy.MaxEncodedLen(len(content))
	if cap(dst)-start < need {
		grown := make([]byte, start, max(start+need, 2*cap(dst)))
		copy(grown, dst)
		dst = grown
	}
	dst = dst[:start+need]
	data := snappy.Encode(dst[start+header:], content)
	binary.BigEndian.PutUint32(dst[start:], uint32(len(content)))
	binary.BigEndian.PutUint32(dst[start+4:], uint32(len(data)))
	return dst[:start+header+len(data)]
}

// Decode appends the content of src to dst. On an error it returns what it read
// up to the last whole block.
func Decode(dst, src []byte) ([]byte, error) {
	if string(src) == "\x00\x00\x00\x00" {
		return dst, nil
	}
	for len(src) > 0 {
		length, rest, err := takeLength(src)
		if err != nil {
			return dst, err
		}
		whole := len(dst)
		for left := length; left > 0; {
			var size int
			if size, rest, err = takeLength(rest); err != nil {
				return dst[:whole], err
			}
			if size > len(rest) {
				return dst[:whole], io.ErrUnexpectedEOF
			}
			before := len(dst)
			if dst, err = appendChunk(dst, rest[:size], left); err != nil {
				return dst[:whole], err
			}
			left -= len(dst) - before
			rest = rest[size:]
		}
		src = rest
	}
	return dst, nil
}

// takeLength takes a block's or a chunk's length off src.
func takeLength(src []byte) (int, []byte, error) {
	if len(src) < 4 {
		return 0, nil, io.ErrUnexpectedEOF
	}
	n := binary.BigEndian.Uint32(src)
	if n == 0 || n > maxBlock+maxBlock/6+32 {
		return 0, nil, ErrCorrupt
	}
	return int(n), src[4:], nil
}

// appendChunk appends the content of raw Snappy data, of limit bytes at most.
func appendChunk(dst, data []byte, limit int) ([]byte, error) {
	n, err := snappy.DecodedLen(data)
	if err != nil || n == 0 || n > limit || n > maxBlock {
		return dst, ErrCorrupt
	}
	start := len(dst)
	if cap(dst)-start < n {
		grown := make([]byte, start, max(start+n, 2*cap(dst)))
		copy(grown, dst)
		dst = grown
	}
	if _, err := snappy.Decode(dst[start:start+n], data); err != nil {
		return dst[:start], ErrCorrupt
	}
	return dst[:start+n], nil
}
