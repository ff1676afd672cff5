package phi_test

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/carebus/carebus/phi"
)

// scrubJSON scrubs src and fails the test on errors and invalid JSON.
func scrubJSON(t *testing.T, s *phi.Scrubber, src string) string {
	t.Helper()
	out, _, err := s.ScrubJSON(nil, []byte(src))
	if err != nil {
		t.Fatalf("%s: %v", src, err)
	}
	if !json.Valid(out) {
		t.Fatalf("%s: not JSON: %s", src, out)
	}
	return string(out)
}

// wantGone fails unless a profile leaves none of some values, and nothing to do for
// a second time.
func wantGone(t *testing.T, profile phi.Profile, name, src string, gone []string) {
	t.Helper()
	s := newScrubber(t, phi.Config{Profile: profile})
	out := scrubJSON(t, s, src)
	for _, g := range gone {
		if strings.Contains(out, g) {
			t.Errorf("%s, %s: %q survives in %s", name, profile, g, out)
		}
	}
	if again := scrubJSON(t, s, out); again != out {
		t.Errorf("%s, %s: twice gives\n%s\n%s", name, profile, out, again)
	}
}

// What the operational profile makes of single values.
func TestScrubJSON(t *testing.T) {
	s := newScrubber(t, phi.Config{})
	for _, c := range []struct{ name, src, want string }{
		{"a person's name", `{"patient":{"name":"Ann Lee"}}`, `{"patient":{"name":"[NAME]"}}`},
		{"a drug's name", `{"drug":{"name":"Verapamil"}}`, `{"drug":{"name":"Verapamil"}}`},
		{"a plan's name", `{"plan":{"name":"Gold PPO"},"tags":["a","b"]}`, `{"plan":{"name":"Gold PPO"},"tags":["a","b"]}`},
		{"white space stays", "{ \"email\" :\t\"a@b.org\" ,\n\"n\":1}", "{ \"email\" :\t\"[EMAIL]\" ,\n\"n\":1}"},
		{"null and bool", `{"email":null,"phone":false}`, `{"email":null,"phone":false}`},
		{"empty", `{"email":"","patient":{}}`, `{"email":"","patient":{}}`},
		{"a number that is an SSN", `{"ssn":123456789}`, `{"ssn":null}`},
		{"a number that is a card", `{"zq":4111111111111111}`, `{"zq":null}`},
		{"a number that is no card", `{"zq":4111111111111112}`, `{"zq":4111111111111112}`},
		{"a number said elsewhere", `{"patient":{"ssn":"123-45-6789"},"zq":123456789}`, `{"patient":{"ssn":"[SSN]"},"zq":null}`},
		{"an age", `{"patient":{"age":41}}`, `{"patient":{"age":41}}`},
		{"an age over 89", `{"patient":{"age":92}}`, `{"patient":{"age":null}}`},
		{"a year of birth", `{"birthYear":1990}`, `{"birthYear":1990}`},
		{"a year of birth over 89 years ago", `{"birthYear":1931}`, `{"birthYear":null}`},
		{"a date of birth", `{"dob":"1990-02-03"}`, `{"dob":"1990"}`},
		{"a ZIP", `{"zip":"02139-4307"}`, `{"zip":"021"}`},
		{"a restricted ZIP", `{"zip":"05901"}`, `{"zip":"000"}`},
		{"coordinates", `{"latitude":41.785123,"longitude":-73.694321}`, `{"latitude":null,"longitude":null}`},
		{"psychotherapy notes", `{"psychotherapy_notes":"He spoke of his brother."}`, `{"psychotherapy_notes":"[PSYCHOTHERAPY]"}`},
		{"notes within", `{"processNotes":{"a":["b",7]}}`, `{"processNotes":{"a":["[PSYCHOTHERAPY]",null]}}`},
		{"a password", `{"password":"hunter2"}`, `{"password":"[SECRET]"}`},
		{"a URL of a vocabulary", `{"system":"http://loinc.org","zq":"http://hl7.org/fhir/sid/us-ssn"}`, `{"system":"http://loinc.org","zq":"http://hl7.org/fhir/sid/us-ssn"}`},
		{"codes", `{"icd10":"F41.1","cpt":"90837","ndc":"0591-3740-01","loinc":"44249-1","sha256":"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"}`,
			`{"icd10":"F41.1","cpt":"90837","ndc":"0591-3740-01","loinc":"44249-1","sha256":"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"}`},
		{"an opaque id", `{"patient_id":"8f2a91cc","actor":{"id":"u-17"}}`, `{"patient_id":"8f2a91cc","actor":{"id":"u-17"}}`},
		{"an id that is a name", `{"actorId":"user/jane.doe"}`, `{"actorId":"user/[NAME]"}`},
		{"an id that is a telephone number", `{"actorId":"user/518-555-0147"}`, `{"actorId":"user/[PHONE]"}`},
		{"an id of digits", `{"actorId":"user/5185550147"}`, `{"actorId":"user/5185550147"}`},
		{"an address among pairs", `{"log":"address_line1=4417 Thistledown Lane city=Marlow try=2"}`, `{"log":"address_line1=[ADDRESS] city=[PLACE] try=2"}`},
		{"an id that is an address", `{"user_id":"jane@example.com"}`, `{"user_id":"[EMAIL]"}`},
		{"a key that is an address", `{"by":{"jane@example.com":3,"joe@example.com":4,"n":5}}`, `{"by":{"[EMAIL]":3,"[EMAIL:2]":4,"n":5}}`},
		{"a label beside it", `{"key":"ssn","value":"123456789"}`, `{"key":"ssn","value":"[SSN]"}`},
		{"a FHIR extension", `{"url":"http://hl7.org/fhir/StructureDefinition/patient-mothersMaidenName","valueString":"Ann Lee"}`,
			`{"url":"http://hl7.org/fhir/StructureDefinition/patient-mothersMaidenName","valueString":"[NAME]"}`},
		{"telecom", `{"telecom":[{"system":"phone","value":"7 11","use":"home"}]}`, `{"telecom":[{"system":"phone","value":"[PHONE]","use":"home"}]}`},
		{"a name said elsewhere", `{"patient":{"name":"Grace Hope"},"text":"Hope says that Grace hopes."}`, `{"patient":{"name":"[NAME]"},"text":"[NAME] says that [NAME] hopes."}`},
		{"a name that prose says in full", `{"a":"plan of Tuyaag and of Bakonje","note":"Patient Tuyaag Okonkwo seen today","b":"okonkwo's plan, <b>TUYAAG</b>, a tuyaag"}`,
			`{"a":"plan of [NAME] and of Bakonje","note":"Patient [NAME] seen today","b":"[NAME]'s plan, <b>[NAME]</b>, a tuyaag"}`},
		{"a name that prose says with a title", `{"a":["Met Tuyaag"],"note":"Mr. Tuyaag came"}`, `{"a":["Met [NAME]"],"note":"[NAME] came"}`},
		{"a name with accents", `{"a":"for Ny\u00edr\u0151","b":"Mrs. Nyírő came","c":"Nyírő"}`, `{"a":"for [NAME]","b":"[NAME] came","c":"[NAME]"}`},
		{"a name in JSON in a string", `{"a":"for Tuyaag","b":"{\"a\":\"of Tuyaag\",\"b\":\"Mr. Tuyaag came\"}"}`, `{"a":"for [NAME]","b":"{\"a\":\"of [NAME]\",\"b\":\"[NAME] came\"}"}`},
		{"a name that is a word", `{"a":"a short day in the long run","note":"Patient Maria Day met Dr. Long","b":"Day and Long"}`, `{"a":"a short day in the long run","note":"Patient [NAME] met [NAME]","b":"Day and Long"}`},
		{"a name split by markup", `{"div":"<p>Jane <b>Roe</b> &amp; co</p>"}`, `{"div":"<p>[NAME]<b></b> &amp; co</p>"}`},
		{"a name in references", `{"div":"<p>Dr. Ren&#233; M&uuml;ller</p>"}`, `{"div":"<p>[NAME]</p>"}`},
		{"a cell beside its label", `{"div":"<table><tr><th>MRN</th><td>88-4412</td></tr></table>"}`, ""},
		{"a row of pairs", `{"div":"<table><tr><td>Guardian</td><td>Rich Day</td><td>City</td><td>Ayr</td></tr></table>"}`, `{"div":"<table><tr><td>Guardian</td><td>[NAME]</td><td>City</td><td>[PLACE]</td></tr></table>"}`},
		{"a name in a cell", `{"div":"<table><tr><th>Mother's maiden name</th><td>Aiko Barrows</td></tr></table>"}`, `{"div":"<table><tr><th>Mother's maiden name</th><td>[NAME]</td></tr></table>"}`},
		{"an attribute", `{"div":"<a href=\"mailto:jane@example.com\">x</a>"}`, ""},
		{"not a tag", `{"zq":"Jane Roe <jane@example.com>"}`, `{"zq":"[NAME] <[EMAIL]>"}`},
		{"columns and rows", `{"columns":["first_name","ssn","city","score"],"rows":[["Bea",123456789,"Ayr",7]]}`, `{"columns":["first_name","ssn","city","score"],"rows":[["[NAME]",null,"[PLACE]",7]]}`},
		{"a header row", `{"t":[["mrn","patient name","phq9"],["88412","bea ayr",11]]}`, ""},
		{"CSV", `{"t":"mrn,name,note\n88412,\"Roe, Jane\",\"said \"\"Roe\"\" once\"\n"}`, ""},
		{"an image", `{"zq":"data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="}`, `{"zq":"[PHOTO]"}`},
		{"an HL7 message", `{"zq":"MSH|^~\\&|A|B|C|D|2026||ADT^A04|1|P|2.5\rPID|1||88412||Roe^Jane||19710409|F"}`,
			""},
	} {
		got := scrubJSON(t, s, c.src)
		if c.want != "" && got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.name, got, c.want)
		}
		for _, secret := range []string{"Roe", "Jane", "jane@", "88412", "4412", "19710409", "bea ayr"} {
			if c.want == "" && strings.Contains(got, secret) {
				t.Errorf("%s: %s holds %s", c.name, got, secret)
			}
		}
		if again := scrubJSON(t, s, got); again != got {
			t.Errorf("%s: scrubbing twice: %s, then %s", c.name, got, again)
		}
	}
}

