package etl

import (
	"strconv"
	"strings"
)

// appendIDs appends the ids of a plan's entries in the form that [Plan] gives
// them. ids must be in the order of the log.
func appendIDs(dst []byte, ids []entryID) []byte {
	var ms uint64
	for i := 0; i < len(ids); {
		if i > 0 {
			dst = append(dst, ' ')
		}
		id := ids[i]
		dst = strconv.AppendUint(dst, id.ms-ms, 10)
		dst = append(dst, '-')
		dst = strconv.AppendUint(dst, id.seq, 10)
		ms = id.ms
		end := i + 1
		for end < len(ids) && ids[end].ms == ms && ids[end].seq == ids[end-1].seq+1 {
			end++
		}
		if end > i+1 {
			dst = append(dst, ".."...)
			dst = strconv.AppendUint(dst, ids[end-1].seq, 10)
		}
		i = end
	}
	return dst
}

// maxPlanEntries bounds what a plan from a lake may ask of memory.
const maxPlanEntries = 1 << 22

// parseIDs is the reverse of appendIDs.
func parseIDs(s string) ([]entryID, bool) {
	if s == "" {
		return nil, true
	}
	var ids []entryID
	var ms uint64
	for token := range strings.SplitSeq(s, " ") {
		delta, seqs, ok := strings.Cut(token, "-")
		first, last, isRange := strings.Cut(seqs, "..")
		if !isRange {
			last = first
		}
		d, ok1 := parseUint(delta)
		a, ok2 := parseUint(first)
		b, ok3 := parseUint(last)
		if !ok || !ok1 || !ok2 || !ok3 || b < a || ms+d < ms || b-a >= maxPlanEntries-uint64(len(ids)) {
			return nil, false
		}
		ms += d
		for seq := a; ; seq++ {
			id := entryID{ms, seq}
			if n := len(ids); n > 0 && !ids[n-1].less(id) {
				return nil, false
			}
			ids = append(ids, id)
			if seq == b {
				break
			}
		}
	}
	return ids, true
}

// appendSet appends ascending indices as "0-2,5".
func appendSet(dst []byte, set []int) []byte {
	for i := 0; i < len(set); {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = strconv.AppendInt(dst, int64(set[i]), 10)
		end := i + 1
		for end < len(set) && set[end] == set[end-1]+1 {
			end++
		}
		if end > i+1 {
			dst = append(dst, '-')
			dst = strconv.AppendInt(dst, int64(set[end-1]), 10)
		}
		i = end
	}
	return dst
}

// parseSet is the reverse of appendSet; all indices must be below n.
func parseSet(s string, n int) ([]int, bool) {
	if s == "" {
		return nil, true
	}
	var set []int
	for token := range strings.SplitSeq(s, ",") {
		first, last, isRange := strings.Cut(token, "-")
		if !isRange {
			last = first
		}
		a, ok1 := parseUint(first)
		b, ok2 := parseUint(last)
		if !ok1 || !ok2 || b < a || b >= uint64(n) || len(set) > 0 && int(a) <= set[len(set)-1] {
			return nil, false
		}
		for i := int(a); i <= int(b); i++ {
			set = append(set, i)
		}
	}
	return set, true
}
