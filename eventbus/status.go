package eventbus

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
)

// A Status is what a server tells of a bus at one moment.
type Status struct {
	Environment string // the bus's
	Connected   bool
	Latency     time.Duration // of one round trip
	Address     string
	Version     string // of the server; "" when it doesn't tell
	// Eviction is the server's maxmemory-policy, "unknown" when it doesn't
	// tell: then make sure yourself that it is noeviction.
	Eviction    string
	MemoryUsed  int64 // bytes; 0 when the server doesn't tell
	MemoryLimit int64 // bytes; 0 for none
	// Replication is the replication id of the primary's data (master_replid).
	// When it changes, another server has taken over, and events acknowledged
	// just before may be gone. "" when the server doesn't tell.
	Replication string
	Replicas    int64 // connected to the primary
	// Features are commands beyond those of Redis 7.0 that the server's version
	// has, such as WAITAOF. The bus needs none of them; Config.Synced uses WAITAOF.
	Features []string
	// Spread is over how many of the shards events are spread; the others
	// belonged to an earlier layout. Epoch counts the layouts; 0, which only
	// Config.Operator sees, says that nothing has opened the bus yet.
	Spread int
	Epoch  int64
	Shards []ShardStatus

	Stats Stats // what this process did
	Rates Rates
}

// A ShardStatus tells of one shard.
type ShardStatus struct {
	Name        string
	Stream      string // its key
	Length      int64  // entries in the stream
	FirstID     string // "" when the stream is empty
	LastID      string // of the newest entry; "" when the stream is empty
	DeadLetters int64
	Lake        LakeStatus
	Groups      []GroupStatus
}

// A LakeStatus tells how far a shard has been carried into the lake.
type LakeStatus struct {
	Plan uint64        // number of the last committed plan; 0: none yet
	Last string        // id of the last entry in the lake
	Age  time.Duration // of the oldest entry that isn't in the lake; 0: all are
}

// A GroupStatus tells of a consumer group on one shard.
type GroupStatus struct {
	Name          string // [Foreign] for one that no ConsumerConfig.Group can be
	Consumers     int64  // that read or hold entries
	Holder        string // the consumer that has the shard; "" for none, or when the group shares it
	Pending       int64  // entries delivered and not settled
	LastDelivered string // id of the last entry delivered
	// Lag is how many entries wait to be delivered for the first time; -1 when
	// Redis can't tell, which happens once entries have been deleted.
	Lag int64
	// OldestPending is how long ago the oldest pending entry was published.
	OldestPending time.Duration
}

// Foreign stands for the name of a consumer group or a consumer that none of this
// package can have. Others who write to Redis choose such names, and they may say
// anything, so they are told nobody: XINFO GROUPS shows them.
const Foreign = "(foreign)"

// nameOrForeign returns a name if it is valid.
func nameOrForeign(name string, valid func(string) bool) string {
	if valid(name) {
		return name
	}
	return Foreign
}

// Status asks the server. When it can't be reached, the error is
// [ErrUnavailable] and Connected is false. The lake's group is left out of the
// groups.
func (b *Bus) Status(ctx context.Context) (Status, error) {
	l := b.layout()
	s := Status{Environment: b.config.Environment, Address: b.address, Eviction: unknownPolicy, Spread: l.spread, Epoch: l.epoch, Stats: b.Stats()}
	s.Rates = b.samples.rates(time.Now(), s.Stats)
	began := time.Now()
	if err := b.redis.Ping(ctx).Err(); err != nil {
		return s, redisError("ping", err)
	}
	s.Connected, s.Latency = true, time.Since(began)
	if err := b.reload(ctx); err != nil { // another process may have changed the shards
		return s, err
	}
	l = b.layout()
	s.Spread, s.Epoch = l.spread, l.epoch
	info := b.info(ctx)
	s.Version = info["redis_version"]
	if v := info["valkey_version"]; v != "" {
		s.Version = "valkey " + v
	}
	s.Features = features(info["redis_version"], info["valkey_version"])
	s.Eviction = info["maxmemory_policy"] // a failover may have changed it
	if _, cluster := b.redis.(*redis.ClusterClient); cluster || s.Eviction == "" {
		s.Eviction = b.evictionPolicy(ctx)
	}
	s.MemoryUsed, s.MemoryLimit = number(info["used_memory"]), number(info["maxmemory"])
	s.Replication, s.Replicas = info["master_replid"], number(info["connected_slaves"])
	for _, sh := range b.all() {
		if err := b.watch(ctx, sh); err != nil {
			return s, err
		}
		shard, err := b.shardStatus(ctx, sh)
		if err != nil {
			return s, err
		}
		s.Shards = append(s.Shards, shard)
	}
	return s, nil
}

// newer lists commands by the version of Redis that brought them and that fixed
// what would make them dangerous; "" where Valkey hasn't got them.
var newer = []struct{ command, redis, valkey string }{
	{"WAITAOF", "7.2.0", "7.2.0"},
	{"XACKDEL", "8.2.3", ""}, // CVE-2025-62507 before
	{"XREADGROUP CLAIM", "8.4.0", ""},
	{"XADD IDMP", "8.6.0", ""},
}

