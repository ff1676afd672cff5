package phi_test

import (
	"testing"

	"github.com/carebus/carebus/phi"
)

// Scrubbing changes what a value says about others: a second time nothing may come
// of that.
func TestTwice(t *testing.T) {
	for _, cfg := range []phi.Config{{}, {Profile: phi.LimitedDataSet}, {Profile: phi.SafeHarbor}} {
		s := newScrubber(t, cfg)
		for _, src := range []string{
			// A label that is itself a finding.
			`{"val":"e","display":"Du/name","id":"MR"}`,
			`{"field":{"text":"Kemp","code":"city Quorax Xandry"}}`,
			`{"field":{"text":"Pao","name":"city Il"}}`,
			`{"note":{"display":"Dr Tarnow\"city","text":"dr Brekk"}}`,
			`{"field":{"data":"Poe","display":"city\\555-0143"}}`,
			`{"code":"{\"city\":\"\",\"mr\":\"holt\"}","data":"Denny"}`,
			// What stands in the place of a finding is no column of a statement.
			`{"x":"UPDATE p SET 617-555-0143 = 'x' WHERE mrn = '88412'"}`,
			// What begins with a finding is still what stands around it.
			`{"field":{"city":{"url":"Okonkwo Qu called t"},"x":{"y":"Okonkwo^T"}}}`,
			// A pseudonym is no word that makes prose of an id.
			`{"field":{"x":"PID||078-05-1120","id":"078-05-1120 Holt d"}}`,
			`{"mrn":"6175550143","code":["Neri w 6175550143"]}`,
			// A value that is known beside a place that stays.
			`{"dob":"Mercy Hospital, Lindqvist","address":"Lindqvist"}`,
		} {
			out, _, err := s.ScrubJSON(nil, []byte(src))
			if err != nil {
				t.Fatal(err)
			}
			again, _, err := s.ScrubJSON(nil, out)
			if err != nil || string(again) != string(out) {
				t.Errorf("%v: %s\n%s\n%s %v", cfg.Profile, src, out, again, err)
			}
		}
	}
}

// A street is part of the address that it is in, whatever stands before it: the limited
// data set keeps towns and houses of care, 45 CFR 164.514(e)(2), and no street.
func TestStreetsBesidePlaces(t *testing.T) {
	s := newScrubber(t, phi.Config{Profile: phi.LimitedDataSet})
	for src, want := range map[string]string{
		"Seen at Mercy Hospital, 44 Mill Lane for care.": "Seen at [ADDRESS] for care.",
		"Lives in Salem, 44 Mill Lane.":                  "Lives in [ADDRESS].",
		"Seen at Mercy Hospital in Salem.":               "Seen at Mercy Hospital in Salem.",
	} {
		if out, _ := s.ScrubText(nil, src); string(out) != want {
			t.Errorf("%q: %q, want %q", src, out, want)
		}
	}
}