// Numbers that stand as keys are identifiers where the name of the map says so,
// whatever the profile does with ids of persons, and in the rest of the event.
func TestMapKeys(t *testing.T) {
	for _, profile := range []phi.Profile{phi.Operational, phi.LimitedDataSet, phi.SafeHarbor} {
		s := newScrubber(t, phi.Config{Profile: profile})
		for _, name := range []string{"patients", "members", "mrns", "by_mrn", "bySsn", "ssns", "clientsByMrn", "patientsById", "patient_index", "scores_by_patient", "mrnToName", "member_ids", "subscribers", "phone_numbers"} {
			for _, key := range []string{"84711234", "847112345"} {
				for _, src := range []string{
					`{"` + name + `":{"` + key + `":{"phq9":11}},"x":"about ` + key + `"}`,
					`{"` + name + `":[{"` + key + `":true}]}`,
					`{"data":{"` + name + `":{"data":{"` + key + `":3}}}}`,
				} {
					out := scrubJSON(t, s, src)
					if strings.Contains(out, key) {
						t.Errorf("%v: %s becomes %s", profile, src, out)
					}
					if again := scrubJSON(t, s, out); again != out {
						t.Errorf("%v: scrubbing twice: %s, then %s", profile, out, again)
					}
				}
			}
		}
		for _, src := range []string{
			`{"counts":{"84711234":3,"170000000":1}}`, `{"timestamps":{"170000000":1}}`, `{"patient_counts":{"84711234":1}}`, `{"results":{"84711234":{"phq9":11}}}`,
			`{"by_status":{"84711234":1}}`, `{"order_by":{"84711234":1}}`, `{"mrns":{"total":3,"page":1}}`, `{"patients":{"phq9":11}}`,
		} {
			if out := scrubJSON(t, s, src); out != src {
				t.Errorf("%v: %s becomes %s", profile, src, out)
			}
		}
	}
}

