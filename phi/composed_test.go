package phi_test

import (
	"strings"
	"testing"

	"github.com/carebus/carebus/phi"
)

// A key may say too little by itself and enough with what stands around it.
func TestComposedKeys(t *testing.T) {
	for _, c := range []struct {
		name, src string
		gone      []string
	}{
		{"the number of what the container is", `{"claim":{"number":"CLM-2026-0441"},"policy":{"number":"qx77"},"case":{"no":"44-A-19"},"license":{"number":"PSY29114"}}`, []string{"0441", "qx77", "44-A-19", "29114"}},
		{"in an array, in the plural", `{"claims":[{"number":"CLM-0441"},{"number":"CLM-0442"}],"policies":[{"number":"qx77"}]}`, []string{"0441", "0442", "qx77"}},
		{"behind a key that says nothing", `{"claim":{"data":{"number":"CLM-0441"}}}`, []string{"0441"}},
		{"a number as such", `{"account":{"number":5512345}}`, []string{"5512345"}},
		{"an id in the form of a document's number", `{"claim":{"id":"E24M77120"}}`, []string{"77120"}},
		{"parts of a person's name", `{"judge":{"first":"quetzal","last":"xochitl"},"client":{"nick":"zorkk"}}`, []string{"quetzal", "xochitl", "zorkk"}},
		{"first and last beside each other", `{"attributes":{"first":"Wren","last":"Quetzal"}}`, []string{"Wren", "Quetzal"}},
		{"ends of a name, shortened", `[{"mpi":1,"score":99,"ln":"QUETZAL","fn":"XOCHITL"},{"FN":"Wren","LN":"Zorkk"}]`, []string{"QUETZAL", "XOCHITL", "Wren", "Zorkk"}},
		{"parts of a name by their first letters", `[{"name":{"f":"Karolina","m":"Q","l":"quetzal"}},{"nm":{"l":"Zorkk","f":"xochitl"}}]`, []string{"Karolina", `"Q"`, "quetzal", "Zorkk", "xochitl"}},
		{"a name before the word for a thing", `[{"name":"Quetzal Visit"},{"name":"Zorkk 2"},{"name":"Wren Quetzal Intake"}]`, []string{"Quetzal", "Zorkk"}},
		{"a document's number under its bare name", `{"policy":"HMO99-41228","claim":"E24M77120","rx":"7719023-04","license":"PSY29114","insurance_group":"714-2B"}`, []string{"41228", "77120", "7719023", "29114", "714-2B"}},
		{"digits alone", `{"grp":"0088123","policy":"5512345","claim":"88120"}`, []string{"0088123", "5512345", "88120"}},
		{"within another", `{"medications":[{"name":"sertraline","rx":"7719023-04"}]}`, []string{"7719023"}},
		{"both sides of a call", `{"from":"4135550144","to":"4135550145"}`, []string{"4135550144", "4135550145"}},
		{"phones as a database nests them", `{"phones":{"L":[{"S":"4135550144"}]},"dob":{"timestampValue":"1980-04-12T00:00:00Z"}}`, []string{"4135550144", "04-12"}},
		{"a path of two parts", `{"errors":[{"loc":["body","client","last"],"input":"quetzal"}]}`, []string{"quetzal"}},
		{"the number of a question", `{"answers":{"q1_name":"quetzal","q2_dob":"4/4/1980","Q3Phone":"4135550112"}}`, []string{"4/4", "4135550112"}},
		{"persons by what they do or are", `{"facilitator":"Roz","moderator":"Beto","uncle":"Roz","evaluator":"Roz","mom":{"name":"quetzal"}}`, []string{"Roz", "Beto", "quetzal"}},
		{"a name that stands for a disease as well", `{"nurse":"Lou","seen_by":"Barr"}`, []string{"Lou", "Barr"}},
		{"a coverage's classes", `{"resourceType":"Coverage","class":[{"type":{"coding":[{"code":"group"}]},"value":"CB135","name":"Quetzal Mills"}]}`, []string{"CB135", "Quetzal"}},
		{"a number beside the kind of document", `[{"identity_doc":{"kind":"passport","no":"E382910"}},{"type":"ssn","number":"433120987"},{"type":"Medicaid","num":"A12345678"},{"docType":"visa","nr":"V8812044"}]`, []string{"382910", "433120987", "12345678", "8812044"}},
		{"a record's number by HL7's code", `{"identifier":[{"type":{"coding":[{"code":"MR"}]},"value":"654321"}],"a":"records 654321 and 7"}`, []string{"654321"}},
		{"agents of an audit", `{"resourceType":"AuditEvent","agent":[{"name":"Grahame Grieve"}]}`, []string{"Grahame", "Grieve"}},
		{"a surname that is a word", `{"name":[{"family":"Nurse","given":["Nancy"]}],"x":"Nurse, Nancy was here"}`, []string{"Nurse", "Nancy"}},
		{"fields of a form", `{"x":"guardian=Mar%C3%ADa+N%C3%BA%C3%B1ez&ref=a"}`, []string{"Mar", "ez&"}},
	} {
		for _, profile := range []phi.Profile{phi.Operational, phi.SafeHarbor} {
			wantGone(t, profile, c.name, c.src, c.gone)
		}
	}
}

