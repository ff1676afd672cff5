package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/carebus/carebus/eventbus"
	"github.com/carebus/carebus/internal/redistest"
	"github.com/carebus/carebus/phi"
)

// environment is the one that carebus' events are of.
const environment = "bench"

// eventStream is the first shard's stream, as package eventbus documents it.
const eventStream = "carebus:{" + environment + ".0}:events"

// A testbed is what contenders work with: a Redis of their own, a folder, and the
// events. One contender works at a time.
type testbed struct {
	server *redistest.Server // it keeps everything in memory, so that the disk doesn't decide
	admin  *redis.Client     // looks at what contenders did
	dir    string
	work   *workload
}

// errNoRedis says what to do where there is no Redis to measure with.
var errNoRedis = errors.New("redis-server is not installed, and there is nothing to measure without it: apt-get install redis-server, or brew install redis")

// newTestbed starts a Redis.
func newTestbed() (*testbed, error) {
	if _, err := exec.LookPath("redis-server"); err != nil {
		return nil, errNoRedis
	}
	work, err := newWorkload(eventBytes)
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "carebus-bench-")
	if err != nil {
		return nil, err
	}
	server, err := redistest.Launch(dir, "--appendonly", "no")
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	return &testbed{server: server, admin: redis.NewClient(&redis.Options{Addr: server.Addr}), dir: dir, work: work}, nil
}

// close ends the Redis and removes the folder.
func (e *testbed) close() error {
	err := e.admin.Close()
	e.server.Close()
	return errors.Join(err, os.RemoveAll(e.dir))
}

// reset empties the Redis.
func (e *testbed) reset(ctx context.Context) error { return e.admin.FlushAll(ctx).Err() }

// client returns a client with a connection for each of callers; the caller
// closes it. Nothing is retried, so that nothing is written twice.
func (e *testbed) client(callers int) *redis.Client {
	return redis.NewClient(&redis.Options{Addr: e.server.Addr, PoolSize: callers, MinIdleConns: callers, MaxRetries: -1})
}

// bus opens a bus as a service would, scrubbing included.
func (e *testbed) bus(ctx context.Context, shards int) (*eventbus.Bus, error) {
	scrubber, err := newScrubber(phi.Operational)
	if err != nil {
		return nil, err
	}
	return eventbus.Open(ctx, eventbus.Config{
		URL: e.server.URL, Environment: environment, Scrubber: scrubber, Shards: shards,
	})
}

// streams returns the keys of all streams.
func (e *testbed) streams(ctx context.Context) ([]string, error) {
	var keys []string
	scan := e.admin.ScanType(ctx, 0, "*", 1000, "stream").Iterator()
	for scan.Next(ctx) {
		keys = append(keys, scan.Val())
	}
	return keys, scan.Err()
}

// entries returns how many entries all streams have together.
func (e *testbed) entries(ctx context.Context) (int, error) {
	keys, err := e.streams(ctx)
	if err != nil {
		return 0, err
	}
	total := 0
	for _, key := range keys {
		n, err := e.admin.XLen(ctx, key).Result()
		if err != nil {
			return 0, err
		}
		total += int(n)
	}
	return total, nil
}

// awaitAcks waits for a stream's only group to have acknowledged n entries.
func (e *testbed) awaitAcks(ctx context.Context, stream, group string, n int) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	for {
		done, err := e.acknowledged(ctx, stream, group, n)
		if err != nil {
			return fmt.Errorf("waiting for %s to acknowledge %d events: %w", group, n, err)
		}
		if done {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("group %s did not acknowledge all of %d events", group, n)
		case <-time.After(2 * time.Millisecond):
		}
	}
}

// acknowledged reports whether a group has read n entries and owes none.
func (e *testbed) acknowledged(ctx context.Context, stream, group string, n int) (bool, error) {
	groups, err := e.admin.XInfoGroups(ctx, stream).Result()
	if err != nil {
		return false, err
	}
	for _, g := range groups {
		if g.Name == group {
			return g.EntriesRead == int64(n) && g.Pending == 0, nil
		}
	}
	return false, nil // it may not have begun
}
