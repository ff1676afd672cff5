// Package eventbus publishes events to Redis Streams and consumes them.
//
// # Guarantees
//
// An event that [Bus.Publish] has acknowledged is in a stream, scrubbed, once:
// publishing the same source and id again within the dedupe window writes
// nothing, unless its subject is another one: that may belong to another shard. Each
// consumer group gets every event at least once. An event that can't be handled
// becomes a dead letter, which stays until it is redriven or purged. A delivery is
// counted when its handler begins: if an event crashes its consumer, the events read
// with it aren't charged a delivery.
//
// Events of one subject are handled in the order in which they were
// acknowledged, across processes. Only an event that has to be tried again comes
// later. A shard belongs to one consumer of a group at a time, by a lease that
// fences its reads; ConsumerConfig.Shared is the other way.
//
// Redis must keep what it acknowledges: run it with appendonly yes and
// maxmemory-policy noeviction. [Open] refuses a server that evicts, and warns of one
// without an append-only file, except in the environment development. A failover to a
// replica can lose events that the replica hadn't received yet. Config.MinReplicas
// and Config.Synced make that less likely. Events that were lost all the same are
// counted and reported: see Config.OnLoss.
//
// The [Scrubber] scrubs an event before a byte of it leaves the process. An event
// that can't be scrubbed is refused. No error, log line or counter of this
// package holds a value of an event.
//
// # Logs
//
// Config.Logger gets all that this package has to say. The Redis client, go-redis,
// has a logger of its own, one for the whole process, and writes to standard error
// that it can't dial, for example. The bus's errors say as much, so silence it with
// Disable of package github.com/redis/go-redis/v9/logging at the start of main, as the
// programs in examples do. [redis.SetLogger] sends its lines elsewhere; what they hold
// is up to go-redis.
//
// # Keys
//
// Events are spread over shards by their subject. All keys of a shard share a
// hash tag, and so a slot of Redis Cluster. They begin with
// carebus:{<environment>.<shard>}: and end with
//
//	events             stream; an entry has one field, event
//	appending:<name>   the same stream, within a transaction that appends
//	dead               stream of dead letters
//	lake               hash plan, last, read: how far the lake has come
//	checkpoints        hash of consumer groups, to make a lost one anew
//	dedupe:<n>         string of identities published whose ids are UUIDs of
//	                   version 7, made in the n-th 8 milliseconds since 1970
//	dedupe:<n>:looked  the same, of those that were looked for first
//	dedupe:a           hash of other identities, the running window
//	dedupe:b           the same, the window before
//	layout             hash epoch, shards, most, seal, until: how events are
//	                   spread; appending: the name of such a stream
//	lease:<group>      string: the consumer that has the shard
//
// Keys of the whole environment begin with carebus:{<environment>}: and end with
//
//	members:<group>    sorted set of a group's consumers
//	lake:members       hash of the processes that carry the shards into a lake:
//	                   until when each is alive, in milliseconds
//	lake:owners        hash of shards: which of these processes holds each
//
// The field event of an entry holds the wire form of package schema, one CloudEvents
// JSON object. An entry may have a second field, for: the only group that is to handle
// it. It was redriven from a dead letter after its first entry had been trimmed. Other
// groups and the lake pass over it.
//
// # Dedupe format
//
// An identity is the first 16 bytes of SHA-256(source, a zero byte, id), with source
// and id as they are in the stream. A string dedupe:<n> is a row of 16-byte records:
//
//	identity  16 bytes, of an event that was published
//	time      16 ASCII digits, milliseconds since 1970: the entries of the identities
//	          behind it, up to the next time, have this time or a later one in their ids
//
// A string that has 64 KiB grows no more: further identities go into the hash
// dedupe:a, as those of events do whose ids are no UUIDs of version 7. Its fields:
//
//	identity  16 bytes; the value is an entry id: the event's entry has it or a later one
//	born      when the hash's window began, in milliseconds since 1970
//
// # Dead letters and the lake's progress
//
// A dead letter has the fields reason (max_deliver, permanent, undecodable,
// invalid or environment), deliveries, group, consumer, entry (the entry's id), time (RFC
// 3339), size (in bytes) and event: what the entry held, scrubbed again, or
// absent when it can't be scrubbed.
//
// The hash lake holds the number of the last committed plan, the id of the last
// entry it took in, and how many entries were taken in since the stream began,
// "" when that isn't known. The group "lake" of a stream only shows these to
// ordinary tools; nobody reads by it.
//
// The shard of an event is the FNV-1a hash (64 bit) of its subject, else its
// tenant, else its id, modulo the number of shards. [Bus.Reshard] changes that
// number; the layout's epoch counts the changes.
//
// # Server
//
// Redis 7.0 or a compatible server is enough. A user for the bus needs no more
// than this:
//
//	ACL SETUSER carebus on ><password> resetkeys ~carebus:* resetchannels -@all
//	  +hello +auth +ping +client|setname +multi +exec
//	  +eval +evalsha +time +info +wait
//	  +xadd +xlen +xrange +xrevrange +xtrim +xdel +xsetid +xread +xreadgroup +xack +xclaim +xpending
//	  +xgroup|create +xgroup|setid +xgroup|delconsumer +xinfo|stream +xinfo|groups +xinfo|consumers
//	  +get +set +append +strlen +zadd +zrem +zrange +zremrangebyscore
//	  +hget +hmget +hset +hdel +hgetall +exists +unlink +rename +renamenx +pexpire +pttl
//
// A cluster client also needs +cluster|slots, +cluster|shards, +readonly and
// +command.
//
// Events reach the server in the order of the calls of one goroutine. Scripts
// are sent by their hash and loaded on demand. What is published in numbers is
// appended in a transaction (MULTI), by XADD itself, if the user may use that and
// XREAD; else by a script, which takes about 25 % more of Redis's CPU.
package eventbus
