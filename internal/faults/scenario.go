package faults

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
)

// A Scenario says what runs and what goes wrong; see the package documentation.
type Scenario struct {
	Name       string        `yaml:"-"`
	For        time.Duration `yaml:"for"`
	Shards     int           `yaml:"shards"`
	Lake       string        `yaml:"lake"`
	Keep       time.Duration `yaml:"keep"`
	Publishers Publishers    `yaml:"publishers"`
	Consumers  Consumers     `yaml:"consumers"`
	Sinks      Sinks         `yaml:"sinks"`
	Reshard    Reshard       `yaml:"reshard"`
	Faults     []Fault       `yaml:"faults"`
}

// Publishers are a scenario's publishing processes.
type Publishers struct {
	Count    int     `yaml:"count"`
	Subjects int     `yaml:"subjects"` // default 1
	Rate     float64 `yaml:"rate"`     // events a second of each process; default 100
}

// Consumers are a scenario's consuming processes, of one group.
type Consumers struct {
	Count int `yaml:"count"`
}

// Sinks are a scenario's processes that carry into the lake.
type Sinks struct {
	Count int           `yaml:"count"`
	Batch int           `yaml:"batch"` // default 200
	Age   time.Duration `yaml:"age"`   // default 200 ms
	Lease time.Duration `yaml:"lease"` // default: no leases
}

// Reshard says how a scenario's number of shards changes. A process does it.
type Reshard struct {
	To    []int         `yaml:"to"`    // one after another, and from the start again; default: it stays as it is
	Every time.Duration `yaml:"every"` // from one change to the next; default 1 s
}

// A Fault is something that goes wrong again and again.
type Fault struct {
	Do    Verb          `yaml:"do"`
	To    Target        `yaml:"to"`
	Every time.Duration `yaml:"every"`
	For   Range         `yaml:"for"`
	By    Range         `yaml:"by"`
	OneIn int           `yaml:"one_in"`
	With  []Answer      `yaml:"with"`
}

// A Verb is what a fault does.
type Verb string

// The verbs.
const (
	Kill      Verb = "kill"
	Terminate Verb = "terminate"
	Stop      Verb = "stop"
	Cut       Verb = "cut"
	Slow      Verb = "slow"
	Errors    Verb = "errors"
	Full      Verb = "full"
	Clock     Verb = "clock"
)

// A Target is what a fault is done to.
type Target string

// The targets.
const (
	ToPublishers Target = "publishers"
	ToConsumers  Target = "consumers"
	ToSinks      Target = "sinks"
	ToResharders Target = "resharders"
	ToProcesses  Target = "processes" // any of the four
	ToRedis      Target = "redis"
	ToLake       Target = "lake"
)

// grammar says what goes with each verb.
var grammar = map[Verb]struct {
	to                  []Target
	lasts, takesBy, odd bool // needs for, by, one_in
}{
	Kill:      {to: []Target{ToPublishers, ToConsumers, ToSinks, ToResharders, ToProcesses, ToRedis}},
	Terminate: {to: []Target{ToPublishers, ToConsumers, ToSinks, ToResharders, ToProcesses}},
	Stop:      {to: []Target{ToPublishers, ToConsumers, ToSinks, ToResharders, ToProcesses, ToRedis}, lasts: true},
	Cut:       {to: []Target{ToPublishers, ToConsumers, ToSinks, ToResharders, ToProcesses}, lasts: true},
	Slow:      {to: []Target{ToPublishers, ToConsumers, ToSinks, ToResharders, ToProcesses}, lasts: true, takesBy: true},
	Errors:    {to: []Target{ToLake}, lasts: true, odd: true},
	Full:      {to: []Target{ToSinks, ToLake}, lasts: true},
	Clock:     {to: []Target{ToPublishers, ToSinks}, lasts: true, takesBy: true},
}

// A Range is a duration that is chosen anew each time: "200ms", or "20ms-400ms".
type Range struct{ Min, Max time.Duration }

// UnmarshalText implements [encoding.TextUnmarshaler].
func (r *Range) UnmarshalText(text []byte) error {
	low, high, ok := strings.Cut(string(text), "-")
	if !ok {
		high = low
	}
	var err1, err2 error
	r.Min, err1 = time.ParseDuration(low)
	r.Max, err2 = time.ParseDuration(high)
	if err1 != nil || err2 != nil || r.Min <= 0 || r.Max < r.Min {
		return errors.New("a range is a positive duration or two of them, the smaller one first: 20ms-400ms")
	}
	return nil
}

