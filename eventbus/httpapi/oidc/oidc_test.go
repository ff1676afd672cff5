package oidc_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"github.com/carebus/carebus/eventbus/httpapi"
	"github.com/carebus/carebus/eventbus/httpapi/oidc"
	"github.com/carebus/carebus/internal/redistest"
)

// issuer is an OpenID Connect issuer on a loopback port.
type issuer struct {
	*httptest.Server
	key  *ecdsa.PrivateKey
	away atomic.Bool // its keys can't be read
}

func newIssuer(t *testing.T) *issuer {
	t.Helper()
	i := &issuer{key: newKey(t)}
	mux := http.NewServeMux()
	mux.HandleFunc("/.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		writeJSON(t, w, map[string]any{"issuer": i.URL, "jwks_uri": i.URL + "/keys", "id_token_signing_alg_values_supported": []string{"ES256"}})
	})
	mux.HandleFunc("/keys", func(w http.ResponseWriter, _ *http.Request) {
		if i.away.Load() {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		writeJSON(t, w, jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: i.key.Public(), KeyID: "1", Algorithm: "ES256", Use: "sig"}}})
	})
	i.Server = httptest.NewServer(mux)
	t.Cleanup(i.Close)
	return i
}

func newKey(t *testing.T) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func writeJSON(t *testing.T, w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	if err := json.NewEncoder(w).Encode(v); err != nil {
		t.Error(err)
	}
}

func sign(t *testing.T, key *ecdsa.PrivateKey, claims map[string]any) string {
	t.Helper()
	s, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: jose.JSONWebKey{Key: key, KeyID: "1"}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	b, err := json.Marshal(claims)
	if err != nil {
		t.Fatal(err)
	}
	o, err := s.Sign(b)
	if err != nil {
		t.Fatal(err)
	}
	text, err := o.CompactSerialize()
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestTokens(t *testing.T) {
	i := newIssuer(t)
	auth, err := oidc.New(t.Context(), oidc.Config{Issuer: i.URL, Audience: "carebus", Environment: "staging"})
	if err != nil {
		t.Fatal(err)
	}
	claims := func(change func(c map[string]any)) map[string]any {
		c := map[string]any{
			"iss": i.URL, "aud": "carebus", "sub": "service-7", "client_id": "intake", "scope": "openid carebus:publish carebus:read carebus:root",
			"exp": time.Now().Add(time.Hour).Unix(), "iat": time.Now().Unix(),
		}
		if change != nil {
			change(c)
		}
		return c
	}
	for _, c := range []struct {
		name   string
		header string
		reason string // "" with a nil error: good; "none": no credentials
	}{
		{"good", "Bearer " + sign(t, i.key, claims(nil)), ""},
		{"expired", "Bearer " + sign(t, i.key, claims(func(c map[string]any) { c["exp"] = time.Now().Add(-time.Hour).Unix() })), "expired"},
		{"another audience", "Bearer " + sign(t, i.key, claims(func(c map[string]any) { c["aud"] = "other" })), "unknown"},
		{"another issuer", "Bearer " + sign(t, i.key, claims(func(c map[string]any) { c["iss"] = "https://other.example" })), "unknown"},
		{"a stranger's signature", "Bearer " + sign(t, newKey(t), claims(nil)), "unknown"},
		{"a person's address as the name", "Bearer " + sign(t, i.key, claims(func(c map[string]any) { c["client_id"] = "ann@example.com" })), "malformed"},
		{"an API key", "Bearer cbk_abc_def", "none"},
		{"nothing", "", "none"},
		{"another scheme", "Basic YTpi", "none"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := httptest.NewRequest(http.MethodGet, "/", nil)
			if c.header != "" {
				r.Header.Set("Authorization", c.header)
			}
			p, err := auth.Authenticate(r)
			var refused *httpapi.AuthError
			switch c.reason {
			case "":
				want := []httpapi.Scope{httpapi.ScopePublish, httpapi.ScopeRead}
				if err != nil || p.Name != "oidc/intake" || !slices.Equal(p.Scopes, want) || p.Environment != "staging" {
					t.Errorf("%+v, %v", p, err)
				}
			case "none":
				if !errors.Is(err, httpapi.ErrNoCredentials) {
					t.Errorf("got %v", err)
				}
			default:
				if !errors.As(err, &refused) || refused.Reason != c.reason {
					t.Errorf("got %v, want %s", err, c.reason)
				}
			}
		})
	}
}

// While the issuer is away a token is neither good nor bad: a live stream goes on, and
// who publishes tries again.
func TestIssuerAway(t *testing.T) {
	i := newIssuer(t)
	auth, err := oidc.New(t.Context(), oidc.Config{Issuer: i.URL, Audience: "carebus"})
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	token := func(audience string) {
		r.Header.Set("Authorization", "Bearer "+sign(t, i.key, map[string]any{
			"iss": i.URL, "aud": audience, "sub": "service-7", "exp": time.Now().Add(time.Hour).Unix(),
		}))
	}
	var refused *httpapi.AuthError
	token("carebus")
	i.away.Store(true)
	var callers sync.WaitGroup
	for range 8 { // some share a request for keys, also one that is about to end
		callers.Go(func() {
			for range 50 {
				var refused *httpapi.AuthError
				if _, err := auth.Authenticate(r); err == nil || errors.As(err, &refused) || errors.Is(err, httpapi.ErrNoCredentials) {
					t.Errorf("while it is away: %v", err)
				}
			}
		})
	}
	callers.Wait()
	i.away.Store(false)
	redistest.Wait(t, "the issuer to be back", func() bool {
		_, err := auth.Authenticate(r)
		if errors.As(err, &refused) {
			t.Fatalf("when it is back: %v", err)
		}
		return err == nil
	})
	token("other")
	redistest.Wait(t, "the outage to be over for others", func() bool {
		_, err := auth.Authenticate(r)
		return errors.As(err, &refused)
	})
}

func TestConfig(t *testing.T) {
	if _, err := oidc.New(t.Context(), oidc.Config{}); err == nil {
		t.Error("the zero Config was accepted")
	}
	dead := httptest.NewServer(http.NotFoundHandler())
	defer dead.Close()
	if _, err := oidc.New(t.Context(), oidc.Config{Issuer: dead.URL, Audience: "carebus"}); err == nil {
		t.Error("an issuer without a discovery document was accepted")
	}
}