// What isn't one JSON value in UTF-8 is refused, and dst comes back as it was.
func TestRefused(t *testing.T) {
	s := newScrubber(t, phi.Config{})
	deep := strings.Repeat("[", 257) + strings.Repeat("]", 257)
	nested := `"Ann Lee"`
	for range 6 {
		b, _ := json.Marshal(map[string]string{"a": nested})
		nested = string(b)
	}
	for _, src := range []string{
		"", " ", "{", `{"a"`, `{"a":}`, `{"a":1,}`, `[1,]`, `{"a":1}{`, `"a`, `"\x"`, `"\u12"`, "\"\x01\"", "01", "1.", "-", "1e", "nul", "tru", `{'a':1}`, "\"\xff\"", "{\"\xc3\x28\":1}", deep, nested, "[1 2]", `{"a" 1}`, "NaN", "\ufeff{}",
	} {
		dst := []byte("kept")
		out, _, err := s.ScrubJSON(dst, []byte(src))
		if err == nil {
			t.Errorf("%.40q is accepted: %s", src, out)
			continue
		}
		if string(out) != "kept" {
			t.Errorf("%.40q: dst is %q", src, out)
		}
		if strings.Contains(err.Error(), "Ann") {
			t.Errorf("the error tells: %v", err)
		}
	}
}

