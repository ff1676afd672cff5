package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/carebus/carebus/etl"
	"github.com/carebus/carebus/etl/athena"
	"github.com/carebus/carebus/etl/parquet"
	"github.com/carebus/carebus/examples/internal/setup"
	"github.com/carebus/carebus/schema"
)

// lakePlace returns where the lake is: -lake, else $S3_BUCKET, else, in
// development, ./carebus-lake.
func (c *call) lakePlace() (string, error) {
	return setup.LakePlace(c.lake, c.getenv)
}

// maxProblems is how many problems are printed for people.
const maxProblems = 20

type lakeFlags struct{ retention int }

var lakeVerify = command{
	name: "lake verify", summary: "check the lake against its plans: each object there, whole, with its rows, and no other", uses: "lake",
	help: "Reads the whole lake of $ENVIRONMENT, every log that it has plans of. Plans are a chain; keep the head that is printed elsewhere, since\nplans missing at the end can't be told otherwise.",
	flags: func(c *call, fs *flag.FlagSet) {
		f := &lakeFlags{}
		c.own = f
		fs.IntVar(&f.retention, "retention-days", 0, "after how many `days` objects may be gone: the fewest that a rule of retention keeps any (default: none may)")
	},
	run: func(ctx context.Context, c *call) error {
		f := c.own.(*lakeFlags)
		if f.retention < 0 || f.retention > etl.MaxRetentionDays {
			return c.usage("-retention-days must be 1 to %d, or 0: nothing may be gone", etl.MaxRetentionDays)
		}
		logs, store, err := c.lakeLogs(ctx)
		if err != nil {
			return err
		}
		config := etl.VerifyConfig{Sink: store, Environment: setup.Environment(c.getenv), Readers: []etl.Encoder{parquet.Encoder()}}
		if f.retention > 0 {
			config.ExpiredBefore = time.Now().AddDate(0, 0, -f.retention)
		}
		ok := true
		all := map[string]etl.Verification{}
		for _, log := range logs {
			config.Log = log
			v, err := etl.Verify(ctx, config)
			if err != nil {
				return err
			}
			all[log] = v
			ok = ok && len(v.Problems) == 0
		}
		strays, err := etl.Strays(ctx, etl.StraysConfig{Store: store, Environment: setup.Environment(c.getenv)})
		if err != nil {
			return err
		}
		ok = ok && len(strays) == 0
		if c.json {
			answer := map[string]any{"ok": ok, "logs": all}
			if len(strays) > 0 {
				answer["strays"] = strays
			}
			if err := c.value(answer); err != nil {
				return err
			}
		} else {
			c.printLake(logs, all, strays)
		}
		if !ok {
			return errNotWell
		}
		return nil
	},
}

// lakeLogs opens the lake and returns the names of the logs that it has plans of.
// To find none is an error: nothing would be verified, and all seem well.
func (c *call) lakeLogs(ctx context.Context) ([]string, lakeStore, error) {
	environment := setup.Environment(c.getenv)
	where, err := c.lakePlace()
	if err != nil {
		return nil, nil, err
	}
	if !strings.HasPrefix(where, "s3://") {
		if _, err := os.Stat(where); err != nil { // to open it would make it
			return nil, nil, err
		}
	}
	sink, err := setup.Lake(ctx, where)
	if err != nil {
		return nil, nil, err
	}
	store, ok := sink.(lakeStore)
	if !ok {
		return nil, nil, errors.New("the lake's objects can't be listed")
	}
	plans := "plans/" + environment + "/"
	names := map[string]bool{}
	for o, err := range store.List(ctx, plans) {
		if err != nil {
			return nil, nil, err
		}
		log, _, _ := strings.Cut(strings.TrimPrefix(o.Key, plans), "/")
		names[log] = true
	}
	if len(names) == 0 {
		return nil, nil, fmt.Errorf("there are no plans of environment %s in %s", environment, where)
	}
	logs := slices.Collect(maps.Keys(names))
	slices.SortFunc(logs, func(a, b string) int { return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b)) }) // 2 before 10
	return logs, store, nil
}

// A lakeStore is a lake whose objects can be listed.
type lakeStore interface {
	etl.Sink
	etl.Store
}

func (c *call) printLake(logs []string, all map[string]etl.Verification, strays []etl.Stray) {
	var rows [][]string
	for _, log := range logs {
		v := all[log]
		n := func(u uint64) string { return strconv.FormatUint(u, 10) }
		rows = append(rows, []string{log, n(v.Plans), n(v.Objects), n(v.Rows), n(v.Quarantined), n(v.Lost), n(v.Expired), v.Last, v.Head[:min(len(v.Head), 16)]})
	}
	c.table([]string{"LOG", "PLANS", "OBJECTS", "ROWS", "QUARANTINED", "LOST", "EXPIRED", "LAST", "HEAD"}, rows)
	problems := 0
	for _, log := range logs {
		for _, p := range all[log].Problems {
			if problems++; problems <= maxProblems {
				c.print("%s  log %s, plan %d: %s %s", c.paint(red, "BAD"), log, p.Plan, p.Key, p.Rule)
			}
		}
	}
	for _, s := range strays {
		if problems++; problems <= maxProblems {
			c.print("%s  %s %s", c.paint(red, "BAD"), s.Key, s.Rule)
		}
	}
	if problems == 0 {
		c.print("%s", c.paint(green, "intact"))
	} else if problems > maxProblems {
		c.print("… and %d more; -json lists up to 1,000 of each log, and of strays", problems-maxProblems)
	}
}

type ddlFlags struct {
	location, database string
	first, last        int
}

var ddl = command{
	name: "ddl", summary: "the SQL that makes the lake's tables and views in Athena", uses: "lake",
	help: "The catalogue has more types than a table can list: each query of the events must name those that it wants, as in\nevent_type = 'user.created' or event_type IN (…), and finds types of your own, too. For tables that list the types of a\nsmaller registry call athena.Statements, of package etl/athena.",
	flags: func(c *call, fs *flag.FlagSet) {
		f := &ddlFlags{}
		c.own = f
		year := time.Now().UTC().Year()
		fs.StringVar(&f.location, "location", "", "where the lake is, as s3://bucket or s3://bucket/prefix (default: -lake's place)")
		fs.StringVar(&f.database, "database", "", "`name` of the database (default: the query's)")
		fs.IntVar(&f.first, "first-year", year-20, "first `year` that is looked for: by default that of the oldest events that a lake takes for timely")
		fs.IntVar(&f.last, "last-year", year+15, "last `year` that is looked for: what happens after it no query finds, until the tables are made anew")
	},
	run: func(_ context.Context, c *call) error {
		f := c.own.(*ddlFlags)
		if f.location == "" {
			f.location, _ = c.lakePlace() // what is none isn't in S3
		}
		if !strings.HasPrefix(f.location, "s3://") {
			return c.usage("Athena reads S3: say where the lake is by -location s3://bucket/prefix")
		}
		statements, err := athena.Statements(athena.Config{
			Registry: schema.Catalogue(), Location: f.location, Environment: setup.Environment(c.getenv),
			FirstYear: f.first, LastYear: f.last, Database: f.database,
		})
		if err != nil {
			return err
		}
		if c.json {
			return c.value(statements)
		}
		for _, s := range statements {
			c.print("%s;\n", s.SQL)
		}
		return nil
	},
}
