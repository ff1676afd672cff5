package detect

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/carebus/carebus/phi/internal/lexicon"
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
	sc := Scanner{lex: lexicon.Standard()}
	sc.load()
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

// A text that is harmless isn't looked into. Nothing may be found in one if it
// is, by whatever mode.
func TestHarmless(t *testing.T) {
	pieces := append(strings.Split("0123456789abcfABCF.-_/: #$&=()+*,;!?'|^~", ""), strings.Fields(`
		mrn ssn dob age dr maria Maria may jane st oak www phi_ phi_main_name_abcdefghijklmnopqrstuvwxyz phi_k1_name_abcdefghijklmnopqrstuvwxyz
		http ftp com org mailto tel ext acct id user vin dea npi ny nd yo am pm po box 8.8. 1.2 12 31 85 90 123 1985 02139 555 1234`)...)
	rules := Rules{Lex: lexicon.Standard(), NoCodes: true}
	sc := Scanner{lex: rules.Lex, noCodes: true}
	sc.load()
	r := rand.New(rand.NewPCG(1, 2))
	harmless := 0
	for range 300_000 {
		text := ""
		for range 1 + r.IntN(8) {
			text += pieces[r.IntN(len(pieces))]
		}
		for _, m := range []lexicon.Mode{lexicon.Text, lexicon.Hint, lexicon.Safe} {
			if !rules.Harmless(&Known{}, text, m) || len(text) >= 15 && !plainWord(text) { // which may pass the check of an IBAN by chance
				continue
			}
			harmless++
			sc.text, sc.spans, sc.names = text, nil, nil
			sc.strict = m == lexicon.Safe
			sc.tokenize(text)
			if sc.scan(m == lexicon.Hint, false); len(sc.spans) > 0 {
				t.Errorf("%q is %v in mode %d", text, sc.spans[0].Category, m)
			}
		}
	}
	if harmless < 100_000 {
		t.Errorf("%d texts are harmless", harmless)
	}
}

// A text may end anywhere, as what is cut short does: no recognizer looks for more
// than there is. The texts are the examples in this package's comments.
func TestCutAnywhere(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil || len(files) < 20 {
		t.Fatal(len(files), err)
	}
	rules := Rules{Lex: lexicon.Standard()}
	var sc Scanner
	for _, f := range files {
		source, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(source)) {
			_, text, _ := strings.Cut(line, "//")
			for end := range text {
				for _, s := range sc.Find(&rules, &Known{}, text[:end], lexicon.Text, nil) {
					if s.Start < 0 || s.End > end || s.Start >= s.End {
						t.Fatalf("%q: %v", text[:end], s)
					}
				}
			}
		}
	}
}
