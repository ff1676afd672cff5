package phi_test

import (
	"strings"
	"testing"

	"github.com/carebus/carebus/phi"
)

// What formats say in ways of their own: what goes and what stays of it.
func TestIdioms(t *testing.T) {
	s := newScrubber(t, phi.Config{})
	for src, want := range map[string]string{
		// keys and labels that read like data name fields
		`{"value":[{"@odata.etag":"W/\"8\"","firstname":"Bea","_ownerid_value@OData.Community.Display.V1.FormattedValue":"Jane Roe"}]}`: `{"value":[{"@odata.etag":"W/\"8\"","firstname":"[NAME]","_ownerid_value@OData.Community.Display.V1.FormattedValue":"[NAME]"}]}`,
		`{"client[0].lon":-73.784512,"12. Client Ip":"203.0.113.9","Jane Roe":3}`:                                                       `{"client[0].lon":null,"12. Client Ip":"[NETWORK]","[NAME]":3}`,
		`{"errors":[{"loc":["body","Client Ip"],"input":"203.0.113.9"}]}`:                                                               `{"errors":[{"loc":["body","Client Ip"],"input":"[NETWORK]"}]}`,
		`[{"name":"lon","value":-73.784512},{"name":"score","value":7}]`:                                                                `[{"name":"lon","value":null},{"name":"score","value":7}]`,
		`{"answers":{"3":{"name":"fullName","text":"Full Name","answer":"Bea Ayr"}}}`:                                                   `{"answers":{"3":{"name":"fullName","text":"Full Name","answer":"[NAME]"}}}`,
		`{"identifier":[{"type":"string","value":"88412"}],"mrn":{"Type":"String","Value":"88412"}}`:                                    ``,
		// the names of columns
		`{"columns":["cell","servicecode","taxidssn","relationship"],"rows":[["518-555-0144","90834","534-27-6180","spouse"]]}`:                                             `{"columns":["cell","servicecode","taxidssn","relationship"],"rows":[["[PHONE]","90834","[SSN]","spouse"]]}`,
		`{"sheet":[["client_ip","client_name"],["203.0.113.9","Bea Ayr"]]}`:                                                                                                 `{"sheet":[["client_ip","client_name"],["[NETWORK]","[NAME]"]]}`,
		`{"Rows":[{"Data":[{"V":"patient_name"},{"V":"dob"}]},{"Data":[{"V":"Bea Ayr"},{"V":"1990-02-03"}]}]}`:                                                              `{"Rows":[{"Data":[{"V":"patient_name"},{"V":"dob"}]},{"Data":[{"V":"[NAME]"},{"V":"1990"}]}]}`,
		`{"fields":[{"name":"Geo Lat"},{"name":"Town"},{"name":"Claim Number"},{"name":"Dose"}],"records":[[43.0831,"Ayr","CLM-8844","5 mg"]],"p":[["Lon",-73.7],["a",1]]}`: ``,
		// FHIR
		`{"identifier":[{"system":"http://hospital.example/mrn","value":"Q7"}]}`:                                                                                           ``,
		`{"extension":[{"url":"http://ehr.example/ext/riskTier","valueCode":"tier-2"},{"url":"http://ehr.example/ext/nickname","valueString":"Bo"}]}`:                      `{"extension":[{"url":"http://ehr.example/ext/riskTier","valueCode":"tier-2"},{"url":"http://ehr.example/ext/nickname","valueString":"[NAME]"}]}`,
		`{"extension":[{"url":"http://x.example/geo","extension":[{"url":"latitude","valueDecimal":42.1234}]}]}`:                                                           `{"extension":[{"url":"http://x.example/geo","extension":[{"url":"latitude","valueDecimal":null}]}]}`,
		`{"questionnaire":"https://ehr.example/Questionnaire/phq9","url":"https://ehr.example/p/42?n=1"}`:                                                                  `{"questionnaire":"https://ehr.example/Questionnaire/phq9","url":"[URL]"}`,
		`{"resourceType":"CarePlan","addresses":[{"reference":"Condition/1","display":"Panic disorder"}]}`:                                                                 `{"resourceType":"CarePlan","addresses":[{"reference":"Condition/1","display":"Panic disorder"}]}`,
		`{"addresses":[{"display":"4 Mill Rd","line1":"4 Mill Rd"}]}`:                                                                                                      `{"addresses":[{"display":"[ADDRESS]","line1":"[ADDRESS]"}]}`,
		`{"component":[{"code":{"coding":[{"code":"21112-8","display":"Birth date"}]},"valueDateTime":"1990-02-03"}]}`:                                                     `{"component":[{"code":{"coding":[{"code":"21112-8","display":"Birth date"}]},"valueDateTime":"1990"}]}`,
		`{"resourceType":"ClaimResponse","processNote":[{"number":1,"text":"Paid to the provider"}],"x":{"resourceType":"Observation","processNote":["He spoke of it."]}}`: `{"resourceType":"ClaimResponse","processNote":[{"number":1,"text":"Paid to the provider"}],"x":{"resourceType":"Observation","processNote":["[PSYCHOTHERAPY]"]}}`,
		`{"coding":[{"system":"http://snomed.info/sct","code":"446131000124102"}],"card":{"x":"4111111111111111"}}`:                                                        `{"coding":[{"system":"http://snomed.info/sct","code":"446131000124102"}],"card":{"x":"[CARD]"}}`,
		// other formats
		`{"medicamento":{"nombre":"Sertralina"},"nombre":"Bea","csv":"nombre;fecha_nacimiento;teléfono\nBea;07/17/1980;518-555-0144"}`:         `{"medicamento":{"nombre":"Sertralina"},"nombre":"[NAME]","csv":"nombre;fecha_nacimiento;teléfono\n[NAME];1980;[PHONE]"}`,
		`{"columns":["p.name","p.dob"],"data":[{"row":["Bea Ayr","1990-02-03"],"meta":[null,null]}],"Social":"464395747","pt":{"ln":"Price"}}`: `{"columns":["p.name","p.dob"],"data":[{"row":["[NAME]","1990"],"meta":[null,null]}],"Social":"[SSN]","pt":{"ln":"[NAME]"}}`,
		`{"duration":{"long":50},"dob":{"string":"1990-02-03"},"long":-73.784512,"lat":41.2}`:                                                  `{"duration":{"long":50},"dob":{"string":"1990"},"long":null,"lat":null}`,
		`{"Patient":{"Name":{"@use":"L","Family":{"#text":"Ayr"}},"Plan":{"Name":{"#text":"Gold PPO"}}}}`:                                      `{"Patient":{"Name":{"@use":"L","Family":{"#text":"[NAME]"}},"Plan":{"Name":{"#text":"Gold PPO"}}}}`,
		`{"os":{"family":"Mac OS X"},"user":{"family":"Ayr"}}`:                                                                                 `{"os":{"family":"Mac OS X"},"user":{"family":"[NAME]"}}`,
		`[{"type":"date","date":"1990-02-03","field":{"ref":"date_of_birth"}},{"code":{"text":"dob"},"value":"x","date":"2026-01-02"}]`:        `[{"type":"date","date":"1990","field":{"ref":"date_of_birth"}},{"code":{"text":"dob"},"value":"[BIRTH_DATE]","date":"2026-01-02"}]`,
		`{"source":{"connector":"postgresql","name":"pg","table":"clients"}}`:                                                                  `{"source":{"connector":"postgresql","name":"pg","table":"clients"}}`,
		`{"user":{"id":"VXNlcjo0NDE3"},"card":{"brand":"mastercard","funding":"credit","last4":"4444"}}`:                                       `{"user":{"id":"VXNlcjo0NDE3"},"card":{"brand":"mastercard","funding":"credit","last4":"[CARD]"}}`,
		`{"href":"/clients/7/notes","url":"/clients/grace.noon","link":"//x.example/7"}`:                                                       `{"href":"/clients/7/notes","url":"[URL]","link":"[URL]"}`,
		`{"state":"New York","city":"Ayr"}`:                                                          `{"state":"New York","city":"[PLACE]"}`,
		`{"entities":[{"type":"person","text":"Prudence"},{"type":"date","text":"tomorrow"}]}`:       `{"entities":[{"type":"person","text":"[NAME]"},{"type":"date","text":"tomorrow"}]}`,
		`{"DCS":"AYR","DAC":"LUZ","DBB":"08151978","DAJ":"HI","DAK":"968140000","DBC":"2"}`:          `{"DCS":"[NAME]","DAC":"[NAME]","DBB":"[BIRTH_DATE]","DAJ":"HI","DAK":"968","DBC":"2"}`,
		`{"DAC":"on","DAG":"nightly","DAD":"x"}`:                                                     `{"DAC":"on","DAG":"nightly","DAD":"x"}`,
		`{"First":"Hyacinth","Last":"Bucket-Ames","Cell":"860 555 0188"}`:                            `{"First":"[NAME]","Last":"[NAME]","Cell":"[PHONE]"}`,
		`{"subject":{"nm":"Foster, Rain","dob":"20020220"}}`:                                         `{"subject":{"nm":"[NAME]","dob":"2002"}}`,
		`{"errors":{"ssn":["is invalid: 123456789"],"last_name":"must match Quillfeather on card"}}`: `{"errors":{"ssn":["[SSN]"],"last_name":"[NAME]"}}`,
		`{"account":88812345,"user":{"account":42}}`:                                                 ``,
		// what is like an exception and none
		`{"patient_name":"Quillfeather/Svetlana","note":"Quillfeather was seen","signature":"s/Quillfeather"}`:                       `{"patient_name":"[NAME]","note":"[NAME] was seen","signature":"[NAME]"}`,
		`{"whatsapp":{"primary":"4135550144"},"location":{"street":"12 Quill Lane","suite":["400"]},"device_family":"Quillfeather"}`: `{"whatsapp":{"primary":"[PHONE]"},"location":{"street":"[ADDRESS]","suite":["[ADDRESS]"]},"device_family":"[NAME]"}`,
		`{"person":{"id":7,"fingerprint":"464d520020323000000001080000013c016200c500c5010000"}}`:                                     ``,
		`{"last_name":"Middle","first_name":"Mrs","city":"County"}`:                                                                  `{"last_name":"[NAME]","first_name":"[NAME]","city":"[PLACE]"}`,
		`{"errors":{"address":["is 12 oak street"]},"name":"Ann Last","last_name":"Last name"}`:                                      ``,
		`{"phone":"413-555-0144","preferred":"Phone","first":"10","last":"20"}`:                                                      `{"phone":"[PHONE]","preferred":"Phone","first":"10","last":"20"}`,
		// words that no list holds, where only a person can stand
		`{"patient":"quillfeather","therapist":"smith, john","guardian":"none"}`:                                  `{"patient":"[NAME]","therapist":"[NAME]","guardian":"none"}`,
		`{"user":"svetlana_quillfeather","owner":"mark_read","account":"max_connections","driver":"postgres_v3"}`: `{"user":"[NAME]","owner":"mark_read","account":"max_connections","driver":"postgres_v3"}`,
		`{"by_patient":{"quillfeather":{"score":2},"total":{"score":9}},"members":{"kubelet":1}}`:                 `{"by_patient":{"[NAME]":{"score":2},"total":{"score":9}},"members":{"kubelet":1}}`,
		`{"body":"first=Wolfgang&last=Amsel&dob=1963-03-30","q":"?name=quillfeather&dob=1980-03-04"}`:             `{"body":"first=%5BNAME%5D&last=%5BNAME%5D&dob=1963","q":"?name=%5BNAME%5D&dob=1980"}`,
		`{"new":{"last":"Quintanilla"},"range":{"last":"Friday"},"page":{"last":"Page"}}`:                         `{"new":{"last":"[NAME]"},"range":{"last":"Friday"},"page":{"last":"Page"}}`,
		`{"LegalFirst":"Siobhan","Preferred":"Shiv","dob":"1980-01-01"}`:                                          `{"LegalFirst":"[NAME]","Preferred":"[NAME]","dob":"1980"}`,
		`{"PID.8":"F","dob":{"content":"1990-02-03","confidence":0.98}}`:                                          `{"PID.8":"F","dob":{"content":"1990","confidence":0.98}}`,
	} {
		got := scrubJSON(t, s, src)
		if want != "" && got != want {
			t.Errorf("of %s\n got %s\nwant %s", src, got, want)
		}
		if strings.Contains(src, "Geo Lat") && !strings.Contains(got, `{"name":"Geo Lat"},{"name":"Town"},{"name":"Claim Number"}`) {
			t.Errorf("columns are gone: %s", got)
		}
		if again := scrubJSON(t, s, got); again != got {
			t.Errorf("twice: %s\n%s", got, again)
		}
		limited := newScrubber(t, phi.Config{Profile: phi.LimitedDataSet})
		if got = scrubJSON(t, limited, src); scrubJSON(t, limited, got) != got {
			t.Errorf("twice: %s", got)
		}
	}
}

