package phi_test

import (
	"encoding/base64"
	"encoding/json"
	"testing"

	"github.com/carebus/carebus/phi"
)

// checkTexts scrubs texts and compares, also in a string of an event.
func checkTexts(t *testing.T, texts map[string]string) {
	t.Helper()
	s := newScrubber(t, phi.Config{Profile: phi.SafeHarbor})
	for src, want := range texts {
		out, _ := s.ScrubText(nil, src)
		if string(out) != want {
			t.Errorf("\n got %s\nwant %s", out, want)
		}
		if again, _ := s.ScrubText(nil, string(out)); string(again) != string(out) {
			t.Errorf("twice:\n%s\n%s", out, again)
		}
		event, _, err := s.ScrubJSON(nil, []byte(quoted(map[string]string{"zq": src})))
		var got map[string]string
		if err != nil || json.Unmarshal(event, &got) != nil || got["zq"] != want {
			t.Errorf("in an event: %s, %v", event, err)
		}
	}
}

func TestSQL(t *testing.T) {
	checkTexts(t, map[string]string{
		`INSERT INTO patients (id, first_name, last_name, note) VALUES (17, 'Will', 'O''Day', 'said ''no'''), (18, E'Joy', 'Long', NULL);`: `INSERT INTO patients (id, first_name, last_name, note) VALUES (17, '[NAME]', '[NAME]', 'said ''no'''), (18, E'[NAME]', '[NAME]', NULL);`,
		"insert into `public`.`patients` (\"mrn\",`ssn`) values ('88-412', 219099999)":                                                     "insert into `public`.`patients` (\"mrn\",`ssn`) values ('[MEDICAL_RECORD]', [SSN])",
		`UPDATE patients SET last_name='Day', city = 'Black', visits = visits + 1 WHERE first_name = 'Will' AND mrn IN ('A1', 'A2')`:       `UPDATE patients SET last_name='[NAME]', city = '[PLACE]', visits = visits + 1 WHERE first_name = '[NAME]' AND mrn IN ('[MEDICAL_RECORD]', '[MEDICAL_RECORD]')`,
		`select 1 from t where lower(p.last_name) like 'day%' and p.dob::date between '1971-04-09' and '1972-04-09' and status = 'open'`:   `select 1 from t where lower(p.last_name) like '[NAME]' and p.dob::date between '[DATE:1971]' and '[DATE:1972]' and status = 'open'`,
		`UPDATE p SET [last_name] = 'quetzal' WHERE [p].[chart no] IN ('x') AND tags[1] = 'x' AND role = ANY(ARRAY['ok'])`:                 `UPDATE p SET [last_name] = '[NAME]' WHERE [p].[chart no] IN ('[MEDICAL_RECORD]') AND tags[1] = 'x' AND role = ANY(ARRAY['ok'])`,
		`INSERT INTO [dbo].[p] ([mrn], [last_name]) OUTPUT inserted.id, inserted.at VALUES ('x', 'quetzal')`:                               `INSERT INTO [dbo].[p] ([mrn], [last_name]) OUTPUT inserted.id, inserted.at VALUES ('[MEDICAL_RECORD]', '[NAME]')`,
		`INSERT INTO old SELECT id FROM p WHERE last_name = 'quetzal'`:                                                                     `INSERT INTO old SELECT id FROM p WHERE last_name = '[NAME]'`,
		`INSERT INTO old SELECT last_name FROM p WHERE mrn = 'x'`:                                                                          `INSERT INTO old SELECT last_name FROM p WHERE mrn = '[MEDICAL_RECORD]'`,
		`INSERT INTO p SET last_name = 'quetzal', mrn = 'x'`:                                                                               `INSERT INTO p SET last_name = '[NAME]', mrn = '[MEDICAL_RECORD]'`,
		`MERGE INTO p USING q ON last_name = 'quetzal' AND mrn = 'x' WHEN MATCHED THEN DELETE`:                                             `MERGE INTO p USING q ON last_name = '[NAME]' AND mrn = '[MEDICAL_RECORD]' WHEN MATCHED THEN DELETE`,
		`duplicate key: Key (last_name, dob)=(Day, 1971-04-09) already exists.`:                                                            `duplicate key: Key (last_name, dob)=([NAME], [DATE:1971]) already exists.`,
		`SELECT status FROM visits WHERE kind = 'intake' AND code IN ('90837', '90834')`:                                                   `SELECT status FROM visits WHERE kind = 'intake' AND code IN ('90837', '90834')`,
	})
}

