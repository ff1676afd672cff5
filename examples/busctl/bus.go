package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os/user"
	"path/filepath"
	"strings"

	"github.com/carebus/carebus/eventbus"
	"github.com/carebus/carebus/examples/internal/service"
	"github.com/carebus/carebus/examples/internal/setup"
	"github.com/carebus/carebus/phi"
	"github.com/carebus/carebus/phi/audit"
	"github.com/carebus/carebus/schema"
)

// redisURL returns where Redis is. There is none embedded here: it would be empty.
func (c *call) redisURL() (string, error) {
	if url := cmp.Or(c.redis, c.getenv("REDIS_URL")); url != "" {
		return url, nil
	}
	return "", errors.New("where is Redis? Set REDIS_URL or -redis, such as redis://127.0.0.1:6379")
}

// open opens the bus to look at it and at its dead letters.
func (c *call) open(ctx context.Context) (*eventbus.Bus, error) { return c.openAs(ctx, true) }

// openAs opens the bus. Whoever calls must reach one that is set up badly, too.
func (c *call) openAs(ctx context.Context, operator bool) (*eventbus.Bus, error) {
	url, err := c.redisURL()
	if err != nil {
		return nil, err
	}
	scrubber, err := newScrubber()
	if err != nil {
		return nil, err
	}
	bus, err := eventbus.Open(ctx, eventbus.Config{
		URL: url, Environment: setup.Environment(c.getenv), Scrubber: scrubber, Operator: operator, AllowEviction: true,
	})
	if err != nil {
		return nil, fmt.Errorf("the bus at -redis or REDIS_URL: %w", err)
	}
	return bus, nil
}

// newScrubber returns a scrubber with a key of its own: nothing is published
// here, and what was scrubbed before stays as it is.
func newScrubber() (*phi.Scrubber, error) {
	return phi.New(phi.Config{Key: audit.NewKey(), Registry: schema.Catalogue()})
}

// record does what changes things, and tells the operators' audit trail, which
// lies in the folder operator of the audit trail since each has one writer. What
// can't be recorded is not done.
func (c *call) record(do func() (audit.Record, error)) error {
	dir := filepath.Join(service.AuditDir(c.audit, c.getenv), "operator")
	signer, err := service.AuditSigner(dir, c.getenv)
	if err != nil {
		if setup.Environment(c.getenv) != setup.Development {
			return fmt.Errorf("nothing is changed that can't be recorded: make the operators' audit trail with `busctl audit init -audit %s -origin NAME`", dir)
		}
		if err := service.CreateDevelopmentAudit(dir); err != nil {
			return err
		}
		if signer, err = service.AuditSigner(dir, c.getenv); err != nil {
			return err
		}
	}
	trail, err := audit.Open(audit.Config{Dir: dir, Signer: signer})
	if err != nil {
		return err
	}
	r, err := do()
	r.Actor, r.Outcome = operator(), audit.OK
	if err != nil {
		r.Outcome = audit.Failed
	}
	told := trail.Append(r)
	if told != nil && trail.Err() == nil { // a name breaks the trail's rules: what was done is told without it
		r.Actor, r.Object = "operator", ""
		told = trail.Append(r)
	}
	return errors.Join(err, told, trail.Close())
}

// operator names who calls, as far as the name is one word.
func operator() string {
	u, err := user.Current()
	if err != nil || strings.Trim(u.Username, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-") != "" {
		return "operator"
	}
	return "operator/" + u.Username
}
