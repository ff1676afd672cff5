package phi_test

import (
	"testing"

	"github.com/carebus/carebus/phi"
)

// A given name that is a word as well goes with the surname behind it, where the two are all of
// a text and amid a sentence; what stands before a surname for a role or a thing stays.
func TestGivenNamesThatAreWords(t *testing.T) {
	s := newScrubber(t, phi.Config{})
	for src, want := range map[string]string{
		`{"display":"Lark Whitaker","title":"Honor Castaneda","x":"Sorrel Whitaker, LCSW"}`: `{"display":"[NAME]","title":"[NAME]","x":"[NAME]"}`,
		`{"note":"family session w/ Sorrel Whitaker at noon"}`:                              `{"note":"family session w/ [NAME] at noon"}`,
		`{"x":"Nurse Whitaker","y":"Therapist Castaneda","z":"Model Johnson"}`:              `{"x":"Nurse [NAME]","y":"Therapist [NAME]","z":"Model Johnson"}`,
		`{"note":"Yesterday Whitaker called. Intake Form Castaneda"}`:                       `{"note":"Yesterday [NAME] called. Intake Form [NAME]"}`,
	} {
		if out := scrubJSON(t, s, src); out != want {
			t.Errorf("%s\n got %s", src, out)
		}
	}
}
