package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/ThreeDotsLabs/watermill"
	"github.com/ThreeDotsLabs/watermill-redisstream/pkg/redisstream"
	"github.com/ThreeDotsLabs/watermill/message"
	"github.com/redis/go-redis/v9"

	"github.com/carebus/carebus/eventbus"
	"github.com/carebus/carebus/schema"
)

// group is the consumer group of all contenders.
const group = "bench"

// consumeScenario is one consumer of a full stream. Its handler notes ids.
func consumeScenario(env *testbed) scenario {
	return scenario{
		name:    "consume",
		metrics: []metric{eventsPerSecond("consume")},
		contenders: []contender{
			newContender(carebusName, env.consumeCarebus),
			newContender("redis", env.consumeRaw),
			newContender("watermill", env.consumeWatermill),
		},
	}
}

// distinct fails unless ids are n different ones.
func distinct(ids []string, n int) error {
	seen := make(map[string]struct{}, len(ids))
	for _, id := range ids {
		seen[id] = struct{}{}
	}
	if len(seen) != len(ids) {
		return fmt.Errorf("%d events came again", len(ids)-len(seen))
	}
	return checkArrived(len(ids), n)
}

// fillBus publishes n events.
func (e *testbed) fillBus(ctx context.Context, bus *eventbus.Bus) func(n int) error {
	p := &carebusPublisher{e, bus, e.work}
	return func(n int) error {
		_, err := inBatches(ctx, p, n, 1000)
		return err
	}
}

func (e *testbed) consumeCarebus(ctx context.Context, n int) (s sample, err error) {
	if err := e.reset(ctx); err != nil {
		return s, err
	}
	bus, err := e.bus(ctx, 1)
	if err != nil {
		return s, err
	}
	defer func() { err = errors.Join(err, bus.Close()) }()
	if err := e.fillBus(ctx, bus)(n); err != nil {
		return s, err
	}
	consumer, err := bus.Subscribe(eventbus.ConsumerConfig{Group: group, Block: 20 * time.Millisecond})
	if err != nil {
		return s, err
	}
	ids := make([]string, 0, n)
	all := make(chan struct{})
	handler := eventbus.HandlerFunc(func(_ context.Context, events []schema.Envelope) error {
		for i := range events {
			ids = append(ids, events[i].ID)
		}
		if len(ids) == n {
			close(all)
		}
		return nil
	})
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	ended := make(chan error, 1)
	watch := startWatch()
	go func() { ended <- consumer.Run(ctx, handler) }()
	select {
	case <-all:
	case err := <-ended:
		return s, errors.Join(errors.New("the consumer stopped early"), err)
	}
	for bus.Stats().Handled < uint64(n) { // until it is acknowledged
		time.Sleep(100 * time.Microsecond)
	}
	s = watch.stop(n)
	stop()
	if err := <-ended; err != nil {
		return s, err
	}
	if err := distinct(ids, n); err != nil {
		return s, err
	}
	return s, e.awaitAcks(context.WithoutCancel(ctx), eventStream, group, n)
}

// fillRaw writes n entries, the i-th of which has the fields values(i).
func (e *testbed) fillRaw(ctx context.Context, n int, values func(i int) (any, error)) error {
	for i := 0; i < n; {
		pipe := e.admin.Pipeline()
		for range min(1000, n-i) {
			v, err := values(i)
			if err != nil {
				return err
			}
			pipe.XAdd(ctx, &redis.XAddArgs{Stream: rawStream, Values: v})
			i++
		}
		if _, err := pipe.Exec(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (e *testbed) consumeRaw(ctx context.Context, n int) (s sample, err error) {
	if err := e.reset(ctx); err != nil {
		return s, err
	}
	err = e.fillRaw(ctx, n, func(i int) (any, error) { return []any{"event", e.work.wire[i%workloadEvents]}, nil })
	if err != nil {
		return s, err
	}
	if err := e.admin.XGroupCreate(ctx, rawStream, group, "0").Err(); err != nil {
		return s, err
	}
	client := e.client(1)
	defer client.Close()
	ids := make([]string, 0, n)
	read := redis.XReadGroupArgs{Group: group, Consumer: "c", Streams: []string{rawStream, ">"}, Count: 1000, Block: -1}
	watch := startWatch()
	for len(ids) < n {
		streams, err := client.XReadGroup(ctx, &read).Result()
		if err != nil {
			return s, err
		}
		from := len(ids)
		for i := range streams[0].Messages {
			ids = append(ids, streams[0].Messages[i].ID)
		}
		if err := client.XAck(ctx, rawStream, group, ids[from:]...).Err(); err != nil {
			return s, err
		}
	}
	s = watch.stop(n)
	if err := distinct(ids, n); err != nil {
		return s, err
	}
	return s, e.awaitAcks(ctx, rawStream, group, n)
}

func (e *testbed) consumeWatermill(ctx context.Context, n int) (s sample, err error) {
	if err := e.reset(ctx); err != nil {
		return s, err
	}
	err = e.fillRaw(ctx, n, func(i int) (any, error) {
		return redisstream.DefaultMarshallerUnmarshaller{}.Marshal(rawStream, message.NewMessage(watermill.NewUUID(), e.work.wire[i%workloadEvents]))
	})
	if err != nil {
		return s, err
	}
	sub, err := redisstream.NewSubscriber(redisstream.SubscriberConfig{
		Client: e.client(4), ConsumerGroup: group, DisableIndefiniteInitialBlock: true,
	}, watermill.NopLogger{})
	if err != nil {
		return s, err
	}
	defer func() { err = errors.Join(err, sub.Close()) }()
	ids := make([]string, 0, n)
	watch := startWatch()
	messages, err := sub.Subscribe(ctx, rawStream)
	if err != nil {
		return s, err
	}
	for m := range messages {
		ids = append(ids, m.UUID)
		m.Ack()
		if len(ids) == n {
			break
		}
	}
	s = watch.stop(n)
	if err := distinct(ids, n); err != nil {
		return s, err
	}
	return s, e.awaitAcks(ctx, rawStream, group, n)
}