// Parse parses a scenario and fills in the defaults. An error names the line or
// the fault and the rule that it breaks.
func Parse(name string, text []byte) (Scenario, error) {
	s := Scenario{Name: name}
	if err := yaml.UnmarshalWithOptions(text, &s, yaml.Strict()); err != nil {
		return Scenario{}, fmt.Errorf("faults: scenario %s: %w", name, err)
	}
	s.Shards = cmp.Or(s.Shards, 1)
	s.Lake = cmp.Or(s.Lake, "dir")
	s.Publishers.Subjects = cmp.Or(s.Publishers.Subjects, 1)
	s.Publishers.Rate = cmp.Or(s.Publishers.Rate, 100)
	s.Sinks.Batch = cmp.Or(s.Sinks.Batch, 200)
	s.Sinks.Age = cmp.Or(s.Sinks.Age, 200*time.Millisecond)
	s.Reshard.Every = cmp.Or(s.Reshard.Every, time.Second)
	if err := s.check(); err != nil {
		return Scenario{}, fmt.Errorf("faults: scenario %s: %w", name, err)
	}
	return s, nil
}

func (s *Scenario) check() error {
	var errs []error
	require := func(ok bool, format string, args ...any) {
		if !ok {
			errs = append(errs, fmt.Errorf(format, args...))
		}
	}
	require(s.For > 0, "for must be positive")
	require(s.Keep >= 0, "keep can't be negative")
	require(s.Shards >= 1 && s.Shards <= 64, "shards must be 1 to 64")
	require(s.Lake == "dir" || s.Lake == "s3" || s.Lake == "tmpfs", "lake must be dir, tmpfs or s3")
	require(s.Publishers.Count >= 1, "publishers.count must be 1 or more")
	require(s.Publishers.Subjects >= 1 && s.Publishers.Rate > 0, "publishers.subjects and rate must be positive")
	require(s.Consumers.Count >= 0 && s.Sinks.Count >= 1, "sinks.count must be 1 or more, and consumers.count not negative")
	require(s.Sinks.Batch >= 1 && s.Sinks.Age > 0 && s.Sinks.Lease >= 0, "sinks.batch and age must be positive, and lease not negative")
	for _, n := range s.Reshard.To {
		require(n >= 1 && n <= 64, "reshard.to must be numbers of shards, 1 to 64")
	}
	require(s.Reshard.Every > 0 && (len(s.Reshard.To) == 0 || s.Consumers.Count > 0), "reshard.every must be positive, and reshard needs consumers")
	for i, f := range s.Faults {
		g, ok := grammar[f.Do]
		if !ok {
			require(false, "faults[%d]: there is no fault of that name", i)
			continue
		}
		require(slices.Contains(g.to, f.To), "faults[%d]: %s can be done to %v", i, f.Do, g.to)
		require(f.To == ToRedis || f.To == ToLake || len(s.slots(f.To)) > 0, "faults[%d]: there are no %s", i, f.To)
		require(f.Every > 0, "faults[%d]: every must be positive", i)
		require(g.lasts == (f.For != Range{}), "faults[%d]: for belongs to faults that last, and they need it", i)
		require(g.takesBy == (f.By != Range{}), "faults[%d]: by belongs to slow and clock, and they need it", i)
		require(g.odd == (f.OneIn > 0) && (g.odd || len(f.With) == 0), "faults[%d]: one_in and with belong to errors, which needs one_in", i)
		require(f.Do != Errors || s.Lake == "s3", "faults[%d]: errors needs a lake in s3", i)
		require(f.Do != Full || f.To != ToLake || s.Lake == "tmpfs", "faults[%d]: only a lake in tmpfs can be full", i)
		for _, a := range f.With {
			require(slices.Contains(answers, a), "faults[%d]: with must be some of %v", i, answers)
		}
	}
	return errors.Join(errs...)
}

// slots returns the names of the processes that a target means.
func (s *Scenario) slots(to Target) []string {
	var names []string
	add := func(kind string, n int) {
		for i := range n {
			names = append(names, fmt.Sprintf("%s-%d", kind, i))
		}
	}
	if to == ToPublishers || to == ToProcesses {
		add(publisher, s.Publishers.Count)
	}
	if to == ToConsumers || to == ToProcesses {
		add(consumer, s.Consumers.Count)
	}
	if to == ToSinks || to == ToProcesses {
		add(sink, s.Sinks.Count)
	}
	if (to == ToResharders || to == ToProcesses) && len(s.Reshard.To) > 0 {
		add(resharder, 1)
	}
	return names
}
