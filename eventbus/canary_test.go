package eventbus

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/carebus/carebus/internal/output"
	"github.com/carebus/carebus/internal/redistest"
	"github.com/carebus/carebus/schema"
)

func TestCanaryIsNowhere(t *testing.T) {
	server := redistest.Real(t, "--slowlog-log-slower-than", "0", "--slowlog-max-len", "1000")
	var log output.Buffer
	b := open(t, server.URL, func(c *Config) { c.Logger = logger(&log) })
	e := event("user/1", 1)
	e.Event = schema.CRUD{Entity: "user", Operation: schema.Updated, Data: json.RawMessage(`{"ssn":"` + canary + `","memo":"SSN ` + canary + ` on file"}`)}
	if err := b.Publish(t.Context(), e); err != nil {
		t.Fatal(err)
	}
	consume(t, b, ConsumerConfig{}, HandlerFunc(func(context.Context, []schema.Envelope) error {
		return Permanent(errors.New("failed for " + canary))
	}))
	until(t, "the dead letter", func() bool { return b.Stats().DeadLettered == 1 })
	places := map[string]string{
		"the log": log.String(), "the counters": fmt.Sprintf("%+v", b.Stats()),
		"the slow log": fmt.Sprint(server.Client(t).Do(t.Context(), "SLOWLOG", "GET", "-1").Val()),
	}
	err := filepath.WalkDir(server.Dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		places["the file "+filepath.Base(path)] = string(b)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for place, text := range places {
		if strings.Contains(text, canary) {
			t.Errorf("PHI stands in %s", place)
		}
	}
	if len(places) < 4 {
		t.Errorf("only %d places were looked at", len(places))
	}
}