// An id that stands for a person goes from what refers to it too, where such ids go.
func TestIDsOfPersonsReferredTo(t *testing.T) {
	const id = "5b9c0f5e-0a52-4a3a-8f0b-0d4d4f2a7d11"
	src := `{"entry":[{"fullUrl":"urn:uuid:` + id + `","resource":{"resourceType":"Patient","id":"` + id + `"}}],"subject":{"reference":"urn:uuid:` + id + `"},"patient":"` + id + `"}`
	if out := scrubJSON(t, newScrubber(t, phi.Config{}), src); out != src {
		t.Errorf("operational: got %s", out)
	}
	for _, profile := range []phi.Profile{phi.LimitedDataSet, phi.SafeHarbor} {
		wantGone(t, profile, "references", src, []string{id})
	}
}

// FHIR in other dress: in XML, and flattened into paths.
func TestFHIROtherwise(t *testing.T) {
	for _, profile := range []phi.Profile{phi.Operational, phi.SafeHarbor} {
		wantGone(t, profile, "XML", `{"body":"<Patient><extension url=\"http://x.example/geolocation\"><extension url=\"latitude\"><valueDecimal value=\"42.5342\"/></extension></extension><extension url=\"http://x.example/patient-mothersMaidenName\"><valueString value=\"Quill\"/></extension><address><line value=\"Bramblewick\"/></address></Patient>"}`,
			[]string{"42.5342", "Quill", "Bramblewick"})
		wantGone(t, profile, "paths", `{"extension[0].extension[0].url":"latitude","extension[0].extension[0].valueDecimal":42.5342,"extension[1].valueString":"Quill","extension[1].url":"http://x.example/patient-mothersMaidenName","address[0].line[0]":"Bramblewick","name.name":"Nick","name.value":"x"}`,
			[]string{"42.5342", "Quill", "Bramblewick"})
		wantGone(t, profile, "values", `{"name":[{"family":{"value":"Quill"}}]}`, []string{"Quill"})
	}
	src := `{"patient.kind":"phone","patient.status":"active","score.code":"phq9","score.value":11}`
	if out := scrubJSON(t, newScrubber(t, phi.Config{}), src); out != src {
		t.Errorf("got %s of %s", out, src)
	}
}

