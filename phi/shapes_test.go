package phi_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/carebus/carebus/phi"
)

// Shapes in which values of fields slip past a scrubber: what must be gone.
func TestShapesThatSlip(t *testing.T) {
	profiles := []phi.Profile{phi.Operational, phi.SafeHarbor}
	for _, c := range []struct {
		name, src string
		gone      []string
	}{
		{"notes under technical keys", `{"psychotherapyNote":{"status":"wept about it","type":"affair","code":"rage","date":"2026-01-02 wept","subject":"affair/boss"}}`, []string{"wept", "affair", "rage", "boss"}},
		{"a secret under a technical key", `{"password":{"hash":"hunter2","code":"hunter2"}}`, []string{"hunter2"}},
		{"numbers of plans under keys that end in id", `{"patient":{"medicaid":"12345678"},"MEDICAID":"11223344","medicaid":12345678}`, []string{"12345678", "11223344"}},
		{"a mailbox where the id of a message stands", `{"inReplyTo":"xochitl@example.org","iCalUID":"quetzal1984@example.org"}`, []string{"xochitl", "quetzal"}},
		{"templates of fingers", `{"person":{"id":7,"fingerprint":"464d520020323000000001080000013c016200c500c5010000"}}`, []string{"464d52"}},
		{"what was wrong with a field", `{"errors":{"ssn":["is invalid: 123456789"],"dob":"is 19800304 in the future","last_name":"must match Quillfeather on card"}}`, []string{"123456789", "0304", "Quill"}},
		{"a key within notes", `{"processNotes":{"He hates his brother":true}}`, []string{"brother"}},
		{"notes by type", `{"noteType":"psychotherapy_note","text":"he spoke of affairs"}`, []string{"affairs"}},
		{"notes by label", `{"category":"Psychotherapy note","body":"he spoke of affairs"}`, []string{"affairs"}},
		{"meta keys in typed containers", `{"ssn":{"type":"123456789x","code":"123456789"},"phone":{"label":"quetzal cell"}}`, []string{"123456789", "quetzal"}},
		{"a date in a date of birth", `{"dob":{"$date":"1984-02-03"},"birth":{"date":"1984-02-03"},"birthDate":{"period":"1984-02-03"}}`, []string{"02-03"}},
		{"a key around dob", `{"dob_mm_dd_yyyy":"02/03/1984"}`, []string{"02/03"}},
		{"prose under technical keys", `{"status":"Jane Roe no-showed","outcome":"Jane Roe went to 12 Main Street, Springfield","tags":["Jane Roe"]}`, []string{"Jane", "Roe", "Main"}},
		{"a message log", `{"communication":[{"text":"Jane Roe called about her mother Mary"}]}`, []string{"Jane", "Roe", "Mary"}},
		{"a date and more", `{"appointmentDate":"2026-01-02 Jane Roe 123-45-6789","date":"2025-01-02 jane@example.org"}`, []string{"Jane", "6789", "jane@"}},
		{"an age and more", `{"age":"41 Jane Roe, 12 Main St"}`, []string{"Jane", "Main"}},
		{"an age in another notation", `{"age":9.1e1}`, []string{"9.1"}},
		{"a key with two findings", `{"jane@example.org 2026-01-02":1}`, []string{"jane@"}},
		{"a placeholder that holds digits", `{"ssn":"[SSN:123456789]","phone":"[PHONE:617555014]"}`, []string{"123456789", "617555014"}},
		{"a form", `{"body":"first_name=xochitl%20quetzal&email=jane%40example.com&ssn=123456789"}`, []string{"xochitl", "quetzal", "jane", "123456789"}},
		{"HL7 in its frame", "{\"m\":\"\\u000bMSH|^~\\\\&|A|B\\rPID|1||88412||quetzal^xochitl||19840203|F\\rNTE|1||saw xochitl quetzal\"}", []string{"88412", "quetzal", "xochitl", "19840203"}},
		{"a segment alone", `{"m":"PID|1||88412||quetzal^xochitl||19840203|F"}`, []string{"88412", "quetzal", "19840203"}},
		{"X12", `{"m":"ST*837*1~NM1*IL*1*QUETZAL*XOCHITL****MI*W123456789~N3*12 ZORG ST~N4*AYR*NY*12545~DMG*D8*19840203~"}`, []string{"QUETZAL", "XOCHITL", "W123456789", "ZORG", "12545", "19840203"}},
		{"a person's key that holds a string", `{"therapist":"Xochitl Quetzal","guardian":"Xochitl Quetzal"}`, []string{"Xochitl", "Quetzal"}},
		{"whose it is beside it", `{"type":"patient","attributes":{"name":"xochitl"},"x":{"table":"patients","row":{"name":"quetzal"}}}`, []string{"xochitl", "quetzal"}},
		{"numbers of what is typed elsewhere", `{"mrn":"884123","a":884123,"phone":"617-555-0143","b":16175550143,"ssn":"078-05-1120","c":78051120}`, []string{"884123", "16175550143", "78051120"}},
		{"escaped keys", `{"\u0073sn":"123456789","\u0070atient":{"n\u0061me":"xochitl"}}`, []string{"123456789", "xochitl"}},
		{"prose where an id stands", `{"patient":{"id":"Maria Kowalski / 42"},"user":{"id":"Maria Kowalski/84711"},"actor":"Maria Kowalski's patient/42","client":{"id":"617-555-0143 wrote: Maria"}}`, []string{"Maria", "Kowalski", "555-0143"}},
		{"JSON where an id stands", `{"patient":{"id":"{\"name\":\"Maria Kowalski\",\"x\":\"MRN-0012345\"}"}}`, []string{"Maria", "Kowalski", "0012345"}},
		{"markup where an id stands", `{"patient":{"id":"<p>Maria Kowalski</p>"},"subject":"<p>Maria Kowalski</p>"}`, []string{"Maria", "Kowalski"}},
		{"a name and a date", `{"patient":{"name":"Maria Roe"},"file":"Roe_2024-05-06.pdf","note":"see J. Roe__1971-04-09 and Roe_617-555-0143"}`, []string{"Roe", "555-0143"}},
		{"an element within an element", `{"x":"<r><lastName><b>quetzal</b></lastName></r>"}`, []string{"quetzal"}},
	} {
		for _, profile := range profiles {
			wantGone(t, profile, c.name, c.src, c.gone)
		}
	}
}

