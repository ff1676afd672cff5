//go:build !race

package phi_test

const raceDetector = false
