package busapi_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"

	"github.com/alicebob/miniredis/v2"

	"github.com/carebus/carebus/eventbus"
	"github.com/carebus/carebus/eventbus/busapi"
	"github.com/carebus/carebus/eventbus/httpapi"
	"github.com/carebus/carebus/eventbus/httpapi/apikey"
	"github.com/carebus/carebus/phi"
)

// Serve the API on a bus, to holders of API keys.
func ExampleConfig() {
	ctx := context.Background()
	server := miniredis.NewMiniRedis() // a Redis for the example
	if err := server.Start(); err != nil {
		fmt.Println(err)
		return
	}
	defer server.Close()
	scrubber, err := phi.New(phi.Config{Key: []byte("32 random bytes from your secrets")})
	if err != nil {
		fmt.Println(err)
		return
	}
	bus, err := eventbus.Open(ctx, eventbus.Config{URL: "redis://" + server.Addr(), Environment: "staging", Scrubber: scrubber})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer bus.Close()
	keys := apikey.NewMemory() // apikey.NewFile keeps them in a file
	_, key, err := apikey.Create(ctx, keys, apikey.Spec{Scopes: []httpapi.Scope{httpapi.ScopePublish}}, time.Now())
	if err != nil {
		fmt.Println(err)
		return
	}

	config := busapi.Config(bus)
	config.Auth = apikey.NewAuthenticator(keys, nil, nil)
	config.Audit = httpapi.NoAudit // an *audit.Log keeps a trail
	handler, err := httpapi.New(config)
	if err != nil {
		fmt.Println(err)
		return
	}
	// Mount the handler on your http.Server, and have handler.Run work beside it
	// for the live stream. Here, one request:
	request := httptest.NewRequest(http.MethodPost, "/api/events/publish",
		strings.NewReader(`{"type":"user.created","source":"pms/identity","data":{"email":"ann@example.com"}}`))
	request.Header.Set("Authorization", "Bearer "+key)
	request.Header.Set("Content-Type", "application/json")
	answer := httptest.NewRecorder()
	handler.ServeHTTP(answer, request)
	fmt.Println(answer.Code)
	// Output: 202
}
