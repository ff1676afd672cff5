package schema

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
)

// The scanner takes what encoding/json takes, and walks it the same way.
func FuzzScan(f *testing.F) {
	for _, s := range []string{
		`{"a":[1,-0.5e+10,true,false,null,"\u00e9\"\\"],"b":{}}`, ` [ ] `, `"`, `"\x"`, `"\u12g4"`, `01`, `-`, `1.`, `1e`, `{"a"}`, `{"a":1,}`,
		`[1,]`, `{,}`, `tru`, `nullx`, `{"a":1}}`, "\"\x00\"", "\"12345678\x1f\"", `"1234567\"8"`, `{"a" : 1 , "b\n" : [ { } ] }`, "",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if got, want := validJSON(b), json.Valid(b); got != want {
			t.Fatalf("validJSON = %v, json.Valid = %v", got, want)
		}
		if !json.Valid(b) {
			for range members(b) { // must end and not panic
			}
			for range elements(b) {
			}
			return
		}
		var compact bytes.Buffer
		if err := json.Compact(&compact, b); err != nil {
			t.Fatal(err)
		}
		if got := appendCompact(nil, b); !bytes.Equal(got, compact.Bytes()) {
			t.Fatalf("appendCompact = %q, json.Compact = %q", got, compact.Bytes())
		}
		var object map[string]json.RawMessage
		if isObject(b) && json.Unmarshal(b, &object) == nil {
			got := map[string]json.RawMessage{}
			for name, value := range members(b) {
				got[string([]rune(string(name)))] = json.RawMessage(value)
			}
			for name, value := range object {
				if v, ok := got[name]; ok && !bytes.Equal(v, value) {
					t.Fatalf("member %q = %q, want %q", name, v, value)
				}
			}
			if len(got) > len(object) {
				t.Fatalf("%d members, want %d", len(got), len(object))
			}
		}
		var array []json.RawMessage
		if json.Unmarshal(b, &array) == nil {
			i := 0
			for element := range elements(b) {
				if i >= len(array) || !bytes.Equal(element, array[i]) {
					t.Fatalf("element %d is wrong", i)
				}
				i++
			}
			if i != len(array) {
				t.Fatalf("%d elements, want %d", i, len(array))
			}
		}
	})
}

// Nesting is bounded, as in encoding/json: a payload can't exhaust the stack.
func TestScanDepth(t *testing.T) {
	for _, depth := range []int{1, 9999, 10000, 10001, 100000} {
		for _, c := range []struct{ open, value, end string }{{"[", "", "]"}, {`{"a":`, "1", "}"}} {
			b := []byte(strings.Repeat(c.open, depth) + c.value + strings.Repeat(c.end, depth))
			if got, want := validJSON(b), json.Valid(b); got != want {
				t.Errorf("%d of %s: validJSON = %v, json.Valid = %v", depth, c.open, got, want)
			}
		}
	}
}

// Strings are encoded as encoding/json encodes them.
func FuzzAppendString(f *testing.F) {
	for _, s := range []string{"", "plain", "a\"b\\c", "\x00\b\f\n\r\t\x1f\x7f", "<&>", "\u00e9\u2028\u2029\U0001f600", "a\xffb\xc3", "\xed\xa0\x80", "\ufffd", "appointment/17", "eight by\"te", "eight by\xe9te", "12345678\x1f"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		want, err := appendValue(nil, s)
		if err != nil {
			t.Fatal(err)
		}
		got := appendString(nil, s)
		if !bytes.Equal(got, want) {
			t.Fatalf("got %q, want %q", got, want)
		}
		if back, ok := unquote(got); !ok || back != strings.ToValidUTF8(s, "\ufffd") && !strings.Contains(back, "\ufffd") {
			t.Fatalf("unquote gave %q of %q", back, s)
		}
	})
}

// Members are appended without the spaces between tokens, wherever those stand.
func FuzzAppendMembers(f *testing.F) {
	for _, s := range []string{
		``, `{}`, ` { } `, `{"a":1}`, ` {"a":1} `, `{"a":1,"b":"x y"}`, `{"a" :1}`, `{"a": 1}`, `{"a":1 ,"b":2}`, `{"a":1, "b":2}`, `{ "a":1}`, `{"a":1 }`, `{"a":{"b": 1}}`, `{"a":[1, 2]}`, `{"a\"":1,"\u0062":" "}`, `{"a":1}}`, `{"a":}`, `[]`,
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		var want bytes.Buffer
		valid := s == "" || validJSON([]byte(s)) && isObject([]byte(s)) && json.Compact(&want, []byte(s)) == nil
		for _, open := range []string{`{`, `{"x":1`} {
			got, ok := appendMembers([]byte(open), []byte(s))
			if ok != valid {
				t.Fatalf("%q: %v", s, ok)
			}
			if !ok {
				continue
			}
			members := strings.TrimPrefix(want.String(), "{")
			if s == "" {
				members = "}"
			}
			if open != "{" && members != "}" {
				members = "," + members
			}
			if string(got) != open+members {
				t.Fatalf("%q behind %q: %q", s, open, got)
			}
		}
	})
}
