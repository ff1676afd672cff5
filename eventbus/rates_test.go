package eventbus

import (
	"testing"
	"time"
)

func TestRatesLookBackAMinute(t *testing.T) {
	var s samples
	start := time.Unix(1000, 0)
	if got := s.rates(start, Stats{Published: 5}); got != (Rates{}) {
		t.Errorf("without a sample: %+v", got)
	}
	for n := range uint64(100) {
		s.note(start.Add(time.Duration(n)*time.Second), Stats{Published: 10 * n, Failed: n})
	}
	got := s.rates(start.Add(100*time.Second), Stats{Published: 2000, Failed: 100})
	if got.Over != 61*time.Second || got.Failed != 1 || got.Published < 26 || got.Published > 27 {
		t.Errorf("%+v", got)
	}
	if len(s.all) != 61 {
		t.Errorf("%d samples", len(s.all))
	}
}