// Words of a name that isn't a person's alone are no names where they stand by themselves.
func TestWordsOfNames(t *testing.T) {
	s := newScrubber(t, phi.Config{Profile: phi.SafeHarbor})
	out := scrubJSON(t, s, `{"performer":[{"display":"Quetzal Laboratory, Inc"}],"category":"Laboratory test","x":"Quetzal Laboratory sent it"}`)
	if !strings.Contains(out, "Laboratory test") || strings.Contains(out, "Quetzal") {
		t.Error(out)
	}
	out = scrubJSON(t, s, `{"identifier":[{"value":"PHQ-9"}],"title":"Patient Health Questionnaire (PHQ-9)","disposition":"Dependant added to policy."}`)
	if !strings.Contains(out, "(PHQ-9)") || !strings.Contains(out, "Dependant added") {
		t.Error(out)
	}
	out = scrubJSON(t, s, `{"identifier":[{"type":{"coding":[{"code":"MR"}]},"value":"654321"}]}`)
	if !strings.Contains(out, "[MEDICAL_RECORD]") {
		t.Error(out)
	}
}

// Of such keys those stay that number no document and no person.
func TestComposedKeysThatStay(t *testing.T) {
	s := newScrubber(t, phi.Config{Profile: phi.SafeHarbor})
	for _, src := range []string{
		`{"page":{"number":4,"first":1,"last":9},"line":{"number":"12"},"build":{"number":"771"},"pull_request":{"number":44},"version":{"number":"1.2.3"}}`,
		`{"group":"admins","license":"Apache-2.0","account":"main","policy":"POL-2024","case":"lower","order":"asc","visit":"3","unit":"5 North"}`,
		`{"visit":{"number":3},"claim":{"id":"0190b1c2-1111-7aaa-8000-000000000001"},"invoice":{"id":"a7"}}`,
		`{"range":{"first":"a1","last":"z9"},"test":{"first":"Rorschach","last":"MMPI"},"pageInfo":{"first":10,"last":null}}`,
		`{"value":"4135550144","from":"intake","to":"discharge"}`,
		`{"account":"123456789012","region":"us-east-1","detail-type":"Instance State","resources":["arn:aws:ec2:us-east-1:123456789012:instance/i-abcd1111"]}`,
		`{"x":{"name":"Silver Plan"},"y":{"name":"Standard 2026"},"z":[{"name":"Basic Package"},{"name":"Grace Group"}],"serial":118}`,
		`{"size":{"f":"a4","l":"long","m":"mid"},"temp":{"f":98,"l":97},"by":"system"}`,
		`[{"fn":"main","ln":12},{"fn":"Handler","line":4},{"fn":"save","ln":"Body"},{"first":1,"fn":"Page"}]`,
		`{"claim":"2024","group":"1001","case":"12"}`,
		`{"q1":3,"q":"x","qty":2,"q5":"yes"}`,
		`{"A":"SEEN 12345","B":"ROOM 4410"}`,
		`{"x":{"type":"page","number":"4410"},"y":{"type":"build","no":"88210"},"z":{"kind":"passport","number":"2"}}`,
		`{"parameter":[{"name":"patient","type":"token"}],"doc":"The Patient context"}`,
		`{"tz":"America/New_York","zones":["Europe/Berlin","America/Argentina/Buenos_Aires"]}`,
	} {
		if out := scrubJSON(t, s, src); out != src {
			t.Errorf("%s\nbecame %s", src, out)
		}
	}
}

