package etl

import (
	"cmp"
	"math"
	"strconv"
	"strings"
	"time"
)

// An entryID is a Redis Streams entry id, "<ms>-<seq>".
type entryID struct{ ms, seq uint64 }

// maxMS is the end of the year 9999, the last that a row's times can show.
const maxMS = 253402300799999

func parseID(s string) (entryID, bool) {
	ms, seq, ok := strings.Cut(s, "-")
	if !ok {
		return entryID{}, false
	}
	m, ok1 := parseUint(ms)
	q, ok2 := parseUint(seq)
	return entryID{m, q}, ok1 && ok2
}

// published is when the entry was taken in. A stranger may have chosen an id
// beyond all times; it counts as the last one.
func (a entryID) published() time.Time { return time.UnixMilli(int64(min(a.ms, maxMS))).UTC() }

// parseUint parses a number in its one form, without sign or leading zeros.
func parseUint(s string) (uint64, bool) {
	if s == "" || s[0] == '0' && len(s) > 1 || s[0] == '+' {
		return 0, false
	}
	n, err := strconv.ParseUint(s, 10, 64)
	return n, err == nil
}

// less is the order of a log.
func (a entryID) less(b entryID) bool { return a.ms < b.ms || a.ms == b.ms && a.seq < b.seq }

func (a entryID) compare(b entryID) int {
	return cmp.Or(cmp.Compare(a.ms, b.ms), cmp.Compare(a.seq, b.seq))
}

func (a entryID) String() string {
	return strconv.FormatUint(a.ms, 10) + "-" + strconv.FormatUint(a.seq, 10)
}

// before is the id right before a, which must not be zero.
func (a entryID) before() entryID {
	if a.seq > 0 {
		return entryID{a.ms, a.seq - 1}
	}
	return entryID{a.ms - 1, math.MaxUint64}
}
