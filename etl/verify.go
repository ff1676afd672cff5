package etl

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// VerifyConfig says what [Verify] looks at.
type VerifyConfig struct {
	Sink        Sink      // required; only read
	Environment string    // required
	Log         string    // required: the log's name
	Prefix      string    // as in [Config]
	Readers     []Encoder // as in [Config]
	// ExpiredBefore is where retention has come to: objects of entries
	// published before then may be gone. Default: none may.
	ExpiredBefore time.Time
}

// Verification is what [Verify] found.
type Verification struct {
	Plans       uint64 `json:"plans"`
	Late        uint64 `json:"late"` // plans after a change of the log's history
	Objects     uint64 `json:"objects"`
	Rows        uint64 `json:"rows"` // events in the lake
	Quarantined uint64 `json:"quarantined"`
	Dropped     uint64 `json:"dropped"`
	Refused     uint64 `json:"refused"` // by an amending writer
	Lost        uint64 `json:"lost"`    // planned, and gone from the log before they were written
	Expired     uint64 `json:"expired"` // objects that retention took
	Last        string `json:"last"`    // id up to which the log is carried
	Head        string `json:"head"`    // SHA-256 of the last plan, in hex: to be kept elsewhere
	// Problems lists what is not as it must be. An intact lake has none.
	Problems []Problem `json:"problems,omitempty"`
}

// A Problem is a rule of the lake that something breaks.
type Problem struct {
	Plan uint64 `json:"plan"`
	Key  string `json:"key"`
	Rule string `json:"rule"` // what should hold
}

// Verify checks the lake of one log against its plans: that the plans are a
// chain, each with the hash of the one before and beginning where that ended;
// that each object is there, whole, and holds the rows of its plan or of the
// amendment; and that the rows hash to the plan's Merkle root. Plans that are
// missing before others are a problem each; of a sink that can't list its keys, as
// a [Store] does, when they are fewer than 64 in a row. It can't tell whether plans
// are missing at the end: keep Head elsewhere for that. [Strays] finds objects that
// no plan lists.
//
// Its error says that the lake could not be read; what is wrong with it is in
// Problems, up to 1,000 of them.
func Verify(ctx context.Context, config VerifyConfig) (Verification, error) {
	if config.Sink == nil || config.Environment == "" || !validLogName(config.Log) {
		return Verification{}, errors.New("etl: VerifyConfig.Sink, Environment and Log are required")
	}
	if slices.Contains(config.Readers, nil) {
		return Verification{}, errors.New("etl: VerifyConfig.Readers holds a nil Encoder")
	}
	pipeline := &Config{Sink: config.Sink, Encoder: Snappy(), Readers: config.Readers}
	v := &verifier{config: config, carrier: &carrier{config: pipeline, layout: newLayout(config.Prefix, config.Environment)}}
	for n := uint64(1); len(v.Problems) < maxProblems; {
		there, err := v.plan(ctx, n)
		if err != nil {
			return v.Verification, err
		}
		if there {
			n++
			continue
		}
		next, err := v.after(ctx, n)
		if err != nil || next == 0 {
			return v.Verification, err
		}
		for ; n < next && len(v.Problems) < maxProblems; n++ { // none when n itself was written meanwhile
			v.problem(n, v.carrier.layout.plan(v.config.Log, n), "must be there, as plan %d is", next)
			v.gap = true
		}
	}
	return v.Verification, nil
}

const maxProblems = 1000

// lookAhead is how many plans behind one that isn't there are tried where keys
// can't be listed.
const lookAhead = 64

type verifier struct {
	Verification
	config  VerifyConfig
	carrier *carrier // for reading
	gap     bool     // the plan before isn't there
	listed  bool     // behind is known
	behind  []uint64 // plans of the listing that no gap has led to yet, ascending
}

// after returns the number of the first plan from n on that is there, 0 for none.
func (v *verifier) after(ctx context.Context, n uint64) (uint64, error) {
	store, ok := v.config.Sink.(Store)
	if !ok {
		return v.lookAfter(ctx, n)
	}
	if !v.listed {
		var err error
		if v.behind, err = v.list(ctx, store); err != nil {
			return 0, err
		}
		v.listed = true
	}
	i, _ := slices.BinarySearch(v.behind, n)
	if i == len(v.behind) {
		return 0, nil
	}
	next := v.behind[i]
	v.behind = v.behind[i+1:] // should it be gone by then, the one behind it is next
	return next, nil
}

// lookAfter is after where keys can't be listed.
func (v *verifier) lookAfter(ctx context.Context, n uint64) (uint64, error) {
	for m := n; m < n+lookAhead; m++ {
		_, err := v.carrier.get(ctx, v.carrier.layout.plan(v.config.Log, m))
		if err == nil || !errors.Is(err, ErrNotFound) {
			return m, err
		}
	}
	return 0, nil
}

// list returns the numbers of the log's plans, ascending.
func (v *verifier) list(ctx context.Context, store Store) ([]uint64, error) {
	var all []uint64
	folder := v.carrier.layout.plans(v.config.Log)
	for o, err := range store.List(ctx, folder) {
		if err != nil {
			return nil, err
		}
		name, isJSON := strings.CutSuffix(strings.TrimPrefix(o.Key, folder), ".json")
		if n, err := strconv.ParseUint(name, 10, 64); isJSON && err == nil { // amendments have another name
			all = append(all, n)
		}
	}
	slices.Sort(all)
	return all, nil
}

