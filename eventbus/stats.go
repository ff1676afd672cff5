package eventbus

import (
	"sync"
	"sync/atomic"

	"github.com/carebus/carebus/phi"
)

// Stats counts what a Bus did in this process since it was opened.
type Stats struct {
	Published  uint64         // events that Redis acknowledged
	Duplicates uint64         // events that had been published before
	Rejected   uint64         // events refused: invalid, too large, or not to be scrubbed
	Failed     uint64         // events whose publish failed or was given up; their outcome may be open
	Scrubbed   map[string]int // findings by category, in published and rejected events; never nil

	Failovers uint64 // times that a shard's data was another server's than before
	Vanished  uint64 // acknowledged events of this process that were gone after a failover; see Config.OnLoss

	Handled      uint64 // entries that handlers finished
	Retried      uint64 // entries put back to be tried again
	DeadLettered uint64 // entries moved to dead letters
	Claimed      uint64 // entries taken over, after a retry's wait or from a consumer that fell silent
	Lost         uint64 // entries that were gone from the stream before they were handled
	Panics       uint64 // handlers that panicked
	Hung         uint64 // entries whose handler went on after HandleTimeout, deaf to its context
}

// counters are what Stats reports.
type counters struct {
	published, duplicates, rejected, failed                     atomic.Uint64
	failovers, vanished                                         atomic.Uint64
	handled, retried, deadLettered, lost, claimed, panics, hung atomic.Uint64

	mu       sync.Mutex
	scrubbed phi.Report
}

func (c *counters) scrub(r phi.Report) {
	if r.Total == 0 {
		return
	}
	r.Findings = nil // they are the scrubber's business
	c.mu.Lock()
	defer c.mu.Unlock()
	c.scrubbed.Add(r)
}

// Stats returns the counters. It asks nothing of Redis.
func (b *Bus) Stats() Stats {
	c := &b.counters
	c.mu.Lock()
	scrubbed := c.scrubbed.Map()
	c.mu.Unlock()
	if scrubbed == nil {
		scrubbed = map[string]int{}
	}
	return Stats{
		Published: c.published.Load(), Duplicates: c.duplicates.Load(), Rejected: c.rejected.Load(), Failed: c.failed.Load(),
		Scrubbed:  scrubbed,
		Failovers: c.failovers.Load(), Vanished: c.vanished.Load(),
		Handled: c.handled.Load(), Retried: c.retried.Load(), DeadLettered: c.deadLettered.Load(),
		Claimed: c.claimed.Load(), Lost: c.lost.Load(), Panics: c.panics.Load(), Hung: c.hung.Load(),
	}
}
