// Package deptest checks which packages a package compiles in.
//
// The layers of carebus are rules about imports: a service that only defines
// events must not compile a Redis client, and a lake must not know the bus. A
// rule holds for everything that ends up in the binary, so it is checked over
// all transitive imports; test files are free.
package deptest

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// A Rule says what the packages that match Of must not compile in.
type Rule struct {
	// Of is an import path; a trailing "/..." takes in the packages below it.
	Of string
	// MustNot lists import paths, with the same "/...".
	MustNot []string
	// Except lists what MustNot would forbid but is allowed all the same.
	Except []string
	// Why is told to whoever breaks the rule.
	Why string
}

// Check fails t for every package of the module that breaks a rule, and for
// every rule that fits no package.
func Check(t *testing.T, rules []Rule) {
	t.Helper()
	deps := load(t)
	for _, r := range rules {
		found := false
		for pkg, imports := range deps {
			if !matches(r.Of, pkg) {
				continue
			}
			found = true
			for _, path := range imports {
				if path != pkg && matchesAny(r.MustNot, path) && !matchesAny(r.Except, path) {
					t.Errorf("%s compiles in %s, which it must not: %s", pkg, path, r.Why)
				}
			}
		}
		if !found {
			t.Errorf("the rule for %s fits no package", r.Of)
		}
	}
}

// load returns the transitive imports of each package of the module.
func load(t *testing.T) map[string][]string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", "list", "-f", `{{.ImportPath}}{{range .Deps}} {{.}}{{end}}`, "./...")
	cmd.Dir = root(t)
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	deps := map[string][]string{}
	for line := range strings.Lines(string(out)) {
		if f := strings.Fields(line); len(f) > 0 {
			deps[f[0]] = f[1:]
		}
	}
	return deps
}

// root returns the folder of go.mod.
func root(t *testing.T) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			t.Fatal("no go.mod above the test")
		}
		dir = parent
	}
}

func matchesAny(patterns []string, path string) bool {
	for _, p := range patterns {
		if matches(p, path) {
			return true
		}
	}
	return false
}

func matches(pattern, path string) bool {
	if below, ok := strings.CutSuffix(pattern, "/..."); ok {
		return path == below || strings.HasPrefix(path, below+"/")
	}
	return path == pattern
}
