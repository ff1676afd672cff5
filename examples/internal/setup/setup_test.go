package setup

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/carebus/carebus/etl"
)

// An askedLake is a lake that answers Get like that.
type askedLake struct {
	etl.Sink
	get func(context.Context) error
	key *string
}

func (l askedLake) Get(ctx context.Context, key string) ([]byte, error) {
	*l.key = key
	return nil, l.get(ctx)
}

// What won't mend itself keeps a program from starting; a lake that is away doesn't.
func TestCheckLake(t *testing.T) {
	hang := func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }
	for _, c := range []struct {
		name     string
		get      func(context.Context) error
		ok, told bool
	}{
		{"fine", func(context.Context) error { return etl.ErrNotFound }, true, false},
		{"no bucket", func(context.Context) error { return fmt.Errorf("s3sink: %w", etl.ErrPermanent) }, false, false},
		{"no answer", func(context.Context) error { return errors.New("connection refused") }, true, true},
		{"no end", hang, true, true},
	} {
		synctest.Test(t, func(t *testing.T) {
			began, told, key := time.Now(), false, ""
			err := CheckLake(t.Context(), askedLake{get: c.get, key: &key}, "staging", func(error) { told = true })
			if (err == nil) != c.ok || told != c.told || time.Since(began) > checkLakeFor {
				t.Errorf("%s: %v, told %v, after %v", c.name, err, told, time.Since(began))
			}
			// What examples/terraform lets a sink read.
			if !strings.HasPrefix(key, "plans/staging/") || etl.CheckKey(key) != nil {
				t.Errorf("%s was asked for", key)
			}
		})
	}
}

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
