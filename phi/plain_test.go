package phi_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/carebus/carebus/phi"
)

// Identifiers are found whatever their hyphens, spaces and digits are, and
// whatever stands in them that nobody sees.
func TestPlainForm(t *testing.T) {
	var texts []marked
	values := map[string]string{"phone": "617-555-0143", "ssn": "078-05-1120", "card": "4111-1111-1111-1111", "birth_date": "1971-04-09"}
	put := func(name, value string) {
		texts = append(texts, marked(fmt.Sprintf("born é {%s:%s} — so", name, value)))
	}
	for name, value := range values {
		for _, dash := range "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe63\uff0d" {
			put(name, strings.ReplaceAll(value, "-", string(dash)))
		}
		for _, unseen := range "\u200b\u200d\u2060\u00ad\ufeff\u200e" {
			put(name, value[:5]+string(unseen)+value[5:])
			texts = append(texts, marked(fmt.Sprintf("born %c{%s:%s}%c so", unseen, name, value, unseen)))
		}
		for _, zero := range "\uff10\u0660\u06f0\u0966" {
			put(name, strings.Map(func(r rune) rune {
				if r == '-' {
					return r
				}
				return r - '0' + zero
			}, value))
		}
	}
	for _, space := range "\u00a0\u202f\u2007\u2009\u3000" {
		put("phone", strings.ReplaceAll("617 555 0143", " ", string(space)))
		put("card", strings.ReplaceAll("4111 1111 1111 1111", " ", string(space)))
	}
	for _, at := range []string{"\uff20", "\ufe6b", "\u200b@\u00ad"} {
		put("email", "jane.roe"+at+"example.org")
	}
	texts = append(texts, "{name:Mr. Koe\u00adpp} called", "{name:Mei\u2010Ling Zhao} said", "from 10–15 mg to 1990–1995 — no", "２ × ５ mg")
	checkMarked(t, texts)
}

// Spellings of one value share a pseudonym.
func TestPlainFormToken(t *testing.T) {
	s := newScrubber(t, phi.Config{Policy: &phi.Policy{Actions: map[phi.Category]phi.Action{phi.Email: phi.Pseudonym}}})
	want := s.Tokens("", phi.Email, "jane@example.org")[0]
	out, _ := s.ScrubText(nil, "to ｊａｎｅ＠example.org now")
	if string(out) != "to "+want+" now" {
		t.Errorf("got %s", out)
	}
}
