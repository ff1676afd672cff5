package httpapi_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/carebus/carebus/eventbus/httpapi"
)

// An endpoint is an operation at its place.
type endpoint struct {
	method, path string
	operation    operation
}

// endpoints are all but the stream, which doesn't end.
func endpoints() []endpoint {
	d, _ := theDocument()
	var all []endpoint
	for path, methods := range d.Paths {
		for method, o := range methods {
			if o.OperationID != "stream" {
				all = append(all, endpoint{strings.ToUpper(method), path, o})
			}
		}
	}
	slices.SortFunc(all, func(a, b endpoint) int { return strings.Compare(a.path, b.path) })
	return all
}

func schemaOf(raw json.RawMessage) map[string]any {
	var s map[string]any
	if err := json.Unmarshal(raw, &s); err != nil {
		panic(err)
	}
	return s
}

// request makes a request for an endpoint: one that the document admits, or one
// that was damaged somewhere.
func (g *generator) request(e endpoint, damaged bool) *http.Request {
	target, query := e.path, url.Values{}
	headers := http.Header{}
	for _, p := range e.operation.Parameters {
		v := fmt.Sprint(g.value(schemaOf(p.Schema), 0))
		if damaged && g.chance(40) {
			v = fmt.Sprint(g.anything(0))
		}
		switch {
		case p.In == "path":
			target = strings.Replace(target, "{"+p.Name+"}", url.PathEscape(v), 1)
		case !g.chance(50) || p.Name == "Content-Encoding" && !damaged:
		case p.In == "query":
			query.Add(p.Name, v)
		case p.In == "header":
			headers.Set(p.Name, strings.Map(printable, v))
		}
	}
	if damaged && g.chance(20) {
		query.Add(secret, secret)
	}
	if len(query) > 0 {
		target += "?" + query.Encode()
	}
	body := ""
	if content := e.operation.RequestBody.Content; len(content) > 0 {
		media := slices.Sorted(func(yield func(string) bool) {
			for m := range content {
				if !yield(m) {
					return
				}
			}
		})
		m := media[g.IntN(len(media))]
		v := g.value(schemaOf(content[m].Schema), 0)
		if m == "application/x-ndjson" {
			v = g.value(map[string]any{"$ref": "#/components/schemas/PublishBody"}, 0)
		}
		if damaged {
			for range 1 + g.IntN(3) {
				v = g.damage(v)
			}
		}
		body = g.bytes(v, !damaged)
		headers.Set("Content-Type", m)
		if damaged && g.chance(20) {
			headers.Set("Content-Type", []string{"application/json", "", "text/plain", "application/cloudevents+json; charset=" + secret, ";"}[g.IntN(5)])
		}
		if damaged && g.chance(20) { // binary mode
			for _, name := range []string{"specversion", "id", "type", "source", "schemaversion", "time", "x"} {
				if g.chance(70) {
					headers.Set("Ce-"+name, strings.Map(printable, fmt.Sprint(g.anything(0))))
				}
			}
		}
	}
	r := httptest.NewRequest(http.MethodGet, "/", strings.NewReader(body))
	r.Method, r.Header = e.method, headers
	if u, err := url.ParseRequestURI(target); err == nil {
		r.URL, r.RequestURI = u, target
	}
	r.Header.Set("Authorization", "Bearer all")
	if damaged && g.chance(5) {
		r.Header.Set("Authorization", []string{"Bearer " + secret, secret, "Bearer", ""}[g.IntN(4)])
	}
	if damaged && g.chance(5) {
		r.Method = []string{"PUT", "DELETE", "OPTIONS", "HEAD", "PATCH", "TRACE"}[g.IntN(6)]
	}
	return r
}

// printable keeps what a header's value may hold.
func printable(c rune) rune {
	if c < ' ' || c > '~' {
		return '%'
	}
	return c
}

// check sends one generated request and checks the answer against the document.
func check(t *testing.T, seed uint64) {
	all := endpoints()
	g := newGenerator(seed)
	e := all[g.IntN(len(all))]
	if g.chance(70) {
		for _, x := range all {
			if x.operation.OperationID == "publish" {
				e = x
			}
		}
	}
	damaged := g.chance(75)
	a := newAPI(t, func(c *httpapi.Config) { c.Rate = 1e6 })
	r := g.request(e, damaged)
	w := httptest.NewRecorder()
	a.ServeHTTP(w, r)
	what := fmt.Sprintf("seed %d: %s %s", seed, r.Method, e.path)
	conforms(t, r, w)
	if w.Code >= 500 {
		t.Errorf("%s: %d %s", what, w.Code, w.Body)
	}
	// A status that the document gives for requests that it forbids must not
	// meet one that it admits, except for what no schema can say.
	if !damaged && (w.Code == 400 || w.Code == 413 || w.Code == 415) {
		t.Errorf("%s: the document admits the request, but: %d %s", what, w.Code, w.Body)
	}
	out := w.Body.String() + fmt.Sprint(w.Header()) + a.log.String() + fmt.Sprint(a.audit.records)
	for _, part := range strings.Fields(secret) {
		if strings.Contains(out, part) {
			t.Errorf("%s: a value comes back: %s", what, out)
		}
	}
}

func TestProperties(t *testing.T) {
	n := uint64(3000)
	if testing.Short() {
		n = 500
	}
	for seed := range n {
		check(t, seed)
		if t.Failed() {
			return
		}
	}
}

func FuzzProperties(f *testing.F) {
	f.Add(uint64(1 << 40))
	f.Fuzz(check)
}

// TestMinimalEvents publishes the least that the document asks for, of each type.
func TestMinimalEvents(t *testing.T) {
	a := newAPI(t)
	for _, info := range a.bus.registry.Types() {
		body := fmt.Sprintf(`{"type":%q,"source":"pms"}`, info.Name)
		w := a.send(t, http.MethodPost, "/api/events/publish", body)
		if w.Code != http.StatusAccepted && w.Code != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d %s", info.Name, w.Code, w.Body)
		}
	}
}
