package phi_test

import (
	"testing"

	"github.com/carebus/carebus/phi"
)

// What stands beside findings, and has the form of what does, stays where it is something else.
func TestBesideFindingsStay(t *testing.T) {
	checkMarked(t, []marked{
		"fonts: '{name:Georgia}', 'Verdana', 'Helvetica'; languages = ['{name:Ada}', 'Cobol', 'Erlang']",
		"bad row ['882', '{name:Quetzal}', '{name:Lotte}', 'Pending']",
		"PHQ-9 items 2 2 3 2 2 3 2 1 3 2, EPDS 3 2 1 2 3 2 1 0 2 3; my cell is {phone:4 1 3 5 5 5 0 1 4 5}",
		"blood cx 2/2 positive, urine cx 3/4; CX 2/3 growth; cx {date:2/14}",
		"build 529.982.247-25, CPF {ssn:529.982.247-25}",
		"bone plate 4mm T5a; plate {vehicle:4TK R82}",
		"Bipolar I, Severe. Grade I, Oligodendroglioma. I, {name:Hyacinth Okoro}, agree that I, {name:Lotte Vondel}, came.",
		"groups of \"N.A.\" with \"P.R.N.\" dosing; the case of \"{name:C.T.}\"",
		"PFC Lesions were found. {name:Gunny Pratt} called.",
		"{name:Abdul-Rahman al-Tikriti}; Ann de-Escalation",
		"schema api_2024-10-01, model_2024-05-13; intake_{date:2026-02-11}.pdf",
		"in room 4 {name:dr. Okeke} called; QTc 431 ms. Li 0.8",
		"lease for eth0 from {network:10.0.0.1}; Accepted publickey for {other_id:lquetzal} from {network:10.0.0.1}",
		"{network:10.0.0.1} - worker1 [info] up",
		"{name:Jane Roe} b i d dosing, my name is {name:vondel} {name:v o n d e l}; CBT, C-B-T; {name:Zeke}, {name:Z-E-K-E}",
		"first: zoloft, last: sertraline",
		"Patients: America/{name:Rodriguez}, Asia/{name:Lopez}; Asia/Kolkata, Australia/Sydney, America/New_York",
	})
}

// Several segments may share a line, what stands before them is read as a whole, and tables
// and code are neither messages nor tables with headings.
func TestMessagesBesideOthers(t *testing.T) {
	checkTexts(t, map[string]string{
		"error in OBX|1|TX|NOTE||ok|||||F and PID|1||88123^^^M||Quetzal^Ann||19800412": "error in OBX|1|TX|NOTE||ok|||||F and PID|1||[MEDICAL_RECORD]||[NAME]||[DATE:1980]",
		"bad PID|1||88123^^^M||Quetzal^Ann -> GT1|1||Vondel^Lotte|":                    "bad PID|1||[MEDICAL_RECORD]||[NAME] -> GT1|1||[NAME]|",
		`Error: {"name":"xochi","mrn":"q88"} NM1*IL*1*QUETZAL*JANE`:                    `Error: {"name":"xochi","mrn":"[MEDICAL_RECORD]"} NM1*IL*1*[NAME]*[NAME]`,
		"Rejected NM1*IL*1*QUETZAL*JANE and N3*12 MAPLE ST and DMG*D8*19790815*F":      "Rejected NM1*IL*1*[NAME]*[NAME] N3*[ADDRESS] DMG*D8*[DATE:1979]*F",
		`MSH|^~\&|A|B\rPID|1||88123^^^M||Quetzal^Ann||19800412|F\r`:                    `MSH|^~\&|A|B\rPID|1||[MEDICAL_RECORD]||[NAME]||[DATE:1980]|F\r`,
		"[INFO] recv PID|1||88123^^^M||Quetzal^Ann||19800412|F [x]":                    "[INFO] recv PID|1||[MEDICAL_RECORD]||[NAME]||[DATE:1980]|F [x]",
		`<field name="mrn" value="88412"/> Some text <b>follows</b>`:                   `<field name="mrn" value="[MEDICAL_RECORD]"/> Some text <b>follows</b>`,
		`<input name="last_name" value="Quetzal"> Some text <b>follows</b>`:            `<input name="last_name" value="[NAME]"> Some text <b>follows</b>`,
		"4135550144\n|Name|Phone\n||1":                                                 "4135550144\n|Name|Phone\n||[PHONE]",
		"x PV1|1|O|5W\nZPD|1|Roe^Jane, OBX|1|TX|Roe^Jane||||":                          "x PV1|1|O|5W\nZPD|1|[NAME], OBX|1|TX|[NAME]||||",
		`NK1|1|Vondel^Lotte|SPO||4135550188\rJane Roe, DOB 4/12/1980`:                  `NK1|1|[NAME]|SPO||[PHONE]\r[NAME], DOB [DATE:1980]`,
		`NM1*IL*1*ROE*JANE\nNM1*QC*1*VONDEL*LOTTE\nJane Roe came`:                      `NM1*IL*1*[NAME]*[NAME]\nNM1*QC*1*[NAME]*[NAME]\n[NAME] [NAME] came`,
		"PRD|cluster|us-east-1|db\nACC|total|x|y":                                      "PRD|cluster|us-east-1|db\nACC|total|x|y",
		"'req.method', 'resp.age', 'beresp.phone',\n'a', 'b', 'c'":                     "'req.method', 'resp.age', 'beresp.phone',\n'a', 'b', 'c'",
		`<string name="phone">Phone</string><td name="dob">Date of birth</td>`:         `<string name="phone">Phone</string><td name="dob">Date of birth</td>`,
		`<attribute name="phone">string</attribute><field name="mrn">88412</field>`:    `<attribute name="phone">string</attribute><field name="mrn">[MEDICAL_RECORD]</field>`,
	})
}

// Time zones are known by name, in fields as well.
func TestZonesByName(t *testing.T) {
	s := newScrubber(t, phi.Config{Profile: phi.SafeHarbor})
	for src, want := range map[string]string{
		`{"code":"America/New_York","type":"Europe/Berlin"}`: `{"code":"America/New_York","type":"Europe/Berlin"}`,
		`{"code":"America/Rodriguez"}`:                       `{"code":"America/[NAME]"}`,
		`{"user_name_attr":"sAMAccountName"}`:                `{"user_name_attr":"sAMAccountName"}`,
	} {
		if out := scrubJSON(t, s, src); out != want {
			t.Errorf("%s\nbecame %s", src, out)
		}
	}
}
