package etl

import (
	"context"
	"encoding/json"
	"fmt"
)

// AmendmentFormat is the format of amendments that this package writes and reads.
const AmendmentFormat = "carebus-amendment/1"

// An Amendment stands beside a plan some of whose objects came out otherwise
// than planned, because another version, policy or key rebuilt them, or because
// entries were gone from the log. It is written after the plan's objects and
// before the cursor is committed, and says what they hold.
type Amendment struct {
	Format  string          `json:"format"` // "carebus-amendment/1"
	Plan    string          `json:"plan"`   // SHA-256 of the plan's JSON, in hex
	Policy  string          `json:"policy,omitempty"`
	Objects []AmendedObject `json:"objects"` // only those that differ from the plan
	// Refused lists the entries without a row that the amending writer's
	// scrubber, rules or transforms refused, the latter without a reason when
	// they dropped them; other missing entries were in the log no more.
	Refused []PlanQuarantined `json:"refused,omitempty"`
}

// An AmendedObject is an object as it is in the lake.
type AmendedObject struct {
	Key    string `json:"key"`
	Rows   int    `json:"rows"`   // 0: the object is empty
	SHA256 string `json:"sha256"` // of the rows before encoding, in hex
	// Missing are the entries of the plan's object that have no row, as
	// indices like those of the plan.
	Missing string `json:"missing,omitempty"`
}

// amend records what came out otherwise than planned, if anything did. Objects
// never change, so that all writers find the same and the first one's record is
// as good as any.
func (c *carrier) amend(ctx context.Context, p *Plan, sum string, results []result, refused map[int]refusal) error {
	a := Amendment{Format: AmendmentFormat, Plan: sum, Policy: c.config.Policy}
	byReason := map[refusal][]int{}
	missing := 0
	for i, r := range results {
		planned := &p.Objects[i]
		if r.sum == planned.SHA256 {
			continue
		}
		for _, m := range r.missing {
			if f, ok := refused[m]; ok {
				byReason[f] = append(byReason[f], m)
			}
		}
		missing += len(r.missing)
		a.Objects = append(a.Objects, AmendedObject{
			Key: planned.Key, Rows: r.rows, SHA256: r.sum, Missing: string(appendSet(nil, r.missing)),
		})
	}
	if len(a.Objects) == 0 {
		return nil
	}
	a.Refused = quarantinedBy(byReason)
	raw, err := json.Marshal(a)
	if err != nil {
		return fmt.Errorf("etl: encode amendment: %w", err)
	}
	raw = append(raw, '\n')
	c.logger.WarnContext(ctx, "etl: a plan is carried out otherwise than planned",
		"plan", p.Number, "objects", len(a.Objects), "rows_missing", missing)
	_, err = c.put(ctx, Object{
		Key: c.layout.amendment(p.Log, p.Number), Body: raw, ContentType: "application/json", SHA256: hashHex(raw),
	})
	return err
}
