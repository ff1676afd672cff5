package httpapi_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/carebus/carebus/eventbus/httpapi"
	"github.com/carebus/carebus/schema"
)

func ExampleNew() {
	bus := newFakeBus()
	handler, err := httpapi.New(httpapi.Config{
		Auth: httpapi.AuthFunc(func(r *http.Request) (httpapi.Principal, error) {
			return httpapi.Principal{Name: "service/demo", Scopes: []httpapi.Scope{httpapi.ScopePublish}}, nil
		}),
		Audit: httpapi.NoAudit, Environment: "test", Publisher: bus, Bus: bus, Registry: schema.Catalogue(),
	})
	if err != nil {
		panic(err)
	}
	server := httptest.NewServer(handler)
	defer server.Close()
	answer, err := http.Post(server.URL+"/api/events/publish", "application/json", strings.NewReader(goodBody))
	if err != nil {
		panic(err)
	}
	defer answer.Body.Close()
	fmt.Println(answer.Status)
	// Output: 202 Accepted
}
