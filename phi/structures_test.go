package phi_test

import (
	"testing"

	"github.com/carebus/carebus/phi"
)

// Structures that say beside a value, or by its place, what it is.
func TestStructures(t *testing.T) {
	for _, c := range []struct {
		name, src string
		gone      []string
	}{
		{"columns that objects describe", `{"columns":[{"name":"last_name","type":"text"},{"name":"mrn","type":"text"}],"rows":[["quetzal","88412"]]}`, []string{"quetzal", "88412"}},
		{"columns in a schema, cells in objects", `{"schema":{"fields":[{"name":"last_name"},{"name":"mrn"}]},"rows":[{"f":[{"v":"quetzal"},{"v":"88412"}]}]}`, []string{"quetzal", "88412"}},
		{"one row beside its columns", `{"keys":["last_name","mrn"],"values":["quetzal","88412"]}`, []string{"quetzal", "88412"}},
		{"parts of a name for columns", `{"headers":["Last","First","Chart #"],"records":[["quetzal","xochitl","88412"]]}`, []string{"quetzal", "xochitl", "88412"}},
		{"names and values that take turns", `{"hash":["last_name","quetzal","mrn",88412]}`, []string{"quetzal", "88412"}},
		{"options of a command", `{"args":["run","--last-name","quetzal","-v"]}`, []string{"quetzal"}},
		{"triples", `[["patient/1","lastName","quetzal"],["patient/1","mrn","88412"]]`, []string{"quetzal", "88412"}},
		{"labels of other names", `[{"k":"last_name","v":"quetzal"},{"param":"lastName","arg":"xochitl"},{"slot":"mrn","value":"88412"},{"col":"ssn","old":"1234","new":"5678"}]`, []string{"quetzal", "xochitl", "88412", "1234", "5678"}},
		{"labels and values in objects of their own", `{"custom_fields":[{"key":"f1","label":{"custom":"Date of birth","type":"custom"},"text":{"value":"1984-02-03"}},{"key":"patientlastname","label":{"custom":"2"},"text":{"value":"quetzal"}}]}`, []string{"02-03", "quetzal"}},
		{"answers to questions that are defined elsewhere", `{"questions":[{"id":"q1","text":"Date of birth"},{"id":7,"title":"Last name"},{"id":"q3","title":"Phone"}],"answers":[{"question_id":"q1","value":"1984-02-03"},{"fieldId":7,"answer":"quetzal"},{"type":"text","text":"5551","field":{"id":"q3"}}]}`, []string{"02-03", "quetzal", "5551"}},
		{"an answer that is a date", `{"definition":{"fields":[{"id":"q1","title":"Date of birth"}]},"answers":[{"type":"date","date":"1984-02-03","field":{"id":"q1","type":"date"}}]}`, []string{"02-03"}},
		{"rows of a question", `{"answers":[{"row":"City/Town","text":"Frobbinqua"},{"row":"ZIP","text":"12601-4410"}]}`, []string{"Frobbinqua", "12601"}},
		{"numbers in objects of their own", `{"ssn":{"number":{"value":"4711"}},"IdNumber":{"valueObject":{"Number":{"valueString":"88412"}}}}`, []string{"4711", "88412"}},
		{"what a validation refused", `{"errors":[{"loc":["body","patient","last_name"],"input":"quetzal"},{"path":["patient","mrn"],"received":"88412"},{"field":"mrn","rejectedValue":"88413"}]}`, []string{"quetzal", "88412", "88413"}},
		{"filters in words", `{"filter":"lastName eq \"quetzal\" and name.familyName co \"xochitl\"","q":"contains(surname, 'zorkk') or first_name == \"wrenn\"","ssn":"ssn eq '4711'"}`, []string{"quetzal", "xochitl", "zorkk", "wrenn", "4711"}},
		{"buckets by a field", `{"aggregations":{"by_last_name":{"buckets":[{"key":"quetzal","doc_count":3}]}}}`, []string{"quetzal"}},
		{"both sides of a difference", `{"diff":{"path":["contacts",0,"lastName"],"lhs":"quetzal","rhs":"xochitl"}}`, []string{"quetzal", "xochitl"}},
		{"filters", `{"search":{"by":"last_name","term":"quetzal"},"where":[{"column":"first_name","operand":"xochitl"}]}`, []string{"quetzal", "xochitl"}},
		{"keys with brackets, signs and shortened", `{"patient[telecom][0][value]":"5551","Patient Phone #":"5552","MBR_ID":"W99"}`, []string{"5551", "5552", "W99"}},
		{"FHIRPath Patch", `{"parameter":[{"name":"operation","part":[{"name":"type","valueCode":"replace"},{"name":"path","valueString":"Patient.name[0].family"},{"name":"value","valueString":"quetzal"}]}]}`, []string{"quetzal"}},
		{"extensions within an extension of a person", `{"extension":[{"url":"http://example.org/emergencyContact","extension":[{"url":"name","valueString":"quetzal"}]}]}`, []string{"quetzal"}},
		{"extensions by their type", `{"extension":[{"url":"x","valueContactPoint":{"system":"phone","value":"5551"}},{"url":"y","valueIdentifier":{"value":"88412"}}]}`, []string{"5551", "88412"}},
		{"jCard", `["vcard",[["version",{},"text","4.0"],["n",{},"text",["quetzal","xochitl","",""]],["tel",{"type":"cell"},"uri","tel:5551234"]]]`, []string{"quetzal", "xochitl", "5551234"}},
		{"jCal", `["vevent",[["attendee",{"cn":"xochitl"},"cal-address","mailto:x@example.org"]],[]]`, []string{"xochitl", "x@example"}},
		{"X12 with bars", `{"m":"ST|270|1~NM1|IL|1|QUETZAL|XOCHITL||||MI|W123456789~DMG|D8|19840203~"}`, []string{"QUETZAL", "XOCHITL", "W123456789", "19840203"}},
		{"elements of X12 and NCPDP as keys", `{"NM1":{"NM103":"quetzal","NM109":"W99"},"310-CA":"xochitl","302-C2":"W98"}`, []string{"quetzal", "xochitl", "W99", "W98"}},
		{"structs as Go prints them", `{"msg":"saved &{LastName:quetzal FirstName:xochitl MRN:88412}"}`, []string{"quetzal", "xochitl", "88412"}},
		{"structs as Rust prints them", `{"msg":"Patient { last_name: \"quetzal\", first_name: Some(\"xochitl\") }"}`, []string{"quetzal", "xochitl"}},
		{"a change in words", `{"msg":"lastName: 'quetzal' -> 'xochitl'"}`, []string{"quetzal", "xochitl"}},
		{"tags", `{"tags":["patient_last_name:quetzal","mrn:88412","env:prod"]}`, []string{"quetzal", "88412"}},
		{"a property list", `{"x":"<dict><key>lastName</key><string>quetzal</string><key>mrn</key><string>88412</string></dict>"}`, []string{"quetzal", "88412"}},
		{"a label", `{"x":"<div><label>Last name</label><span>Quetzal</span></div>"}`, []string{"Quetzal"}},
		{"a name within a person", `{"x":"<assignedPerson><name>quetzal xochitl</name></assignedPerson>"}`, []string{"quetzal", "xochitl"}},
		{"FHIR in XML", `{"x":"<Patient><identifier><use value=\"usual\"/><value value=\"88412\"/></identifier></Patient>"}`, []string{"88412"}},
		{"a table of Markdown with a short rule", `{"x":"| last_name | mrn |\n|--|--|\n| quetzal | 88412 |"}`, []string{"quetzal", "88412"}},
		{"what is bound to a statement", `[{"sql":"SELECT id FROM p WHERE lower(p.last_name) LIKE $2 AND mrn = $1","params":["88412","quetzal"]},{"query":"INSERT INTO p (id, first_name) VALUES (?, ?)","args":[7,"xochitl"]},{"statement":"UPDATE p SET last_name = ? WHERE mrn IN (?, ?)","params":["zorkk","88413","88414"]}]`, []string{"quetzal", "xochitl", "zorkk", "88412", "88413", "88414"}},
		{"parameters behind a literal, between bounds, in a later row and beside a call", `[{"sql":"SELECT 1 FROM p WHERE kind = 'what?' AND mrn = ?","params":["88412"]},{"sql":"SELECT 1 FROM p WHERE mrn BETWEEN ? AND ?","params":["88413","88414"]},{"sql":"INSERT INTO p (kind, last_name) VALUES (?, ?), (?, lower(?))","params":["a","quetzal","b","xochitl"]},{"sql":"INSERT INTO p (id, mrn) OUTPUT inserted.id VALUES (nextval('ids'), $1)","params":["88415"]}]`, []string{"quetzal", "xochitl", "88412", "88413", "88414", "88415"}},
		{"parameters behind an apostrophe", `{"sql":"SELECT 1 FROM p -- the patient's\n WHERE mrn = ?2 -- and the visit's\n AND last_name = ?1","params":["quetzal","88412"]}`, []string{"88412", "quetzal"}},
		{"rows that are bound as one", `{"sql":"INSERT INTO p (mrn, kind) VALUES ?","params":[[["88412","a"],["88413","b"]]]}`, []string{"88412", "88413"}},
		{"variables of a GraphQL document", `{"query":"query F($a: String!, $b: Date, $c: [ID]) { client(last: $a) { id } visits(where: {dob: {_eq: $b}, mrn: {_in: $c}}) { id } }","variables":{"a":"quetzal","b":"1984-02-03","c":["88412"],"limit":5}}`, []string{"quetzal", "02-03", "88412"}},
		{"rows in a string beside their columns", `{"meta":[{"n":"PT_LAST"},{"n":"PT_FIRST"},{"n":"MBR_ID"}],"body":"quetzal|xochitl|H994-1\nzorkk||H994-2"}`, []string{"quetzal", "xochitl", "zorkk", "H994"}},
		{"rows in an array below a line of columns", `{"header":"last_name,dob,note","rows":["quetzal,1984-02-03,a","\"zorkk, jr\",1984-02-04,b"]}`, []string{"quetzal", "zorkk", "02-03", "02-04"}},
		{"columns named twice", `{"columns":["last","first","mrn"],"csv":"last,first,mrn\nquetzal,xochitl,88412"}`, []string{"quetzal", "xochitl", "88412"}},
		{"a segment of few fields in an array of segments", `{"hl7":["MSH|^~\\&|E|A|B|C|2||SIU^S12|4|P|2.3","AIP|1||5512^quetzal^xochitl^T"]}`, []string{"quetzal", "xochitl"}},
		{"a date of birth by a short key", `[{"nac":"1984.02.03"},{"bd":"02/03/1984"}]`, []string{"02.03", "02/03"}},
		{"logins of a user", `[{"verified":{"by":"tmcallister"}},{"reviewed_by":"lwhitcomb"},{"user":"bcastaneda"},{"type":"merged","by":"rkowalczyk"},{"createdBy":"jwhitaker","owner":"epruitt"}]`, []string{"mcallister", "whitcomb", "castaneda", "kowalczyk", "whitaker", "pruitt"}},
		{"notes by the concept beside them", `{"type":{"text":"Psychotherapy note"},"content":[{"attachment":{"contentType":"text/plain","data":"aGUgd2VwdCBsb25n"}}]}`, []string{"aGUgd2VwdCBsb25n"}},
	} {
		for _, profile := range []phi.Profile{phi.Operational, phi.SafeHarbor} {
			wantGone(t, profile, c.name, c.src, c.gone)
		}
	}
}

