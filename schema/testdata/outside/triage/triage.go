// Package triage defines an event as a team does that shares its types with
// other services: it needs package schema and nothing else.
package triage

import (
	"encoding/json"

	"github.com/carebus/carebus/schema"
)

// Scored says that a triage form was scored.
type Scored struct {
	schema.Private
	PatientID string          `json:"patient_id" schema:"required" phi:"person_id"`
	Score     int             `json:"score" schema:"required,min=0,max=27"`
	Caller    string          `json:"caller,omitempty" phi:"name"`
	Rest      json.RawMessage `json:"-" schema:"rest"`
}

// Type returns "triage.scored".
func (Scored) Type() string { return "triage.scored" }

// Validate reports a payload without a patient.
func (s Scored) Validate() error {
	if s.PatientID == "" {
		return &schema.ValidationError{Faults: []schema.Fault{{Field: "patient_id", Rule: "is required"}}}
	}
	return nil
}

// Register adds the types of this package to a registry.
func Register(r *schema.Registry) {
	schema.Register[Scored](r, schema.TypeInfo{
		Name: "triage.scored", Kind: schema.KindBusiness, Version: 2, DataClass: schema.DataRestricted,
		Description: "A triage form was scored.", Aliases: []string{"intake.scored"},
	})
	r.Upcast("triage.scored", 1, schema.RenameMember("total", "score"))
}
