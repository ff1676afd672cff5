package phi_test

import (
	"testing"

	"github.com/carebus/carebus/phi"
)

// A check that says what differs tells what the two values are that it compared.
func TestWhatDiffers(t *testing.T) {
	s := newScrubber(t, phi.Config{})
	for src, want := range map[string]string{
		`{"rule":"Box 11a DOB mismatch","ours":"04/03/1987","theirs":"03/04/1987"}`:       `{"rule":"Box 11a DOB mismatch","ours":"1987","theirs":"1987"}`,
		`{"check":"Client name does not match","existing":"quetzal","incoming":"quetzl"}`: `{"check":"Client name does not match","existing":"[NAME]","incoming":"[NAME]"}`,
		`{"mismatch":"Mismatch: last name","expected":"quetzal","actual":"quetzl"}`:       `{"mismatch":"Mismatch: last name","expected":"[NAME]","actual":"[NAME]"}`,
		`{"field":"ssn","onFile":"1234","submitted":"1243"}`:                              `{"field":"ssn","onFile":"[SSN]","submitted":"[SSN]"}`,
		`{"error":"Phone differs","stored":"4135550144","supplied":4135550145}`:           `{"error":"Phone differs","stored":"[PHONE]","supplied":null}`,
		`{"rule":"max-age","expected":"3600","actual":"40"}`:                              ``,
		`{"check":"phone required","actual":"absent","error":"email"}`:                    ``,
		`{"rule":"mismatch","expected":"quetzal"}`:                                        ``,
	} {
		if want == "" {
			want = src
		}
		if out := scrubJSON(t, s, src); out != want {
			t.Errorf("%s\n got %s", src, out)
		}
	}
}

// The tag of a vehicle, a birthday without its year and a name in one field go by their keys;
// who makes a thing and what kind a text is stay.
func TestKeysOfThingsAndParts(t *testing.T) {
	s := newScrubber(t, phi.Config{Profile: phi.SafeHarbor})
	for src, want := range map[string]string{
		`{"parking":{"tag":"QTZ-4471"},"car":{"tag":"QTZ 4472"},"parking_permit":"P-771"}`:            `{"parking":{"tag":"[VEHICLE]"},"car":{"tag":"[VEHICLE]"},"parking_permit":"[VEHICLE]"}`,
		`{"placa":"QTZ 447","vehicle":{"tag":"rental"},"tag":"intake"}`:                               `{"placa":"[VEHICLE]","vehicle":{"tag":"rental"},"tag":"intake"}`,
		`{"bday_mmdd":"0714","birthDdmm":"1407","birth_yyyymmdd":"19870714"}`:                         `{"bday_mmdd":"[BIRTH_DATE]","birthDdmm":"[BIRTH_DATE]","birth_yyyymmdd":"1987"}`,
		`{"nombre y apellidos":"quetzal","First and last name":"quetzal","nameAndSurname":"quetzal"}`: `{"nombre y apellidos":"[NAME]","First and last name":"[NAME]","nameAndSurname":"[NAME]"}`,
		`{"make":"Abbott","manufacturer":"Philips","vendor":"Baxter","brand":"Abbott"}`:               ``,
	} {
		if want == "" {
			want = src
		}
		if out := scrubJSON(t, s, src); out != want {
			t.Errorf("%s\n got %s", src, out)
		}
	}
}
