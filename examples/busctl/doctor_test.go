package main

import (
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/carebus/carebus/examples/internal/setup"
	"github.com/carebus/carebus/internal/redistest"
	"github.com/carebus/carebus/internal/s3test"
)

// diagnose calls doctor and returns its findings by name.
func (s *shell) diagnose(t *testing.T, args ...string) (map[string]finding, error) {
	t.Helper()
	stdout, stderr, err := s.call(t, append([]string{"doctor", "-json"}, args...)...)
	var report struct {
		OK       bool
		Findings []finding
	}
	if jerr := json.Unmarshal([]byte(stdout), &report); jerr != nil || report.OK == errors.Is(err, errNotWell) {
		t.Fatalf("%v, %v\n%s%s", err, jerr, stdout, stderr)
	}
	all := map[string]finding{}
	for _, f := range report.Findings {
		if f.Verdict != fine && f.Advice == "" {
			t.Errorf("%s is %s and nobody says what to do", f.Name, f.Verdict)
		}
		all[f.Name] = f
	}
	return all, err
}

// TestDoctorMakesNoLake: looking must not leave a directory behind that nobody
// named.
func TestDoctorMakesNoLake(t *testing.T) {
	s := newShell(t, redistest.Real(t).URL)
	t.Chdir(t.TempDir())
	if found, _ := s.diagnose(t); found["lake"].Verdict != warn {
		t.Errorf("%+v", found["lake"])
	}
	if _, err := os.Stat(setup.DefaultLake); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("Stat = %v, want no lake", err)
	}
}

// A development sink's Redis is within its process: that it can't be seen is no fault.
func TestDoctorOfDevelopment(t *testing.T) {
	s := newShell(t, "")
	t.Chdir(t.TempDir())
	found, _ := s.diagnose(t)
	if f := found["Redis"]; f.Verdict != warn || !strings.Contains(f.Found, "embedded") {
		t.Errorf("%+v", f)
	}
	for name, f := range found {
		if f.Verdict == fail {
			t.Errorf("%s: %+v", name, f)
		}
	}
	s.env["ENVIRONMENT"] = "production"
	if found, _ := s.diagnose(t); found["Redis"].Verdict != fail {
		t.Errorf("%+v", found["Redis"])
	}
}

func TestDoctor(t *testing.T) {
	s := newShell(t, redistest.Real(t, "--maxmemory", "200mb").URL)
	s.ok(t, "keys", "create")
	found, err := s.diagnose(t, "-lake", t.TempDir())
	if err != nil {
		t.Errorf("a healthy system: %v\n%+v", err, found)
	}
	for _, name := range []string{"Redis", "Redis version", "Redis eviction", "Redis persistence", "Redis memory", "Redis TLS", "clock skew", "lake", "lake read", "API keys", "schema drift", "dead letters"} {
		if found[name].Verdict != fine {
			t.Errorf("%s: %+v", name, found[name])
		}
	}
}

