package etl

import (
	"context"
	"errors"
	"path"
	"strings"

	"github.com/carebus/carebus/schema"
)

// A StraysConfig says where [Strays] looks.
type StraysConfig struct {
	Store       Store  // required; only read
	Environment string // required
	Prefix      string // as in [Config]
}

// A Stray is an object among a table's that no plan lists, such as somebody's
// copy. Queries read its rows beside the planned ones.
type Stray struct {
	// Key is the object's, or the folder it stands in where its name isn't one
	// that a key of a lake may have.
	Key  string `json:"key"`
	Rule string `json:"rule"` // what should hold
}

// Strays lists the objects of an environment's tables and quarantine that no plan
// lists, up to 1,000 of them. [Verify] looks the other way, from plans to objects.
// It may run beside writers, since a plan is there before its objects, and reads
// each plan about once. What readers pass over, names that begin with a dot or an
// underscore, is no stray, nor is what stands in other folders than those of tables.
// Its error says that the lake could not be read.
func Strays(ctx context.Context, config StraysConfig) ([]Stray, error) {
	if config.Store == nil || !schema.ValidEnvironment(config.Environment) {
		return nil, errors.New("etl: StraysConfig.Store and Environment are required")
	}
	l := newLayout(config.Prefix, config.Environment)
	plans := map[string]map[string]bool{} // the keys that a plan lists, by its own
	var found []Stray
	for o, err := range config.Store.List(ctx, l.prefix) {
		if err != nil {
			return found, err
		}
		name := path.Base(o.Key)
		if !l.holdsRows(o.Key) || name[0] == '.' || name[0] == '_' || strings.HasSuffix(o.Key, "/") { // a console's folder
			continue
		}
		rule := "must be named after a log and its plan"
		if log, n, ok := planOf(o.Key); ok && validLogName(log) {
			key := l.plan(log, n)
			listed, known := plans[key]
			if !known {
				if listed, err = l.listedKeys(ctx, config.Store, log, n); err != nil {
					return found, err
				}
				if len(plans) >= maxPlansKept {
					clear(plans)
				}
				plans[key] = listed
			}
			if listed[o.Key] {
				continue
			}
			rule = "must be listed by its plan, " + key
		}
		if l.inATable(o.Key) {
			found = append(found, Stray{placeOf(o.Key), rule})
		}
		if len(found) == maxProblems {
			break
		}
	}
	return found, nil
}

// listedKeys returns the keys of the objects that a plan lists, none of a plan that
// isn't there or is invalid.
func (l layout) listedKeys(ctx context.Context, store Store, log string, n uint64) (map[string]bool, error) {
	raw, err := store.Get(ctx, l.plan(log, n))
	if err != nil && !errors.Is(err, ErrNotFound) {
		return nil, err
	}
	keys := map[string]bool{}
	if err == nil {
		if p, _, err := l.parsePlan(raw, log, n); err == nil {
			for _, o := range p.Objects {
				keys[o.Key] = true
			}
		}
	}
	return keys, nil
}

// placeOf returns a key, or of one that a pipeline can't have written the folder:
// the rest may say anything.
func placeOf(key string) string {
	for key != "." && CheckKey(key) != nil {
		key = path.Dir(key)
	}
	return key
}
