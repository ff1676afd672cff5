package eventbus

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync"

	"github.com/redis/go-redis/v9"

	"github.com/carebus/carebus/schema"
)

// lakeGroup is the consumer group that shows ordinary tools how far the lake
// has come. Nobody reads by it.
const lakeGroup = "lake"

// A Log is one shard's stream as an ordered log, for a reader that keeps its own
// place in it, such as a data lake. It is safe for concurrent use.
type Log struct {
	bus   *Bus
	shard *shard

	mu   sync.Mutex
	read []string // ids read since the last commit, to count what a commit takes in
}

// maxRemembered bounds Log.read.
const maxRemembered = 1 << 16

// Logs returns the logs of all shards, in the shards' order, as far as this
// process knows them: see [Bus.CurrentLogs].
func (b *Bus) Logs() []*Log {
	logs := make([]*Log, len(b.all()))
	for i, s := range b.all() {
		logs[i] = &Log{bus: b, shard: s}
	}
	return logs
}

// CurrentLogs is Logs after asking Redis which shards there are, since another
// process may have added some with [Bus.Reshard]. Whoever reads logs for long
// asks again every few seconds, and reads those that are new from their start.
func (b *Bus) CurrentLogs(ctx context.Context) ([]*Log, error) {
	if err := b.reload(ctx); err != nil {
		return nil, err
	}
	return b.Logs(), nil
}

// Name returns the shard's number, such as "0".
func (l *Log) Name() string { return l.shard.name }

// Read returns up to max entries behind the id after, oldest first; after ""
// it begins at the start of the stream. It doesn't wait: no entries means that
// there are none yet. The bytes are as they stand in Redis, nil for an entry
// without the field event.
func (l *Log) Read(ctx context.Context, after string, max int) ([]schema.Entry, error) {
	if max < 1 {
		return nil, nil
	}
	for {
		messages, err := l.bus.redis.XRangeN(ctx, l.shard.events, start(after), "+", int64(max)).Result()
		if err != nil {
			return nil, redisError("read "+l.shard.events, err)
		}
		entries, last := l.entries(after, messages)
		if len(entries) > 0 || last == after {
			return entries, nil
		}
		after = last
	}
}

// Before returns the id behind which the last n entries stand, to read them from;
// "" when there are no more than that.
func (l *Log) Before(ctx context.Context, n int) (string, error) {
	const page = 1000
	n = max(n, 0)
	for end := "+"; ; {
		messages, err := l.bus.redis.XRevRangeN(ctx, l.shard.events, end, "-", int64(min(n+1, page))).Result()
		switch {
		case err != nil:
			return "", redisError("read "+l.shard.events, err)
		case len(messages) > n:
			return messages[n].ID, nil
		case len(messages) < page:
			return "", nil
		}
		n -= len(messages)
		end = "(" + messages[len(messages)-1].ID
	}
}

// start is where a range behind the id after begins.
func start(after string) string {
	if after == "" {
		return "-"
	}
	return "(" + after
}

// entries makes entries of messages that were read behind the id after, and
// returns the id of the last one, or after. Redriven dead letters are left out:
// the log has had them.
func (l *Log) entries(after string, messages []redis.XMessage) (entries []schema.Entry, last string) {
	l.remember(after, messages)
	last = after
	entries = make([]schema.Entry, 0, len(messages))
	for _, m := range messages {
		last = m.ID
		if m.Values["for"] != nil {
			continue
		}
		e := schema.Entry{ID: m.ID}
		if event, ok := m.Values["event"].(string); ok {
			e.Data = []byte(event)
		}
		entries = append(entries, e)
	}
	return entries, last
}

// Cursor returns how far the log has been carried; zero when it never was.
func (l *Log) Cursor(ctx context.Context) (schema.Cursor, error) {
	values, err := l.bus.redis.HMGet(ctx, l.shard.lake, "plan", "last").Result()
	if err != nil {
		return schema.Cursor{}, redisError("read "+l.shard.lake, err)
	}
	return parseCursor(l.shard.lake, values)
}

// parseCursor reads the fields plan and last of a key.
func parseCursor(key string, values []any) (schema.Cursor, error) {
	if len(values) != 2 {
		return schema.Cursor{}, nil
	}
	plan, _ := values[0].(string)
	last, _ := values[1].(string)
	if plan == "" {
		return schema.Cursor{}, nil
	}
	n, err := strconv.ParseUint(plan, 10, 64)
	if err != nil {
		return schema.Cursor{}, fmt.Errorf("eventbus: %s holds no plan number", key)
	}
	return schema.Cursor{Plan: n, Last: last}, nil
}

// Commit stores next if the stored plan is next.Plan-1, in one atomic step, and
// reports whether it did: false means that another writer was first. It also
// moves the consumer group lake, where the server can.
func (l *Log) Commit(ctx context.Context, next schema.Cursor) (committed bool, err error) {
	if next.Plan == 0 {
		return false, errors.New("eventbus: a cursor's plan must be 1 or more to be committed")
	}
	s := l.shard
	took, since := l.count(next.Last)
	n, err := commitScript.Run(ctx, l.bus.redis, []string{s.lake, s.events},
		strconv.FormatUint(next.Plan-1, 10), strconv.FormatUint(next.Plan, 10), next.Last, lakeGroup, took, since).Int()
	if err != nil {
		return false, redisError("commit "+s.lake, err)
	}
	return n == 1, nil
}

// remember notes what was read, as long as reads follow each other.
func (l *Log) remember(after string, messages []redis.XMessage) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if n := len(l.read); n == 0 || l.read[n-1] != after || n+len(messages) > maxRemembered {
		l.read = append(l.read[:0], after)
	}
	for _, m := range messages {
		l.read = append(l.read, m.ID)
	}
}

// count returns how many entries were read up to last, "" when that isn't
// known, and the id that they follow.
func (l *Log) count(last string) (took, since string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for i, id := range l.read {
		if id == last {
			since = l.read[0]
			l.read = append(l.read[:0], l.read[i:]...)
			return strconv.Itoa(i), since
		}
	}
	l.read = nil
	return "", ""
}
