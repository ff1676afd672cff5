package httpapi

import (
	"context"
	"net/http"
	"time"
)

// A BusStatus is what is known of the bus. It and what follows have the names that
// packages eventbus and etl give the same things; durations are milliseconds, _ms.
type BusStatus struct {
	Connected   bool    `json:"connected"`
	Environment string  `json:"environment"`
	LatencyMS   float64 `json:"latency_ms"` // of one round trip to the server
	Version     string  `json:"version"`    // the server's; "" when it doesn't tell
	Eviction    string  `json:"eviction"`   // its maxmemory-policy; must be noeviction
	MemoryUsed  int64   `json:"memory_used"`
	MemoryLimit int64   `json:"memory_limit"` // 0: none
	Replicas    int64   `json:"replicas"`

	// What this process did since it started.
	Published    uint64         `json:"published"`
	Duplicates   uint64         `json:"duplicates"`
	Rejected     uint64         `json:"rejected"`
	Failed       uint64         `json:"failed"`
	Handled      uint64         `json:"handled"`
	Retried      uint64         `json:"retried"`
	DeadLettered uint64         `json:"dead_lettered"`
	Lost         uint64         `json:"lost"`
	Scrubbed     map[string]int `json:"scrubbed"` // findings by category

	Shards []ShardStatus `json:"shards"`
}

// A ShardStatus is what is known of one stream.
type ShardStatus struct {
	Name        string        `json:"name"`
	Length      int64         `json:"length"`
	LastID      string        `json:"last_id"`
	DeadLetters int64         `json:"dead_letters"`
	LakePlan    uint64        `json:"lake_plan"`   // the last committed
	LakeAgeMS   int64         `json:"lake_age_ms"` // of the oldest entry not in the lake; 0: all are
	Groups      []GroupStatus `json:"groups"`
}

// A GroupStatus is what is known of a consumer group on one stream.
type GroupStatus struct {
	Name            string `json:"name"`
	Consumers       int64  `json:"consumers"`
	Pending         int64  `json:"pending"`
	Lag             *int64 `json:"lag"` // null when the server can't tell
	OldestPendingMS int64  `json:"oldest_pending_ms"`
}

// An ETLStatus is what is known of the pipeline into the lake.
type ETLStatus struct {
	State       string      `json:"state"` // stopped, running or draining
	Environment string      `json:"environment"`
	Rows        uint64      `json:"rows"`  // of the plans that this pipeline committed
	Found       uint64      `json:"found"` // of rows, those that another one had stored
	Objects     uint64      `json:"objects"`
	Bytes       uint64      `json:"bytes"`
	Quarantined uint64      `json:"quarantined"`
	Dropped     uint64      `json:"dropped"` // left out on purpose
	Lost        uint64      `json:"lost"`    // gone from the log before they were written
	Plans       uint64      `json:"plans"`
	LagAgeMS    int64       `json:"lag_age_ms"` // of the oldest event that was read but isn't in the lake
	Logs        []LogStatus `json:"logs"`
}

// A LogStatus is what is known of the carrying of one log.
type LogStatus struct {
	Log         string    `json:"log"`
	State       string    `json:"state"` // stopped, idle, filling, writing or retrying
	Plan        uint64    `json:"plan"`
	Rows        uint64    `json:"rows"`
	Found       uint64    `json:"found"`
	Retries     uint64    `json:"retries"`
	Watermark   time.Time `json:"watermark,omitzero"`
	LastCommit  time.Time `json:"last_commit,omitzero"`
	LastError   string    `json:"last_error,omitempty"` // a class, such as sink
	LastErrorAt time.Time `json:"last_error_at,omitzero"`
}

func (h *Handler) busStatus(c *call) *problem {
	s, err := h.config.Bus.BusStatus(c.ctx)
	if err != nil {
		h.config.Logger.WarnContext(c.ctx, "httpapi: the bus doesn't tell its status", "request", c.id, "error", err)
		return newProblem("bus-unavailable", "Redis does not answer.")
	}
	return c.json(http.StatusOK, s)
}

func (h *Handler) etlStatus(c *call) *problem {
	return c.json(http.StatusOK, h.config.ETL.ETLStatus(c.ctx))
}

func (h *Handler) etlStart(c *call) *problem { return h.etlControl(c, h.config.ETL.Start) }
func (h *Handler) etlStop(c *call) *problem  { return h.etlControl(c, h.config.ETL.Stop) }

func (h *Handler) etlControl(c *call, do func(context.Context) error) *problem {
	if err := do(c.ctx); err != nil {
		h.config.Logger.ErrorContext(c.ctx, "httpapi: the pipeline doesn't obey", "request", c.id, "error", err)
		return newProblem("etl-failed", "See the server's log under the request's id.")
	}
	return c.json(http.StatusOK, h.config.ETL.ETLStatus(c.ctx))
}

func (h *Handler) health(c *call) *problem {
	return c.json(http.StatusOK, map[string]string{"status": "ok"})
}

// connected asks the bus whether Redis answers. Anybody may ask for that: those who
// do at the same time share one answer, which costs Redis several calls a shard.
func (h *Handler) connected(ctx context.Context) bool {
	answer, _, _ := h.asked.Do("", func() (any, error) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), h.config.Timeout) // the first to ask may go
		defer cancel()
		s, err := h.config.Bus.BusStatus(ctx)
		return err == nil && s.Connected, nil
	})
	connected, _ := answer.(bool)
	return connected
}

func (h *Handler) ready(c *call) *problem {
	if err := h.config.Audit.Err(); err != nil {
		h.config.Logger.ErrorContext(c.ctx, "httpapi: not ready: the audit trail can't be written", "error", err)
		return newProblem("not-ready", "The audit trail can't be written.")
	}
	if !h.connected(c.ctx) {
		return newProblem("not-ready", "Redis does not answer.")
	}
	if h.config.Health != nil {
		if err := h.config.Health(c.ctx); err != nil {
			h.config.Logger.WarnContext(c.ctx, "httpapi: not ready", "error", err)
			return newProblem("not-ready", "See the server's log.")
		}
	}
	return c.json(http.StatusOK, map[string]string{"status": "ready"})
}
