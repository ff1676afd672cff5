package main

import (
	"context"
	"time"

	"github.com/carebus/carebus/eventbus"
	"github.com/carebus/carebus/phi/audit"
)

// housekeepingEvery is how often trimming and the scrub report are done.
const housekeepingEvery = time.Minute

// housekeeping trims the bus, and tells the audit trail of that, of what was
// scrubbed and of new dead letters.
func (s *sink) housekeeping(ctx context.Context) {
	tick := time.NewTicker(housekeepingEvery)
	defer tick.Stop()
	told, dead := map[string]int{}, int64(-1)
	for {
		select {
		case <-ctx.Done():
			s.reportScrubbed(told)
			return
		case <-tick.C:
		}
		s.reportScrubbed(told)
		status, err := s.bus.Status(ctx)
		if err == nil {
			dead = s.reportDead(&status, dead)
		}
		trimmed, err := s.bus.Trim(ctx, s.retention(&status))
		if err != nil && ctx.Err() == nil {
			s.logger.Warn("trimming failed and will be tried again", "error", err)
		}
		for _, t := range trimmed {
			if t.Removed > 0 {
				s.record(audit.Record{Action: audit.Delete, Outcome: audit.OK, Actor: "sink", Object: "shard/" + t.Shard, Reason: "retention", Count: int(t.Removed)})
			}
		}
	}
}

// retention is what the bus may be trimmed of: what is older than -keep, and all that
// is in the lake once Redis has little memory left.
func (s *sink) retention(status *eventbus.Status) eventbus.RetentionConfig {
	return eventbus.RetentionConfig{KeepFor: s.keep, MaxBytes: status.MemoryLimit / 10 * 8}
}

// reportDead tells the audit trail how many dead letters came since there were
// so many, and returns how many there are now. Below zero nothing is known.
func (s *sink) reportDead(status *eventbus.Status, before int64) int64 {
	now := int64(0)
	for _, sh := range status.Shards {
		now += sh.DeadLetters
	}
	if n := now - before; before >= 0 && n > 0 {
		s.record(audit.Record{Action: audit.DeadLettered, Outcome: audit.OK, Actor: "sink", Object: "env/" + s.environment, Count: int(n)})
	}
	return now
}

// reportScrubbed tells the audit trail what was found since it was told last.
func (s *sink) reportScrubbed(told map[string]int) {
	counts, total := map[string]int{}, 0
	for category, n := range s.bus.Stats().Scrubbed {
		if d := n - told[category]; d > 0 {
			counts[category], total = d, total+d
			told[category] = n
		}
	}
	if total > 0 {
		s.record(audit.Record{Action: audit.Scrub, Outcome: audit.OK, Actor: "sink", Object: "env/" + s.environment, Count: total, Counts: counts})
	}
}
