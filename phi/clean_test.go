package phi_test

import (
	"strings"
	"testing"

	"github.com/carebus/carebus/phi"
)

// What was clean in one place is looked at again in another: as something else,
// and with what has been learned since.
func TestRepeatedText(t *testing.T) {
	s := newScrubber(t, phi.Config{})
	for _, src := range []string{
		`{"display":"Quorax Vandel","code":"Quorax Vandel","note":"<name>Quorax Vandel</name>","text":"Quorax Vandel"}`,
		`{"coding":[{"display":"zarnia holt"}],"text":"zarnia holt","comment":"zarnia holt","patient_name":"zarnia holt"}`,
		`{"a":"seen 5551234567","b":"seen 5551234567","c":{"phone":"5551234567"},"d":"seen 5551234567"}`,
		`["zarnia holt","zarnia holt","{\"last_name\":\"Zarnia Holt\"}","zarnia holt"]`,
	} {
		out, _, err := s.ScrubJSON(nil, []byte(src))
		if err != nil {
			t.Fatal(err)
		}
		for _, value := range []string{"Quorax", "Vandel", "zarnia", "5551234567"} {
			if strings.Contains(string(out), value) {
				t.Errorf("%s: %q is left in %s", src, value, out)
			}
		}
	}
}
