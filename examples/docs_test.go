package examples

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var documents = []string{"README.md", "HIPAA.md", "OPERATIONS.md", "terraform/README.md", "dashboards/README.md", "dashboards/RUNBOOK.md"}

// TestLinks: what the documents link to is there.
func TestLinks(t *testing.T) {
	link := regexp.MustCompile(`\]\(([^)#]+)(#[^)]*)?\)`)
	for _, file := range documents {
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range link.FindAllSubmatch(src, -1) {
			target := string(m[1])
			if strings.Contains(target, "://") {
				continue
			}
			if _, err := os.Stat(filepath.Join(filepath.Dir(file), target)); err != nil {
				t.Errorf("%s links to %s, which is not there", file, target)
			}
		}
	}
}

// TestHIPAATestsExist: every test that the mapping names is in the package that
// it names, and every row that claims something names one.
func TestHIPAATestsExist(t *testing.T) {
	src, err := os.ReadFile("HIPAA.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range mappingFaults(t, string(src)) {
		t.Error(f)
	}
	for _, c := range []struct{ old, new string }{
		{"`TestCanaries`", "`TestNobodyWrote`"},
		{"`TestCanaryIsNowhere` in [eventbus](../eventbus)", "`TestCanaryIsNowhere` in [etl](../etl)"},
		{"`TestUnit`, `TestCompose` in [sink/deploy](sink/deploy)", ""},
	} {
		if len(mappingFaults(t, strings.ReplaceAll(string(src), c.old, c.new))) == 0 {
			t.Errorf("%q in place of %q is not found", c.new, c.old)
		}
	}
}

func mappingFaults(t *testing.T, src string) []string {
	t.Helper()
	var faults []string
	place := regexp.MustCompile("((?:`Test[A-Za-z]+`(?:, )?)+) in \\[[^]]+\\]\\(([^)]+)\\)")
	name := regexp.MustCompile("`(Test[A-Za-z]+)`")
	rows := 0
	for line := range strings.Lines(src) {
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
		if len(cells) != 3 || strings.HasPrefix(line, "|---") || strings.TrimSpace(cells[2]) == "test" {
			continue
		}
		rows++
		tests := strings.TrimSpace(cells[2])
		if tests == "–" {
			continue // it says that nothing is done
		}
		found := place.FindAllStringSubmatch(tests, -1)
		if len(found) == 0 {
			faults = append(faults, "no test: "+cells[0])
		}
		for _, m := range found {
			have := testsIn(t, m[2])
			for _, n := range name.FindAllStringSubmatch(m[1], -1) {
				if !strings.Contains(have, "func "+n[1]+"(") {
					faults = append(faults, m[2]+" has no "+n[1])
				}
			}
		}
	}
	if rows < 20 {
		faults = append(faults, "the mapping has few rows")
	}
	return faults
}

// testsIn returns the source of a folder's tests.
func testsIn(t *testing.T, dir string) string {
	t.Helper()
	var all strings.Builder
	files, err := fs.Glob(os.DirFS(dir), "*_test.go")
	if err != nil || len(files) == 0 {
		t.Errorf("%s has no tests", dir)
	}
	for _, f := range files {
		src, err := os.ReadFile(filepath.Join(dir, f))
		if err != nil {
			t.Fatal(err)
		}
		all.Write(src)
	}
	return all.String()
}
