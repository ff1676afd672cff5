package etl

import (
	"sync"
	"time"
)

// State is what a pipeline or the carrying of one log is at.
type State string

// The states.
const (
	StateStopped  State = "stopped"  // neither Run nor Drain is under way
	StateRunning  State = "running"  // of a pipeline: Run is under way
	StateDraining State = "draining" // of a pipeline: Drain is under way
	StateIdle     State = "idle"     // of a log: nothing to carry
	StateFilling  State = "filling"  // of a log: a batch waits for more events
	StateWriting  State = "writing"  // of a log: a batch is on its way into the lake
	StateRetrying State = "retrying" // of a log: waits after an error
)

// ErrorClass says what failed, without any value.
type ErrorClass string

// The classes of errors.
const (
	ErrorLog       ErrorClass = "log"       // the log doesn't answer
	ErrorSink      ErrorClass = "sink"      // the sink doesn't answer
	ErrorPermanent ErrorClass = "permanent" // the sink needs attention; see [ErrPermanent]
	ErrorDisorder  ErrorClass = "disorder"  // the log gave entries out of order or with invalid ids
	ErrorPlan      ErrorClass = "plan"      // a plan in the lake can't be obeyed; see [ErrPlan]
)

// Status is a snapshot of a [Pipeline]. Counts begin at zero with New and
// cover the plans that this pipeline committed: each plan is counted once, by one
// of all the pipelines that carry a log. Among them are those that a predecessor
// had planned, and perhaps stored; a log that begins anew, such as on another
// Redis, has all plans of its lake committed once more. Found tells them apart.
type Status struct {
	State       State         `json:"state"`
	Environment string        `json:"environment"`
	Rows        uint64        `json:"rows"`
	Found       uint64        `json:"found"` // of Rows, those that another writer had stored
	Objects     uint64        `json:"objects"`
	Bytes       uint64        `json:"bytes"` // stored by this pipeline
	Quarantined uint64        `json:"quarantined"`
	Dropped     uint64        `json:"dropped"` // left out on purpose
	Lost        uint64        `json:"lost"`    // see [Commit]
	Plans       uint64        `json:"plans"`
	LagAge      time.Duration `json:"lag_age_ns"` // the longest of the logs
	// Breaker is the state of the circuit breaker before the sink.
	Breaker BreakerState `json:"breaker"`
	// Rates are means of the last minute, of what this pipeline stored.
	RowsPerSecond  float64 `json:"rows_per_second"`
	BytesPerSecond float64 `json:"bytes_per_second"`
	// Transforms counts what Config.Transforms left out, in their order.
	Transforms []TransformStats `json:"transforms,omitempty"`
	Logs       []LogStatus      `json:"logs"` // in the order of Config.Logs, then those of Config.MoreLogs
}

// LogStatus is a snapshot of the carrying of one log.
type LogStatus struct {
	Log   string `json:"log"`
	State State  `json:"state"`
	Plan  uint64 `json:"plan"` // number of the last committed plan
	Last  string `json:"last"` // id of the last entry it took in

	// Counts of this log, as Status has them of all.
	Rows        uint64 `json:"rows"`
	Found       uint64 `json:"found"` // of Rows, those that another writer had stored
	Objects     uint64 `json:"objects"`
	Bytes       uint64 `json:"bytes"` // stored by this pipeline
	Quarantined uint64 `json:"quarantined"`
	Dropped     uint64 `json:"dropped"` // left out on purpose
	Lost        uint64 `json:"lost"`    // see [Commit]
	Plans       uint64 `json:"plans"`
	Retries     uint64 `json:"retries"` // of calls that failed

	RowsPerSecond  float64 `json:"rows_per_second"`
	BytesPerSecond float64 `json:"bytes_per_second"`

	// HistoryChanges counts the late plans that followed a change of the log's
	// history, and Late their rows; see [HistoryLog].
	HistoryChanges uint64 `json:"history_changes"`
	Late           uint64 `json:"late"`

	// Watermark says that every event published before then is in the lake, to
	// the millisecond, and true to the difference between the log's clock and
	// this process's. Zero before it is known.
	Watermark time.Time `json:"watermark,omitzero"`
	// LagAge is the age of the oldest event that was read but is not committed, or
	// since it was read where the log's clock is ahead.
	LagAge time.Duration `json:"lag_age_ns"`

	LastCommit  time.Time  `json:"last_commit,omitzero"`
	LastError   ErrorClass `json:"last_error,omitempty"` // "" once things go on
	LastErrorAt time.Time  `json:"last_error_at,omitzero"`
}

