package lexicon

import (
	"strings"
	"testing"

	"github.com/carebus/carebus/phi/internal/category"
)

// A label is read once if it is the definition of a FHIR element, and is not
// kept if it may be data.
func TestLabelCache(t *testing.T) {
	l := New(nil)
	for label, kept := range map[string]bool{
		"http://hl7.org/fhir/StructureDefinition/patient-birthPlace":          true,
		"http://hl7.org/fhir/us/core/StructureDefinition/us-core-ethnicity":   true,
		"http://hl7.org/fhir/StructureDefinition/patient-mothersMaidenName":   true,
		"http://hl7.org/fhir/StructureDefinition/patient-birthPlace?of=Jane":  false,
		"http://jane-roe.example/fhir/StructureDefinition/patient-birthPlace": false,
		"Jane Roe": false, "Jane": false, "Jane's phone": false, "ssn": false, "": false,
	} {
		want, wanted := l.readLabel([]byte(label))
		for range 2 {
			if got, ok := l.Label([]byte(label)); got != want || ok != wanted {
				t.Errorf("%q: %+v %v, not %+v %v", label, got, ok, want, wanted)
			}
		}
		if hit, _ := l.labels.find([]byte(label)); hit != nil != kept {
			t.Errorf("%q: kept: %v", label, hit != nil)
		}
	}
}

// Keys that share their first sixteen bytes, or their hash's places, are told apart.
func TestKeyCache(t *testing.T) {
	var c keyCache
	var keys []string
	for _, base := range []string{"", "a", "patient", "patientfirstname", "patientfirstnameofrecord"} {
		for n := range 3000 {
			keys = append(keys, base+strings.Repeat("x", n%40)+string(rune('a'+n%26)))
		}
	}
	info := func(key string) Meaning {
		return Meaning{Rank: uint8(len(key)), Cat: category.Category(key[len(key)-1])}
	}
	for range 2 {
		for _, key := range keys {
			hit, free := c.find([]byte(key))
			if hit == nil {
				c.put(free, []byte(key), info(key))
				if hit, _ = c.find([]byte(key)); hit == nil {
					t.Fatalf("%q is lost", key)
				}
			}
			if hit.info != info(key) {
				t.Fatalf("%q means what another does", key)
			}
		}
	}
}
