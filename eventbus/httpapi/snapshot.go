package httpapi

import (
	"slices"
	"sync"
	"time"

	"github.com/carebus/carebus/schema"
)

// A Snapshot is the statistics that the live stream carries once a second.
type Snapshot struct {
	Time    time.Time   `json:"time"`
	Bus     BusStatus   `json:"bus"`
	ETL     *ETLStatus  `json:"etl"` // null: this server has no pipeline
	API     APIStatus   `json:"api"`
	Events  EventCounts `json:"events"`
	Streams int         `json:"streams"` // live streams that are open
}

// An APIStatus tells of publishing over this API, in the last second that had
// any and since the process started.
type APIStatus struct {
	Accepted   uint64          `json:"accepted"`
	Rejected   uint64          `json:"rejected"`
	LatencyP50 float64         `json:"latency_p50_ms"`
	LatencyP99 float64         `json:"latency_p99_ms"`
	Problems   []RecentProblem `json:"problems"` // newest first
}

// A RecentProblem is an error that a client was answered.
type RecentProblem struct {
	Time   time.Time `json:"time"`
	Name   string    `json:"name"` // the last word of the problem's type
	Status int       `json:"status"`
	Route  string    `json:"route"`
}

// EventCounts are the events that the feed saw while somebody watched.
type EventCounts struct {
	Total      uint64            `json:"total"`
	Types      map[string]uint64 `json:"types"`
	Severities map[string]uint64 `json:"severities"`
}

const (
	maxSamples  = 2048 // latencies kept of one window
	maxProblems = 20
	maxTypes    = 2000 // names counted; the registry's are far fewer
)

// A sampler collects what Snapshot tells.
type sampler struct {
	now func() time.Time

	mu        sync.Mutex
	api       APIStatus
	latencies []time.Duration
	counts    EventCounts
}

func newSampler(now func() time.Time) *sampler {
	return &sampler{now: now, counts: EventCounts{Types: map[string]uint64{}, Severities: map[string]uint64{}}}
}

// countPublish notes what came of a publish request.
func (s *sampler) countPublish(items []item, took time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range items {
		if items[i].bad == nil {
			s.api.Accepted++
		} else {
			s.api.Rejected++
		}
	}
	if len(s.latencies) < maxSamples {
		s.latencies = append(s.latencies, took)
	}
}

// noteProblem notes an error that a client was answered.
func (s *sampler) noteProblem(p *problem, route string) {
	if route == "" {
		route = "other"
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.api.Problems = slices.Insert(s.api.Problems, 0, RecentProblem{s.now().UTC(), p.name, p.Status, route})
	s.api.Problems = s.api.Problems[:min(len(s.api.Problems), maxProblems)]
}

// countEvent counts an event of the feed.
func (s *sampler) countEvent(name string, severity schema.Severity) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.counts.Total++
	s.counts.Severities[string(severity)]++
	if _, ok := s.counts.Types[name]; ok || len(s.counts.Types) < maxTypes {
		s.counts.Types[name]++
	}
}

// snapshot returns the statistics of this API and begins a new window.
func (s *sampler) snapshot() Snapshot {
	s.mu.Lock()
	defer s.mu.Unlock()
	if n := len(s.latencies); n > 0 {
		slices.Sort(s.latencies)
		s.api.LatencyP50, s.api.LatencyP99 = ms(s.latencies[n/2]), ms(s.latencies[n*99/100])
		s.latencies = s.latencies[:0]
	}
	out := Snapshot{Time: s.now().UTC(), API: s.api, Events: EventCounts{s.counts.Total, map[string]uint64{}, map[string]uint64{}}}
	out.API.Problems = slices.Clone(s.api.Problems)
	if out.API.Problems == nil {
		out.API.Problems = []RecentProblem{}
	}
	for name, n := range s.counts.Types {
		out.Events.Types[name] = n
	}
	for name, n := range s.counts.Severities {
		out.Events.Severities[name] = n
	}
	return out
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