// Keys that are written as one word, in the manner of a system, or as labels on a form.
func TestKeysWrittenOtherwise(t *testing.T) {
	for _, src := range []string{
		`{"clientdateofbirth":"Quill"}`, `{"memberbirthdate":"Quill1"}`, `{"guardianfullname":"Quill"}`, `{"Birth_City__c":"Quill"}`, `{"LastName__c":"Quill"}`,
		`{"label":"Group #","answer":"Quill7"}`, `{"label":"Name of patient","answer":"Quill"}`, `{"etiqueta":"Apellidos","valor":"Quill"}`, `{"MDCD_ID":"Quill77"}`,
		`{"pairs":[["last.name","Quill"],["status","open"]]}`, `{"policy_group":"Quill7"}`,
		`{"pat_zip":"Quill7"}`, `{"PATDOB":"Quill7"}`, `{"homezip":"Quill7"}`, `{"date_birth":"Quill7"}`, `{"dt_nasc":"Quill7"}`, `{"place_birth":"Quill"}`, `{"passport_id":"Quill7"}`,
		`{"zip_cd":"Quill7"}`, `{"legal_last":"Quill"}`, `{"city_state":"Quill"}`, `{"dl_id":"Quill7"}`, `{"hosp_no":"Quill7"}`,
	} {
		wantGone(t, phi.SafeHarbor, src, src, []string{"Quill"})
	}
	wantGone(t, phi.Operational, "an age in a label", `{"x":{"url":"age 95","valueString":"y"},"age 96":"z"}`, []string{"95", "96"})
	s := newScrubber(t, phi.Config{Profile: phi.SafeHarbor})
	for _, src := range []string{
		`{"usercount":7,"membership":"gold","oldname":"a.txt","label":"Name of school","answer":"open"}`, `{"generic_name":"Abilify Maintena","label":"Payer name","answer":"Blue Cross Blue Shield"}`, `{"type":{"text":"Count #"},"value":3}`,
	} {
		if out := scrubJSON(t, s, src); out != src {
			t.Errorf("got %s of %s", out, src)
		}
	}
}

