package eventbus

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/carebus/carebus/internal/sleep"
)

// A transaction appends all of its items, or none when some had been appended
// before: then it only tells which.
type transaction struct {
	queue *queue
	batch *batch
	items []int // of the batch
}

// fewBytes is how large the events of a transaction may be in sum that go along
// with its script: what Redis reads at a time. It answers that at once, while the
// answers to more commands than one come in pieces, each of which wakes the sender.
const fewBytes = 16 << 10

// along reports whether the events go along with the script. In another attempt
// they do: what is known is told then also by a server that takes no more.
func (t *transaction) along() bool {
	if t.batch.again || !t.queue.bus.multi.Load() {
		return true
	}
	n := 0
	for _, i := range t.items {
		n += len(t.batch.items[i].event)
	}
	return n <= fewBytes
}

// A server is a client or a connection.
type server interface {
	redis.Scripter
	TxPipeline() redis.Pipeliner
	Ping(ctx context.Context) *redis.StatusCmd
}

// An evaluate sends a script to a client, or puts it into a pipeline.
type evaluate func(ctx context.Context, to redis.Scripter, keys []string, args ...any) *redis.Cmd

func (t *transaction) run(ctx context.Context, c server) error {
	keys, args := t.arguments()
	exec, refused := t.exec, false
	along := func() {
		exec = t.execAlong
		args[5] = len(t.items)
		for _, i := range t.items {
			args = append(args, &t.batch.items[i].event)
		}
	}
	if t.along() {
		along()
	}
	eval := admitScript.EvalSha
	for {
		known, err := exec(ctx, c, eval, keys, args)
		switch code := replyCode(err); {
		case code == "NOSCRIPT":
			eval = admitScript.Eval
		case code == "ABSENT":
			along()
		case code == "NOPERM" && args[5] == 0: // it appended nothing
			refused = true
			t.forsake(ctx, c)
			along()
		default:
			if refused && err == nil {
				t.queue.bus.multi.Store(false)
			}
			t.note(known)
			return err
		}
	}
}

// note takes in which identities are known, each with the id from which on its
// entry is to be looked for.
func (t *transaction) note(known []any) {
	if len(known) == 0 {
		return
	}
	from := make(map[string]string, len(known)/2)
	for n := 1; n < len(known); n += 2 {
		key, _ := known[n-1].(string)
		from[key], _ = known[n].(string)
	}
	for _, i := range t.items {
		if id := from[string(t.batch.items[i].identity[:])]; id != "" {
			t.batch.outcomes[i] = outcome{id, true}
		}
	}
}

// appending returns a name for the stream that no other transaction uses.
func (s *shard) appending(b *Bus) string {
	return s.prefix + "appending:" + b.name + ":" + strconv.FormatUint(b.acts.Add(1), 36)
}

// looked reports whether an item's identity is looked for before it is appended.
// One that the bus has just made isn't: it is nowhere. It is sent once so, and
// looks out for itself when that arrives late.
func (t *transaction) looked(it *item) bool {
	return it.given || it.slot == noSlot || t.batch.again || !t.queue.bus.once
}

// slotIdentities are the identities that a transaction adds to a slot, joined.
type slotIdentities struct {
	slot         slot
	made, looked encoded
}

// arguments returns those of the script, without events.
func (t *transaction) arguments() (keys []string, args []any) {
	s, b, config := t.queue.shard, t.batch, &t.queue.bus.config
	keys = append(make([]string, 0, 9), s.events, s.appending(t.queue.bus), s.layout, s.dedupeA, s.dedupeB)
	args = make([]any, 7, 16+2*len(t.items))
	args[0], args[1] = config.DedupeWindow.Milliseconds(), (config.DedupeWindow + config.Timeout).Milliseconds()
	behind := s.witness.highest()
	args[2], args[3], args[4], args[5] = behind.ms, behind.seq, b.epoch, 0
	fixed := len(keys)
	asked := 0
	var slots []slotIdentities
	var hashed []any
	for _, i := range t.items {
		it := &b.items[i]
		looked, key := t.looked(it), 0
		if it.slot == noSlot {
			hashed = append(hashed, &it.identity)
		} else {
			n := slices.IndexFunc(slots, func(s slotIdentities) bool { return s.slot == it.slot })
			if n < 0 {
				n = len(slots)
				slots = append(slots, slotIdentities{slot: it.slot})
				keys = append(keys, s.slotKey(it.slot), s.lookedKey(it.slot))
			}
			to := &slots[n].made
			if looked {
				to = &slots[n].looked
			}
			if *to == nil {
				*to = make([]byte, 0, len(it.identity)*len(t.items)/len(slots))
			}
			*to = append(*to, it.identity[:]...)
			key = fixed + 2*n + 1
		}
		if looked {
			asked++
			args = append(args, key, &it.identity)
		}
	}
	args[6] = asked
	for n := range slots {
		args = append(args, &slots[n].made, &slots[n].looked)
	}
	return keys, append(args, hashed...)
}

