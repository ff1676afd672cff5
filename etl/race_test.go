//go:build race

package etl

// The race detector makes the models many times slower; what it is for is seen
// in few schedules.
const raceDetector = true
