package phi_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Each file stands once on the map in its package's doc.go.
func TestMapOfFiles(t *testing.T) {
	for _, dir := range []string{".", "internal/detect"} {
		doc, err := os.ReadFile(filepath.Join(dir, "doc.go"))
		if err != nil {
			t.Fatal(err)
		}
		_, after, ok := strings.Cut(string(doc), "// Where things are")
		if !ok {
			t.Fatalf("%s: there is no map", dir)
		}
		var patterns []string
		for line := range strings.Lines(after) {
			if names, ok := strings.CutPrefix(line, "//\t"); ok {
				names, _, _ = strings.Cut(names, "  ")
				patterns = append(patterns, strings.Fields(names)...)
			}
		}
		checkMap(t, dir, patterns)
	}
}

func checkMap(t *testing.T, dir string, patterns []string) {
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	packages, err := filepath.Glob(filepath.Join(dir, "internal/*"))
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]bool{}
	for _, path := range append(files, packages...) {
		file := filepath.Base(path)
		if strings.HasSuffix(file, "_test.go") || file == "doc.go" {
			continue
		}
		n := 0
		for _, p := range patterns {
			pattern := p + ".go"
			if name, ok := strings.CutSuffix(p, "/"); ok {
				pattern = name
			}
			if is, _ := filepath.Match(pattern, file); is {
				n++
				found[p] = true
			}
		}
		if n != 1 {
			t.Errorf("%s is on the map %d times", path, n)
		}
	}
	for _, p := range patterns {
		if !found[p] {
			t.Errorf("%s: there is no %s", dir, p)
		}
	}
}