// A sink that writes elsewhere takes events away from this lake.
func TestDoctorOfAnotherLake(t *testing.T) {
	server := redistest.Real(t)
	s, lake := newShell(t, server.URL), t.TempDir()
	if err := server.Client(t).HSet(t.Context(), "carebus:{development.0}:lake", "plan", 7, "last", "1-0").Err(); err != nil {
		t.Fatal(err)
	}
	if found, err := s.diagnose(t, "-lake", lake); !errors.Is(err, errNotWell) || found["lake of the bus"].Verdict != fail {
		t.Errorf("%v, %+v", err, found["lake of the bus"])
	}
	plan := filepath.Join(lake, "plans/development/0/00000000000000000007.json")
	if err := os.MkdirAll(filepath.Dir(plan), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(plan, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if found, _ := s.diagnose(t, "-lake", lake); found["lake of the bus"].Verdict != fine {
		t.Errorf("%+v", found["lake of the bus"])
	}
	if found, _ := s.diagnose(t, "-lake", filepath.Join(lake, "typo")); found["lake"].Verdict != fail {
		t.Errorf("%+v", found["lake"])
	}
	if _, err := os.Stat(filepath.Join(lake, "typo")); err == nil {
		t.Error("looking made a lake")
	}
}

// A Redis that may lose events, and events that consumers can't decode.
func TestDoctorOfRedis(t *testing.T) {
	server := redistest.Real(t)
	s, lake, client := newShell(t, server.URL), t.TempDir(), server.Client(t)
	for name, value := range map[string]string{"maxmemory-policy": "allkeys-lru", "appendonly": "no"} {
		if err := client.ConfigSet(t.Context(), name, value).Err(); err != nil {
			t.Fatal(err)
		}
	}
	landed := `{"specversion":"1.0","id":"1","source":"a","type":"moon.landed","time":"2026-01-02T03:04:05Z","kind":"crud","severity":"low","environment":"development","schemaversion":1,"dataclassification":"internal","data":{}}`
	created := strings.Replace(landed, "moon.landed", "user.created", 1)
	for _, e := range []string{landed, created, strings.Replace(created, `"schemaversion":1`, `"schemaversion":99`, 1), "Ann Lee"} {
		if err := client.Do(t.Context(), "XADD", "carebus:{development.0}:events", "*", "event", e).Err(); err != nil {
			t.Fatal(err)
		}
	}
	found, err := s.diagnose(t, "-lake", lake)
	if !errors.Is(err, errNotWell) || found["Redis eviction"].Verdict != fail || found["Redis persistence"].Verdict != fail || found["schema drift"].Verdict != warn {
		t.Errorf("%v\n%+v", err, found)
	}
	if got := found["schema drift"].Found; !strings.HasPrefix(got, "3 of the last 4 events: 1 of unknown types, 1 of newer versions, 1 invalid") || strings.Contains(got, "moon") {
		t.Error(got)
	}
	server.Stop(t)
	found, err = s.diagnose(t, "-lake", "/proc/nowhere")
	if !errors.Is(err, errNotWell) || found["Redis"].Verdict != fail || found["lake"].Verdict != fail {
		t.Errorf("%v\n%+v", err, found)
	}
	if text, _, _ := s.call(t, "doctor", "-lake", lake); !strings.Contains(text, "→") {
		t.Errorf("no advice: %s", text)
	}
}

func TestDoctorOutsideDevelopment(t *testing.T) {
	s, lake := newShell(t, redistest.Real(t).URL), t.TempDir()
	s.env["ENVIRONMENT"] = "production"
	if found, _ := s.diagnose(t); found["lake"].Verdict != fail || !strings.Contains(found["lake"].Advice, "S3_BUCKET") {
		t.Errorf("without a lake: %+v", found["lake"])
	}
	if _, _, err := s.call(t, "lake", "verify"); err == nil || !strings.Contains(err.Error(), "S3_BUCKET") {
		t.Errorf("without a lake: %v", err)
	}
	if found, _ := s.diagnose(t, "-lake", lake); found["Redis TLS"].Verdict != fail || found["key of pseudonyms"].Verdict != fail {
		t.Errorf("%+v", found)
	}
}

// An environment that can't be is refused by all commands, without its name.
func TestNoSuchEnvironment(t *testing.T) {
	s, lake := newShell(t, redistest.Mini(t)), t.TempDir()
	s.env["ENVIRONMENT"] = "Production"
	for _, command := range [][]string{{"keys", "create"}, {"lake", "verify", "-lake", lake}, {"status"}, {"ddl", "-lake", "s3://my-lake"}} {
		if _, _, err := s.call(t, command...); err == nil || !strings.Contains(err.Error(), "ENVIRONMENT") || strings.Contains(err.Error(), "Production") {
			t.Errorf("%v: %v", command, err)
		}
	}
	if found, _ := s.diagnose(t, "-lake", lake); found["environment"].Verdict != fail {
		t.Errorf("%+v", found["environment"])
	}
}

// A lake that may not be written to is looked at all the same.
func TestDoctorMayNotWrite(t *testing.T) {
	server := s3test.Fake(t, func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodPut {
				w.WriteHeader(http.StatusForbidden)
				return
			}
			next.ServeHTTP(w, r)
		})
	})
	server.Setenv(t)
	url := redistest.Start(t)
	s, bus := newShell(t, url), openBus(t, url)
	publish(t, bus, "user.created")
	found, _ := s.diagnose(t, "-lake", "s3://"+server.Bucket)
	if f := found["lake"]; f.Verdict != fail || !strings.Contains(f.Advice, "doctor/probe.txt") || !strings.Contains(f.Advice, "access denied") {
		t.Errorf("%+v", f)
	}
	for _, name := range []string{"lake of the bus", "bucket encryption", "bucket public access", "bucket versioning", "bucket lifecycle"} {
		if found[name].Name == "" {
			t.Errorf("%s was not looked at", name)
		}
	}
}

func TestDoctorS3(t *testing.T) {
	server := s3test.Start(t)
	server.Setenv(t)
	s := newShell(t, redistest.Start(t))
	for name, value := range server.Env() {
		s.env[name] = value
	}
	found, _ := s.diagnose(t, "-lake", "s3://"+server.Bucket+"/carebus")
	for _, name := range []string{"lake", "lake read"} {
		if found[name].Verdict != fine {
			t.Errorf("%s: %+v", name, found[name])
		}
	}
	for _, name := range []string{"bucket encryption", "bucket public access", "bucket versioning", "bucket lifecycle"} {
		if found[name].Name == "" {
			t.Errorf("%s was not looked at", name)
		}
	}
}
