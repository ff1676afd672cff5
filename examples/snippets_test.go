package examples

import (
	"errors"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// ambient is what the fragments of the documents take for granted: what the text
// around them, or a fragment before, has named.
const ambient = `
var (
	ctx      context.Context
	bus      *eventbus.Bus
	registry *schema.Registry
	scrubber *phi.Scrubber
	key      []byte
	schedule func(subject string, at time.Time)
	book     func(ctx context.Context, bus *eventbus.Bus, subject string)
)
`

// packages are what fragments may name, by the name in code.
var packages = map[string]string{
	"context": "context", "json": "encoding/json", "log": "log", "os": "os", "slog": "log/slog", "testing": "testing", "time": "time",
	"http": "net/http", "errors": "errors", "fmt": "fmt",
	"schema": "", "phi": "", "eventbus": "", "etl": "",
	"eventbustest": "eventbus/eventbustest", "busapi": "eventbus/busapi", "httpapi": "eventbus/httpapi", "apikey": "eventbus/httpapi/apikey",
	"audit": "phi/audit", "s3sink": "etl/s3sink", "parquet": "etl/parquet", "athena": "etl/athena", "sinktest": "etl/sinktest",
}

const module = "github.com/carebus/carebus"

// importPath returns the path of a package that fragments call name.
func importPath(name string) string {
	path := packages[name]
	if path == "" {
		path = name
	}
	if _, err := os.Stat("../" + path); err == nil {
		return module + "/" + path
	}
	return path
}

// A snippet is a block of Go in a document.
type snippet struct {
	place string // file:line
	text  string
}

var goBlock = regexp.MustCompile("(?ms)^```go\n(.*?)^```")

func snippets(t *testing.T) []snippet {
	t.Helper()
	var all []snippet
	for _, file := range append([]string{"../README.md"}, documents...) {
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range goBlock.FindAllSubmatchIndex(src, -1) {
			line := 1 + strings.Count(string(src[:m[2]]), "\n")
			all = append(all, snippet{fmt.Sprintf("%s:%d", file, line), string(src[m[2]:m[3]])})
		}
	}
	return all
}

// program makes a file of a snippet: of a whole program, of declarations, of the
// body of a function, or of declarations and statements between empty lines.
func program(text string) (string, error) {
	if strings.Contains(text, "package ") {
		return text, nil
	}
	var declarations, body strings.Builder
	for parts := strings.SplitAfter(text, "\n\n"); len(parts) > 0; {
		n := 1
		for ; ; n++ {
			if n > len(parts) {
				return "", errors.New("it is neither declarations nor statements")
			}
			chunk := strings.Join(parts[:n], "")
			if parses("package p\n" + chunk) {
				declarations.WriteString(chunk)
				break
			}
			if parses("package p\nfunc _() error {\n" + chunk + "\nreturn nil }") {
				body.WriteString(chunk)
				break
			}
		}
		parts = parts[n:]
	}
	code := declarations.String() + "\nfunc _() error {\n" + body.String() + "\nreturn nil\n}\n"
	var imports strings.Builder
	for name := range packages {
		if regexp.MustCompile(`\b` + name + `\.`).MatchString(code + ambient) {
			fmt.Fprintf(&imports, "import %q\n", importPath(name))
		}
	}
	return "package p\n" + imports.String() + ambient + code, nil
}

func parses(src string) bool {
	_, err := parser.ParseFile(token.NewFileSet(), "", src, parser.SkipObjectResolution)
	return err == nil
}

// exported returns an importer that reads what the go command has compiled.
func exported(t *testing.T) types.Importer {
	t.Helper()
	args := []string{"list", "-export", "-deps", "-f", "{{.ImportPath}}\t{{.Export}}"}
	for name := range packages {
		args = append(args, importPath(name))
	}
	out, err := exec.CommandContext(t.Context(), "go", args...).Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	files := map[string]string{}
	for line := range strings.Lines(string(out)) {
		path, file, _ := strings.Cut(strings.TrimSpace(line), "\t")
		files[path] = file
	}
	return importer.ForCompiler(token.NewFileSet(), "gc", func(path string) (io.ReadCloser, error) { return os.Open(files[path]) })
}

// faults returns what the compiler would say of a snippet. That a variable isn't
// used is no fault of a fragment.
func faults(from types.Importer, text string) []string {
	src, err := program(text)
	if err != nil {
		return []string{err.Error()}
	}
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, "", src, parser.SkipObjectResolution)
	if err != nil {
		return []string{err.Error()}
	}
	var list []string
	whole := src == text
	config := types.Config{Importer: from, Error: func(err error) {
		var e types.Error
		if errors.As(err, &e) && e.Soft && !whole {
			return
		}
		list = append(list, err.Error())
	}}
	config.Check("p", set, []*ast.File{file}, nil) //nolint:errcheck // Error is told
	return list
}

// TestSnippets: the Go in the documents compiles with the packages as they are.
func TestSnippets(t *testing.T) {
	from := exported(t)
	all := snippets(t)
	if len(all) < 7 {
		t.Errorf("%d snippets are found", len(all))
	}
	for _, s := range all {
		for _, f := range faults(from, s.text) {
			t.Errorf("%s: %s", s.place, f)
		}
	}
	// The test finds what it is there for.
	for old, changed := range map[string]string{
		"eventbus.Open(": "eventbus.Connect(", "Entity: \"user\"": "Entitiy: \"user\"", "ConsumerConfig{Group": "ConsumerConfig{Groups",
		"done.Redriven": "done.Given", "eventbustest.Published(t, bus, nil)": "eventbustest.Published(t, bus)",
		"etl.Logs(bus.Logs())": "bus.Logs()", "scrubber.LogHandler(": "scrubber.Handler(", "schema.Register[IntakeScored]": "schema.Register[Scored]",
	} {
		found := slices.ContainsFunc(all, func(s snippet) bool {
			return strings.Contains(s.text, old) && len(faults(from, strings.ReplaceAll(s.text, old, changed))) > 0
		})
		if !found {
			t.Errorf("%q in place of %q is not found", changed, old)
		}
	}
}
