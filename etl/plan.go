package etl

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/carebus/carebus/schema"
)

// PlanFormat is the format of plans that this package writes and reads.
const PlanFormat = "carebus-plan/1"

// ErrPlan says that a plan in the lake can't be obeyed: it isn't a plan, it is
// of another place, or its entries are not those of the log. It needs attention.
var ErrPlan = errors.New("etl: a plan in the lake can't be obeyed")

// A Plan says what becomes of a range of a log. It is stored as JSON, and the
// put of its key is what decides between writers: a plan that is in the lake is
// obeyed by all.
//
// Every entry of the range stands in one object, of events or of quarantine, or
// in Dropped. Entries are meant by their index in IDs.
type Plan struct {
	Format      string `json:"format"`      // "carebus-plan/1"
	Environment string `json:"environment"` // of the lake
	Log         string `json:"log"`         // the log's name
	Number      uint64 `json:"plan"`        // 1, 2, … for each log
	// Previous is the SHA-256 of the JSON of the plan before, in hex; empty for
	// the first plan of a lake.
	Previous string `json:"previous,omitempty"`
	After    string `json:"after,omitempty"` // the range begins behind this id; empty: at the log's start
	Last     string `json:"last"`            // the range ends with this id
	Entries  int    `json:"entries"`         // in IDs
	// IDs lists the entries of the range, joined by blanks. Each is
	// <ms>-<seq>, the milliseconds counted from those of the one before, or
	// <ms>-<seq>..<seq> for entries of one millisecond with successive
	// sequence numbers: "1705327402123-0..3 2-0 0-5" are six entries.
	IDs string `json:"ids"`
	// Codec is the name of the Encoder, and Policy the Config's, so that a
	// reader can tell why a rebuilt object differs.
	Codec  string `json:"codec"`
	Policy string `json:"policy,omitempty"`
	// Root is the Merkle tree hash of RFC 6962 over the rows of all entries in
	// the order of IDs, each a leaf of its line with the line feed; those in
	// Dropped have an empty leaf. In hex.
	Root        string            `json:"root"`
	Objects     []PlanObject      `json:"objects"`
	Quarantined []PlanQuarantined `json:"quarantined,omitempty"`
	Dropped     []PlanDropped     `json:"dropped,omitempty"`

	// History is the log's, as the entries were read; see [HistoryLog].
	History string `json:"history,omitempty"`
	// Late says that the history had changed when this plan was made. Its
	// entries, if any, lie at or before After: the log holds them now, but
	// the plans before do not. Last equals After.
	Late bool `json:"late,omitempty"`
	// More says that entries are left for another late plan.
	More bool `json:"more,omitempty"`
	// Vanished lists, in the form of IDs, entries of plans before that the
	// changed log has no longer. Their rows are in the lake unless an
	// [Amendment] says otherwise; consumers of the log may have missed them.
	Vanished string `json:"vanished,omitempty"`
	// Guard names the plans whose events may be published once more because
	// the log lost them. Plans after a late one carry it on for a while.
	Guard *PlanGuard `json:"guard,omitempty"`
}

// A PlanGuard names plans whose events are in the lake though the log may have
// lost them: an entry with an event of theirs, up to the id Until, is a
// publisher's second try and is dropped as [DroppedDuplicate].
type PlanGuard struct {
	From  uint64 `json:"from"`
	To    uint64 `json:"to"`
	Until string `json:"until"`
}

// DroppedDuplicate is the Transform of entries dropped because of a [PlanGuard].
const DroppedDuplicate = "duplicate"

// A PlanObject is one object of a plan.
type PlanObject struct {
	Key       string           `json:"key"`
	Rows      int              `json:"rows"`
	SHA256    string           `json:"sha256"` // of the rows before encoding, in hex
	DataClass schema.DataClass `json:"data_class,omitempty"`
	// Entries are the rows of the object in their order, as ascending indices:
	// "0-2,5".
	Entries string `json:"entries"`

	entries []int
}

// PlanQuarantined lists entries in quarantine by reason.
type PlanQuarantined struct {
	Reason    Reason `json:"reason"`
	Transform string `json:"transform,omitempty"` // with [ReasonTransform], the one that refused
	Entries   string `json:"entries"`
}

// PlanDropped lists entries that a [Transform] left out on purpose.
type PlanDropped struct {
	Transform string `json:"transform"` // its name, or [DroppedDuplicate]
	Entries   string `json:"entries"`
}