func (v *verifier) problem(plan uint64, key, format string, args ...any) {
	v.Problems = append(v.Problems, Problem{plan, key, fmt.Sprintf(format, args...)})
}

// plan verifies a plan and reports whether it is there.
func (v *verifier) plan(ctx context.Context, n uint64) (bool, error) {
	key := v.carrier.layout.plan(v.config.Log, n)
	raw, err := v.carrier.get(ctx, key)
	if errors.Is(err, ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	sum := hashHex(raw)
	v.Plans++
	p, ids, err := v.carrier.layout.parsePlan(raw, v.config.Log, n)
	if err != nil {
		v.problem(n, key, "must be a valid plan")
		v.Head, v.gap = sum, false
		return true, nil
	}
	if p.Previous != v.Head && !v.gap {
		v.problem(n, key, "must hold the hash of the plan before")
	}
	if p.After != v.Last && !v.gap {
		v.problem(n, key, "must begin where the plan before ended")
	}
	v.Head, v.Last, v.gap = sum, p.Last, false
	if p.Late {
		v.Late++
	}
	amended, err := v.amendment(ctx, p, sum)
	if err != nil {
		return false, err
	}
	leaves := make([][]byte, len(ids))
	whole := true
	for i := range p.Objects {
		ok, err := v.object(ctx, p, &p.Objects[i], ids, amended, leaves)
		if err != nil {
			return false, err
		}
		whole = whole && ok
	}
	for _, d := range p.transforms() {
		v.Dropped += d.Dropped
	}
	if whole && rootOf(leaves) != p.Root {
		v.problem(n, key, "must hold the Merkle root of its rows")
	}
	return true, nil
}

// amendment returns the objects that a plan's amendment lists.
func (v *verifier) amendment(ctx context.Context, p *Plan, sum string) (map[string]AmendedObject, error) {
	key := v.carrier.layout.amendment(p.Log, p.Number)
	raw, err := v.carrier.get(ctx, key)
	if errors.Is(err, ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var a Amendment
	if json.Unmarshal(raw, &a) != nil || a.Format != AmendmentFormat || a.Plan != sum {
		v.problem(p.Number, key, "must be a valid amendment of the plan")
		return nil, nil
	}
	objects := map[string]AmendedObject{}
	missing, refused := 0, 0
	for _, o := range a.Objects {
		set, ok := parseSet(o.Missing, p.Entries)
		if !ok {
			v.problem(p.Number, key, "must list entries of the plan")
		}
		missing += len(set)
		objects[o.Key] = o
	}
	for _, r := range a.Refused {
		set, _ := parseSet(r.Entries, p.Entries)
		refused += len(set)
	}
	v.Refused += uint64(refused)
	v.Lost += uint64(max(0, missing-refused))
	return objects, nil
}

// object verifies an object of a plan and notes its rows as leaves. It reports
// whether the object is as planned.
func (v *verifier) object(ctx context.Context, p *Plan, o *PlanObject, ids []entryID, amended map[string]AmendedObject, leaves [][]byte) (bool, error) {
	want, rows, missing := o.SHA256, o.Rows, []int(nil)
	a, isAmended := amended[o.Key]
	if isAmended {
		want, rows = a.SHA256, a.Rows
		missing, _ = parseSet(a.Missing, p.Entries)
	}
	body, err := v.carrier.get(ctx, o.Key)
	if errors.Is(err, ErrNotFound) {
		if last, ok := parseID(p.Last); ok && last.published().Before(v.config.ExpiredBefore) {
			v.Expired++
		} else {
			v.problem(p.Number, o.Key, "must be there")
		}
		return false, nil
	}
	if err != nil {
		return false, err
	}
	encoder, err := v.carrier.encoder(p)
	if err != nil {
		return false, err
	}
	lines, err := decode(encoder, body)
	if err != nil || hashHex(lines) != want {
		v.problem(p.Number, o.Key, "must hold the rows that its plan or amendment gives the hash of")
		return false, nil
	}
	v.Objects++
	if v.carrier.layout.isQuarantine(o.Key) {
		v.Quarantined += uint64(rows)
	} else {
		v.Rows += uint64(rows)
	}
	entries := without(o.entries, missing)
	found, err := parseRows(lines)
	ok := err == nil && len(found) == len(entries) && len(found) == rows
	for k := 0; ok && k < len(found); k++ {
		ok = found[k].id == ids[entries[k]]
	}
	if !ok {
		v.problem(p.Number, o.Key, "must hold the rows that its plan or amendment lists")
		return false, nil
	}
	k := 0
	for line := range bytes.Lines(lines) {
		leaves[entries[k]] = line
		k++
	}
	return !isAmended, nil
}

// rootOf returns the Merkle tree hash of rows, in hex.
func rootOf(rows [][]byte) string {
	leaves := make([]hash, len(rows))
	for i, row := range rows {
		leaves[i] = sha256.Sum256(append([]byte{0}, row...))
	}
	root := merkleRoot(leaves)
	return hex.EncodeToString(root[:])
}
