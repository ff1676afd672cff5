package main

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/carebus/carebus/schema"
)

// practiceDayEvents is how many events a practice day has unless -n says otherwise.
const practiceDayEvents = 2000

// simulate makes the input n events of yesterday's work in a small practice.
// All of its people are made up from lists of common names, and their PHI is
// planted in typed fields and in free text alike, to be scrubbed.
func (in *input) simulate(n int) {
	in.simulated, in.unit, in.total = true, "event", int64(n)
	day := newPracticeDay(time.Now().UTC().AddDate(0, 0, -1))
	in.feed(func(yield func(item) bool) {
		for i := range n {
			e := day.event(i, n)
			if !yield(item{number: i + 1, event: &e, size: 1}) {
				return
			}
		}
	})
}

// A practiceDay makes up events, the same ones each time but for the date.
type practiceDay struct {
	opens    time.Time
	rnd      *rand.Rand
	patients []person
}

// A person is a made-up patient.
type person struct {
	id, given, family, email, phone, ssn, mrn, birth, street, city, zip string
}

func (p person) name() string { return p.given + " " + p.family }

var (
	givenNames  = strings.Fields("Maria James Aisha Robert Linda Wei Patricia David Priya Michael Elena Samuel Grace Omar Hannah Carlos")
	familyNames = strings.Fields("Smith Nguyen Garcia Okafor Johnson Patel Brown Kowalski Martinez Lee Haddad Wilson Svensson Young")
	streets     = []string{"Maple Street", "Oak Avenue", "Lakeview Drive", "Church Road", "Elm Court"}
	cities      = []string{"Springfield", "Riverside", "Fairview", "Greenville"}
)

func pick[T any](r *rand.Rand, from []T) T { return from[r.IntN(len(from))] }

func newPracticeDay(date time.Time) *practiceDay {
	d := &practiceDay{
		opens: time.Date(date.Year(), date.Month(), date.Day(), 8, 0, 0, 0, time.UTC),
		rnd:   rand.New(rand.NewPCG(164, 514)),
	}
	for i := range 120 {
		p := person{given: pick(d.rnd, givenNames), family: pick(d.rnd, familyNames)}
		p.id = fmt.Sprintf("%08x", d.rnd.Uint32())
		p.email = strings.ToLower(p.given+"."+p.family) + fmt.Sprintf("%d@example.com", i)
		p.phone = fmt.Sprintf("(%d) 555-01%02d", 201+d.rnd.IntN(700), d.rnd.IntN(100))
		p.ssn = fmt.Sprintf("%03d-%02d-%04d", 1+d.rnd.IntN(665), 1+d.rnd.IntN(99), 1+d.rnd.IntN(9999))
		p.mrn = fmt.Sprintf("MRN-%07d", d.rnd.IntN(10_000_000))
		p.birth = fmt.Sprintf("%d-%02d-%02d", 1935+d.rnd.IntN(75), 1+d.rnd.IntN(12), 1+d.rnd.IntN(28))
		p.street = fmt.Sprintf("%d %s", 10+d.rnd.IntN(9000), pick(d.rnd, streets))
		p.city = pick(d.rnd, cities)
		p.zip = fmt.Sprintf("%05d", 10000+d.rnd.IntN(89000))
		d.patients = append(d.patients, p)
	}
	return d
}

// event returns event i of n: the day's ten hours in order.
func (d *practiceDay) event(i, n int) schema.Envelope {
	at := d.opens.Add(10 * time.Hour * time.Duration(i) / time.Duration(n))
	p := pick(d.rnd, d.patients)
	clinician := fmt.Sprintf("clinician/%d", 1+d.rnd.IntN(8))
	e := pick(d.rnd, scenes)(d, p)
	e.Time, e.Tenant = at, "practice-1"
	e.CorrelationID = fmt.Sprintf("visit-%s-%s", p.id, at.Format("2006010215"))
	if e.Actor == "" {
		e.Actor = clinician
	}
	if e.Subject == "" {
		e.Subject = "patient/" + p.id
	}
	return e
}

// object encodes what a scene says; a map of strings and numbers always encodes.
func object(v map[string]any) json.RawMessage {
	b, err := json.Marshal(v)
	if err != nil {
		panic("a scene does not encode")
	}
	return b
}

// scenes are what happens in a practice. The frequent ones stand more than once.
var scenes = []func(*practiceDay, person) schema.Envelope{
	intake, intake, booked, booked, booked, completed, completed, completed, note, note, note, message, message,
	claim, claim, paid, paid, login, login, login, health, health, reminderFailed, updated, consent, locked, risk, backup,
}

func intake(_ *practiceDay, p person) schema.Envelope {
	return schema.Envelope{Source: "pms/intake", Event: schema.CRUD{
		Entity: "patient", Operation: schema.Created, EntityID: p.id,
		Data: object(map[string]any{
			"name": p.name(), "birth_date": p.birth, "ssn": p.ssn, "mrn": p.mrn, "email": p.email, "phone": p.phone,
			"address": map[string]any{"line": p.street, "city": p.city, "state": "IL", "postal_code": p.zip},
			"status":  "active", "language": "en",
		}),
	}}
}

func updated(d *practiceDay, p person) schema.Envelope {
	return schema.Envelope{Source: "pms/patients", Event: schema.CRUD{
		Entity: "patient", Operation: schema.Updated, EntityID: p.id,
		Changes: []schema.Change{
			{Field: "phone", Before: json.RawMessage(`"` + p.phone + `"`), After: json.RawMessage(`"` + pick(d.rnd, d.patients).phone + `"`)},
			{Field: "preferred_contact", Before: json.RawMessage(`"email"`), After: json.RawMessage(`"sms"`)},
		},
	}}
}

