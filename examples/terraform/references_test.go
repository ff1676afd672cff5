package terraform

import (
	"bytes"
	"os"
	"os/exec"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"
)

// TestFormat: files are as `terraform fmt` leaves them. hclwrite is what it is
// made of; where terraform is installed it is asked as well.
func TestFormat(t *testing.T) {
	for name, src := range load(t) {
		if got := hclwrite.Format(src); !bytes.Equal(got, src) {
			t.Errorf("%s is not formatted", name)
		}
	}
	terraform, err := exec.LookPath("terraform")
	if err != nil {
		t.Log("terraform is not installed: hclwrite alone was asked")
		return
	}
	cmd := exec.CommandContext(t.Context(), terraform, "fmt", "-check", "-recursive", "-list=true", "-no-color")
	cmd.Env = append(os.Environ(), "CHECKPOINT_DISABLE=1")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("terraform fmt: %v: %s", err, out)
	}
}

// A scope is what the files of one folder declare.
type scope struct {
	variables map[string]bool // and whether they need a value
	outputs   map[string]bool
	locals    map[string]bool
	blocks    map[string]bool // resources, data sources and ephemeral ones by address
	modules   map[string]string
}

func scopes(all []block) map[string]*scope {
	found := map[string]*scope{}
	for _, b := range all {
		s := found[b.dir]
		if s == nil {
			s = &scope{map[string]bool{}, map[string]bool{}, map[string]bool{}, map[string]bool{}, map[string]string{}}
			found[b.dir] = s
		}
		switch b.Type {
		case "variable":
			_, optional := b.Body.Attributes["default"]
			s.variables[b.Labels[0]] = !optional
		case "output":
			s.outputs[b.Labels[0]] = true
		case "locals":
			for name := range b.Body.Attributes {
				s.locals[name] = true
			}
		case "resource":
			s.blocks[strings.Join(b.Labels, ".")] = true
		case "data", "ephemeral":
			s.blocks[b.Type+"."+strings.Join(b.Labels, ".")] = true
		case "module":
			s.modules[b.Labels[0]] = path.Join(b.dir, strings.Trim(b.text("source"), `"`))
		}
	}
	return found
}

// arguments that a module block has for Terraform itself
var metaArguments = []string{"source", "version", "count", "for_each", "providers", "depends_on"}

// unresolved lists references to what nobody declares, modules called without
// what they need or with what they don't know, and what nobody uses.
func unresolved(all []block) []string {
	known := scopes(all)
	used := map[string]bool{}
	var found []string
	for _, b := range all {
		for _, fault := range append(unknownReferences(b, known, used), wrongArguments(b, known)...) {
			found = append(found, b.name()+": "+fault)
		}
	}
	found = append(found, unused(known, used)...)
	slices.Sort(found)
	return slices.Compact(found)
}

// unknownReferences lists what a block refers to and nobody declares, and notes what
// it uses.
func unknownReferences(b block, known map[string]*scope, used map[string]bool) (found []string) {
	s := known[b.dir]
	want := func(ok bool, name string) {
		if !ok {
			found = append(found, "no "+name)
		}
	}
	references(b.Body, nil, func(tr hcl.Traversal, iterators []string) {
		steps := stepsOf(tr)
		at := func(i int) string {
			if i < len(steps) {
				return steps[i]
			}
			return ""
		}
		switch steps[0] {
		case "var":
			_, ok := s.variables[at(1)]
			want(ok, "variable "+at(1))
			used[b.dir+" var."+at(1)] = true
		case "local":
			want(s.locals[at(1)], "local "+at(1))
			used[b.dir+" local."+at(1)] = true
		case "module":
			source, ok := s.modules[at(1)]
			callee := known[source]
			want(ok && (callee == nil || callee.outputs[at(2)]), "module."+at(1)+"."+at(2))
		case "data", "ephemeral":
			name := strings.Join(steps[:min(3, len(steps))], ".")
			want(s.blocks[name], strings.Join(steps, "."))
			used[b.dir+" "+name] = true
		case "each", "count", "path", "terraform", "self":
		default:
			switch {
			case slices.Contains(iterators, steps[0]):
			case !strings.Contains(steps[0], "_"):
				want(isType(b, steps[0]), steps[0])
			default:
				want(s.blocks[at(0)+"."+at(1)], at(0)+"."+at(1))
			}
		}
	})
	return found
}

