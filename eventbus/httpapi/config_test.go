package httpapi_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/carebus/carebus/eventbus/httpapi"
	"github.com/carebus/carebus/schema"
)

func TestConfig(t *testing.T) {
	_, err := httpapi.New(httpapi.Config{})
	if err == nil {
		t.Fatal("the zero Config was accepted")
	}
	for _, field := range []string{"Auth", "Audit", "Environment", "Publisher", "Bus", "Registry"} {
		if !strings.Contains(err.Error(), "Config."+field+" ") {
			t.Errorf("%s isn't asked for: %v", field, err)
		}
	}
}

// A rate of less than one event in two seconds needs no Burst beside it.
func TestConfigSlowRate(t *testing.T) {
	bus := newFakeBus()
	config := httpapi.Config{
		Auth: httpapi.AuthFunc(func(*http.Request) (httpapi.Principal, error) { return httpapi.Principal{}, nil }), Audit: httpapi.NoAudit,
		Environment: "test", Publisher: bus, Bus: bus, Registry: schema.Catalogue(), Rate: 0.25,
	}
	if _, err := httpapi.New(config); err != nil {
		t.Error(err)
	}
	config.Rate = -1
	if _, err := httpapi.New(config); err == nil {
		t.Error("a negative rate is taken")
	}
}
