//go:build race

package phi_test

// raceDetector says that the race detector is on, under which sync.Pool drops
// what it is given at random, so that allocations can't be counted.
const raceDetector = true
