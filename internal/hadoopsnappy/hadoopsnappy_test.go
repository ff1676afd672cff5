package hadoopsnappy

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"io"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/golang/snappy"
)

func contents() map[string][]byte {
	noise := make([]byte, 3*BlockSize+7)
	r := rand.New(rand.NewPCG(1, 2))
	for i := range noise {
		noise[i] = byte(r.Uint32())
	}
	lines := bytes.Repeat([]byte(`{"event_id":"0198c5a2","kind":"crud"}`+"\n"), 20000)
	return map[string][]byte{
		"empty": {}, "one byte": {7}, "text": []byte("carebus\n"), "lines": lines, "noise": noise,
		"one block less one": noise[:BlockSize-1], "one block": noise[:BlockSize], "one block and one": noise[:BlockSize+1],
		"zeros": make([]byte, 2*BlockSize),
	}
}

func TestRoundTrip(t *testing.T) {
	for name, content := range contents() {
		file := Encode([]byte("before"), content)
		if !bytes.HasPrefix(file, []byte("before")) {
			t.Fatalf("%s: Encode doesn't append", name)
		}
		file = file[len("before"):]
		got, err := Decode([]byte("before"), file)
		if err != nil || string(got) != "before"+string(content) {
			t.Errorf("%s: Decode = %d bytes, %v; want %d", name, len(got), err, len(content))
		}
	}
}

// TestGolden holds the bytes of the package documentation and of a file of two
// blocks.
func TestGolden(t *testing.T) {
	if got := hex.EncodeToString(Encode(nil, []byte("carebus\n"))); got != "000000080000000a081c636172656275730a" {
		t.Errorf("Encode = %s", got)
	}
	if got := Encode(nil, nil); len(got) != 0 {
		t.Errorf("the empty content is %x, want the empty file", got)
	}
	two := Encode(nil, bytes.Repeat([]byte{'a'}, BlockSize+3))
	if got := hex.EncodeToString(two[:12]); !strings.HasPrefix(got, "00035536") || got[16:22] != "b6aa0d" {
		t.Errorf("the first block begins with %s, want 218422 and its varint", got)
	}
	if got := hex.EncodeToString(two[len(two)-13:]); got != "00000003"+"00000005"+"0308616161" {
		t.Errorf("the second block is %s", got)
	}
}

// TestBlocks walks the framing: one chunk per block, never an empty one, and no
// chunk larger than Hadoop's buffers.
func TestBlocks(t *testing.T) {
	const buffer = 256 << 10
	for name, content := range contents() {
		file := Encode(nil, content)
		left := len(content)
		for len(file) > 0 {
			length, size := int(binary.BigEndian.Uint32(file)), int(binary.BigEndian.Uint32(file[4:]))
			if want := min(left, BlockSize); length != want || length == 0 || size == 0 || size > buffer {
				t.Fatalf("%s: a block of %d in a chunk of %d, want %d", name, length, size, want)
			}
			left -= length
			file = file[8+size:]
		}
		if left != 0 {
			t.Errorf("%s: %d bytes are missing", name, left)
		}
	}
}

func block(length int, chunks ...[]byte) []byte {
	b := binary.BigEndian.AppendUint32(nil, uint32(length))
	for _, c := range chunks {
		b = binary.BigEndian.AppendUint32(b, uint32(len(c)))
		b = append(b, c...)
	}
	return b
}

func TestForeignFiles(t *testing.T) {
	a, b := snappy.Encode(nil, []byte("abc")), snappy.Encode(nil, []byte("defgh"))
	join := func(parts ...[]byte) []byte { return bytes.Join(parts, nil) }
	for _, c := range []struct {
		name string
		file []byte
		want string
		err  error
	}{
		{"empty", nil, "", nil},
		{"Hadoop's empty file", []byte{0, 0, 0, 0}, "", nil},
		{"several chunks in a block", block(8, a, b), "abcdefgh", nil},
		{"joined files", join(block(3, a), block(5, b)), "abcdefgh", nil},
		{"an empty block in the middle", join(block(3, a), []byte{0, 0, 0, 0}, block(5, b)), "abc", ErrCorrupt},
		{"an empty block at the end", join(block(3, a), []byte{0, 0, 0, 0}), "abc", ErrCorrupt},
		{"an empty chunk", block(1, snappy.Encode(nil, nil)), "", ErrCorrupt},
		{"a chunk of no bytes", block(3, nil), "", ErrCorrupt},
		{"a chunk larger than its block", block(2, a), "", ErrCorrupt},
		{"a block larger than its chunks", block(9, a, b), "", io.ErrUnexpectedEOF},
		{"a huge block", []byte{0xff, 0xff, 0xff, 0xff, 0, 0, 0, 1, 0}, "", ErrCorrupt},
		{"a huge chunk", join([]byte{0, 0, 0, 3}, []byte{0xff, 0xff, 0xff, 0xff}), "", ErrCorrupt},
		{"raw Snappy", snappy.Encode(nil, bytes.Repeat([]byte("carebus "), 100)), "", nil},
		{"JSON lines", []byte(`{"event_id":"x"}` + "\n"), "", ErrCorrupt},
	} {
		got, err := Decode(nil, c.file)
		if c.name == "raw Snappy" {
			if err == nil {
				t.Errorf("%s: no error", c.name)
			}
			continue
		}
		if string(got) != c.want || !errors.Is(err, c.err) {
			t.Errorf("%s: Decode = %q, %v; want %q, %v", c.name, got, err, c.want, c.err)
		}
	}
}

// TestTruncation cuts a file at every place: only a cut between blocks passes
// for a whole file.
func TestTruncation(t *testing.T) {
	first := Encode(nil, []byte("the first block\n"))
	file := append(bytes.Clone(first), Encode(nil, []byte("the second block\n"))...)
	for n := range file {
		_, err := Decode(nil, file[:n])
		if n == 0 || n == len(first) {
			if err != nil {
				t.Errorf("cut at %d: %v; want none", n, err)
			}
		} else if !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("cut at %d: %v; want io.ErrUnexpectedEOF", n, err)
		}
	}
}

func FuzzRoundTrip(f *testing.F) {
	for _, content := range contents() {
		f.Add(content[:min(len(content), 1000)])
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		got, err := Decode(nil, Encode(nil, content))
		if err != nil || !bytes.Equal(got, content) {
			t.Fatalf("%v", err)
		}
	})
}

// FuzzDecode: no file makes Decode panic, and what it reads can be written.
func FuzzDecode(f *testing.F) {
	f.Add([]byte{0, 0, 0, 0})
	f.Add(Encode(nil, []byte("carebus\n")))
	f.Add(block(8, snappy.Encode(nil, []byte("abc")), snappy.Encode(nil, []byte("defgh"))))
	f.Add([]byte{0xff, 0xff, 0xff, 0xff, 0xff})
	f.Fuzz(func(t *testing.T, file []byte) {
		got, err := Decode(nil, file)
		if err != nil {
			return
		}
		again, err := Decode(nil, Encode(nil, got))
		if err != nil || !bytes.Equal(again, got) {
			t.Fatalf("%d bytes come back as %d, %v", len(got), len(again), err)
		}
	})
}

func BenchmarkEncode(b *testing.B) {
	content := contents()["lines"]
	var dst []byte
	b.SetBytes(int64(len(content)))
	for b.Loop() {
		dst = Encode(dst[:0], content)
	}
}