// Messages of the trade stand in logs and errors, behind other text and without their
// first segments.
func TestMessagesInText(t *testing.T) {
	checkTexts(t, map[string]string{
		"INFO recv: MSH|^~\\&|A|B|C|D|||ADT^A04|1|P|2.5\nPID|1||4482917^^^M^MR||Roe^Ann^Q||19561102|F\nNK1|1|Quill^Wren|SPO||4135550188": "INFO recv: MSH|^~\\&|A|B|C|D|||ADT^A04|1|P|2.5\nPID|1||[MEDICAL_RECORD]||[NAME]||[DATE:1956]|F\nNK1|1|[NAME]|SPO||[PHONE]",
		"parse failed for segment PID|1||4482917^^^M^MR||Roe^Ann^Q||19561102|M (field 5)":                                                "parse failed for segment PID|1||[MEDICAL_RECORD]||[NAME]||[DATE:1956]|M (field 5)",
		"MSH|^~\\&|A\nSCH|A12994|A12994||||||||||Whitcombe^Sasha|4135550122\nAIP|1||9911^Quetzal^Jo|PROVIDER\nZPD|1|a|4135550122":        "MSH|^~\\&|A\nSCH|[OTHER_ID]|[OTHER_ID]||||||||||[NAME]|[PHONE]\nAIP|1||[NAME]|PROVIDER\nZPD|1|a|[OTHER_ID]",
		"MSH|^~\\&|A\nTXA|1|CN|TX||9911^Quetzal^Jo|||||||D-5519\nROL|1|AD|PP|9911^Quetzal^Jo":                                            "MSH|^~\\&|A\nTXA|1|CN|TX||[NAME]|||||||[OTHER_ID]\nROL|1|AD|PP|[NAME]",
		"Rejected segment: NM1*IL*1*QUETZAL*XOCHITL*P***MI*ZQJ00912338":                                                                  "Rejected segment: NM1*IL*1*[NAME]*[NAME]*[NAME]***MI*[HEALTH_PLAN]",
		"ST*837*0101\nNM1*IL*1*QUETZAL*XOCHITL\nN3*55 MAPLE AVE\nDTP*472*RD8*20260203-20260210\nSE*5*0101":                               "ST*837*0101\nNM1*IL*1*[NAME]*[NAME]\nN3*[ADDRESS]\nDTP*472*RD8*[DATE:2026]\nSE*5*0101",
		"BPR*I*132*C*ACH*CCP*01*211870935*DA*4400918273~NM1*PR*2*AETNA~":                                                                 "BPR*I*132*C*ACH*CCP*01*[ACCOUNT]*DA*[ACCOUNT]~NM1*PR*2*[NAME]~",
		"x = a*b*c; NM1*x; 2*DMG*3": "x = a*b*c; NM1*x; 2*DMG*3",
	})
}

// Markup may name its fields in attributes, tables may have the headings of forms.
func TestNamedFields(t *testing.T) {
	checkTexts(t, map[string]string{
		`<row><c n="last_name">Quetzal</c><c n="plan">PPO</c></row>`:                          `<row><c n="last_name">[NAME]</c><c n="plan">PPO</c></row>`,
		`<field name="mrn">88412</field><param key="phone" val="4135550144"/>`:                `<field name="mrn">[MEDICAL_RECORD]</field><param key="phone" val="[PHONE]"/>`,
		`<Patient ID="882112" kind="a"/><Plan ID="882113"/>`:                                  `<Patient ID="[MEDICAL_RECORD]" kind="a"/><Plan ID="882113"/>`,
		`<h2 name="phone">Phone</h2><div id="address">Our offices</div>`:                      `<h2 name="phone">Phone</h2><div id="address">Our offices</div>`,
		"\"Client Name\",\"D.O.B.\",\"Tel.\"\n\"Quetzal, Jo\",\"4/12/1980\",\"413.555.0144\"": "\"Client Name\",\"D.O.B.\",\"Tel.\"\n\"[NAME]\",\"1980\",\"[PHONE]\"",
		"Patient......: QUETZAL, JO\nMRN..........: 882112":                                   "Patient......: [NAME]\nMRN..........: [MEDICAL_RECORD]",
		"client:\n  name:\n    first: lotte\n    last: quetzal\n":                             "client:\n  name:\n    first: [NAME]\n    last: [NAME]\n",
		`{id:88 First:Lotte Last:Quetzal}`:                                                    `{id:88 First:[NAME] Last:[NAME]}`,
		`Client(dob=datetime.date(1980, 4, 12))`:                                              `Client(dob=[DATE:1980])`,
		`bad row ['882', 'Quetzal', 'Lotte', 'Pending']`:                                      `bad row ['882', '[NAME]', '[NAME]', 'Pending']`,
		`203.0.113.9 - lquetzal [11/Feb/2026:10:02:33 +0000] "GET /"`:                         `[NETWORK] - [OTHER_ID] [[DATE:2026]:10:02:33 +0000] "GET /"`,
		`Accepted publickey for lquetzal from 203.0.113.9, waiting for data from 203.0.113.9`: `Accepted publickey for [OTHER_ID] from [NETWORK], waiting for data from [NETWORK]`,
		"First: breathe. Last: relax. First: Intake, Last: Discharge. first=10&last=20":       "First: breathe. Last: relax. First: Intake, Last: Discharge. first=10&last=20",
		"I called, Dad came. Hope you are ok.\nSky is blue, mark it.":                         "I called, Dad came. Hope you are ok.\nSky is blue, mark it.",
	})
}
