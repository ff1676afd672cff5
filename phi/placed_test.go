package phi_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/carebus/carebus/phi"
)

// TestPlacesHideNothing: what tells of values by their places takes nothing from
// what other keys and labels say of them.
func TestPlacesHideNothing(t *testing.T) {
	for _, c := range []struct {
		name, src string
		gone      []string
	}{
		{"members that say what they hold beside columns", `{"fields":["status","ssn","phone"],"patients":[{"names":["Quetzal","Xochitl"]},{"names":["Vrktal"]}]}`, []string{"Quetzal", "Xochitl", "Vrktal"}},
		{"a street beside columns", `{"keys":["status","ssn","phone"],"members":[{"address":["Quetzal"]}]}`, []string{"Quetzal"}},
		{"a table with a column of states", `{"note":"ST|CITY|NAME|PHONE|MRN\nOR|Salem|Quetzal|503-555-0123|88120"}`, []string{"Salem", "Quetzal", "0123", "88120"}},
		{"a label before what reads like a header", `{"note":"Name: Jane Roe, DOB, phone\nx, y, z"}`, []string{"Roe"}},
		{"somebody's telephone in a header", `{"note":"To call: all.\nJane Roe phone, Otto Lindqvist phone\nx, y\n"}`, []string{"Roe", "Lindqvist"}},
		{"notes that look like a card", `{"psychotherapy_notes":["tel",{},"quetzal","xochitl"]}`, []string{"quetzal", "xochitl"}},
		{"notes that look like a patch", `{"psychotherapy_notes":{"part":[{"name":"path","valueString":"Patient.name"},{"name":"value","valueString":"x"}]}}`, []string{`"value"`}},
		{"elements of a list", `{"note":"<ArrayOfString><string>078-05-1120</string><string>617-555-0143</string></ArrayOfString>"}`, []string{"1120", "0143"}},
		{"what stands right behind a key", `{"note":"<e><key>SSN</key>078-05-1120</e><key>617-555-0143</key>June"}`, []string{"1120", "0143"}},
		{"a card of another form", `{"ssn":["tel",{},"Quetzal","x"]}`, []string{"Quetzal"}},
		{"a result behind a name", `{"note":"Covid today: Garcia pos, Kowalski neg."}`, []string{"Garcia", "Kowalski"}},
		{"a result behind names in a list", `{"note":"Pts: Garcia negative; Nguyen positive"}`, []string{"Garcia", "Nguyen"}},
		{"a language or disease beside a name", `{"a":"Garcia, Spanish","b":"Hispanic, Garcia","c":"Garcia, Parkinson","d":"Kowalski, Grafana"}`, []string{"Garcia", "Kowalski"}},
		{"a bed behind a name", `{"note":"Kowalski-3 is up."}`, []string{"Kowalski"}},
	} {
		for _, cfg := range []phi.Config{{}, {Profile: phi.SafeHarbor}} {
			s := newScrubber(t, cfg)
			out, _, err := s.ScrubJSON(nil, []byte(c.src))
			if err != nil {
				t.Fatal(err)
			}
			for _, gone := range c.gone {
				if bytes.Contains(out, []byte(gone)) {
					t.Errorf("%s: %s stays in %s", c.name, gone, out)
				}
			}
			if again, _, _ := s.ScrubJSON(nil, out); !bytes.Equal(again, out) {
				t.Errorf("%s: twice:\n%s\n%s", c.name, out, again)
			}
		}
	}
}

// TestWordsForNotesTwice: what stands for notes doesn't tell of notes beside it.
func TestWordsForNotesTwice(t *testing.T) {
	s := newScrubber(t, phi.Config{})
	for _, src := range []string{
		`{"tags":["a","b"],"psychotherapy_notes":"quetzal"}`, `{"psychotherapy_notes":"quetzal","data":"88120"}`,
		`{"first_name":["tel",{},"text","Maria Kowalski"],"email":"text","values":["tel"]}`,
		`{"email":{"sql":"SELECT a FROM p WHERE mrn = ? AND city = ?","args":["x",{"a":["b"]}]}}`,
	} {
		out, _, _ := s.ScrubJSON(nil, []byte(src))
		if again, _, _ := s.ScrubJSON(nil, out); !bytes.Equal(again, out) {
			t.Errorf("twice:\n%s\n%s", out, again)
		}
	}
}

// TestTypesAndChartsStay: labels of a chart say nothing of its numbers, and the name
// of a type is no value.
func TestTypesAndChartsStay(t *testing.T) {
	s := newScrubber(t, phi.Config{})
	for _, src := range []string{
		`{"labels":["Email","Phone","Address"],"values":[12345,30,44]}`,
		`{"path":["user","email"],"received":"undefined","expected":"string","code":"invalid_type"}`,
		`"lastName:string"`,
	} {
		if out, _, err := s.ScrubJSON(nil, []byte(src)); err != nil || string(out) != src {
			t.Errorf("%s becomes %s, %v", src, out, err)
		}
	}
}

