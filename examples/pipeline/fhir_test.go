package main

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/carebus/carebus/schema"
)

func TestFHIR(t *testing.T) {
	for _, profile := range []string{"operational", "safe_harbor"} {
		r, lake := runPipeline(t, "", "-format", "fhir", "-input", "testdata/bulk.ndjson", "-profile", profile)
		if r.err != nil || r.Published != 4 || r.Written != 4 {
			t.Fatalf("%s: %+v %v\n%s", profile, r.summary, r.err, r.stderr)
		}
		types := map[string]int{}
		for _, row := range readLake(t, lake) {
			types[row.eventType]++
			absent(t, bulkPHI, row.Payload)
			var resource struct{ ResourceType string }
			if json.Unmarshal([]byte(row.Payload), &resource) != nil || resource.ResourceType == "" {
				t.Errorf("%s: a payload is no resource", profile)
			}
		}
		if types["patient.created"] != 2 || types["observation.created"] != 1 || types["medication_request.created"] != 1 {
			t.Errorf("%s: types %v", profile, types)
		}
	}
}

func TestEntity(t *testing.T) {
	for in, want := range map[string]string{"Patient": "patient", "MedicationRequest": "medication_request"} {
		if got := entity(in); got != want {
			t.Errorf("entity(%s) = %s", in, got)
		}
	}
	r := schema.Catalogue()
	registerResources(r)
	for _, name := range resourceTypes {
		if _, ok := r.Lookup(entity(name) + ".created"); !ok {
			t.Errorf("%s has no type", name)
		}
	}
}

func TestDecodeResource(t *testing.T) {
	const canary = "Jane Canary"
	const patient = `{"resourceType":"Patient","id":"p-1","name":[{"family":"Canary"}]}`
	for _, c := range []struct{ name, line, subject, fault string }{
		{"a resource", patient, "patient/p-1", ""},
		{"of Windows", patient + "\r", "patient/p-1", ""},
		{"wrapped", `{"id":"x","resource":` + patient + `}`, "patient/p-1", ""},
		{"a Bundle", `{"resourceType":"Bundle","type":"batch","entry":[{"resource":` + patient + `}]}`, "", ""},
		{"an id that is none", `{"resourceType":"Patient","id":"` + canary + `"}`, "", ""},
		{"part of a resource", `{"resourceType":"Patient",`, "", "a whole resource"},
		{"a text in place of the resource", `{"id":"x","resource":"` + canary + `"}`, "", "must be an object"},
		{"several", "[" + patient + "]", "", "must be an object"},
		{"no type", `{"id":"` + canary + `"}`, "", "resourceType is required"},
		{"another type", `{"resourceType":"` + canary + `"}`, "", "a resource of FHIR R4"},
		{"a type of another release", `{"resourceType":"Transport"}`, "", "a resource of FHIR R4"},
	} {
		e, err := decodeResource([]byte(c.line))
		if c.fault == "" {
			if err != nil || e.Subject != c.subject || e.Type() == "" {
				t.Errorf("%s: %v, subject %q", c.name, err, e.Subject)
			}
		} else if err == nil || !strings.Contains(err.Error(), c.fault) || strings.Contains(err.Error(), "Canary") {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

var bulkPHI = []string{
	"Rosalind", "Achterberg", "Tobias", "Wilhelmina", "Oosterhuis", "078-05-1120", "5550123", "617-555-0143", "555-0199",
	"rosalind@example.net", "Quarry Lane", "1971-04-09", "41.785123", "73.694321",
}