// Odd JSON that is valid is handled, never passed through.
func TestOddJSON(t *testing.T) {
	s := newScrubber(t, phi.Config{Profile: phi.SafeHarbor})
	for _, src := range []string{
		`{"ssn":"123-45-6789","ssn":"987-65-4321"}`,
		`{"ssn":12345678912345678912345678912345678912345678912345678901234567890}`,
		`{"ssn":1.23456789e8}`,
		`{"\u0073\u0073\u006e":"\u0031\u0032\u0033-45-6789"}`,
		`{"ssn":"\ud800123-45-6789"}`,
		`{"note":"SSN 123\u002d45\u002d6789"}`,
		strings.Repeat(`{"a":`, 200) + `{"ssn":"123-45-6789"}` + strings.Repeat("}", 200),
		`[[["123-45-6789"]]]`, `"123-45-6789"`, `{"a b c":{"":"123-45-6789"}}`,
	} {
		out := scrubJSON(t, s, src)
		for _, digits := range []string{"6789", "4321", "23456", "345678"} {
			if strings.Contains(out, digits) {
				t.Errorf("%.60s: %.80s", src, out)
			}
		}
	}
}

func TestEvent(t *testing.T) {
	s := newScrubber(t, phi.Config{Profile: phi.LimitedDataSet})
	event := func(tenant string) string {
		return `{"specversion":"1.0","id":"0192f8a0-7b6c-7c3e-8b7e-2f1f5a9c0d11","source":"pms/intake","type":"patient.created","time":"2026-11-24T10:00:00Z",` +
			`"subject":"patient/8f2a91cc","tenant":"` + tenant + `","actor":"component/db","correlationid":"visit-8f2a91cc-2026112410","environment":"production",` +
			`"data":{"entity_id":"8f2a91cc","data":{"name":"Ann Lee","mrn":"88412"}}}`
	}
	out := func(tenant string) map[string]any {
		b, _, err := s.ScrubEvent(nil, []byte(event(tenant)))
		if err != nil {
			t.Fatal(err)
		}
		var m map[string]any
		if err := json.Unmarshal(b, &m); err != nil {
			t.Fatal(err)
		}
		return m
	}
	a, b := out("practice-1"), out("practice-2")
	for _, same := range []string{"id", "source", "type", "time", "environment", "actor", "correlationid", "specversion"} {
		if a[same] == nil || a[same] != b[same] || strings.Contains(a[same].(string), "phi_") {
			t.Errorf("%s became %v", same, a[same])
		}
	}
	token := strings.TrimPrefix(a["subject"].(string), "patient/")
	if !strings.HasPrefix(token, "phi_k1_personid_") || a["data"].(map[string]any)["entity_id"] != token {
		t.Errorf("subject %v and entity_id %v: want one pseudonym", a["subject"], a["data"])
	}
	if a["subject"] == b["subject"] {
		t.Error("two tenants share a pseudonym")
	}
	if want := s.Tokens("practice-1", phi.PersonID, "8f2a91cc")[0]; token != want {
		t.Errorf("Tokens says %s, the event %s", want, token)
	}
	data := a["data"].(map[string]any)["data"].(map[string]any)
	if data["name"] != "[NAME]" || !strings.HasPrefix(data["mrn"].(string), "phi_k1_medicalrecord_") {
		t.Errorf("data became %v", data)
	}
}

