package etl

import (
	"bytes"
	"strings"
	"sync/atomic"
	"testing"
)

// A moody encoder panics when it is called the first time.
type moody struct {
	Encoder
	calls *atomic.Int64
}

func (m moody) Encode(dst, lines []byte) ([]byte, error) {
	if m.calls.Add(1) == 1 {
		panic(string(lines))
	}
	return m.Encoder.Encode(dst, lines)
}

func (m moody) Decode(dst, body []byte) ([]byte, error) {
	panic(string(body))
}

// TestAnEncoderThatPanics costs a try, not the process, and says nothing of the
// lines.
func TestAnEncoderThatPanics(t *testing.T) {
	l := &memLog{name: "0"}
	l.add(base, encodeEvent(testEvent("e-1", "user.created", base)))
	sink := Memory()
	config := testConfig(sink, l)
	config.Encoder = moody{Plain(), new(atomic.Int64)}
	mustDrain(t, mustNew(t, config))
	wantOnce(t, sink, []string{"e-1"})
	if _, err := decode(config.Encoder, []byte("a secret")); err == nil || strings.Contains(err.Error(), "secret") {
		t.Errorf("decode = %v", err)
	}
}

// named is an encoder of another extension.
type named struct {
	Encoder
	extension string
}

func (n named) Extension() string { return n.extension }

// TestExtensions: a pipeline puts no plan whose objects can have no keys, and finds
// the plan of an object by its key, whatever its extension.
func TestExtensions(t *testing.T) {
	for _, extension := range []string{"", "json", ".json gz", ".a/b", ".x-y.z", "." + strings.Repeat("x", 32)} {
		config := testConfig(Memory(), &memLog{name: "0"})
		config.Encoder = named{Plain(), extension}
		if _, err := New(config); (err == nil) != (extension == ".x-y.z") {
			t.Errorf("New with the extension %q = %v", extension, err)
		}
	}
	l := newLayout("lake", "test")
	for _, log := range []string{"0", "shard-1", "a.jsonl-b", "x-00000000000000000009-0.y"} {
		for _, extension := range []string{".jsonl.snappy", ".parquet", ".orc.zst", ".v-2.x-y"} {
			key := l.object(EventsTable, "year=2024", log, 7, 12, extension)
			if got, n, ok := planOf(key); got != log || n != 7 || !ok {
				t.Errorf("planOf(%s) = %s, %d, %v", key, got, n, ok)
			}
		}
	}
	for _, key := range []string{"events/test/x", "events/test/0-1-0.jsonl", "events/test/0-99999999999999999999-0.jsonl"} {
		if _, _, ok := planOf(key); ok {
			t.Errorf("planOf(%s) finds one", key)
		}
	}
}

// TestNothingIsNoObject: a body that was cut down to nothing isn't one without rows,
// where the format shows it.
func TestNothingIsNoObject(t *testing.T) {
	for _, e := range []Encoder{Zstd(), Gzip()} {
		if _, err := e.Decode(nil, nil); err == nil {
			t.Errorf("%s: Decode of nothing = nil", e.Name())
		}
		body, err := e.Encode(nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		if lines, err := e.Decode(nil, body); err != nil || len(lines) > 0 {
			t.Errorf("%s: %q, %v", e.Name(), lines, err)
		}
	}
}

func TestEncoders(t *testing.T) {
	lines := []byte(strings.Repeat(`{"event_id":"0198c5a2"}`+"\n", 1000))
	for _, e := range encoders {
		for _, content := range [][]byte{lines, lines[:24], nil} {
			body, err := e.Encode([]byte("x"), content)
			if err != nil || body[0] != 'x' {
				t.Fatalf("%s: %v", e.Name(), err)
			}
			got, err := e.Decode([]byte("y"), body[1:])
			if err != nil || string(got) != "y"+string(content) {
				t.Errorf("%s: %d lines bytes became %d, %v", e.Name(), len(content), len(got), err)
			}
		}
		body, _ := e.Encode(nil, lines)
		if _, err := e.Decode(nil, body[:len(body)-3]); err == nil && e.Name() != Plain().Name() {
			t.Errorf("%s: a cut body decodes", e.Name())
		}
		if !strings.HasPrefix(e.Extension(), ".jsonl") || e.ContentType() == "" {
			t.Errorf("%s: %s %s", e.Name(), e.Extension(), e.ContentType())
		}
	}
}

// FuzzEncoders: what is encoded decodes to the same, and what is not an encoding
// is an error or some lines, but never a panic.
func FuzzEncoders(f *testing.F) {
	for _, e := range encoders {
		body, err := e.Encode(nil, []byte(strings.Repeat(`{"event_id":"0198c5a2"}`+"\n", 100)))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(body)
	}
	f.Add([]byte{})
	f.Add([]byte{0, 0, 0, 0})
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, e := range encoders {
			body, err := e.Encode(nil, data)
			if err != nil {
				t.Fatal(err)
			}
			got, err := e.Decode(nil, body)
			if err != nil || !bytes.Equal(got, data) {
				t.Fatalf("%s: %d bytes became %d, %v", e.Name(), len(data), len(got), err)
			}
			_, _ = e.Decode(nil, data)
		}
	})
}
