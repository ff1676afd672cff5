package audit

import (
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"
)

const (
	segmentExt    = ".jsonl"
	checkpointExt = ".checkpoints"
	stateName     = "state.json"
	lockName      = "lock"
)

// segmentName returns a segment's name without its extension.
func segmentName(first uint64) string { return fmt.Sprintf("%020d", first) }

// segments returns the first records' numbers of the segments, in order.
func segments(fsys fs.FS) ([]uint64, error) {
	entries, err := fs.ReadDir(fsys, ".")
	if err != nil {
		return nil, fmt.Errorf("audit: list the segments: %w", err)
	}
	var firsts []uint64
	for _, e := range entries {
		name, ok := strings.CutSuffix(e.Name(), segmentExt)
		if first, err := strconv.ParseUint(name, 10, 64); ok && err == nil && segmentName(first) == name {
			firsts = append(firsts, first)
		}
	}
	slices.Sort(firsts)
	return firsts, nil
}
