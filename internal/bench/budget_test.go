package main

import (
	"math"
	"testing"
	"time"
)

// budgets are how many objects carebus may allocate for an event, by scenario.
// A change that needs more has to say why.
var budgets = map[string]float64{
	"publish_sync_64": 18,
	"publish_batch":   16,
	"consume":         22,
	"lake_snappy":     24,
	"scrub_json":      5,
	"scrub_text":      4,
}

func TestAllocationBudgets(t *testing.T) {
	env := testbedOf(t)
	for _, s := range scenarios(env, options{sample: time.Second}) {
		budget, ok := budgets[s.name]
		if !ok {
			continue
		}
		t.Run(s.name, func(t *testing.T) {
			const events = 5000
			carebus := s.contenders[0]
			fewest := math.Inf(1) // pools that were filled or emptied meanwhile don't count
			for range 3 {
				got, err := carebus.run(t.Context(), events)
				if err != nil {
					t.Fatal(err)
				}
				fewest = min(fewest, float64(got.allocs)/events)
			}
			t.Logf("%.1f of %.0f allocations for an event", fewest, budget)
			if fewest > budget {
				t.Errorf("%.1f allocations for an event, budget %.0f", fewest, budget)
			}
		})
	}
}
