// Package deploy holds how the sink is deployed; its tests read the files, since
// no container engine can be counted on.
package deploy

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

func read(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// instructions returns a Dockerfile's, continued lines joined.
func instructions(dockerfile string) [][2]string {
	var found [][2]string
	text := regexp.MustCompile(`\\\n`).ReplaceAllString(regexp.MustCompile(`(?m)^\s*#.*\n`).ReplaceAllString(dockerfile, ""), " ")
	for line := range strings.Lines(text) {
		if name, args, ok := strings.Cut(strings.TrimSpace(line), " "); ok {
			found = append(found, [2]string{strings.ToUpper(name), strings.Join(strings.Fields(args), " ")})
		}
	}
	return found
}

// dockerfileFaults lists what is wrong with a Dockerfile.
func dockerfileFaults(dockerfile string) []string {
	all := instructions(dockerfile)
	var faults []string
	var froms, last [][2]string // stages, and what the last one does
	images := map[string]string{}
	for _, i := range all {
		switch i[0] {
		case "ARG":
			name, value, _ := strings.Cut(i[1], "=")
			images["${"+name+"}"] = value
		case "FROM":
			froms, last = append(froms, i), nil
		}
		if len(froms) > 0 {
			last = append(last, i)
		}
		if i[0] == "ADD" {
			faults = append(faults, "ADD fetches and unpacks: use COPY")
		}
		if i[0] != "FROM" && i[0] != "COPY" && regexp.MustCompile(`(?i)(password|secret|token|_key)=`).MatchString(i[1]) {
			faults = append(faults, i[0]+" puts a secret into the image")
		}
	}
	value := func(name string) string {
		for _, i := range slices.Backward(last) {
			if i[0] == name {
				return i[1]
			}
		}
		return ""
	}
	if len(froms) < 2 {
		return append(faults, "one stage: the compiler would be in the image")
	}
	for i, f := range froms {
		image := strings.Fields(f[1])[0]
		if images[image] != "" {
			image = images[image]
		}
		if !regexp.MustCompile(`[:@]`).MatchString(image) || strings.HasSuffix(image, ":latest") {
			faults = append(faults, "image without a version: "+image)
		}
		if i == len(froms)-1 && !(strings.Contains(image, "distroless/static") && strings.HasSuffix(image, ":nonroot")) {
			faults = append(faults, "the last stage must be distroless/static:nonroot")
		}
	}
	if uid, _, _ := strings.Cut(value("USER"), ":"); !regexp.MustCompile(`^[1-9][0-9]*$`).MatchString(uid) {
		faults = append(faults, "USER must be a number other than 0, so that Kubernetes can tell that it isn't root")
	}
	if !strings.HasPrefix(value("ENTRYPOINT"), "[") {
		faults = append(faults, "ENTRYPOINT must be a list: there is no shell, and SIGTERM must reach the sink")
	}
	if s := value("STOPSIGNAL"); s != "SIGTERM" {
		faults = append(faults, "STOPSIGNAL must be SIGTERM")
	}
	for _, i := range last {
		if i[0] == "RUN" {
			faults = append(faults, "RUN in a stage without a shell")
		}
		if i[0] == "COPY" && !strings.HasPrefix(i[1], "--from=build ") {
			faults = append(faults, "the last stage takes files that were not built: "+i[1])
		}
	}
	if !strings.Contains(dockerfile, "CGO_ENABLED=0") {
		faults = append(faults, "CGO_ENABLED=0: the image has no C library")
	}
	return faults
}

func TestDockerfile(t *testing.T) {
	src := read(t, "Dockerfile")
	for _, f := range dockerfileFaults(src) {
		t.Error(f)
	}
	for _, c := range []struct{ old, new string }{
		{"USER 65532:65532\n", ""},
		{"USER 65532:65532", "USER root"},
		{"USER 65532:65532", "USER 0"},
		{"static-debian12:nonroot", "static-debian12:latest"},
		{"golang:1.26-bookworm", "golang"},
		{"FROM ${RUNTIME_IMAGE}", "FROM debian:12"},
		{"FROM ${RUNTIME_IMAGE}\n", ""},
		{`ENTRYPOINT ["/usr/local/bin/sink"]`, "ENTRYPOINT /usr/local/bin/sink"},
		{"STOPSIGNAL SIGTERM", "STOPSIGNAL SIGKILL"},
		{"CGO_ENABLED=0 ", ""},
		{"EXPOSE 8000", "ENV CAREBUS_KEY=abc"},
		{"EXPOSE 8000", "COPY . /src"},
		{"EXPOSE 8000", "RUN id"},
		{"EXPOSE 8000", "ADD https://example.com/x /x"},
	} {
		if !strings.Contains(src, c.old) {
			t.Errorf("the Dockerfile has no %q", c.old)
		}
		if len(dockerfileFaults(strings.ReplaceAll(src, c.old, c.new))) == 0 {
			t.Errorf("%q in place of %q is not found", c.new, c.old)
		}
	}
}

// TestBuildContext: what the Dockerfile builds and copies is there.
func TestBuildContext(t *testing.T) {
	root := "../../.."
	packages := regexp.MustCompile(`\./examples/[a-z]+`).FindAllString(read(t, "Dockerfile"), -1)
	if len(packages) == 0 {
		t.Fatal("the Dockerfile builds nothing")
	}
	for _, p := range packages {
		if _, err := os.Stat(filepath.Join(root, p, "main.go")); err != nil {
			t.Errorf("no program %s", p)
		}
	}
	for line := range strings.Lines(read(t, "Dockerfile.dockerignore")) {
		if name, ok := strings.CutPrefix(strings.TrimSpace(line), "!"); ok {
			if _, err := os.Stat(filepath.Join(root, name)); err != nil {
				t.Errorf("the build needs %s, which is not there", name)
			}
		}
	}
}

// composeFaults lists what is wrong with how the image is run.
func composeFaults(src string) []string {
	var file struct {
		Services map[string]struct {
			Command, Tmpfs, Ports []string
			User                  string
			ReadOnly              bool     `yaml:"read_only"`
			CapDrop               []string `yaml:"cap_drop"`
			CapAdd                []string `yaml:"cap_add"`
			SecurityOpt           []string `yaml:"security_opt"`
			Privileged            bool
			Environment           any
			Ulimits               map[string]int
			StopGracePeriod       string `yaml:"stop_grace_period"`
		}
	}
	if err := yaml.Unmarshal([]byte(src), &file); err != nil {
		return []string{err.Error()}
	}
	s, ok := file.Services["sink"]
	var faults []string
	must := func(ok bool, what string) {
		if !ok {
			faults = append(faults, what)
		}
	}
	must(ok, "there is no sink")
	must(s.ReadOnly, "the file system must be read-only")
	must(slices.Equal(s.CapDrop, []string{"ALL"}) && len(s.CapAdd) == 0 && !s.Privileged, "no capabilities")
	must(slices.Contains(s.SecurityOpt, "no-new-privileges:true"), "no new privileges")
	must(s.User != "" && !strings.HasPrefix(s.User, "0"), "not root")
	must(s.Environment == nil, "variables belong in a file of their own: some are secrets")
	core, set := s.Ulimits["core"]
	must(set && core == 0, "no core dumps")
	must(slices.ContainsFunc(s.Command, func(a string) bool { return strings.HasPrefix(a, "-tls-cert=") }), "TLS")
	must(s.StopGracePeriod == "45s" && slices.Contains(s.Command, "-drain=30s"), "more time to stop than to drain")
	for _, p := range s.Ports {
		must(strings.HasPrefix(p, "127.0.0.1:"), "published on every interface")
	}
	for _, f := range s.Tmpfs {
		must(strings.Contains(f, "noexec") && strings.Contains(f, "nosuid"), "programs on a tmpfs")
	}
	return faults
}

func TestCompose(t *testing.T) {
	src := read(t, "compose.yaml")
	for _, f := range composeFaults(src) {
		t.Error(f)
	}
	for _, c := range []struct{ old, new string }{
		{"read_only: true", "read_only: false"},
		{"      - ALL", "      - NET_RAW"},
		{"    cap_drop:", "    privileged: true\n    cap_drop:"},
		{"no-new-privileges:true", "apparmor:unconfined"},
		{`user: "65532:65532"`, `user: "0:0"`},
		{"env_file: sink.env", "environment: {CAREBUS_KEY: abc}"},
		{"core: 0", "core: 1"},
		{"-tls-cert=", "-cert="},
		{"45s", "10s"},
		{"127.0.0.1:8000", "8000"},
		{"noexec,", ""},
	} {
		if !strings.Contains(src, c.old) || len(composeFaults(strings.ReplaceAll(src, c.old, c.new))) == 0 {
			t.Errorf("%q in place of %q is not found", c.new, c.old)
		}
	}
}

// unitMust are settings that a unit must have; a setting given more than once
// is joined by blanks.
var unitMust = map[string]string{
	"DynamicUser": "yes", "StateDirectoryMode": "0700", "UMask": "0077", "NoNewPrivileges": "yes", "CapabilityBoundingSet": "",
	"AmbientCapabilities": "", "PrivateDevices": "yes", "PrivateTmp": "yes", "PrivateUsers": "yes", "ProtectSystem": "strict",
	"ProtectHome": "yes", "ProtectClock": "yes", "ProtectControlGroups": "yes", "ProtectHostname": "yes", "ProtectKernelLogs": "yes",
	"ProtectKernelModules": "yes", "ProtectKernelTunables": "yes", "ProtectProc": "invisible", "ProcSubset": "pid",
	"LockPersonality": "yes", "MemoryDenyWriteExecute": "yes", "RestrictAddressFamilies": "AF_INET AF_INET6",
	"RestrictNamespaces": "yes", "RestrictRealtime": "yes", "RestrictSUIDSGID": "yes", "SystemCallArchitectures": "native",
	"SystemCallFilter": "@system-service ~@privileged @resources", "LimitCORE": "0", "MemorySwapMax": "0", "TimeoutStopSec": "45s",
}

func unitFaults(src string) []string {
	got := map[string]string{}
	for line := range strings.Lines(src) {
		if name, value, ok := strings.Cut(strings.TrimSpace(line), "="); ok && !strings.HasPrefix(name, "#") {
			before, again := got[name]
			if again && value != "" {
				value = before + " " + value
			}
			got[name] = value
		}
	}
	var faults []string
	for name, want := range unitMust {
		if value, ok := got[name]; !ok || value != want {
			faults = append(faults, fmt.Sprintf("%s=%s, must be %s", name, value, want))
		}
	}
	if !strings.Contains(got["ExecStart"], " -drain 30s") {
		faults = append(faults, "less time to stop than to drain")
	}
	if got["Environment"] != "" {
		faults = append(faults, "variables belong in a file that only root reads")
	}
	return faults
}

func TestUnit(t *testing.T) {
	src := read(t, "carebus-sink.service")
	for _, f := range unitFaults(src) {
		t.Error(f)
	}
	for name := range unitMust {
		broken := regexp.MustCompile(`(?m)^`+name+`=.*\n`).ReplaceAllString(src, "")
		if broken == src || len(unitFaults(broken)) == 0 {
			t.Errorf("a unit without %s is not found", name)
		}
	}
	for _, c := range []struct{ old, new string }{
		{"-drain 30s", "-drain 90s"},
		{"Restart=always", "Environment=CAREBUS_KEY=abc"},
		{"ProtectSystem=strict", "ProtectSystem=full"},
	} {
		if len(unitFaults(strings.ReplaceAll(src, c.old, c.new))) == 0 {
			t.Errorf("%q in place of %q is not found", c.new, c.old)
		}
	}
}

// TestUnitExposure asks systemd itself, which rates a unit from 0 to 10 and
// knows of settings that the list above may lack.
func TestUnitExposure(t *testing.T) {
	analyze, err := exec.LookPath("systemd-analyze")
	if err != nil {
		if os.Getenv("CAREBUS_REQUIRE_REAL") == "1" {
			t.Fatal("systemd-analyze is not installed, and CAREBUS_REQUIRE_REAL is set")
		}
		t.Skip("systemd-analyze is not installed")
	}
	unit := filepath.Join(t.TempDir(), "carebus-sink.service")
	src := bytes.ReplaceAll([]byte(read(t, "carebus-sink.service")), []byte("/usr/local/bin/carebus-sink"), []byte("/bin/true"))
	if err := os.WriteFile(unit, src, 0o600); err != nil {
		t.Fatal(err)
	}
	const most = "15" // tenths
	out, err := exec.CommandContext(t.Context(), analyze, "security", "--offline=true", "--threshold="+most, "--no-pager", unit).CombinedOutput()
	if err != nil {
		t.Errorf("systemd-analyze: %v\n%s", err, out)
	}
}