// What is no identifier stays under keys that look like one's.
func TestShapesThatStay(t *testing.T) {
	s := newScrubber(t, phi.Config{})
	for _, src := range []string{
		`{"dose":{"value":50,"unit":"mg"},"lab":{"unit":"mg/dL","value":7.2}}`,
		`{"line":42,"position":3,"gait":"steady","aba":"20 hours","marketCap":12}`,
		`{"emails":2,"attendees":4,"phoneVerified":"yes","email":"verified"}`,
		`{"container":{"image":"nginx:1.25"},"recording":"started","credential":"LCSW"}`,
		`{"telecom":[{"system":"phone","use":"home","rank":1}],"identifier":[{"use":"official","type":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v2-0203","code":"MR"}]}}]}`,
		`{"status":"in_progress","type":"individual","outcome":"completed","topic":"claims-out"}`,
		`{"reference":"user/1e45ab90","fullUrl":"patient/12345678"}`,
		`{"browser":{"name":"Chrome","version":"119.0.0.0"},"app_version":"3.2.1.0","build":"4.0.1.2","item":[{"linkId":"1.1.2.3","text":"How often?"}],"oid":"1.3.6.1"}`,
		`{"account":"acct_basic","session":"s-77","profile":"default"}`,
		`{"resourceType":"QuestionnaireResponse","item":[{"linkId":"44250-9","text":"Little interest"}]}`,
		`{"suite":[{"name":"formatClientName","case":[{"name":"joins first and last","time":0.002}]}]}`,
		`{"form.first_name":"First name","form.dob":"Date of birth","mapping":{"First":"first_name"}}`,
		`{"code":{"@code":"34133-9","@displayName":"Summarization of Episode Note"},"ua_family":"Safari"}`,
		`{"fingerprint":"c1a5b0f7d7e3e1a9","repository":{"full_name":"carebus/carebus"}}`,
		`{"iCalUID":"4eahs9ghkhrvkld72hogu9ph3e@google.com","internetMessageId":"<MWHPR1300MB2000FE@MWHPR1300MB2000.namprd13.example.com>","smtp-id":"<14c5d75ce93.dfd.64b469@mx.example.org>"}`,
		`{"iCalUID":"040000008200E00074C5B7101A82E008","inReplyTo":"t-1"}`,
		`{"card":{"brand":"visa","last4":null,"fingerprint":"mToisGZ01V71BCos"},"bank":{"last_4":null,"fingerprint":"sq-1-9PP0tWfcM6vIsYmf"}}`,
		`{"whatsapp":{"object":"whatsapp_business_account","entry":[{"id":"88569","changes":[]}]}}`,
		`{"body":"pool exhausted (max=50, waiting=212)","user":"max_connections","plan":{"nickname":"Group Practice Monthly"}}`,
		`{"type":"PATIENT","text":"Doing well on sertraline."}`,
		`{"label":"DOCTOR","text":"How are you?"}`,
		`{"question":"Person","value":"Yes"}`,
		`{"field":"NAME","value":"Annual review"}`,
		`{"type":"per","value":"day","text":"hour"}`,
		`{"father":"hypertension, hyperlipidemia"}`,
		`{"family_history":{"father":"hyperlipidemia","sibling":"schizoaffective"}}`,
		`{"process":{"parent":"systemd","child":"sshd"}}`,
		`{"i18n":{"patient":"paciente"}}`,
		`{"user":"mark_read"}`,
		`{"driver":"ruby.postgres"}`,
		`{"admin":"django.contrib"}`,
		`{"requestsByClient":{"mobileapp":2,"webapp":1}}`,
		`{"ADR":"Nausea and vomiting"}`,
		`{"gl":{"account":40010}}`,
		`{"metrics":{"collectedAt":"2023-01-02T00:00:00Z","cpu":5}}`,
		`{"roles":{"DBA":"database admin","DAC":"access","DAM":"assets","DAL":"layer"}}`,
		`{"errors":{"dob":["must be in the format YYYY-MM-DD"]}}`,
		`{"errors":{"email":["is not a valid URL"]}}`,
		`{"errors":{"dob":["must be before 2020"]}}`,
		`{"errors":{"first_name":["can't be blank"],"email":["is not a valid email"]},"content":"You draft notes in DAP format."}`,
	} {
		if out := scrubJSON(t, s, src); out != src {
			t.Errorf("%s\nbecame %s", src, out)
		}
	}
}

