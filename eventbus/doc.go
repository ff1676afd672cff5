// Package eventbus publishes events to Redis Streams and consumes them.
//
// # Guarantees
//
// An event that [Bus.Publish] has acknowledged is in a stream, scrubbed, once:
// publishing the same source and id again within the dedupe window writes
// nothing. Each consumer group is handed every event at least once; one that
// can't be handled ends as a dead letter, and a delivery counts when its handler
// begins, so what stands beside an event that brings processes down isn't given
// up with it.
//
// Events of one subject are handled in the order in which they were
// acknowledged, across processes, unless one of them has to be tried again: it
// comes later then. A shard belongs to one consumer of a group at a time, by a
// lease that fences its reads; see ConsumerConfig.Shared for the other way.
//
// What Redis acknowledges it must also keep: run it with appendonly yes and
// maxmemory-policy noeviction. [Open] refuses a server that evicts, and warns of one
// without an append-only file, except in the environment development. A failover to a replica can lose what the replica
// hadn't got yet. Config.MinReplicas and Config.Synced narrow that; what was
// lost all the same is counted and reported, see Config.OnLoss.
//
// Before a byte leaves the process it has been through the [Scrubber]; an event
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
// An entry may have a second field, for: the one group that is to handle it,
// since it was redriven from a dead letter after its first entry had been
// trimmed. Other groups and the lake pass over it.
//
// The field event holds the wire form of package schema, one CloudEvents JSON
// object.
//
// An identity is the first 16 bytes of the SHA-256 of source, a zero byte and id,
// as they stand in the stream. Such a string holds them one after the other; 16
// digits in their place are a time in milliseconds, from which on the entries of
// those behind it stand in the stream. Once it has 64 KiB, further ones go into the
// hash, whose values are ids from which on their entries stand there. The field
// born of a hash is when its window began, in milliseconds.
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
// than this; CONFIG GET may be left out, and [Status] then says that the eviction
// policy is unknown:
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
// XREAD; else by a script, which costs Redis a fourth more.
package eventbus
