package phi

import (
	"strings"
	"testing"
)

// A dictionary answers as its map does, for its keys and for what is like them.
func TestDictionary(t *testing.T) {
	for key, v := range abbreviations.entries {
		if got, ok := abbreviations.get([]byte(key)); !ok || got != v {
			t.Errorf("%q isn't found", key)
		}
		for _, other := range []string{key[:len(key)-1], key + "x", key + key, "x" + key, strings.ToUpper(key)} {
			want, wanted := abbreviations.entries[other]
			if got, ok := abbreviations.get([]byte(other)); ok != wanted || got != want {
				t.Errorf("%q: %q, %v", other, got, ok)
			}
		}
	}
	if setOfKeys("a ab").has(nil) {
		t.Error("nothing is a key")
	}
}

// The first of the questions that stand in a text counts, wherever it stands.
func TestAsks(t *testing.T) {
	first := func(words string) Category {
		for _, q := range questions {
			if strings.Contains(words, q.words) {
				return q.cat
			}
		}
		return None
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
		if isNamespace(url) != want {
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
