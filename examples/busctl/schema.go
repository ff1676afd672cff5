package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"github.com/carebus/carebus/schema"
)

var schemaExport = command{
	name: "schema export", args: "[FOLDER]", summary: "the catalogue's schema set, or into a folder: a JSON Schema for each type and the AsyncAPI document",
	help: "Keep the schema set of each release; `busctl schema check` compares a later one with it.",
	run: func(_ context.Context, c *call) error {
		registry := schema.Catalogue()
		if len(c.args) == 0 {
			return c.value(registry.SchemaSet())
		}
		documents, err := registry.Documents(schema.AsyncAPIInfo{})
		if err != nil {
			return err
		}
		for name, text := range documents {
			path := filepath.Join(c.args[0], filepath.FromSlash(name))
			if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
				return err
			}
			if err := os.WriteFile(path, text, 0o644); err != nil {
				return err
			}
		}
		if c.json {
			return c.value(map[string]int{"documents": len(documents)})
		}
		c.print("%d documents", len(documents))
		return nil
	},
}

type schemaFlags struct{ mode string }

var schemaCheck = command{
	name: "schema check", args: "OLD [NEW]", summary: "what a change of schemas breaks, between two schema sets (default NEW: the catalogue)",
	help: "backward: new readers take what old writers wrote. forward: old readers take what new ones write.\nfull: both. In every mode the protection of data must not weaken.",
	flags: func(c *call, fs *flag.FlagSet) {
		f := &schemaFlags{}
		c.own = f
		fs.StringVar(&f.mode, "mode", string(schema.Backward), "backward, forward or full")
	},
	run: func(_ context.Context, c *call) error {
		mode := schema.Compatibility(c.own.(*schemaFlags).mode)
		if !mode.Valid() {
			return c.usage("-mode must be backward, forward or full")
		}
		if len(c.args) == 0 {
			return c.usage("schema check needs the file of the old schema set")
		}
		old, err := readSchemaSet(c.args[0])
		if err != nil {
			return err
		}
		set := schema.Catalogue().SchemaSet()
		if len(c.args) == 2 {
			if set, err = readSchemaSet(c.args[1]); err != nil {
				return err
			}
		}
		broken := schema.CheckCompatibility(old, set, mode)
		if c.json {
			if broken == nil {
				broken = []schema.Incompatibility{}
			}
			if err := c.value(map[string]any{"ok": len(broken) == 0, "incompatibilities": broken}); err != nil {
				return err
			}
		} else {
			var rows [][]string
			for _, b := range broken {
				rows = append(rows, []string{b.Type, b.Path, string(b.Breaks), b.Rule})
			}
			if len(rows) == 0 {
				c.print("%s compatible", mode)
			} else {
				c.table([]string{"TYPE", "PATH", "BREAKS", "RULE"}, rows)
			}
		}
		if len(broken) > 0 {
			return errNotWell
		}
		return nil
	},
}

// readSchemaSet reads a file that schema export wrote.
func readSchemaSet(path string) (schema.SchemaSet, error) {
	var set schema.SchemaSet
	text, err := os.ReadFile(path)
	if err != nil {
		return set, err
	}
	if json.Unmarshal(text, &set) != nil {
		return set, fmt.Errorf("%s holds no schema set", path)
	}
	return set, nil
}
