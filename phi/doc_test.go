package phi_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Each file of the package stands once on the map in doc.go.
func TestMapOfFiles(t *testing.T) {
	doc, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	_, after, ok := strings.Cut(string(doc), "// Where things are")
	if !ok {
		t.Fatal("there is no map")
	}
	var patterns []string
	for line := range strings.Lines(after) {
		if names, ok := strings.CutPrefix(line, "//\t"); ok {
			names, _, _ = strings.Cut(names, "  ")
			patterns = append(patterns, strings.Fields(names)...)
		}
	}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]bool{}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") || file == "doc.go" {
			continue
		}
		n := 0
		for _, p := range patterns {
			if is, _ := filepath.Match(p+".go", file); is {
				n++
				found[p] = true
			}
		}
		if n != 1 {
			t.Errorf("%s is on the map %d times", file, n)
		}
	}
	for _, p := range patterns {
		if !found[p] {
			t.Errorf("there is no %s.go", p)
		}
	}
}
