package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/carebus/carebus/eventbus"
	"github.com/carebus/carebus/phi"
	"github.com/carebus/carebus/phi/audit"
	"github.com/carebus/carebus/schema"
)

// A shell calls busctl with an environment of its own.
type shell struct {
	env   map[string]string
	stdin string
}

func (s *shell) call(t *testing.T, args ...string) (stdout, stderr string, err error) {
	t.Helper()
	var out, errs bytes.Buffer
	err = run(t.Context(), args, func(name string) string { return s.env[name] }, strings.NewReader(s.stdin), &out, &errs)
	if strings.Contains(out.String()+errs.String(), "\x1b[") {
		t.Errorf("%v: colours without a terminal", args)
	}
	return out.String(), errs.String(), err
}

// ok is call for what must succeed.
func (s *shell) ok(t *testing.T, args ...string) string {
	t.Helper()
	stdout, stderr, err := s.call(t, args...)
	if err != nil {
		t.Fatalf("%v: %v\n%s%s", args, err, stdout, stderr)
	}
	return stdout
}

// into is ok with -json, decoded.
func (s *shell) into(t *testing.T, v any, args ...string) {
	t.Helper()
	if stdout := s.ok(t, append(args, "-json")...); json.Unmarshal([]byte(stdout), v) != nil {
		t.Fatalf("%v: no JSON: %s", args, stdout)
	}
}

func newShell(t *testing.T, url string) *shell {
	t.Helper()
	return &shell{env: map[string]string{"REDIS_URL": url, "CAREBUS_AUDIT_DIR": filepath.Join(t.TempDir(), "audit"), "S3_BUCKET": ""}}
}

// openBus opens the bus that the shell's commands see.
func openBus(t *testing.T, url string) *eventbus.Bus {
	t.Helper()
	scrubber, err := phi.New(phi.Config{Key: audit.NewKey()})
	if err != nil {
		t.Fatal(err)
	}
	bus, err := eventbus.Open(t.Context(), eventbus.Config{URL: url, Environment: "development", Scrubber: scrubber})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { bus.Close() }) //nolint:errcheck // the test is over
	return bus
}

func publish(t *testing.T, bus *eventbus.Bus, types ...string) {
	t.Helper()
	registry := schema.Catalogue()
	for i, name := range types {
		e, err := registry.DecodeInput(fmt.Appendf(nil, `{"type":%q,"source":"pms/test","subject":"case/%d","data":{"name":"Ann Lee","outcome":"success"}}`, name, i))
		if err != nil {
			t.Fatal(err)
		}
		if err := bus.Publish(t.Context(), e); err != nil {
			t.Fatal(err)
		}
	}
}
