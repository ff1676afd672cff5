package words

import (
	"strings"
	"testing"
)

// A dictionary answers as its map does, for its keys and for what is like them.
func TestDictionary(t *testing.T) {
	entries := map[string]string{}
	for _, word := range strings.Fields("a ab abc addr apptmnt birthdt bdt patientfirstname patientfirstnameofrecord pt ptt tp") {
		entries[word] = word + word
	}
	d := DictionaryOf(entries)
	for key, v := range entries {
		if got, ok := d.Get([]byte(key)); !ok || got != v {
			t.Errorf("%q isn't found", key)
		}
		for _, other := range []string{key[:len(key)-1], key + "x", key + key, "x" + key, strings.ToUpper(key)} {
			want, wanted := entries[other]
			if got, ok := d.Get([]byte(other)); ok != wanted || got != want {
				t.Errorf("%q: %q, %v", other, got, ok)
			}
		}
	}
	if KeySet("a ab").Has(nil) {
		t.Error("nothing is a key")
	}
}
