package main

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"os"
)

// listen opens the address, with TLS if there is a certificate.
func (o *options) listen() (net.Listener, error) {
	config, err := o.tlsConfig()
	if err != nil {
		return nil, err
	}
	listener, err := net.Listen("tcp", o.addr)
	if err != nil {
		return nil, fmt.Errorf("-addr: %w", err)
	}
	if config != nil {
		return tls.NewListener(listener, config), nil
	}
	return listener, nil
}

// tlsConfig returns nil without a certificate.
func (o *options) tlsConfig() (*tls.Config, error) {
	if o.tlsCert == "" {
		return nil, nil
	}
	certificate, err := tls.LoadX509KeyPair(o.tlsCert, o.tlsKey)
	if err != nil {
		return nil, fmt.Errorf("load the certificate: %w", err)
	}
	config := &tls.Config{MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{certificate}, NextProtos: []string{"h2", "http/1.1"}}
	if o.clientCA != "" {
		pem, err := os.ReadFile(o.clientCA)
		if err != nil {
			return nil, fmt.Errorf("read the client authority: %w", err)
		}
		config.ClientCAs = x509.NewCertPool()
		if !config.ClientCAs.AppendCertsFromPEM(pem) {
			return nil, errors.New("the client authority's file holds no certificate")
		}
		config.ClientAuth = tls.VerifyClientCertIfGiven // others come with keys or tokens
	}
	return config, nil
}