func TestContentLines(t *testing.T) {
	checkTexts(t, map[string]string{
		"BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Will Day\r\nN:Day;Will;;Dr.;\r\nBDAY:19710409\r\nitem1.TEL;TYPE=cell:617-555-0143\r\nADR;TYPE=home:;;12 Quarry;Ayr;MA;0\r\n 1234;USA\r\nX-SSN:219099999\r\nNOTE:Spouse of Honey Cook\\, tearful\r\nUID:7\r\nEND:VCARD\r\n":                                                "BEGIN:VCARD\r\nVERSION:4.0\r\nFN:[NAME]\r\nN:[NAME]\r\nBDAY:[DATE:1971]\r\nitem1.TEL;TYPE=cell:[PHONE]\r\nADR;TYPE=home:[ADDRESS]\r\nX-SSN:[SSN]\r\nNOTE:Spouse of [NAME]\\, tearful\r\nUID:7\r\nEND:VCARD\r\n",
		"BEGIN:VCALENDAR\nVERSION:2.0\nBEGIN:VEVENT\nDTSTART;TZID=America/New_York:20240305T140000\nSUMMARY:Session with Day\nLOCATION:Room 4\\, Ayr\nORGANIZER;CN=\"Day, Will\":mailto:w@example.org\nATTENDEE;ROLE=CHAIR;CN=Joy Long;RSVP=TRUE:mailto:j@example.org\nSTATUS:CONFIRMED\nEND:VEVENT\nEND:VCALENDAR": "BEGIN:VCALENDAR\nVERSION:2.0\nBEGIN:VEVENT\nDTSTART;TZID=America/New_York:[DATE:2024]\nSUMMARY:Session with [NAME]\nLOCATION:[ADDRESS]\nORGANIZER;CN=\"[NAME]\":[EMAIL]\nATTENDEE;ROLE=CHAIR;CN=[NAME];RSVP=TRUE:[EMAIL]\nSTATUS:CONFIRMED\nEND:VEVENT\nEND:VCALENDAR",
	})
}

func TestPipeTables(t *testing.T) {
	checkTexts(t, map[string]string{
		"Seen today:\n\n| Patient | City | Score |\n|---|:--|---|\n| Rich Day | Black | 7 |\n| Jane Roe | Ayr | 11 |\n\nCall Mr. Day.": "Seen today:\n\n| Patient | City | Score |\n|---|:--|---|\n| [NAME] | [PLACE] | 7 |\n| [NAME] | [PLACE] | 11 |\n\nCall [NAME].",
		"MRN|Clinician\n---|---\n88-412|Ann Lee": "MRN|Clinician\n---|---\n[MEDICAL_RECORD]|[NAME]",
		"+=======+=======+\n| Name                                  | DOB       |\n+-------+-------+\n| White | 3/4/1971 |\n+-------+-------+\n| Zorva | 3/5/1971 |\n+=======+=======+\n": "+=======+=======+\n| Name                                  | DOB       |\n+-------+-------+\n| [NAME] | 1971 |\n+-------+-------+\n| [NAME] | 1971 |\n+=======+=======+\n",
		"| Measure | Score |\n|---|---|\n| PHQ-9 | 7 |":       "| Measure | Score |\n|---|---|\n| PHQ-9 | 7 |",
		"mrn\tpatient\tclinician\n88412\tRich Day\tAnn Lee\n": "mrn\tpatient\tclinician\n[MEDICAL_RECORD]\t[NAME]\t[NAME]\n",
	})
}

// Psychotherapy notes are dropped whole wherever markup or a label says that
// they are ones.
func TestPsychotherapyInText(t *testing.T) {
	checkTexts(t, map[string]string{
		"<r><psychotherapyNote><p>He <b>told</b> me.</p><psychotherapyNote>More</psychotherapyNote></psychotherapyNote><p>ok</p></r>":               "<r><psychotherapyNote>[PSYCHOTHERAPY]</psychotherapyNote><p>ok</p></r>",
		"<s><section><title>Psychotherapy notes</title><text>He told me.</text></section><section><title>Plan</title><text>ok</text></section></s>": "<s><section><title>Psychotherapy notes</title>[PSYCHOTHERAPY]</section><section><title>Plan</title><text>ok</text></section></s>",
		"<r><note type=\"psychotherapy_note\"><p>He told me at length.</p></note><p>We go on with sertraline 50 mg as before.</p></r>":              "<r><note type=\"psychotherapy_note\">[PSYCHOTHERAPY]</note><p>We go on with sertraline 50 mg as before.</p></r>",
		"Plan: sertraline.\nPsychotherapy notes: He told me.\nHe said: no.\n\nNext: a week":                                                         "Plan: sertraline.\nPsychotherapy notes: [PSYCHOTHERAPY]\n\nNext: a week",
		"The session was short today, and here is what is on file.\nPROCESS NOTE:\nHe told me.\n\nHe cried.":                                        "The session was short today, and here is what is on file.\nPROCESS NOTE:\n[PSYCHOTHERAPY]",
	})
}

