package faults

import "slices"

// A Layout is how events were spread at some time between two.
type Layout struct {
	Epoch           int64
	Shards          int
	Asked, Answered int64 // Unix time in milliseconds, as in the ids of entries
}

// A change of the layout happened at some time between two, in Unix milliseconds.
type change struct{ after, before int64 }

// changes returns the changes between layouts that were seen one after another.
func changes(seen []Layout) []change {
	var list []change
	for i := 1; i < len(seen); i++ {
		if seen[i].Epoch > seen[i-1].Epoch {
			list = append(list, change{seen[i-1].Asked, seen[i].Answered})
		}
	}
	return list
}

// apart returns the ids of events that stand in the lake more than once as
// [eventbus.Bus.Reshard] says they may, and how often: each was published again
// since its outcome was open, and between any two of its entries, which are in
// different shards, the number of shards changed.
func (e *Evidence) apart() map[string]int {
	again := map[string]int{}
	for _, id := range e.Again {
		again[id]++
	}
	rows := map[string][]Row{}
	for _, r := range e.Rows {
		if again[r.ID] > 0 {
			rows[r.ID] = append(rows[r.ID], r)
		}
	}
	list, apart := changes(e.Layouts), map[string]int{}
	for id, copies := range rows {
		if len(copies) > 1 && len(copies) <= again[id]+1 && straddle(copies, list) {
			apart[id] = len(copies)
		}
	}
	return apart
}

// straddle reports whether rows are of different shards, with a change between
// each and the next.
func straddle(rows []Row, changes []change) bool {
	slices.SortFunc(rows, func(a, b Row) int { return compareEntries(a.Entry, b.Entry) })
	shards := map[string]bool{rows[0].Log: true}
	for i := 1; i < len(rows); i++ {
		earlier, _ := parseEntry(rows[i-1].Entry)
		later, _ := parseEntry(rows[i].Entry)
		between := slices.ContainsFunc(changes, func(c change) bool {
			return int64(earlier) <= c.before && int64(later) >= c.after //nolint:gosec // times
		})
		if !between || shards[rows[i].Log] {
			return false
		}
		shards[rows[i].Log] = true
	}
	return true
}
