package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/ThreeDotsLabs/watermill"
	"github.com/ThreeDotsLabs/watermill-redisstream/pkg/redisstream"
	"github.com/ThreeDotsLabs/watermill/message"
	"github.com/redis/go-redis/v9"

	"github.com/carebus/carebus/eventbus"
	"github.com/carebus/carebus/schema"
)

// A publisher writes events of a workload to Redis, each of which it takes as
// written when Redis has acknowledged it. It is safe for concurrent use.
type publisher interface {
	// publish writes the i-th event of the workload; i wraps around.
	publish(ctx context.Context, i int) error
	// publishBatch writes n events, from the i-th on, as fast as it can.
	publishBatch(ctx context.Context, i, n int) error
	close() error
}

// publishers are the contenders of the publish scenarios.
var publishers = []struct {
	name string
	open func(ctx context.Context, env *testbed, w *workload, callers int) (publisher, error)
}{
	{carebusName, func(ctx context.Context, env *testbed, w *workload, _ int) (publisher, error) {
		return openCarebus(ctx, env, w, 1)
	}},
	{"redis", openRaw},
	{"watermill", openWatermill},
}

// carebusPublisher publishes with a bus.
type carebusPublisher struct {
	env  *testbed
	bus  *eventbus.Bus
	work *workload
}

func openCarebus(ctx context.Context, env *testbed, w *workload, shards int) (publisher, error) {
	bus, err := env.bus(ctx, shards)
	return &carebusPublisher{env, bus, w}, err
}

func (p *carebusPublisher) publish(ctx context.Context, i int) error {
	return p.bus.Publish(ctx, p.work.envelopes[i%workloadEvents])
}

func (p *carebusPublisher) publishBatch(ctx context.Context, i, n int) error {
	batch := make([]schema.Envelope, n)
	for k := range batch {
		batch[k] = p.work.envelopes[(i+k)%workloadEvents]
	}
	return p.bus.Publish(ctx, batch...)
}

// close also makes sure that the planted PHI is not in Redis.
func (p *carebusPublisher) close() error {
	if err := p.bus.Close(); err != nil {
		return err
	}
	ctx := context.Background()
	keys, err := p.env.streams(ctx)
	if err != nil {
		return err
	}
	for _, key := range keys {
		last, err := p.env.admin.XRevRangeN(ctx, key, "+", "-", workloadEvents).Result()
		if err != nil {
			return err
		}
		for _, m := range last {
			if event, _ := m.Values["event"].(string); event == "" || strings.Contains(event, plantedPhone) {
				return fmt.Errorf("entry %s is not a scrubbed event", m.ID)
			}
		}
	}
	return nil
}

// rawPublisher publishes with go-redis alone: the ceiling.
type rawPublisher struct {
	client *redis.Client
	work   *workload
}

func openRaw(_ context.Context, env *testbed, w *workload, callers int) (publisher, error) {
	return &rawPublisher{env.client(callers), w}, nil
}

func (p *rawPublisher) args(i int) *redis.XAddArgs {
	return &redis.XAddArgs{Stream: rawStream, Values: []any{"event", p.work.wire[i%workloadEvents]}}
}

func (p *rawPublisher) publish(ctx context.Context, i int) error {
	return p.client.XAdd(ctx, p.args(i)).Err()
}

func (p *rawPublisher) publishBatch(ctx context.Context, i, n int) error {
	pipe := p.client.Pipeline()
	for k := range n {
		pipe.XAdd(ctx, p.args(i+k))
	}
	_, err := pipe.Exec(ctx)
	return err
}

func (p *rawPublisher) close() error { return p.client.Close() }

// rawStream is the stream of the peers of carebus.
const rawStream = "events"

// watermillPublisher publishes with Watermill's Redis Streams publisher.
type watermillPublisher struct {
	pub  *redisstream.Publisher
	work *workload
}

func openWatermill(_ context.Context, env *testbed, w *workload, callers int) (publisher, error) {
	pub, err := redisstream.NewPublisher(redisstream.PublisherConfig{Client: env.client(callers)}, watermill.NopLogger{})
	return &watermillPublisher{pub, w}, err
}

func (p *watermillPublisher) message(ctx context.Context, i int) *message.Message {
	return message.NewMessageWithContext(ctx, watermill.NewUUID(), p.work.wire[i%workloadEvents])
}

func (p *watermillPublisher) publish(ctx context.Context, i int) error {
	return p.pub.Publish(rawStream, p.message(ctx, i))
}

func (p *watermillPublisher) publishBatch(ctx context.Context, i, n int) error {
	batch := make([]*message.Message, n)
	for k := range batch {
		batch[k] = p.message(ctx, i+k)
	}
	return p.pub.Publish(rawStream, batch...)
}

func (p *watermillPublisher) close() error { return p.pub.Close() }
