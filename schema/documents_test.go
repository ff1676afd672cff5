package schema_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/carebus/carebus/schema"
)

// documents returns the documents of a registry with a recursive type.
func documents(t *testing.T) (*schema.Registry, map[string][]byte) {
	t.Helper()
	r := visits()
	one[tree](alias("intake.rated"), version(2))(r)
	files, err := r.Documents(schema.AsyncAPIInfo{Title: "practice", Version: "2.1.0"})
	if err != nil {
		t.Fatal(err)
	}
	return r, files
}

func TestDocuments(t *testing.T) {
	r, files := documents(t)
	want := []string{"asyncapi.json", "envelope.schema.json", "types.json"}
	for _, info := range r.Types() {
		name := "types/" + info.Name + ".schema.json"
		want = append(want, name)
		if b, ok := r.JSONSchema(info.Name); !ok || string(b) != string(files[name]) {
			t.Errorf("%s is not what JSONSchema returns", name)
		}
	}
	if len(files) != len(want) {
		t.Errorf("%d files, want %d", len(files), len(want))
	}
	for _, name := range want {
		var doc any
		if err := json.Unmarshal(files[name], &doc); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if name != "types.json" { // its schemas are documents of their own
			references(t, name, doc, doc)
		}
	}
	if _, ok := r.JSONSchema("spaceship.launched"); ok {
		t.Error("an unknown type has a schema")
	}
	if b, ok := r.JSONSchema("user.login"); !ok || string(b) != string(files["types/auth.login.schema.json"]) {
		t.Error("an alias has another schema than its type")
	}
}

// references checks that each $ref in v leads to something in doc.
func references(t *testing.T, file string, doc, v any) {
	t.Helper()
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			references(t, file, doc, e)
		}
	case map[string]any:
		for name, e := range v {
			if to, ok := e.(string); ok && name == "$ref" {
				at := doc
				for step := range strings.SplitSeq(strings.TrimPrefix(to, "#/"), "/") {
					m, _ := at.(map[string]any)
					at = m[step]
				}
				if at == nil {
					t.Errorf("%s: %s leads nowhere", file, to)
				}
			}
			references(t, file, doc, e)
		}
	}
}

func TestJSONSchema(t *testing.T) {
	r := visits()
	got, _ := r.JSONSchema("visit.ended")
	for _, want := range []string{
		`{"$schema":"https://json-schema.org/draft/2020-12/schema","$id":"urn:carebus:type:visit.ended:1","title":"visit.ended","type":"object","properties":{` +
			`"visit_id":{"description":"The visit's id.","type":"string","minLength":1,"maxLength":8},"status":{"type":["string","null"],"enum":["open","closed",null]},` +
			`"starts":{"type":"string","format":"date-time","x-phi":"date"}`,
		`"length":{"type":["integer","null"],"minimum":5,"maximum":480}`,
		`"contacts":{"type":["array","null"],"items":{"type":"object","properties":{"name":{"type":["string","null"],"x-phi":"name"}`,
		`"notes":{"type":["object","null"],"additionalProperties":{"type":"object"`,
		`"photo":{"type":["string","null"],"contentEncoding":"base64","x-phi":"safe"}`,
		`"any":{}`,
		`"required":["visit_id","starts"]}`,
	} {
		if !strings.Contains(string(got), want) {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
}

// Tools that read the document find a message of each type with its payload.
func TestAsyncAPI(t *testing.T) {
	r, files := documents(t)
	var doc struct {
		AsyncAPI string
		Info     struct{ Title, Version string }
		Channels map[string]struct {
			Address  string
			Messages map[string]any
		}
		Operations map[string]struct{ Action string }
		Components struct {
			Messages map[string]struct {
				ContentType string
				Payload     struct{ AllOf []json.RawMessage }
				Aliases     []string `json:"x-aliases"`
				Version     int      `json:"x-schema-version"`
			}
			Schemas map[string]any
		}
	}
	if err := json.Unmarshal(files["asyncapi.json"], &doc); err != nil {
		t.Fatal(err)
	}
	if doc.AsyncAPI != "3.0.0" || doc.Info.Title != "practice" || doc.Info.Version != "2.1.0" || doc.Operations["publish"].Action != "send" || doc.Operations["consume"].Action != "receive" {
		t.Error("the head is wrong")
	}
	for _, info := range r.Types() {
		m, ok := doc.Components.Messages[info.Name]
		if _, inChannel := doc.Channels["events"].Messages[info.Name]; !ok || !inChannel || len(m.Payload.AllOf) != 2 || m.Version != info.Version || m.ContentType != "application/cloudevents+json" {
			t.Errorf("%s is not described", info.Name)
		}
		if !slices.Equal(m.Aliases, info.Aliases) {
			t.Errorf("%s has the aliases %v", info.Name, m.Aliases)
		}
	}
	if _, ok := doc.Components.Schemas["intake.scored-branch"]; !ok {
		t.Error("the definitions of a recursive type are missing")
	}
}