func booked(_ *practiceDay, p person) schema.Envelope {
	return schema.Envelope{Source: "pms/scheduling", Event: schema.Business{
		Process: "appointment", Step: "booked", Outcome: schema.Success,
		Data: object(map[string]any{"patient_name": p.name(), "service_code": "90837", "minutes": 60, "room": "2"}),
	}}
}

func completed(_ *practiceDay, p person) schema.Envelope {
	return schema.Envelope{Source: "pms/scheduling", Event: schema.Business{
		Process: "appointment", Step: "completed", Outcome: schema.Success,
		Data: object(map[string]any{"patient_id": p.id, "service_code": "90837", "minutes": 53, "phq9_score": 11}),
	}}
}

func note(_ *practiceDay, p person) schema.Envelope {
	return schema.Envelope{Source: "pms/notes", Event: schema.CRUD{
		Entity: "note", Operation: schema.Created,
		Data: object(map[string]any{
			"diagnosis": "F41.1", "minutes": 53,
			"summary": fmt.Sprintf("Mr. %s (DOB %s, %s) reports better sleep on sertraline 50 mg. Call %s or write to %s before the next visit.",
				p.family, p.birth, p.mrn, p.phone, p.email),
			"psychotherapy_notes": "Spoke about his brother " + p.given + " and the move to " + p.city + ".",
		}),
	}}
}

func message(_ *practiceDay, p person) schema.Envelope {
	return schema.Envelope{Source: "pms/messages", Event: schema.CRUD{
		Entity: "message", Operation: schema.Created,
		Data: object(map[string]any{
			"channel": "portal", "attachments": 1,
			"body": fmt.Sprintf("Hello, my name is %s. I live at %s, %s, IL %s now, my SSN is still %s.", p.name(), p.street, p.city, p.zip, p.ssn),
		}),
	}}
}

func claim(d *practiceDay, p person) schema.Envelope {
	return schema.Envelope{Source: "pms/billing", Event: schema.Business{
		Process: "claim", Step: "submitted", Outcome: schema.Pending,
		Amounts: []schema.Amount{{Name: "charge", Minor: 18000, Currency: "USD"}},
		Data: object(map[string]any{
			"member_id": fmt.Sprintf("W%09d", d.rnd.IntN(1_000_000_000)), "payer": "Acme Health", "subscriber_name": p.name(),
			"procedure": "90837", "diagnoses": []string{"F41.1", "F33.1"},
		}),
	}}
}

func paid(_ *practiceDay, p person) schema.Envelope {
	return schema.Envelope{Source: "pms/billing", Event: schema.Business{
		Process: "invoice", Step: "paid", Outcome: schema.Success,
		Amounts: []schema.Amount{{Name: "copay", Minor: 2500, Currency: "USD"}},
		Data:    object(map[string]any{"invoice": "INV-20311", "card": "4111 1111 1111 1111", "cardholder_name": p.name()}),
	}}
}

func login(d *practiceDay, p person) schema.Envelope {
	e := schema.Auth{Action: "login", Outcome: schema.Success, Method: "password", Client: &schema.Client{
		IP: fmt.Sprintf("203.0.113.%d", 1+d.rnd.IntN(250)), UserAgent: "Mozilla/5.0",
	}}
	if d.rnd.IntN(5) == 0 {
		e.Outcome, e.Reason = schema.Failure, "wrong password"
	}
	return schema.Envelope{Source: "pms/identity", Subject: "user/" + p.id, Actor: "user/" + p.id, Event: e}
}

func locked(_ *practiceDay, p person) schema.Envelope {
	return schema.Envelope{Source: "pms/identity", Subject: "user/" + p.id, Event: schema.Auth{
		Action: "lockout", Outcome: schema.Denied, Reason: "too many attempts",
		Data: object(map[string]any{"username": p.email}),
	}}
}

func consent(_ *practiceDay, p person) schema.Envelope {
	return schema.Envelope{Source: "pms/consents", Event: schema.Business{
		Process: "consent", Step: "granted", Outcome: schema.Success,
		Data: object(map[string]any{"form": "telehealth-v3", "signature": p.name()}),
	}}
}

func risk(_ *practiceDay, p person) schema.Envelope {
	return schema.Envelope{Source: "pms/assessments", Event: schema.Business{
		Process: "risk", Step: "flagged",
		Data: object(map[string]any{"instrument": "C-SSRS", "score": 4, "emergency_contact": map[string]any{"name": "Rosa " + p.family, "phone": p.phone}}),
	}}
}

func health(_ *practiceDay, _ person) schema.Envelope {
	return schema.Envelope{Source: "pms/ops", Subject: "component/scheduling-api", Actor: "system/monitor", Event: schema.System{
		Action: "health", Component: "scheduling-api", Status: "ok", Code: "200",
		Data: object(map[string]any{"version": "2.14.1", "latency_ms": 12.5}),
	}}
}

func backup(_ *practiceDay, _ person) schema.Envelope {
	return schema.Envelope{Source: "pms/ops", Subject: "component/db", Actor: "system/cron", Event: schema.System{
		Action: "backup", Component: "db", Status: "ok",
		Data: object(map[string]any{"sha256": strings.Repeat("9f86d081884c7d65", 4), "bytes": 73400320}),
	}}
}

func reminderFailed(_ *practiceDay, p person) schema.Envelope {
	return schema.Envelope{Source: "pms/reminders", Subject: "component/reminders", Actor: "system/cron", Event: schema.System{
		Action: "error", Component: "reminders", Status: "failed", Code: "SMTP-550",
		Message: fmt.Sprintf("could not send a reminder to %s <%s>, fallback to %s failed", p.name(), p.email, p.phone),
	}}
}
