package schema_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/carebus/carebus/schema"
)

// benchmarks are events of some 500 bytes on the wire.
func benchmarks(b *testing.B) map[string]schema.Envelope {
	r := exampleRegistry()
	text := strings.Repeat("x", 120)
	events := map[string]schema.Envelope{}
	for name, event := range map[string]schema.Event{
		"crud": schema.CRUD{Entity: "user", Operation: schema.Created, EntityID: "42", Data: json.RawMessage(`{"role":"clinician","title":"` + text + `","tags":["a","b"],"active":true}`)},
		"changes": schema.CRUD{Entity: "user", Operation: schema.Updated, EntityID: "42", Changes: []schema.Change{
			{Field: "title", Before: json.RawMessage(`"` + text[:60] + `"`), After: json.RawMessage(`"` + text[:60] + `"`)}, {Field: "password"},
		}},
		"auth":     schema.Auth{Action: "login", Outcome: schema.Failure, Method: "totp", Reason: "expired", Client: &schema.Client{IP: "192.0.2.1", UserAgent: text}},
		"business": schema.Business{Process: "invoice", Step: "paid", Outcome: schema.Success, Amounts: []schema.Amount{{Name: "total", Minor: 12500, Currency: "USD"}}, Data: json.RawMessage(`{"note":"` + text + `"}`)},
		"own":      IntakeScored{PatientID: "p-42", Form: "phq9", Score: 12, Contact: text[:80], Rest: json.RawMessage(`{"a":[1,2,3]}`)},
	} {
		e := schema.Envelope{Source: "pms/identity", Subject: "user/42", Actor: "user/7", Tenant: "practice-1", CorrelationID: "c-1", Event: event}
		if err := r.Complete(&e, defaults); err != nil {
			b.Fatal(err)
		}
		events[name] = e
	}
	return events
}

func BenchmarkAppendJSON(b *testing.B) {
	for name, e := range benchmarks(b) {
		b.Run(name, func(b *testing.B) {
			var buf []byte
			b.ReportAllocs()
			for b.Loop() {
				buf, _ = e.AppendJSON(buf[:0])
			}
			b.SetBytes(int64(len(buf)))
		})
	}
}

func BenchmarkDecode(b *testing.B) {
	r := exampleRegistry()
	for name, e := range benchmarks(b) {
		b.Run(name, func(b *testing.B) {
			buf, err := e.AppendJSON(nil)
			if err != nil {
				b.Fatal(err)
			}
			b.SetBytes(int64(len(buf)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := r.Decode(buf); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// Input is validated against its schema on top.
func BenchmarkDecodeInput(b *testing.B) {
	r := exampleRegistry()
	for name, e := range benchmarks(b) {
		b.Run(name, func(b *testing.B) {
			buf, err := e.AppendJSON(nil)
			if err != nil {
				b.Fatal(err)
			}
			b.SetBytes(int64(len(buf)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := r.DecodeInput(buf); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkComplete(b *testing.B) {
	r := schema.Catalogue()
	e := benchmarks(b)["crud"]
	e.ID = ""
	b.ReportAllocs()
	for b.Loop() {
		in := e
		if err := r.Complete(&in, schema.Defaults{Environment: "test"}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCatalogue(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		schema.Catalogue()
	}
}