// logStatus is a LogStatus that a carrier writes and Status reads.
type logStatus struct {
	mu sync.Mutex
	s  LogStatus
	// inHand holds the first entry of each batch that was read but is not
	// committed, in order.
	inHand      []inHand
	rows, bytes rate
	transforms  map[string]TransformStats
	stale       bool // inHand is from a session that failed; the next read replaces it
}

// An inHand is an entry that waits to be committed.
type inHand struct {
	published time.Time
	// since is when it was published or, where the log's clock is ahead, first read.
	since time.Time
}

// countTransforms counts what transforms left out.
func (l *logStatus) countTransforms(list []TransformStats) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.transforms == nil {
		l.transforms = map[string]TransformStats{}
	}
	for _, t := range list {
		sum := l.transforms[t.Name]
		l.transforms[t.Name] = TransformStats{t.Name, sum.Dropped + t.Dropped, sum.Failed + t.Failed}
	}
}

// addTransforms adds the counts to those of list.
func (l *logStatus) addTransforms(list []TransformStats) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for i := range list {
		sum := l.transforms[list[i].Name]
		list[i].Dropped += sum.Dropped
		list[i].Failed += sum.Failed
	}
}

// countStored counts rows and bytes for the rates.
func (l *logStatus) countStored(now time.Time, rows, bytes int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.rows.add(now, uint64(rows))
	l.bytes.add(now, uint64(bytes))
}

func (l *logStatus) update(f func(*LogStatus)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	f(&l.s)
}

// noteFirst notes the first entry of a batch.
func (l *logStatus) noteFirst(published, now time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	e := inHand{published, until(now, published)}
	if l.stale && len(l.inHand) > 0 && l.inHand[0].published.Equal(published) { // read once more
		e = l.inHand[0]
	}
	l.refresh()
	l.inHand = append(l.inHand, e)
	if len(l.inHand) == 1 {
		l.advance(e.since)
	}
}

// until returns a time of the log's clock or, where that is ahead, now, to the
// millisecond as the log's are.
func until(now, of time.Time) time.Time {
	if now.Before(of) {
		return now.UTC().Truncate(time.Millisecond)
	}
	return of
}

// noteEmpty notes that at the time now the log held nothing beyond what is in hand.
func (l *logStatus) noteEmpty(now time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.refresh()
	if len(l.inHand) == 0 {
		l.advance(now.UTC().Truncate(time.Millisecond))
	}
}

// noteWaiting notes what a log is at whose entries are all read, unless more batches
// than those that may be in hand then are on their way.
func (l *logStatus) noteWaiting(state State, inHand int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.inHand) <= inHand {
		l.s.State = state
	}
}

// noteCommit notes the end of the oldest batch in hand.
func (l *logStatus) noteCommit(last, now time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.advance(until(now, last))
	if len(l.inHand) > 0 {
		l.inHand = l.inHand[1:]
	}
	if len(l.inHand) > 0 && !l.stale {
		l.advance(l.inHand[0].since)
	}
}

// noteFailure keeps the oldest event in hand, for the lag, until the next read.
func (l *logStatus) noteFailure() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.inHand = l.inHand[:min(1, len(l.inHand))]
	l.stale = true
}

func (l *logStatus) refresh() {
	if l.stale {
		l.inHand, l.stale = nil, false
	}
}

func (l *logStatus) advance(t time.Time) {
	if t.After(l.s.Watermark) {
		l.s.Watermark = t
	}
}

func (l *logStatus) snapshot(now time.Time) LogStatus {
	l.mu.Lock()
	defer l.mu.Unlock()
	s := l.s
	s.RowsPerSecond, s.BytesPerSecond = l.rows.perSecond(now), l.bytes.perSecond(now)
	if len(l.inHand) > 0 {
		s.LagAge = max(0, now.Sub(l.inHand[0].since))
	}
	return s
}
