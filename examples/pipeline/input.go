package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"

	"golang.org/x/sync/semaphore"

	"github.com/carebus/carebus/schema"
)

// maxLine bounds the memory that one line of input takes. The bus has a limit
// of its own for events, which is lower.
const maxLine = 8 << 20

// errEnd says that the input is used up.
var errEnd = errors.New("end of input")

// A lineError is a line that holds no event. It doesn't end the input.
type lineError struct {
	line   int
	reason error
}

func (e *lineError) Error() string { return e.reason.Error() }

// An input is a series of events to publish.
type input struct {
	registry  *schema.Registry
	simulated bool
	unit      string // what its items are called in messages
	total     int64  // its size, in the measure of done; -1: unknown

	decode func(line []byte) (schema.Envelope, error)
	items  <-chan item
	queued *semaphore.Weighted // bytes of text in items
	left   int                 // items to hand out; -1: all
	seen   int64
	text   int64 // bytes of the lines that were handed out
	stop   context.CancelFunc
	closer io.Closer
}

// maxQueued bounds the bytes of lines that wait to be handed out.
const maxQueued = 4 * maxLine

// An item is one line of the input, or one event of the practice day.
type item struct {
	number int
	text   []byte
	event  *schema.Envelope // set instead of text when the event is made here
	size   int64            // its share of the input's total
	err    error            // without a number: the input itself failed
}

// openInput opens what the flags name.
func openInput(o options, stdin io.Reader) (*input, error) {
	in := &input{registry: schema.Catalogue(), unit: "line", total: -1, left: o.n}
	in.decode = in.registry.DecodeInput
	switch {
	case o.input == "":
		if o.n < 0 {
			o.n = practiceDayEvents
		}
		in.simulate(o.n)
		return in, nil
	case o.format == "fhir":
		registerResources(in.registry)
		in.decode = decodeResource
	}
	if o.input == "-" {
		in.feed(readLines(stdin))
		return in, nil
	}
	f, err := os.Open(o.input)
	if err != nil {
		return nil, err
	}
	if info, err := f.Stat(); err == nil && info.Mode().IsRegular() {
		in.total = info.Size()
	}
	in.closer = f
	in.feed(readLines(f))
	return in, nil
}

// feed has items made in a goroutine of its own, so that a signal is heard while a
// read blocks, not far ahead of those who take them.
func (in *input) feed(all iter.Seq[item]) {
	ctx, stop := context.WithCancel(context.Background())
	items := make(chan item, publishBatch)
	in.items, in.stop, in.queued = items, stop, semaphore.NewWeighted(maxQueued)
	go func() {
		defer close(items)
		for it := range all {
			if in.queued.Acquire(ctx, int64(len(it.text))) != nil {
				return
			}
			select {
			case items <- it:
			case <-ctx.Done():
				return
			}
		}
	}()
}

// close ends the input. A read that is under way on standard input goes on
// until the process ends.
func (in *input) close() {
	in.stop()
	if in.closer != nil {
		in.closer.Close() //nolint:errcheck // it was only read
	}
}

// next returns the next event and its line. A [*lineError] tells of a line that
// holds none; errEnd ends the input.
func (in *input) next(ctx context.Context) (schema.Envelope, int, error) {
	if in.left == 0 {
		return schema.Envelope{}, 0, errEnd
	}
	select {
	case <-ctx.Done():
		return schema.Envelope{}, 0, ctx.Err()
	case it, ok := <-in.items:
		if !ok {
			return schema.Envelope{}, 0, errEnd
		}
		in.queued.Release(int64(len(it.text)))
		in.seen += it.size
		in.text += int64(len(it.text))
		if it.err != nil && it.number == 0 {
			return schema.Envelope{}, 0, it.err
		}
		e, err := schema.Envelope{}, it.err
		switch {
		case it.event != nil:
			e = *it.event
		case err == nil:
			e, err = in.decode(it.text)
		}
		if err != nil {
			return e, it.number, &lineError{it.number, err}
		}
		in.left--
		return e, it.number, nil
	}
}

// ready reports whether the next event is at hand without waiting.
func (in *input) ready() bool { return len(in.items) > 0 }

// done returns how much of total has been taken.
func (in *input) done() int64 { return in.seen }

// readLines reads lines. Blank lines and a byte order mark before the first are
// passed over; a line over the limit is skipped to its end and reported. A read
// error comes last, without a number.
func readLines(r io.Reader) iter.Seq[item] {
	return func(yield func(item) bool) {
		br := bufio.NewReaderSize(r, 1<<20)
		for number := 1; ; number++ {
			it, err := readLine(br)
			it.number = number
			if number == 1 {
				it.text = bytes.TrimPrefix(it.text, []byte("\uFEFF"))
			}
			if (it.err != nil || len(bytes.TrimSpace(it.text)) > 0) && !yield(it) || err == io.EOF {
				return
			}
			if err != nil {
				yield(item{err: fmt.Errorf("read the input: %w", err)})
				return
			}
		}
	}
}

func readLine(br *bufio.Reader) (it item, err error) {
	for {
		part, err := br.ReadSlice('\n')
		it.size += int64(len(part))
		switch {
		case it.err != nil:
		case len(it.text)+len(part) > maxLine:
			it.text, it.err = nil, fmt.Errorf("the line is longer than %d MiB", maxLine>>20)
		default:
			it.text = append(it.text, part...)
		}
		if err != bufio.ErrBufferFull {
			return it, err
		}
	}
}
