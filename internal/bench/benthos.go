package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/benthosdev/benthos/v4/public/service"
	"github.com/golang/snappy"

	// The components that the pipelines below name, and no others.
	_ "github.com/benthosdev/benthos/v4/public/components/io"
	_ "github.com/benthosdev/benthos/v4/public/components/pure"
	_ "github.com/benthosdev/benthos/v4/public/components/redis"
)

// A benthosPipeline is how Benthos carries events to files.
type benthosPipeline struct {
	limit  int    // entries that it asks Redis for at a time
	output string // its YAML; %s is the folder
	suffix string // of its files
	open   func(io.Reader) (io.Reader, error)
}

// benthosTuned is a limit of Benthos' reads that serves it well here.
const benthosTuned = 1000

var (
	// benthosLines is one file of lines.
	benthosLines = benthosPipeline{
		limit:  benthosTuned,
		output: "file: {path: '%s/events.jsonl', codec: lines}",
		suffix: ".jsonl",
		open:   func(r io.Reader) (io.Reader, error) { return r, nil },
	}
	// benthosSnappy is a file of Snappy for each 1,000 events: what a pipeline
	// for a lake does. It is one block of Snappy without framing.
	benthosSnappy = benthosPipeline{
		limit: benthosTuned,
		output: `broker:
  outputs:
    - file: {path: '%s/${! uuid_v4() }.jsonl.snappy', codec: all-bytes}
  batching:
    count: 1000
    period: 50ms
    processors:
      - archive: {format: lines}
      - compress: {algorithm: snappy}`,
		suffix: ".snappy",
		open: func(r io.Reader) (io.Reader, error) {
			block, err := io.ReadAll(r)
			if err != nil {
				return nil, err
			}
			lines, err := snappy.Decode(nil, block)
			return bytes.NewReader(lines), err
		},
	}
)

// benthosUntuned is benthosSnappy with the limit that Benthos has by default.
var benthosUntuned = benthosPipeline{limit: 10, output: benthosSnappy.output, suffix: benthosSnappy.suffix, open: benthosSnappy.open}

// benthos returns the contender that carries events with p.
func (e *testbed) benthos(name string, p benthosPipeline) contender {
	return newContender(name, func(ctx context.Context, n int) (sample, error) { return e.lakeBenthos(ctx, n, p) })
}

// lakeBenthos carries n events from a stream to files with Benthos. It
// acknowledges every 10 ms, where its default is a second, so that the end of a
// sample isn't waiting.
func (e *testbed) lakeBenthos(ctx context.Context, n int, p benthosPipeline) (s sample, err error) {
	if err := e.fillStream(ctx, n); err != nil {
		return s, err
	}
	dir, err := os.MkdirTemp(e.dir, "benthos-")
	if err != nil {
		return s, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	stream, err := benthosStream(e.server.Addr, p.limit, fmt.Sprintf(p.output, dir))
	if err != nil {
		return s, err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	watch := startWatch()
	ended := make(chan error, 1)
	go func() { ended <- stream.Run(ctx) }()
	if err := e.awaitAcks(ctx, eventStream, group, n); err != nil {
		cancel()
		return s, errors.Join(err, <-ended)
	}
	s = watch.stop(n)
	s.note = coresNote(s)
	if err := stream.StopWithin(10 * time.Second); err != nil {
		return s, fmt.Errorf("stop benthos: %w", err)
	}
	if err := <-ended; err != nil {
		return s, err
	}
	return s, checkRows(dir, p.suffix, "id", p.open, n)
}

// benthosStream sets up a pipeline from the stream of events to an output.
func benthosStream(addr string, limit int, output string) (*service.Stream, error) {
	b := service.NewStreamBuilder()
	if err := b.SetLoggerYAML("level: NONE"); err != nil {
		return nil, err
	}
	input := fmt.Sprintf(`redis_streams:
  url: redis://%s
  body_key: event
  streams: ['%s']
  consumer_group: %s
  client_id: c
  limit: %d
  commit_period: 10ms
  timeout: 100ms`, addr, eventStream, group, limit)
	if err := b.AddInputYAML(input); err != nil {
		return nil, err
	}
	if err := b.AddOutputYAML(output); err != nil {
		return nil, err
	}
	return b.Build()
}
