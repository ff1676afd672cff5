package examples

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var (
	// callPattern finds calls of this module's programs and tests, in indented
	// lines and in code between backquotes, with their arguments.
	callPattern = regexp.MustCompile("(?m)(?:^    |[`|(] *|KEY=\\$\\()(go run|go test|go build|go get|busctl|curl) ([^`|#\n]*(?:\\\\\n[^`|#\n]*)*)")
	definedFlag = regexp.MustCompile(`(?:Var\([^,]+, |flag\.(?:String|Int|Uint64|Duration|Bool)\()"([a-z][a-z0-9.-]*)"`)
	commandName = regexp.MustCompile(`name: "([a-z ]+)"`)
	quoted      = regexp.MustCompile(`'[^']*'|"[^"]*"`)
)

// TestCommands: the commands in the documents name programs, packages, tests,
// flags, paths and subcommands that there are.
func TestCommands(t *testing.T) {
	calls := map[string]int{}
	for _, file := range append([]string{"../README.md"}, documents...) {
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range callPattern.FindAllStringSubmatch(string(src), -1) {
			if strings.HasPrefix(file, "terraform/") && m[1] == "go test" {
				continue // of the module there
			}
			calls[m[1]]++
			if err := checkCall(m[1], m[2]); err != nil {
				t.Errorf("%s: %s %s: %v", file, m[1], strings.TrimSpace(m[2]), err)
			}
		}
	}
	for call, least := range map[string]int{"go run": 10, "go test": 3, "busctl": 10, "curl": 1, "go build": 1, "go get": 1} {
		if calls[call] < least {
			t.Errorf("%d calls of %s are found", calls[call], call)
		}
	}
	// The test finds what it is there for.
	for _, c := range [][2]string{
		{"go run", "./examples/scrubber"}, {"go run", "./examples/scrub -txt"}, {"go run", "./examples/busctl doctr"}, {"go run", "./examples/pipeline -lake x -strikt -json"},
		{"busctl", "dlq list|shew"}, {"busctl", "keys create -scope publish"}, {"go test", "./internal/fault"}, {"go test", "./internal/faults -run TestNobodyWrote"},
		{"go test", "./internal/faults -faults.fer 2m"}, {"curl", "-X POST localhost:8000/api/events/publsh"}, {"go get", "github.com/carebus/carebuzz@latest"},
	} {
		if checkCall(c[0], c[1]) == nil {
			t.Errorf("%s %s is taken", c[0], c[1])
		}
	}
}

// checkCall returns what is wrong with a call.
func checkCall(program, rest string) error {
	args := strings.Fields(strings.NewReplacer("\\\n", " ", ")", " ").Replace(quoted.ReplaceAllString(rest, " ")))
	switch program {
	case "busctl":
		return checkProgram("busctl", args)
	case "go run":
		if len(args) == 0 || !strings.HasPrefix(args[0], "./examples/") {
			return nil // another module's
		}
		return checkProgram(strings.TrimPrefix(args[0], "./examples/"), args[1:])
	case "go test":
		return checkTests(args)
	case "go build":
		return checkFolders(args)
	case "go get":
		if path, _, _ := strings.Cut(args[0], "@"); path != module {
			return fmt.Errorf("the module is %s", module)
		}
	case "curl":
		return checkPath(args)
	}
	return nil
}

// checkProgram looks at the flags of a program, and at the subcommands of busctl.
func checkProgram(name string, args []string) error {
	src := sources(name, "*.go")
	if src == "" {
		return fmt.Errorf("there is no examples/%s", name)
	}
	flags := names(definedFlag, src)
	for _, arg := range args {
		if arg == "-" || arg == "-h" || !strings.HasPrefix(arg, "-") {
			continue
		}
		if f, _, _ := strings.Cut(arg[1:], "="); !slices.Contains(flags, f) {
			return fmt.Errorf("it has no flag -%s", f)
		}
	}
	if name != "busctl" || len(args) == 0 || !regexp.MustCompile(`^[a-z]+$`).MatchString(args[0]) || args[0] == "command" {
		return nil
	}
	commands := names(commandName, src)
	group := slices.ContainsFunc(commands, func(c string) bool { return strings.HasPrefix(c, args[0]+" ") })
	switch {
	case slices.Contains(commands, args[0]), group && len(args) == 1:
		return nil
	case !group:
		return fmt.Errorf("it has no command %s", args[0])
	}
	for second := range strings.SplitSeq(args[1], "|") {
		if !slices.Contains(commands, args[0]+" "+second) {
			return fmt.Errorf("it has no command %s %s", args[0], second)
		}
	}
	return nil
}

// checkTests looks at the packages, tests and own flags of a go test.
func checkTests(args []string) error {
	if err := checkFolders(args); err != nil {
		return err
	}
	var src strings.Builder
	for _, arg := range args {
		if strings.HasPrefix(arg, "./") {
			src.WriteString(sources("../"+arg, "*_test.go"))
		}
	}
	for i, arg := range args {
		if arg == "-run" && i+1 < len(args) && !strings.Contains(src.String(), "func "+args[i+1]) {
			return fmt.Errorf("there is no %s", args[i+1])
		}
		if strings.Contains(arg, ".") && strings.HasPrefix(arg, "-") && !slices.Contains(names(definedFlag, src.String()), arg[1:]) {
			return fmt.Errorf("there is no flag %s", arg)
		}
	}
	return nil
}

// checkFolders looks for the folders among args.
func checkFolders(args []string) error {
	for _, arg := range args {
		if folder, ok := strings.CutPrefix(arg, "./"); ok && folder != "..." {
			if _, err := os.Stat(filepath.Join("..", strings.TrimSuffix(folder, "/..."))); err != nil {
				return err
			}
		}
	}
	return nil
}

// checkPath looks for the paths among args in the API's document.
func checkPath(args []string) error {
	api, err := os.ReadFile("../eventbus/httpapi/openapi.json")
	if err != nil {
		return err
	}
	for _, arg := range args {
		if _, path, ok := strings.Cut(arg, "localhost:8000"); ok && !strings.Contains(string(api), `"`+path+`":`) {
			return fmt.Errorf("the API has no %s", path)
		}
	}
	return nil
}

// sources returns the files of a folder that match a pattern, or "".
func sources(folder, pattern string) string {
	files, _ := filepath.Glob(filepath.Join(folder, pattern))
	var all strings.Builder
	for _, f := range files {
		src, _ := os.ReadFile(f)
		all.Write(src)
	}
	return all.String()
}

func names(pattern *regexp.Regexp, src string) []string {
	var list []string
	for _, m := range pattern.FindAllStringSubmatch(src, -1) {
		list = append(list, m[1])
	}
	return list
}