// execAlong runs the script with the events.
func (t *transaction) execAlong(ctx context.Context, c server, eval evaluate, keys []string, args []any) (known []any, err error) {
	reply, err := eval(ctx, c, keys, args...).Result()
	if err != nil { // where an answer breaks off, the client returns an empty one beside the error
		return nil, err
	}
	ids, appended := reply.(string)
	if !appended {
		known, _ = reply.([]any)
		return known, nil
	}
	for _, i := range t.items {
		t.batch.outcomes[i].id, ids, _ = strings.Cut(ids, " ")
	}
	return nil, nil
}

// forsake has the client close a connection that exec has held up: it answers
// nothing any more. The client's pool gives out first what came back last.
func (t *transaction) forsake(ctx context.Context, c server) {
	if _, held := c.(*redis.Conn); !held {
		if node, err := t.queue.bus.node(ctx, t.queue.shard); err == nil {
			c = node
		}
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	_ = c.Ping(ctx).Err() // a connection that isn't held up answers
}

// exec runs the script and the commands that append the events. Before them stands
// one that holds up the connection for good where no transaction was begun, as when
// the user has lost the right to: none of them is carried out then, and none of
// their answers is taken for that to another call.
func (t *transaction) exec(ctx context.Context, c server, eval evaluate, keys []string, args []any) (known []any, err error) {
	b := t.batch
	tx := c.TxPipeline()
	first := tx.XRead(ctx, &redis.XReadArgs{Streams: []string{keys[1]}, ID: "0-0", Block: 0}) // there is no such stream
	admitted := eval(ctx, tx, keys, args...)
	appends := make([]*redis.StringCmd, len(t.items))
	parts := []any{"xadd", keys[1], "nomkstream", "*", "event", nil}
	all := make([]any, 0, len(parts)*len(t.items))
	for n, i := range t.items {
		parts[len(parts)-1] = &b.items[i].event
		all = append(all, parts...)
		appends[n] = redis.NewStringCmd(ctx, all[len(all)-len(parts):]...)
		_ = tx.Process(ctx, appends[n]) // it is queued, which doesn't fail
	}
	tx.RenameNX(ctx, keys[1], keys[0])
	cmds, err := tx.Exec(ctx)
	if admitted.Err() != nil {
		return nil, cause(cmds, err) // and so nothing was appended, or that isn't known
	}
	if known, refused := admitted.Val().([]any); refused {
		return known, nil // and the others failed
	}
	if errors.Is(err, first.Err()) {
		err = nil // that it was refused, if it was, hindered nothing
	}
	if err = cause(cmds[2:], err); err != nil {
		var left []int
		for n, i := range t.items {
			if replyCode(appends[n].Err()) != "" { // not one whose answer was lost: that was carried out
				left = append(left, i)
			}
		}
		return nil, cmp.Or(t.forget(ctx, c, left), err)
	}
	for n, i := range t.items {
		b.outcomes[i].id = appends[n].Val()
	}
	return nil, nil
}

// errNoted says that events weren't appended and may be known all the same: to send
// them again would be taken for another copy.
var errNoted = errors.New("eventbus: redis refused events that it has noted as published; publish them again when DedupeWindow is over")

// forget has Redis forget the identities of events that were let in and refused then,
// again and again while it is away.
func (t *transaction) forget(ctx context.Context, c server, items []int) error {
	b := *t.batch
	b.again = true // all are looked for
	keys, args := (&transaction{t.queue, &b, items}).arguments()
	for len(items) > 0 && forgetScript.Run(ctx, c, keys, args...).Err() != nil {
		if !sleep.For(ctx, 20*time.Millisecond) {
			return errNoted
		}
	}
	return nil
}

// cause returns the error by which a transaction failed: that of the command
// that the server refused, if there is one, says more than that of the whole. That
// the first one reads nothing is none.
func cause(cmds []redis.Cmder, err error) error {
	for _, cmd := range cmds {
		if e := cmd.Err(); e != nil && !errors.Is(e, redis.Nil) && replyCode(e) != "EXECABORT" {
			return e
		}
	}
	if errors.Is(err, redis.Nil) {
		return nil
	}
	return err
}
