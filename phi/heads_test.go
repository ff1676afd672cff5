package phi_test

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"reflect"
	"runtime"
	"strings"
	"sync"
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

// Of an attribute that is remembered nothing is let through that another event has
// replaced for what it says elsewhere.
func TestHeadsHoldNothingElse(t *testing.T) {
	in64 := func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }
	for _, source := range []string{
		"[6175550143]", in64("kowalski"), in64("the kowalski file is here"), "R0lGODdhkowalskikowalski", "a=kowalski&b=2", "<b>kowalski</b>", "<a b='kowalski'>x</a>", "MSH|kowalski",
		"ISA*kowalski~NM1*kowalski", "f('kowalski').values", "Kowalski/Kowalski", "kowalski wrote this", "data:text/plain;base64," + in64("kowalski"), "kowalski;x=&lt;kowalski&gt;",
	} {
		for _, attribute := range []string{"source", "type", "dataschema", "kind"} {
			s := newScrubber(t, phi.Config{})
			head := fmt.Sprintf(`{"id":"1","%s":"%s","type":"a.b","data":`, attribute, source)
			_, _, _ = s.ScrubEvent(nil, []byte(head+`{}}`))
			asFirst(t, phi.Config{}, s, []byte(head+`{"patient":{"name":"Maria Kowalski","phone":"617-555-0143"}}}`))
		}
	}
}

// Of several types the last one counts, whichever of them are remembered.
func TestHeadsWithTwoTypes(t *testing.T) {
	types := []string{`"078-05-1120"`, `"psychotherapynote.created"`, `"patient.created"`, `"a.b"`, `7`, `["psychotherapynote.created"]`, `"patient\u002ecreated"`}
	for _, first := range types {
		for _, last := range types {
			for _, behind := range []string{"", `,"type":"a.b"`, `,"type":"078-05-1120"`} {
				s := newScrubber(t, phi.Config{})
				head := fmt.Sprintf(`{"type":%s,"source":"x","type":%s,"data":`, first, last)
				_, _, _ = s.ScrubEvent(nil, []byte(head+`{}}`))
				asFirst(t, phi.Config{}, s, []byte(head+`{"text":"dreams of water","name":"Severity Low","id":"84711"}`+behind+`}`))
			}
		}
	}
}

// A finding in a head is explained by the first event of a process, too, when no
// buffers of calls before it are there.
func TestHeadOfFirstEvent(t *testing.T) {
	for _, source := range []string{"078-05-1120", "[{}]", "a=Maria&b=078-05-1120"} {
		s := newScrubber(t, phi.Config{Explain: true, Policy: &phi.Policy{Fields: []phi.FieldRule{{Field: "a.b", Category: phi.Name}}}})
		runtime.GC()
		runtime.GC() // pools are empty
		if _, _, err := s.ScrubEvent(nil, fmt.Appendf(nil, `{"source":"%s","type":"a.b","data":{}}`, source)); err != nil {
			t.Error(err)
		}
	}
}

// TestHeadsAtOnce: goroutines that learn and forget heads don't disturb each other.
func TestHeadsAtOnce(t *testing.T) {
	s := newScrubber(t, phi.Config{})
	var all sync.WaitGroup
	for g := range 8 {
		all.Go(func() {
			for n := range 1000 {
				typ := (n*7 + g) % 300
				const form = `{"id":"%d","source":"pms/%d","type":"note%d.created","data":{"name":"%s"}}`
				got, _, err := s.ScrubEvent(nil, fmt.Appendf(nil, form, n, typ, typ, "Maria Kowalski"))
				if want := fmt.Sprintf(form, n, typ, typ, "[NAME]"); string(got) != want || err != nil {
					t.Errorf("%s, not %s, %v", got, want, err)
					return
				}
			}
		})
	}
	all.Wait()
}

// headPolicies are policies that see attributes and data in other ways.
var headPolicies = []*phi.Policy{
	nil,
	{UnknownFields: phi.DropUnknown, Allow: []string{"Kowalski", "078-05-1120"}, Deny: []phi.Term{{Text: "production"}, {Text: "notes"}}},
	{Recognizers: []phi.Recognizer{{Name: "case", Pattern: `no(te)`}, {Name: "x", Pattern: `practice-[0-9]`}, {Name: "y", Pattern: `0192[Ff]8`}}, Actions: map[phi.Category]phi.Action{phi.SSN: phi.Keep, phi.PersonID: phi.Redact, phi.Name: phi.Pseudonym}},
	{Fields: []phi.FieldRule{{Field: "data.note", Category: phi.Name}, {Field: "source", Category: phi.Name}, {Field: "kind", Keep: true}, {Field: "patient.name", Keep: true}, {Field: "tenant", Category: phi.SSN}, {Field: "environment"}}},
}

var headRounds = 120

