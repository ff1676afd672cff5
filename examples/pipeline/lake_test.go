package main

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/carebus/carebus/internal/hadoopsnappy"
)

// A row is what the tests look at in a row of the lake.
type row struct {
	EventID   string `json:"event_id"`
	Kind      string `json:"kind"`
	Subject   string `json:"subject"`
	Actor     string `json:"actor"`
	StreamID  string `json:"stream_id"`
	Payload   string `json:"payload"`
	eventType string // from the path
}

var objectPath = regexp.MustCompile(`^events/[a-z0-9-]+/year=\d{4}/month=\d\d/day=\d\d/hour=\d\d/event_type=([a-z0-9_.]+)/\d+-\d{20}-\d+\.jsonl\.snappy$`)

// readLake returns the rows of the lake at dir, failing t for an object whose
// path or content is not as documented.
func readLake(t *testing.T, dir string) []row {
	t.Helper()
	var rows []row
	root := filepath.Join(dir, "events")
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		rel, err := filepath.Rel(dir, name)
		if err != nil {
			return err
		}
		match := objectPath.FindStringSubmatch(filepath.ToSlash(rel))
		if match == nil {
			t.Errorf("unexpected object %s", rel)
			return nil
		}
		body, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		rows = append(rows, decodeRows(t, body, match[1])...)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func decodeRows(t *testing.T, body []byte, eventType string) []row {
	t.Helper()
	text, err := hadoopsnappy.Decode(nil, body)
	if err != nil {
		t.Fatal(err)
	}
	var rows []row
	for line := range bytes.Lines(text) {
		r := row{eventType: eventType}
		if err := json.Unmarshal(line, &r); err != nil {
			t.Fatal(err)
		}
		rows = append(rows, r)
	}
	return rows
}

// uniqueIDs fails t when an event is in the lake more than once.
func uniqueIDs(t *testing.T, rows []row) map[string]bool {
	t.Helper()
	ids := map[string]bool{}
	for _, r := range rows {
		if ids[r.EventID] {
			t.Errorf("event %s is in the lake twice", r.EventID)
		}
		ids[r.EventID] = true
	}
	return ids
}

// absent fails t for each needle that is found, in any case, in one of the texts.
func absent(t *testing.T, needles []string, texts ...string) {
	t.Helper()
	for i, text := range texts {
		text = strings.ToLower(text)
		for _, needle := range needles {
			if strings.Contains(text, strings.ToLower(needle)) {
				t.Errorf("text %d holds planted PHI %q", i, needle)
			}
		}
	}
}
