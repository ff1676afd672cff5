package schema_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"time"

	"github.com/carebus/carebus/schema"
)

// IntakeScored is an event type of a service's own. Its name is written by
// hand, its fields are described by tags, and members that a later version may
// add are kept.
type IntakeScored struct {
	schema.Private
	PatientID string          `json:"patient_id" schema:"required" phi:"person_id" doc:"Whose intake it is."`
	Form      string          `json:"form" schema:"required,enum=phq9|gad7"`
	Score     int             `json:"score" schema:"required,min=0,max=27"`
	Contact   string          `json:"contact,omitempty" phi:"phone"`
	Rest      json.RawMessage `json:"-" schema:"rest"`
}

func (IntakeScored) Type() string    { return "intake.scored" }
func (IntakeScored) Validate() error { return nil }

// exampleRegistry knows the catalogue's types and IntakeScored.
func exampleRegistry() *schema.Registry {
	r := schema.Catalogue()
	schema.Register[IntakeScored](r, schema.TypeInfo{
		Name: "intake.scored", Kind: schema.KindBusiness, DataClass: schema.DataRestricted,
		Description: "An intake form was scored.", Aliases: []string{"questionnaire.scored"},
	})
	return r
}

// exampleDefaults are those of a bus, with a clock and ids that repeat.
func exampleDefaults() schema.Defaults {
	clock := func() time.Time { return time.Date(2024, 1, 15, 14, 3, 22, 0, time.UTC) }
	return schema.Defaults{
		Environment: "production",
		Now:         clock,
		NewID:       schema.IDs(clock, bytes.NewReader(make([]byte, 1000))),
	}
}