// Tokens and text in base64, short or within a text.
func TestEncodedText(t *testing.T) {
	b64 := base64.StdEncoding.EncodeToString
	jwt := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"HS256","typ":"JWT"}`)) + "." + base64.RawURLEncoding.EncodeToString([]byte(`{"sub":"123","name":"Jane Roe"}`)) + ".q8-N_"
	checkTexts(t, map[string]string{
		jwt:                        "[SECRET]",
		"sent " + jwt + " today":   "sent [SECRET] today",
		b64([]byte("Jane Roe")):    b64([]byte("[NAME]")),
		b64([]byte("078-05-1120")): "W1NTTl0=",
		"note " + b64([]byte("Patient Jane Roe came on 3/4/2021")): "note [OTHER_ID]",
		b64([]byte("sertraline")):                                  b64([]byte("sertraline")),
		"commit 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b":          "commit 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b",
	})
}

// Fields of forms, records printed by programs, and pairs of a name and a value.
func TestRecordsInText(t *testing.T) {
	checkTexts(t, map[string]string{
		`<form><input name="last_name" value="Bird"><input value="Faith" name="first_name"/></form>`:                         `<form><input name="last_name" value="[NAME]"><input value="[NAME]" name="first_name"/></form>`,
		`<p><patient first="Pearl" last="Law"/><First>Joy</First></p>`:                                                       `<p><patient first="[NAME]" last="[NAME]"/><First>[NAME]</First></p>`,
		"<table><tr><th>Last name</th><th>City</th><th>Score</th></tr><tr><td>Day</td><td>Black</td><td>7</td></tr></table>": "<table><tr><th>Last name</th><th>City</th><th>Score</th></tr><tr><td>[NAME]</td><td>[PLACE]</td><td>7</td></tr></table>",
		`{:first_name=>"Melody", :last_name=>"Drum"} saved`:                                                                  `{:first_name=>"[NAME]", :last_name=>"[NAME]"} saved`,
		"Array (\n    [first_name] => Buck\n    [last_name] => Fish\n)":                                                      "Array (\n    [first_name] => [NAME]\n    [last_name] => [NAME]\n)",
		"GET /api/patients?first_name=Rich&last_name=German&page=2 HTTP/1.1":                                                 "GET /api/patients?first_name=[NAME]&last_name=[NAME]&page=2 HTTP/1.1",
		"*Patient:* Ward Self\n*MRN:* 88-412":                                                                                "*Patient:* [NAME]\n*MRN:* [MEDICAL_RECORD]",
		`[["first_name","Will"],["last_name","Bishop"],["score","Bishop"]]`:                                                  `[["first_name","[NAME]"],["last_name","[NAME]"],["score","[NAME]"]]`,
		`{"index":[["email","status"]],"required":["last_name","score"]}`:                                                    `{"index":[["email","status"]],"required":["last_name","score"]}`,
		`{"field":{"ref":"last_name"},"text":"Self"}`:                                                                        `{"field":{"ref":"last_name"},"text":"[NAME]"}`,
	})
}

// Tables in prose: what a column's name says holds for the cells below it.
func TestTablesInProse(t *testing.T) {
	checkMarked(t, []marked{
		"Here is the list:\nName,DOB,Phone\n{name:Penny Law},{birth_date:2/9/1988},{phone:3605550147}\n{name:Summer Fields},{birth_date:7/4/2002},{phone:3605550119}\nThanks, all",
		"What I have: patient_name,mrn,clinician\n{name:Rusty Banks},{medical_record:558120},{name:June Park}\nDone.",
		"first_name;last_name;city;score\n{name:Olive};{name:Branch};{place:Reading};14\n{name:Clay};\"{name:Potts}\";{place:Mobile};9",
		"Pasted:\nClient\tTherapist\tScore\n{name:Ginger Snow}\t{name:Art Major}\t7\n\nNext, we talk.",
		"Client, spouse and son\nwere seen, they said, together.",
		"name,score,status\nPHQ-9,7,open\nGAD-7,8,open",
		"Name, age, place\nand other things, such as weight, matter.",
	})
}
