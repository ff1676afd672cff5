package httpapi_test

import (
	"net/http"
	"reflect"
	"strings"
	"testing"

	"github.com/carebus/carebus/schema"
)

type typePage struct {
	Types []struct{ Name, Kind string }
	Total int
	Next  string
}

func TestTypes(t *testing.T) {
	a := newAPI(t)
	var all typePage
	w := a.send(t, http.MethodGet, "/api/events/types", "", as("read"))
	want(t, w, http.StatusOK, &all)
	if all.Total != len(schema.Catalogue().Types()) || len(all.Types) != all.Total || all.Next != "" {
		t.Errorf("%d of %d, next %q", len(all.Types), all.Total, all.Next)
	}
	tag := w.Header().Get("ETag")
	for _, value := range []string{tag, "*", `"x", ` + tag, "W/" + tag} {
		w := a.send(t, http.MethodGet, "/api/events/types", "", header("If-None-Match", value))
		if w.Code != http.StatusNotModified || w.Body.Len() > 0 || w.Header().Get("ETag") != tag {
			t.Errorf("If-None-Match %s: %d %s", value, w.Code, w.Body)
		}
	}
	want(t, a.send(t, http.MethodGet, "/api/events/types", "", header("If-None-Match", `"x"`)), http.StatusOK, nil)

	var names []string
	for next := "/api/events/types?limit=7&kind=crud"; next != ""; {
		var page typePage
		w := a.send(t, http.MethodGet, next, "")
		want(t, w, http.StatusOK, &page)
		for _, info := range page.Types {
			if info.Kind != "crud" {
				t.Errorf("%+v", info)
			}
			names = append(names, info.Name)
		}
		if link := w.Header().Get("Link"); page.Next != "" && link != "<"+page.Next+`>; rel="next"` {
			t.Errorf("Link %q", link)
		}
		next = page.Next
	}
	var whole []string
	for _, info := range all.Types {
		if info.Kind == "crud" {
			whole = append(whole, info.Name)
		}
	}
	if !reflect.DeepEqual(names, whole) {
		t.Errorf("pages hold %d types, the whole %d", len(names), len(whole))
	}

	var one struct {
		Name, Description string
		PayloadSchema     struct{ Title string } `json:"payload_schema"`
	}
	want(t, a.send(t, http.MethodGet, "/api/events/types/user.login", ""), http.StatusOK, &one) // an alias
	if one.Name != "auth.login" || one.Description == "" || one.PayloadSchema.Title != "auth.login" {
		t.Errorf("%+v", one)
	}
}

func TestAsyncAPI(t *testing.T) {
	var doc struct{ AsyncAPI string }
	want(t, newAPI(t).send(t, http.MethodGet, "/api/events/asyncapi.json", "", as("read")), http.StatusOK, &doc)
	if !strings.HasPrefix(doc.AsyncAPI, "3.") {
		t.Errorf("asyncapi %q", doc.AsyncAPI)
	}
}
