package phi_test

import (
	"testing"

	"github.com/carebus/carebus/phi"
	"github.com/carebus/carebus/schema"
)

// benchNote is an event of about 1 KB as a practice publishes it: PHI in typed
// fields and in a note.
var benchNote = []byte(`{"specversion":"1.0","id":"0192f8a0-7b6c-7c3e-8b7e-2f1f5a9c0d11","source":"pms/notes","type":"note.created",` +
	`"time":"2026-11-24T10:00:00.123456Z","subject":"patient/8f2a91cc","datacontenttype":"application/json","kind":"crud","severity":"low",` +
	`"environment":"production","tenant":"practice-1","actor":"clinician/7","correlationid":"visit-8f2a91cc-2026112410","schemaversion":1,` +
	`"dataclassification":"restricted","data":{"entity":"note","operation":"created","entity_id":"99812","data":{"diagnosis":"F41.1","minutes":53,` +
	`"patient":{"name":"Maria Kowalski","birth_date":"1971-04-09","phone":"(617) 555-0143"},"summary":"Mr. Kowalski (DOB 1971-04-09, MRN-0012345) reports ` +
	`better sleep on sertraline 50 mg. Call (617) 555-0143 or write to maria.k@example.com before the next visit. Continue weekly sessions, PHQ-9 ` +
	`down from 14 to 9.","plan":"Continue sertraline 50 mg daily, review in two weeks, sleep diary, behavioural activation, no safety concerns today."}}}`)

// benchClean is an event of about 1 KB without PHI.
var benchClean = []byte(`{"specversion":"1.0","id":"0192f8a0-7b6c-7c3e-8b7e-2f1f5a9c0d11","source":"pms/billing","type":"claim.submitted",` +
	`"time":"2026-11-24T10:00:00.123456Z","subject":"claim/8f2a91cc","datacontenttype":"application/json","kind":"business","severity":"low",` +
	`"environment":"production","tenant":"practice-1","actor":"clinician/7","correlationid":"visit-8f2a91cc-2026112410","schemaversion":1,` +
	`"dataclassification":"restricted","data":{"process":"claim","step":"submitted","outcome":"pending","data":{"diagnoses":["F41.1","F33.1"],"minutes":53,` +
	`"amounts":[{"name":"charge","minor":18000,"currency":"USD"},{"name":"copay","minor":2500,"currency":"USD"}],"status":"completed","service_code":"90837",` +
	`"phq9_score":11,"flags":["telehealth","followup"],"duration_ms":3180000,"version":"2.14.1","sha256":"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",` +
	`"plan":"Continue sertraline 50 mg daily, review in two weeks, sleep diary, behavioural activation, no safety concerns today.","modality":"individual",` +
	`"instrument":"PHQ-9","attempt":1,"queue":"claims-out","format":"837P","reason":"first submission of the month"}}}`)

// benchFields is an event of about 1 KB, PHI in six typed fields and in a note
// that says them again.
var benchFields = []byte(`{"actor":"clinician/7","data":{"diagnosis":"F41.1","entity_id":"99812","minutes":53,"patient":{"address":"518 Juniper Lane, Duluth, MN 55802",` +
	`"email":"marisol.quintanilla@example.com","first_name":"Marisol","last_name":"Quintanilla","phone":"(503) 555-0143","ssn":"534-27-6180"},` +
	`"plan":"Continue sertraline 50 mg daily, review in two weeks, sleep diary, behavioural activation, no safety concerns today.","service_code":"90837","session":9,` +
	`"summary":"Marisol Quintanilla (DOB 04/17/1986, MRN TQ-5520918) reports better sleep on sertraline 50 mg. Call (503) 555-0143 or write to ` +
	`marisol.quintanilla@example.com before the next visit. Continue weekly sessions, PHQ-9 down from 17 to 11."},"dataclassification":"restricted",` +
	`"environment":"production","id":"0192f8a0-7b6c-7c3e-8b7e-2f1f5a9c0d11","kind":"crud","schemaversion":1,"severity":"low","source":"pms/notes","specversion":"1.0",` +
	`"subject":"patient/8f2a91cc","tenant":"practice-1","time":"2026-11-24T10:00:00.123456Z","type":"note.created"}`)

// benchBus is what the bus carries most: 543 bytes, one small change, no PHI.
var benchBus = []byte(`{"specversion":"1.0","id":"01a20fd6-4bf2-7207-bb44-906675a02d76","source":"pms/scheduling","type":"appointment.updated","time":"2026-11-24T23:13:52.114079Z",` +
	`"subject":"appointment/7","datacontenttype":"application/json","kind":"crud","severity":"low","environment":"test","tenant":"practice-7","actor":"user/81",` +
	`"correlationid":"0198c5a2-7d3e-7a52-9c1b-2f6d8a4e9b10","schemaversion":1,"dataclassification":"restricted","data":{"entity_id":"apt_81723","status":"confirmed",` +
	`"room":"B12","duration_minutes":50,"reminder":true,"channel":"portal"}}`)

func BenchmarkEvent(b *testing.B) {
	for _, c := range []struct {
		name    string
		src     []byte
		profile phi.Profile
	}{
		{"phi", benchNote, phi.Operational},
		{"fields", benchFields, phi.Operational},
		{"clean", benchClean, phi.Operational},
		{"bus", benchBus, phi.Operational},
		{"phi/limited_data_set", benchNote, phi.LimitedDataSet},
		{"phi/safe_harbor", benchNote, phi.SafeHarbor},
	} {
		b.Run(c.name, func(b *testing.B) {
			s := newScrubber(b, phi.Config{Profile: c.profile, Registry: schema.Catalogue()})
			dst, _, err := s.ScrubEvent(nil, c.src)
			if err != nil {
				b.Fatal(err)
			}
			b.SetBytes(int64(len(c.src)))
			b.ReportAllocs()
			for b.Loop() {
				dst, _, _ = s.ScrubEvent(dst[:0], c.src)
			}
		})
	}
}

// What finds nothing allocates nothing.
func TestAllocations(t *testing.T) {
	if raceDetector {
		t.Skip("allocations can't be counted under the race detector")
	}
	s := newScrubber(t, phi.Config{})
	dst := make([]byte, 0, 4096)
	if n := testing.AllocsPerRun(200, func() { dst, _, _ = s.ScrubEvent(dst[:0], benchClean) }); n > 0 {
		t.Errorf("an event without PHI: %v allocations", n)
	}
	text := "Continue sertraline 50 mg daily, review in two weeks, sleep diary, PHQ-9 down from 14 to 9."
	if n := testing.AllocsPerRun(200, func() { dst, _ = s.ScrubText(dst[:0], text) }); n > 0 {
		t.Errorf("text without PHI: %v allocations", n)
	}
}
