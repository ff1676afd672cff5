package eventbus

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
)

// An outcome says what became of an item.
type outcome struct {
	// id is that of the item's entry. When another call or attempt has appended
	// that, it is the id from which on the entry is to be looked for.
	id    string
	known bool // another call or attempt has appended it
}

// entry returns the id of the item's entry, "" if another call or attempt has
// appended it.
func (o outcome) entry() string {
	if o.known {
		return ""
	}
	return o.id
}

// write appends those of a group's events to the shard's stream that it doesn't
// have yet.
func (q *queue) write(ctx context.Context, g *group) error {
	g.outcomes = make([]outcome, len(g.items))
	left := make([]int, len(g.items))
	for i := range left {
		left[i] = i
	}
	for len(left) > 0 {
		turn, later := g.distinct(left)
		if err := q.safely(ctx, &transaction{q, g, turn}); err != nil {
			return err
		}
		rest := append(g.open(turn), later...)
		if len(rest) == len(left) {
			return errors.New("eventbus: publish: redis refused events without telling which are known")
		}
		left = rest
	}
	return nil
}

// distinct splits items into those of one transaction, which takes an identity
// once, and those for the next.
func (g *group) distinct(items []int) (turn, later []int) {
	if g.given < 2 {
		return items, nil
	}
	seen := make(map[identity]bool, len(items))
	for _, i := range items {
		if id := g.items[i].identity; seen[id] {
			later = append(later, i)
		} else {
			seen[id] = true
			turn = append(turn, i)
		}
	}
	return turn, later
}

// open returns the items without an outcome.
func (g *group) open(items []int) (open []int) {
	for _, i := range items {
		if g.outcomes[i].id == "" {
			open = append(open, i)
		}
	}
	return open
}

// safely runs a transaction and waits until it is as safe as the configuration
// asks for.
func (q *queue) safely(ctx context.Context, t *transaction) error {
	if q.bus.config.MinReplicas == 0 && !q.bus.config.Synced {
		return redisError(q.doing(), t.run(ctx, q.bus.redis))
	}
	// WAIT is about the writes of its own connection.
	node, err := q.bus.node(ctx, q.shard)
	if err != nil {
		return redisError(q.doing(), err)
	}
	conn := node.Conn()
	defer conn.Close() //nolint:errcheck // it goes back to the pool
	if err := t.run(ctx, conn); err != nil {
		return redisError(q.doing(), err)
	}
	deadline, _ := ctx.Deadline()
	err = waitFor(ctx, conn, &q.bus.config, max(time.Until(deadline)/2, time.Millisecond))
	return redisErrorOr(q.doing(), err)
}

// doing says in errors what a queue does.
func (q *queue) doing() string { return "publish to " + q.shard.events }

// A transaction appends all of its items, or none when some had been appended
// before: then it only tells which.
type transaction struct {
	queue *queue
	group *group
	items []int // of the group
}

// fewBytes is how large the events of a transaction may be in sum that go along
// with its script: it costs Redis less time to let so much pass through Lua than to
// run several commands.
const fewBytes = 4 << 10

// few reports whether the events go along with the script.
func (t *transaction) few() bool {
	n := 0
	for _, i := range t.items {
		n += len(t.group.items[i].event)
	}
	return n <= fewBytes
}

// A server is a client or a connection.
type server interface {
	redis.Scripter
	TxPipeline() redis.Pipeliner
}

// An evaluate sends a script to a client, or puts it into a pipeline.
type evaluate func(ctx context.Context, to redis.Scripter, keys []string, args ...any) *redis.Cmd

func (t *transaction) run(ctx context.Context, c server) error {
	keys, args, asked := t.arguments()
	exec := t.exec
	along := func() {
		exec = t.execAlong
		args[3] = len(t.items)
		for _, i := range t.items {
			args = append(args, &t.group.items[i].event)
		}
	}
	if t.few() {
		along()
	}
	eval := admitScript.EvalSha
	for {
		known, err := exec(ctx, c, eval, keys, args)
		switch {
		case isReply(err, "NOSCRIPT"):
			eval = admitScript.Eval
		case isReply(err, "ABSENT"):
			along()
		default:
			for n, i := range asked[:min(len(asked), len(known))] {
				if id, _ := known[n].(string); id != "" {
					t.group.outcomes[i] = outcome{id, true}
				}
			}
			return err
		}
	}
}

// arguments returns those of the script, without events, and the items whose
// identities may be known: one that the bus has just made isn't.
func (t *transaction) arguments() (keys []string, args []any, asked []int) {
	s, g := t.queue.shard, t.group
	keys = []string{s.events, s.appending, s.layout, s.dedupeA, s.dedupeB}
	args = []any{t.queue.bus.config.DedupeWindow.Milliseconds(), s.witness.highest(), g.epoch, 0, 0}
	fixed := len(keys)
	var slots []slot
	var joined []encoded // the identities of each slot
	var hashed []any
	for _, i := range t.items {
		it := &g.items[i]
		key := 0
		if it.slot == noSlot {
			hashed = append(hashed, &it.identity)
		} else {
			n := slices.Index(slots, it.slot)
			if n < 0 {
				n = len(slots)
				slots = append(slots, it.slot)
				joined = append(joined, nil)
				keys = append(keys, s.slotKey(it.slot))
			}
			joined[n] = append(joined[n], it.identity[:]...)
			key = fixed + n + 1
		}
		if it.given || g.again || !t.queue.bus.once {
			asked = append(asked, i)
			args = append(args, key, &it.identity)
		}
	}
	args[4] = len(asked)
	for n := range joined {
		args = append(args, &joined[n])
	}
	return keys, append(args, hashed...), asked
}

// execAlong runs the script with the events.
func (t *transaction) execAlong(ctx context.Context, c server, eval evaluate, keys []string, args []any) (known []any, err error) {
	reply, err := eval(ctx, c, keys, args...).Result()
	ids, appended := reply.(string)
	if !appended {
		known, _ = reply.([]any)
		return known, err
	}
	for _, i := range t.items {
		t.group.outcomes[i].id, ids, _ = strings.Cut(ids, " ")
	}
	return nil, nil
}

// exec runs the script and the commands that append the events.
func (t *transaction) exec(ctx context.Context, c server, eval evaluate, keys []string, args []any) (known []any, err error) {
	s, g := t.queue.shard, t.group
	tx := c.TxPipeline()
	admitted := eval(ctx, tx, keys, args...)
	appends := make([]*redis.StringCmd, len(t.items))
	for n, i := range t.items {
		appends[n] = redis.NewStringCmd(ctx, "xadd", s.appending, "nomkstream", "*", "event", &g.items[i].event)
		_ = tx.Process(ctx, appends[n]) // it is queued, which doesn't fail
	}
	tx.RenameNX(ctx, s.appending, s.events)
	cmds, err := tx.Exec(ctx)
	if known, refused := admitted.Val().([]any); refused {
		return known, nil // and the others failed
	}
	if err != nil {
		return nil, cause(cmds, err)
	}
	for n, i := range t.items {
		g.outcomes[i].id = appends[n].Val()
	}
	return nil, nil
}

// cause returns the error by which a transaction failed: that of the command
// that the server refused, if there is one, says more than that of the whole.
func cause(cmds []redis.Cmder, err error) error {
	for _, cmd := range cmds {
		if e := cmd.Err(); e != nil && !errors.Is(e, redis.Nil) && !isReply(e, "EXECABORT") {
			return e
		}
	}
	return err
}
