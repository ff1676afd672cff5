package faults

import (
	"slices"
	"testing"
	"time"
)

// calm is a scenario without faults, but where a bug needs one.
func calm(lasting time.Duration, faults ...Fault) Scenario {
	return Scenario{
		Name: "calm", For: lasting, Shards: 1, Lake: "dir",
		Publishers: Publishers{Count: 1, Subjects: 2, Rate: 400}, Consumers: Consumers{Count: 1},
		Sinks: Sinks{Count: 1, Batch: 50, Age: 100 * time.Millisecond}, Faults: faults,
	}
}

// TestBugsAreFound: the judge can find guilty, and of the right thing.
func TestBugsAreFound(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	kills := Fault{Do: Kill, To: ToConsumers, Every: 500 * time.Millisecond}
	for _, c := range []struct {
		bug    Bug
		faults []Fault
		want   []Charge // all of these
		may    []Charge // what may come with them
	}{
		{bug: ""},
		{bug: BugEarlyAck, faults: []Fault{kills}, want: []Charge{NotHandled}, may: []Charge{Innocent, Overtaken, NoLetter}},
		{bug: BugNoAck, want: []Charge{Innocent}},
		{bug: BugDisorder, want: []Charge{Disordered, Overtaken}},
		{bug: BugTwice, want: []Charge{TwiceInLake, BadPlan}},
		{bug: BugLostObject, want: []Charge{NotInLake, BadPlan}},
		{bug: BugLostPlan, want: []Charge{LostPlan, BadPlan, FalseTrail}},
		{bug: BugLostLetter, want: []Charge{NoLetter}},
		{bug: BugLoop, want: []Charge{Looped}},
		{bug: BugTamper, want: []Charge{BadTrail}, may: []Charge{FalseTrail}},
	} {
		name := string(c.bug)
		if name == "" {
			name = "none"
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := calm(2*time.Second, c.faults...)
			r := Start(t, s, c.bug)
			r.Suffer(s.Schedule(1, s.For), s.For)
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
