package phi_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/carebus/carebus/phi"
)

// phraseTexts are short texts that events say often: with nothing to find, with a
// name, or with what is PHI only where an event says so.
var phraseTexts = []string{
	"Married", "White", "Medical Record Number", "Driver's License", "video visit", "In Progress", "Blue Cross", "Grace", "Will", "White Will", "the white chart", "WHITE", "white",
	"Maria Kowalski", "Kowalski", "Mr. White", "Patient White came", "Dr. Grace Will", "Blanc", "Zoë", "é", "urn:ietf:bcp:47", "a.b@example.com", "practice", "name: Will",
}

// TestPhrases: that nothing was found in a text changes nothing for the next event,
// which may know its words as somebody's.
func TestPhrases(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	pick := func(of []string) string { return of[rng.IntN(len(of))] }
	keys := strings.Fields("display text note status kind title name patient_name system source code label city unit")
	for round := range 60 {
		cfg := phi.Config{Profile: phi.Profile(rng.IntN(3)), Explain: round%2 == 0, Policy: headPolicies[rng.IntN(len(headPolicies))]}
		if round%7 == 0 { // what is found stays, and is reported
			cfg.Policy = &phi.Policy{Actions: map[phi.Category]phi.Action{phi.Name: phi.Keep, phi.Place: phi.Keep, phi.Email: phi.Keep}}
		}
		if cfg.Profile == phi.SafeHarbor && cfg.Policy == headPolicies[2] {
			cfg.Policy = nil // it takes no pseudonyms
		}
		s := newScrubber(t, cfg)
		for range 40 {
			var members []string
			for range 1 + rng.IntN(4) {
				members = append(members, fmt.Sprintf(`"%s":"%s"`, pick(keys), pick(phraseTexts)))
			}
			if rng.IntN(2) == 0 {
				members = append(members, fmt.Sprintf(`"patient":{"name":"%s","%s":"%s"}`, pick(phraseTexts), pick(keys), pick(phraseTexts)))
			}
			rng.Shuffle(len(members), func(i, k int) { members[i], members[k] = members[k], members[i] })
			asFirst(t, cfg, s, fmt.Appendf(nil, `{"type":"a.b","data":{%s}}`, strings.Join(members, ",")))
		}
	}
}

// TestPhraseBecomesKnown: a text in which nothing was found is a name in the next
// event, and in the one after that again nothing.
func TestPhraseBecomesKnown(t *testing.T) {
	s := newScrubber(t, phi.Config{})
	for _, c := range []struct{ src, want string }{
		{`{"display":"White","note":"White"}`, `{"display":"White","note":"White"}`},
		{`{"display":"White","patient":{"name":"Ann White"}}`, `{"display":"[NAME]","patient":{"name":"[NAME]"}}`},
		{`{"display":"White","note":"White"}`, `{"display":"White","note":"White"}`},
	} {
		for range 2 {
			got, _, err := s.ScrubJSON(nil, []byte(c.src))
			if string(got) != c.want || err != nil {
				t.Errorf("%s becomes %s, want %s, %v", c.src, got, c.want, err)
			}
		}
	}
}

// FuzzPhrases: an event behind others that say the same texts.
func FuzzPhrases(f *testing.F) {
	for i, text := range phraseTexts {
		f.Add(text, phraseTexts[(i+1)%len(phraseTexts)], "Ann White")
	}
	f.Fuzz(func(t *testing.T, a, b, name string) {
		for _, cfg := range headConfigs {
			s := newScrubber(t, cfg)
			for _, src := range []string{
				fmt.Sprintf(`{"display":%q,"status":%q,"text":%q}`, a, b, a), fmt.Sprintf(`{"display":%q,"patient":{"name":%q},"system":%q}`, b, name, a),
				fmt.Sprintf(`{"patient":{"name":%q},"display":%q,"text":%q}`, a, b, name), fmt.Sprintf(`{"a":%q,"patient_name":%q}`, name, b), fmt.Sprintf(`{"note":%q,"display":%q}`, name, b),
			} {
				asFirst(t, cfg, s, []byte(src))
			}
		}
	})
}
