// Package oidc authenticates services by JWTs of an OpenID Connect issuer, such
// as those of the client credentials grant (RFC 6749, 4.4).
//
// Tokens are checked by github.com/coreos/go-oidc: signature by the issuer's
// published keys, issuer, audience and expiry.
package oidc

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"

	"github.com/carebus/carebus/eventbus/httpapi"
)

// Config says whose tokens are good.
type Config struct {
	// Issuer is the issuer's URL; its discovery document is read by New. Required.
	Issuer string
	// Audience must be in the claim aud. Required.
	Audience string
	// ScopePrefix begins the scopes in the claim scope that concern carebus:
	// "carebus:publish carebus:read". Default "carebus:".
	ScopePrefix string
	// Environment limits the principals to one. Default: none.
	Environment string
	// Client fetches the issuer's documents. Default [http.DefaultClient].
	Client *http.Client
	// Now is the clock. Default [time.Now].
	Now func() time.Time
}

// New returns an authenticator, after reading the issuer's discovery document.
// The principal is named "oidc/" and the claim client_id, or azp, or sub, which
// must be an opaque name.
func New(ctx context.Context, config Config) (httpapi.Authenticator, error) {
	if config.Issuer == "" || config.Audience == "" {
		return nil, errors.New("oidc: Config.Issuer and Config.Audience are required")
	}
	if config.ScopePrefix == "" {
		config.ScopePrefix = "carebus:"
	}
	issuer := newClient(config.Client)
	ctx = oidc.ClientContext(ctx, &issuer.Client)
	provider, err := oidc.NewProvider(ctx, config.Issuer)
	if err != nil {
		return nil, fmt.Errorf("oidc: read the issuer's discovery document: %w", err)
	}
	verifier := provider.VerifierContext(ctx, &oidc.Config{ClientID: config.Audience, Now: config.Now})
	return httpapi.AuthFunc(func(r *http.Request) (httpapi.Principal, error) {
		text, err := httpapi.BearerToken(r)
		if err != nil {
			return httpapi.Principal{}, err
		}
		if strings.Count(text, ".") != 2 {
			return httpapi.Principal{}, httpapi.ErrNoCredentials // no JWT: another's
		}
		began := time.Now()
		token, err := verifier.Verify(r.Context(), text)
		if err != nil {
			return httpapi.Principal{}, refusal(err, issuer.failedSince(began.Add(-sharedFor)))
		}
		return config.principal(token)
	}), nil
}

// A client asks the issuer, and notes when this failed: the verifier, which asks for
// keys that it doesn't know yet, tells no outage from a bad signature.
type client struct {
	http.Client
	failed atomic.Int64 // in nanoseconds since 1970; 0: never
}

// sharedFor is how long ago a request may have failed that a caller still shares: the
// verifier makes one for all who need keys, and some join it when it has its answer.
const sharedFor = 100 * time.Millisecond

// failedSince reports whether a request has failed since a time.
func (c *client) failedSince(t time.Time) bool { return c.failed.Load() >= t.UnixNano() }

func newClient(of *http.Client) *client {
	c := &client{}
	if of != nil {
		c.Client = *of
	}
	c.Transport = &transport{cmp.Or[http.RoundTripper](c.Transport, http.DefaultTransport), &c.failed}
	return c
}

// A transport notes when a request was last not answered well.
type transport struct {
	base   http.RoundTripper
	failed *atomic.Int64
}

func (t *transport) RoundTrip(r *http.Request) (*http.Response, error) {
	answer, err := t.base.RoundTrip(r)
	if err != nil || answer.StatusCode != http.StatusOK {
		t.failed.Store(time.Now().UnixNano())
	}
	return answer, err
}

// errAway says that a token can't be judged now.
var errAway = errors.New("oidc: the issuer's keys can't be read")

// refusal turns the verifier's error, which may quote claims, into a reason. Away
// says that the issuer was asked of late and gave no good answer.
func refusal(err error, away bool) error {
	var expired *oidc.TokenExpiredError
	switch {
	case errors.As(err, &expired):
		return &httpapi.AuthError{Reason: "expired"}
	case away:
		return errAway
	}
	return &httpapi.AuthError{Reason: "unknown"}
}

func (c *Config) principal(token *oidc.IDToken) (httpapi.Principal, error) {
	var claims struct {
		ClientID string `json:"client_id"`
		AZP      string `json:"azp"`
		Scope    string `json:"scope"`
	}
	if token.Claims(&claims) != nil {
		return httpapi.Principal{}, &httpapi.AuthError{Reason: "malformed"}
	}
	name := token.Subject
	if claims.AZP != "" {
		name = claims.AZP
	}
	if claims.ClientID != "" {
		name = claims.ClientID
	}
	const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._:/-"
	if name == "" || len(name) > 100 || strings.Trim(name, letters) != "" { // an address of a person is no opaque name
		return httpapi.Principal{}, &httpapi.AuthError{Reason: "malformed"}
	}
	p := httpapi.Principal{Name: "oidc/" + name, Environment: c.Environment}
	for word := range strings.FieldsSeq(claims.Scope) {
		if s, ok := strings.CutPrefix(word, c.ScopePrefix); ok && httpapi.Scope(s).Valid() {
			p.Scopes = append(p.Scopes, httpapi.Scope(s))
		}
	}
	return p, nil
}
