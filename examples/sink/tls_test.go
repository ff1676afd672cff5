package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// An authority signs certificates for a test.
type authority struct {
	certificate *x509.Certificate
	key         *ecdsa.PrivateKey
}

func newAuthority(t *testing.T) *authority {
	t.Helper()
	a := &authority{key: newKey(t)}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test"}, NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	a.certificate = a.sign(t, template, template, &a.key.PublicKey)
	return a
}

func newKey(t *testing.T) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func (a *authority) sign(t *testing.T, template, parent *x509.Certificate, key *ecdsa.PublicKey) *x509.Certificate {
	t.Helper()
	der, err := x509.CreateCertificate(rand.Reader, template, parent, key, a.key)
	if err != nil {
		t.Fatal(err)
	}
	c, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// issue returns a certificate for a DNS name with its key.
func (a *authority) issue(t *testing.T, name string, usage x509.ExtKeyUsage) tls.Certificate {
	t.Helper()
	key := newKey(t)
	c := a.sign(t, &x509.Certificate{
		SerialNumber: big.NewInt(2), DNSNames: []string{name}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotAfter: time.Now().Add(time.Hour), ExtKeyUsage: []x509.ExtKeyUsage{usage},
	}, a.certificate, &key.PublicKey)
	return tls.Certificate{Certificate: [][]byte{c.Raw}, PrivateKey: key, Leaf: c}
}

func writePEM(t *testing.T, kind string, der []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "x.pem")
	if err := os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestMutualTLS: a service with a certificate of the authority publishes and
// reads without a key; one of another authority gets no connection; one without
// a certificate needs a key.
func TestMutualTLS(t *testing.T) {
	ours, others := newAuthority(t), newAuthority(t)
	server := ours.issue(t, "sink.example", x509.ExtKeyUsageServerAuth)
	der, err := x509.MarshalPKCS8PrivateKey(server.PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	r := start(t, noEnv, "-tls-cert", writePEM(t, "CERTIFICATE", server.Certificate[0]), "-tls-key", writePEM(t, "PRIVATE KEY", der),
		"-client-ca", writePEM(t, "CERTIFICATE", ours.certificate.Raw))
	r.url = strings.Replace(r.url, "http://", "https://", 1)
	roots := x509.NewCertPool()
	roots.AddCert(ours.certificate)
	client := func(certificates ...tls.Certificate) *http.Client {
		transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots, Certificates: certificates}, ForceAttemptHTTP2: true}
		t.Cleanup(transport.CloseIdleConnections)
		return &http.Client{Transport: transport}
	}
	key := r.key

	r.client, r.key = client(ours.issue(t, "intake.example", x509.ExtKeyUsageClientAuth)), ""
	if status, body := r.call(t, http.MethodPost, "/api/events/publish", patient); status != http.StatusAccepted {
		t.Errorf("a service's certificate: %d %s", status, body)
	}
	if status, _ := r.call(t, http.MethodPost, "/api/events/etl/stop", ""); status != http.StatusForbidden {
		t.Errorf("a service may operate: %d", status)
	}
	r.client = client()
	if status, _ := r.call(t, http.MethodGet, "/api/events/types", ""); status != http.StatusUnauthorized {
		t.Errorf("without a certificate or key: %d", status)
	}
	r.key = key
	if status, _ := r.call(t, http.MethodGet, "/api/events/types", ""); status != http.StatusOK {
		t.Errorf("a key over TLS: %d", status)
	}
	stranger := client(others.issue(t, "intake.example", x509.ExtKeyUsageClientAuth))
	if answer, err := stranger.Get(r.url + "/healthz"); err == nil {
		answer.Body.Close() //nolint:errcheck // it must not be there
		t.Error("another authority's certificate was taken")
	}
	answer, err := client().Get(r.url + "/healthz")
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close() //nolint:errcheck // its head was wanted
	if answer.ProtoMajor != 2 || answer.Header.Get("Strict-Transport-Security") == "" {
		t.Errorf("%s %v", answer.Proto, answer.Header)
	}
	r.stop(t)
	if report := verify(t, r.dir); report.Actions["publish"] != 1 {
		t.Errorf("%+v", report)
	}
}