// TestPairsTwice: a pair whose value was replaced is a pair still.
func TestPairsTwice(t *testing.T) {
	for _, src := range []string{`{"patient_name":[["Quetzal","phone","Jane"]]}`, `{"patient_name":[["phone","Jane"]]}`, `{"patient":{"names":[["Quetzal","ssn","Jane"]]}}`} {
		for _, cfg := range []phi.Config{{}, {Profile: phi.SafeHarbor}} {
			s := newScrubber(t, cfg)
			out, _, _ := s.ScrubJSON(nil, []byte(src))
			if again, _, _ := s.ScrubJSON(nil, out); !bytes.Equal(again, out) {
				t.Errorf("twice:\n%s\n%s", out, again)
			}
		}
	}
}

// TestPlacesAndRules: a rule of the user's goes before what a statement or columns
// say, and holds behind them.
func TestPlacesAndRules(t *testing.T) {
	s := newScrubber(t, phi.Config{Policy: &phi.Policy{Fields: []phi.FieldRule{
		{Field: "data.code", Category: phi.OtherID}, {Field: "params", Category: phi.OtherID}, {Field: "row.values", Category: phi.OtherID},
	}}})
	for src, gone := range map[string]string{
		`{"data":{"sql":"SELECT 1 WHERE mrn = ?","args":["88412"],"code":"quetzal"}}`:                        "quetzal",
		`{"data":{"part":[{"name":"path","valueString":"Patient.name"},{"name":"value"}],"code":"quetzal"}}`: "quetzal",
		`{"sql":"SELECT 1 WHERE mrn = ? AND status = ?","params":["88412","quetzal"]}`:                       "quetzal",
		`{"row":{"keys":["status","mrn","ssn"],"values":["quetzal","88412","1234"]}}`:                        "quetzal",
	} {
		if out, _, err := s.ScrubJSON(nil, []byte(src)); err != nil || strings.Contains(string(out), gone) {
			t.Errorf("%s stays in %s, %v", gone, out, err)
		}
	}
}

// TestAllowedTermHidesNoPhrase: what stays in one event, as a term that is allowed
// is somebody's name there, goes in the next.
func TestAllowedTermHidesNoPhrase(t *testing.T) {
	cfg := phi.Config{Policy: &phi.Policy{Allow: []string{"Grace"}}}
	s := newScrubber(t, cfg)
	for _, src := range []string{
		`{"patient":{"name":"Grace Kowalski"},"note":"Grace Vrktal","text":"Grace Will"}`, `{"note":"Grace Vrktal"}`, `{"text":"Grace Will"}`,
	} {
		asFirst(t, cfg, s, []byte(src))
	}
}

// TestParametersOfManyStatements: a statement costs what it holds, and not the square.
func TestParametersOfManyStatements(t *testing.T) {
	s := newScrubber(t, phi.Config{})
	for _, c := range [][2]string{{"INSERT INTO x (a) VALUES (", "?,"}, {"INSERT ", "$1"}} {
		src := func(n int) []byte {
			return []byte("[" + strings.Repeat(`{"sql":"`+c[0]+strings.Repeat(c[1], n)+`","params":[1]},`, 1024) + "1]")
		}
		checkCost(t, s, c[0]+c[1], src(1280/16), src(1280))
	}
}

// TestKeysThatComeOften: arrays under one key that comes over and over cost what
// they hold, not what the object or its statement holds.
func TestKeysThatComeOften(t *testing.T) {
	s := newScrubber(t, phi.Config{})
	for _, c := range [][2]string{
		{`{"a":1`, `,"params":[]`}, {`{"a":1`, `,"extension":[]`}, {`{"sql":"INSERT INTO x (a) VALUES (%s"`, `,"params":[]`},
	} {
		src := func(n int) []byte {
			return []byte(strings.ReplaceAll(c[0], "%s", strings.Repeat("?,", n/16)) + strings.Repeat(c[1], n) + "}")
		}
		checkCost(t, s, c[0]+c[1], src(20000/16), src(20000))
	}
}

// checkCost fails a test when JSON takes longer than sixteen times what a sixteenth
// of it takes, as checkLinear has it.
func checkCost(t *testing.T, s *phi.Scrubber, name string, small, large []byte) {
	t.Helper()
	scrub := func(src []byte) func() {
		return func() {
			if _, _, err := s.ScrubJSON(nil, src); err != nil {
				t.Fatal(err)
			}
		}
	}
	checkLinear(t, name, scrub(small), scrub(large))
}

