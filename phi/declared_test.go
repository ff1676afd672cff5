package phi_test

import (
	"strings"
	"testing"

	"github.com/carebus/carebus/phi"
	"github.com/carebus/carebus/schema"
)

// kinship declares fields by tag whose keys tell nothing, or something else.
type kinship struct {
	Sibling  string            `json:"zq_a" phi:"name"`
	Code     any               `json:"zq_b" phi:"medical_record"`
	Name     string            `json:"name" phi:"safe"`
	Story    string            `json:"status" phi:"text"`
	Contacts []kin             `json:"contacts"`
	ByID     map[string]string `json:"by" phi:"phone"`
}

type kin struct {
	Tag string `json:"zq_c" phi:"person_id"`
}

func (kinship) Type() string    { return "kinship.recorded" }
func (kinship) Validate() error { return nil }

func TestDeclaredFields(t *testing.T) {
	r := schema.NewRegistry()
	schema.Register[kinship](r, schema.TypeInfo{Name: "kinship.recorded", Kind: schema.KindBusiness, Aliases: []string{"kin.recorded"}})
	s := newScrubber(t, phi.Config{Registry: r, Profile: phi.LimitedDataSet, Explain: true})
	for _, name := range []string{"kinship.recorded", "kin.recorded"} {
		src := `{"specversion":"1.0","type":"` + name + `","data":{"zq_a":"bo","zq_b":7001234,"name":"Verapamil","status":"called by bo on site","contacts":[{"zq_c":"c-9"}],` +
			`"by":{"x":"7 11"},"changes":[{"field":"zq_a","before":"mo","after":null}],"undeclared":"7001234"}}`
		out, report, err := s.ScrubEvent(nil, []byte(src))
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{`"zq_a":"[NAME]"`, `"zq_b":"phi_`, `"name":"Verapamil"`, `"zq_c":"phi_`, `"x":"[PHONE]"`, `"before":"[NAME]"`, `"undeclared":"phi_`} {
			if !strings.Contains(string(out), want) {
				t.Errorf("%s: no %s in %s", name, want, out)
			}
		}
		if report.Findings[0].Detector != "schema" {
			t.Errorf("found by %s", report.Findings[0].Detector)
		}
	}
	if s.WithRegistry(schema.Catalogue()) != s {
		t.Error("a scrubber's registry is exchanged")
	}
	bare := newScrubber(t, phi.Config{Profile: phi.LimitedDataSet})
	with := bare.WithRegistry(r)
	const src = `{"specversion":"1.0","type":"kin.recorded","data":{"zq_a":"bo"}}`
	for range 2 {
		if out, _, err := bare.ScrubEvent(nil, []byte(src)); err != nil || string(out) != src {
			t.Errorf("without a registry: %s, %v", out, err)
		}
		if out, _, err := with.ScrubEvent(nil, []byte(src)); err != nil ||
			!strings.Contains(string(out), `"zq_a":"[NAME]"`) {
			t.Errorf("with one: %s, %v", out, err)
		}
	}
	other, _, err := s.ScrubEvent(nil, []byte(`{"specversion":"1.0","type":"other.recorded","data":{"zq_a":"bo"}}`))
	if err != nil || !strings.Contains(string(other), `"zq_a":"bo"`) {
		t.Errorf("another type's field: %s, %v", other, err)
	}
}
