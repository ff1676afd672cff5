package canary

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// A needle is a form in which a value may stand somewhere.
type needle struct {
	rule  string // of its canary
	value string
	form  string
	bytes []byte
	exact bool // capitals matter
}

// forms returns the ways to write a value. Case is not looked at but in base64.
func forms(rule, value string) []needle {
	var list []needle
	add := func(form, text string, exact bool) {
		n := needle{rule, value, form, []byte(text), exact}
		if !exact {
			n.bytes = bytes.ToLower(n.bytes)
		}
		if !slices.ContainsFunc(list, func(o needle) bool { return bytes.Equal(o.bytes, n.bytes) }) {
			list = append(list, n)
		}
	}
	add("as it is", value, false)
	if b, err := json.Marshal(value); err == nil {
		add("JSON", string(b[1:len(b)-1]), false)
	}
	add("JSON, slashes escaped", strings.ReplaceAll(value, "/", `\/`), false)
	add("JSON, all escaped", escapeAll(value), false)
	add("Go", strings.Trim(strconv.Quote(value), `"`), false)
	add("Go, ASCII", strings.Trim(strconv.QuoteToASCII(value), `"`), false)
	add("query", url.QueryEscape(value), false)
	add("path", url.PathEscape(value), false)
	add("HTML", html.EscapeString(value), false)
	add("hexadecimal", hex.EncodeToString([]byte(value)), false)
	// Base64 of a text that holds the value at some place: what the neighbours
	// have no part in.
	for before := range 3 {
		for _, e := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
			text := e.EncodeToString([]byte(strings.Repeat("x", before) + value))
			first := (before*8 + 5) / 6
			whole := (before + len(value)) * 8 / 6
			add("base64", text[first:whole], true)
		}
	}
	digits := strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, value)
	if len(digits) >= 9 { // fewer stand somewhere by chance
		add("digits", digits, false)
	}
	return list
}

// needles are all forms of all canaries.
var needles = func() (all []needle) {
	for _, c := range canaries {
		for _, value := range append([]string{c.value}, c.parts...) {
			all = append(all, forms(c.rule, value)...)
		}
	}
	return all
}()

// A hit is a value that was found.
type hit struct {
	place  string
	needle needle
	around string
}

func (h hit) String() string {
	return fmt.Sprintf("%s: (%s) %s, %s: %q", h.place, h.needle.rule, h.needle.value, h.needle.form, h.around)
}

// search looks for the canaries in what stands at a place. It returns the first
// hit of each needle.
func search(place string, content []byte) (hits []hit) {
	lower := bytes.ToLower(content)
	for _, n := range needles {
		in := lower
		if n.exact {
			in = content
		}
		if i := bytes.Index(in, n.bytes); i >= 0 {
			hits = append(hits, hit{place, n, string(in[max(0, i-60):min(len(in), i+len(n.bytes)+30)])})
		}
	}
	return hits
}

// TestForms: each form of each canary is found in a text that holds it, and none
// in one that doesn't.
func TestForms(t *testing.T) {
	for _, c := range canaries {
		for name, text := range map[string]string{
			"raw": c.value, "lower": strings.ToLower(c.value), "upper": strings.ToUpper(c.value),
			"JSON in JSON": object("a", object("b", c.value)), "escaped": escapeAll(c.value),
			"Go": fmt.Sprintf("%q", c.value), "Go in Go": fmt.Sprintf("%q", fmt.Sprintf("%+q", c.value)),
			"query": url.Values{"q": {c.value}}.Encode(), "path": "/a/" + url.PathEscape(c.value),
			"HTML": "<p>" + html.EscapeString(c.value), "hexadecimal": fmt.Sprintf("%x", c.value),
			"base64, 0": base64.StdEncoding.EncodeToString([]byte(c.value)), "base64, 1": base64.StdEncoding.EncodeToString([]byte(".." + c.value + "..")),
			"base64, 2": base64.URLEncoding.EncodeToString([]byte("." + c.value + "…")), "bytes": fmt.Sprintf("%v", c.value) + "\x00",
		} {
			if len(search("here", []byte("before it: "+text+" and behind it"))) == 0 {
				t.Errorf("(%s) %s: it isn't found as %s", c.rule, c.field, name)
			}
		}
	}
	if hits := search("here", []byte(strings.Repeat("0123456789 abcdefghijklmnopqrstuvwxyz ", 100))); len(hits) > 0 {
		t.Error(hits)
	}
	for _, n := range needles {
		if len(n.bytes) < 8 || len(bytes.Trim(n.bytes, "0123456789.")) == 0 && len(n.bytes) < 9 {
			t.Errorf("(%s) %s: it may stand somewhere by chance", n.rule, n.bytes)
		}
	}
	rules := map[string]bool{}
	for _, c := range canaries {
		rules[c.rule] = true
	}
	if len(rules) != 18 {
		t.Errorf("%d of the eighteen categories", len(rules))
	}
}
