package eventbus

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"maps"
	"strconv"

	"github.com/redis/go-redis/v9"
)

// identity is what the dedupe knows an event by.
type identity [16]byte

// identify returns an event's identity: the first 16 bytes of the SHA-256 of
// source, a zero byte and id.
func identify(source, id string) identity {
	var b [256]byte
	s := append(append(append(b[:0], source...), 0), id...)
	sum := sha256.Sum256(s)
	return identity(sum[:16])
}

// MarshalBinary makes a pointer to an identity an argument of a command without
// an allocation.
func (i *identity) MarshalBinary() ([]byte, error) { return i[:], nil }

// A slot holds the identities of events whose ids, UUIDs of version 7, were made
// within the same 8 milliseconds. Those of other ids are in the shard's hashes.
//
// A slot takes 16 bytes an identity, a fifth of what a hash takes, and hardly any
// time to add to. It is read whole to look for one, so what comes to a slot of 64
// KiB, as when ids are made by a clock that stands, goes into the hash too.
type slot int64

const noSlot slot = -1

// slotOf returns the slot of an event's id. RFC 9562, 5.7: the first 48 bits of
// a UUID of version 7 are its time in milliseconds.
func slotOf(id string) slot {
	if len(id) != 36 || id[8] != '-' || id[14] != '7' {
		return noSlot
	}
	var ms [8]byte
	if _, err := hex.Decode(ms[2:], []byte(id[:8]+id[9:13])); err != nil {
		return noSlot
	}
	return slot(binary.BigEndian.Uint64(ms[:]) >> 3) //nolint:gosec // 45 bits
}

// A slot is two strings. An identity that was looked for is in the second one, so
// that one that isn't needs a look only there, where hardly any are.
func (s *shard) slotKey(n slot) string   { return s.prefix + "dedupe:" + strconv.FormatInt(int64(n), 10) }
func (s *shard) lookedKey(n slot) string { return s.slotKey(n) + ":looked" }

// findRecords returns, for each of some events, the id from which on its entry is to
// be looked for, "" for one that the shard's dedupe doesn't know.
func (b *Bus) findRecords(ctx context.Context, s *shard, events []item) ([]string, error) {
	slots := map[slot][]*redis.StringCmd{}
	fields := make([]string, len(events))
	var hashes []*redis.SliceCmd
	cmds, _ := b.redis.Pipelined(ctx, func(p redis.Pipeliner) error {
		for i, it := range events {
			fields[i] = string(it.identity[:])
			if it.slot != noSlot && slots[it.slot] == nil {
				slots[it.slot] = []*redis.StringCmd{p.Get(ctx, s.slotKey(it.slot)), p.Get(ctx, s.lookedKey(it.slot))}
			}
		}
		// In this order: what goes from the running hash to the one before in
		// between is seen in one of them.
		hashes = []*redis.SliceCmd{p.HMGet(ctx, s.dedupeA, fields...), p.HMGet(ctx, s.dedupeB, fields...)}
		return nil
	})
	for _, cmd := range cmds {
		if err := cmd.Err(); err != nil && !errors.Is(err, redis.Nil) {
			return nil, redisError("look for what was published to "+s.events, err)
		}
	}
	from := make([]string, len(events))
	for _, values := range hashes {
		for i, value := range values.Val() {
			id, _ := value.(string)
			from[i] = cmp.Or(from[i], id)
		}
	}
	records := make(map[slot]map[identity]string, len(slots))
	for n, strings := range slots {
		records[n] = map[identity]string{}
		for _, cmd := range strings {
			maps.Copy(records[n], parseSlot(cmd.Val()))
		}
	}
	for i, it := range events {
		from[i] = cmp.Or(from[i], records[it.slot][it.identity])
	}
	return from, nil
}

// parseSlot returns the identities in a slot and from which id on the entry of
// each is to be looked for. A slot holds records of 16 bytes: an identity, or 16
// digits, the time in milliseconds of the identities behind them.
func parseSlot(data string) map[identity]string {
	records := make(map[identity]string, len(data)/len(identity{}))
	from := ""
	for ; len(data) >= len(identity{}); data = data[len(identity{}):] {
		record := data[:len(identity{})]
		if ms, err := strconv.ParseUint(record, 10, 64); err == nil {
			from = strconv.FormatUint(ms, 10) + "-0"
		} else if key := identity([]byte(record)); records[key] == "" {
			records[key] = from
		}
	}
	return records
}