// Under the keys of versions and other technical values stand addresses, too: what is known
// as one elsewhere, what has no version's form, and URLs.
func TestAddressesUnderTechnicalKeys(t *testing.T) {
	s := newScrubber(t, phi.Config{})
	for src, want := range map[string]string{
		`{"ip":"10.2.3.4","version":"10.2.3.4"}`:         `{"ip":"[NETWORK]","version":"[NETWORK]"}`,
		`{"build":"1.415.555.0144","oid":"123.45.6789"}`: `{"build":"[PHONE]","oid":"[SSN]"}`,
		`{"specversion":"1.0","tenant":"https://portal.example.org/p/zorkk","correlationid":"https://portal.example.org/p/zorkk","data":{"status":"https://portal.example.org/p/zorkk"}}`: `{"specversion":"1.0","tenant":"[URL]","correlationid":"[URL]","data":{"status":"[URL]"}}`,
		`{"conversion":"10.2.3.4","version_ip":"10.2.3.5"}`: `{"conversion":"[NETWORK]","version_ip":"[NETWORK]"}`,
	} {
		if out := scrubJSON(t, s, src); out != want {
			t.Errorf("%s\nbecame %s", src, out)
		}
	}
}

// A pass over an attribute's own table leaves the text around it whole.
func TestAttributeTables(t *testing.T) {
	s := newScrubber(t, phi.Config{})
	src := `<p>aaaaaaaaaa bbbbbbbbbbb</p><a title="first_name,ssn,note&#10;zorkk,123456789,x">two</a> write to jane@example.com`
	out, _ := s.ScrubText(nil, src)
	if !strings.HasPrefix(string(out), "<p>aaaaaaaaaa bbbbbbbbbbb</p>") || strings.Contains(string(out), "zorkk") {
		t.Errorf("got %s", out)
	}
}

// Two keys with one pseudonym stay two keys.
func TestKeysStayApart(t *testing.T) {
	s := newScrubber(t, phi.Config{})
	out := scrubJSON(t, s, `{"a":{"MRN 88412":true,"mrn 88412":false}}`)
	var got struct{ A map[string]bool }
	if err := json.Unmarshal([]byte(out), &got); err != nil || len(got.A) != 2 || strings.Contains(out, "88412") {
		t.Errorf("got %s, %v", out, err)
	}
}

// The time for hostile values grows no faster than their size.
func TestHostileJSON(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	s := newScrubber(t, phi.Config{})
	var known strings.Builder
	for i := range 2000 {
		fmt.Fprintf(&known, `{"address1":"aa aa aa aa aa aa aa aa aa aa aa aa aa b%d"},`, i)
	}
	for name, src := range map[string]string{
		"known values":  `[` + known.String() + `"` + strings.Repeat("aa ", 130_000) + `"]`,
		"tags":          `{"x":"` + strings.Repeat("<a b='", 60_000) + `"}`,
		"references":    `{"x":"` + strings.Repeat("&amp", 100_000) + `"}`,
		"brackets":      `{"x":"` + strings.Repeat("[", 400_000) + `"}`,
		"labels":        `{"x":"` + strings.Repeat("ssn:", 100_000) + `"}`,
		"keys":          `{` + strings.Repeat(`"jane@example.com":1,`, 20_000) + `"z":1}`,
		"shown codes":   `{` + strings.Repeat(`"@displayName":"x",`, 50_000) + `"z":1}`,
		"long key":      `{"` + strings.Repeat("a1b2", 100_000) + `":1}`,
		"base64":        `{"x":"` + strings.Repeat("QUJD", 100_000) + `"}`,
		"nested arrays": strings.Repeat("[", 250) + `"x"` + strings.Repeat("]", 250),
		"quotes":        `{"x":"` + strings.Repeat(`\"`, 200_000) + `"}`,
	} {
		began := time.Now()
		if _, _, err := s.ScrubJSON(nil, []byte(src)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if took := time.Since(began); took > 20*time.Second {
			t.Errorf("%s: %d bytes took %v", name, len(src), took)
		}
	}
}
