package httpapi

import (
	"crypto/x509"
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/carebus/carebus/schema"
)

// A Scope is something that a principal may do.
type Scope string

// The scopes.
const (
	ScopePublish Scope = "publish" // publish events
	ScopeRead    Scope = "read"    // read types, status and the live stream
	ScopeOperate Scope = "operate" // start and stop the pipeline
)

// Scopes are all scopes.
var Scopes = []Scope{ScopePublish, ScopeRead, ScopeOperate}

// Valid reports whether s is one of the scopes.
func (s Scope) Valid() bool { return slices.Contains(Scopes, s) }

// A Principal is who makes a request.
type Principal struct {
	// Name names it in the audit trail, opaquely, such as "key/k2v9mqtb7xwa":
	// letters, digits and "._:/@-", 128 at most. Limits are kept by it. Required.
	Name string
	// Scopes is what it may do. Default: nothing.
	Scopes []Scope
	// Environment is the one it belongs to. Default: every one.
	Environment string
	// Types are the event types that it may publish; "user.*" stands for all
	// that begin so. Default: all.
	Types []string
	// Rate and Burst are its limits; 0: those of Config.
	Rate  float64
	Burst int
}

// May reports whether p has a scope.
func (p *Principal) May(s Scope) bool { return slices.Contains(p.Scopes, s) }

// MayPublish reports whether p may publish events of a type.
func (p *Principal) MayPublish(name string) bool {
	return len(p.Types) == 0 || matchesType(p.Types, name)
}

// ValidTypePattern reports whether s is the name of an event type, or the
// beginning of one followed by ".*".
func ValidTypePattern(s string) bool {
	start, ok := strings.CutSuffix(s, ".*")
	return schema.ValidType(s) || ok && schema.ValidType(start+".x")
}

// matchesType reports whether one of the patterns is the name, or its beginning
// followed by ".*".
func matchesType(patterns []string, name string) bool {
	for _, p := range patterns {
		if start, ok := strings.CutSuffix(p, "*"); p == name || ok && strings.HasPrefix(name, start) {
			return true
		}
	}
	return false
}

// An Authenticator tells who makes a request.
type Authenticator interface {
	// Authenticate returns the principal. ErrNoCredentials says that the request
	// holds none of the kind that the authenticator knows; a [*AuthError] that
	// it holds such, and they are not good; any other error that it can't be
	// told now. No error holds a credential. It is called concurrently, and
	// again from time to time while a live stream is open, so that a
	// withdrawal takes effect.
	Authenticate(r *http.Request) (Principal, error)
}

// AuthFunc makes an [Authenticator] of a function.
type AuthFunc func(r *http.Request) (Principal, error)

// Authenticate calls f.
func (f AuthFunc) Authenticate(r *http.Request) (Principal, error) { return f(r) }

// ErrNoCredentials says that a request holds no credentials.
var ErrNoCredentials = errors.New("httpapi: the request holds no credentials")

// An AuthError says why credentials are refused.
type AuthError struct {
	// Reason is one word for the audit trail: "malformed", "unknown",
	// "expired", "revoked".
	Reason string
	// Principal names whose credentials they are, if that was proven. Optional.
	Principal string
}

func (e *AuthError) Error() string { return "httpapi: the credentials are refused: " + e.Reason }

// isRefusal reports whether an Authenticator's error means no, rather than not now.
func isRefusal(err error) bool {
	var refused *AuthError
	return errors.Is(err, ErrNoCredentials) || errors.As(err, &refused)
}

// FirstOf asks authenticators in turn until one knows the credentials.
func FirstOf(auths ...Authenticator) Authenticator {
	return AuthFunc(func(r *http.Request) (Principal, error) {
		for _, a := range auths {
			p, err := a.Authenticate(r)
			if !errors.Is(err, ErrNoCredentials) {
				return p, err
			}
		}
		return Principal{}, ErrNoCredentials
	})
}

// ClientCertificates authenticates services by mutual TLS. The server must
// verify certificates: set ClientCAs, and ClientAuth to
// tls.VerifyClientCertIfGiven or tls.RequireAndVerifyClientCert. Lookup tells
// whom a verified certificate belongs to; ok is false for nobody.
func ClientCertificates(lookup func(*x509.Certificate) (p Principal, ok bool)) Authenticator {
	return AuthFunc(func(r *http.Request) (Principal, error) {
		if r.TLS == nil || len(r.TLS.VerifiedChains) == 0 || len(r.TLS.VerifiedChains[0]) == 0 {
			return Principal{}, ErrNoCredentials
		}
		p, ok := lookup(r.TLS.VerifiedChains[0][0])
		if !ok {
			return Principal{}, &AuthError{Reason: "unknown"}
		}
		return p, nil
	})
}

// BearerToken returns the token of an Authorization header of the scheme
// Bearer (RFC 6750), or ErrNoCredentials.
func BearerToken(r *http.Request) (string, error) {
	values := r.Header.Values("Authorization")
	if len(values) == 0 {
		return "", ErrNoCredentials
	}
	scheme, token, _ := strings.Cut(values[0], " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return "", ErrNoCredentials
	}
	if len(values) > 1 {
		return "", &AuthError{Reason: "malformed"}
	}
	return strings.TrimSpace(token), nil
}
