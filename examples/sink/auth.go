package main

import (
	"context"
	"crypto/x509"
	"strings"

	"github.com/carebus/carebus/eventbus/httpapi"
	"github.com/carebus/carebus/eventbus/httpapi/apikey"
	"github.com/carebus/carebus/eventbus/httpapi/oidc"
)

// authenticator takes API keys and, where configured, client certificates and
// tokens.
func (s *sink) authenticator(ctx context.Context, keys apikey.Store) (httpapi.Authenticator, error) {
	all := []httpapi.Authenticator{apikey.NewAuthenticator(keys, nil, s.logger)}
	if s.oidcIssuer != "" {
		tokens, err := oidc.New(context.WithoutCancel(ctx), oidc.Config{Issuer: s.oidcIssuer, Audience: s.oidcAudience, Environment: s.environment})
		if err != nil {
			return nil, err
		}
		all = append(all, tokens)
	}
	if s.clientCA != "" {
		all = append(all, httpapi.ClientCertificates(s.service))
	}
	return httpapi.FirstOf(all...), nil
}

// service lets the holder of a certificate of the client authority publish and
// read, under the certificate's DNS name.
func (s *sink) service(c *x509.Certificate) (httpapi.Principal, bool) {
	if len(c.DNSNames) == 0 || len(c.DNSNames[0]) > 100 || strings.Contains(c.DNSNames[0], "*") {
		return httpapi.Principal{}, false
	}
	return httpapi.Principal{
		Name: "service/" + c.DNSNames[0], Environment: s.environment, Scopes: []httpapi.Scope{httpapi.ScopePublish, httpapi.ScopeRead},
	}, true
}
