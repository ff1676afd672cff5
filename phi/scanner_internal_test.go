package phi

import (
	"fmt"
	"testing"
)

// A value that shortCode passes over isn't looked into. Nothing may be found in
// one if it is.
func TestShortCodes(t *testing.T) {
	var codes []string
	for n := range 20_000 {
		codes = append(codes, fmt.Sprint(n), fmt.Sprintf("%05d", n*5), fmt.Sprintf("%06d", n*50+n%50))
	}
	for a := 'A'; a <= 'Z'; a++ {
		for n := range 100 {
			codes = append(codes, fmt.Sprintf("%c%d", a, n*10), fmt.Sprintf("%c%02d.%d", a, n, n%10), fmt.Sprintf("%c%02d.%dA", a, n, n*7), fmt.Sprintf("%c%02d.", a, n))
		}
		for b := 'A'; b <= 'Z'; b++ {
			for n := range 100 {
				codes = append(codes, fmt.Sprintf("%c%c%d", a, b, n), fmt.Sprintf("%c%cS%d", a, b, n), fmt.Sprintf("%cE%c%d", a, b, n), fmt.Sprintf("M%c%c%d", a, b, n))
			}
		}
	}
	sc := scanner{lists: loadLists(), lex: standardLexicon()}
	for _, code := range codes {
		if !shortCode(code) {
			t.Fatalf("%s is none", code)
		}
		for _, hint := range []bool{false, true} {
			sc.text, sc.spans = code, nil
			sc.tokenize(code)
			if sc.scan(hint, false); len(sc.spans) > 0 {
				t.Fatalf("%s is %v", code, sc.spans[0].Category)
			}
		}
	}
	for _, other := range []string{"", "1234567", "92YO", "ABCD1", "A1234", "A1-2", "MAY5-", "A", "Ann1", "1.2", "AB12.3", "A12.3AB"} {
		if shortCode(other) {
			t.Errorf("%q is none", other)
		}
	}
}
