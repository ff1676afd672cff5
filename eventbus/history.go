package eventbus

import (
	"context"
	"fmt"
	"strings"

	"github.com/carebus/carebus/schema"
)

// ReadHistory is [Log.Read] that also names the history of the shard's data:
// Redis's master_replid, which changes with a failover and with a restart. It
// is asked for right before the read and on the same connection, so that the
// entries are of that history or a later one. It is "" where the server doesn't
// tell, such as miniredis, or a user who may not call INFO.
func (l *Log) ReadHistory(ctx context.Context, after string, max int) (entries []schema.Entry, history string, err error) {
	ask := historyScript.EvalSha
	for {
		pipe := l.bus.redis.Pipeline()
		id := ask(ctx, pipe, []string{l.shard.events})
		read := pipe.XRangeN(ctx, l.shard.events, start(after), "+", int64(max))
		_, _ = pipe.Exec(ctx) // each command has its own error
		if replyCode(id.Err()) == "NOSCRIPT" {
			ask = historyScript.Eval
			continue
		}
		if history, err = id.Text(); err != nil {
			return nil, "", redisError("ask for the history of "+l.shard.events, err)
		}
		messages, err := read.Result()
		if err != nil {
			return nil, "", redisError("read "+l.shard.events, err)
		}
		entries, last := l.entries(after, messages)
		if len(entries) > 0 || last == after {
			return entries, history, nil
		}
		after = last
	}
}

// Advance makes sure that the ids of all entries to come are greater than id,
// in one atomic step with checking that the history is still history; it
// reports false if it is not.
func (l *Log) Advance(ctx context.Context, history, id string) (bool, error) {
	ms, seq, ok := strings.Cut(id, "-")
	if !ok {
		return false, fmt.Errorf("eventbus: %q is no entry id", id)
	}
	n, err := advanceScript.Run(ctx, l.bus.redis, []string{l.shard.events}, history, ms, seq, lakeGroup).Int()
	if err != nil {
		return false, redisError("advance "+l.shard.events, err)
	}
	return n == 1, nil
}
