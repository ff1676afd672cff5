package etl

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"sync"

	"github.com/klauspost/compress/zstd"

	"github.com/carebus/carebus/internal/hadoopsnappy"
)

// An Encoder turns the JSON lines of an object into the bytes to store and
// back. It is safe for concurrent use and keeps none of its arguments.
type Encoder interface {
	// Name names the format in plans, such as "jsonl+hadoop-snappy". Objects of
	// one name are readable by every Encoder of that name.
	Name() string
	// Extension is the end of keys, such as ".jsonl.snappy": up to 32 letters,
	// digits and "._-" behind a dot. Readers choose their decompressor by it.
	Extension() string
	// ContentType is the media type of objects.
	ContentType() string
	// Encode appends the encoded lines to dst. An error holds no content.
	Encode(dst, lines []byte) ([]byte, error)
	// Decode appends the lines of an encoded object to dst. It fails on what
	// Encode can't have written, a truncated body among them where the format
	// shows it; the error holds no content.
	Decode(dst, body []byte) ([]byte, error)
}

// maxDecoded bounds what an object may grow to when it is decoded.
const maxDecoded = 1 << 30

// Snappy returns the default Encoder: JSON lines in the block framing of
// Hadoop's SnappyCodec, which is what Athena, Trino and Hive take a .snappy
// file for.
func Snappy() Encoder { return snappyEncoder{} }

type snappyEncoder struct{}

func (snappyEncoder) Name() string        { return "jsonl+hadoop-snappy" }
func (snappyEncoder) Extension() string   { return ".jsonl.snappy" }
func (snappyEncoder) ContentType() string { return "application/x-ndjson" }

func (snappyEncoder) Encode(dst, lines []byte) ([]byte, error) {
	return hadoopsnappy.Encode(dst, lines), nil
}

func (snappyEncoder) Decode(dst, body []byte) ([]byte, error) {
	return hadoopsnappy.Decode(dst, body)
}

// Gzip returns an Encoder of JSON lines in gzip (RFC 1952) without name and
// time, at the default level: about half the size of Snappy for four to eight
// times the work.
func Gzip() Encoder { return gzipEncoder{} }

type gzipEncoder struct{}

func (gzipEncoder) Name() string        { return "jsonl+gzip" }
func (gzipEncoder) Extension() string   { return ".jsonl.gz" }
func (gzipEncoder) ContentType() string { return "application/x-ndjson" }

func (gzipEncoder) Encode(dst, lines []byte) ([]byte, error) {
	buf := bytes.NewBuffer(dst)
	w := gzip.NewWriter(buf)
	if _, err := w.Write(lines); err != nil {
		return dst, err
	}
	if err := w.Close(); err != nil {
		return dst, err
	}
	return buf.Bytes(), nil
}

func (gzipEncoder) Decode(dst, body []byte) ([]byte, error) {
	r, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		return dst, fmt.Errorf("etl: not gzip: %w", err)
	}
	buf := bytes.NewBuffer(dst)
	if n, err := io.Copy(buf, io.LimitReader(r, maxDecoded+1)); err != nil {
		return dst, fmt.Errorf("etl: gzip: %w", err)
	} else if n > maxDecoded {
		return dst, errors.New("etl: gzip: the content is too large")
	}
	return buf.Bytes(), nil
}

// Zstd returns an Encoder of JSON lines in Zstandard (RFC 8878) at its fastest
// level, with the checksum of the content: about half the size of Snappy, which
// halves what Athena reads and bills, for three times the work.
func Zstd() Encoder { return zstdEncoder{} }

type zstdEncoder struct{}

func (zstdEncoder) Name() string        { return "jsonl+zstd" }
func (zstdEncoder) Extension() string   { return ".jsonl.zst" }
func (zstdEncoder) ContentType() string { return "application/x-ndjson" }

// EncodeAll and DecodeAll of one encoder and decoder are safe for concurrent use.
var (
	zstdWriter = sync.OnceValues(func() (*zstd.Encoder, error) {
		return zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithZeroFrames(true), zstd.WithEncoderConcurrency(runtime.GOMAXPROCS(0)))
	})
	zstdReader = sync.OnceValues(func() (*zstd.Decoder, error) {
		return zstd.NewReader(nil, zstd.WithDecoderMaxMemory(maxDecoded), zstd.WithDecoderConcurrency(0))
	})
)

func (zstdEncoder) Encode(dst, lines []byte) ([]byte, error) {
	w, err := zstdWriter()
	if err != nil {
		return dst, err
	}
	return w.EncodeAll(lines, dst), nil
}

func (zstdEncoder) Decode(dst, body []byte) ([]byte, error) {
	r, err := zstdReader()
	if err != nil {
		return dst, err
	}
	if len(body) == 0 { // which Encode writes a frame for
		return dst, fmt.Errorf("etl: zstd: %w", io.ErrUnexpectedEOF)
	}
	out, err := r.DecodeAll(body, dst)
	if err != nil {
		return dst, fmt.Errorf("etl: zstd: %w", err)
	}
	return out, nil
}

// Plain returns an Encoder that stores JSON lines as they are.
func Plain() Encoder { return plainEncoder{} }

type plainEncoder struct{}

func (plainEncoder) Name() string        { return "jsonl" }
func (plainEncoder) Extension() string   { return ".jsonl" }
func (plainEncoder) ContentType() string { return "application/x-ndjson" }

func (plainEncoder) Encode(dst, lines []byte) ([]byte, error) { return append(dst, lines...), nil }
func (plainEncoder) Decode(dst, body []byte) ([]byte, error)  { return append(dst, body...), nil }

// errEncoder says that an Encoder panicked. The panic's value could hold
// anything and is not kept.
var errEncoder = errors.New("the encoder panicked")

// encode calls an Encoder, and takes a panic for an error.
func encode(e Encoder, dst, lines []byte) (body []byte, err error) {
	defer func() {
		if recover() != nil {
			body, err = dst, errEncoder
		}
	}()
	return e.Encode(dst, lines)
}

// decode is to Decode what encode is to Encode.
func decode(e Encoder, body []byte) (lines []byte, err error) {
	defer func() {
		if recover() != nil {
			lines, err = nil, errEncoder
		}
	}()
	return e.Decode(nil, body)
}

// encoders are the package's own.
var encoders = []Encoder{Snappy(), Zstd(), Gzip(), Plain()}

// EncoderFor returns the Encoder of an object by the end of its key, out of
// those given and the package's own.
func EncoderFor(key string, more ...Encoder) (Encoder, bool) {
	for _, e := range append(more[:len(more):len(more)], encoders...) {
		if strings.HasSuffix(key, e.Extension()) {
			return e, true
		}
	}
	return nil, false
}
