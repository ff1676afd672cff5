package eventbus

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/redis/go-redis/v9"
)

// openTimeout bounds the first contact with Redis.
const openTimeout = 5 * time.Second

// readsAtOnce is how many reads may wait in Redis at a time, of a cluster in each of
// its servers: a consumer waits in each of its shards, and none may wait for another's
// connection. They are made as they are needed.
const readsAtOnce = 2048

// connect returns a client for the URL and the address to name in errors. It has up
// to so many connections unless the URL tells; 0 is for as many as go-redis finds
// right. The client doesn't retry: a retry that doesn't know of the dedupe would be
// one too many, and the bus has its own.
func connect(config *Config, connections int) (redis.UniversalClient, string, error) {
	scheme, rest, ok := strings.Cut(config.URL, "://")
	base, mode, _ := strings.Cut(scheme, "+")
	if !ok || base != "redis" && base != "rediss" {
		return nil, "", errors.New("eventbus: the Redis URL must begin with redis://, rediss://, redis+cluster://, rediss+cluster://, redis+sentinel:// or rediss+sentinel://")
	}
	if config.TLS != nil && base != "rediss" {
		return nil, "", errors.New("eventbus: Config.TLS needs a Redis URL that begins with rediss")
	}
	// The host's name that is verified, which the URL parsers set, stays.
	withTLS := func(c *tls.Config) *tls.Config {
		if config.TLS == nil {
			return c
		}
		mine := config.TLS.Clone()
		if c != nil && mine.ServerName == "" {
			mine.ServerName = c.ServerName
		}
		return mine
	}
	plain := base + "://" + rest
	// The parsers' errors may repeat the URL, which may hold a password.
	bad := errors.New("eventbus: the Redis URL can't be parsed; expected " + scheme + "://[user:password@]host:port[/db][?options]")
	u, err := url.Parse(plain)
	if err != nil {
		return nil, "", bad
	}
	switch mode {
	case "":
		o, err := redis.ParseURL(plain)
		if err != nil {
			return nil, "", bad
		}
		o.MaxRetries, o.DialerRetries, o.ContextTimeoutEnabled = -1, 1, true
		o.PoolSize = cmp.Or(o.PoolSize, connections)
		o.TLSConfig, o.CredentialsProviderContext = withTLS(o.TLSConfig), config.Credentials
		return redis.NewClient(o), u.Host, nil
	case "cluster":
		o, err := redis.ParseClusterURL(plain)
		if err != nil {
			return nil, "", bad
		}
		o.MaxRetries, o.DialerRetries, o.ContextTimeoutEnabled = -1, 1, true
		o.PoolSize = cmp.Or(o.PoolSize, connections)
		o.TLSConfig, o.CredentialsProviderContext = withTLS(o.TLSConfig), config.Credentials
		return redis.NewClusterClient(o), strings.Join(o.Addrs, ", "), nil
	case "sentinel":
		o, err := redis.ParseFailoverURL(plain)
		if err != nil || o.MasterName == "" {
			return nil, "", errors.New("eventbus: the Redis URL can't be parsed; expected " + scheme + "://host:26379?addr=host2:26379&master_name=name")
		}
		o.MaxRetries, o.DialerRetries, o.ContextTimeoutEnabled = -1, 1, true
		o.PoolSize = cmp.Or(o.PoolSize, connections)
		o.TLSConfig, o.CredentialsProviderContext = withTLS(o.TLSConfig), config.Credentials
		return redis.NewFailoverClient(o), strings.Join(o.SentinelAddrs, ", "), nil
	}
	return nil, "", bad
}

// greet makes sure that the server answers and keeps what it is given.
func (b *Bus) greet(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, openTimeout)
	defer cancel()
	if err := b.redis.Ping(ctx).Err(); err != nil {
		return fmt.Errorf("eventbus: no answer from Redis at %s: %w; check that it runs there, that the port is open, that the URL's scheme fits (rediss:// for TLS) and that user and password are right",
			b.address, redisError("ping", err))
	}
	if b.config.Synced {
		if err := b.redis.Do(ctx, "WAITAOF", 1, 0, 1).Err(); err != nil {
			return fmt.Errorf("eventbus: Config.Synced needs WAITAOF of Redis 7.2 or later, with appendonly yes: %w", redisError("waitaof", err))
		}
	}
	policy := b.evictionPolicy(ctx)
	if policy == unknownPolicy { // miniredis, or a user who may call neither INFO nor CONFIG
		b.config.Logger.WarnContext(ctx, "eventbus: the server doesn't tell its maxmemory-policy; make sure that it is noeviction")
	} else if evicts(policy) && !b.config.AllowEviction {
		return fmt.Errorf("eventbus: Redis at %s has maxmemory-policy %s and may drop events; set it to noeviction (CONFIG SET maxmemory-policy noeviction) or set Config.AllowEviction", b.address, policy)
	}
	if b.config.Environment != "development" && b.forgetful(ctx) {
		b.config.Logger.WarnContext(ctx, "eventbus: Redis has appendonly no and forgets acknowledged events when it restarts; set it to yes, and keep that in its configuration")
	}
	return nil
}

