//go:build !race

package etl

const raceDetector = false
