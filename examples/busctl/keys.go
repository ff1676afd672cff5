package main

import (
	"context"
	"flag"
	"fmt"
	"strings"
	"time"

	"github.com/carebus/carebus/eventbus/httpapi"
	"github.com/carebus/carebus/eventbus/httpapi/apikey"
	"github.com/carebus/carebus/examples/internal/service"
	"github.com/carebus/carebus/examples/internal/setup"
	"github.com/carebus/carebus/phi/audit"
)

// keyStore returns the store of API keys: $CAREBUS_API_KEYS_FILE, else Redis.
func (c *call) keyStore() (apikey.Store, error) {
	if path := c.getenv("CAREBUS_API_KEYS_FILE"); path != "" {
		return apikey.NewFile(path), nil
	}
	url, err := c.redisURL()
	if err != nil {
		return nil, fmt.Errorf("where are the keys? Set CAREBUS_API_KEYS_FILE, or REDIS_URL for keys in Redis")
	}
	client, err := service.Client(url)
	if err != nil {
		return nil, err
	}
	return service.NewRedisKeys(client, setup.Environment(c.getenv)), nil
}

type keyFlags struct {
	label, scopes, kinds string
	rate                 float64
	expires, overlap     time.Duration
	anywhere             bool
}

const keysHelp = "Keys are in $CAREBUS_API_KEYS_FILE, else in Redis. A key is printed once, when it is made."

var keysCreate = command{
	name: "keys create", summary: "make an API key and print it, once", uses: "redis audit", help: keysHelp,
	flags: func(c *call, fs *flag.FlagSet) {
		f := &keyFlags{}
		c.own = f
		fs.StringVar(&f.label, "label", "", "`text` for people: who uses it")
		fs.StringVar(&f.scopes, "scopes", "publish", "what it may do: publish, read and operate, joined by commas")
		fs.StringVar(&f.kinds, "types", "", "event `types` that it may publish, or their beginnings followed by .*, joined by commas (default: all)")
		fs.Float64Var(&f.rate, "rate", 0, "`events` a second that it may publish (default: the server's limit)")
		fs.DurationVar(&f.expires, "expires", 90*24*time.Hour, "how long it lives; 0: for ever")
		fs.BoolVar(&f.anywhere, "any-environment", false, "let it work in every environment (default: in $ENVIRONMENT)")
	},
	run: func(ctx context.Context, c *call) error {
		f := c.own.(*keyFlags)
		if f.expires < 0 {
			return c.usage("-expires can't be negative; 0 is for ever")
		}
		spec := apikey.Spec{Label: f.label, Rate: f.rate, Environment: setup.Environment(c.getenv)}
		if f.anywhere {
			spec.Environment = ""
		}
		for s := range strings.SplitSeq(f.scopes, ",") {
			spec.Scopes = append(spec.Scopes, httpapi.Scope(strings.TrimSpace(s)))
		}
		if f.kinds != "" {
			spec.Types = strings.Split(f.kinds, ",")
		}
		now := time.Now()
		if f.expires > 0 {
			spec.Expires = now.Add(f.expires)
		}
		return c.makeKey(audit.KeyCreate, func(s apikey.Store) (apikey.Key, string, error) { return apikey.Create(ctx, s, spec, now) })
	},
}

// makeKey makes a key, records it and prints it.
func (c *call) makeKey(action audit.Action, create func(apikey.Store) (apikey.Key, string, error)) error {
	store, err := c.keyStore()
	if err != nil {
		return err
	}
	var key apikey.Key
	var text string
	err = c.record(func() (audit.Record, error) {
		var err error
		key, text, err = create(store)
		r := audit.Record{Action: action}
		if key.ID != "" {
			r.Object = "key/" + key.ID
		}
		return r, err
	})
	if err != nil {
		return err
	}
	if c.json {
		return c.value(map[string]any{"id": key.ID, "key": text, "scopes": key.Scopes, "environment": key.Environment, "expires": key.Expires})
	}
	fmt.Fprintf(c.stderr, "key %s, shown this once; it may %s and expires %s\n", key.ID, scopes(key.Scopes), when(key.Expires))
	c.print("%s", text)
	return nil
}

func scopes(list []httpapi.Scope) string {
	words := make([]string, len(list))
	for i, s := range list {
		words[i] = string(s)
	}
	return strings.Join(words, ",")
}

var keysList = command{
	name: "keys list", summary: "the API keys, and when they were last used", uses: "redis", help: keysHelp,
	run: func(ctx context.Context, c *call) error {
		store, err := c.keyStore()
		if err != nil {
			return err
		}
		keys, err := store.List(ctx)
		if err != nil {
			return err
		}
		used, err := store.LastUsed(ctx)
		if err != nil {
			return err
		}
		now := time.Now()
		type entry struct {
			apikey.Key
			Hash     string    `json:"hash,omitempty"` // hides the key's own, which is of no use to people, and stays empty
			Status   string    `json:"status"`
			LastUsed time.Time `json:"last_used,omitzero"`
		}
		list := make([]entry, len(keys))
		rows := make([][]string, len(keys))
		for i, k := range keys {
			list[i] = entry{Key: k, Status: k.Status(now), LastUsed: used[k.ID]}
			tone := green
			if list[i].Status != "active" {
				tone = grey
			}
			environment := k.Environment
			if environment == "" {
				environment = "any"
			}
			rows[i] = []string{k.ID, c.paint(tone, list[i].Status), scopes(k.Scopes), environment, when(k.Expires), when(used[k.ID]), k.Label}
		}
		if c.json {
			return c.value(list)
		}
		if len(keys) == 0 {
			c.print("no keys; `busctl keys create` makes one")
			return nil
		}
		c.table([]string{"KEY", "STATUS", "SCOPES", "ENVIRONMENT", "EXPIRES", "LAST USED", "LABEL"}, rows)
		return nil
	},
}

var keysRotate = command{
	name: "keys rotate", args: "KEY", summary: "make a key that may do what the old one may; the old one lives on for an overlap", uses: "redis audit", help: keysHelp,
	flags: func(c *call, fs *flag.FlagSet) {
		f := &keyFlags{}
		c.own = f
		fs.DurationVar(&f.overlap, "overlap", 24*time.Hour, "how long the old key lives on")
	},
	run: func(ctx context.Context, c *call) error {
		if len(c.args) == 0 {
			return c.usage("which key? `busctl keys list` lists them")
		}
		overlap := c.own.(*keyFlags).overlap
		if overlap < 0 {
			return c.usage("-overlap can't be negative; 0 ends the old key at once")
		}
		return c.makeKey(audit.KeyRotate, func(s apikey.Store) (apikey.Key, string, error) {
			return apikey.Rotate(ctx, s, c.args[0], overlap, time.Now())
		})
	},
}

var keysRevoke = command{
	name: "keys revoke", args: "KEY", summary: "end a key at once, its live streams too", uses: "redis audit", help: keysHelp,
	run: func(ctx context.Context, c *call) error {
		if len(c.args) == 0 {
			return c.usage("which key? `busctl keys list` lists them")
		}
		store, err := c.keyStore()
		if err != nil {
			return err
		}
		err = c.record(func() (audit.Record, error) {
			r := audit.Record{Action: audit.KeyRevoke}
			k, err := store.Get(ctx, c.args[0])
			if err == nil {
				r.Object = "key/" + k.ID
				err = apikey.Revoke(ctx, store, k.ID, time.Now())
			}
			return r, err
		})
		if err != nil {
			return err
		}
		if c.json {
			return c.value(map[string]string{"revoked": c.args[0]})
		}
		c.print("revoked")
		return nil
	},
}