// features returns the newer commands of a server by its version.
func features(redisVersion, valkeyVersion string) []string {
	var has []string
	for _, f := range newer {
		version, since := redisVersion, f.redis
		if valkeyVersion != "" {
			version, since = valkeyVersion, f.valkey
		}
		if version != "" && since != "" && !versionLess(version, since) {
			has = append(has, f.command)
		}
	}
	return has
}

// versionLess reports whether version a is older than b.
func versionLess(a, b string) bool {
	for a != "" || b != "" {
		var x, y string
		x, a, _ = strings.Cut(a, ".")
		y, b, _ = strings.Cut(b, ".")
		if number(x) != number(y) {
			return number(x) < number(y)
		}
	}
	return false
}

// info returns the fields of INFO, as far as the server tells.
func (b *Bus) info(ctx context.Context) map[string]string {
	fields := map[string]string{}
	var server redis.Cmdable = b.redis
	if node, err := b.node(ctx, b.all()[0]); err == nil {
		server = node // of a cluster, the same one each time
	}
	for _, section := range [...]string{"server", "memory", "replication"} {
		text, err := server.Info(ctx, section).Result()
		if err != nil {
			continue
		}
		for line := range strings.Lines(text) {
			if name, value, ok := strings.Cut(strings.TrimSpace(line), ":"); ok {
				fields[name] = value
			}
		}
	}
	return fields
}

func (b *Bus) shardStatus(ctx context.Context, sh *shard) (ShardStatus, error) {
	s := ShardStatus{Name: sh.name, Stream: sh.events}
	pipe := b.redis.Pipeline()
	length, dead := pipe.XLen(ctx, sh.events), pipe.XLen(ctx, sh.dead)
	first, last := pipe.XRangeN(ctx, sh.events, "-", "+", 1), pipe.XRevRangeN(ctx, sh.events, "+", "-", 1)
	lake, groups := pipe.HMGet(ctx, sh.lake, "plan", "last"), pipe.XInfoGroups(ctx, sh.events)
	if err := ask(ctx, pipe); err != nil {
		return s, redisError("status of "+sh.events, err)
	}
	s.Length, s.DeadLetters = length.Val(), dead.Val()
	if m := first.Val(); len(m) > 0 {
		s.FirstID = m[0].ID
	}
	if m := last.Val(); len(m) > 0 {
		s.LastID = m[0].ID
	}
	cursor, err := parseCursor(sh.lake, lake.Val())
	if err != nil {
		return s, err
	}
	s.Lake = LakeStatus{Plan: cursor.Plan, Last: cursor.Last}
	pipe = b.redis.Pipeline()
	const few = 8 // redriven entries, which the lake passes over, hardly come in numbers
	next := pipe.XRangeN(ctx, sh.events, start(cursor.Last), "+", few)
	var told []func() GroupStatus
	for _, g := range groups.Val() {
		if g.Name != lakeGroup {
			told = append(told, askGroup(ctx, pipe, sh, g))
		}
	}
	if err := ask(ctx, pipe); err != nil {
		return s, redisError("status of "+sh.events, err)
	}
	for i, m := range next.Val() {
		if m.Values["for"] == nil || i == few-1 { // rather too old than none
			s.Lake.Age = age(m.ID)
			break
		}
	}
	for _, group := range told {
		s.Groups = append(s.Groups, group())
	}
	return s, nil
}

// ask sends the commands of a pipeline. That there is no stream yet, or a group no
// more, is no error.
func ask(ctx context.Context, pipe redis.Pipeliner) error {
	cmds, _ := pipe.Exec(ctx) // each command tells for itself
	for _, cmd := range cmds {
		err := cmd.Err()
		if err == nil || errors.Is(err, redis.Nil) || replyCode(err) == "NOGROUP" {
			continue
		}
		var reply redis.Error
		if !errors.As(err, &reply) || !strings.Contains(reply.Error(), "no such key") {
			return err
		}
	}
	return nil
}

// askGroup puts into a pipeline what a group's status takes, and returns what
// makes that of the answers.
func askGroup(ctx context.Context, pipe redis.Pipeliner, sh *shard, g redis.XInfoGroup) func() GroupStatus {
	consumers, holder := pipe.XInfoConsumers(ctx, sh.events, g.Name), pipe.Get(ctx, sh.prefix+"lease:"+g.Name)
	pending := &redis.XPendingCmd{}
	if g.Pending > 0 {
		pending = pipe.XPending(ctx, sh.events, g.Name)
	}
	return func() GroupStatus {
		s := GroupStatus{Name: nameOrForeign(g.Name, validGroup), Pending: g.Pending, LastDelivered: g.LastDeliveredID, Lag: max(g.Lag, -1)}
		for _, c := range consumers.Val() {
			if !strings.HasPrefix(c.Name, "~") { // entries wait under such names
				s.Consumers++
			}
		}
		if name := holder.Val(); name != "" {
			s.Holder = nameOrForeign(name, validConsumer)
		}
		if p := pending.Val(); p != nil && p.Count > 0 {
			s.OldestPending = age(p.Lower)
		}
		return s
	}
}

// age returns how long ago an entry was published, by this machine's clock.
func age(id string) time.Duration {
	return max(0, time.Since(time.UnixMilli(int64(parseStreamID(id).ms)))) //nolint:gosec // milliseconds fit
}
