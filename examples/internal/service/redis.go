package service

import (
	"errors"
	"strings"

	"github.com/redis/go-redis/v9"
)

// Client returns a client for a URL as eventbus takes it: redis://, rediss://,
// and with +cluster and +sentinel. Its errors don't repeat the URL, which may
// hold a password.
func Client(url string) (redis.UniversalClient, error) {
	scheme, rest, ok := strings.Cut(url, "://")
	base, mode, _ := strings.Cut(scheme, "+")
	plain := base + "://" + rest
	bad := errors.New("the Redis URL, of -redis or REDIS_URL, can't be parsed")
	if !ok {
		return nil, bad
	}
	switch mode {
	case "":
		o, err := redis.ParseURL(plain)
		if err != nil {
			return nil, bad
		}
		return redis.NewClient(o), nil
	case "cluster":
		o, err := redis.ParseClusterURL(plain)
		if err != nil {
			return nil, bad
		}
		return redis.NewClusterClient(o), nil
	case "sentinel":
		o, err := redis.ParseFailoverURL(plain)
		if err != nil || o.MasterName == "" {
			return nil, bad
		}
		return redis.NewFailoverClient(o), nil
	}
	return nil, bad
}
