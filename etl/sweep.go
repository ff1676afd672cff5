package etl

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/carebus/carebus/schema"
)

// A DeletionAuditor keeps the record of what is deleted.
type DeletionAuditor interface {
	// Deletion is called twice for each object: before it is deleted, and after
	// that, with Done. When it fails before, the object is not deleted. Either
	// failure ends the sweep. One call is made at a time.
	Deletion(ctx context.Context, d Deletion) error
}

// A Deletion is one object's.
type Deletion struct {
	Done      bool
	At        time.Time
	Key       string
	Bytes     int64
	Rows      int    // as planned; 0 if the plan is gone
	SHA256    string // of the rows before encoding, as planned
	DataClass schema.DataClass
	Written   time.Time
	Days      int // that the object had to be kept for
}

// SweepConfig says what [Sweep] deletes.
type SweepConfig struct {
	Store       Store            // required
	Auditor     DeletionAuditor  // required
	Environment string           // required
	Rules       []RetentionRule  // required; see DefaultRetention
	Prefix      string           // as in [Config]
	DryRun      bool             // only count; nothing is deleted or audited. Default false
	Now         func() time.Time // the clock; default [time.Now]
}

// SweepReport counts what a sweep found.
type SweepReport struct {
	Examined int   `json:"examined"` // objects with rows
	Deleted  int   `json:"deleted"`
	Bytes    int64 `json:"bytes"`   // of those
	Held     int   `json:"held"`    // due, and kept by a [Hold]
	Refused  int   `json:"refused"` // due, and kept by the store, such as by a lock of S3; the error says why
	Kept     int   `json:"kept"`    // not due yet, or without a rule
}

// Sweep deletes the objects of an environment's tables and quarantine that are
// older than their rule says, and has the auditor record each. Objects on [Hold]
// stay, also when the hold is placed while it sweeps. One that the store refuses to
// delete ([ErrPermanent]) keeps no other from being deleted; the error tells of it.
// Plans stay: they hold no content, and prove what was there; give [Verify] the time to
// which objects are deleted. Objects under names that no pipeline can have written are left to whoever
// put them there; [Strays] finds them. So is what stands in other folders than those
// of tables, such as a lake whose prefix begins with a word and this environment.
//
// The data class of an object is that of its plan. Where no plan lists it, the rule
// for any class decides. For S3, lifecycle rules do the same without a
// process that may delete: see package s3sink.
func Sweep(ctx context.Context, config SweepConfig) (SweepReport, error) {
	if config.Store == nil || config.Auditor == nil || !schema.ValidEnvironment(config.Environment) {
		return SweepReport{}, errors.New("etl: SweepConfig.Store, Auditor and Environment are required")
	}
	if err := CheckRetention(config.Rules); err != nil {
		return SweepReport{}, err
	}
	if config.Now == nil {
		config.Now = time.Now
	}
	s := &sweeper{SweepConfig: config, layout: newLayout(config.Prefix, config.Environment), known: map[string]Hold{}, plans: map[string]*Plan{}}
	err := s.run(ctx)
	return s.report, err
}

type sweeper struct {
	SweepConfig
	layout layout
	known  map[string]Hold  // by key
	plans  map[string]*Plan // by key; nil: gone
	report SweepReport
	errs   []error // of objects that the store refuses to delete
}

// maxRefused is how many refusals end a sweep: it may have no right to delete.
const maxRefused = 100

func (s *sweeper) run(ctx context.Context) error {
	holds, err := s.layout.holds(ctx, s.Store, s.known)
	if err != nil {
		return err
	}
	// What is listed while it is deleted may be listed wrongly.
	var due []Deletion
	for o, err := range s.Store.List(ctx, s.layout.prefix) {
		if err != nil {
			return err
		}
		if !s.layout.holdsRows(o.Key) || CheckKey(o.Key) != nil {
			continue
		}
		d, err := s.judge(ctx, o, holds)
		if err != nil {
			return err
		}
		if d != nil {
			due = append(due, *d)
		}
	}
	for _, d := range due {
		if err := s.carryOut(ctx, d); err != nil {
			return errors.Join(append(s.errs, err)...)
		}
		if len(s.errs) == maxRefused {
			break
		}
	}
	return errors.Join(s.errs...)
}

