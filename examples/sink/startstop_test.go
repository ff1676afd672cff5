package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/carebus/carebus/examples/internal/service"
	"github.com/carebus/carebus/examples/internal/setup"
	"github.com/carebus/carebus/internal/output"
	"github.com/carebus/carebus/internal/redistest"
	"github.com/carebus/carebus/phi/audit"
)

func TestTwoSinksInDevelopment(t *testing.T) {
	t.Chdir(t.TempDir())
	first := start(t, noEnv, "-audit", "")
	second := start(t, noEnv, "-audit", "")
	for _, r := range []*running{first, second} {
		if status, body := r.call(t, http.MethodPost, "/api/events/publish", patient); status != http.StatusAccepted {
			t.Errorf("%d %s", status, body)
		}
	}
	third := &output.Buffer{}
	o, err := parseFlags([]string{"-addr", "127.0.0.1:0", "-lake", t.TempDir(), "-audit", "carebus-audit"}, third)
	if err != nil {
		t.Fatal(err)
	}
	if err := serve(t.Context(), o, noEnv, third); !errors.Is(err, audit.ErrLocked) || !strings.Contains(err.Error(), "-audit") {
		t.Errorf("a trail that was asked for: %v", err)
	}
}

func TestOutsideDevelopment(t *testing.T) {
	key := "CAREBUS_KEY=" + strings.Repeat("QUFB", 11)
	for name, c := range map[string]struct {
		env  []string
		want string
	}{
		"no key of pseudonyms": {[]string{"ENVIRONMENT=production"}, "CAREBUS_KEY"},
		"no Redis":             {[]string{"ENVIRONMENT=production", key}, "REDIS_URL"},
		"no audit trail":       {[]string{"ENVIRONMENT=production", key, "REDIS_URL=" + redistest.Mini(t)}, "busctl audit init"},
	} {
		var stderr bytes.Buffer
		err := run(t.Context(), []string{"-addr", "127.0.0.1:0", "-lake", t.TempDir(), "-audit", t.TempDir()}, env(c.env...), nil, io.Discard, &stderr)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	dir := t.TempDir()
	if _, err := service.CreateAudit(dir, "example.com/production"); err != nil {
		t.Fatal(err)
	}
	// No lake is made that nobody named.
	t.Chdir(t.TempDir())
	err := run(t.Context(), []string{"-addr", "127.0.0.1:0", "-audit", dir}, env("ENVIRONMENT=production", key, "REDIS_URL="+redistest.Mini(t)), nil, io.Discard, io.Discard)
	if _, stat := os.Stat(setup.DefaultLake); err == nil || !strings.Contains(err.Error(), "S3_BUCKET") || !errors.Is(stat, os.ErrNotExist) {
		t.Errorf("no lake: %v; stat %v", err, stat)
	}
	// No key is made outside development.
	r := start(t, env("ENVIRONMENT=production", key, "REDIS_URL="+redistest.Mini(t)), "-audit", dir)
	if r.key != "" {
		t.Error("a key was made")
	}
	if !strings.Contains(r.stderr.String(), "busctl keys create") {
		t.Errorf("nobody says how to make a key: %s", r.stderr)
	}
	if status, _ := r.call(t, http.MethodGet, "/api/events/types", ""); status != http.StatusUnauthorized {
		t.Errorf("status %d", status)
	}
}

// A lake that can't be used and won't mend itself keeps the sink from starting; one
// that is away is waited for.
func TestLakeAtStart(t *testing.T) {
	for _, variable := range [...]string{"AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"} {
		t.Setenv(variable, filepath.Join(t.TempDir(), "none"))
	}
	t.Setenv("AWS_REGION", "us-east-1")
	t.Setenv("AWS_ACCESS_KEY_ID", "id")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "secret")
	store := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		status, code := http.StatusNotFound, "NoSuchBucket"
		if strings.HasPrefix(r.URL.Path, "/denied/") {
			status, code = http.StatusForbidden, "AccessDenied"
		}
		w.WriteHeader(status)
		fmt.Fprintf(w, "<Error><Code>%s</Code><Message>m</Message></Error>", code)
	}))
	defer store.Close()
	t.Setenv("AWS_ENDPOINT_URL_S3", store.URL)
	for _, c := range []struct{ args, want string }{
		{"-lake s3://missing", "no such bucket"}, {"-lake s3://denied/prefix", "access denied"},
	} {
		var stderr bytes.Buffer
		args := append([]string{"-addr", "127.0.0.1:0", "-audit", t.TempDir()}, strings.Fields(c.args)...)
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second) // one that starts
		err := run(ctx, args, noEnv, nil, io.Discard, &stderr)
		cancel()
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(stderr.String(), "api key") {
			t.Errorf("%s: %v; %s", c.args, err, stderr.String())
		}
	}
	t.Setenv("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:1")
	var stderr output.Buffer
	o, err := parseFlags([]string{"-addr", "127.0.0.1:0", "-audit", t.TempDir(), "-lake", "s3://away", "-drain", "1ms"}, &stderr)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	served := false
	o.onListen = func(net.Listener) { served = true; cancel() }
	err = serve(ctx, o, noEnv, &stderr)
	if !served || !strings.Contains(stderr.String(), "is waited for") {
		t.Errorf("%v; %s", err, stderr.String())
	}
}

