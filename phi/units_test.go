package phi_test

import (
	"testing"

	"github.com/carebus/carebus/phi"
)

// dL is a unit behind an amount, and a driver's licence elsewhere.
func TestUnitsAreNoLabels(t *testing.T) {
	for _, profile := range []phi.Profile{phi.Operational, phi.SafeHarbor} {
		s := newScrubber(t, phi.Config{Profile: profile})
		for _, src := range []string{
			`{"resourceType":"Observation","valueQuantity":{"value":0.7,"unit":"mg/dL","system":"http://unitsofmeasure.org","code":"mg/dL"}}`,
			`{"low":{"value":70,"code":"mg/dL"},"high":{"value":99,"code":"g/dl"}}`,
			`{"name":"Glucose mg/dL","value":112}`,
			`{"Glucose mg/dL":112,"Hgb (g/dL)":13.1,"creat_ug/dl":"1.1"}`,
			`{"note":"Glucose (mg/dL): 112, Hgb g/dL: 13.1, mg/dl=88"}`,
		} {
			if out := scrubJSON(t, s, src); out != src {
				t.Errorf("%s\nbecame %s", src, out)
			}
		}
		wantGone(t, profile, "licences", `{"dl":"D8841902","patient/dl":"D8841903","form":{"code":"state/DL","value":"D8841904"},"note":"DL: D8841905"}`,
			[]string{"D8841902", "D8841903", "D8841904", "D8841905"})
	}
}

// A small number is no date, unless it is part of one.
func TestCountsAreNoDates(t *testing.T) {
	s := newScrubber(t, phi.Config{Profile: phi.SafeHarbor})
	src := `{"timing":{"repeat":{"frequency":1,"period":1,"periodUnit":"d"}},"onset":3}`
	if out := scrubJSON(t, s, src); out != src {
		t.Errorf("%s became %s", src, out)
	}
	src = `{"date":20240502,"period":1714648173,"dob":{"year":1984,"month":11,"day":7},"visit_date":{"month":11,"day":7}}`
	if out := scrubJSON(t, s, src); out != `{"date":null,"period":null,"dob":{"year":1984,"month":null,"day":null},"visit_date":{"month":null,"day":null}}` {
		t.Errorf("%s became %s", src, out)
	}
}

// What stands in a field of a date and speaks of no day stays.
func TestDatesInWords(t *testing.T) {
	s := newScrubber(t, phi.Config{Profile: phi.SafeHarbor})
	src := `{"onset":"childhood","visit_date":"TBD","effective":"immediately","arrival":"by ambulance","period":"weekly"}`
	if out := scrubJSON(t, s, src); out != src {
		t.Errorf("%s became %s", src, out)
	}
	wantGone(t, phi.SafeHarbor, "days in words", `{"date":"next Tuesday","service_date":"the twelfth of May","surgery_date":"Christmas eve","issued":"mañana","visit_date":"Maria Vega","onset":"in june"}`,
		[]string{"Tues", "May", "Christ", "ana", "june"})
}

// A label's words may be those of a test, whose result is a figure.
func TestResultsBesideLabels(t *testing.T) {
	for _, profile := range []phi.Profile{phi.Operational, phi.SafeHarbor} {
		s := newScrubber(t, phi.Config{Profile: profile})
		for _, src := range []string{
			`{"name":"White Blood Cell Count","value":7.1}`,
			`{"code":{"text":"Red blood cell"},"valueQuantity":{"value":4.6}}`,
			`{"test":"T cell count","result":"7.1","units":"x"}`,
			`{"red_cell":4.6,"white_cell":"7.1","wbc_cell":1}`,
			`{"name":"PIP","value":18}`,
			`{"code":{"text":"Address recall"},"valueQuantity":{"value":5}}`,
			`{"question":"Phone anxiety","value":3}`,
		} {
			if out := scrubJSON(t, s, src); out != src {
				t.Errorf("%s\nbecame %s", src, out)
			}
		}
		wantGone(t, profile, "declared", `[{"label":"Cell","value":4135550144},{"label":"Best cell","value":"4135550145"},{"question":"What is your cell?","answer":"4135550146"},{"code":{"text":"SSN"},"value":123456789},
			{"patient":{"name":"Zyqor","value":7}},{"address":{"value":5,"street":"x","units":1,"name":"quetzal"}},{"code":{"text":"Age"},"valueQuantity":{"value":93}},{"label":"DOB","value":11},
			{"label":"Cell","value":4135550147.0},{"label":"Cell","value":4.135550148e9},{"label":"Cell","value":413.5550149}]`,
			[]string{"4135550", "123456789", "Zyqor", "quetzal", "93", "11", "4.1355", "413.555"})
	}
}