// judge returns the deletion of an object that is due.
func (s *sweeper) judge(ctx context.Context, o ObjectInfo, holds []Hold) (*Deletion, error) {
	now := s.Now()
	planned, listed, err := s.plannedObject(ctx, o.Key)
	if err != nil || !listed && !s.layout.inATable(o.Key) {
		return nil, err
	}
	s.report.Examined++
	days, ok := RetentionDays(s.Rules, s.Environment, planned.DataClass)
	if !ok || now.Sub(o.Written) < time.Duration(days)*day {
		s.report.Kept++
		return nil, nil
	}
	if s.held(o.Key, holds) {
		s.report.Held++
		return nil, nil
	}
	return &Deletion{
		At: now, Key: o.Key, Bytes: o.Bytes, Rows: planned.Rows, SHA256: planned.SHA256,
		DataClass: planned.DataClass, Written: o.Written, Days: days,
	}, nil
}

// held reports whether one of holds is on an object.
func (s *sweeper) held(key string, holds []Hold) bool {
	return slices.ContainsFunc(holds, func(h Hold) bool { return strings.HasPrefix(key, s.layout.prefix+h.KeyPrefix) })
}

// carryOut makes a deletion, unless a hold has been placed on the object since it
// was judged: a sweep takes long, so holds are listed anew each time.
func (s *sweeper) carryOut(ctx context.Context, d Deletion) error {
	if !s.DryRun {
		holds, err := s.layout.holds(ctx, s.Store, s.known)
		if err != nil {
			return err
		}
		if s.held(d.Key, holds) {
			s.report.Held++
			return nil
		}
		refused, err := s.delete(ctx, d)
		if err != nil {
			return err
		}
		if refused != nil {
			s.errs = append(s.errs, refused)
			s.report.Refused++
			return nil
		}
	}
	s.report.Deleted++
	s.report.Bytes += d.Bytes
	return nil
}

// delete deletes an object, with a record before and after. What keeps this object
// alone from being deleted is returned as refused.
func (s *sweeper) delete(ctx context.Context, d Deletion) (refused, err error) {
	if err := s.Auditor.Deletion(ctx, d); err != nil {
		return nil, fmt.Errorf("etl: nothing is deleted that can't be audited: %w", err)
	}
	if err := s.Store.Delete(ctx, d.Key); err != nil {
		err = fmt.Errorf("etl: delete %s: %w", d.Key, err)
		if errors.Is(err, ErrPermanent) {
			return err, nil
		}
		return nil, err
	}
	d.Done = true
	if err := s.Auditor.Deletion(ctx, d); err != nil {
		return nil, fmt.Errorf("etl: %s is deleted, but that could not be audited: %w", d.Key, err)
	}
	return nil, nil
}

// plannedObject returns what the plan of an object says of it, if it is there and lists it.
func (s *sweeper) plannedObject(ctx context.Context, key string) (_ PlanObject, listed bool, _ error) {
	log, n, ok := planOf(key)
	if !ok {
		return PlanObject{}, false, nil
	}
	planKey := s.layout.plan(log, n)
	p, known := s.plans[planKey]
	if !known {
		raw, err := s.Store.Get(ctx, planKey)
		if err != nil && !errors.Is(err, ErrNotFound) {
			return PlanObject{}, false, err
		}
		if err == nil {
			if p, _, err = s.layout.parsePlan(raw, log, n); err != nil {
				p = nil
			}
		}
		if len(s.plans) >= maxPlansKept {
			clear(s.plans)
		}
		s.plans[planKey] = p
	}
	if p != nil {
		for _, o := range p.Objects {
			if o.Key == key {
				return o, true, nil
			}
		}
	}
	return PlanObject{}, false, nil
}

// maxPlansKept bounds sweeper.plans, and the plans that Strays keeps.
const maxPlansKept = 1024
