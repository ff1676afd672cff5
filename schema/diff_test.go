package schema_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/carebus/carebus/schema"
)

func TestDiff(t *testing.T) {
	before := account{Name: "Jane", Password: "old", Home: address{"1 Main St", "Springfield"}, Tags: []string{"a"}, internal: 1}
	after := account{
		Name: "Jane", Password: "new", Note: map[string]string{"a": "b"}, Home: address{"2 Oak Ave", "Springfield"},
		Billing: &address{Street: "3 Elm"}, Keys: []apiKey{{"k1", "secret"}}, Tags: []string{"a", "b"}, internal: 2,
	}
	changes, err := schema.Diff(before, after)
	if err != nil {
		t.Fatal(err)
	}
	got, err := json.Marshal(changes)
	want := `[{"field":"password"},{"field":"note"},{"field":"home.street","before":"1 Main St","after":"2 Oak Ave"},` +
		`{"field":"billing","after":{"street":"3 Elm","city":""}},{"field":"keys"},{"field":"tags","before":["a"],"after":["a","b"]}]`
	if err != nil || string(got) != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if changes, err := schema.Diff(before, before); err != nil || len(changes) != 0 {
		t.Errorf("nothing changed, and %d changes were found: %v", len(changes), err)
	}
}

func TestDiffRefuses(t *testing.T) {
	type loop struct{ A func() }
	if _, err := schema.Diff(loop{}, loop{}); err == nil || strings.Contains(err.Error(), "func") {
		t.Errorf("a func: %v", err)
	}
	if _, err := schema.Diff(5, 6); err == nil {
		t.Error("no struct: no error")
	}
	type moment struct{ At json.Number }
	if _, err := schema.Diff(moment{"Jane"}, moment{"1"}); err == nil || strings.Contains(err.Error(), "Jane") {
		t.Errorf("an encoder's error: %v", err)
	}
}

type address struct {
	Street string `json:"street" phi:"address"`
	City   string `json:"city" phi:"place"`
}

type account struct {
	Name     string            `json:"name" phi:"name"`
	Password string            `json:"password" phi:"secret"`
	Note     map[string]string `json:"note,omitempty" phi:"psychotherapy"`
	Home     address           `json:"home"`
	Billing  *address          `json:"billing,omitempty"`
	Keys     []apiKey          `json:"keys,omitempty"`
	Tags     []string          `json:"tags,omitempty"`
	internal int
}