// What is said of a number, an address or a name stays, in its container and elsewhere.
func TestWithin(t *testing.T) {
	s := newScrubber(t, phi.Config{})
	for src, want := range map[string]string{
		`{"identifier":[{"value":"Q8841","period":{"start":"2026-01-02"}}],"meta":{"lastUpdated":"2026-01-02"}}`:                                                                                                                                                                               ``,
		`{"phones":[{"id":7,"number":"518-555-0144","label":"Home","carrier":"Verizon","verifiedOn":"2026-01-02","status":"verified"}],"x":"Verizon"}`:                                                                                                                                         `{"phones":[{"id":7,"number":"[PHONE]","label":"Home","carrier":"Verizon","verifiedOn":"2026-01-02","status":"verified"}],"x":"Verizon"}`,
		`{"phone":{"label":"Grace","owner":"Grace Noon","whose":"Grace Noon","home":"5144"},"ssn":{"a":"QXYZ"},"vin":{"b":["QXYZ"]}}`:                                                                                                                                                          `{"phone":{"label":"[PHONE]","owner":"[PHONE]","whose":"[PHONE]","home":"[PHONE]"},"ssn":{"a":"[SSN]"},"vin":{"b":["[VEHICLE]"]}}`,
		`{"addresses":[{"id":"a-1","line1":"4 Mill Rd","source":"intake","validFrom":"2020-01-01"}],"stage":"intake"}`:                                                                                                                                                                         `{"addresses":[{"id":"a-1","line1":"[ADDRESS]","source":"[ADDRESS]","validFrom":"2020-01-01"}],"stage":"intake"}`,
		`{"dob":{"value":"1990-02-03","source":"license","updatedAt":"2026-01-02T10:00:00Z"},"email":{"status":"bounced","user":"bea.ayr"}}`:                                                                                                                                                   `{"dob":{"value":"1990","source":"[BIRTH_DATE]","updatedAt":"2026-01-02T10:00:00Z"},"email":{"status":"bounced","user":"[EMAIL]"}}`,
		`{"by_city":{"Ayr":5},"counts":{"phones":3,"addresses":2},"errors":{"email":["is invalid"],"phone":["518-555-0144"]}}`:                                                                                                                                                                 `{"by_city":{"Ayr":5},"counts":{"phones":3,"addresses":2},"errors":{"email":["is invalid"],"phone":["[PHONE]"]}}`,
		`{"credentials":"PhD, LCSW","patient":{"params":[{"name":"birthdate","type":"date"},{"name":"Bea"}]},"ssn_policy":"last4"}`:                                                                                                                                                            `{"credentials":"PhD, LCSW","patient":{"params":[{"name":"birthdate","type":"date"},{"name":"[NAME]"}]},"ssn_policy":"last4"}`,
		`{"birth":{"place":"Nowherby"},"phone":{"site":"Holyoke"},"change":[{"columnnames":["last_name","ssn"],"columnvalues":["Q8841","88412"]}],"entry":[{"string":["mrn","Q8841"]}],"vars":[{"var":"mrn","content":"Q8841"}],"p":[["address","88412 Park Suite 4"],["last_name","Q8841"]]}`: ``,
		`{"credentials":"hunter2","identifiers":[{"ID":"88412","IDType":"MR"}],"mrn":{"x":"88412"}}`:                                                                                                                                                                                           ``,
	} {
		got := scrubJSON(t, s, src)
		if want != "" && got != want {
			t.Errorf("of %s\n got %s\nwant %s", src, got, want)
		}
		for _, gone := range []string{"Q8841", "hunter2", "88412", "Nowherby", "Holyoke"} {
			if strings.Contains(got, gone) {
				t.Errorf("%s holds %s", got, gone)
			}
		}
		if strings.Contains(src, "lastUpdated") && !strings.Contains(got, `"start":"2026-01-02"`) {
			t.Errorf("the period is gone: %s", got)
		}
		if again := scrubJSON(t, s, got); again != got {
			t.Errorf("twice: %s\n%s", got, again)
		}
	}
}

// What a user's term names goes from systems and labels too.
func TestTermsInSystems(t *testing.T) {
	s := newScrubber(t, phi.Config{Policy: &phi.Policy{Deny: []phi.Term{{Text: "bramble"}}}})
	src := `{"identifier":[{"system":"https://ehr.example/bramble/mrn","value":"88412"}],"extension":[{"url":"https://bramble.example/ext/a","valueCode":"x"}],"page":{"name":"Bramble Phone","value":"5"}}`
	if out := scrubJSON(t, s, src); strings.Contains(strings.ToLower(out), "bramble") {
		t.Errorf("got %s", out)
	}
}
