package terraform

import (
	"io/fs"
	"maps"
	"os"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// A tree is the source of all modules and compositions.
type tree map[string][]byte

// load reads every .tf file below this folder.
func load(t *testing.T) tree {
	t.Helper()
	files := tree{}
	root := os.DirFS(".")
	err := fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || path.Ext(name) != ".tf" {
			return err
		}
		files[name], err = fs.ReadFile(root, name)
		return err
	})
	if err != nil || len(files) < 30 {
		t.Fatalf("%d files: %v", len(files), err)
	}
	return files
}

// A block is a block of a file.
type block struct {
	*hclsyntax.Block
	dir string // folder of the file
	src []byte
}

// parse returns the top-level blocks in order of their files.
func (t tree) parse() ([]block, error) {
	var all []block
	for _, name := range slices.Sorted(maps.Keys(t)) {
		file, diags := hclsyntax.ParseConfig(t[name], name, hcl.InitialPos)
		if diags.HasErrors() {
			return nil, diags
		}
		for _, b := range file.Body.(*hclsyntax.Body).Blocks {
			all = append(all, block{b, path.Dir(name), t[name]})
		}
	}
	return all, nil
}

// is reports whether b is a block such as resource "aws_s3_bucket" "…".
func (b block) is(kind, label string) bool {
	return b.Type == kind && (label == "" || len(b.Labels) > 0 && b.Labels[0] == label)
}

// name tells where b is: modules/lake: resource.aws_s3_bucket.this.
func (b block) name() string {
	return b.dir + ": " + strings.Join(append([]string{b.Type}, b.Labels...), ".")
}

// blocks returns the blocks of a type directly in b; those that dynamic blocks
// make are among them.
func (b block) blocks(kind string) []block {
	var found []block
	for _, inner := range b.Body.Blocks {
		if inner.Type == kind {
			found = append(found, block{inner, b.dir, b.src})
		}
		if inner.Type != "dynamic" || inner.Labels[0] != kind {
			continue
		}
		for _, content := range inner.Body.Blocks {
			if content.Type == "content" {
				found = append(found, block{content, b.dir, b.src})
			}
		}
	}
	return found
}

// dynamic returns the dynamic block that makes those of a type directly in b; one
// without attributes if there is none.
func (b block) dynamic(kind string) block {
	for _, inner := range b.Body.Blocks {
		if inner.Type == "dynamic" && inner.Labels[0] == kind {
			return block{inner, b.dir, b.src}
		}
	}
	return block{&hclsyntax.Block{Body: &hclsyntax.Body{}}, b.dir, b.src}
}

// at follows a path of nested blocks to the first that is there.
func (b block) at(path ...string) (block, bool) {
	for _, kind := range path {
		inner := b.blocks(kind)
		if len(inner) == 0 {
			return block{}, false
		}
		b = inner[0]
	}
	return b, true
}

// text returns an attribute as it is written, or "" without it.
func (b block) text(attribute string) string {
	a, ok := b.Body.Attributes[attribute]
	if !ok {
		return ""
	}
	return string(a.Expr.Range().SliceBytes(b.src))
}

// value returns an attribute that needs no context to be known.
func (b block) value(attribute string) (cty.Value, bool) {
	a, ok := b.Body.Attributes[attribute]
	if !ok {
		return cty.NilVal, false
	}
	v, diags := a.Expr.Value(nil)
	return v, !diags.HasErrors() && v.IsWhollyKnown() && !v.IsNull()
}

// number returns an attribute that is a number.
func (b block) number(attribute string) (int, bool) {
	v, ok := b.value(attribute)
	if !ok || v.Type() != cty.Number {
		return 0, false
	}
	f, _ := v.AsBigFloat().Float64()
	return int(f), true
}

// strings returns every text that stands in an attribute, however it is put
// together.
func (b block) strings(attribute string) []string {
	a, ok := b.Body.Attributes[attribute]
	if !ok {
		return nil
	}
	var found []string
	hclsyntax.VisitAll(a.Expr, func(n hclsyntax.Node) hcl.Diagnostics { //nolint:errcheck // it returns what the callback returns
		switch e := n.(type) {
		case *hclsyntax.TemplateExpr:
			found = append(found, strings.Trim(string(e.Range().SliceBytes(b.src)), `"`))
		case *hclsyntax.ObjectConsKeyExpr:
			if key, diags := e.Value(nil); !diags.HasErrors() && key.Type() == cty.String {
				found = append(found, key.AsString())
			}
		}
		return nil
	})
	return found
}
