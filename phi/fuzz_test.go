package phi_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/carebus/carebus/phi"
)

// hard are identifiers that must not survive anywhere.
var hard = []string{"078-05-1120", "jane.roe@example.com", "4111 1111 1111 1111", "617-555-0143", "203.0.113.77"}

// FuzzScrubJSON: valid JSON stays valid and has the same shape, what isn't is
// refused, a second pass changes nothing, and no identifier of unmistakable
// form survives.
func FuzzScrubJSON(f *testing.F) {
	for _, c := range canaries {
		for _, shape := range shapes {
			f.Add([]byte(shape.json(c)))
		}
	}
	for _, seed := range []string{
		`{"a":"\ud83d\ude00 Jane \u0052oe","b":[1e9,-0,0.5,true,null]}`, `"[NAME] [DATE:1984] phi_k1_name_abcdefghijklmnopqrstuvwxyz"`,
		`{"div":"<p a='x' b=\"y\">&amp;&#74;<br/></p><!-- c --><![CDATA[d]]>"}`, `{"x":"MSH|^~\\&|\rPID|1||7"}`, `[[],{},"",{"":""}]`,
		`{"key":{"text":"ssn"},"value":[{"a":1}]}`, `{"resourceType":"Patient","id":"x","contained":[{"resourceType":"Observation"}]}`, `{"specversion":"1.0","type":"a.b","data":{}}`,
		`{"":[{"field":"A-00000","After":"0"}]}`, `{"@AId":["A-00000"]}`, `{"":[{"url":"/0"}]}`, `{"":[{"url":"http://A/a","valueJane Roe":""}]}`, `{"url":"/a/0","href":"/patients/7/b","x":{"url":"/[URL]/7"}}`,
		`{"note":"REFERRED BY DR. GRACE HOPE OF THE WARD.\nNAME: WILL MARK-LEE AND J. WOODS, MD","text":"the patient, peter b., was seen by dr. j. at mount sinai"}`,
	} {
		f.Add([]byte(seed))
	}
	scrubbers := []*phi.Scrubber{newScrubber(f, phi.Config{}), newScrubber(f, phi.Config{Profile: phi.LimitedDataSet}), newScrubber(f, phi.Config{Profile: phi.SafeHarbor, Explain: true})}
	f.Fuzz(func(t *testing.T, src []byte) {
		valid := json.Valid(src) && utf8.Valid(src)
		for _, s := range scrubbers {
			for _, scrub := range []func(dst, src []byte) ([]byte, phi.Report, error){s.ScrubJSON, s.ScrubEvent} {
				out, report, err := scrub(nil, src)
				if err != nil {
					if valid && len(src) < 200 {
						t.Fatalf("refused: %v", err)
					}
					continue
				}
				if !valid {
					t.Fatal("what is no JSON is accepted")
				}
				if !json.Valid(out) || !utf8.Valid(out) {
					t.Fatalf("not JSON: %q", out)
				}
				if report.Total == 0 && !bytes.Equal(out, src) {
					t.Fatalf("changed without a finding: %q", out)
				}
				if again, _, err := scrub(nil, out); err != nil || !bytes.Equal(again, out) {
					t.Fatalf("twice:\n%q\n%q\n%v", out, again, err)
				}
			}
		}
	})
}

// FuzzScrubText: no panic, valid UTF-8, a second pass changes nothing, and an
// identifier of unmistakable form that stands alone between spaces is gone.
func FuzzScrubText(f *testing.F) {
	for _, c := range canaries {
		f.Add(sentence(c), uint8(len(c.value)))
	}
	f.Add("Dr. Jane <b>Roe</b>&nbsp;called; MRN: 77-12. DOB 1/2/1990", uint8(1))
	f.Add("{\"a\":\"b\"}", uint8(2))
	f.Add("@@@@@0000000000000000000000000000AAA0", uint8(4)) // longer than a handle
	f.Add("ACCt 0000_", uint8(0))
	f.Add("#0000#0000#0000#0000#00000", uint8(0))
	f.Add("REFERRED BY DR. GRACE HOPE OF THE WARD.\nNAME: WILL MARK-LEE AND J. WOODS, MD, AT GREEN VALLEY CLINIC, 4 OLD MILL RD", uint8(0))
	f.Add("the patient, peter b., was seen by dr. j. at mount sinai\nSpoke with maria garcia about the plan for the week.", uint8(0))
	f.Add("EL PACIENTE JUAN PEREZ FUE VISTO POR THE DOCTOR AND IS A MAN\nthe mrs. may young of the ward", uint8(0))
	scrubbers := []*phi.Scrubber{newScrubber(f, phi.Config{}), newScrubber(f, phi.Config{Profile: phi.SafeHarbor})}
	f.Fuzz(func(t *testing.T, text string, pick uint8) {
		for _, s := range scrubbers {
			out, _ := s.ScrubText(nil, text)
			if !utf8.Valid(out) {
				t.Fatalf("not UTF-8: %q", out)
			}
			if again, _ := s.ScrubText(nil, string(out)); !bytes.Equal(again, out) {
				t.Fatalf("twice:\n%q\n%q", out, again)
			}
			value := hard[int(pick)%len(hard)]
			planted, _ := s.ScrubText(nil, text+" \n\n"+value+" \n\n"+text)
			if strings.Contains(string(planted), value) && !strings.Contains(text, value) {
				t.Fatalf("%q survives in %q", value, planted)
			}
		}
		last := 0
		for _, sp := range scrubbers[0].Spans(text) {
			if sp.Start < last || sp.End <= sp.Start || sp.End > len(text) || sp.Category == phi.None {
				t.Fatalf("span %+v in %q", sp, text)
			}
			last = sp.End
		}
	})
}