// The dates of one subject move together, those of others differently.
func TestShift(t *testing.T) {
	policy := &phi.Policy{Actions: map[phi.Category]phi.Action{phi.Date: phi.Shift, phi.BirthDate: phi.Shift}}
	s := newScrubber(t, phi.Config{Policy: policy})
	dates := func(subject string) (admitted, discharged time.Time, odd string) {
		src := `{"type":"patient.updated","tenant":"t","subject":"` + subject + `","data":{"admissionDate":"2026-03-01","dischargeDate":"2026-03-11T08:00:00Z","visitDate":"the third Sunday of 2025"}}`
		b, _, err := s.ScrubEvent(nil, []byte(src))
		if err != nil {
			t.Fatal(err)
		}
		var e struct {
			Data struct {
				AdmissionDate, VisitDate string
				DischargeDate            time.Time
			}
		}
		if err := json.Unmarshal(b, &e); err != nil {
			t.Fatalf("%v: %s", err, b)
		}
		admitted, err = time.Parse(time.DateOnly, e.Data.AdmissionDate)
		if err != nil {
			t.Fatal(err)
		}
		return admitted, e.Data.DischargeDate, e.Data.VisitDate
	}
	a1, d1, odd := dates("patient/1")
	a2, _, _ := dates("patient/2")
	if d1.Sub(a1) != 10*24*time.Hour+8*time.Hour {
		t.Errorf("the interval changed: %v to %v", a1, d1)
	}
	if original := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC); !a1.Before(original) || a1.Equal(a2) {
		t.Errorf("subjects moved to %v and %v", a1, a2)
	}
	if odd != "2025" {
		t.Errorf("a date of unknown form became %q, want its year", odd)
	}
}

