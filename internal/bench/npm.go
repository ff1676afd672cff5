package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// npmFiles are a package.json that names the redactors and the script that
// runs one of them.
//
//go:embed npm
var npmFiles embed.FS

// npmTimeout bounds the installation.
const npmTimeout = 2 * time.Minute

// scrubNPM has a redactor of npm scrub n documents of a corpus, in a node
// process of its own. The time is taken in that process, behind a pass that
// warms it up.
func (e *testbed) scrubNPM(ctx context.Context, pkg string, c corpus, n int) (sample, error) {
	home, err := installNPM(ctx)
	if err != nil {
		return sample{}, &skipError{err.Error()}
	}
	input, err := e.writeCorpus(c)
	if err != nil {
		return sample{}, err
	}
	var stdout, stderr bytes.Buffer
	cmd := exec.CommandContext(ctx, "node", filepath.Join(home, "redact.mjs"), pkg, input, fmt.Sprint(n))
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		return sample{}, fmt.Errorf("node: %w: %s", err, lastLine(stderr.String()))
	}
	var got struct {
		Documents int
		Bytes     int64
		Elapsed   time.Duration // nanoseconds
		CPU       time.Duration
		Left      int
	}
	if err := json.Unmarshal(stdout.Bytes(), &got); err != nil {
		return sample{}, fmt.Errorf("node: %w", err)
	}
	s := sample{events: n, bytes: got.Bytes, elapsed: got.Elapsed, cpu: got.CPU, note: leftNote(got.Left, c)}
	return s, checkArrived(got.Documents, n)
}

// writeCorpus writes a corpus to a file, a document a line, and returns its name.
func (e *testbed) writeCorpus(c corpus) (string, error) {
	name := filepath.Join(e.dir, c.scenario+".jsonl")
	if _, err := os.Stat(name); err == nil {
		return name, nil
	}
	var b bytes.Buffer
	lines := json.NewEncoder(&b)
	for _, d := range c.documents {
		if err := lines.Encode(d); err != nil {
			return "", err
		}
	}
	return name, os.WriteFile(name, b.Bytes(), 0o600)
}

// installNPM installs the redactors into a folder of the user's cache, unless
// they are there, and returns it.
func installNPM(ctx context.Context) (string, error) {
	for _, tool := range []string{"node", "npm"} {
		if _, err := exec.LookPath(tool); err != nil {
			return "", fmt.Errorf("%s is not installed", tool)
		}
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	version, err := npmVersion()
	if err != nil {
		return "", err
	}
	home := filepath.Join(cache, "carebus-bench", "npm-"+version)
	if _, err := os.Stat(home); err == nil {
		return home, nil
	}
	if err := os.MkdirAll(filepath.Dir(home), 0o755); err != nil {
		return "", err
	}
	// A folder gets its name when it is complete.
	temp, err := os.MkdirTemp(filepath.Dir(home), "installing-")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(temp)
	if err := npmInstall(ctx, temp); err != nil {
		return "", err
	}
	if err := os.Rename(temp, home); err != nil && !errors.Is(err, fs.ErrExist) {
		return "", err
	}
	return home, nil
}

// npmVersion returns a name for what npmFiles hold.
func npmVersion() (string, error) {
	h := sha256.New()
	err := fs.WalkDir(npmFiles, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := npmFiles.ReadFile(path)
		h.Write([]byte(path))
		h.Write(b)
		return err
	})
	return fmt.Sprintf("%x", h.Sum(nil)[:8]), err
}

func npmInstall(ctx context.Context, dir string) error {
	files, err := fs.Sub(npmFiles, "npm")
	if err != nil {
		return err
	}
	if err := os.CopyFS(dir, files); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, npmTimeout)
	defer cancel()
	cmd := exec.CommandContext(ctx, "npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock")
	cmd.Dir = dir
	if err := cmd.Run(); err != nil {
		return errors.New("npm could not install it; is there a network?")
	}
	return nil
}

func lastLine(s string) string {
	s = strings.TrimSpace(s)
	return s[strings.LastIndexByte(s, '\n')+1:]
}
