package etl

import (
	"testing"
)

// NewMemoryLog and NewHistoryLog open the logs that the models rest on, for
// tests of their contract.
func NewMemoryLog() (Log, func(*testing.T, []byte)) {
	l := &memLog{name: "0"}
	return l, func(_ *testing.T, data []byte) { l.add(base, data) }
}

func NewHistoryLog() (Log, func(*testing.T, []byte)) {
	l := newHistLog("0")
	return l, func(_ *testing.T, data []byte) { l.append(data) }
}