// Segments of HL7 v2 may have been parsed into JSON.
func TestParsedSegments(t *testing.T) {
	gone := []string{"00441822", "KALLIO", "AINO", "0203", "BIRCH", "2185550147", "471-82"}
	for name, src := range map[string]string{
		"by number":               `{"PID":{"3":"00441822","5":"KALLIO^AINO^E","7":"19660203","8":"F","11":"77 BIRCH RD^^DULUTH^MN","13":"2185550147","19":"471-82-0093"}}`,
		"by number and component": `{"PID":{"3":{"1":"00441822"},"5":{"1":"KALLIO","2":"AINO"},"7":{"1":"19660203"},"8":"F"}}`,
		"by name and number":      `{"PID":{"PID.3":"00441822","PID.5":"KALLIO^AINO^E","PID.7":"19660203"},"sex":"F"}`,
		"by place":                `{"PID":["1","","00441822","","KALLIO^AINO^E","","19660203","F"]}`,
		"nested":                  `{"PID":["1","",["00441822","MR"],"",["KALLIO","AINO","E"],"","19660203","F"]}`,
		"with its name":           `{"segments":[{"name":"PID","fields":["1","","00441822","","KALLIO^AINO^E","","19660203","F"]}]}`,
		"rows":                    `[["PID","1","","00441822","","KALLIO^AINO^E","","19660203","F"],["NK1","1","KALLIO^AINO","SPO"]]`,
	} {
		for _, profile := range []phi.Profile{phi.Operational, phi.SafeHarbor} {
			wantGone(t, profile, name, src, gone)
			if out := scrubJSON(t, newScrubber(t, phi.Config{Profile: profile}), src); name != "rows" && !strings.Contains(out, `"F"`) {
				t.Errorf("%s: the sex went: %s", name, out)
			}
		}
	}
	s := newScrubber(t, phi.Config{})
	for _, src := range []string{
		`{"pid":44,"segments":["PID","PV1","OBX","NTE","DG1"],"type":"PID","fields":["set_id","mrn"]}`,
		`{"ACC":{"1":"a"},"ROL":{"4":"admin"},"OBX":["1","NM","2345-7^Glucose^LN","","112","mg/dL"],"PID":{"active":true}}`,
	} {
		if out := scrubJSON(t, s, src); out != src {
			t.Errorf("%s\nbecame %s", src, out)
		}
	}
}

// So may segments of X12.
func TestParsedSegmentsOfX12(t *testing.T) {
	gone := []string{"QUETZAL", "XOCHITL", "W9912", "19840203", "078051120", "12 ELM", "FROBBINQUA", "12601", "5185550144"}
	for name, src := range map[string]string{
		"by name":       `{"NM1":["IL","1","QUETZAL","XOCHITL","","","","MI","W9912"],"DMG":["D8","19840203","F"],"REF":["SY","078051120"],"N3":["12 ELM"],"N4":["FROBBINQUA","NY","12601"],"PER":["IC","QUETZAL","TE","5185550144"]}`,
		"several":       `{"NM1":[["IL","1","QUETZAL","XOCHITL","","","","MI","W9912"],["QC","1","QUETZAL"]],"DMG":[["D8","19840203","F"]],"REF":[["SY","078051120"],["1L","G7"]],"N3":[["12 ELM"]],"N4":[["FROBBINQUA","NY","12601"]]}`,
		"rows":          `[["NM1","IL","1","QUETZAL","XOCHITL","","","","MI","W9912"],["DMG","D8","19840203","F"],["REF","SY","078051120"],["N3","12 ELM"],["N4","FROBBINQUA","NY","12601"]]`,
		"with its name": `{"segments":[{"tag":"NM1","elements":["IL","1","QUETZAL","XOCHITL","","","","MI","W9912"]},{"tag":"DMG","elements":["D8","19840203","F"]},{"tag":"N4","elements":["FROBBINQUA","NY","12601"]},{"tag":"N3","elements":["12 ELM"]},{"tag":"REF","elements":["SY","078051120"]}]}`,
	} {
		for _, profile := range []phi.Profile{phi.Operational, phi.SafeHarbor} {
			wantGone(t, profile, name, src, gone)
			if out := scrubJSON(t, newScrubber(t, phi.Config{Profile: profile}), src); !strings.Contains(out, `"IL"`) || !strings.Contains(out, `"D8"`) {
				t.Errorf("%s: qualifiers went: %s", name, out)
			}
		}
	}
	s := newScrubber(t, phi.Config{})
	for _, src := range []string{
		`{"NM1":["PR","2","EVERGREEN MUTUAL","","","","","PI","62308"],"N1":["PR","EVERGREEN MUTUAL"]}`,
		`{"REF":["abstract","introduction"],"N3":["a"],"N4":["B12","Folate"],"PER":[1,2],"DMG":["low","high"]}`,
		`[["N4","ready","ok"],["REF","main"],["PER","page","size"]]`,
		`{"tag":"N4","elements":["h1","h2"]}`,
	} {
		if out := scrubJSON(t, s, src); out != src {
			t.Errorf("%s\nbecame %s", src, out)
		}
	}
}
