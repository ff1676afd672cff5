package setup

import (
	"bytes"
	"errors"
	"flag"
	"os"
	"strings"
	"testing"
)

// A URL that nobody knows must not become a directory of that name.
func TestLakeRefusesOtherURLs(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, where := range []string{"ftp://lake", "S3://bucket", "file:///lake", "s3a://bucket", "s3://"} {
		if _, err := Lake(t.Context(), where); err == nil {
			t.Errorf("%s is taken", where)
		}
	}
	if made, err := os.ReadDir("."); err != nil || len(made) > 0 {
		t.Errorf("it made %v, %v", made, err)
	}
}

func TestParseAndStatus(t *testing.T) {
	for _, c := range []struct {
		name   string
		args   []string
		check  error
		status int
		told   string
	}{
		{"fine", []string{"-n", "3"}, nil, 0, ""},
		{"help", []string{"-h"}, nil, 0, "Usage of prog"},
		{"no such flag", []string{"-x"}, nil, 2, "-x"},
		{"a bad value", []string{"-n", "3"}, errors.New("n must be even"), 2, "prog: n must be even\n"},
	} {
		var stderr bytes.Buffer
		fs := flag.NewFlagSet("prog", flag.ContinueOnError)
		fs.SetOutput(&stderr)
		fs.Int("n", 0, "")
		err := Parse(fs, c.args, func() error { return c.check })
		if got := Status("prog", err, &stderr); got != c.status {
			t.Errorf("%s: status %d, want %d", c.name, got, c.status)
		}
		if got := stderr.String(); !strings.Contains(got, c.told) || c.told == "" && got != "" || strings.Count(got, "must be") > 1 {
			t.Errorf("%s: told %q", c.name, got)
		}
	}
	var stderr bytes.Buffer
	if Status("prog", errors.New("no luck"), &stderr) != 1 || stderr.String() != "prog: no luck\n" {
		t.Errorf("any other error: told %q", &stderr)
	}
}

func TestLakePlace(t *testing.T) {
	for _, c := range []struct{ flag, bucket, environment, want string }{
		{"", "", "", DefaultLake}, {"", "", Development, DefaultLake}, {"", "my-lake", "", "s3://my-lake"}, {"dir", "", "", "dir"}, {"dir", "my-lake", "", "dir"}, {"", "my-lake/a", "", "s3://my-lake/a"},
		{"", "", "production", ""}, {"", "", "staging", ""}, {"", "my-lake", "production", "s3://my-lake"}, {"", "s3://my-lake", "", ""}, {"", "My Lake", "", ""}, {"dir", "", "production", "dir"},
	} {
		env := map[string]string{"S3_BUCKET": c.bucket, "ENVIRONMENT": c.environment}
		got, err := LakePlace(c.flag, func(name string) string { return env[name] })
		if got != c.want || (err != nil) != (c.want == "") {
			t.Errorf("LakePlace(%q) of %v = %q, %v; want %q", c.flag, env, got, err, c.want)
		}
	}
}
