package detect

import (
	"slices"
	"strings"
	"testing"
)

// The tokens that a second pass takes over are those that it would read.
func TestRetokenize(t *testing.T) {
	for _, c := range []struct {
		text  string // findings stand between { and }
		with  string // what stands in their place
		taken bool   // whether the tokens can be taken over
	}{
		{"Seen: {Jane Roe}, MRN {88-412}. The \"rest\" stays.", "[NAME]", true},
		{"{Jane Roe} {Ann Lee}{(617) 555-0143}", "[PHONE]", true},
		{"He met {Jane Roe Jr.} (twice). Later on", "[NAME]", true},
		{"It is {St.}; \"And\" it\n{was}\nSo", "[DATE:1984]", true},
		{"one {two}, three's {four} é [NAME] {five}", "[NAME]", true},
		{"in {Duluth}", "phi_k1_place_abcdefghijklmnopqrstuvwxyz", true},
		{"no {Jane}'s", "[NAME]", false},
		{"half {Ja}ne", "[NAME]", false},
		{"half Ja{ne}", "[NAME]", false},
		{"glued {88}_x", "phi_k1_otherid_abcdefghijklmnopqrstuvwxyz", false},
		{"glued é{+88}", "phi_k1_otherid_abcdefghijklmnopqrstuvwxyz", false},
		{"masked {Jane}", "***", false},
		{"SEEN BY THE MD {Bo Roe} AND IS IN", "[NAME]", false}, // which is in capitals alone now
	} {
		var before, after strings.Builder
		var replaced []Replacement
		for rest := c.text; rest != ""; {
			plain, finding, found := strings.Cut(rest, "{")
			before.WriteString(plain)
			after.WriteString(plain)
			if !found {
				break
			}
			finding, rest, _ = strings.Cut(finding, "}")
			r := Replacement{before.Len(), before.Len() + len(finding), after.Len(), after.Len() + len(c.with)}
			before.WriteString(finding)
			after.WriteString(c.with)
			replaced = append(replaced, r)
		}
		var sc Scanner
		sc.load()
		sc.tokenize(before.String())
		for i := range sc.toks {
			if sc.toks[i].kind != tokenMark {
				sc.toks[i].flags |= used | nameFound // as recognizers leave them
			}
		}
		sc.text = after.String()
		taken := sc.retokenize(sc.text, replaced)
		if taken != c.taken {
			t.Errorf("%q: taken over: %v", c.text, taken)
		}
		if !taken {
			continue
		}
		got := slices.Clone(sc.toks)
		if sc.tokenize(sc.text); !slices.Equal(got, sc.toks) || !sc.capitals {
			t.Errorf("%q:\n%+v\n%+v", c.text, got, sc.toks)
		}
	}
}