// TestHeadsAtRandom: events made of the same few attributes in all orders.
func TestHeadsAtRandom(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	pick := func(of []string) string { return of[rng.IntN(len(of))] }
	names := strings.Fields("specversion id source type time subject datacontenttype dataschema kind severity environment tenant actor correlationid schemaversion dataclassification partitionkey recordedtime Type extra patient_name typ\\u0065 data_base64")
	values := append([]string{
		`""`, `"a"`, `"pms/notes"`, `"note.created"`, `"patient.created"`, `"psychotherapynote.created"`, `"patient/42"`, `"Patient/8f2a91cc"`, `"user/jane.doe"`, `"practice-1"`, `"2026-11-24T10:00:00Z"`, `"1971-04-09"`, `"application/json"`,
		`"https://pms.example/notes"`, `"078-05-1120"`, `"kowalski"`, `"Maria Kowalski"`, `"a\"b"`, `"\u006eote.created"`, `"[6175550143]"`, `"a293YWxza2k="`, `"{\"name\":\"Maria Kowalski\"}"`, `"<b>kowalski</b>"`, `"617-555-0143"`, `"\n"`, `"é"`,
		`"0192f8a0-7b6c-7c3e-8b7e-2f1f5a9c0d11"`, `"0192F8A0-7B6C-7C3E-8B7E-2F1F5A9C0D11"`, `"0192f8a0-7b6c-7c3e-8b7e-2f1f5a9c0d1g"`, `"2026-12-31T23:59:60Z"`, `"2024-02-29T10:00:00+01:00"`,
		`1`, `12`, `61755`, `6175550143`, `-0.5e1`, `true`, `null`, `{"name":"Maria Kowalski"}`, `["patient","kowalski"]`, `[]`,
	}, `"`+strings.Repeat("x", 200)+`"`, `"`+strings.Repeat("y", 300)+`"`)
	data := []string{
		`{"patient":{"name":"Maria Kowalski","phone":"(617) 555-0143","id":"42"},"note":"Kowalski called, 6175550143","date":"2024-05-06"}`, `{"name":"Severity Low","text":"dreams"}`, `{}`, `7`, `"kowalski"`, `[{"name":"Maria Kowalski"}]`, `null`,
		`{"note":"Patient Amara Okonkwo came. Kowalski","id":"9"}`, `{"a":`, `{"text":"{\"ssn\":\"078-05-1120\"}"}`, `{"email":"pms@notes.example","c":"pms"}`,
		`{"patient":{"id":"0192f8a0-7b6c-7c3e-8b7e-2f1f5a9c0d11"},"note":"of 0192f8a0-7b6c-7c3e-8b7e-2f1f5a9c0d11, 2026-11-24T10:00:00Z"}`,
	}
	space := []string{"", "", "", "", " ", "\n\t"}
	for range headRounds {
		cfg := phi.Config{Profile: phi.Profile(rng.IntN(3)), Explain: rng.IntN(2) == 0, Tenant: pick([]string{"", "x"}), Policy: headPolicies[rng.IntN(len(headPolicies))]}
		if cfg.Profile == phi.SafeHarbor && cfg.Policy == headPolicies[2] {
			cfg.Policy = nil // it takes no pseudonyms
		}
		if rng.IntN(2) == 0 {
			cfg.Registry = schema.Catalogue()
		}
		s := newScrubber(t, cfg)
		var b strings.Builder
		b.WriteString(pick(space) + "{")
		var members []string
		for range rng.IntN(7) {
			name := pick(names[:18])
			if rng.IntN(20) == 0 {
				name = pick(names)
			}
			members = append(members, fmt.Sprintf(`%s"%s"%s:%s`, pick(space), name, pick(space), pick(space)))
		}
		at := len(members)
		for range 4 {
			value := make([]string, at)
			for i := range value {
				value[i] = pick(values)
			}
			for k := range 4 { // the same head, now and then with another value
				if k > 1 && at > 0 {
					value[rng.IntN(at)] = pick(values)
				}
				src := []byte(b.String())
				for i, m := range members {
					src = fmt.Appendf(src, `%s%s%s,`, m, value[i], pick(space[:5]))
				}
				src = fmt.Appendf(src, `%s"data":%s%s`, "", pick(space), pick(data))
				for range rng.IntN(2) {
					src = fmt.Appendf(src, `,"%s":%s`, pick(names), pick(values))
				}
				asFirst(t, cfg, s, append(src, '}'))
			}
		}
	}
}

// FuzzHeads: an event behind others whose heads are like its own.
func FuzzHeads(f *testing.F) {
	for _, src := range headEvents {
		head, data, ok := strings.Cut(src, `"data":`)
		if ok {
			head += `"data":`
		}
		f.Add(head, `{}}`, data)
	}
	f.Fuzz(func(t *testing.T, head, first, second string) {
		for _, cfg := range headConfigs {
			s := newScrubber(t, cfg)
			for _, data := range []string{first, second, `{}}`, `{"patient":{"name":"Maria Kowalski","phone":"6175550143"}}}`, second} {
				asFirst(t, cfg, s, []byte(head+data))
			}
		}
	})
}
