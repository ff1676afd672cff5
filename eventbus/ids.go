package eventbus

import (
	"cmp"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// A streamID is a parsed entry id, "<milliseconds>-<sequence>".
type streamID struct{ ms, seq uint64 }

// parseStreamID parses an entry id; anything else is the zero id.
func parseStreamID(s string) streamID {
	left, right, _ := strings.Cut(s, "-")
	ms, err := strconv.ParseUint(left, 10, 64)
	if err != nil {
		return streamID{}
	}
	seq, _ := strconv.ParseUint(right, 10, 64)
	return streamID{ms, seq}
}

// isStreamID reports whether s is an entry id in its one form.
func isStreamID(s string) bool { return s == parseStreamID(s).String() }

func (a streamID) String() string { return fmt.Sprintf("%d-%d", a.ms, a.seq) }

func (a streamID) less(b streamID) bool { return a.compare(b) < 0 }

func (a streamID) compare(b streamID) int {
	return cmp.Or(cmp.Compare(a.ms, b.ms), cmp.Compare(a.seq, b.seq))
}

// next returns the lowest id above a.
func (a streamID) next() streamID {
	if a.seq == math.MaxUint64 {
		return streamID{a.ms + 1, 0}
	}
	return streamID{a.ms, a.seq + 1}
}

// number parses a count that a server told; 0 when it is none.
func number(s string) int64 {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return 0
	}
	return n
}