// The bus completes and encodes what is published; this shows its work.
func Example() {
	registry := schema.Catalogue()
	e := schema.Envelope{
		Source: "pms/scheduling", Subject: "appointment/81", Tenant: "practice-1",
		Event: schema.Business{
			Process: "appointment", Step: "booked", Outcome: schema.Success,
			Amounts: []schema.Amount{{Name: "copay", Minor: 2500, Currency: "USD"}},
			Data:    json.RawMessage(`{"clinician_id":"c-7"}`),
		},
	}
	if err := registry.Complete(&e, exampleDefaults()); err != nil {
		fmt.Println(err)
		return
	}
	wire, err := e.AppendJSON(nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	read, err := registry.Decode(wire)
	if err != nil {
		fmt.Println(err)
		return
	}
	booked := read.Event.(schema.Business)
	fmt.Println(read.Kind, read.Severity, read.Time.Format(time.DateOnly), booked.Amounts[0].Minor, string(booked.Data))
	// Output: business low 2024-01-15 2500 {"clinician_id":"c-7"}
}

// Every type says what it is, for lists and menus.
func ExampleCatalogue() {
	for _, info := range schema.Catalogue().Types() {
		if info.Severity == schema.SeverityCritical {
			fmt.Println(info.Name, info.Kind, info.Description)
		}
	}
	// Output:
	// auth.emergency_access auth Someone used emergency access (45 CFR 164.312(a)(2)(ii)).
	// risk.flagged business A patient was flagged at risk.
}

// A type of one's own is decoded by its name, and by the name that it had before.
func ExampleRegister() {
	registry := exampleRegistry()
	e, err := registry.DecodeInput([]byte(`{"type":"questionnaire.scored","source":"intake/web",
		"data":{"patient_id":"p-42","form":"phq9","score":12,"added_later":true}}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	scored := e.Event.(IntakeScored)
	fmt.Println(e.Type(), scored.Score, string(scored.Rest))
	// Output: intake.scored 12 {"added_later":true}
}

// Input from outside is told everything that is wrong with it, with pointers
// into the document and without its values.
func ExampleRegistry_DecodeInput() {
	_, err := exampleRegistry().DecodeInput([]byte(`{"type":"intake.scored","time":"yesterday",
		"data":{"form":"phq-9","score":99}}`))
	var invalid *schema.ValidationError
	if errors.As(err, &invalid) {
		for _, f := range invalid.Faults {
			fmt.Println(f.Pointer(), f.Rule)
		}
	}
	// Output:
	// /source is required
	// /time must be an RFC 3339 date and time with a zone
	// /data/form must be one of phq9, gad7
	// /data/score must be 27 or less
	// /data/patient_id is required
}

// A payload on its own can be held to its type's schema.
func ExampleRegistry_ValidateJSON() {
	err := exampleRegistry().ValidateJSON("invoice.paid", []byte(`{"amounts":[{"minor":12.5,"currency":"USD"}]}`))
	fmt.Println(err)
	// Output: schema: invalid event: amounts[0].minor must be a whole number
}

// The second version renamed a member and asked for another. What the first
// version wrote is lifted when it is read.
func ExampleRegistry_Upcast() {
	registry := schema.NewRegistry()
	schema.Register[IntakeScored](registry, schema.TypeInfo{Name: "intake.scored", Kind: schema.KindBusiness, Version: 2})
	registry.Upcast("intake.scored", 1, schema.Steps(
		schema.RenameMember("total", "score"),
		schema.DefaultMember("form", json.RawMessage(`"phq9"`)),
	))
	e, err := registry.Decode([]byte(`{"specversion":"1.0","id":"1","source":"intake/web","type":"intake.scored",
		"schemaversion":1,"data":{"patient_id":"p-42","total":12}}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	scored := e.Event.(IntakeScored)
	fmt.Println(e.SchemaVersion, scored.Form, scored.Score)
	// Output: 2 phq9 12
}

// A test compares the types with those of the last release, read from a file.
func ExampleCheckCompatibility() {
	var released schema.SchemaSet
	err := json.Unmarshal([]byte(`{"format":"carebus.schemas/1","types":[{"name":"intake.scored","kind":"business","version":1,
		"data_class":"restricted","unknown":"keep","schema":{"$schema":"https://json-schema.org/draft/2020-12/schema","type":"object",
		"properties":{"patient_id":{"type":"string","x-phi":"person_id"},"form":{"type":"string"},
		"score":{"type":"integer","minimum":0,"maximum":27},"contact":{"type":["string","null"],"x-phi":"phone"}},
		"required":["patient_id","score"]}}]}`), &released)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, i := range schema.CheckCompatibility(released, exampleRegistry().SchemaSet(), schema.Backward) {
		fmt.Println(i)
	}
	// Output:
	// intake.scored /form: is required by the reader and may be missing (breaks backward)
	// intake.scored /form: any text may be written, and only phq9, gad7 is read (breaks backward)
}

// The file of a release is what a registry knew.
func ExampleRegistry_SchemaSet() {
	registry := schema.NewRegistry()
	schema.Register[schema.System](registry, schema.TypeInfo{Name: "system.probe", Kind: schema.KindSystem})
	file, err := json.Marshal(registry.SchemaSet())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.134s\n", file)
	// Output: {"format":"carebus.schemas/1","types":[{"name":"system.probe","kind":"system","version":1,"data_class":"confidential","unknown":"keep"
}

func ExampleRegistry_JSONSchema() {
	document, ok := exampleRegistry().JSONSchema("intake.scored")
	if !ok {
		return
	}
	var indented bytes.Buffer
	if err := json.Indent(&indented, document, "", "  "); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(indented.String())
	// Output:
	// {
	//   "$schema": "https://json-schema.org/draft/2020-12/schema",
	//   "$id": "urn:carebus:type:intake.scored:1",
	//   "title": "intake.scored",
	//   "description": "An intake form was scored.",
	//   "type": "object",
	//   "properties": {
	//     "patient_id": {
	//       "description": "Whose intake it is.",
	//       "type": "string",
	//       "x-phi": "person_id"
	//     },
	//     "form": {
	//       "type": "string",
	//       "enum": [
	//         "phq9",
	//         "gad7"
	//       ]
	//     },
	//     "score": {
	//       "type": "integer",
	//       "minimum": 0,
	//       "maximum": 27
	//     },
	//     "contact": {
	//       "type": [
	//         "string",
	//         "null"
	//       ],
	//       "x-phi": "phone"
	//     }
	//   },
	//   "required": [
	//     "patient_id",
	//     "form",
	//     "score"
	//   ]
	// }
}

// A scrubber learns from the types what their fields hold.
func ExampleRegistry_FieldClasses() {
	for _, f := range exampleRegistry().FieldClasses("intake.scored") {
		fmt.Println(f.Path, f.Class)
	}
	// Output:
	// /contact phone
	// /patient_id person_id
}

// An HTTP server serves the documents, or a build publishes them.
func ExampleRegistry_Documents() {
	documents, err := exampleRegistry().Documents(schema.AsyncAPIInfo{Title: "Riverside practice", Version: "1.4.0"})
	if err != nil {
		fmt.Println(err)
		return
	}
	_, hasAsyncAPI := documents["asyncapi.json"]
	_, hasType := documents["types/intake.scored.schema.json"]
	fmt.Println(hasAsyncAPI, hasType)
	// Output: true true
}

// An update's event tells what changed. The change of a secret is told without
// its values.
func ExampleDiff() {
	type account struct {
		Email    string `json:"email" phi:"email"`
		Role     string `json:"role" phi:"safe"`
		Password string `json:"password" phi:"secret"`
	}
	changes, err := schema.Diff(
		account{"a@example.com", "clinician", "before"},
		account{"a@example.com", "supervisor", "after"},
	)
	if err != nil {
		fmt.Println(err)
		return
	}
	event := schema.CRUD{Entity: "user", Operation: schema.Updated, EntityID: "u-42", Changes: changes}
	payload, err := json.Marshal(event)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(string(payload))
	// Output: {"entity_id":"u-42","changes":[{"field":"role","before":"clinician","after":"supervisor"},{"field":"password"}]}
}

// Events published while one is handled belong to its flow.
func ExampleWithCause() {
	booked := schema.Envelope{ID: "e-1", CorrelationID: "request-9"}
	ctx := schema.WithCause(context.Background(), booked)

	reminder := schema.Envelope{Source: "pms/reminders", Event: schema.CRUD{Entity: "task", Operation: schema.Created}}
	schema.Inherit(ctx, &reminder) // the bus does this on Publish
	fmt.Println(reminder.CorrelationID, reminder.CausationID)
	// Output: request-9 e-1
}

// A request's flow begins with its headers.
func ExampleWithTraceParent() {
	ctx := schema.WithCorrelation(context.Background(), "request-9")
	ctx = schema.WithTraceParent(ctx, "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")

	var e schema.Envelope
	schema.Inherit(ctx, &e)
	trace, ok := schema.ParseTraceParent(e.TraceParent)
	fmt.Printf("%s %x %v\n", e.CorrelationID, trace.TraceID, ok && trace.Sampled)
	// Output: request-9 0af7651916cd43dd8448eb211c80319c true
}

// Ids and times repeat in tests.
func ExampleIDs() {
	clock := func() time.Time { return time.Date(2024, 1, 15, 14, 3, 22, 0, time.UTC) }
	newID := schema.IDs(clock, bytes.NewReader([]byte("ten bytes!")))
	fmt.Println(newID())
	// Output: 018d0d6f-1c10-7465-ae20-627974657321
}

// What is printed or logged of an event holds no PHI.
func ExampleEnvelope_Format() {
	e := schema.Envelope{
		ID: "018d0d6f-1c10-7465-ae20-627974657321", Subject: "patient/Jane Doe",
		Event: schema.CRUD{Entity: "patient", Operation: schema.Created, Data: json.RawMessage(`{"first_name":"Jane"}`)},
	}
	fmt.Printf("%+v\n%+v\n", e, e.Event)
	// Output:
	// schema.Envelope(patient.created 018d0d6f-1c10-7465-ae20-627974657321)
	// schema.CRUD(patient.created)
}

// A payload type that embeds Private isn't printed either.
func ExamplePrivate() {
	log := slog.New(slog.NewTextHandler(os.Stdout, &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		if a.Key == slog.TimeKey {
			return slog.Attr{}
		}
		return a
	}}))
	scored := IntakeScored{PatientID: "p-42", Contact: "555-0100"}
	log.Info("scored", "payload", scored)
	fmt.Printf("%#v\n", scored)
	// Output:
	// level=INFO msg=scored payload="(not shown)"
	// (not shown)
}

// An event of a type that this program doesn't know is carried on as it is.
func ExampleRaw() {
	e, err := schema.Catalogue().Decode([]byte(`{"specversion":"1.0","id":"1","source":"pms","type":"room.cleaned","data":{"room":7}}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	raw := e.Event.(schema.Raw)
	fmt.Println(raw.Name, string(raw.Data))
	// Output: room.cleaned {"room":7}
}

// A CloudEvents batch is decoded event by event.
func ExampleRegistry_DecodeInputBatch() {
	events, err := schema.Catalogue().DecodeInputBatch([]byte(`[
		{"specversion":"1.0","id":"1","source":"pms","type":"user.created","data":{}},
		{"specversion":"1.0","id":"2","source":"pms","type":"auth.login","data":{}}]`))
	var batch schema.BatchError
	if errors.As(err, &batch) {
		for i := range events {
			fmt.Println(i, batch[i])
		}
	}
	// Output:
	// 0 <nil>
	// 1 schema: invalid event: data.outcome is required
}
