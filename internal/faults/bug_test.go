package faults

import (
	"slices"
	"testing"
	"time"

	"github.com/carebus/carebus/internal/redistest"
)

// calm is a scenario without faults: the bugs are enough.
var calm = Scenario{
	Name: "calm", For: 2 * time.Second, Shards: 1, Lake: "dir",
	Publishers: Publishers{Count: 1, Subjects: 2, Rate: 400}, Consumers: Consumers{Count: 1},
	Sinks: Sinks{Count: 1, Batch: 50, Age: 100 * time.Millisecond},
}

// TestBugsAreFound: the judge can find guilty, and of the right thing.
func TestBugsAreFound(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	for _, c := range []struct {
		bug  Bug
		want []Charge // all of these
		may  []Charge // what may come with them
	}{
		{bug: ""},
		{bug: BugEarlyAck, want: []Charge{NotHandled}, may: []Charge{Innocent, NoLetter, Idle}},
		{bug: BugNoAck, want: []Charge{Innocent}},
		{bug: BugDisorder, want: []Charge{Disordered, Overtaken}},
		{bug: BugTwice, want: []Charge{TwiceInLake, BadPlan}},
		{bug: BugLostObject, want: []Charge{NotInLake, BadPlan}},
		{bug: BugLostPlan, want: []Charge{LostPlan, BadPlan, FalseTrail}},
		{bug: BugLostLetter, want: []Charge{NoLetter}},
		{bug: BugLoop, want: []Charge{Looped}, may: []Charge{NoLetter}}, // some are under way at the end
		{bug: BugTamper, want: []Charge{BadTrail}, may: []Charge{FalseTrail}},
	} {
		name := string(c.bug)
		if name == "" {
			name = "none"
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := Start(t, calm, c.bug)
			r.Suffer(nil, calm.For)
			// On a slow machine there may be no poisonous event yet, nor a second plan.
			redistest.Wait(t, "events to be guilty of", func() bool {
				entries, err := ReadLedger(r.ledger())
				return err == nil && len(entries.Acked) >= 150
			})
			r.Settle()
			v := r.Evidence().Judge()
			for _, charge := range c.want {
				if !slices.Contains(v.Guilty(), charge) {
					t.Errorf("it wasn't found: %s", charge)
				}
			}
			for _, charge := range v.Guilty() {
				if !slices.Contains(c.want, charge) && !slices.Contains(c.may, charge) {
					t.Errorf("found without cause: %s", charge)
				}
			}
			if t.Failed() {
				t.Log(v)
			}
		})
	}
}
