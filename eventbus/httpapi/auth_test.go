package httpapi_test

import (
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/carebus/carebus/eventbus/httpapi"
	"github.com/carebus/carebus/phi/audit"
)

func TestFirstOf(t *testing.T) {
	none := httpapi.AuthFunc(func(*http.Request) (httpapi.Principal, error) { return httpapi.Principal{}, httpapi.ErrNoCredentials })
	bad := httpapi.AuthFunc(func(*http.Request) (httpapi.Principal, error) {
		return httpapi.Principal{}, &httpapi.AuthError{Reason: "expired"}
	})
	good := httpapi.AuthFunc(func(*http.Request) (httpapi.Principal, error) { return httpapi.Principal{Name: "x"}, nil })
	r := httptest.NewRequest("GET", "/", nil)
	if p, err := httpapi.FirstOf(none, good, bad).Authenticate(r); err != nil || p.Name != "x" {
		t.Errorf("%+v, %v", p, err)
	}
	var refused *httpapi.AuthError
	if _, err := httpapi.FirstOf(none, bad, good).Authenticate(r); !errors.As(err, &refused) {
		t.Errorf("a refusal was passed over: %v", err)
	}
	if _, err := httpapi.FirstOf(none, none).Authenticate(r); !errors.Is(err, httpapi.ErrNoCredentials) {
		t.Errorf("%v", err)
	}
}

func TestClientCertificates(t *testing.T) {
	auth := httpapi.ClientCertificates(func(c *x509.Certificate) (httpapi.Principal, bool) {
		return httpapi.Principal{Name: "service/" + c.Subject.CommonName}, c.Subject.CommonName == "intake"
	})
	certificate := func(name string) []*x509.Certificate {
		return []*x509.Certificate{{Subject: pkix.Name{CommonName: name}}}
	}
	r := httptest.NewRequest("GET", "/", nil)
	if _, err := auth.Authenticate(r); !errors.Is(err, httpapi.ErrNoCredentials) {
		t.Errorf("without TLS: %v", err)
	}
	r.TLS = &tls.ConnectionState{PeerCertificates: certificate("intake")} // sent, but not verified
	if _, err := auth.Authenticate(r); !errors.Is(err, httpapi.ErrNoCredentials) {
		t.Errorf("not verified: %v", err)
	}
	r.TLS.VerifiedChains = [][]*x509.Certificate{certificate("intake")}
	if p, err := auth.Authenticate(r); err != nil || p.Name != "service/intake" {
		t.Errorf("%+v, %v", p, err)
	}
	r.TLS.VerifiedChains = [][]*x509.Certificate{certificate("stranger")}
	var refused *httpapi.AuthError
	if _, err := auth.Authenticate(r); !errors.As(err, &refused) {
		t.Errorf("%v", err)
	}
}

func TestScopesAreEnough(t *testing.T) {
	a := newAPI(t)
	for path, methods := range a.Routes() {
		for method, scope := range methods {
			if scope == "" || path == "/api/events/stream" {
				continue
			}
			path := strings.Replace(path, "{name}", "user.created", 1)
			for token, p := range principals {
				if token == "slow" || p.Environment != "" {
					continue
				}
				body := ""
				if path == "/api/events/publish" {
					body = goodBody
				}
				w := a.send(t, method, path, body, as(token))
				if allowed := slices.Contains(p.Scopes, scope); allowed != (w.Code < 300) || !allowed && w.Code != http.StatusForbidden {
					t.Errorf("%s %s with the scopes %v: %d", method, path, p.Scopes, w.Code)
				}
			}
		}
	}
}

func TestRefusalsAreAudited(t *testing.T) {
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	a := newAPI(t, func(c *httpapi.Config) { c.Now = func() time.Time { return now } })
	for range 50 {
		a.send(t, "GET", "/api/events/types", "", as("wrong"))
	}
	records := a.audit.of(audit.KeyRefused)
	if len(records) != 10 || records[0].Outcome != audit.Denied || records[0].Reason != "unknown" {
		t.Errorf("%d records for 50 refusals in a second", len(records))
	}
	now = now.Add(time.Second)
	a.send(t, "GET", "/api/events/types", "", as("wrong"))
	if records = a.audit.of(audit.KeyRefused); len(records) != 11 || records[10].Counts["omitted_before"] != 40 {
		t.Errorf("what was omitted isn't told: %+v", records[len(records)-1])
	}
	a.send(t, "POST", "/api/events/etl/stop", "", as("read"))
	if r := a.audit.of(audit.ETLStop); len(r) != 1 || r[0].Outcome != audit.Denied || r[0].Reason != "missing_scope" || r[0].Actor != "key/read" {
		t.Errorf("%+v", r)
	}
}
