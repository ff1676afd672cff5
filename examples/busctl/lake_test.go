package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/carebus/carebus/etl"
	"github.com/carebus/carebus/etl/parquet"
	"github.com/carebus/carebus/eventbus"
	"github.com/carebus/carebus/internal/redistest"
)

// carry carries all events of a bus into a lake, and returns its folder.
func carry(t *testing.T, bus *eventbus.Bus, encoder etl.Encoder) string {
	t.Helper()
	dir := t.TempDir()
	sink, err := etl.Dir(dir)
	if err != nil {
		t.Fatal(err)
	}
	pipeline, err := etl.New(etl.Config{
		Logs: etl.Logs(bus.Logs()), Sink: sink, Environment: "development", Encoder: encoder,
		Scrubber: etl.ScrubFunc(func(dst, event []byte) ([]byte, error) { return append(dst, event...), nil }),
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := pipeline.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestLakeVerify(t *testing.T) {
	url := redistest.Start(t)
	s, bus := newShell(t, url), openBus(t, url)
	publish(t, bus, "user.created", "note.signed")
	dir := carry(t, bus, etl.Snappy())
	var v struct {
		OK   bool
		Logs map[string]etl.Verification
	}
	if s.into(t, &v, "lake", "verify", "-lake", dir); !v.OK || v.Logs["0"].Rows != 2 || v.Logs["0"].Objects != 2 {
		t.Errorf("%+v", v)
	}
	if text := s.ok(t, "lake", "verify", "-lake", dir); !strings.Contains(text, "intact") {
		t.Error(text)
	}
	var object string
	err := filepath.WalkDir(filepath.Join(dir, "events"), func(path string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			object = path
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	body, err := os.ReadFile(object)
	if err != nil {
		t.Fatal(err)
	}
	double := filepath.Join(filepath.Dir(object), "copy-of-"+filepath.Base(object))
	if err := os.WriteFile(double, body, 0o600); err != nil {
		t.Fatal(err)
	}
	if stdout, _, err := s.call(t, "lake", "verify", "-lake", dir); !errors.Is(err, errNotWell) || !strings.Contains(stdout, "BAD") || !strings.Contains(stdout, filepath.Base(double)) {
		t.Errorf("%v\n%s", err, stdout)
	}
	if stdout, _, err := s.call(t, "lake", "verify", "-json", "-lake", dir); !errors.Is(err, errNotWell) || !strings.Contains(stdout, `"strays"`) {
		t.Errorf("%v\n%s", err, stdout)
	}
	if err := errors.Join(os.Remove(double), os.Remove(object)); err != nil {
		t.Fatal(err)
	}
	if stdout, _, err := s.call(t, "lake", "verify", "-lake", dir); !errors.Is(err, errNotWell) || !strings.Contains(stdout, "BAD") || !strings.Contains(stdout, filepath.Base(object)) {
		t.Errorf("%v\n%s", err, stdout)
	}
}

// A lake is verified whatever its format, Parquet too, which etl by itself can't read.
func TestLakeVerifyParquet(t *testing.T) {
	url := redistest.Start(t)
	s, bus := newShell(t, url), openBus(t, url)
	publish(t, bus, "user.created")
	dir := carry(t, bus, parquet.Encoder())
	if text := s.ok(t, "lake", "verify", "-lake", dir); !strings.Contains(text, "intact") {
		t.Error(text)
	}
}

// What retention has taken is not missing.
func TestLakeVerifyAfterRetention(t *testing.T) {
	url := redistest.Start(t)
	s, bus := newShell(t, url), openBus(t, url)
	event := `{"specversion":"1.0","id":"1","source":"a","type":"user.created","time":"2024-01-15T14:03:22Z","kind":"crud","severity":"low","environment":"development","schemaversion":1,"dataclassification":"internal","data":{}}`
	if err := redistest.Client(t, url).Do(t.Context(), "XADD", "carebus:{development.0}:events", "1705327402123-0", "event", event).Err(); err != nil {
		t.Fatal(err)
	}
	dir := carry(t, bus, etl.Snappy())
	if err := os.RemoveAll(filepath.Join(dir, "events")); err != nil {
		t.Fatal(err)
	}
	var v struct {
		OK   bool
		Logs map[string]etl.Verification
	}
	if s.into(t, &v, "lake", "verify", "-lake", dir, "-retention-days", "365"); !v.OK || v.Logs["0"].Expired != 1 {
		t.Errorf("%+v", v)
	}
	if text := s.ok(t, "lake", "verify", "-lake", dir, "-retention-days", "365"); !strings.Contains(text, "EXPIRED") || !strings.Contains(text, "intact") {
		t.Error(text)
	}
	for _, args := range [][]string{nil, {"-retention-days", "36500"}} { // until 1924
		if stdout, _, err := s.call(t, append([]string{"lake", "verify", "-lake", dir}, args...)...); !errors.Is(err, errNotWell) || !strings.Contains(stdout, "must be there") {
			t.Errorf("%v: %v\n%s", args, err, stdout)
		}
	}
}

// Every log of the lake is verified, and none is not well.
func TestLakeVerifyFindsTheLogs(t *testing.T) {
	s := newShell(t, "")
	dir := t.TempDir()
	sink, err := etl.Dir(dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.call(t, "lake", "verify", "-lake", dir); err == nil || !strings.Contains(err.Error(), "no plans of environment development") {
		t.Errorf("an empty lake: %v", err)
	}
	for _, log := range []string{"0", "2", "10"} {
		if err := sink.PutIfAbsent(t.Context(), etl.Object{Key: "plans/development/" + log + "/00000000000000000001.json", Body: []byte("no plan")}); err != nil {
			t.Fatal(err)
		}
	}
	stdout, _, err := s.call(t, "lake", "verify", "-lake", dir)
	if !errors.Is(err, errNotWell) || strings.Count(stdout, "BAD") != 3 || strings.Index(stdout, "log 2,") > strings.Index(stdout, "log 10,") {
		t.Errorf("%v\n%s", err, stdout)
	}
	nowhere := filepath.Join(dir, "nowhere")
	if _, _, err := s.call(t, "lake", "verify", "-lake", nowhere); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a lake that isn't there: %v", err)
	}
	if _, err := os.Stat(nowhere); !errors.Is(err, os.ErrNotExist) {
		t.Error("looking for a lake made it")
	}
}

func TestDDL(t *testing.T) {
	s := newShell(t, "")
	s.env["ENVIRONMENT"] = "staging"
	if text := s.ok(t, "ddl", "-location", "s3://my-lake/carebus", "-database", "practice"); !strings.Contains(text, "events_staging") || !strings.Contains(text, "projection.enabled") || strings.Count(text, ";\n") < 4 {
		t.Error(text)
	}
	// Tables outlive New Year's Eve by far: a year beyond their last has no rows, and no error.
	if text := s.ok(t, "ddl", "-location", "s3://my-lake"); !strings.Contains(text, fmt.Sprintf("'%d,%d'", time.Now().UTC().Year()-20, time.Now().UTC().Year()+15)) {
		t.Error(text)
	}
	var statements []struct{ Name, SQL string }
	if s.into(t, &statements, "ddl", "-lake", "s3://my-lake"); len(statements) < 4 {
		t.Errorf("%+v", statements)
	}
}