// encode returns the plan's JSON and its SHA-256.
func (p *Plan) encode() ([]byte, string, error) {
	b, err := json.Marshal(p)
	if err != nil {
		return nil, "", fmt.Errorf("etl: encode plan: %w", err)
	}
	b = append(b, '\n')
	return b, hashHex(b), nil
}

func hashHex(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// parsePlan decodes the plan of a log and checks it by the rules of [Plan].
// ids are its entries'. The error wraps [ErrPlan].
func (l layout) parsePlan(b []byte, log string, n uint64) (p *Plan, ids []entryID, err error) {
	p = new(Plan)
	if json.Unmarshal(b, p) != nil {
		err = errors.New("it is not JSON")
	} else if err = l.checkPlace(p, log, n); err == nil {
		if ids, err = p.parseRange(); err == nil {
			err = l.parseEntries(p, len(ids))
		}
	}
	if err != nil {
		return nil, nil, fmt.Errorf("%w: %s %d: %w", ErrPlan, log, n, err)
	}
	return p, ids, nil
}

// checkPlace checks whose plan it is.
func (l layout) checkPlace(p *Plan, log string, n uint64) error {
	if p.Format != PlanFormat {
		return errors.New("its format is not " + PlanFormat)
	}
	if p.Environment != l.environment || p.Log != log || p.Number != n {
		return errors.New("it is of another environment, log or number")
	}
	return nil
}

// parseRange returns the ids of the plan's entries, and checks them against its range
// and its guard.
func (p *Plan) parseRange() ([]entryID, error) {
	ids, ok := parseIDs(p.IDs)
	last, okLast := parseID(p.Last)
	if !ok || !okLast || len(ids) != p.Entries || len(ids) > 0 && last.less(ids[len(ids)-1]) {
		return nil, errors.New("its ids are invalid")
	}
	if after, ok := parseID(p.After); p.After != "" && (!ok || !p.Late && len(ids) > 0 && !after.less(ids[0])) || p.Late && p.Last != p.After {
		return nil, errors.New("its range is invalid")
	}
	if g := p.Guard; g != nil {
		if _, ok := parseID(g.Until); !ok || g.From == 0 || g.From > g.To || g.To >= p.Number {
			return nil, errors.New("its guard is invalid")
		}
	}
	return ids, nil
}

// parseEntries decodes which of the plan's n entries stand in which object, and checks
// that each stands in one or is dropped.
func (l layout) parseEntries(p *Plan, n int) error {
	assigned := make([]bool, n)
	assign := func(set string) ([]int, bool) {
		indices, ok := parseSet(set, n)
		for _, i := range indices {
			ok = ok && !assigned[i]
			assigned[i] = true
		}
		return indices, ok
	}
	keys := map[string]bool{}
	for i := range p.Objects {
		o := &p.Objects[i]
		if CheckKey(o.Key) != nil || !l.holdsRows(o.Key) || keys[o.Key] {
			return fmt.Errorf("object %d has an invalid key", i)
		}
		keys[o.Key] = true
		var ok bool
		if o.entries, ok = assign(o.Entries); !ok || len(o.entries) != o.Rows {
			return fmt.Errorf("object %d has invalid entries", i)
		}
	}
	for i, d := range p.Dropped {
		if _, ok := assign(d.Entries); !ok {
			return fmt.Errorf("dropped %d has invalid entries", i)
		}
	}
	if i := slices.Index(assigned, false); i >= 0 {
		return fmt.Errorf("entry %d is not accounted for", i)
	}
	return nil
}

// reasons returns why each quarantined entry is one, by its index.
func (p *Plan) reasons() map[int]refusal {
	m := map[int]refusal{}
	for _, q := range p.Quarantined {
		set, _ := parseSet(q.Entries, p.Entries)
		for _, i := range set {
			m[i] = refusal{q.Reason, q.Transform}
		}
	}
	return m
}

// transforms counts what the plan's transforms left out.
func (p *Plan) transforms() []TransformStats {
	var list []TransformStats
	at := func(name string) *TransformStats {
		for i := range list {
			if list[i].Name == name {
				return &list[i]
			}
		}
		list = append(list, TransformStats{Name: name})
		return &list[len(list)-1]
	}
	for _, d := range p.Dropped {
		set, _ := parseSet(d.Entries, p.Entries)
		at(d.Transform).Dropped += uint64(len(set))
	}
	for _, q := range p.Quarantined {
		if q.Transform != "" {
			set, _ := parseSet(q.Entries, p.Entries)
			at(q.Transform).Failed += uint64(len(set))
		}
	}
	return list
}
