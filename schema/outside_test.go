package schema_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// outside returns a module of someone else's in a folder of its own, which
// uses this one by a replace, with a copy of a folder of testdata in it.
func outside(t *testing.T, folder string) (dir string, run func(args ...string) string) {
	t.Helper()
	if testing.Short() {
		t.Skip("builds a program")
	}
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	dir = t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(folder)); err != nil {
		t.Fatal(err)
	}
	mod := "module example.com/outside\n\ngo 1.26\n\nrequire github.com/carebus/carebus v0.0.0\n\nreplace github.com/carebus/carebus => " + root + "\n"
	sum, err := os.ReadFile("../go.sum") // spares asking the checksum database
	if err != nil {
		t.Fatal(err)
	}
	for name, b := range map[string][]byte{"go.mod": []byte(mod), "go.sum": sum} {
		if err := os.WriteFile(filepath.Join(dir, name), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir, func(args ...string) string {
		t.Helper()
		cmd := exec.CommandContext(t.Context(), "go", args...)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "GOFLAGS=-mod=mod", "GOWORK=off")
		var stderr strings.Builder
		cmd.Stderr = &stderr
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("go %s: %v\n%s", strings.Join(args, " "), err, stderr.String())
		}
		return string(out)
	}
}

// A team's package of event types compiles in schema and nothing that talks to
// a network, and its module needs nothing more.
func TestOutsideModuleStaysSmall(t *testing.T) {
	dir, run := outside(t, "testdata/outside/triage")
	all := strings.Fields(run("list", "-deps", "-f", "{{.ImportPath}} {{.Standard}}", "."))
	var others []string
	for i := 0; i < len(all); i += 2 {
		switch path, standard := all[i], all[i+1] == "true"; {
		case path == "net/http" || path == "crypto/tls":
			t.Errorf("it compiles in %s", path)
		case !standard:
			others = append(others, path)
		}
	}
	want := []string{"github.com/google/uuid", "github.com/carebus/carebus/schema", "example.com/outside"}
	if !slices.Equal(others, want) {
		t.Errorf("it compiles in %v, and of what isn't in the standard library only %v is needed", others, want)
	}

	// Nor does it write what carebus needs elsewhere into the team's go.sum.
	run("mod", "tidy")
	sum, err := os.ReadFile(filepath.Join(dir, "go.sum"))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(sum)) {
		if !strings.HasPrefix(line, "github.com/google/uuid ") {
			t.Errorf("go.sum holds %s", line)
		}
	}
}

// A module outside registers a type of its own, publishes it and consumes it:
// scrubbed, in its type, an older version lifted.
func TestOutsideModulePublishesAndConsumes(t *testing.T) {
	_, run := outside(t, "testdata/outside")
	got := run("run", ".")
	want := "triage.scored 2 p-42 12 false\ntriage.scored 2 p-43 3 false\n"
	lines := strings.SplitAfter(got, "\n") // two subjects have no order between them
	slices.Sort(lines)
	if strings.Join(lines, "") != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}