// A server that fails ends the sink, with what it has in hand in the lake: whoever
// supervises it starts it again.
func TestServerFails(t *testing.T) {
	var stderr output.Buffer
	o, err := parseFlags([]string{"-addr", "127.0.0.1:0", "-audit", t.TempDir(), "-lake", t.TempDir()}, &stderr)
	if err != nil {
		t.Fatal(err)
	}
	o.onListen = func(l net.Listener) { l.Close() } //nolint:errcheck // the test is of that
	done := make(chan error, 1)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	go func() { done <- serve(ctx, o, noEnv, &stderr) }()
	select {
	case err := <-done:
		if !errors.Is(err, net.ErrClosed) {
			t.Errorf("%v", err)
		}
	case <-time.After(30 * time.Second):
		t.Error("it neither serves nor ends")
		cancel()
		<-done
	}
}

func TestFlags(t *testing.T) {
	var stderr bytes.Buffer
	if err := run(t.Context(), []string{"-h"}, noEnv, nil, io.Discard, &stderr); !errors.Is(err, flag.ErrHelp) || !strings.Contains(stderr.String(), "-addr") {
		t.Errorf("%v %s", err, stderr.String())
	}
	for _, args := range [][]string{{"x"}, {"-profile", "none"}, {"-tls-cert", "a"}, {"-client-ca", "a"}, {"-nothing"}, {"-keep", "-1h"}, {"-drain", "0s"}, {"-batch-age", "-1s"}} {
		if err := run(t.Context(), args, noEnv, nil, io.Discard, io.Discard); !errors.Is(err, setup.ErrUsage) {
			t.Errorf("%v: %v", args, err)
		}
	}
}

// What can't be used at the start is named as whoever started the sink knows it.
func TestFilesThatCannotBeUsed(t *testing.T) {
	damaged := t.TempDir()
	if err := service.CreateDevelopmentAudit(damaged); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(damaged, "state.json"), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ audit, keys, want string }{
		{damaged, "", "the audit trail in " + damaged},
		{t.TempDir(), filepath.Join(t.TempDir(), "none", "keys.json"), "CAREBUS_API_KEYS_FILE"},
		{t.TempDir(), t.TempDir(), "CAREBUS_API_KEYS_FILE"},
	} {
		err := run(t.Context(), []string{"-addr", "127.0.0.1:0", "-lake", t.TempDir(), "-audit", c.audit}, env("CAREBUS_API_KEYS_FILE="+c.keys), nil, io.Discard, io.Discard)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v, which doesn't name %s", err, c.want)
		}
	}
}

// Who finds the port taken must not be shown a key, nor left folders of a sink
// that never was.
func TestPortTaken(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	t.Chdir(t.TempDir())
	var stderr output.Buffer
	err = run(t.Context(), []string{"-addr", taken.Addr().String()}, noEnv, nil, nil, &stderr)
	if err == nil || !strings.Contains(err.Error(), "-addr") || stderr.String() != "" {
		t.Errorf("%v\n%s", err, &stderr)
	}
	if left, err := os.ReadDir("."); err != nil || len(left) > 0 {
		t.Errorf("it left %v, %v", left, err)
	}
}

// A signal during the start is no failure either.
func TestStoppedWhileItStarts(t *testing.T) {
	deaf, err := net.Listen("tcp", "127.0.0.1:0") // takes connections and never answers
	if err != nil {
		t.Fatal(err)
	}
	defer deaf.Close()
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		if c, err := deaf.Accept(); err == nil {
			defer c.Close()
			cancel()
			<-t.Context().Done()
		}
	}()
	var stderr output.Buffer
	if err := run(ctx, []string{"-addr", "127.0.0.1:0", "-redis", "redis://" + deaf.Addr().String()}, noEnv, nil, nil, &stderr); err != nil {
		t.Errorf("%v\n%s", err, &stderr)
	}
}

// A client that never ends its request can't keep events from the lake.
func TestDrainBesideASlowRequest(t *testing.T) {
	r := start(t, noEnv, "-drain", "4s")
	if status, body := r.call(t, "POST", "/api/events/publish", patient); status != http.StatusAccepted {
		t.Fatalf("%d %s", status, body)
	}
	slow, err := net.Dial("tcp", strings.TrimPrefix(r.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer slow.Close()
	// Once the server asks for the body the request is under way.
	fmt.Fprintf(slow, "POST /api/events/publish HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\nContent-Length: 9\r\nExpect: 100-continue\r\n\r\n", r.key)
	if _, err := slow.Read(make([]byte, 1)); err != nil {
		t.Fatal(err)
	}
	r.stop(t)
	if all := rows(t, r.lake); strings.Count(all, "\n") != 1 {
		t.Errorf("the lake: %s", all)
	}
}

// Events that end with the embedded Redis are a loss, which must be told as one.
func TestEmbeddedRedisThatCannotBeDrained(t *testing.T) {
	r := start(t, noEnv, "-drain", "2s")
	if status, body := r.call(t, "POST", "/api/events/publish", patient); status != http.StatusAccepted {
		t.Fatalf("%d %s", status, body)
	}
	if err := errors.Join(os.RemoveAll(r.lake), os.WriteFile(r.lake, nil, 0o600)); err != nil {
		t.Fatal(err)
	}
	r.terminated = true
	r.cancel()
	if err := <-r.done; err == nil || !strings.Contains(err.Error(), "the embedded Redis ends") {
		t.Errorf("%v\n%s", err, r.stderr)
	}
}
