// Command dashboards writes the Grafana dashboards and Prometheus rules of
// carebus, made of the names by which the library records its metrics:
//
//	go generate ./...
//
// It writes into the folder that it is given, by default the current one.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"github.com/goccy/go-yaml"
)

//go:generate go run .

func main() {
	dir := "."
	if len(os.Args) > 1 {
		dir = os.Args[1]
	}
	files, err := generate()
	for name, content := range files {
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, name), content, 0o644) //nolint:gosec // they are no secret
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "dashboards:", err)
		os.Exit(1)
	}
}

// generate returns all files by name.
func generate() (map[string][]byte, error) {
	files := map[string][]byte{}
	for _, d := range dashboards() {
		var b bytes.Buffer
		e := json.NewEncoder(&b)
		e.SetEscapeHTML(false)
		e.SetIndent("", "  ")
		if err := e.Encode(d.grafana()); err != nil {
			return nil, fmt.Errorf("write dashboard %s: %w", d.uid, err)
		}
		files[d.uid+".json"] = b.Bytes()
	}
	b, err := yaml.MarshalWithOptions(ruleFile(), yaml.Indent(2), yaml.UseLiteralStyleIfMultiline(true))
	if err != nil {
		return nil, fmt.Errorf("write rules: %w", err)
	}
	files["rules.yml"] = append([]byte("# Written by `go generate`; see rules.go.\n"), b...)
	return files, nil
}
