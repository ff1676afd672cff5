package lexicon

import (
	"strings"
	"testing"

	"github.com/carebus/carebus/phi/internal/category"
)

// The first of the questions that stand in a text counts, wherever it stands.
func TestAsks(t *testing.T) {
	first := func(words string) category.Category {
		for _, q := range questions {
			if strings.Contains(words, q.words) {
				return q.cat
			}
		}
		return category.None
	}
	for i, q := range questions {
		for _, words := range []string{q.words, q.words[1:], q.words[:len(q.words)-1], "d" + q.words + "x", questions[len(questions)-1-i].words + q.words} {
			if got, want := asks([]byte(words)), first(words); got != want {
				t.Errorf("%s is %v, not %v", words, got, want)
			}
		}
	}
}

func TestNamespace(t *testing.T) {
	for url, want := range map[string]bool{
		"http://hl7.org/fhir/sid/us-ssn": true, "https://terminology.hl7.org:443/x": true, "http://hl7.org#x": true, "urn:oid:2.16.840": true,
		"https://github.com/synthetichealth/synthea": true, "https://github.com/jane-roe": false, "https://xhl7.org/": false, "https://hl7.org.example.com/": false,
		"https://hl7.org/?patient=42": false, "https://jane@hl7.org/": false, "hl7.org": false, "http://": false,
	} {
		if IsNamespace(url) != want {
			t.Errorf("%s: %v", url, !want)
		}
	}
}

// What may name notes is looked into, at every place of the eight bytes.
func TestNamesNotes(t *testing.T) {
	for before := range 20 {
		for word, want := range map[string]bool{"note": true, "NOTE": true, "process": true, "nope": false, "nOtE": false, "proceed": false} {
			text := strings.Repeat("o", before) + " " + word + " tc"
			if namesNotes([]byte(text)) != want {
				t.Errorf("%q: %v", text, !want)
			}
		}
	}
}

// A word in two lists would mean now this and now that, as maps are read in any order:
// two processes would scrub the same input into different bytes.
func TestEntitiesAreCertain(t *testing.T) {
	seen := map[string]Entity{}
	for e, list := range entityWords {
		for word := range strings.FieldsSeq(list) {
			if other, ok := seen[word]; ok && other != e {
				t.Errorf("%s stands for two things", word)
			}
			seen[word] = e
		}
	}
}
