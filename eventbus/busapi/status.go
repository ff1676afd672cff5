package busapi

import (
	"context"
	"time"

	"github.com/carebus/carebus/eventbus"
	"github.com/carebus/carebus/eventbus/httpapi"
)

// BusStatus implements [httpapi.BusMonitor].
func (a api) BusStatus(ctx context.Context) (httpapi.BusStatus, error) {
	s, err := a.bus.Status(ctx)
	return Status(s), err
}

// Status returns a bus's status as the HTTP API tells it.
func Status(s eventbus.Status) httpapi.BusStatus {
	out := httpapi.BusStatus{
		Connected: s.Connected, Environment: s.Environment, LatencyMS: milliseconds(s.Latency), Version: s.Version, Eviction: s.Eviction,
		MemoryUsed: s.MemoryUsed, MemoryLimit: s.MemoryLimit, Replicas: s.Replicas,
		Published: s.Stats.Published, Duplicates: s.Stats.Duplicates, Rejected: s.Stats.Rejected, Failed: s.Stats.Failed,
		Handled: s.Stats.Handled, Retried: s.Stats.Retried, DeadLettered: s.Stats.DeadLettered, Lost: s.Stats.Lost, Scrubbed: s.Stats.Scrubbed,
		Shards: []httpapi.ShardStatus{},
	}
	for _, sh := range s.Shards {
		shard := httpapi.ShardStatus{
			Name: sh.Name, Length: sh.Length, LastID: sh.LastID, DeadLetters: sh.DeadLetters,
			LakePlan: sh.Lake.Plan, LakeAgeMS: sh.Lake.Age.Milliseconds(), Groups: []httpapi.GroupStatus{},
		}
		for _, g := range sh.Groups {
			group := httpapi.GroupStatus{Name: g.Name, Consumers: g.Consumers, Pending: g.Pending, OldestPendingMS: g.OldestPending.Milliseconds()}
			if g.Lag >= 0 {
				group.Lag = &g.Lag
			}
			shard.Groups = append(shard.Groups, group)
		}
		out.Shards = append(out.Shards, shard)
	}
	return out
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
