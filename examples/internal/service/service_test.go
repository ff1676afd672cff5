package service_test

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/note"

	"github.com/carebus/carebus/etl"
	"github.com/carebus/carebus/eventbus/httpapi/apikey"
	"github.com/carebus/carebus/eventbus/httpapi/apikey/storetest"
	"github.com/carebus/carebus/examples/internal/service"
	"github.com/carebus/carebus/internal/redistest"
	"github.com/carebus/carebus/phi/audit"
)

func noEnv(string) string { return "" }

func TestRedisKeys(t *testing.T) {
	redistest.Each(t, func(t *testing.T, url string) {
		storetest.Run(t, func(t *testing.T) apikey.Store {
			return service.NewRedisKeys(redistest.Client(t, url), "test")
		})
	})
}

func TestClient(t *testing.T) {
	for url, ok := range map[string]bool{
		"redis://127.0.0.1:6379/1": true, "rediss://user:secret@127.0.0.1": true, "redis+cluster://127.0.0.1:6379?addr=127.0.0.1:6380": true,
		"redis+sentinel://127.0.0.1:26379?master_name=main": true, "redis+sentinel://127.0.0.1:26379": false,
		"": false, "secret": false, "http://127.0.0.1": false, "redis+moon://127.0.0.1": false, "redis://secret:x@[": false,
	} {
		c, err := service.Client(url)
		if (err == nil) != ok {
			t.Errorf("%s: %v", url, err)
		}
		if err != nil && strings.Contains(err.Error(), "secret") {
			t.Errorf("the error repeats the URL: %v", err)
		}
		if c != nil {
			c.Close() //nolint:errcheck // it was never used
		}
	}
}

// trail makes an audit trail with n records and returns its folder and writer.
func trail(t *testing.T, n int) (string, *audit.Log) {
	t.Helper()
	dir := t.TempDir()
	if err := service.CreateDevelopmentAudit(dir); err != nil {
		t.Fatal(err)
	}
	return dir, fill(t, dir, n)
}

// fill adds n records to the audit trail in a folder.
func fill(t *testing.T, dir string, n int) *audit.Log {
	t.Helper()
	signer, err := service.AuditSigner(dir, noEnv)
	if err != nil {
		t.Fatal(err)
	}
	l, err := audit.Open(audit.Config{Dir: dir, Signer: signer})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() }) //nolint:errcheck // the test is over
	for range n {
		if err := l.Append(audit.Record{Action: audit.Publish, Outcome: audit.OK}); err != nil {
			t.Fatal(err)
		}
	}
	if err := l.Checkpoint(); err != nil {
		t.Fatal(err)
	}
	return l
}

func TestAuditKeys(t *testing.T) {
	dir, l := trail(t, 3)
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	verifier, err := service.AuditVerifier(dir, noEnv)
	if err != nil {
		t.Fatal(err)
	}
	key, err := service.AuditorKey(dir, noEnv)
	if err != nil || len(key) != 32 {
		t.Fatalf("%d bytes, %v", len(key), err)
	}
	r, err := audit.Verify(t.Context(), os.DirFS(dir), audit.VerifyConfig{Origin: verifier.Name(), Verifiers: note.VerifierList(verifier), Key: key})
	if err != nil || r.Records != 5 {
		t.Errorf("%+v, %v", r, err)
	}
	for _, name := range []string{"CAREBUS_AUDIT_SIGNING_KEY", "CAREBUS_AUDIT_KEY", "CAREBUS_AUDIT_VERIFIER"} {
		env := func(n string) string {
			if n == name {
				return "%secret%"
			}
			return ""
		}
		_, err1 := service.AuditSigner(dir, env)
		_, err2 := service.AuditorKey(dir, env)
		_, err3 := service.AuditVerifier(dir, env)
		all := fmt.Sprint(err1, err2, err3)
		if strings.Count(all, "<nil>") != 2 || strings.Contains(all, "%secret%") {
			t.Errorf("%s: %s", name, all)
		}
	}
	empty := t.TempDir()
	if _, err := service.AuditSigner(empty, noEnv); err == nil || !strings.Contains(err.Error(), "`busctl audit init -audit "+empty+" -origin NAME`") {
		t.Errorf("the error doesn't say what to do: %v", err)
	}
}

