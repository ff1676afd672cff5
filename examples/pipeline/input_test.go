package main

import (
	"io"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
)

// Each bad line is refused by number and reason, never by content, and the
// good lines around it arrive.
func TestBadLines(t *testing.T) {
	const canary = "Jane Canary"
	good := `{"type":"user.created","source":"pms","data":{"role":"clinician"}}`
	for _, c := range []struct{ name, line, want string }{
		{"no JSON", canary, "not valid JSON"},
		{"no object", `"` + canary + `"`, "must be a JSON object"},
		{"unknown type", `{"type":"jane_canary.launched","source":"pms","data":{"x":"` + canary + `"}}`, "not registered"},
		{"missing type", `{"source":"pms","data":{"x":"` + canary + `"}}`, "type is required"},
		{"missing source", `{"type":"user.created","data":{"x":"` + canary + `"}}`, "source is required"},
		{"missing outcome", `{"type":"auth.login","source":"pms","data":{"reason":"` + canary + `"}}`, "data.outcome is required"},
		{"5 MiB event", `{"type":"user.created","source":"pms","data":{"x":"` + strings.Repeat(canary, 5<<20/len(canary)) + `"}}`, "larger"},
		{"10 MiB line", strings.Repeat(canary, 10<<20/len(canary)), "longer than 8 MiB"},
		{"wrong environment", `{"type":"user.created","source":"pms","environment":"janecanary","data":{}}`, "environment must be development"},
		{"dated 2099", `{"type":"user.created","source":"pms","time":"2099-01-01T00:00:00Z"}`, "time must not lie more than"},
		{"wrong kind", `{"type":"user.created","source":"pms","kind":"auth"}`, "kind must be crud"},
		{"not UTF-8", "{\"type\":\"user.created\",\"source\":\"pms\",\"data\":{\"x\":\"Jane\xff\"}}", "UTF-8"},
		{"too deep", `{"type":"user.created","source":"pms","data":{"x":` + strings.Repeat("[", 9000) + strings.Repeat("]", 9000) + `}}`, "deep"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, lake := runPipeline(t, good+"\n"+c.line+"\n\n"+good+"\n", "-input", "-")
			if r.err != nil || r.Published != 2 || r.Rejected != 1 || r.Written != 2 {
				t.Errorf("%+v %v", r.summary, r.err)
			}
			if !strings.HasPrefix(r.stderr, "line 2 refused: ") || !strings.Contains(r.stderr, c.want) {
				t.Errorf("stderr lacks %q: %.300s", c.want, r.stderr)
			}
			if low := strings.ToLower(r.stderr + r.stdout); strings.Contains(low, "canary") || strings.Contains(low, "jane") {
				t.Errorf("the input is quoted: %.300s", r.stderr)
			}
			if rows := readLake(t, lake); len(rows) != 2 {
				t.Errorf("%d rows, want the two good ones", len(rows))
			}
		})
	}
}

// What the bus had already is acknowledged, told of, and not written again.
func TestDuplicates(t *testing.T) {
	line := `{"specversion":"1.0","id":"a1","source":"pms","type":"user.created"}` + "\n"
	r, _ := runPipeline(t, line+line+strings.Replace(line, "a1", "a2", 1), "-input", "-")
	if r.err != nil || r.Published != 3 || r.Duplicates != 1 || r.Written != 2 {
		t.Errorf("%+v %v", r.summary, r.err)
	}
}

func TestStrict(t *testing.T) {
	good := `{"type":"user.created","source":"pms"}`
	for _, bad := range []string{"bad", `{"type":"no.such","source":"pms"}`, `{"type":"user.created","source":"pms","time":"9999-01-01T00:00:00Z"}`} {
		r, lake := runPipeline(t, good+"\n"+bad+"\n"+good+"\n", "-input", "-", "-strict")
		if r.err == nil || !strings.Contains(r.err.Error(), "line 2") {
			t.Errorf("got %v", r.err)
		}
		if len(readLake(t, lake)) != 1 || r.Published != 1 {
			t.Errorf("not just what came before the bad line is published, and in the lake: %+v", r.summary)
		}
	}
}

func TestLimit(t *testing.T) {
	r, _ := runPipeline(t, "bad\n"+strings.Repeat(`{"type":"user.created","source":"pms"}`+"\n", 10), "-input", "-", "-n", "3")
	if r.err != nil || r.Published != 3 || r.Rejected != 1 {
		t.Errorf("%+v %v", r.summary, r.err)
	}
	for _, args := range [][]string{{"-n", "0"}, {"-n", "0", "-input", "-"}} {
		if r, _ := runPipeline(t, `{"type":"user.created","source":"pms"}`, args...); r.err != nil || r.Published != 0 || r.Objects != 0 {
			t.Errorf("%q: %+v %v", args, r.summary, r.err)
		}
	}
}

// Lines are read no further ahead than a bounded number of bytes, and nobody reads
// on once the input is closed.
func TestInputIsReadAsItIsTaken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // it ends when all goroutines have
		line := `{"type":"user.created","source":"pms","data":{"x":"` + strings.Repeat("x", 1<<20) + `"}}` + "\n"
		const lines = 200
		var read atomic.Int64
		rest := strings.Repeat(line, lines)
		in, err := openInput(options{input: "-", format: "events", n: -1}, readerFunc(func(p []byte) (int, error) {
			n := copy(p, rest)
			rest = rest[n:]
			read.Add(int64(n))
			if n == 0 {
				return 0, io.EOF
			}
			return n, nil
		}))
		if err != nil {
			t.Fatal(err)
		}
		for range 3 {
			if _, _, err := in.next(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		synctest.Wait()
		if n := read.Load(); n > 2*maxQueued {
			t.Errorf("%d bytes were read", n)
		}
		in.close()
	})
}

// Windows programs begin a file with a byte order mark.
func TestByteOrderMark(t *testing.T) {
	good := `{"type":"user.created","source":"pms"}` + "\r\n"
	if r, _ := runPipeline(t, "\uFEFF"+good+good, "-input", "-"); r.err != nil || r.Published != 2 {
		t.Errorf("%+v %v\n%s", r.summary, r.err, r.stderr)
	}
	if r, _ := runPipeline(t, good+"\uFEFF"+good, "-input", "-"); r.err != nil || r.Published != 1 || r.Rejected != 1 {
		t.Errorf("within the input it is no JSON: %+v %v", r.summary, r.err)
	}
}

// A readerFunc is a reader.
type readerFunc func(p []byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }
