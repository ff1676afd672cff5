package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/carebus/carebus/etl"
	"github.com/carebus/carebus/examples/internal/service"
	"github.com/carebus/carebus/examples/internal/setup"
	"github.com/carebus/carebus/phi/audit"
)

// openAudit opens the audit trail. In development it is made when there is none,
// and in a folder of its own when another sink writes the default one.
func (s *sink) openAudit(ctx context.Context, getenv func(string) string, redisURL string) error {
	dir := service.AuditDir(s.audit, getenv)
	err := s.openAuditIn(dir, getenv)
	if errors.Is(err, audit.ErrLocked) && s.audit == "" && s.environment == setup.Development {
		if s.temporary, err = os.MkdirTemp("", "carebus-audit-"); err != nil {
			return err
		}
		s.logger.Warn("another process writes the audit trail; this one's is kept only while it runs", "folder", dir)
		dir = s.temporary
		err = s.openAuditIn(dir, getenv)
	}
	if err != nil || s.auditReplica == "" {
		return err
	}
	replica, err := s.openReplica(ctx, redisURL)
	if err == nil {
		s.replicator, err = audit.NewReplicator(dir, "copy", replica, s.logger)
	}
	return err
}

func (s *sink) openAuditIn(dir string, getenv func(string) string) error {
	signer, err := service.AuditSigner(dir, getenv)
	if err != nil && s.environment == setup.Development {
		if err = service.CreateDevelopmentAudit(dir); err == nil {
			signer, err = service.AuditSigner(dir, getenv)
		}
	}
	if err != nil {
		return err
	}
	s.trail, err = audit.Open(audit.Config{Dir: dir, Signer: signer, Logger: s.logger})
	switch {
	case errors.Is(err, audit.ErrLocked):
		return fmt.Errorf("%w: give each a folder of its own by -audit or CAREBUS_AUDIT_DIR, not %s", err, dir)
	case err != nil:
		return fmt.Errorf("the audit trail in %s: %w; `busctl audit verify` tells more", dir, err)
	}
	return nil
}

func (s *sink) openReplica(ctx context.Context, redisURL string) (audit.Replica, error) {
	if s.auditReplica == "redis" {
		client, err := service.Client(redisURL)
		return service.RedisReplica{Client: client, Prefix: "carebus:{" + s.environment + "}:audit"}, err
	}
	where := s.auditReplica
	if where == "lake" {
		where = s.options.lake
	}
	store, err := setup.Lake(ctx, where)
	return service.LakeReplica{Sink: store}, err
}

// closeAudit signs the trail's end.
func (s *sink) closeAudit() {
	if s.trail == nil {
		return
	}
	if err := s.trail.Close(); err != nil {
		s.logger.Error("the audit trail did not end well", "error", err)
	}
	if s.replicator != nil {
		ctx, cancel := context.WithTimeout(context.Background(), s.drain)
		defer cancel()
		if err := s.replicator.Pass(ctx); err != nil {
			s.logger.Warn("the copy of the audit trail is behind", "error", err)
		}
	}
	if s.temporary != "" {
		os.RemoveAll(s.temporary) //nolint:errcheck // a temporary folder
	}
}

// onCommit tells the audit trail of a batch that is in the lake.
func (s *sink) onCommit(c etl.Commit) {
	s.record(audit.Record{
		Action: audit.ETLCommit, Outcome: audit.OK, Actor: "sink", Object: fmt.Sprintf("shard/%s/plan/%d", c.Log, c.Plan),
		Count: c.Rows, Counts: map[string]int{"objects": len(c.Objects), "quarantined": c.Quarantined, "found": c.Found},
	})
}

// record adds to the audit trail.
func (s *sink) record(r audit.Record) {
	if err := s.trail.Append(r); err != nil {
		s.logger.Error("the audit trail could not be written", "action", string(r.Action), "error", err)
	}
}
