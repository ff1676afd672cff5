package phi_test

import (
	"bytes"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/carebus/carebus/phi"
	"github.com/carebus/carebus/schema"
)

// headEvents are events whose heads are alike in part.
var headEvents = func() (all []string) {
	const head = `{"specversion":"1.0","id":"0192f8a0-7b6c-7c3e-8b7e-2f1f5a9c0d11","source":"pms/notes","type":"note.created","time":"2026-11-24T10:00:00.123456Z",` +
		`"subject":"patient/8f2a91cc","datacontenttype":"application/json","kind":"crud","severity":"low","environment":"production","tenant":"practice-1",` +
		`"actor":"clinician/7","correlationid":"visit-8f2a91cc","schemaversion":1,"dataclassification":"restricted","data":`
	data := []string{
		`{"patient":{"name":"Maria Kowalski","phone":"(617) 555-0143"},"note":"Kowalski called pms/notes from 617-555-0143"}}`,
		`{"patient":{"name":"Severity Low"},"note":"Low, pms, crud"}}`, `{"name":"Maria Kowalski"}}`, `{}}`, `7}`, `"Maria Kowalski called"}`, `null,"subject":"patient/jane.roe"}`,
		`{"a":1},"type":"psychotherapynote.created","id":"078-05-1120"}`, ` {"birth_date" : "1971-04-09"} , "name":"Maria Kowalski"}` + "\n", `{"text":"[[[["}}`,
		`{"a":1}`, `{"a":1}}}`, `{"a":}}`, ``, "{\"a\":\"\xff\"}}", strings.Repeat("[", 255) + strings.Repeat("]", 255) + "}", strings.Repeat("[", 256) + strings.Repeat("]", 256) + "}",
	}
	for _, d := range data {
		all = append(all, head+d)
	}
	for _, change := range []string{
		`0192f8a0-7b6c-7c3e-8b7e-2f1f5a9c0d11|078-05-1120`, `0192f8a0-7b6c-7c3e-8b7e-2f1f5a9c0d11|a\"b`, `0192f8a0-7b6c-7c3e-8b7e-2f1f5a9c0d11|jane.roe@example.com`, `"id":"0192f8a0-7b6c-7c3e-8b7e-2f1f5a9c0d11"|"id":7`,
		`patient/8f2a91cc|patient/jane.roe`, `patient/8f2a91cc|{\"name\":\"Maria Kowalski\"}`, `patient/8f2a91cc|`, `"patient/8f2a91cc"|null`, `patient/8f2a91cc|pa\u0074ient/8f2a91cc`,
		`"pms/notes"|"pms/617-555-0143"`, `"pms/notes"|"Maria Kowalski called again"`, `"pms/notes"|"https://pms.example/notes"`, `"pms/notes"|"\u0070ms/notes"`, `"pms/notes"|{"name":"Maria Kowalski"}`, `"source"|"sourc\u0065"`,
		`note.created|psychotherapynote.created`, `note.created|patient.created`, `note.created|invoice.paid`, `"note.created"|7`, `"note.created"|["patient.created"]`, `"type":"note.created",|`,
		`practice-1|Maria Kowalski`, `practice-1|practice-2`, `"tenant"|"tenant" `, `"schemaversion":1|"schemaversion":4111111111111111`, `"schemaversion":1|"schemaversion":12`, `"kind":"crud"|"kind":"crud","kind":"Maria Kowalski was here"`,
		`2026-11-24T10:00:00.123456Z|1971-04-09`, `clinician/7|user/jane.doe`, `"actor"|"patient_name"`, `"data"|"data_base64"`, `{"specversion"| { "specversion"`, `"correlationid"|"extra":"Maria Kowalski","correlationid"`,
	} {
		from, to, _ := strings.Cut(change, "|")
		changed := strings.Replace(head, from, to, 1)
		if changed == head {
			panic(change)
		}
		all = append(all, changed+data[0], changed+data[2])
	}
	return append(all, "", "{}", "[]", `"type":"note.created"`, `{"type":"note.created"`, `{"data":{"name":"Maria Kowalski"},"type":"note.created"}`)
}()

var headConfigs = []phi.Config{{}, {Profile: phi.SafeHarbor, Explain: true, Registry: schema.Catalogue()}, {Tenant: "x", Explain: true}}

// asFirst fails unless a scrubber that has met other events treats one as a new
// scrubber does.
func asFirst(t *testing.T, cfg phi.Config, s *phi.Scrubber, src []byte) {
	t.Helper()
	want, wantReport, wantErr := newScrubber(t, cfg).ScrubEvent(nil, src)
	for range 2 {
		got, report, err := s.ScrubEvent(nil, src)
		if !bytes.Equal(got, want) || !reflect.DeepEqual(report, wantReport) || !reflect.DeepEqual(err, wantErr) {
			t.Fatalf("%q\nbecomes %q\nand not  %q\n%v\n%v\n%v, %v", src, got, want, report, wantReport, err, wantErr)
		}
	}
}

// TestHeads: what a scrubber remembers of events changes nothing.
func TestHeads(t *testing.T) {
	for _, cfg := range headConfigs {
		s := newScrubber(t, cfg)
		for range 3 {
			for _, src := range headEvents {
				asFirst(t, cfg, s, []byte(src))
			}
		}
	}
}

// TestManyHeads: nor does it when there are more types than a scrubber remembers.
func TestManyHeads(t *testing.T) {
	s := newScrubber(t, phi.Config{})
	for n := range 3000 {
		src := fmt.Sprintf(`{"specversion":"1.0","id":"%d","source":"pms/%d","type":"note%d.created","subject":"patient/%d","data":{"name":"Maria Kowalski","of":"note%d"}}`, n, n%7, n%500, n, n)
		asFirst(t, phi.Config{}, s, []byte(src))
	}
}

func FuzzHeads(f *testing.F) {
	for _, src := range headEvents {
		f.Add([]byte(src))
	}
	var known []*phi.Scrubber
	for _, cfg := range headConfigs {
		s := newScrubber(f, cfg)
		for _, src := range headEvents {
			_, _, _ = s.ScrubEvent(nil, []byte(src))
		}
		known = append(known, s)
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		for i, cfg := range headConfigs {
			asFirst(t, cfg, known[i], src)
		}
	})
}
