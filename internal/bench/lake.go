package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/carebus/carebus/etl"
	"github.com/carebus/carebus/internal/hadoopsnappy"
	"github.com/carebus/carebus/phi"
)

// lakeScenario is a full stream carried to files.
func lakeScenario(env *testbed) scenario {
	return scenario{
		name:    "lake_snappy",
		metrics: []metric{eventsPerSecond("lake_snappy")},
		contenders: []contender{
			newContender(carebusName, env.lakeCarebus),
			env.benthos("benthos_lines", benthosLines),
			env.benthos("benthos_snappy", benthosSnappy),
			env.benthos("benthos_untuned", benthosUntuned),
		},
	}
}

// fillStream empties Redis and publishes n events with a bus.
func (e *testbed) fillStream(ctx context.Context, n int) (err error) {
	if err := e.reset(ctx); err != nil {
		return err
	}
	bus, err := e.bus(ctx, 1)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, bus.Close()) }()
	return e.fillBus(ctx, bus)(n)
}

// lakeCarebus carries n events to a directory lake: scrubbed again, each
// exactly once, in files that are flushed to the disk.
func (e *testbed) lakeCarebus(ctx context.Context, n int) (s sample, err error) {
	if err := e.fillStream(ctx, n); err != nil {
		return s, err
	}
	dir, err := os.MkdirTemp(e.dir, "lake-")
	if err != nil {
		return s, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	bus, err := e.bus(ctx, 1)
	if err != nil {
		return s, err
	}
	defer func() { err = errors.Join(err, bus.Close()) }()
	sink, err := etl.Dir(dir)
	if err != nil {
		return s, err
	}
	defer func() { err = errors.Join(err, sink.Close()) }()
	scrubber, err := newScrubber(phi.LimitedDataSet)
	if err != nil {
		return s, err
	}
	pipeline, err := etl.New(etl.Config{
		Logs: etl.Logs(bus.Logs()), Sink: sink, Environment: environment,
		Scrubber: etl.ScrubFunc(func(dst, event []byte) ([]byte, error) {
			dst, _, err := scrubber.ScrubEvent(dst, event)
			return dst, err
		}),
	})
	if err != nil {
		return s, err
	}
	watch := startWatch()
	if err := pipeline.Drain(ctx); err != nil {
		return s, err
	}
	s = watch.stop(n)
	s.note = coresNote(s)
	open := func(r io.Reader) (io.Reader, error) {
		file, err := io.ReadAll(r)
		if err != nil {
			return nil, err
		}
		lines, err := hadoopsnappy.Decode(nil, file)
		return bytes.NewReader(lines), err
	}
	return s, checkRows(filepath.Join(dir, "events"), ".snappy", "event_id", open, n)
}

// coresNote tells how busy a pipeline was: one that waits for the disk uses
// less than a core.
func coresNote(s sample) string {
	return fmt.Sprintf("uses %.2f cores, %s events/s per core used", s.cpu.Seconds()/s.elapsed.Seconds(), figure(float64(s.events)/s.cpu.Seconds()))
}

// checkRows reads the files below dir whose names end in suffix, lines of
// JSON, and fails unless they hold n different ids.
func checkRows(dir, suffix, id string, open func(io.Reader) (io.Reader, error), n int) error {
	ids := make([]string, 0, n)
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, suffix) {
			return err
		}
		f, err := os.Open(path)
		if err != nil {
			return err
		}
		defer f.Close()
		r, err := open(f)
		if err != nil {
			return err
		}
		lines := bufio.NewScanner(r)
		lines.Buffer(nil, 1<<20)
		for lines.Scan() {
			var row map[string]json.RawMessage
			if err := json.Unmarshal(lines.Bytes(), &row); err != nil {
				return fmt.Errorf("a row isn't JSON: %w", err)
			}
			ids = append(ids, string(row[id]))
		}
		return lines.Err()
	})
	if err != nil {
		return err
	}
	return distinct(ids, n)
}
