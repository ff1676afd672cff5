package mark

import (
	"testing"

	"github.com/carebus/carebus/phi/internal/category"
)

func TestForms(t *testing.T) {
	const pseudonym = "phi_k1_name_abcdefghijklmnopqrstuvwxyz"
	for text, want := range map[string]int{
		"[NAME]": 6, "[DATE:1984] on": 11, "[POSTAL_CODE:021]": 17, "[AGE:90+]": 9, "[EMAIL:2]": 9,
		"[NAMES]": 0, "[name]": 0, "[DATE:19845]": 0, "[]": 0, "[NAME": 0, "NAME]": 0, "": 0,
	} {
		if got := PlaceholderAt([]byte(text)); got != want {
			t.Errorf("the placeholder at %q has %d bytes, not %d", text, got, want)
		}
	}
	for text, want := range map[string]int{
		pseudonym: len(pseudonym), pseudonym + "'s": len(pseudonym), pseudonym + ", seen": len(pseudonym),
		pseudonym + "x": 0, pseudonym + "_": 0, pseudonym[:len(pseudonym)-1]: 0, "phi_K1" + pseudonym[6:]: 0, "phi_k1_nobody_abcdefghijklmnopqrstuvwxyz": 0, "phi__name_abcdefghijklmnopqrstuvwxyz": 0, "x" + pseudonym: 0,
	} {
		if got := PseudonymAt([]byte(text)); got != want {
			t.Errorf("the pseudonym at %q has %d bytes, not %d", text, got, want)
		}
	}
	if got := CategoryOf(pseudonym); got != category.Name {
		t.Errorf("the pseudonym of a name is one of %v", got)
	}
	for text, want := range map[string]bool{"[NAME]": true, pseudonym: true, "[NAME] ": false, "x [NAME]": false, "": false} {
		if Scrubbed([]byte(text)) != want {
			t.Errorf("%q is scrubbed: %v", text, !want)
		}
	}
	for text, want := range map[string][2]bool{"a [b] [NAME]": {true, false}, "phi_ and " + pseudonym: {false, true}, "[a] phi_k1": {false, false}} {
		if got := [2]bool{HoldsPlaceholder([]byte(text)), HoldsPseudonym([]byte(text))}; got != want {
			t.Errorf("%q holds a placeholder, a pseudonym: %v", text, got)
		}
	}
}

// Every category has a placeholder and a name in pseudonyms of its own, which are
// known again.
func TestCategories(t *testing.T) {
	for c := category.Category(1); int(c) < category.Count; c++ {
		if !Scrubbed([]byte(Placeholders[c])) {
			t.Errorf("%s is no placeholder", Placeholders[c])
		}
		if got := CategoryOf(Prefix + "k1_" + PseudonymNames[c] + "_"); got != c {
			t.Errorf("a pseudonym of %v is one of %v", c, got)
		}
	}
}
