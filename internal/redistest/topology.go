package redistest

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// Replica starts a server that copies the one at an address, and waits until it
// does.
func Replica(t testing.TB, of string, args ...string) *Server {
	t.Helper()
	host, port, _ := net.SplitHostPort(of)
	s := Real(t, append([]string{"--replicaof", host + " " + port}, args...)...)
	c := s.Client(t)
	Wait(t, "a replica", func() bool {
		return strings.Contains(c.Info(t.Context(), "replication").Val(), "master_link_status:up")
	})
	return s
}

// A Cluster is a Redis Cluster of masters with a replica each.
type Cluster struct {
	URL      string // redis+cluster://
	Masters  []*Server
	Replicas []*Server // Replicas[i] copies Masters[i]
}

// NewCluster starts a cluster of n masters and n replicas, which notices the
// death of a master within a second.
func NewCluster(t testing.TB, n int) *Cluster {
	t.Helper()
	node := func() *Server {
		return Real(t, "--cluster-enabled", "yes", "--cluster-node-timeout", "1000", "--cluster-replica-validity-factor", "0",
			"--repl-diskless-sync-delay", "0", "--cluster-config-file", "nodes.conf")
	}
	c := &Cluster{}
	for range n {
		c.Masters = append(c.Masters, node())
		c.Replicas = append(c.Replicas, node())
	}
	ctx := context.Background()
	all := append(append([]*Server(nil), c.Masters...), c.Replicas...)
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	for i, m := range c.Masters {
		must(m.Client(t).Do(ctx, "CLUSTER", "ADDSLOTSRANGE", 16384*i/n, 16384*(i+1)/n-1).Err())
		must(m.Client(t).Do(ctx, "CLUSTER", "SET-CONFIG-EPOCH", i+1).Err())
	}
	host, port, _ := net.SplitHostPort(c.Masters[0].Addr)
	for _, s := range all[1:] {
		must(s.Client(t).ClusterMeet(ctx, host, port).Err())
	}
	Wait(t, "the nodes to know each other", func() bool {
		for _, s := range all {
			if strings.Count(s.Client(t).ClusterNodes(ctx).Val(), "connected") != len(all) {
				return false
			}
		}
		return true
	})
	for i, r := range c.Replicas {
		id := c.Masters[i].Client(t).ClusterMyID(ctx).Val()
		Wait(t, "a replica", func() bool { return r.Client(t).ClusterReplicate(ctx, id).Err() == nil })
	}
	Wait(t, "the cluster", func() bool {
		for i, s := range all {
			if !strings.Contains(s.Client(t).ClusterInfo(ctx).Val(), "cluster_state:ok") {
				return false
			}
			if i >= n && !strings.Contains(s.Client(t).Info(ctx, "replication").Val(), "master_link_status:up") {
				return false
			}
		}
		return true
	})
	c.URL = "redis+cluster://" + c.Masters[0].Addr
	for _, s := range all[1:] {
		sep := "&"
		if !strings.Contains(c.URL, "?") {
			sep = "?"
		}
		c.URL += sep + "addr=" + s.Addr
	}
	return c
}

// Migrate moves a slot with all its keys from one master to another.
func (c *Cluster) Migrate(t testing.TB, slot int, from, to *Server) {
	t.Helper()
	ctx := context.Background()
	source, target := from.Client(t), to.Client(t)
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	sourceID, targetID := source.ClusterMyID(ctx).Val(), target.ClusterMyID(ctx).Val()
	must(target.Do(ctx, "CLUSTER", "SETSLOT", slot, "IMPORTING", sourceID).Err())
	must(source.Do(ctx, "CLUSTER", "SETSLOT", slot, "MIGRATING", targetID).Err())
	host, port, _ := net.SplitHostPort(to.Addr)
	for {
		keys := source.ClusterGetKeysInSlot(ctx, slot, 100).Val()
		if len(keys) == 0 {
			break
		}
		args := []any{"MIGRATE", host, port, "", 0, 10000, "KEYS"}
		for _, k := range keys {
			args = append(args, k)
		}
		must(source.Do(ctx, args...).Err())
	}
	must(target.Do(ctx, "CLUSTER", "SETSLOT", slot, "NODE", targetID).Err())
	must(source.Do(ctx, "CLUSTER", "SETSLOT", slot, "NODE", targetID).Err())
}

// Sentinel starts a Redis Sentinel that watches a server under the name main,
// and takes it for dead after half a second. It returns its address.
func Sentinel(t testing.TB, primary *Server) string {
	t.Helper()
	host, port, _ := net.SplitHostPort(primary.Addr)
	config := filepath.Join(t.TempDir(), "sentinel.conf")
	text := fmt.Sprintf("sentinel monitor main %s %s 1\nsentinel down-after-milliseconds main 500\nsentinel failover-timeout main 3000\n", host, port)
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	s := launch(t, nil, func(port, dir string) []string {
		return []string{config, "--sentinel", "--bind", "127.0.0.1", "--port", port, "--dir", dir, "--daemonize", "no"}
	})
	c := s.Client(t)
	Wait(t, "the sentinel to know the replica", func() bool {
		return strings.Contains(fmt.Sprint(c.Do(context.Background(), "SENTINEL", "REPLICAS", "main").Val()), "127.0.0.1")
	})
	return s.Addr
}

// TLS starts a server that speaks TLS only and asks for client certificates. It
// returns what a client needs.
func TLS(t testing.TB) (*Server, *tls.Config) {
	t.Helper()
	dir := t.TempDir()
	ca, caKey := certificate(t, dir, "ca", nil, nil)
	certificate(t, dir, "server", ca, caKey)
	certificate(t, dir, "client", ca, caKey)
	file := func(name string) string { return filepath.Join(dir, name) }
	pair, err := tls.LoadX509KeyPair(file("client.crt"), file("client.key"))
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(ca)
	config := &tls.Config{Certificates: []tls.Certificate{pair}, RootCAs: roots, MinVersion: tls.VersionTLS12}
	s := realServer(t, config, "--tls-cert-file", file("server.crt"), "--tls-key-file", file("server.key"),
		"--tls-ca-cert-file", file("ca.crt"), "--tls-auth-clients", "yes")
	return s, config
}

// certificate makes a certificate and its key, signed by ca or by itself.
func certificate(t testing.TB, dir, name string, ca *x509.Certificate, caKey *ecdsa.PrivateKey) (*x509.Certificate, *ecdsa.PrivateKey) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: name},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, BasicConstraintsValid: true, IsCA: ca == nil,
		KeyUsage:    x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}
	if ca == nil {
		ca, caKey = template, key
	}
	der, err := x509.CreateCertificate(rand.Reader, template, ca, &key.PublicKey, caKey)
	if err != nil {
		t.Fatal(err)
	}
	keyDER, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	for suffix, block := range map[string]*pem.Block{"crt": {Type: "CERTIFICATE", Bytes: der}, "key": {Type: "EC PRIVATE KEY", Bytes: keyDER}} {
		if err := os.WriteFile(filepath.Join(dir, name+"."+suffix), pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	c, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return c, key
}
