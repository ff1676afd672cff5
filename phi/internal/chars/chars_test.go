package chars

import "testing"

// The plain form of a text is what is read, and each of its bytes knows where it came
// from.
func TestPlain(t *testing.T) {
	for text, want := range map[string]string{
		"617\u2011555\u20110143":      "617-555-0143",
		"６１７ ５５５":                     "617 555",
		"Jane\u00a0Roe":               "Jane Roe",
		"ja\u200bne\uff20example.org": "jane@example.org",
		"٣/٥/٢٠٢١":                    "3/5/2021",
		"DL–W20760":                   "DL-W20760",
		"12–14":                       "12-14",
		"yes – no":                    "",
		"é":                           "",
		"plain":                       "",
	} {
		var p Plain
		changed := p.Of(text)
		if got := string(p.Text); changed != (want != "") || changed && got != want {
			t.Fatalf("%q reads %q, changed: %v", text, got, changed)
		}
		if !changed {
			continue
		}
		if from, to := p.Source(0, len(want)); from != 0 || to != len(text) {
			t.Errorf("%q is all of the source from %d to %d of %d", text, from, to, len(text))
		}
	}
}

func TestEightBytes(t *testing.T) {
	text := []byte("abcdefghij")
	for n := range len(text) + 1 {
		for i := range n + 1 {
			var want uint64
			for k := min(i+8, n) - 1; k >= i; k-- {
				want = want<<8 | uint64(text[k])
			}
			if got := EightBytes(text[:n], i); got != want {
				t.Errorf("%d of %d bytes: %x, not %x", i, n, got, want)
			}
		}
	}
}

func TestMakeup(t *testing.T) {
	for text, want := range map[string]Makeup{
		"": 0, "abc": HasHexLetter, "xyz": HasLetter, "Xa": HasLetter | HasCapital | HasHexLetter, "a-1_2": HasHexLetter | HasHyphen | HasDigit | HasUnderscore,
		"a|b": HasHexLetter | HasBar, "<p>": HasLessAmp | HasLetter | HasOther, "é": HasOther,
	} {
		if got := MakeupOf([]byte(text)); got != want {
			t.Errorf("%q is %b, not %b", text, got, want)
		}
	}
}
