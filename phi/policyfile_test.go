package phi_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/carebus/carebus/phi"
)

// FuzzParsePolicy: no file brings the process down, an error quotes no line of it,
// and what is taken is taken by New.
func FuzzParsePolicy(f *testing.F) {
	f.Add(policyText)
	for _, text := range []string{"allow: !!set {a: b}\n", "? a\n: b\n", "<<: &a {profile: safe_harbor}\n", "allow: [&a x, *a]\n", "*a : b\n", "{a: b}: c\n", "!!map {}\n", "- a", "~", "", "\x00"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		p, profile, err := phi.ParsePolicy([]byte(text))
		if err != nil {
			var wrong *phi.PolicyError
			if !errors.As(err, &wrong) && !strings.Contains(err.Error(), "is not valid YAML") {
				t.Errorf("%q: %v", text, err)
			}
			return
		}
		if _, err := phi.New(phi.Config{Key: make([]byte, 32), Profile: profile, Policy: p}); err != nil {
			t.Errorf("%q: taken by ParsePolicy, not by New: %v", text, err)
		}
	})
}