func TestExplain(t *testing.T) {
	s := newScrubber(t, phi.Config{Explain: true, Policy: &phi.Policy{Fields: []phi.FieldRule{{Field: "nick", Category: phi.Name}}}})
	src := `{"patient":{"name":[{"family":"Roe"}],"phone":"1"},"by":{"a@b.org":{"ssn":1}},"items":[{},{"key":"mrn","value":"77"}],"note":"write to a@b.org","nick":"Jo","p":"{\"dob\":\"1990-01-02\"}"}`
	_, report, err := s.ScrubJSON(nil, []byte(src))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range report.Findings {
		got = append(got, strings.Join([]string{f.Path, f.Category.String(), f.Detector, f.Action.String()}, " "))
	}
	want := []string{
		"patient.name[0].family name container redact",
		"patient.phone phone lexicon redact",
		"by.* email key redact",
		"by.*.ssn ssn lexicon redact",
		"items[1].value medical_record sibling pseudonym",
		"note email text redact",
		"nick name policy redact",
		"p.dob birth_date lexicon generalize",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("findings:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if report.Total != len(want) || report.Count(phi.Email) != 2 || report.DataClass() != "restricted" {
		t.Errorf("report: %d, %v, %s", report.Total, report.Map(), report.DataClass())
	}
}

// What a policy finds in text is told by the policy's words.
func TestExplainNamesThePolicy(t *testing.T) {
	policy := &phi.Policy{
		Recognizers: []phi.Recognizer{{Name: "heron", Pattern: "project ([a-z]+)"}},
		Deny:        []phi.Term{{Text: "Blue Kestrel", Category: phi.Place}},
	}
	s := newScrubber(t, phi.Config{Explain: true, Policy: policy})
	_, report, err := s.ScrubJSON(nil, []byte(`{"a":"seen at blue  kestrel","b":"of project heron","c":"write to a@b.org","d":"<p>of project heron</p>"}`))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range report.Findings {
		got = append(got, f.Path+" "+f.Detector)
	}
	if want := []string{"a deny", "b heron", "c text", "d heron"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestKeyRotation(t *testing.T) {
	oldKey := bytes.Repeat([]byte("o"), 32)
	before := newScrubber(t, phi.Config{Key: oldKey})
	after := newScrubber(t, phi.Config{KeyID: "k2", OldKeys: map[string][]byte{"k1": oldKey}})
	old := scrubJSON(t, before, `{"mrn":"88412"}`)
	if got := scrubJSON(t, after, old); got != old {
		t.Errorf("an old pseudonym became %s", got)
	}
	tokens := after.Tokens("", phi.MedicalRecord, "88412")
	if len(tokens) != 2 ||
		!strings.Contains(scrubJSON(t, after, `{"mrn":"88412"}`), tokens[0]) ||
		!strings.Contains(old, tokens[1]) {
		t.Errorf("tokens %v, old %s", tokens, old)
	}
	strict := newScrubber(t, phi.Config{Profile: phi.SafeHarbor})
	if got := scrubJSON(t, strict, `{"mrn":"`+tokens[1]+`","note":"see `+tokens[1]+`."}`); strings.Contains(got, "phi_") {
		t.Errorf("a derived code stays under safe_harbor: %s", got)
	}
}

func TestConfig(t *testing.T) {
	key := bytes.Repeat([]byte("k"), 32)
	for name, cfg := range map[string]phi.Config{
		"no key":             {},
		"a short key":        {Key: key[:31]},
		"a bad key id":       {Key: key, KeyID: "K_1"},
		"an unknown profile": {Key: key, Profile: 9},
		"a short old key":    {Key: key, OldKeys: map[string][]byte{"k0": key[:8]}},
		"the key twice":      {Key: key, OldKeys: map[string][]byte{"k1": key}},
	} {
		if s, err := phi.New(cfg); err == nil || s != nil {
			t.Errorf("%s is accepted", name)
		} else if strings.Contains(err.Error(), "kkk") {
			t.Errorf("%s: the error tells the key", name)
		}
	}
}

// One Scrubber serves many goroutines.
func TestConcurrentUse(t *testing.T) {
	s := newScrubber(t, phi.Config{Profile: phi.LimitedDataSet})
	want, _, err := s.ScrubEvent(nil, benchNote)
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan bool)
	for range 8 {
		go func() {
			ok := true
			for range 50 {
				got, _, err := s.ScrubEvent(nil, benchNote)
				ok = ok && err == nil && bytes.Equal(got, want)
			}
			done <- ok
		}()
	}
	for range 8 {
		if !<-done {
			t.Error("results differ between goroutines")
		}
	}
}

func TestQuestionsAndKeysOfOtherForms(t *testing.T) {
	s := newScrubber(t, phi.Config{Profile: phi.SafeHarbor})
	for src, want := range map[string]string{
		`{"item":[{"text":"What name do you go by?","answer":[{"valueString":"Zork"}]}]}`: `{"item":[{"text":"What name do you go by?","answer":[{"valueString":"[NAME]"}]}]}`,
		`{"ins_id":"W2219 40817","grp_no":"0879123","docket":"24CV11839"}`:                `{"ins_id":"[HEALTH_PLAN]","grp_no":"[HEALTH_PLAN]","docket":"[OTHER_ID]"}`,
		`{"image":"ghcr.io/carebus/sink:2026.3.1","seen":"2026.3.1"}`:                     `{"image":"ghcr.io/carebus/sink:2026.3.1","seen":"[DATE:2026]"}`,
		`{"text":"aunt Marisol (aunt) 5035550199"}`:                                       `{"text":"aunt [NAME] (aunt) [PHONE]"}`,
	} {
		if out := scrubJSON(t, s, src); out != want {
			t.Errorf("%s\nbecame %s\nnot    %s", src, out, want)
		}
	}
}