// stepsOf returns the names that a reference goes by, up to what is an index.
func stepsOf(tr hcl.Traversal) []string {
	steps := []string{tr.RootName()}
	for _, step := range tr[1:] {
		if a, ok := step.(hcl.TraverseAttr); ok {
			steps = append(steps, a.Name)
		} else if len(steps) < 4 && steps[0] != "module" {
			break
		}
	}
	return steps
}

// wrongArguments lists what a call of a module lacks, and what the module doesn't know.
func wrongArguments(b block, known map[string]*scope) (found []string) {
	if b.Type != "module" {
		return nil
	}
	callee := known[known[b.dir].modules[b.Labels[0]]]
	if callee == nil {
		return []string{"no module at " + b.text("source")}
	}
	for name := range b.Body.Attributes {
		if _, ok := callee.variables[name]; !ok && !slices.Contains(metaArguments, name) {
			found = append(found, "takes no "+name)
		}
	}
	for name, required := range callee.variables {
		if _, given := b.Body.Attributes[name]; required && !given {
			found = append(found, "needs "+name)
		}
	}
	return found
}

// unused lists what is declared and nobody uses.
func unused(known map[string]*scope, used map[string]bool) (found []string) {
	for dir, s := range known {
		var names []string
		for name := range s.variables {
			names = append(names, "var."+name)
		}
		for name := range s.locals {
			names = append(names, "local."+name)
		}
		for name := range s.blocks {
			if strings.HasPrefix(name, "data.") {
				names = append(names, name)
			}
		}
		for _, name := range names {
			if !used[dir+" "+name] {
				found = append(found, dir+": nobody uses "+name)
			}
		}
	}
	return found
}

// isType reports whether a bare word is a type constraint, such as string.
func isType(b block, word string) bool {
	return b.Type == "variable" && slices.Contains([]string{"string", "number", "bool", "any"}, word)
}

// references calls use for every reference in a body, with the iterators of the
// dynamic blocks around it.
func references(body *hclsyntax.Body, iterators []string, use func(hcl.Traversal, []string)) {
	for _, a := range body.Attributes {
		for _, tr := range a.Expr.Variables() {
			use(tr, iterators)
		}
	}
	for _, b := range body.Blocks {
		inner := iterators
		if b.Type == "dynamic" {
			inner = append(slices.Clone(iterators), b.Labels[0])
		}
		references(b.Body, inner, use)
	}
}

func TestReferences(t *testing.T) {
	all, err := load(t).parse()
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range unresolved(all) {
		t.Error(text)
	}
}

func TestReferencesFindMistakes(t *testing.T) {
	for _, c := range []struct{ file, old, new, want string }{
		{"modules/bus/main.tf", "var.node_type", "var.node_typ", "no variable node_typ"},
		{"modules/bus/main.tf", "aws_elasticache_subnet_group.this.name", "aws_elasticache_subnet_group.that.name", "no aws_elasticache_subnet_group.that"},
		{"modules/bus/users.tf", "ephemeral.random_password.default", "ephemeral.random_password.unnamed", "no ephemeral.random_password.unnamed"},
		{"modules/bucket/main.tf", "rule.value.days", "role.value.days", "no role"},
		{"modules/lake/main.tf", "data.aws_partition.current", "data.aws_partition.here", "no data.aws_partition.here"},
		{"compositions/production/main.tf", "module.bus.node_ids", "module.bus.nodes", "no module.bus.nodes"},
		{"compositions/production/main.tf", "  zone_count         = 3\n", "", "needs zone_count"},
		{"compositions/production/main.tf", "zone_count ", "zones ", "takes no zones"},
		{"compositions/production/main.tf", "modules/athena", "modules/trino", "no module at"},
		{"modules/lake/variables.tf", `variable "log_retention_days"`, `variable "log_days"`, "nobody uses var.log_days"},
	} {
		files := load(t)
		files[c.file] = bytes.ReplaceAll(files[c.file], []byte(c.old), []byte(c.new))
		all, err := files.parse()
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(unresolved(all), "\n"); !strings.Contains(got, c.want) {
			t.Errorf("%q in place of %q: got %q, want %q", c.new, c.old, got, c.want)
		}
	}
}
