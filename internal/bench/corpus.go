package main

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
)

// A corpus is documents to scrub, with invented people in them.
type corpus struct {
	scenario  string // of which it is the input
	documents []document
}

// A document is one input, and the values in it that must go.
type document struct {
	Text    string   `json:"text"`
	Planted []string `json:"planted"`
}

// left counts the planted values that are still in out.
func (d document) left(out string) int {
	n := 0
	for _, p := range d.Planted {
		if strings.Contains(out, p) {
			n++
		}
	}
	return n
}

// planted is how many values are planted in the corpus.
func (c corpus) planted() int {
	n := 0
	for _, d := range c.documents {
		n += len(d.Planted)
	}
	return n
}

const corpusDocuments = 200

var (
	// jsonCorpus is events of about 1 KB, PHI in typed fields and in a note.
	jsonCorpus = newCorpus("scrub_json", jsonDocument)
	// textCorpus is progress notes of about 1.5 KB.
	textCorpus = newCorpus("scrub_text", textDocument)
)

func newCorpus(scenario string, write func(person) document) corpus {
	c := corpus{scenario: scenario}
	random := rand.New(rand.NewPCG(1, 2)) // the same documents in every run
	for range corpusDocuments {
		c.documents = append(c.documents, write(newPerson(random)))
	}
	return c
}

// A person is invented.
type person struct {
	given, family, spouse, clinician string
	email, phone, ssn, mrn, born     string
	street, city                     string
	visit, score, before             int
}

var (
	givenNames  = []string{"Marisol", "Teodor", "Annika", "Darnell", "Priya", "Callum", "Yolanda", "Ruben", "Ingrid", "Tobias"}
	familyNames = []string{"Quintanilla", "Engstrom", "Okonkwo", "Villanueva", "Abernathy", "Kowalczyk", "Thibodeaux", "Ramaswamy", "Lindqvist", "Castellanos"}
	streets     = []string{"Alder Court", "Juniper Lane", "Old Mill Road", "Harbor Street", "Willow Avenue"}
	cities      = []string{"Corvallis, OR 97330", "Duluth, MN 55802", "Asheville, NC 28801", "Yakima, WA 98901"}
)

func newPerson(r *rand.Rand) person {
	pick := func(from []string) string { return from[r.IntN(len(from))] }
	p := person{
		given: pick(givenNames), family: pick(familyNames), spouse: pick(givenNames), clinician: pick(familyNames),
		phone: fmt.Sprintf("(503) 555-01%02d", r.IntN(100)),
		ssn:   fmt.Sprintf("5%02d-%02d-%04d", r.IntN(80)+10, r.IntN(80)+10, r.IntN(8000)+1000),
		mrn:   fmt.Sprintf("TQ-%07d", r.IntN(9_000_000)+1_000_000),
		born:  fmt.Sprintf("%02d/%02d/19%d", r.IntN(12)+1, r.IntN(28)+1, r.IntN(50)+45),
		city:  pick(cities), street: fmt.Sprintf("%d %s", r.IntN(900)+100, pick(streets)),
		visit: r.IntN(20) + 2, score: r.IntN(10) + 5, before: r.IntN(10) + 12,
	}
	p.email = strings.ToLower(p.given+"."+p.family) + "@example.com"
	return p
}

// planted are the values that all contenders say they find.
func (p person) planted() []string { return []string{p.family, p.email, p.phone, p.ssn} }

func jsonDocument(p person) document {
	note := fmt.Sprintf("%s %s (DOB %s, MRN %s) reports better sleep on sertraline 50 mg. Call %s or write to %s before the next visit. "+
		"Continue weekly sessions, PHQ-9 down from %d to %d.", p.given, p.family, p.born, p.mrn, p.phone, p.email, p.before, p.score)
	b, err := json.Marshal(map[string]any{
		"specversion": "1.0", "id": "0192f8a0-7b6c-7c3e-8b7e-2f1f5a9c0d11", "source": "pms/notes", "type": "note.created",
		"time": "2026-11-24T10:00:00.123456Z", "subject": "patient/8f2a91cc", "kind": "crud", "severity": "low",
		"environment": "production", "tenant": "practice-1", "actor": "clinician/7", "schemaversion": 1, "dataclassification": "restricted",
		"data": map[string]any{
			"entity_id": "99812", "diagnosis": "F41.1", "minutes": 53, "service_code": "90837", "session": p.visit,
			"patient": map[string]any{"first_name": p.given, "last_name": p.family, "phone": p.phone, "email": p.email, "ssn": p.ssn, "address": p.street + ", " + p.city},
			"summary": note,
			"plan":    "Continue sertraline 50 mg daily, review in two weeks, sleep diary, behavioural activation, no safety concerns today.",
		},
	})
	if err != nil {
		panic(err) // strings and numbers are always JSON
	}
	return document{string(b), p.planted()}
}

func textDocument(p person) document {
	text := fmt.Sprintf(`PROGRESS NOTE
Patient: %[1]s %[2]s    DOB: %[3]s    MRN: %[4]s    SSN: %[5]s
Provider: Dr. %[6]s, LCSW

%[1]s presents for session %[7]d of cognitive behavioral therapy. The client reports that sleep has improved since the last visit, from
about four to six hours a night, and that the nightmares which followed the accident come less often now. There is no suicidal
ideation, intent or plan. The PHQ-9 score was %[8]d (down from %[9]d) and the GAD-7 was 9. Sertraline 100 mg daily and hydroxyzine
25 mg as needed continue, without side effects other than a dry mouth in the mornings.

Partner %[10]s joined for the last fifteen minutes and described how hard it has been to watch the withdrawal from their friends.
%[1]s %[2]s agreed to small goals for each week: a walk in the morning, one phone call to a friend, and keeping the thought
record that we began in the spring.

Lives at %[11]s, %[12]s. Call %[13]s or write to %[14]s to confirm.
Assessment: post-traumatic stress disorder (F43.10), major depressive disorder, moderate (F33.1), both improving.
Plan: continue weekly sessions (CPT 90837), review the safety plan, and coordinate with the primary care physician.
`, p.given, p.family, p.born, p.mrn, p.ssn, p.clinician, p.visit, p.score, p.before, p.spouse, p.street, p.city, p.phone, p.email)
	return document{text, p.planted()}
}
