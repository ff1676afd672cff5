package service

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/redis/go-redis/v9"

	"github.com/carebus/carebus/etl"
	"github.com/carebus/carebus/phi/audit"
)

var errTaken = errors.New("the place holds the copy of another audit trail of the same origin: make each with an origin of its own")

// LakeReplica keeps an audit trail in a [etl.Sink], such as a bucket with object
// lock, whose objects are written once and never change:
//
//	audit/<origin>/records/<first %020d>-<size %020d>.jsonl
//	audit/<origin>/checkpoints/<size %020d>
type LakeReplica struct{ Sink etl.Sink }

var _ audit.Replica = LakeReplica{}

// Store implements [audit.Replica].
func (l LakeReplica) Store(ctx context.Context, b audit.Batch) error {
	base := "audit/" + keySafe(b.Origin)
	for _, o := range []etl.Object{
		{Key: fmt.Sprintf("%s/records/%020d-%020d.jsonl", base, b.First, b.Size), Body: b.Records, ContentType: "application/x-ndjson", Rows: int(b.Size - b.First)}, //nolint:gosec // a batch is small
		{Key: fmt.Sprintf("%s/checkpoints/%020d", base, b.Size), Body: b.Checkpoint, ContentType: "text/plain; charset=utf-8"},
	} {
		err := l.Sink.PutIfAbsent(ctx, o)
		if errors.Is(err, etl.ErrExists) {
			err = l.same(ctx, o)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// same makes sure that an object which is there is that of this trail. A size may
// have several checkpoints, of which any will do.
func (l LakeReplica) same(ctx context.Context, o etl.Object) error {
	if o.Rows == 0 {
		return nil
	}
	body, err := l.Sink.Get(ctx, o.Key)
	if err == nil && !bytes.Equal(body, o.Body) {
		err = errTaken
	}
	return err
}

// keySafe turns an origin into segments of a key.
func keySafe(origin string) string {
	segments := strings.Split(strings.NewReplacer(":", "-", "@", "-").Replace(origin), "/")
	for i, s := range segments {
		if s == "" || s[0] == '.' || s[0] == '_' { // as in example.com/
			segments[i] = "-" + s
		}
	}
	return strings.Join(segments, "/")
}

// RedisReplica keeps audit trails in streams of Redis, <Prefix>:<origin>: record n
// is entry "<n+1>-0", with the field record, and the last entry of a batch has its
// checkpoint in the field checkpoint. Ids that are taken keep out duplicates.
type RedisReplica struct {
	Client redis.UniversalClient
	Prefix string
}

var _ audit.Replica = RedisReplica{}

// Store implements [audit.Replica].
func (r RedisReplica) Store(ctx context.Context, b audit.Batch) error {
	stream := r.Prefix + ":" + b.Origin
	last, err := r.last(ctx, stream)
	if err != nil {
		return err
	}
	lines := strings.SplitAfter(string(b.Records), "\n")
	there, err := r.records(ctx, stream, b.First+1, min(last, b.Size))
	if err != nil {
		return err
	}
	pipe := r.Client.Pipeline()
	for i, line := range lines[:len(lines)-1] {
		n := b.First + uint64(i) + 1 //nolint:gosec // an index
		id, record := entryID(n), strings.TrimSuffix(line, "\n")
		if n <= last {
			if found, ok := there[id]; !ok || found != record {
				return errTaken
			}
			continue
		}
		values := []any{"record", record}
		if n == b.Size {
			values = append(values, "checkpoint", b.Checkpoint)
		}
		pipe.XAdd(ctx, &redis.XAddArgs{Stream: stream, ID: id, Values: values})
	}
	if pipe.Len() == 0 {
		return nil
	}
	if _, err := pipe.Exec(ctx); err != nil {
		return fmt.Errorf("add audit records to Redis: %w", err)
	}
	return nil
}

// entryID is the id of the entry of the record that is the nth.
func entryID(n uint64) string { return fmt.Sprintf("%d-0", n) }

// records returns those that are in the stream from the nth to the last one of them, by
// the ids of their entries.
func (r RedisReplica) records(ctx context.Context, stream string, n, last uint64) (map[string]string, error) {
	if n > last {
		return nil, nil
	}
	entries, err := r.Client.XRange(ctx, stream, entryID(n), entryID(last)).Result()
	if err != nil {
		return nil, fmt.Errorf("read audit records from Redis: %w", err)
	}
	found := make(map[string]string, len(entries))
	for _, e := range entries {
		if record, ok := e.Values["record"].(string); ok {
			found[e.ID] = record
		}
	}
	return found, nil
}

// last returns how many records are in the stream.
func (r RedisReplica) last(ctx context.Context, stream string) (uint64, error) {
	entries, err := r.Client.XRevRangeN(ctx, stream, "+", "-", 1).Result()
	if err != nil {
		return 0, fmt.Errorf("read audit records from Redis: %w", err)
	}
	var n uint64
	if len(entries) > 0 {
		if _, err := fmt.Sscanf(entries[0].ID, "%d-", &n); err != nil {
			return 0, errors.New("the stream of audit records holds other entries")
		}
	}
	return n, nil
}
