package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"

	"github.com/goccy/go-yaml"

	"github.com/carebus/carebus/examples/internal/setup"
	"github.com/carebus/carebus/phi"
	"github.com/carebus/carebus/schema"
)

// maxLine is the longest line that is read.
const maxLine = 64 << 20

type options struct {
	profile     phi.Profile
	given       bool // -profile was
	policy      string
	text, spans bool
}

func parseFlags(args []string, stderr io.Writer) (options, error) {
	var o options
	profile := phi.SafeHarbor.String()
	fs := flag.NewFlagSet("scrub", flag.ContinueOnError)
	fs.SetOutput(stderr)
	fs.StringVar(&profile, "profile", profile, "`profile`: operational, limited_data_set or safe_harbor")
	fs.BoolVar(&o.text, "text", false, `lines are {"id","text"}: scrub the text`)
	fs.BoolVar(&o.spans, "spans", false, "with -text: print where findings stand")
	fs.StringVar(&o.policy, "policy", "", "policy `file`, YAML or JSON; it may name a profile, which counts unless -profile is given")
	err := setup.Parse(fs, args, func() (err error) {
		o.profile, err = phi.ParseProfile(profile)
		fs.Visit(func(f *flag.Flag) { o.given = o.given || f.Name == "profile" })
		switch {
		case err != nil:
		case fs.NArg() > 0:
			err = errors.New("no arguments are taken: lines come from standard input")
		case o.spans && !o.text:
			err = errors.New("-spans needs -text")
		}
		return err
	})
	return o, err
}

func run(ctx context.Context, args []string, getenv func(string) string, stdin io.Reader, stdout, stderr io.Writer) error {
	o, err := parseFlags(args, stderr)
	if err != nil {
		return err
	}
	s, err := newScrubber(o, getenv)
	if err != nil {
		return err
	}
	line := jsonOf(s)
	switch {
	case o.spans:
		line = spansOf(s)
	case o.text:
		line = textOf(s)
	}
	return scrubLines(ctx, line, stdin, stdout, stderr)
}

func newScrubber(o options, getenv func(string) string) (*phi.Scrubber, error) {
	cfg := phi.Config{Profile: o.profile, Registry: schema.Catalogue()} // of events, tags tell what fields hold
	if o.policy != "" {
		text, err := os.ReadFile(o.policy)
		if err != nil {
			return nil, err
		}
		var named phi.Profile
		if cfg.Policy, named, err = phi.ParsePolicy(text); err != nil {
			return nil, err
		}
		if !o.given && namesProfile(text) { // a policy without one must not weaken the default
			cfg.Profile = named
		}
	}
	var err error
	if cfg.Key, err = setup.Key(getenv); err != nil {
		return nil, err
	}
	return phi.New(cfg)
}

// namesProfile reports whether a policy file, which is valid, names a profile.
func namesProfile(text []byte) bool {
	var file struct {
		Profile string `yaml:"profile"`
	}
	return yaml.Unmarshal(text, &file) == nil && file.Profile != ""
}

// jsonOf returns the line function for JSON values. CloudEvents are scrubbed as
// what they are.
func jsonOf(s *phi.Scrubber) lineFunc {
	return func(dst, line []byte) ([]byte, phi.Report, error) {
		if bytes.Contains(line, []byte(`"specversion"`)) {
			return s.ScrubEvent(dst, line)
		}
		return s.ScrubJSON(dst, line)
	}
}

// A lineFunc appends what a line becomes to dst.
type lineFunc = func(dst, line []byte) ([]byte, phi.Report, error)

func scrubLines(ctx context.Context, f lineFunc, stdin io.Reader, stdout, stderr io.Writer) error {
	in := bufio.NewScanner(stdin)
	in.Buffer(make([]byte, 64<<10), maxLine)
	out := bufio.NewWriterSize(stdout, 64<<10)
	refused := 0
	var buf []byte
	for n := 1; in.Scan(); n++ {
		if err := ctx.Err(); err != nil {
			return err
		}
		line := bytes.TrimSpace(in.Bytes())
		if len(line) == 0 {
			continue
		}
		var err error
		if buf, _, err = f(buf[:0], line); err != nil {
			refused++
			fmt.Fprintf(stderr, "line %d: %v\n", n, err)
			buf = append(buf[:0], "null"...)
		}
		out.Write(append(buf, '\n')) // Flush tells of errors
	}
	if err := out.Flush(); err != nil {
		return err
	}
	if errors.Is(in.Err(), bufio.ErrTooLong) {
		return fmt.Errorf("a line is longer than %d bytes", maxLine)
	}
	if in.Err() != nil {
		return in.Err()
	}
	if refused > 0 {
		return fmt.Errorf("lines refused: %d", refused)
	}
	return nil
}

type textLine struct {
	ID   json.RawMessage `json:"id"`
	Text *string         `json:"text"`
}

func readText(line []byte) (textLine, error) {
	var t textLine
	if json.Unmarshal(line, &t) != nil || t.Text == nil { // the error may quote the line
		return t, errors.New(`not a JSON object with a string "text"`)
	}
	if t.ID == nil {
		t.ID = json.RawMessage("null")
	}
	return t, nil
}

// textOf returns the line function of -text. The id, by which lines are told apart,
// stays as it is; other members are left out.
func textOf(s *phi.Scrubber) lineFunc {
	return func(dst, line []byte) ([]byte, phi.Report, error) {
		t, err := readText(line)
		if err != nil {
			return dst, phi.Report{}, err
		}
		text, r := s.ScrubText(nil, *t.Text)
		quoted, err := json.Marshal(string(text))
		if err != nil {
			return dst, r, errors.New("text can't be encoded")
		}
		dst = append(dst, `{"id":`...)
		dst = append(dst, t.ID...)
		dst = append(dst, `,"text":`...)
		return append(append(dst, quoted...), '}'), r, nil
	}
}

// spansOf returns the line function of -text -spans.
func spansOf(s *phi.Scrubber) lineFunc {
	return func(dst, line []byte) ([]byte, phi.Report, error) {
		t, err := readText(line)
		if err != nil {
			return dst, phi.Report{}, err
		}
		dst = append(dst, `{"id":`...)
		dst = append(dst, t.ID...)
		dst = append(dst, `,"spans":[`...)
		for i, sp := range s.Spans(*t.Text) {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = fmt.Appendf(dst, `{"start":%d,"end":%d,"label":%q}`, sp.Start, sp.End, sp.Category.Group())
		}
		return append(dst, "]}"...), phi.Report{}, nil
	}
}
