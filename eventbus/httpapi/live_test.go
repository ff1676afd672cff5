package httpapi

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
)

// The live stream keeps so many frames, and so many bytes of them; a reader that is
// overtaken is told by how many.
func TestLiveKeepsSoMuch(t *testing.T) {
	const size = 1 << 20
	l := newLive(2 * maxRecent / size)
	large := make([]byte, size)
	for i := range 4 * maxRecent / size {
		l.add(frame{kind: "event", id: fmt.Sprint("0:", i), full: large})
	}
	kept := 0
	for i := range l.ring {
		kept += l.ring[i].size()
	}
	if kept > maxRecent || kept != l.bytes || kept < maxRecent-size {
		t.Errorf("%d bytes are kept, counted as %d, of %d at most", kept, l.bytes, maxRecent)
	}
	const all, held = 4 * maxRecent / size, maxRecent / size
	var next, missed, read uint64
	for next < all {
		frames, n, lost, _, _ := l.read(nil, next)
		next, missed, read = n, missed+lost, read+uint64(len(frames))
	}
	if read != held || missed != all-held {
		t.Errorf("%d frames read, %d missed", read, missed)
	}
	if got, gap := l.enter(fmt.Sprint("0:", all-held)); got != all-held+1 || gap {
		t.Errorf("goes on at %d", got)
	}
	if got, gap := l.enter("0:0"); got != all || !gap { // not there any more
		t.Errorf("goes on at %d", got)
	}
	for i := range 3 * len(l.ring) { // small ones: as many as were asked for
		l.add(frame{kind: "event", id: fmt.Sprint("1:", i), summary: large[:1]})
	}
	if l.next-l.first != uint64(len(l.ring)) || l.bytes != len(l.ring) {
		t.Errorf("%d to %d, %d bytes", l.first, l.next, l.bytes)
	}
}

// A frame's data is one line, however the event's JSON is laid out.
func TestFrameIsOneLine(t *testing.T) {
	var out bytes.Buffer
	writeFrame(&out, &frame{kind: "event", id: "0:1-0", full: []byte("{\r\n\"a\":\r1,\n\"b\":2}")}, true)
	if got, want := out.String(), "event: event\nid: 0:1-0\ndata: {  \"a\": 1, \"b\":2}\n\n"; got != want || strings.Contains(got, "\r") {
		t.Errorf("%q, want %q", got, want)
	}
}
