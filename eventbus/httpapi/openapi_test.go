package httpapi_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"mime"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/carebus/carebus/eventbus/httpapi"
)

// A document is what the tests need of an OpenAPI document.
type document struct {
	OpenAPI string
	Paths   map[string]map[string]operation
}

type operation struct {
	OperationID string           `json:"operationId"`
	Scope       string           `json:"x-scope"`
	Security    []map[string]any `json:"security"`
	Parameters  []parameter
	RequestBody struct {
		Content map[string]struct{ Schema json.RawMessage }
	} `json:"requestBody"`
	Responses map[string]response
}

type parameter struct {
	Name, In string
	Required bool
	Schema   json.RawMessage
}

type response struct {
	Ref     string `json:"$ref"`
	Headers map[string]any
	Content map[string]struct{ Schema json.RawMessage }
}

// theDocument is the document, parsed, and as JSON for looking things up.
var theDocument = sync.OnceValues(func() (document, map[string]any) {
	var d document
	var raw map[string]any
	if err := json.Unmarshal(httpapi.OpenAPI(), &d); err != nil {
		panic(err)
	}
	if err := json.Unmarshal(httpapi.OpenAPI(), &raw); err != nil {
		panic(err)
	}
	return d, raw
})

// compiler knows the document as the place of all schemas.
var compiler = sync.OnceValue(func() *jsonschema.Compiler {
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(httpapi.OpenAPI()))
	if err != nil {
		panic(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("https://carebus.example/openapi.json", doc); err != nil {
		panic(err)
	}
	return c
})

var compiled sync.Map // of schemas by pointer

// schemaAt compiles the schema at a JSON pointer of the document.
func schemaAt(pointer string) (*jsonschema.Schema, error) {
	if s, ok := compiled.Load(pointer); ok {
		return s.(*jsonschema.Schema), nil
	}
	s, err := compiler().Compile("https://carebus.example/openapi.json#" + pointer)
	if err == nil {
		compiled.Store(pointer, s)
	}
	return s, err
}

func escape(s string) string {
	return strings.ReplaceAll(strings.ReplaceAll(s, "~", "~0"), "/", "~1")
}

// pathOf returns the document's path for a request's.
func pathOf(path string) string {
	const types = "/api/events/types/"
	if name, ok := strings.CutPrefix(path, types); ok && name != "" && !strings.Contains(name, "/") {
		return types + "{name}"
	}
	return path
}

// conforms checks that an answer is one that the document promises.
func conforms(t testing.TB, r *http.Request, w *httptest.ResponseRecorder) {
	t.Helper()
	d, _ := theDocument()
	path, method := pathOf(r.URL.Path), strings.ToLower(r.Method)
	if method == "head" {
		method = "get"
	}
	o, ok := d.Paths[path][method]
	pointer := "/paths/" + escape(path) + "/" + method + "/responses/" + fmt.Sprint(w.Code)
	if !ok { // no such path or method: a problem all the same
		pointer = map[int]string{404: "/components/responses/NotFound", 405: "/components/responses/MethodNotAllowed", 403: "/components/responses/Forbidden"}[w.Code]
		if pointer == "" {
			t.Errorf("%s of an unknown path: status %d", r.Method, w.Code)
			return
		}
		o.Responses = map[string]response{fmt.Sprint(w.Code): {Ref: "#" + pointer}}
	}
	resp, ok := o.Responses[fmt.Sprint(w.Code)]
	if !ok {
		t.Errorf("%s %s: the document knows no status %d", method, path, w.Code)
		return
	}
	if resp.Ref != "" {
		pointer = strings.TrimPrefix(resp.Ref, "#")
		resp = lookup(resp.Ref)
	}
	if w.Body.Len() == 0 || w.Header().Get("Content-Encoding") != "" {
		return
	}
	mediaType, _, err := mime.ParseMediaType(w.Header().Get("Content-Type"))
	if err != nil {
		t.Errorf("%s %s: Content-Type: %v", method, path, err)
		return
	}
	if _, ok := resp.Content[mediaType]; !ok {
		t.Errorf("%s %s %d: the document knows no %s", method, path, w.Code, mediaType)
		return
	}
	if !strings.HasSuffix(mediaType, "json") {
		return
	}
	s, err := schemaAt(pointer + "/content/" + escape(mediaType) + "/schema")
	if err != nil {
		t.Fatal(err)
	}
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(w.Body.Bytes()))
	if err == nil {
		err = s.Validate(v)
	}
	if err != nil {
		t.Errorf("%s %s %d: %v\n%s", method, path, w.Code, err, w.Body)
	}
}

// lookup returns the response that a reference names.
func lookup(ref string) response {
	_, raw := theDocument()
	var at any = raw
	for _, part := range strings.Split(strings.TrimPrefix(ref, "#/"), "/") {
		at = at.(map[string]any)[part]
	}
	b, err := json.Marshal(at)
	if err != nil {
		panic(err)
	}
	var r response
	if err := json.Unmarshal(b, &r); err != nil {
		panic(err)
	}
	return r
}

// TestDocument compares the document with the routes, both ways.
func TestDocument(t *testing.T) {
	a := newAPI(t)
	d, _ := theDocument()
	if d.OpenAPI != "3.1.0" {
		t.Errorf("openapi %s", d.OpenAPI)
	}
	routes := a.Routes()
	ids := map[string]bool{}
	for path, methods := range d.Paths {
		for method, o := range methods {
			scope, ok := routes[path][strings.ToUpper(method)]
			if !ok {
				t.Errorf("the document's %s %s is not served", method, path)
			}
			if string(scope) != o.Scope || (o.Scope == "") != (len(o.Security) == 0) {
				t.Errorf("%s %s: the document asks for scope %q, the server for %q", method, path, o.Scope, scope)
			}
			if ids[o.OperationID] || o.OperationID == "" {
				t.Errorf("%s %s: operationId %q is missing or taken", method, path, o.OperationID)
			}
			ids[o.OperationID] = true
		}
	}
	for path, methods := range routes {
		for method := range methods {
			if _, ok := d.Paths[path][strings.ToLower(method)]; !ok {
				t.Errorf("%s %s is not in the document", method, path)
			}
		}
	}
	_, raw := theDocument()
	for name := range raw["components"].(map[string]any)["schemas"].(map[string]any) {
		if _, err := schemaAt("/components/schemas/" + name); err != nil {
			t.Errorf("schema %s: %v", name, err)
		}
	}
	w := a.send(t, http.MethodGet, "/api/events/openapi.json", "", as(""))
	if !bytes.Equal(w.Body.Bytes(), httpapi.OpenAPI()) {
		t.Error("another document is served")
	}
}

// TestExamples publishes the document's examples.
func TestExamples(t *testing.T) {
	_, raw := theDocument()
	examples := raw["components"].(map[string]any)["schemas"].(map[string]any)["PublishBody"].(map[string]any)["examples"].([]any)
	if len(examples) == 0 {
		t.Fatal("there are none")
	}
	for _, e := range examples {
		b, err := json.Marshal(e)
		if err != nil {
			t.Fatal(err)
		}
		want(t, newAPI(t).send(t, http.MethodPost, "/api/events/publish", string(b)), http.StatusAccepted, nil)
	}
}
