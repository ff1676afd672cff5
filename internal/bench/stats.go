package main

import "slices"

// A spread is where the figures of a contender's samples lie.
type spread struct {
	Median float64 `json:"median"`
	Low    float64 `json:"low"`
	High   float64 `json:"high"`
}

// spreadOf returns the spread of figures, of which there must be one or more.
// The median of an even number is the mean of the middle two.
func spreadOf(figures []float64) spread {
	s := slices.Sorted(slices.Values(figures))
	n := len(s)
	return spread{Median: (s[(n-1)/2] + s[n/2]) / 2, Low: s[0], High: s[n-1]}
}

// spreadOfSamples returns the spread of a metric over samples.
func spreadOfSamples(m metric, samples []sample) spread {
	figures := make([]float64, len(samples))
	for i, s := range samples {
		figures[i] = m.of(s)
	}
	return spreadOf(figures)
}
