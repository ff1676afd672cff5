package phi_test

import (
	"strings"
	"testing"

	"github.com/carebus/carebus/phi"
)

// The parts of a multipart form are told by their names, in text and in JSON.
func TestFormData(t *testing.T) {
	body := strings.ReplaceAll(`--XX
Content-Disposition: form-data; name="first_name"

Zorblax
--XX
Content-Disposition: form-data; name="ssn"

123456789
--XX
Content-Disposition: form-data; name="status"

booked
--XX--
`, "\n", "\r\n")
	want := strings.NewReplacer("Zorblax", "[NAME]", "123456789", "[SSN]").Replace(body)
	s := newScrubber(t, phi.Config{})
	if got, _ := s.ScrubText(nil, body); string(got) != want {
		t.Errorf("got %q", got)
	}
	if again, _ := s.ScrubText(nil, want); string(again) != want {
		t.Errorf("twice: %q", again)
	}
}

// What a replacement holds doesn't make a URL of a text that wasn't one.
func TestAgeUnderURL(t *testing.T) {
	s := newScrubber(t, phi.Config{Profile: phi.SafeHarbor})
	for _, src := range []string{`{"url":"age 95"}`, `{"x":{"url":"age 95","valueString":"95"}}`} {
		out, _, err := s.ScrubJSON(nil, []byte(src))
		if err != nil {
			t.Fatal(err)
		}
		if again, _, err := s.ScrubJSON(nil, out); err != nil || string(again) != string(out) {
			t.Errorf("twice:\n%s\n%s\n%v", out, again, err)
		}
	}
}

// Names in small letters under keys that hold persons.
func TestSmallNamesUnderKeys(t *testing.T) {
	s := newScrubber(t, phi.Config{})
	for src, want := range map[string]string{
		`{"pt":"garcia, maria","seen_by":"nguyen, t"}`:      `{"pt":"[NAME]","seen_by":"[NAME]"}`,
		`{"seen_by":"garcia","approved_by":"o'brien, s."}`:  `{"seen_by":"[NAME]","approved_by":"[NAME]"}`,
		`{"triggered_by":"cron","seen_by":"front desk"}`:    `{"triggered_by":"cron","seen_by":"front desk"}`,
		`{"created_by":"system","approved_by":"committee"}`: `{"created_by":"system","approved_by":"committee"}`,
		`{"queue_name":"billing","shard_name":"blue, two"}`: `{"queue_name":"billing","shard_name":"blue, two"}`,
	} {
		if got, _, err := s.ScrubJSON(nil, []byte(src)); err != nil || string(got) != want {
			t.Errorf("%s\n got %s\nwant %s\n%v", src, got, want, err)
		}
	}
}