// forgetful reports whether a server, of a cluster a master, says that it keeps no
// append-only file.
func (b *Bus) forgetful(ctx context.Context) bool {
	ask := func(ctx context.Context, c redis.Cmdable) bool {
		info, err := c.Info(ctx, "persistence").Result()
		return err == nil && strings.Contains(info, "aof_enabled:0")
	}
	cluster, ok := b.redis.(*redis.ClusterClient)
	if !ok {
		return ask(ctx, b.redis)
	}
	var off atomic.Bool
	err := cluster.ForEachMaster(ctx, func(ctx context.Context, c *redis.Client) error {
		if ask(ctx, c) {
			off.Store(true)
		}
		return nil
	})
	return err == nil && off.Load()
}

// unknownPolicy stands for the maxmemory-policy of a server that doesn't tell it.
const unknownPolicy = "unknown"

// evicts reports whether a server with a maxmemory-policy evicts what it holds.
func evicts(policy string) bool { return policy != "noeviction" && policy != unknownPolicy }

// infoField returns what a server tells by a field of INFO, or "".
func infoField(ctx context.Context, c interface {
	Info(context.Context, ...string) *redis.StringCmd
}, section, name string) string {
	_, rest, _ := strings.Cut(c.Info(ctx, section).Val(), "\n"+name+":")
	value, _, _ := strings.Cut(rest, "\r")
	return value
}

// evictionPolicy returns the maxmemory-policy; of a cluster, that of a master
// that evicts, if there is one. It is unknown when a server doesn't tell.
func (b *Bus) evictionPolicy(ctx context.Context) string {
	ask := func(ctx context.Context, c redis.Cmdable) string {
		// INFO tells it also on managed servers, which hide CONFIG.
		if policy := infoField(ctx, c, "memory", "maxmemory_policy"); policy != "" {
			return policy
		}
		policy, err := c.ConfigGet(ctx, "maxmemory-policy").Result()
		if err != nil {
			return unknownPolicy
		}
		return cmp.Or(policy["maxmemory-policy"], unknownPolicy)
	}
	cluster, ok := b.redis.(*redis.ClusterClient)
	if !ok {
		return ask(ctx, b.redis)
	}
	var mu sync.Mutex
	worst := "noeviction"
	err := cluster.ForEachMaster(ctx, func(ctx context.Context, c *redis.Client) error {
		policy := ask(ctx, c)
		mu.Lock()
		defer mu.Unlock()
		if policy != "noeviction" && !evicts(worst) {
			worst = policy
		}
		return nil
	})
	if err != nil {
		return unknownPolicy
	}
	return worst
}

// mayTransact reports whether the user may use transactions. It asks with
// commands of their own: a client doesn't expect a refusal within a transaction.
func (b *Bus) mayTransact(ctx context.Context) bool {
	s := b.all()[0]
	node, err := b.node(ctx, s)
	if err != nil {
		return false
	}
	name := s.appending(b) // there is no such stream
	p := node.Pipeline()
	multi := p.Do(ctx, "multi")
	read := p.Do(ctx, "xread", "streams", name, "0-0")
	add := p.Do(ctx, "xadd", name, "nomkstream", "*", "event", "")
	rename := p.Do(ctx, "renamenx", name, s.events)
	exec := p.Do(ctx, "exec")
	_, _ = p.Exec(ctx) // each command tells for itself
	// A server without memory looks at rights first, and may have some later.
	may := func(c *redis.Cmd) bool { return c.Err() == nil || replyCode(c.Err()) == "OOM" }
	return may(multi) && may(read) && may(add) && may(rename) && replyCode(exec.Err()) != "NOPERM"
}

// node returns the client of the server that holds a shard's keys.
func (b *Bus) node(ctx context.Context, s *shard) (*redis.Client, error) {
	switch c := b.redis.(type) {
	case *redis.Client:
		return c, nil
	case *redis.ClusterClient:
		return c.MasterForKey(ctx, s.events)
	}
	return nil, errNoNode
}

// errNoNode says that a given client can't hold on to a connection.
var errNoNode = errors.New("eventbus: MinReplicas and Synced need a *redis.Client or *redis.ClusterClient")
