package main

import "testing"

func TestSpreadOf(t *testing.T) {
	for _, c := range []struct {
		name    string
		figures []float64
		want    spread
	}{
		{"one", []float64{5}, spread{5, 5, 5}},
		{"odd, not in order", []float64{9, 1, 4}, spread{4, 1, 9}},
		{"even", []float64{8, 1, 4, 2}, spread{3, 1, 8}},
		{"an outlier doesn't move the median", []float64{10, 11, 9, 10, 4000}, spread{10, 9, 4000}},
	} {
		if got := spreadOf(c.figures); got != c.want {
			t.Errorf("%s: %+v, want %+v", c.name, got, c.want)
		}
	}
}

func TestFigure(t *testing.T) {
	for _, c := range []struct {
		give float64
		want string
	}{
		{0.345, "0.34"}, {9.876, "9.88"}, {54.04, "54.0"}, {100, "100"}, {999.6, "1,000"}, {183_226, "183,226"}, {1_234_567, "1,234,567"},
	} {
		if got := figure(c.give); got != c.want {
			t.Errorf("figure(%v) = %q, want %q", c.give, got, c.want)
		}
	}
}