func TestLakeReplica(t *testing.T) {
	dir, l := trail(t, 10)
	sink := etl.Memory()
	r, err := audit.NewReplicator(dir, "lake", service.LakeReplica{Sink: sink}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 { // again, as after a crash
		if err := r.Pass(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	const base = "audit/carebus.example/development/"
	records, err := sink.Get(t.Context(), base+"records/00000000000000000000-00000000000000000011.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	if n := bytes.Count(records, []byte("\n")); n != int(l.Size()) {
		t.Errorf("%d records", n)
	}
	if _, err := sink.Get(t.Context(), base+"checkpoints/00000000000000000011"); err != nil {
		t.Error(err)
	}
}

// A trail of any origin that it can have is copied, each into a folder of its own.
func TestLakeReplicaOfAnyOrigin(t *testing.T) {
	sink := etl.Memory()
	for origin, folder := range map[string]string{
		"example.com/carebus/production": "example.com/carebus/production", "carebus@example.com:8443": "carebus-example.com-8443",
		"example.com/": "example.com/-", "a//b": "a/-/b", "a/.b": "a/-.b", "a/_b": "a/-_b", "a/-": "a/-",
	} {
		if _, _, err := audit.GenerateSigningKey(origin); err != nil {
			t.Fatal(err)
		}
		err := service.LakeReplica{Sink: sink}.Store(t.Context(), audit.Batch{Origin: origin, Size: 1, Records: []byte(origin + "\n"), Checkpoint: []byte("signed")})
		if err != nil {
			t.Errorf("%s: %v", origin, err)
		}
		if _, err := sink.Get(t.Context(), "audit/"+folder+"/checkpoints/00000000000000000001"); err != nil {
			t.Errorf("%s: %v", origin, err)
		}
	}
}

// Two sinks have a trail each. Neither may take the other's copy for its own.
func TestTwoTrails(t *testing.T) {
	mini := redistest.Client(t, redistest.Mini(t))
	for name, replica := range map[string]audit.Replica{
		"lake": service.LakeReplica{Sink: etl.Memory()}, "redis": service.RedisReplica{Client: mini, Prefix: "carebus:{test}:audit"},
	} {
		pass := func(dir string) error {
			r, err := audit.NewReplicator(dir, "copy", replica, nil)
			if err != nil {
				t.Fatal(err)
			}
			return r.Pass(t.Context())
		}
		first, _ := trail(t, 3)
		same, _ := trail(t, 3)
		other := t.TempDir()
		if _, err := service.CreateAudit(other, "carebus.example/other"); err != nil {
			t.Fatal(err)
		}
		fill(t, other, 3)
		if err := pass(first); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if err := pass(same); err == nil || !strings.Contains(err.Error(), "origin") {
			t.Errorf("%s: a second trail of the same origin: %v", name, err)
		}
		if err := pass(other); err != nil {
			t.Errorf("%s: a trail of another origin: %v", name, err)
		}
	}
}

func TestRedisReplica(t *testing.T) {
	redistest.Each(t, func(t *testing.T, url string) {
		dir, l := trail(t, 10)
		client := redistest.Client(t, url)
		replica := service.RedisReplica{Client: client, Prefix: "carebus:{test}:audit"}
		for range 2 { // a replicator that has forgotten how far it was
			r, err := audit.NewReplicator(dir, "redis", replica, nil)
			if err != nil {
				t.Fatal(err)
			}
			if err := r.Pass(t.Context()); err != nil {
				t.Fatal(err)
			}
			if err := os.Remove(dir + "/replica-redis.json"); err != nil {
				t.Fatal(err)
			}
		}
		entries, err := client.XRange(t.Context(), replica.Prefix+":carebus.example/development", "-", "+").Result()
		if err != nil || len(entries) != int(l.Size()) {
			t.Fatalf("%d entries, %v", len(entries), err)
		}
		for i, e := range entries {
			record, err := audit.ParseRecord([]byte(fmt.Sprint(e.Values["record"])))
			if err != nil || record.Seq != uint64(i) || e.ID != fmt.Sprintf("%d-0", i+1) {
				t.Errorf("%s: %v, %v", e.ID, record, err)
			}
		}
		if entries[len(entries)-1].Values["checkpoint"] == nil {
			t.Error("the last entry has no checkpoint")
		}
	})
}
