package service

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/carebus/carebus/eventbus/httpapi/apikey"
)

// A RedisKeys is a store of API keys in two hashes of Redis, keys by id and when
// they were last used:
//
//	carebus:{<environment>}:apikeys
//	carebus:{<environment>}:apikeys:used
//
// A user of Redis that may only check keys needs no more than +hget and, on the
// second, +hset.
type RedisKeys struct {
	client     redis.UniversalClient
	keys, used string
}

var _ apikey.Store = (*RedisKeys)(nil)

// NewRedisKeys returns the store of an environment.
func NewRedisKeys(client redis.UniversalClient, environment string) *RedisKeys {
	keys := "carebus:{" + environment + "}:apikeys"
	return &RedisKeys{client: client, keys: keys, used: keys + ":used"}
}

var errKey = errors.New("an API key in Redis is damaged")

func decodeKey(text string) (apikey.Key, error) {
	var k apikey.Key
	if json.Unmarshal([]byte(text), &k) != nil {
		return k, errKey
	}
	return k, nil
}

// Get implements [apikey.Store].
func (r *RedisKeys) Get(ctx context.Context, id string) (apikey.Key, error) {
	text, err := r.client.HGet(ctx, r.keys, id).Result()
	if errors.Is(err, redis.Nil) {
		return apikey.Key{}, apikey.ErrNoKey
	}
	if err != nil {
		return apikey.Key{}, fmt.Errorf("read API keys from Redis: %w", err)
	}
	return decodeKey(text)
}

// Put implements [apikey.Store].
func (r *RedisKeys) Put(ctx context.Context, k apikey.Key) error {
	text, err := json.Marshal(k)
	if err == nil {
		err = r.client.HSet(ctx, r.keys, k.ID, text).Err()
	}
	if err != nil {
		return fmt.Errorf("write an API key to Redis: %w", err)
	}
	return nil
}

// List implements [apikey.Store].
func (r *RedisKeys) List(ctx context.Context) ([]apikey.Key, error) {
	all, err := r.client.HGetAll(ctx, r.keys).Result()
	if err != nil {
		return nil, fmt.Errorf("read API keys from Redis: %w", err)
	}
	keys := make([]apikey.Key, 0, len(all))
	for _, text := range all {
		k, err := decodeKey(text)
		if err != nil {
			return nil, err
		}
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b apikey.Key) int {
		if c := a.Created.Compare(b.Created); c != 0 {
			return c
		}
		return slices.Compare([]byte(a.ID), []byte(b.ID))
	})
	return keys, nil
}

// Used implements [apikey.Store].
func (r *RedisKeys) Used(ctx context.Context, id string, at time.Time) error {
	if err := r.client.HSet(ctx, r.used, id, at.UTC().Format(time.RFC3339)).Err(); err != nil {
		return fmt.Errorf("note the use of an API key in Redis: %w", err)
	}
	return nil
}

// LastUsed implements [apikey.Store].
func (r *RedisKeys) LastUsed(ctx context.Context) (map[string]time.Time, error) {
	all, err := r.client.HGetAll(ctx, r.used).Result()
	if err != nil {
		return nil, fmt.Errorf("read the use of API keys from Redis: %w", err)
	}
	used := map[string]time.Time{}
	for id, text := range all {
		if at, err := time.Parse(time.RFC3339, text); err == nil {
			used[id] = at
		}
	}
	return used, nil
}