// What looks like one of these structures stays.
func TestStructuresThatStay(t *testing.T) {
	s := newScrubber(t, phi.Config{})
	for _, src := range []string{
		`{"query":"query F($n: String) { drug(name: $n) { id } }","variables":{"n":"sertraline","id":5}}`,
		`{"columns":["last","first","mrn"],"title":"one,two,three","rows":"see, if, so"}`,
		`{"header":"X-Request-Id, Content-Type, phone","body":"a,b,c"}`,
		`{"nac":"1200 mg daily","bd":"bid"}`,
		`{"user":"postgres","owner":"system","approved_by":"dependabot","sort":{"by":"tscore"},"nurse":"triage","member":"bronze"}`,
		`{"resourceType":"Practitioner","name":[{"suffix":["PhD","LCSW"]}]}`,
		`{"questions":[{"id":"q1","text":"How did you sleep?"},{"id":"q2","text":"Phone","value":"none"}],"answers":[{"question_id":"q1","value":"quetzal"},{"question_id":"q2","value":"poorly"},{"field":{"id":"q9"},"text":"two lines"}]}`,
		`{"custom_fields":[{"key":"f1","label":{"custom":"Engraving"},"text":{"value":"two lines"}}]}`,
		`{"resourceType":"Coverage","class":[{"name":"Gold 80 HMO"},{"name":"Choice Plus PPO"}]}`,
		`{"required":["last_name","favorite_color","mrn","insurance_carrier"]}`,
		`{"select":["last_name","score","mrn","status"]}`,
		`{"args":["serve","--port","8080","--verbose"]}`,
		`{"sql":"SELECT score FROM s WHERE last_name=$1 AND mrn=$2","n":2}`,
		`{"sql":"SELECT score FROM s WHERE kind = ? AND id = ?","params":["intake","a7"]}`,
		`{"sql":"SELECT score FROM s WHERE kind = 'mrn = ?' AND id = ?","params":["88412"]}`,
		`{"query":"what is the last_name = ?","params":["intake","a7"]}`,
		`{"args":["","--"]}`,
		`{"filter":"status eq \"active\" and userType ne 'guest'","q":"contains(title, 'two lines')","n":"if (a == \"b\")"}`,
		`{"args":["--ssn"],"n":12}`,
		`["run","--ssn"]`,
		`{"keys":["first_name","mrn"],"values":[1]}`,
		`{"entity":"order","value":"shipped","by":"cron"}`,
		`{"path":["a","b"],"received":"5 items"}`,
		`["update",{"n":1},"text","done"]`,
		`{"x":"<label>Dose</label><span>50 mg</span>"}`,
		`{"doc_id":"d-17","emp_status":"open"}`,
		`{"tags":["env:prod","team:billing","v1.2.3"]}`,
	} {
		if out := scrubJSON(t, s, src); out != src {
			t.Errorf("%s\nbecame %s", src, out)
		}
	}
}
