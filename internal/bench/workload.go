package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/carebus/carebus/phi"
	"github.com/carebus/carebus/schema"
)

// eventBytes is how large events are in Redis, about.
const eventBytes = 530

// A workload is events as a service has them and as they stand in Redis.
type workload struct {
	envelopes []schema.Envelope
	wire      [][]byte // scrubbed; what raw clients are given to send
}

// workloadEvents is how many events a workload has; they are used in turn.
const workloadEvents = 1000

// plantedPhone is in every tenth event and must be in none in Redis.
const plantedPhone = "(503) 555-0142"

// newWorkload returns events that are size bytes large in Redis, or as small
// as they can be.
func newWorkload(size int) (*workload, error) {
	scrubber, err := newScrubber(phi.Operational)
	if err != nil {
		return nil, err
	}
	registry := schema.Catalogue()
	w := &workload{}
	for i := range workloadEvents {
		bare, err := wireForm(registry, scrubber, event(i, 0))
		if err != nil {
			return nil, err
		}
		e := event(i, max(0, size-len(bare)))
		wire, err := wireForm(registry, scrubber, e)
		if err != nil {
			return nil, err
		}
		w.envelopes, w.wire = append(w.envelopes, e), append(w.wire, wire)
	}
	return w, nil
}

// attributeBytes is how large an event is without its data.
func (w *workload) attributeBytes() int {
	const plain = 1 // has nothing planted
	data := w.envelopes[plain].Event.(schema.CRUD)
	return len(w.wire[plain]) - len(data.Data) - len(`"entity_id":"",`) - len(data.EntityID)
}

// event returns the i-th event, with so many bytes of prose.
func event(i, prose int) schema.Envelope {
	phone := ""
	if i%10 == 0 {
		phone = `,"callback_phone":"` + plantedPhone + `"`
	}
	return schema.Envelope{
		Source: "pms/scheduling", Subject: fmt.Sprintf("appointment/%d", i), Tenant: "practice-7", Actor: "user/81",
		CorrelationID: "0198c5a2-7d3e-7a52-9c1b-2f6d8a4e9b10",
		Event: schema.CRUD{
			Entity: "appointment", Operation: schema.Updated, EntityID: fmt.Sprintf("apt_%d", i),
			Data: json.RawMessage(`{"status":"confirmed","room":"B12","duration_minutes":50` + phone + `,"note":"` + filler(prose) + `"}`),
		},
	}
}

const fillerText = "reminder was sent by the portal and the visit was confirmed, the room is ready and the forms are complete. "

// filler returns n bytes of prose without PHI.
func filler(n int) string { return strings.Repeat(fillerText, n/len(fillerText)+1)[:n] }

// wireForm returns what a bus writes to Redis for an event.
func wireForm(r *schema.Registry, s *phi.Scrubber, e schema.Envelope) ([]byte, error) {
	raw, err := r.AppendComplete(nil, &e, schema.Defaults{Environment: environment, Now: time.Now})
	if err != nil {
		return nil, err
	}
	wire, _, err := s.ScrubEvent(nil, raw)
	return wire, err
}

// newScrubber returns a scrubber as a service has it. The key guards nothing.
func newScrubber(p phi.Profile) (*phi.Scrubber, error) {
	return phi.New(phi.Config{Key: make([]byte, 32), Profile: p, Registry: schema.Catalogue()})
}
